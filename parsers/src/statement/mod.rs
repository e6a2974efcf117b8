//! Bank statements of the agency's own account: which of their lines are payments, and the number of each payment.
//!
//! A line is a payment when money came in and is booked. Debits, entries that are not booked yet, own transfers that came
//! back and balances become no record; they are counted and told once a file. Rules and examples for the back office
//! stand in `docs/bank-statements.md`.

pub mod columns;
mod headers;
pub mod number;
pub mod repeats;
pub mod settle;

use crate::finding::{Code, Finding};

/// Entries of a statement that became no record, or have no number yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Money that went out.
    pub debits: u64,
    /// Not booked yet, or told for information only.
    pub pending: u64,
    /// Own transfers that came back.
    pub returned: u64,
    /// Payments and returns to which the bank gives no reference.
    pub unnumbered: u64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            debits: self.debits + other.debits,
            pending: self.pending + other.pending,
            returned: self.returned + other.returned,
            unnumbered: self.unnumbered + other.unnumbered,
        }
    }

    /// What was left out, as a finding of the file.
    pub fn finding(self) -> Option<Finding> {
        (self.debits + self.pending + self.returned > 0).then(|| {
            Finding::new(Code::EntriesLeftOut)
                .arg("debits", self.debits)
                .arg("pending", self.pending)
                .arg("returned", self.returned)
        })
    }
}
