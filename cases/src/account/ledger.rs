//! What is open on an account while its days go by, and the lines that say where each sum went.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::entry::{Booking, Claim, Side};
use super::flat_sum::FlatSum;
use super::interest::Accrual;
use super::rates;
use super::terms::{Order, PaymentDay, Terms};
use crate::checks::Tables;

/// Where a sum of a booking went, in minor units. A difference between two accounts has signed amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The booking's key.
    pub booking: String,
    /// What it met.
    pub target: Target,
    /// The claim; absent for costs of the case and for a credit.
    pub claim: Option<String>,
    /// The key of the cost; a flat sum is `flat:` and the claim's reference.
    pub cost: Option<String>,
    /// How much.
    pub amount: i64,
}

/// What an allocation line met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// Principal of the claim.
    Principal,
    /// Interest of the claim.
    Interest,
    /// Costs of the agency.
    AgencyCosts,
    /// Costs of the client.
    ClientCosts,
    /// Nothing yet: a credit of the debtor.
    Credit,
}

impl Target {
    /// The name in files and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Interest => "interest",
            Self::AgencyCosts => "agency_costs",
            Self::ClientCosts => "client_costs",
            Self::Credit => "credit",
        }
    }
}

/// Something that may be open; claims and costs by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Debt {
    Principal(usize),
    Interest(usize),
    Cost(usize),
}

/// A claim with what is open of it.
#[derive(Debug)]
pub(super) struct ClaimState<'a> {
    pub(super) claim: &'a Claim,
    /// From when on it is on the account.
    pub(super) arises: NaiveDate,
    pub(super) first_day: Option<NaiveDate>,
    pub(super) order: Order,
    /// What came onto the account: the principal; nothing before the claim arises, or where it was recalled before.
    pub(super) owed: i64,
    pub(super) principal: i64,
    pub(super) accrual: Accrual,
    interest_taken: i64,
    pub(super) is_recalled: bool,
}

/// A cost with what is open of it.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    pub(super) key: String,
    pub(super) side: Side,
    pub(super) claim: Option<usize>,
    /// Whether flat sums are credited against it.
    pub(super) is_legal: bool,
    pub(super) amount: i64,
    pub(super) open: i64,
}

/// What is left of a booking.
#[derive(Debug)]
pub(super) struct Credit {
    /// Index of the booking.
    pub(super) booking: usize,
    pub(super) amount: i64,
}

/// The state of an account on one of its days.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    pub(super) terms: &'a Terms,
    pub(super) tables: &'a Tables,
    /// The longest due first, then by reference (§ 366(2) BGB).
    pub(super) claims: Vec<ClaimState<'a>>,
    by_reference: HashMap<&'a str, usize>,
    /// By value date, the client's before the agency's, then by key.
    pub(super) costs: Vec<Cost>,
    pub(super) flat_sums: Vec<FlatSum>,
    /// The oldest first.
    pub(super) credits: Vec<Credit>,
    /// By the index of the booking, in the order in which they were made.
    lines: Vec<(usize, Allocation)>,
    line_of: HashMap<(usize, Debt), usize>,
}

impl<'a> Ledger<'a> {
    /// An account before its first day.
    pub(super) fn new(terms: &'a Terms, tables: &'a Tables, claims: &'a [Claim]) -> Self {
        let mut states: Vec<ClaimState<'a>> = claims
            .iter()
            .filter_map(|claim| ClaimState::new(terms, claim))
            .collect();
        states.sort_by_key(|state| (state.claim.age(), state.claim.reference.as_str()));
        let by_reference = (states.iter().enumerate())
            .map(|(index, state)| (state.claim.reference.as_str(), index))
            .collect();
        Self {
            terms,
            tables,
            claims: states,
            by_reference,
            costs: Vec::new(),
            flat_sums: Vec::new(),
            credits: Vec::new(),
            lines: Vec::new(),
            line_of: HashMap::new(),
        }
    }

    /// The index of the claim that a booking names.
    pub(super) fn named(&self, booking: &Booking) -> Option<usize> {
        self.by_reference.get(booking.claim.as_deref()?).copied()
    }

    /// Works the interest out: at the time of a day's bookings, or up to the end of the day.
    pub(super) fn accrue(&mut self, to: NaiveDate) {
        let (tables, count) = (self.tables, self.terms.day_count);
        for state in self
            .claims
            .iter_mut()
            .filter(|state| state.owed > 0 && !state.is_recalled)
        {
            let reference = &state.claim.reference;
            state.accrual.run_to(tables, count, reference, state.principal, to);
        }
    }

    /// The last day whose interest a booking of `day` meets.
    pub(super) fn interest_until(&self, day: NaiveDate) -> Option<NaiveDate> {
        match self.terms.payment_day {
            PaymentDay::OldBalance => Some(day),
            PaymentDay::NewBalance => day.pred_opt(),
        }
    }

    /// What is open of a debt, in minor units.
    pub(super) fn open(&self, debt: Debt) -> i64 {
        match debt {
            Debt::Principal(claim) => self.claims[claim].principal,
            Debt::Interest(claim) => self.claims[claim].open_interest(self.terms),
            Debt::Cost(cost) => self.costs[cost].open,
        }
    }

    /// Takes at most `amount` off a debt for a booking; returns what was taken.
    pub(super) fn take(&mut self, debt: Debt, amount: i64, (index, key): (usize, &str)) -> i64 {
        let part = amount.min(self.open(debt));
        if part == 0 {
            return 0;
        }
        match debt {
            Debt::Principal(claim) => self.claims[claim].principal -= part,
            Debt::Interest(claim) => self.claims[claim].interest_taken += part,
            Debt::Cost(cost) => self.costs[cost].open -= part,
        }
        if let Some(line) = self.line_of.get(&(index, debt)) {
            self.lines[*line].1.amount += part;
        } else {
            let line = self.line(debt, key, part);
            self.line_of.insert((index, debt), self.lines.len());
            self.lines.push((index, line));
        }
        part
    }

    fn line(&self, debt: Debt, booking: &str, amount: i64) -> Allocation {
        let (target, claim, cost) = match debt {
            Debt::Principal(claim) => (Target::Principal, Some(claim), None),
            Debt::Interest(claim) => (Target::Interest, Some(claim), None),
            Debt::Cost(cost) => {
                let cost = &self.costs[cost];
                let target = match cost.side {
                    Side::Client => Target::ClientCosts,
                    Side::Agency => Target::AgencyCosts,
                };
                (target, cost.claim, Some(cost.key.clone()))
            }
        };
        Allocation {
            booking: booking.to_owned(),
            target,
            claim: claim.map(|claim| self.claims[claim].claim.reference.clone()),
            cost,
            amount,
        }
    }

    /// The lines by booking, in the order in which they were made, a credit last.
    pub(super) fn take_lines(&mut self, bookings: &[&Booking]) -> Vec<Allocation> {
        let mut lines = std::mem::take(&mut self.lines);
        for credit in &self.credits {
            let line = Allocation {
                booking: bookings[credit.booking].id.clone(),
                target: Target::Credit,
                claim: None,
                cost: None,
                amount: credit.amount,
            };
            lines.push((credit.booking, line));
        }
        lines.sort_by_key(|(booking, _)| *booking);
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

impl<'a> ClaimState<'a> {
    /// `None` for a claim without a date, which [`super::limits::check`] refuses.
    fn new(terms: &Terms, claim: &'a Claim) -> Option<Self> {
        let arises = claim.on_account_from()?;
        let first_day = rates::first_day(terms, claim);
        Some(Self {
            claim,
            arises,
            first_day,
            order: claim.allocation.unwrap_or(terms.allocation),
            owed: 0,
            principal: 0,
            accrual: Accrual::new(rates::rule(terms, claim), first_day.map(|day| day.max(arises))),
            interest_taken: 0,
            is_recalled: false,
        })
    }

    /// Rounded since the first interest day, without what was allocated to it.
    pub(super) fn open_interest(&self, terms: &Terms) -> i64 {
        self.accrual.earned.round(terms.rounding) - self.interest_taken
    }
}
