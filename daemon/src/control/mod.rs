//! How commands and the service talk: one request and its replies as JSON lines over the unix socket `control` in the
//! home's data folder.
//!
//! A request may be followed by bytes (`import` sends the file). The service answers with any number of
//! [`Reply::Progress`], or [`Reply::Piece`] with its bytes, and one [`Reply::Done`] or [`Reply::Failed`]. Whoever may
//! connect to the socket may command the service; the peer's credentials say who it was.

pub(crate) mod client;
pub(crate) mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The socket of the service whose data folder is `data_dir`.
pub(crate) fn socket(data_dir: &Path) -> PathBuf {
    data_dir.join("control")
}

/// The file whose lock says that somebody works on the home: the service, or a command while it is stopped.
pub(crate) fn lock(data_dir: &Path) -> PathBuf {
    data_dir.join("lock")
}

/// What a command asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub(crate) enum Request {
    /// How the service is.
    Status,
    /// Read the settings anew.
    Reload,
    /// Deliveries, newest first.
    DeliveryList {
        /// Of this client only.
        client: Option<String>,
        /// At most so many.
        limit: u32,
    },
    /// One delivery with its findings.
    DeliveryShow {
        /// Its code.
        code: String,
    },
    /// Work a delivery once more, even if it says nothing new.
    DeliveryResubmit {
        /// Its code.
        code: String,
    },
    /// Move the original of a delivery in quarantine to the archive.
    DeliveryRelease {
        /// Its code.
        code: String,
    },
    /// Remove the original of a delivery in quarantine.
    DeliveryDrop {
        /// Its code.
        code: String,
    },
    /// What has not left, oldest first.
    OutboxList {
        /// Of this client only.
        client: Option<String>,
        /// At most so many.
        limit: u32,
    },
    /// Put what was given up back into the queue.
    OutboxRetry {
        /// Its number.
        id: i64,
    },
    /// Cases, newest first.
    CaseList {
        /// Of this client only.
        client: Option<String>,
        /// Part of the debtor's name or number.
        debtor: Option<String>,
        /// `open`, `closed` or `all`.
        status: String,
        /// At most so many.
        limit: u32,
    },
    /// One case with all that belongs to it.
    CaseShow {
        /// Its number.
        number: String,
    },
    /// The papers of a case.
    CasePapers {
        /// Its number.
        number: String,
        /// With their content, in pieces ahead of the answer.
        content: bool,
    },
    /// What a debtor owes on a case.
    CaseAccount {
        /// Its number.
        number: String,
        /// At the end of that day; today when absent.
        as_of: Option<NaiveDate>,
    },
    /// Do something to a case.
    CaseOrder {
        /// The record: names of fields and what they say; amounts with a point, days as yyyy-mm-dd.
        record: BTreeMap<String, String>,
        /// The papers that it names; their bytes follow, one behind the other.
        #[serde(default)]
        papers: Vec<Attachment>,
        /// Only say what would happen.
        dry_run: bool,
    },
    /// Make a report now.
    ReportRun {
        /// Whose.
        client: String,
        /// Which.
        kind: String,
        /// `open`, `closed` or `all`, for `cases`.
        status: Option<String>,
        /// `csv` or `xlsx`; the client's own choice when absent.
        format: Option<String>,
    },
    /// The reports that are scheduled and when they run next.
    ReportList {
        /// Of this client only.
        client: Option<String>,
    },
    /// Take a file over as if it had been dropped; its bytes follow.
    Import {
        /// Whose.
        client: String,
        /// The file's name.
        name: String,
        /// How many bytes follow.
        size: u64,
    },
    /// Say what an import would do; the bytes follow. Nothing is kept.
    Check {
        /// Whose.
        client: String,
        /// How many bytes follow.
        size: u64,
    },
}

/// A file that goes along with an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attachment {
    /// Its name, without a folder.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) size: u64,
}

impl Request {
    /// How many bytes follow the request.
    pub(crate) fn body_bytes(&self) -> u64 {
        match self {
            Self::Import { size, .. } | Self::Check { size, .. } => *size,
            Self::CaseOrder { papers, .. } => papers.iter().fold(0, |sum, paper| sum.saturating_add(paper.size)),
            _ => 0,
        }
    }
}

/// What the service says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub(crate) enum Reply {
    /// So many records are done.
    Progress {
        /// Records so far.
        records: u64,
    },
    /// Bytes of a file of the answer follow.
    Piece {
        /// Which file.
        place: usize,
        /// How many bytes.
        size: usize,
    },
    /// The answer.
    Done {
        /// In the shape that `--json` prints.
        answer: Value,
    },
    /// It could not be done.
    Failed {
        /// Why, as an exit code.
        kind: Kind,
        /// For people.
        message: String,
    },
}

/// What a command hears before its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard<'a> {
    /// So many records are done.
    Records(u64),
    /// The next bytes of a file of the answer.
    Piece {
        /// Which file.
        place: usize,
        /// Its bytes.
        bytes: &'a [u8],
    },
}

/// Kinds of failure; each is an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// What was asked for does not exist.
    NotFound,
    /// What was asked for makes no sense.
    Refused,
    /// The service cannot do it now.
    Unavailable,
}

/// Who commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    /// The login name where it is known, else `uid:NUMBER`.
    pub(crate) name: String,
}

/// A failure with its kind, as handlers return it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    /// What kind.
    pub(crate) kind: Kind,
    /// For people.
    pub(crate) message: String,
}

impl Failure {
    /// There is no such thing.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::NotFound,
            message: message.into(),
        }
    }

    /// It makes no sense.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Refused,
            message: message.into(),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self {
            kind: Kind::Unavailable,
            message: format!("{error:#}"),
        }
    }
}
