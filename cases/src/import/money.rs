//! The bookings of a claim. What the debtor owes is positive, what was paid negative; the sum is what is open.

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;

use crate::model::BookingKind;

/// A booking to be.
pub(super) type Planned = (BookingKind, i64, NaiveDate);

/// The bookings that a record of a claim makes; never a zero.
///
/// Payments before the handover: when the principal and they add up to the original amount, the principal was net of
/// them, and the original amount is booked, so that the balance is the principal; else they are deducted from it.
pub(super) fn bookings(record: &Record, today: NaiveDate) -> impl Iterator<Item = Planned> {
    let money = |field| record.money(field).filter(|amount| *amount > 0).unwrap_or_default();
    let principal = money(Field::PrincipalAmount);
    let paid = money(Field::PaymentsReceived);
    let is_net = record
        .money(Field::OriginalAmount)
        .is_some_and(|original| principal.checked_add(paid) == Some(original));
    let gross = if is_net { principal + paid } else { principal };

    let first = |fields: &[Field]| fields.iter().find_map(|field| record.date(*field)).unwrap_or(today);
    let claimed = first(&[Field::InvoiceDate, Field::DueDate, Field::ContractDate]);
    let dunned = first(&[
        Field::ReminderDate,
        Field::InvoiceDate,
        Field::DueDate,
        Field::ContractDate,
    ]);
    let planned = [
        (BookingKind::Principal, gross, claimed),
        (BookingKind::DunningCosts, money(Field::DunningCosts), dunned),
        (BookingKind::OtherCosts, money(Field::OtherCosts), dunned),
        (BookingKind::Payment, -paid, first(&[Field::LastPaymentDate])),
    ];
    planned.into_iter().filter(|(_, amount, _)| *amount != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dropcase_parsers::record::{Cells, Position, Value};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    #[test]
    fn payments_before_the_handover() {
        for (original, paid, expected) in [
            (None, None, vec![(BookingKind::Principal, 8_000, day(1))]),
            (
                None,
                Some(2_000),
                vec![
                    (BookingKind::Principal, 8_000, day(1)),
                    (BookingKind::Payment, -2_000, day(9)),
                ],
            ),
            (
                Some(10_000),
                Some(2_000),
                vec![
                    (BookingKind::Principal, 10_000, day(1)),
                    (BookingKind::Payment, -2_000, day(9)),
                ],
            ),
            (
                Some(8_000),
                Some(2_000),
                vec![
                    (BookingKind::Principal, 8_000, day(1)),
                    (BookingKind::Payment, -2_000, day(9)),
                ],
            ),
        ] {
            let mut record = Record::new(
                Position {
                    part: 0,
                    sequence: 1,
                    row: 2,
                },
                Cells::default(),
            );
            record.set(Field::PrincipalAmount, Value::Money(8_000));
            record.set(Field::InvoiceDate, Value::Date(day(1)));
            if let Some(original) = original {
                record.set(Field::OriginalAmount, Value::Money(original));
            }
            if let Some(paid) = paid {
                record.set(Field::PaymentsReceived, Value::Money(paid));
            }
            assert_eq!(
                bookings(&record, day(9)).collect::<Vec<_>>(),
                expected,
                "{original:?} {paid:?}"
            );
        }
    }
}
