//! The flat sum for each late claim of a business, and its credit against the costs of pursuing it.

use chrono::NaiveDate;

use super::entry::Claim;
use super::ledger::{Cost, Ledger};
use super::rates::is_new_law;
use super::terms::{Law, Terms};

/// § 288(5) sentence 1 BGB: 40 euro, since 29 July 2014; in cents.
const GERMANY: i64 = 4_000;
/// Renteloven § 9 a(3), bekendtgørelse nr. 105 of 31 January 2013: 310 kroner; in øre.
const DENMARK: i64 = 31_000;

/// A flat sum on an account, in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlatSum {
    /// The claim's reference.
    pub claim: String,
    /// The first interest day.
    pub date: NaiveDate,
    /// The sum itself.
    pub amount: i64,
    /// How much of it is credited against costs of pursuing the claim (§ 288(5) sentence 3 BGB).
    pub credited: i64,
    /// Index of its cost.
    pub(super) cost: usize,
}

/// The key of a flat sum among the costs.
pub(super) fn key(claim: &Claim) -> String {
    format!("flat:{}", claim.reference)
}

/// The flat sum of a claim that is in default; none where the mandate leaves it out, or in a currency for which the law
/// names no sum.
pub(super) fn amount(terms: &Terms, claim: &Claim) -> Option<i64> {
    if !terms.flat_sum || !claim.is_trade() || claim.without_flat_sum {
        return None;
    }
    match (terms.law, terms.currency.as_str()) {
        (Law::De, "EUR") if is_new_law(claim) => Some(GERMANY),
        (Law::Dk, "DKK") => Some(DENMARK),
        _ => None,
    }
}

/// Credits what the flat sums and the costs of pursuing the claims have in common, once, in Germany.
///
/// The credit takes off open legal costs, the oldest first; where these are paid, the flat sums.
pub(super) fn credit(ledger: &mut Ledger<'_>) {
    if ledger.terms.law != Law::De || ledger.flat_sums.is_empty() {
        return;
    }
    let flat_sums: i64 = ledger.flat_sums.iter().map(|flat| flat.amount).sum();
    let credited: i64 = ledger.flat_sums.iter().map(|flat| flat.credited).sum();
    let legal: i64 = ledger
        .costs
        .iter()
        .filter(|cost| cost.is_legal)
        .map(|cost| cost.amount)
        .sum();
    let more = flat_sums.min(legal) - credited;

    let mut share = more;
    for flat in &mut ledger.flat_sums {
        share -= move_up_to(share, flat.amount - flat.credited, |part| flat.credited += part);
    }
    let mut left = more;
    let mut take = |cost: &mut Cost| left -= move_up_to(left, cost.open, |part| cost.open -= part);
    ledger.costs.iter_mut().filter(|cost| cost.is_legal).for_each(&mut take);
    for flat in &ledger.flat_sums {
        take(&mut ledger.costs[flat.cost]);
    }
}

fn move_up_to(wanted: i64, there: i64, apply: impl FnOnce(i64)) -> i64 {
    let part = wanted.min(there);
    apply(part);
    part
}
