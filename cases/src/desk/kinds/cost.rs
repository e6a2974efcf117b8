//! `cost`: a cost of the agency. Its reference makes it one cost however often it comes.

use super::super::matter::{Done, Matter};
use super::{Kind, Phase};
use crate::account::decimal::show_money;
use crate::model::BookingKind;

pub(super) static KIND: Kind = Kind {
    name: "cost",
    phase: Phase::Changes,
    for_clients: false,
    key: Some("cost"),
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let amount = matter.amount()?;
    let key = matter.key("cost");
    let order = (BookingKind::Cost, amount, matter.past_date()?);
    matter.is_new(key.as_ref(), order)?;
    matter.looks_known(key.as_ref(), order);
    let mut booking = matter.booking(BookingKind::Cost, amount);
    booking.claim = matter.claim;
    matter.book(booking, key);
    let (currency, visibility) = (matter.file.case.currency.clone(), matter.visibility());
    let mut note = matter.reason();
    note["amount"] = show_money(amount, &currency).into();
    note["currency"] = currency.into();
    matter.file.note("cost", visibility, note);
    Ok(())
}
