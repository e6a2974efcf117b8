//! The outbox table: everything that leaves is first a row here.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{ClientId, DeliveryId, OutboxId, text_enum};

text_enum! {
    /// What leaves.
    OutboxKind {
        /// What became of a delivery.
        Acknowledgement = "acknowledgement",
        /// The rejected records, to be corrected.
        Correction = "correction",
        /// A file was taken in.
        Receipt = "receipt",
        /// A report.
        Report = "report",
        /// A settlement.
        Settlement = "settlement",
        /// A message to the client as a file.
        Message = "message",
        /// An e-mail.
        Mail = "mail",
    }
}

text_enum! {
    /// How far it is.
    OutboxState {
        /// To be made.
        Queued = "queued",
        /// The synced temporary file lies there; to be published.
        Staged = "staged",
        /// Out.
        Done = "done",
        /// Given up.
        Failed = "failed",
    }
}

/// What leaves side by side: neither waits for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Into clients' outboxes; those of one client in their order.
    Files,
    /// Through the mail server, each for itself.
    Mails,
}

impl OutboxKind {
    /// Where it leaves.
    pub fn lane(self) -> Lane {
        match self {
            Self::Mail => Lane::Mails,
            _ => Lane::Files,
        }
    }
}

/// A row of the outbox table.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Its row.
    pub id: OutboxId,
    /// Who gets it.
    pub client_id: ClientId,
    /// That client's key.
    pub client_key: String,
    /// The delivery it answers.
    pub delivery_id: Option<DeliveryId>,
    /// What it is.
    pub kind: OutboxKind,
    /// `csv`, `xlsx`, `json`, `xml`, `mail`, …; empty: by what came.
    pub format: String,
    /// JSON: ids and choices only.
    pub params: String,
    /// How far it is.
    pub state: OutboxState,
    /// While staged: the synced temporary file.
    pub temp_name: Option<String>,
    /// Path below the client's folder, or the Message-ID.
    pub file_name: Option<String>,
    /// Times that somebody tried.
    pub attempts: i64,
    /// Of these the last ones in a row that failed for a reason of its own, or came to no end; with the one that is
    /// under way.
    pub strikes: i64,
    /// Not to be tried before.
    pub next_attempt_at: DateTime<Utc>,
    /// The node that works on it.
    pub owner: Option<String>,
    /// Until when that node has it.
    pub lease_until: Option<DateTime<Utc>>,
    /// Raised with each lease.
    pub fence: i64,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it was out.
    pub done_at: Option<DateTime<Utc>>,
    /// When the client read or deleted it.
    pub picked_up_at: Option<DateTime<Utc>>,
    /// Code of the last failure.
    pub error: Option<String>,
}

/// A row that this node may work on until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingLeased {
    /// The row.
    pub item: OutboxItem,
    /// The node's name.
    pub owner: String,
    /// Proof that nobody else has taken it since.
    pub fence: i64,
}

/// Something to queue: what, in which format, with which choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it is.
    pub kind: OutboxKind,
    /// `csv`, `xlsx`, `json`, `xml`, `mail`, …; empty: by what came.
    pub format: String,
    /// JSON object: ids and choices only.
    pub params: String,
}

impl Answer {
    /// An answer without choices.
    pub fn new(kind: OutboxKind, format: &str) -> Self {
        Self {
            kind,
            format: format.to_owned(),
            params: "{}".to_owned(),
        }
    }
}
