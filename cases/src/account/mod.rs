//! The account of a case: what a debtor owes on a day, to the minor unit, and how that came to be.
//!
//! Pure code: claims, bookings, terms and a day go in. `docs/account.md` defines every term and works out the examples
//! that the tests compare with. Between two days on which something happens interest is one multiplication, kept exact.

mod allocation;
mod days;
pub mod decimal;
mod entry;
mod exact;
mod explain;
pub mod fees;
mod finding;
mod flat_sum;
mod interest;
mod ledger;
mod limits;
mod rates;
pub mod terms;
mod timeline;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

pub use entry::{Booking, Claim, DebtorKind, Entry, Part, Side};
pub use exact::Exact;
pub use explain::{Line, What};
pub use finding::{Code, Finding};
pub use flat_sum::FlatSum;
pub use interest::Period;
pub use ledger::{Allocation, Target};
pub use limits::AccountError;
pub use terms::Terms;

use crate::checks::Tables;
use fees::{Bill, Schedules};
use ledger::Ledger;
use rates::Rule;
use timeline::Timeline;

/// What changes with the law: base rates and fee schedules.
#[derive(Debug, Clone)]
pub struct Sources {
    /// Base rates of § 247 BGB.
    pub tables: Arc<Tables>,
    /// The schedules that terms may name.
    pub fees: Arc<Schedules>,
}

impl Sources {
    /// The tables and schedules that come with dropcase.
    pub fn built_in() -> Self {
        Self {
            tables: Tables::built_in(),
            fees: Schedules::built_in(),
        }
    }
}

/// An agency's fee on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeLine {
    /// The booking's key.
    pub booking: String,
    /// The version of the schedule.
    pub version: String,
    /// The sums.
    pub bill: Bill,
}

/// What is owed on a day; sums in minor units of the account's currency, never below zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Open principal.
    pub principal: i64,
    /// Open interest: of each claim rounded, then summed.
    pub interest: i64,
    /// Open costs of the agency.
    pub agency_costs: i64,
    /// Open costs of the client, flat sums among them.
    pub client_costs: i64,
    /// All payments that were not cancelled, to the agency and to the client.
    pub paid: i64,
    /// What is left of payments and credit notes; zero where something is owed.
    pub credit: i64,
    /// Principal, interest and costs.
    pub balance: i64,
    /// How the interest came to be: by claim, the longest due first, then by time.
    pub periods: Vec<Period>,
    /// Where bookings went: by booking in the order of their value dates, a credit last.
    pub allocations: Vec<Allocation>,
    /// The agency's fees, by value date.
    pub fees: Vec<FeeLine>,
    /// By date.
    pub flat_sums: Vec<FlatSum>,
    /// What to ask or to tell.
    pub findings: BTreeSet<Finding>,
    owed: Vec<Line>,
}

impl Account {
    /// Works the account out as it stands at the end of the day `as_of`, from all claims and bookings that are known.
    ///
    /// The order in which they come does not matter. Later value dates do not count.
    ///
    /// # Errors
    /// Where the input cannot be true (see [`AccountError`]); an amount above 10^12 minor units is among it, so that
    /// no sum can overflow.
    pub fn work_out(
        sources: &Sources,
        terms: &Terms,
        claims: &[Claim],
        bookings: &[Booking],
        as_of: NaiveDate,
    ) -> Result<Self, AccountError> {
        limits::check(claims, bookings, as_of)?;
        let in_force = timeline::in_force(bookings, as_of);
        let mut timeline = Timeline {
            sources,
            ledger: Ledger::new(terms, &sources.tables, claims),
            bookings: &in_force,
            fees: Vec::new(),
            findings: BTreeSet::new(),
        };
        timeline.run(as_of)?;
        let Timeline {
            ledger,
            fees,
            mut findings,
            ..
        } = timeline;
        findings.extend(about_claims(&ledger, as_of));
        Ok(Self {
            paid: in_force.iter().map(|booking| paid(booking)).sum(),
            fees,
            findings,
            ..Self::from_ledger(ledger, &in_force)
        })
    }

    fn from_ledger(mut ledger: Ledger<'_>, in_force: &[&Booking]) -> Self {
        let costs = |side| -> i64 {
            let of_side = ledger.costs.iter().filter(|cost| cost.side == side);
            of_side.map(|cost| cost.open).sum()
        };
        let principal = ledger.claims.iter().map(|state| state.principal).sum();
        let interest = ledger
            .claims
            .iter()
            .map(|state| state.open_interest(ledger.terms))
            .sum();
        let (agency_costs, client_costs) = (costs(Side::Agency), costs(Side::Client));
        Self {
            principal,
            interest,
            agency_costs,
            client_costs,
            credit: ledger.credits.iter().map(|credit| credit.amount).sum(),
            balance: principal + interest + agency_costs + client_costs,
            owed: explain::owed(&ledger),
            allocations: ledger.take_lines(in_force),
            flat_sums: ledger.flat_sums,
            periods: ledger
                .claims
                .into_iter()
                .flat_map(|state| state.accrual.into_periods())
                .collect(),
            ..Self::default()
        }
    }

    /// The lines that sum to the balance: claims, interest, costs, credited flat sums, and what bookings took off.
    pub fn explain(&self) -> impl Iterator<Item = Line> {
        let allocated = self.allocations.iter().filter(|line| line.target != Target::Credit);
        let allocated = allocated.map(|line| Line {
            what: What::Allocated(line.clone()),
            amount: -line.amount,
        });
        self.owed.iter().cloned().chain(allocated)
    }
}

/// The new lines that turn the allocations of `before` into those of `after`, with signed amounts: what a late booking
/// brings. Nothing that was booked is edited.
pub fn deltas(before: &Account, after: &Account) -> Vec<Allocation> {
    let find = |lines: &[Allocation], line: &Allocation| {
        let same = lines.iter().find(|other| is_same_line(other, line));
        same.map_or(0, |line| line.amount)
    };
    let known = before.allocations.iter();
    let changed = known.map(|line| Allocation {
        amount: find(&after.allocations, line) - line.amount,
        ..line.clone()
    });
    let is_new = |line: &&Allocation| !before.allocations.iter().any(|other| is_same_line(other, line));
    let new = after.allocations.iter().filter(is_new).cloned();
    changed.chain(new).filter(|line| line.amount != 0).collect()
}

fn is_same_line(a: &Allocation, b: &Allocation) -> bool {
    (&a.booking, a.target, &a.claim, &a.cost) == (&b.booking, b.target, &b.claim, &b.cost)
}

fn paid(booking: &Booking) -> i64 {
    match booking.entry {
        Entry::Payment { amount, .. } => amount,
        _ => 0,
    }
}

/// Findings about the claims that are on the account.
fn about_claims(ledger: &Ledger<'_>, as_of: NaiveDate) -> Vec<Finding> {
    let is_old = ledger.tables.lacks_base_rate(as_of);
    let mut findings = Vec::new();
    for state in ledger.claims.iter().filter(|state| state.arises <= as_of) {
        let rule = rates::rule(ledger.terms, state.claim);
        for (code, is_so) in [
            (Code::NoDefaultDate, state.first_day.is_none()),
            (Code::ActsAsUnknown, state.claim.debtor == DebtorKind::Unknown),
            (Code::NoInterestRate, rule == Rule::Unknown),
            (Code::NoBaseRate, state.accrual.lacks_base_rate),
            (Code::OldBaseRate, is_old && matches!(rule, Rule::OverBase(_))),
        ] {
            if is_so {
                findings.push(Finding::new(code, &state.claim.reference));
            }
        }
    }
    findings
}
