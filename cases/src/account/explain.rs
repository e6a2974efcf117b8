//! The way of a balance: lines that sum to it.

use super::entry::Side;
use super::ledger::{Allocation, Ledger};

/// A sum that makes the balance higher, or lower where it is below zero; minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub what: What,
    /// Signed.
    pub amount: i64,
}

/// What a line of an explanation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The principal of a claim as it was handed over.
    Claim(String),
    /// The interest of a claim since its first interest day, rounded; the periods show how it came to be.
    Interest(String),
    /// A cost, by its key.
    Cost {
        /// Whose.
        side: Side,
        /// The key of the booking, or `flat:` and the claim's reference.
        key: String,
    },
    /// What of a flat sum is credited against the costs of pursuing the claim, by the claim.
    Credited(String),
    /// What a booking took off.
    Allocated(Allocation),
}

/// What is owed in all: claims, interest, costs, less credited flat sums.
pub(super) fn owed(ledger: &Ledger<'_>) -> Vec<Line> {
    let on_account = || ledger.claims.iter().filter(|state| state.owed > 0);
    let claims = on_account().map(|state| Line {
        what: What::Claim(state.claim.reference.clone()),
        amount: state.owed,
    });
    let interest = on_account().map(|state| Line {
        what: What::Interest(state.claim.reference.clone()),
        amount: state.accrual.earned.round(ledger.terms.rounding),
    });
    let costs = ledger.costs.iter().map(|cost| Line {
        what: What::Cost {
            side: cost.side,
            key: cost.key.clone(),
        },
        amount: cost.amount,
    });
    let credited = ledger.flat_sums.iter().map(|flat_sum| Line {
        what: What::Credited(flat_sum.claim.clone()),
        amount: -flat_sum.credited,
    });
    claims
        .chain(interest)
        .chain(costs)
        .chain(credited)
        .filter(|line| line.amount != 0)
        .collect()
}
