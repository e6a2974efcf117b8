//! The way of a payment: what it meets, in which order (§ 366, § 367, § 497(3) BGB).

use std::collections::HashMap;

use super::entry::{Booking, Part};
use super::ledger::{Debt, Ledger};
use super::terms::{AcrossClaims, Order};

/// All debts in the order in which a payment meets them. One that comes twice is empty the second time.
///
/// `claim` and `part` are what the payer names.
pub(super) fn way(ledger: &Ledger<'_>, claim: Option<usize>, part: Option<Part>) -> Vec<Debt> {
    let mut way = Vec::new();
    let costs = Costs::open(ledger);
    let named = || claim.map_or(0..ledger.claims.len(), |claim| claim..claim + 1);
    match part {
        Some(Part::Principal) => way.extend(named().map(Debt::Principal)),
        Some(Part::Interest) => way.extend(named().map(Debt::Interest)),
        Some(Part::Costs) => {
            if claim.is_none() {
                way.extend(costs.of(None));
            }
            way.extend(named().flat_map(|claim| costs.of(Some(claim))));
        }
        None => {}
    }
    way.extend(costs.of(None));
    way.extend(claim.into_iter().flat_map(|claim| of_claim(ledger, &costs, claim)));
    across(ledger, &costs, &mut way);
    way
}

/// What a recall takes off: a claim, or the costs of the case and all claims, as far as they are there.
pub(super) fn all_of(ledger: &Ledger<'_>, claim: Option<usize>) -> Vec<Debt> {
    let costs = Costs::open(ledger);
    let of_claim = |claim| {
        costs
            .of(Some(claim))
            .chain([Debt::Interest(claim), Debt::Principal(claim)])
    };
    match claim {
        Some(claim) => of_claim(claim).collect(),
        None => costs
            .of(None)
            .chain((0..ledger.claims.len()).flat_map(of_claim))
            .collect(),
    }
}

/// Spends a sum on what is open; returns what is left.
pub(super) fn spend(ledger: &mut Ledger<'_>, way: &[Debt], amount: i64, booking: (usize, &str)) -> i64 {
    let mut left = amount;
    for debt in way {
        if left == 0 {
            break;
        }
        left -= ledger.take(*debt, left, booking);
    }
    left
}

/// Uses the debtor's credits, the oldest first, in the common order (§ 387, § 389 BGB).
pub(super) fn use_credits(ledger: &mut Ledger<'_>, bookings: &[&Booking]) {
    if ledger.credits.is_empty() {
        return;
    }
    let way = way(ledger, None, None);
    for mut credit in std::mem::take(&mut ledger.credits) {
        let booking = (credit.booking, bookings[credit.booking].id.as_str());
        credit.amount = spend(ledger, &way, credit.amount, booking);
        if credit.amount > 0 {
            ledger.credits.push(credit);
        }
    }
}

/// The open costs by their claim, those of the case under `None`; each in the order of the ledger.
struct Costs(HashMap<Option<usize>, Vec<Debt>>);

impl Costs {
    fn open(ledger: &Ledger<'_>) -> Self {
        let mut by_claim: HashMap<_, Vec<Debt>> = HashMap::new();
        for (index, cost) in ledger.costs.iter().enumerate().filter(|(_, cost)| cost.open > 0) {
            by_claim.entry(cost.claim).or_default().push(Debt::Cost(index));
        }
        Self(by_claim)
    }

    fn of(&self, claim: Option<usize>) -> impl Iterator<Item = Debt> {
        self.0.get(&claim).into_iter().flatten().copied()
    }
}

/// A claim's own debts in its own order.
fn of_claim(ledger: &Ledger<'_>, costs: &Costs, claim: usize) -> impl Iterator<Item = Debt> {
    let (interest, principal) = (Debt::Interest(claim), Debt::Principal(claim));
    let rest = match ledger.claims[claim].order {
        Order::InterestBeforePrincipal => [interest, principal],
        Order::PrincipalBeforeInterest => [principal, interest],
    };
    costs.of(Some(claim)).chain(rest)
}

/// All claims, the longest due first.
fn across(ledger: &Ledger<'_>, costs: &Costs, way: &mut Vec<Debt>) {
    let claims = || 0..ledger.claims.len();
    match ledger.terms.across_claims {
        AcrossClaims::ClaimByClaim => way.extend(claims().flat_map(|claim| of_claim(ledger, costs, claim))),
        AcrossClaims::InterestFirst => {
            let is_loan = |claim: &usize| ledger.claims[*claim].order == Order::PrincipalBeforeInterest;
            way.extend(claims().flat_map(|claim| costs.of(Some(claim))));
            way.extend(claims().filter(|claim| !is_loan(claim)).map(Debt::Interest));
            way.extend(claims().map(Debt::Principal));
            way.extend(claims().filter(is_loan).map(Debt::Interest));
        }
    }
}
