//! An answer as a client's program reads it.

use anyhow::Context;
use serde::Deserialize;

/// The acknowledgement of a list, as far as the demo shows it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Answer {
    /// Id of the delivery.
    pub(super) delivery: String,
    /// The file's name.
    pub(super) file: String,
    /// `ACCP`, `PART`, `RJCT`, `DUPL`.
    pub(super) status: String,
    /// Of a `DUPL`: the delivery that came first.
    pub(super) first_delivery: Option<String>,
    /// Records.
    pub(super) submitted: u64,
    /// Taken over.
    pub(super) accepted: u64,
    /// To be corrected.
    pub(super) rejected: u64,
    /// Handed over before.
    pub(super) duplicate: u64,
    /// A line each.
    pub(super) records: Vec<Record>,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Record {
    /// Row as a spreadsheet or editor shows it.
    pub(super) row: u64,
    /// `accepted`, `rejected`, `duplicate`, `withheld`.
    pub(super) outcome: String,
    /// Number of the case.
    pub(super) case_number: Option<String>,
    /// The client's number of the debtor.
    pub(super) debtor_number: Option<String>,
    /// Invoice number.
    pub(super) invoice_number: Option<String>,
    /// Decimal text with a point.
    pub(super) amount: Option<String>,
    /// ISO 4217.
    pub(super) currency: Option<String>,
    /// What was found.
    pub(super) findings: Vec<Finding>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Finding {
    /// Stable code.
    pub(super) code: String,
    /// `info`, `warning` or `error`.
    pub(super) severity: String,
    /// In the client's language.
    pub(super) message: String,
}

impl Answer {
    /// Reads `…ack.json`.
    pub(super) fn read(json: &[u8]) -> anyhow::Result<Self> {
        serde_json::from_slice(json).context("the answer is not as its schema says")
    }
}

impl Record {
    /// The finding that decides: the first error, else the first warning.
    pub(super) fn finding(&self) -> Option<&Finding> {
        let of = |severity: &str| self.findings.iter().find(|finding| finding.severity == severity);
        of("error").or_else(|| of("warning"))
    }
}
