//! Since when a claim bears interest, and at what rate.

use chrono::{Days, NaiveDate};

use super::days::last_to_pay;
use super::decimal::Percent;
use super::entry::{Claim, DebtorKind};
use super::terms::{FirstDay, Law, Terms};
use crate::checks::Tables;

/// The obligations since 29 July 2014 are under the new § 288(2) and (5) BGB (Art. 229 § 34 sentence 1 EGBGB).
const NEW_LAW: NaiveDate = NaiveDate::from_ymd_opt(2014, 7, 29).expect("a date");
/// Days after due and receipt in which a business has to pay (§ 286(3) BGB).
const DAYS_TO_PAY: Days = Days::new(30);

/// The first interest day: what puts the debtor in default, and the day after it (§ 286, § 187(1) BGB).
pub(super) fn first_day(terms: &Terms, claim: &Claim) -> Option<NaiveDate> {
    let after = |event: NaiveDate| match terms.first_day {
        FirstDay::AfterEvent => event.succ_opt(),
        FirstDay::Event => Some(event),
    };
    if claim.default_date.is_some() {
        return claim.default_date;
    }
    if let Some(due) = claim.due_date {
        return after(last_to_pay(terms, due));
    }
    if let Some(reminder) = claim.reminder_date {
        return after(reminder);
    }
    if claim.debtor != DebtorKind::Business {
        return None;
    }
    let receipt = claim.invoice_date?.max(claim.received_date.unwrap_or_default());
    after(last_to_pay(terms, receipt.checked_add_days(DAYS_TO_PAY)?))
}

/// Whether the obligation is under the law since 29 July 2014.
pub(super) fn is_new_law(claim: &Claim) -> bool {
    claim.obligation_of().is_some_and(|day| day >= NEW_LAW)
}

/// How a claim's rate is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The same on every day.
    Fixed(Percent),
    /// Points over the base rate of § 247 BGB, never below zero.
    OverBase(Percent),
    /// No rate is known: foreign law without a contractual rate.
    Unknown,
}

/// § 288(1) to (3) BGB.
pub(super) fn rule(terms: &Terms, claim: &Claim) -> Rule {
    if let Some(rate) = claim.interest_rate {
        return Rule::Fixed(rate);
    }
    if terms.law != Law::De {
        return Rule::Unknown;
    }
    let statutory = match (claim.is_trade(), is_new_law(claim)) {
        (true, true) => Percent(90_000),
        (true, false) => Percent(80_000),
        (false, _) => Percent(50_000),
    };
    Rule::OverBase(claim.interest_points.unwrap_or(statutory))
}

impl Rule {
    /// The rate of `day`, and the last day on which it surely holds (`None`: without end).
    pub(super) fn on(self, tables: &Tables, day: NaiveDate) -> (Option<Percent>, Option<NaiveDate>) {
        match self {
            Self::Fixed(rate) => (Some(rate), None),
            Self::Unknown => (None, None),
            Self::OverBase(points) => {
                let until = tables.next_base_rate(day).and_then(|next| next.pred_opt());
                let rate = tables.base_rate(day).map(|base| Percent((base + points.0).max(0)));
                (rate, until)
            }
        }
    }
}
