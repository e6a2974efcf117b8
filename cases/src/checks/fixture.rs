//! Records and contexts for the tests of the checks.

use chrono::NaiveDate;
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::finding::Code;
use dropcase_parsers::record::{Cells, Position, Record, Value};

use super::{CheckContext, check};

/// A day.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A value of `field` from text: dates as ISO 8601, money in minor units, percent in ten-thousandths of a percent,
/// lists separated by `|`.
pub(crate) fn value(field: Field, text: &str) -> Value {
    match field.kind() {
        Kind::Text | Kind::Code => Value::Text(text.to_owned()),
        Kind::Date => Value::Date(day(text)),
        Kind::Money => Value::Money(text.parse().expect("minor units")),
        Kind::Percent => Value::Percent(text.parse().expect("ten-thousandths of a percent")),
        Kind::Bool => Value::Bool(text == "yes"),
        Kind::List => Value::List(text.split('|').map(str::to_owned).collect()),
    }
}

/// A record with these fields.
pub(crate) fn record(fields: &[(Field, &str)]) -> Record {
    let mut record = Record::new(
        Position {
            part: 0,
            sequence: 1,
            row: 2,
        },
        Cells::default(),
    );
    for (field, text) in fields {
        record.set(*field, value(*field, text));
    }
    record
}

/// A claim without any finding, with these fields changed; an empty text takes the field out.
pub(crate) fn claim(changes: &[(Field, &str)]) -> Record {
    let mut claim = record(&[
        (Field::DebtorNumber, "10001"),
        (Field::DebtorType, "person"),
        (Field::ActsAs, "consumer"),
        (Field::FirstName, "Erika"),
        (Field::LastName, "Mustermann"),
        (Field::Street, "Musterstraße"),
        (Field::HouseNumber, "5a"),
        (Field::PostalCode, "01067"),
        (Field::City, "Musterstadt"),
        (Field::Country, "DE"),
        (Field::Email, "erika@example.org"),
        (Field::Phone, "0351 1234567"),
        (Field::Iban, "DE89370400440532013000"),
        (Field::InvoiceNumber, "R-1"),
        (Field::InvoiceDate, "2026-05-01"),
        (Field::DueDate, "2026-05-15"),
        (Field::PrincipalAmount, "12345"),
        (Field::Currency, "EUR"),
    ]);
    for (field, text) in changes {
        if text.is_empty() {
            claim.remove(*field);
        } else {
            claim.set(*field, value(*field, text));
        }
    }
    claim
}

/// A German client on 24 November 2026.
pub(crate) fn context() -> CheckContext {
    CheckContext::new(day("2026-11-24"), "DE", "EUR")
}

/// What the checks find in a claim with these changes: codes with their fields.
pub(crate) fn found(changes: &[(Field, &str)], ctx: &CheckContext) -> Vec<(Code, Option<Field>)> {
    let mut record = claim(changes);
    check(&mut record, ctx);
    record
        .findings
        .iter()
        .map(|finding| (finding.code, finding.field))
        .collect()
}

/// Asserts what the checks find in a claim with these changes.
#[track_caller]
pub(crate) fn expect(changes: &[(Field, &str)], expected: &[(Code, Field)]) {
    let expected: Vec<_> = expected.iter().map(|(code, field)| (*code, Some(*field))).collect();
    assert_eq!(found(changes, &context()), expected, "{changes:?}");
}
