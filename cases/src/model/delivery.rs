//! Deliveries: files that were handed over.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::{ActorId, ClientId, DeliveryId, OutboxItem, Outcome, StoredFinding, text_enum};

text_enum! {
    /// What a delivery is for.
    Mode {
        /// It becomes cases.
        Import = "import",
        /// It is answered as if; nothing is imported.
        Validate = "validate",
    }
}

text_enum! {
    /// How far a delivery is.
    DeliveryState {
        /// A paper that waits for its claim: out of the queue until it is woken.
        Waiting = "waiting",
        /// Queued, or being worked on.
        Claimed = "claimed",
        /// Its result is written.
        Imported = "imported",
        /// And its original lies in the archive.
        Archived = "archived",
        /// The service failed on it; people look at it.
        Quarantined = "quarantined",
        /// It was in quarantine, and its original is removed.
        Dropped = "dropped",
        /// The client took the file back before it was claimed.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// The result of a delivery as a whole, after ISO 20022 pain.002.
    Status {
        /// All records were taken over; also a list without records.
        Accp = "ACCP",
        /// Some were.
        Part = "PART",
        /// None was.
        Rjct = "RJCT",
        /// The same file was handed over before.
        Dupl = "DUPL",
    }
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct Delivery {
    /// Its row.
    pub id: DeliveryId,
    /// Minted when the upload was published.
    pub upload_id: Uuid,
    /// What people and file names call it: 12 characters.
    pub code: String,
    /// The client it concerns.
    pub client_id: ClientId,
    /// The client's key.
    pub client_key: String,
    /// Who handed it over.
    pub actor_id: ActorId,
    /// That actor's name.
    pub actor_name: String,
    /// What it is for.
    pub mode: Mode,
    /// The file's name: personal data, never into the log.
    pub name: String,
    /// Where it was dropped, below the client's folder.
    pub path: String,
    /// `sftp`, `ftps`, `local`, …
    pub protocol: String,
    /// The peer's address.
    pub remote: Option<String>,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, lower-case hexadecimal, once it was read.
    pub sha256: Option<String>,
    /// When it was published.
    pub arrived_at: DateTime<Utc>,
    /// When its row was written.
    pub claimed_at: DateTime<Utc>,
    /// How far it is.
    pub state: DeliveryState,
    /// Its result.
    pub status: Option<Status>,
    /// Times that somebody began to work on it.
    pub attempts: i64,
    /// Not to be worked on before.
    pub next_attempt_at: DateTime<Utc>,
    /// The node that works on it.
    pub owner: Option<String>,
    /// Until when that node has it.
    pub lease_until: Option<DateTime<Utc>>,
    /// Raised with each lease: a node with an older one has lost it.
    pub fence: i64,
    /// Resubmitted: not answered as `DUPL`.
    pub forced: bool,
    /// The delivery with the same content that came first.
    pub duplicate_of: Option<DeliveryId>,
    /// Records; the sum of the four below.
    pub submitted: i64,
    /// Taken over.
    pub accepted: i64,
    /// Not taken over, to be corrected.
    pub rejected: i64,
    /// Handed over before.
    pub duplicate: i64,
    /// Good, but not taken over because others were not.
    pub withheld: i64,
    /// JSON object: layout, rules and catalogue that were used.
    pub versions: Option<String>,
    /// When work on it first began.
    pub started_at: Option<DateTime<Utc>>,
    /// When its result was written.
    pub finished_at: Option<DateTime<Utc>>,
}

/// An upload that becomes a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Minted (UUIDv7) when the upload was published; registering it twice yields the same delivery.
    pub upload_id: Uuid,
    /// The client it concerns.
    pub client_key: String,
    /// Who handed it over.
    pub actor: ActorId,
    /// What it is for.
    pub mode: Mode,
    /// The file's name.
    pub name: String,
    /// Where it was dropped, below the client's folder.
    pub path: String,
    /// `sftp`, `ftps`, `local`, …
    pub protocol: String,
    /// The peer's address.
    pub remote: Option<String>,
    /// Bytes.
    pub size: i64,
    /// When it was published.
    pub arrived_at: DateTime<Utc>,
}

/// A delivery that this node may work on until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The delivery.
    pub delivery: Delivery,
    /// The node's name.
    pub owner: String,
    /// Proof that nobody else has taken it since.
    pub fence: i64,
}

/// A part of a delivery: the file itself, a sheet, a member of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct DeliveryPart {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// From 0.
    pub part: i64,
    /// Member of a bundle.
    pub member: Option<String>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// JSON of `dropcase_parsers::staged::Dialect`.
    pub dialect: String,
    /// JSON array of the header cells as they came.
    pub header: String,
    /// Row of the header as the client sees it.
    pub header_row: Option<i64>,
    /// JSON array: for each column an array of field names.
    pub columns: String,
    /// Name and version of the layout.
    pub layout: String,
}

/// Records and money of a delivery per record type, currency and outcome.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct DeliverySum {
    /// `new_claim`, …
    pub record_type: String,
    /// ISO 4217; empty where no amount is involved.
    pub currency: String,
    /// What became of them.
    pub outcome: Outcome,
    /// How many.
    pub records: i64,
    /// Sum of the principal amounts in minor units.
    pub amount: i64,
}

/// A delivery with what belongs to it, without its records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryDetail {
    /// The delivery.
    pub delivery: Delivery,
    /// Code of the delivery that came first, of a `DUPL`.
    pub duplicate_of_code: Option<String>,
    /// Its parts in order.
    pub parts: Vec<DeliveryPart>,
    /// Its sums.
    pub sums: Vec<DeliverySum>,
    /// Findings of the file and its parts, without those of records.
    pub findings: Vec<StoredFinding>,
    /// What was or will be sent about it.
    pub outbox: Vec<OutboxItem>,
}
