//! What became of each record. Never changes once written.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use dropcase_parsers::finding::Severity;

use super::{ClaimId, DeliveryId, text_enum};

text_enum! {
    /// What became of a record.
    Outcome {
        /// Taken over.
        Accepted = "accepted",
        /// To be corrected.
        Rejected = "rejected",
        /// Handed over before; must not be sent again.
        Duplicate = "duplicate",
        /// Good, but not taken over because others of the file were not.
        Withheld = "withheld",
    }
}

/// The result of one record.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct ResultRow {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Part of the delivery, from 0.
    pub part: i64,
    /// Running number of the record in its part, from 1.
    pub sequence: i64,
    /// Row as the client sees it.
    pub source_row: i64,
    /// `new_claim`, …; empty when it could not be told.
    pub record_type: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The claim that was booked, or the earlier one of a duplicate.
    pub claim_id: Option<ClaimId>,
    /// Number of the case it was booked on, or of the earlier one of a duplicate.
    pub case_number: Option<String>,
    /// The client's number of the debtor.
    pub debtor_number: Option<String>,
    /// Invoice number, else contract number.
    pub reference: Option<String>,
    /// Principal amount in minor units.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// JSON array of the cells as they came, of records that go back: rejected ones, and those that were withheld
    /// because of them.
    pub raw: Option<String>,
}

/// A finding as stored: its value is masked.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct StoredFinding {
    /// Running number.
    pub id: i64,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Part of the delivery; `None`: the delivery as a whole.
    pub part: Option<i64>,
    /// The record; `None`: the part or the file as a whole.
    pub sequence: Option<i64>,
    /// Row as the client sees it.
    pub source_row: Option<i64>,
    /// Column index in the row, from 0.
    pub source_column: Option<i64>,
    /// The column's header as it came.
    pub header: Option<String>,
    /// Name of the canonical field.
    pub field: Option<String>,
    /// Stable code.
    pub code: String,
    /// `info`, `warning` or `error`.
    pub severity: String,
    /// The value, masked.
    pub value: Option<String>,
    /// JSON object: named arguments of the message.
    pub args: Option<String>,
}

/// The text of a severity in the database.
pub(crate) const fn severity_text(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

impl StoredFinding {
    /// Whether it rejects what it belongs to.
    pub fn is_error(&self) -> bool {
        self.severity == severity_text(Severity::Error)
    }
}
