//! Commands about files, deliveries, cases and reports.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dropcase_config::{ClientKey, ReportKind};

use super::Json;
use super::case::CaseStatus;
use super::client::client_key;

/// Rows that a list shows unless told otherwise.
pub(super) const LIST_ROWS: u32 = 50;

/// `dropcase check …`
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The file.
    pub(crate) file: PathBuf,
    /// Check it as this client's, against the database (duplicates, debtors, mandates). Without it only what the file
    /// itself shows is checked, as for a German client in EUR.
    #[arg(long, value_name = "KEY", value_parser = client_key)]
    pub(crate) client: Option<ClientKey>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `dropcase import …`
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The file.
    pub(crate) file: PathBuf,
    /// The client whose file it is.
    #[arg(long, value_name = "KEY", value_parser = client_key)]
    pub(crate) client: ClientKey,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// What of a list is shown.
#[derive(Debug, Args)]
pub(crate) struct Listed {
    /// Of this client only.
    #[arg(long, value_name = "KEY")]
    pub(crate) client: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "ROWS", default_value_t = LIST_ROWS, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

/// `dropcase delivery …`
#[derive(Debug, Subcommand)]
pub(crate) enum DeliveryCommand {
    /// List deliveries, newest first.
    List {
        #[command(flatten)]
        which: Listed,
        #[command(flatten)]
        json: Json,
    },
    /// Show a delivery: its result, its findings, what was sent about it.
    Show {
        /// The delivery's id, as it stands in the names of its answers.
        id: String,
        #[command(flatten)]
        json: Json,
    },
    /// Work a delivery once more from its original, even if it says nothing new. Noted in the audit trail.
    Resubmit {
        /// The delivery's id.
        id: String,
        #[command(flatten)]
        json: Json,
    },
    /// End a quarantine: the original goes to the client's archive. Noted in the audit trail.
    Release {
        /// The delivery's id.
        id: String,
        #[command(flatten)]
        json: Json,
    },
    /// End a quarantine: the original is removed for good. Noted in the audit trail.
    Drop {
        /// The delivery's id.
        id: String,
        #[command(flatten)]
        json: Json,
    },
}

/// `dropcase outbox …`
#[derive(Debug, Subcommand)]
pub(crate) enum OutboxCommand {
    /// List files and mails that have not left, oldest first.
    List {
        #[command(flatten)]
        which: Listed,
        #[command(flatten)]
        json: Json,
    },
    /// Try a file or mail that was given up once more. Noted in the audit trail.
    Retry {
        /// Its number in the list.
        id: i64,
        #[command(flatten)]
        json: Json,
    },
}

/// `dropcase report …`
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Make a report now and put it into the client's outbox/reports/.
    Run {
        /// Which: cases, deliveries.
        kind: ReportKind,
        /// Whose.
        #[arg(long, value_name = "KEY", value_parser = client_key)]
        client: ClientKey,
        /// Which cases, for the kind cases.
        #[arg(long, value_enum)]
        status: Option<CaseStatus>,
        /// File format; without it the formats of the client's own report of this kind, else csv.
        #[arg(long, value_parser = ["csv", "xlsx"])]
        format: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// List the reports that are scheduled, and when they run next.
    List {
        /// Of this client only.
        #[arg(long, value_name = "KEY")]
        client: Option<String>,
        #[command(flatten)]
        json: Json,
    },
}
