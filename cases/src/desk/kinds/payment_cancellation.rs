//! `payment_cancellation`: a payment that did not stay (a returned debit, a mistake). Named by its number.

use super::super::matter::{Done, Matter};
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
        take_back(matter, &kinds, "payment_cancellation")
    },
    ..Kind::USUAL
};

/// Takes the booking back whose number the record names. A client takes back what it booked itself.
pub(super) fn take_back(matter: &mut Matter<'_>, kinds: &[BookingKind], note: &'static str) -> Done {
    matter.past_date()?;
    let number = matter.text(Field::PaymentNumber).unwrap_or_default().to_owned();
    let unknown = || {
        Finding::new(Code::UnknownReference)
            .field(Field::PaymentNumber)
            .value(&number)
    };
    let case = matter.file.case.id;
    let name = kinds.first().map_or("payment", |kind| match kind {
        BookingKind::CreditNote => "credit_note",
        _ => "payment",
    });
    let of_office = matter.desk.rules.side == super::Side::Office;
    let scopes = [Some(matter.file.debtor.creditor_id.0), of_office.then_some(0)];
    let known = scopes.into_iter().flatten().find_map(|scope| {
        let (of, id) = matter.keys.known.get(&(scope, name, number.clone()))?;
        (*of == case).then_some(*id)
    });
    let id = known.ok_or_else(unknown)?;
    let row = matter
        .file
        .bookings
        .iter()
        .find(|row| row.id == id && kinds.contains(&row.kind));
    let row = row.cloned().ok_or_else(unknown)?;
    if matter.file.is_reversed(id) {
        return Err(Finding::new(Code::AlreadyCancelled)
            .field(Field::PaymentNumber)
            .value(&number)
            .into());
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
    booking.value_date = booking.value_date.max(row.value_date);
    matter.book(booking, None);
    let currency = matter.file.case.currency.clone();
    let amount = crate::account::decimal::show_money(row.amount.abs(), &currency);
    matter.note(
        note,
        serde_json::json!({ "amount": amount, "currency": currency, "number": number }),
    );
    Ok(())
}
