//! The days of an account on which something happens, and the order of what happens on one day.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use super::allocation::{all_of, spend, use_credits, way};
use super::entry::{Booking, Entry, Part, Side};
use super::fees::{Bill, FeeOrder};
use super::finding::{Code, Finding};
use super::flat_sum::{self, FlatSum};
use super::ledger::{Cost, Credit, Debt, Ledger};
use super::limits::AccountError;
use super::terms::SameDay;
use super::{FeeLine, Sources};

/// The bookings that count on `as_of`, by day, place in the day and key: those of an earlier or the same value date,
/// without reversals and what they take back.
pub(super) fn in_force(bookings: &[Booking], as_of: NaiveDate) -> Vec<&Booking> {
    let mut known: Vec<&Booking> = bookings.iter().filter(|booking| booking.value_date <= as_of).collect();
    let reversed: HashSet<&str> = known
        .iter()
        .filter_map(|booking| match &booking.entry {
            Entry::Reversal { of } => Some(of.as_str()),
            _ => None,
        })
        .collect();
    known.retain(|booking| !matches!(booking.entry, Entry::Reversal { .. }) && !reversed.contains(booking.id.as_str()));
    known.sort_by_key(|booking| (booking.value_date, booking.entry.place(), booking.id.as_str()));
    known
}

/// An account on its way through its days.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    pub(super) sources: &'a Sources,
    pub(super) ledger: Ledger<'a>,
    /// From [`in_force`].
    pub(super) bookings: &'a [&'a Booking],
    pub(super) fees: Vec<FeeLine>,
    pub(super) findings: BTreeSet<Finding>,
}

impl<'a> Timeline<'a> {
    /// Works all days out up to `as_of`, which counts.
    pub(super) fn run(&mut self, as_of: NaiveDate) -> Result<(), AccountError> {
        for day in self.days(as_of) {
            self.day(day)?;
        }
        self.ledger.accrue(as_of);
        Ok(())
    }

    /// The days on which claims arise, flat sums fall due or bookings count.
    fn days(&self, as_of: NaiveDate) -> BTreeSet<NaiveDate> {
        let claims = self.ledger.claims.iter();
        claims
            .flat_map(|state| [Some(state.arises), state.first_day.map(|day| day.max(state.arises))])
            .flatten()
            .chain(self.bookings.iter().map(|booking| booking.value_date))
            .filter(|day| *day <= as_of)
            .collect()
    }

    fn day(&mut self, day: NaiveDate) -> Result<(), AccountError> {
        if let Some(until) = self.ledger.interest_until(day) {
            self.ledger.accrue(until);
        }
        let start = self.bookings.partition_point(|booking| booking.value_date < day);
        let end = self.bookings.partition_point(|booking| booking.value_date <= day);
        let same_day = self.ledger.terms.same_day;
        if same_day == SameDay::DebtsFirst {
            self.debts(day, start..end)?;
        }
        for index in start..end {
            self.credit_note(index);
        }
        use_credits(&mut self.ledger, self.bookings);
        for index in start..end {
            self.payment(index);
        }
        if same_day == SameDay::PaymentsFirst {
            self.debts(day, start..end)?;
            use_credits(&mut self.ledger, self.bookings);
        }
        for index in start..end {
            self.write_off(index);
        }
        for index in start..end {
            self.recall(index);
        }
        Ok(())
    }

    /// Claims, then costs, flat sums and what of them is credited.
    fn debts(&mut self, day: NaiveDate, today: std::ops::Range<usize>) -> Result<(), AccountError> {
        for claim in 0..self.ledger.claims.len() {
            if self.ledger.claims[claim].arises == day && !self.ledger.claims[claim].is_recalled {
                self.claim(claim, day);
            }
        }
        let mut costs = Vec::new();
        for index in today {
            costs.extend(self.cost(index)?);
        }
        let flat_sums = self.flat_sums(day);
        costs.extend(flat_sums.iter().map(|(_, cost)| cost.clone()));
        costs.sort_by(|a, b| (a.side, &a.key).cmp(&(b.side, &b.key)));
        let first = self.ledger.costs.len();
        for (mut flat_sum, cost) in flat_sums {
            flat_sum.cost = first + costs.iter().position(|other| other.key == cost.key).unwrap_or_default();
            self.ledger.flat_sums.push(flat_sum);
        }
        self.ledger.costs.extend(costs);
        self.ledger.flat_sums.sort_by_key(|flat_sum| flat_sum.cost);
        flat_sum::credit(&mut self.ledger);
        Ok(())
    }

    /// A claim comes onto the account, already without what credit notes correct from the start.
    fn claim(&mut self, claim: usize, day: NaiveDate) {
        let state = &mut self.ledger.claims[claim];
        state.owed = state.claim.principal;
        state.principal = state.owed;
        for (index, booking) in self.bookings.iter().enumerate() {
            if matches!(booking.entry, Entry::CreditNote { from_start: true, .. })
                && self.ledger.named(booking) == Some(claim)
            {
                self.note(index, booking);
            }
        }
        if let Some(until) = self.ledger.interest_until(day) {
            self.ledger.accrue(until);
        }
    }

    /// A booking's cost, where it is one.
    fn cost(&mut self, index: usize) -> Result<Option<Cost>, AccountError> {
        let booking = self.bookings[index];
        let (amount, side, is_legal) = match &booking.entry {
            Entry::Cost { amount, side, legal } => (*amount, *side, *legal || *side == Side::Agency),
            Entry::Fee(order) => match self.fee(booking, order)? {
                Some(bill) => (bill.total(), Side::Agency, true),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some(Cost {
            key: booking.id.clone(),
            side,
            claim: self.ledger.named(booking),
            is_legal,
            amount,
            open: amount,
        }))
    }

    /// A fee by the schedule of the terms; a client without a schedule gets none.
    fn fee(&mut self, booking: &Booking, order: &FeeOrder) -> Result<Option<Bill>, AccountError> {
        let terms = self.ledger.terms;
        let Some(name) = &terms.fee_schedule else {
            self.findings.insert(Finding::new(Code::NoFeeSchedule, &booking.id));
            return Ok(None);
        };
        let schedule = (self.sources.fees.get(name))
            .filter(|schedule| schedule.currency == terms.currency)
            .ok_or_else(|| AccountError::Schedule(name.clone()))?;
        let deductible = terms.input_tax_deductible.ok_or(AccountError::InputTax)?;
        let impossible = || AccountError::Fee(booking.id.clone());
        let version = schedule
            .version(order.mandated.unwrap_or(booking.value_date))
            .ok_or_else(impossible)?;
        let bill = version.bill(order, deductible).ok_or_else(impossible)?;
        self.fees.push(FeeLine {
            booking: booking.id.clone(),
            version: version.id.clone(),
            bill,
        });
        Ok(Some(bill))
    }

    /// The flat sums that fall due on `day`, with the costs that they are.
    fn flat_sums(&self, day: NaiveDate) -> Vec<(FlatSum, Cost)> {
        let terms = self.ledger.terms;
        let mut found = Vec::new();
        for (claim, state) in self.ledger.claims.iter().enumerate() {
            let is_due = !state.is_recalled && state.first_day.is_some_and(|first| first.max(state.arises) == day);
            let Some(amount) = flat_sum::amount(terms, state.claim).filter(|_| is_due) else {
                continue;
            };
            let flat_sum = FlatSum {
                claim: state.claim.reference.clone(),
                date: day,
                amount,
                credited: 0,
                cost: 0,
            };
            let cost = Cost {
                key: flat_sum::key(state.claim),
                side: Side::Client,
                claim: Some(claim),
                is_legal: false,
                amount,
                open: amount,
            };
            found.push((flat_sum, cost));
        }
        found
    }

    fn credit_note(&mut self, index: usize) {
        let booking = self.bookings[index];
        if matches!(booking.entry, Entry::CreditNote { from_start: false, .. }) {
            self.note(index, booking);
        }
    }

    /// A credit note goes onto the principal of its claim; what exceeds it is a credit of the debtor.
    fn note(&mut self, index: usize, booking: &Booking) {
        let amount = booking.entry.amount().unwrap_or_default();
        let debt = self.ledger.named(booking).map(Debt::Principal);
        let taken = debt.map_or(0, |debt| self.ledger.take(debt, amount, (index, &booking.id)));
        self.add_credit(index, amount - taken);
    }

    fn payment(&mut self, index: usize) {
        let booking = self.bookings[index];
        if let Entry::Payment { amount, allocate_to } = booking.entry {
            let left = self.spend(index, booking, amount, allocate_to);
            self.add_credit(index, left);
        }
    }

    fn write_off(&mut self, index: usize) {
        let booking = self.bookings[index];
        if let Entry::WriteOff { amount, allocate_to } = booking.entry
            && self.spend(index, booking, amount, allocate_to) > 0
        {
            self.findings.insert(Finding::new(Code::WriteOffTooHigh, &booking.id));
        }
    }

    fn spend(&mut self, index: usize, booking: &Booking, amount: i64, part: Option<Part>) -> i64 {
        let way = way(&self.ledger, self.ledger.named(booking), part);
        spend(&mut self.ledger, &way, amount, (index, &booking.id))
    }

    fn add_credit(&mut self, booking: usize, amount: i64) {
        if amount > 0 {
            self.ledger.credits.push(Credit { booking, amount });
        }
    }

    /// Takes a claim with its costs, or everything, off the account; interest ends.
    fn recall(&mut self, index: usize) {
        let booking = self.bookings[index];
        if booking.entry != Entry::Recall {
            return;
        }
        let named = self.ledger.named(booking);
        let way = all_of(&self.ledger, named);
        spend(&mut self.ledger, &way, i64::MAX, (index, &booking.id));
        let gone = named.map_or(0..self.ledger.claims.len(), |claim| claim..claim + 1);
        for claim in gone {
            let state = &mut self.ledger.claims[claim];
            // A claim that comes after the recall of the case is another matter.
            state.is_recalled |= named.is_some() || state.arises <= booking.value_date;
        }
    }
}
