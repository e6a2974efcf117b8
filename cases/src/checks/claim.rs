//! Amounts and interest of a claim, amounts of payments.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::{Record, Value};

use super::currency::{exponent, high_amount};
use super::{CheckContext, add};
use crate::account::decimal::show;

/// Amounts that may be zero and not less.
const NOT_NEGATIVE: [Field; 4] = [
    Field::OriginalAmount,
    Field::DunningCosts,
    Field::OtherCosts,
    Field::PaymentsReceived,
];

/// Points above the base rate in ten-thousandths of a percent (section 288 (1), (2) BGB).
const CONSUMER_POINTS: i64 = 50_000;
const BUSINESS_POINTS: i64 = 90_000;

/// A named amount of the record as a finding, or nothing when the field has none.
fn about(record: &Record, code: Code, field: Field) -> Option<Finding> {
    let minor = record.money(field)?;
    let currency = record.text(Field::Currency).unwrap_or_default();
    Some(Finding::new(code).field(field).value(&show(minor, exponent(currency))))
}

pub(super) fn check(record: &mut Record, ctx: &CheckContext) {
    if let Some(finding) = principal(record, ctx) {
        add(record, finding);
    }
    for field in NOT_NEGATIVE {
        if record.money(field).is_some_and(|amount| amount < 0)
            && let Some(finding) = about(record, Code::AmountNegative, field)
        {
            add(record, finding);
        }
    }
    if let Some(finding) = above_original(record) {
        add(record, finding);
    }
    if let Some(finding) = interest(record, ctx) {
        add(record, finding);
    }
}

/// A payment, credit note or cost has an amount above zero; its direction is in the record type.
pub(super) fn check_payment(record: &mut Record) {
    if record.money(Field::Amount).is_some_and(|amount| amount <= 0)
        && let Some(finding) = about(record, Code::AmountNotPositive, Field::Amount)
    {
        add(record, finding);
    }
}

/// `1234.50 EUR`.
fn amount_text(minor: i64, currency: &str) -> String {
    format!("{} {currency}", show(minor, exponent(currency)))
}

fn principal(record: &Record, ctx: &CheckContext) -> Option<Finding> {
    let amount = record.money(Field::PrincipalAmount)?;
    let currency = record.text(Field::Currency).unwrap_or_default();
    let minimum = if currency == ctx.client_currency {
        ctx.minimum_amount
    } else {
        0
    };
    let (code, limit) = match amount {
        ..=0 => return about(record, Code::AmountNotPositive, Field::PrincipalAmount),
        _ if amount < minimum => (Code::AmountTooLow, minimum),
        _ if amount >= high_amount(currency) => (Code::AmountTooHigh, high_amount(currency)),
        _ => return None,
    };
    let finding = about(record, code, Field::PrincipalAmount)?;
    Some(finding.arg("limit", amount_text(limit, currency)))
}

fn above_original(record: &Record) -> Option<Finding> {
    let (principal, original) = (
        record.money(Field::PrincipalAmount)?,
        record.money(Field::OriginalAmount)?,
    );
    if original < 0 || principal <= original {
        return None;
    }
    let currency = record.text(Field::Currency).unwrap_or_default();
    let finding = about(record, Code::PrincipalAboveOriginal, Field::PrincipalAmount)?;
    Some(finding.arg("original", amount_text(original, currency)))
}

/// Interest above the statutory rate needs its reason in the first letter (section 13a (1) no. 4 RDG). The statutory
/// rate is known here for German law only.
fn interest(record: &Record, ctx: &CheckContext) -> Option<Finding> {
    let Some(Value::Percent(rate)) = record.get(Field::InterestRate) else {
        return None;
    };
    if ctx.client_country != "DE" || record.get(Field::InterestReason).is_some() {
        return None;
    }
    let business = record.text(Field::ActsAs) == Some("business");
    let points = if business { BUSINESS_POINTS } else { CONSUMER_POINTS };
    let statutory = ctx.tables.base_rate(ctx.today)? + points;
    (*rate > statutory).then(|| {
        Finding::new(Code::InterestReasonMissing)
            .field(Field::InterestReason)
            .value(&show(*rate, 4))
            .arg("statutory", show(statutory, 4))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{context, expect, found};
    use super::*;
    use Code::*;
    use Field::*;

    #[test]
    fn amounts() {
        expect(&[], &[]);
        for (amount, expected) in [
            ("1", None),
            ("0", Some(AmountNotPositive)),
            ("-500", Some(AmountNotPositive)),
            ("99999999", None),
            ("100000000", Some(AmountTooHigh)),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|code| (code, PrincipalAmount)).collect();
            expect(&[(PrincipalAmount, amount)], &expected);
        }
        for field in NOT_NEGATIVE {
            expect(&[(field, "-1")], &[(AmountNegative, field)]);
        }
        expect(&[(DunningCosts, "0"), (OtherCosts, "0"), (PaymentsReceived, "0")], &[]);
        expect(&[(OriginalAmount, "12345")], &[]);
        expect(
            &[(OriginalAmount, "12344")],
            &[(PrincipalAboveOriginal, PrincipalAmount)],
        );
        expect(&[(OriginalAmount, "0")], &[(PrincipalAboveOriginal, PrincipalAmount)]);
    }

    #[test]
    fn the_clients_minimum_is_in_its_own_currency() {
        let mut ctx = context();
        ctx.minimum_amount = 1000;
        for (amount, currency, expected) in [
            ("1000", "EUR", vec![]),
            ("999", "EUR", vec![(AmountTooLow, Some(PrincipalAmount))]),
            ("999", "", vec![(AmountTooLow, Some(PrincipalAmount))]),
            ("999", "DKK", vec![]),
        ] {
            assert_eq!(
                found(&[(PrincipalAmount, amount), (Currency, currency)], &ctx),
                expected,
                "{amount} {currency}"
            );
        }
    }

    #[test]
    fn interest_above_the_statutory_rate_needs_a_reason() {
        // Base rate on the day of the context: 1.52 %.
        let missing = [(InterestReasonMissing, InterestReason)];
        expect(&[(InterestRate, "65200")], &[]);
        expect(&[(InterestRate, "65201")], &missing);
        expect(&[(InterestRate, "65201"), (InterestReason, "Vertrag")], &[]);
        expect(&[(InterestRate, "105200"), (ActsAs, "business")], &[]);
        expect(&[(InterestRate, "105201"), (ActsAs, "business")], &missing);
        let mut danish = context();
        danish.client_country = "DK".to_owned();
        assert_eq!(found(&[(InterestRate, "990000")], &danish), vec![]);
    }

    #[test]
    fn payments() {
        for (amount, expected) in [("1", vec![]), ("0", vec![(AmountNotPositive, Some(Amount))])] {
            assert_eq!(
                found(&[(RecordType, "direct_payment"), (Amount, amount)], &context()),
                expected,
                "{amount}"
            );
        }
    }

    #[test]
    fn arguments_are_decimal_text() {
        for (minor, exponent, text) in [
            (0, 2, "0.00"),
            (5, 2, "0.05"),
            (-1234, 2, "-12.34"),
            (7, 0, "7"),
            (1234, 3, "1.234"),
            (65_200, 4, "6.5200"),
        ] {
            assert_eq!(show(minor, exponent), text);
        }
    }
}
