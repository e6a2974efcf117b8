//! `payment_plan`: the debtor pays all that is open today by instalments, one a month; the last one is what is left.

use super::super::file::NewPlan;
use super::super::matter::{Done, Matter};
use super::{Kind, Phase};
use crate::account::decimal::show_money;
use chrono::{Months, NaiveDate};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

/// Longest plan in months.
const LONGEST: usize = 120;

pub(super) static KIND: Kind = Kind {
    name: "payment_plan",
    phase: Phase::Requests,
    for_clients: false,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let amount = matter.amount()?;
    if matter.file.has_plan {
        return Err(Finding::new(Code::PlanRunning).field(Field::CaseNumber).into());
    }
    let first = matter.value_date();
    if first < matter.today() {
        return Err(Finding::new(Code::DatePassed).field(Field::ValueDate).into());
    }
    let open = matter.balance().unwrap_or_default();
    let currency = matter.file.case.currency.clone();
    let limit = format!("{} {currency}", show_money(open, &currency));
    if open == 0 {
        return Err(Finding::new(Code::AmountAboveOpen)
            .field(Field::Amount)
            .arg("limit", limit)
            .into());
    }
    let instalments = instalments(open, amount, first);
    if instalments.len() > LONGEST {
        let finding = Finding::new(Code::PlanTooLong).field(Field::Amount);
        return Err(finding.arg("limit", LONGEST).into());
    }
    let note = serde_json::json!({
        "amount": show_money(amount, &currency), "currency": currency, "first": first, "instalments": instalments.len(),
    });
    matter.file.changes.plans.push(NewPlan { instalments });
    matter.file.has_plan = true;
    matter.note("payment_plan", note);
    Ok(())
}

/// Monthly instalments of `amount` that sum to `open`, at most one more than the longest plan has.
fn instalments(open: i64, amount: i64, first: NaiveDate) -> Vec<(NaiveDate, i64)> {
    let mut left = open;
    (0..)
        .map_while(|month| {
            let due = first.checked_add_months(Months::new(month))?;
            let instalment = left.min(amount);
            left -= instalment;
            (instalment > 0).then_some((due, instalment))
        })
        .take(LONGEST + 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instalments_sum_to_what_is_open() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        assert_eq!(
            instalments(25_000, 10_000, day(1, 31)),
            [(day(1, 31), 10_000), (day(2, 28), 10_000), (day(3, 31), 5_000)]
        );
        assert_eq!(instalments(1, 10_000, day(1, 31)), [(day(1, 31), 1)]);
        assert_eq!(instalments(1_000_000, 1, day(1, 31)).len(), LONGEST + 1);
    }
}
