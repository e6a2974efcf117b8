//! `credit_note`: the client lowers one of its claims.

use super::super::matter::{Done, Matter};
use super::{Closed, Kind, Phase};
use crate::account::decimal::show_money;
use crate::model::BookingKind;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "credit_note",
    phase: Phase::Credits,
    key: Some("credit_note"),
    closed: Closed::Told,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let amount = matter.amount()?;
    let claim = matter.one_claim()?;
    // The number is the client's, whoever books it.
    let key = matter
        .key("credit_note")
        .map(|(_, kind, number)| (matter.file.debtor.creditor_id.0, kind, number));
    let order = (BookingKind::CreditNote, -amount, matter.past_date()?);
    matter.is_new(key.as_ref(), order)?;
    let claimed = matter.file.claimed().get(&claim).copied().unwrap_or_default();
    let currency = matter.file.case.currency.clone();
    if amount > claimed {
        let finding = Finding::new(Code::AmountAboveClaim).field(Field::Amount);
        let limit = show_money(claimed.max(0), &currency);
        return Err(finding.arg("limit", format!("{limit} {currency}")).into());
    }
    matter.looks_known(key.as_ref(), order);
    let mut booking = matter.booking(BookingKind::CreditNote, -amount);
    booking.claim = Some(claim);
    matter.book(booking, key);
    let amount = show_money(amount, &currency);
    matter.note(
        "credit_note",
        serde_json::json!({ "amount": amount, "currency": currency, "value_date": order.2 }),
    );
    Ok(())
}
