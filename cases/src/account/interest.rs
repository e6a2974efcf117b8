//! The interest of a claim: periods between events, each in one multiplication.

use chrono::NaiveDate;

use super::days;
use super::decimal::Percent;
use super::exact::Exact;
use super::rates::Rule;
use super::terms::DayCount;
use crate::checks::Tables;

/// Days of one claim with one principal and one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The claim's reference.
    pub claim: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; it counts.
    pub to: NaiveDate,
    /// By the day count.
    pub days: i64,
    /// A year.
    pub rate: Percent,
    /// In minor units.
    pub principal: i64,
    /// Not rounded.
    pub interest: Exact,
}

/// What a claim has earned so far.
#[derive(Debug)]
pub(super) struct Accrual {
    rule: Rule,
    /// The next day that earns; `None` where no interest is owed.
    next: Option<NaiveDate>,
    /// Since the first interest day.
    pub(super) earned: Exact,
    /// With the days of the year of each.
    periods: Vec<(Period, i64)>,
    /// Whether days passed for which no base rate is known.
    pub(super) lacks_base_rate: bool,
}

impl Accrual {
    pub(super) fn new(rule: Rule, first_day: Option<NaiveDate>) -> Self {
        Self {
            rule,
            next: first_day,
            earned: Exact::default(),
            periods: Vec::new(),
            lacks_base_rate: false,
        }
    }

    /// The interest of all days not yet worked out up to `to`, on `principal`.
    pub(super) fn run_to(&mut self, tables: &Tables, count: DayCount, claim: &str, principal: i64, to: NaiveDate) {
        while let Some(from) = self.next.filter(|from| *from <= to) {
            if principal == 0 {
                self.next = to.succ_opt();
                return;
            }
            let (rate, rate_until) = self.rule.on(tables, from);
            let year_until = days::same_year_until(count, from);
            let until = [rate_until, year_until].into_iter().flatten().fold(to, NaiveDate::min);
            self.next = until.succ_opt();
            match rate {
                Some(rate) => self.add(count, claim, principal, rate, (from, until)),
                None => self.lacks_base_rate |= matches!(self.rule, Rule::OverBase(_)),
            }
        }
    }

    fn add(&mut self, count: DayCount, claim: &str, principal: i64, rate: Percent, (from, to): (NaiveDate, NaiveDate)) {
        let days = days::between(count, from, to);
        let year = days::of_year(count, from);
        let interest = Exact::interest(principal, rate, days, year);
        self.earned += interest;
        if let Some((last, last_year)) = self.periods.last_mut()
            && last.to.succ_opt() == Some(from)
            && (last.principal, last.rate, *last_year) == (principal, rate, year)
        {
            last.to = to;
            last.days += days;
            last.interest += interest;
            return;
        }
        let period = Period {
            claim: claim.to_owned(),
            from,
            to,
            days,
            rate,
            principal,
            interest,
        };
        self.periods.push((period, year));
    }

    /// The periods in order of time.
    pub(super) fn into_periods(self) -> impl Iterator<Item = Period> {
        self.periods.into_iter().map(|(period, _)| period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2003, 1, 1).expect("a date");

    proptest! {
        /// Any cuts, down to single days, give the same periods and the same sum.
        #[test]
        fn a_period_may_be_cut_anywhere(
            start in 0..8_000_u64,
            lengths in proptest::collection::vec(1..40_u64, 1..60),
            principal in 1..1_000_000_000_000_i64,
            count in proptest::sample::select(vec![DayCount::Actual365, DayCount::ActualActual, DayCount::Thirty360]),
            rule in proptest::sample::select(vec![Rule::Fixed(Percent(72_500)), Rule::OverBase(Percent(5_000))]),
        ) {
            let tables = Tables::built_in();
            let first = FIRST_DAY + Days::new(start);
            let mut cut = Accrual::new(rule, Some(first));
            let mut last = first;
            for length in lengths {
                last = last + Days::new(length);
                cut.run_to(&tables, count, "R-1", principal, last);
            }
            let mut whole = Accrual::new(rule, Some(first));
            whole.run_to(&tables, count, "R-1", principal, last);
            prop_assert_eq!(cut.earned, whole.earned);
            prop_assert_eq!(cut.periods, whole.periods);
        }
    }
}
