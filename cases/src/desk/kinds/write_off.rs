//! `write_off`: what is not asked for any more: an amount, or all that is open.

use super::super::matter::{Done, Matter};
use super::{Kind, Phase};
use crate::account::decimal::show_money;
use crate::model::BookingKind;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "write_off",
    phase: Phase::Ends,
    for_clients: false,
    key: Some("write_off"),
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let day = matter.past_date()?;
    let open = matter.balance().unwrap_or_default();
    let currency = matter.file.case.currency.clone();
    let amount = match matter.record.money(Field::Amount) {
        Some(_) => matter.amount()?,
        None => open,
    };
    let key = matter.key("write_off");
    matter.is_new(key.as_ref(), (BookingKind::WriteOff, -amount, day))?;
    if amount > open || open == 0 {
        let finding = Finding::new(Code::AmountAboveOpen).field(Field::Amount);
        let limit = show_money(open, &currency);
        return Err(finding.arg("limit", format!("{limit} {currency}")).into());
    }
    let mut booking = matter.booking(BookingKind::WriteOff, -amount);
    booking.claim = matter.claim;
    booking.allocate_to = matter.text(Field::AllocateTo).map(str::to_owned);
    matter.book(booking, key);
    let visibility = matter.visibility();
    let mut note = matter.reason();
    note["amount"] = show_money(amount, &currency).into();
    note["currency"] = currency.into();
    matter.file.note("write_off", visibility, note);
    Ok(())
}
