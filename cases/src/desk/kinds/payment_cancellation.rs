//! `payment_cancellation`: a payment that did not stay (a returned debit, a mistake). Named by its number; what a
//! bank takes back is found by other references too.

use super::super::matter::{Done, Matter};
use super::super::returns;
use super::{Closed, Kind, Phase, Target};
use crate::model::BookingKind;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "payment_cancellation",
    phase: Phase::Payments,
    target: Target::Booking,
    key: Some("payment"),
    closed: Closed::Told,
    apply: |matter| {
        let kinds = [BookingKind::DirectPayment, BookingKind::AgencyPayment];
        take_back(matter, &KIND, &kinds, "payment_cancellation")
    },
    ..Kind::USUAL
};

/// Takes the booking back whose number the record names, or that was found for a return of the bank. A client takes back
/// what it booked itself.
pub(super) fn take_back(matter: &mut Matter<'_>, kind: &Kind, kinds: &[BookingKind], note: &'static str) -> Done {
    matter.past_date()?;
    let id = match matter.takes_back {
        Some(id) => id,
        None => named(matter, kind)?,
    };
    let known = matter.file.bookings.iter().find(|row| row.id == id);
    let row = known.filter(|row| kinds.contains(&row.kind)).cloned();
    let row = row.ok_or_else(|| unknown(matter))?;
    let key = returns::key(matter.desk.rules.side, kind, matter.record);
    if matter.file.is_reversed(id) || key.as_ref().is_some_and(|key| matter.keys.known.contains_key(key)) {
        return Err(returns::already(matter.record).into());
    }
    // An amount that is named too is held against what is taken back.
    if let Some(amount) = matter.record.money(Field::Amount)
        && amount.abs() != row.amount.abs()
    {
        return Err(Finding::new(Code::DuplicateDiffers).field(Field::Amount).into());
    }
    let mut booking = matter.booking(row.kind, -row.amount);
    booking.claim = row.claim_id;
    booking.reversal_of = Some(id);
    booking.key = row.key.clone();
    booking.value_date = booking.value_date.max(row.value_date);
    matter.book(booking, key);
    let currency = matter.file.case.currency.clone();
    let amount = crate::account::decimal::show_money(row.amount.abs(), &currency);
    let mut told = serde_json::json!({ "amount": amount, "currency": currency });
    // The bank's reference is the agency's own.
    if row.kind != BookingKind::AgencyPayment {
        told["number"] = row.key.into();
    }
    matter.note(note, told);
    Ok(())
}

/// The booking under the number of the record.
fn named(matter: &Matter<'_>, kind: &Kind) -> Result<i64, Finding> {
    let number = matter.text(Field::PaymentNumber);
    let number = number.ok_or_else(|| Finding::new(Code::Required).field(Field::PaymentNumber))?;
    let of_office = matter.desk.rules.side == super::Side::Office;
    let scopes = [Some(matter.file.debtor.creditor_id.0), of_office.then_some(0)];
    let known = scopes.into_iter().flatten().find_map(|scope| {
        let (of, id) = matter.keys.known.get(&(scope, kind.key?, number.to_owned()))?;
        (*of == matter.file.case.id).then_some(*id)
    });
    known.ok_or_else(|| unknown(matter))
}

fn unknown(matter: &Matter<'_>) -> Finding {
    let number = matter.text(Field::PaymentNumber).unwrap_or_default();
    Finding::new(Code::UnknownReference)
        .field(Field::PaymentNumber)
        .value(number)
}
