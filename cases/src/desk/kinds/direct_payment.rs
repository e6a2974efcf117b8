//! `direct_payment`: the debtor paid the client. The client's payment number makes it one payment however often it comes.

use super::super::matter::{Done, KeyOf, Matter};
use super::super::returns::payer_reference;
use super::{Closed, Kind, Phase};
use crate::model::BookingKind;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "direct_payment",
    phase: Phase::Payments,
    key: Some("payment"),
    // Who has the money has it; that nobody works on the case is said.
    closed: Closed::Told,
    apply: |matter| {
        let key = match matter.desk.rules.side {
            super::Side::Client => matter.key("payment"),
            // The number is the client's, whoever books it.
            super::Side::Office => matter
                .key("payment")
                .map(|(_, kind, number)| (matter.file.debtor.creditor_id.0, kind, number)),
        };
        pay(matter, BookingKind::DirectPayment, key)
    },
    ..Kind::USUAL
};

/// Books a payment.
pub(super) fn pay(matter: &mut Matter<'_>, kind: BookingKind, key: Option<KeyOf>) -> Done {
    let amount = matter.amount()?;
    let order = (kind, -amount, matter.past_date()?);
    matter.is_new(key.as_ref(), order)?;
    matter.looks_known(key.as_ref(), order);
    if let Some(open) = matter.balance().filter(|open| amount > *open) {
        let over = crate::account::decimal::show_money(amount - open, &matter.file.case.currency);
        let finding = Finding::new(Code::Overpayment).field(Field::Amount);
        let currency = &matter.file.case.currency;
        matter.warnings.push(finding.arg("over", format!("{over} {currency}")));
    }
    let mut booking = matter.booking(kind, -amount);
    booking.claim = matter.claim;
    booking.allocate_to = matter.text(Field::AllocateTo).map(str::to_owned);
    if kind == BookingKind::AgencyPayment {
        booking.reference = payer_reference(matter.record).map(str::to_owned);
    }
    let currency = matter.file.case.currency.clone();
    matter.book(booking, key);
    let amount = crate::account::decimal::show_money(amount, &currency);
    matter.note(
        kind.as_str(),
        serde_json::json!({ "amount": amount, "currency": currency, "value_date": order.2 }),
    );
    if matter.file.is_closed() {
        let note = serde_json::json!({ "amount": amount, "currency": currency });
        matter
            .file
            .note("payment_on_closed_case", crate::model::Visibility::Internal, note);
    }
    Ok(())
}
