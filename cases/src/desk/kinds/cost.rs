//! `cost`: a cost of the agency, by its amount, or a fee by the schedule of the client's mandate. Its reference makes it
//! one cost however often it comes.

use super::super::matter::{Done, Matter};
use super::{Kind, Phase};
use crate::account::decimal::{parse, show_money};
use crate::account::fees::{FeeOrder, quote};
use crate::model::BookingKind;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "cost",
    phase: Phase::Changes,
    for_clients: false,
    key: Some("cost"),
    apply,
    ..Kind::USUAL
};

/// Digits of a rate behind the point.
const RATE_DIGITS: u32 = 4;

fn apply(matter: &mut Matter<'_>) -> Done {
    let day = matter.past_date()?;
    let (amount, args) = match matter.text(Field::FeeRate) {
        Some(rate) => fee(matter, rate)?,
        None => (matter.amount()?, None),
    };
    let key = matter.key("cost");
    let order = (BookingKind::Cost, amount, day);
    matter.is_new(key.as_ref(), order)?;
    matter.looks_known(key.as_ref(), order);
    let mut booking = matter.booking(BookingKind::Cost, amount);
    booking.claim = matter.claim;
    booking.args = args;
    matter.book(booking, key);
    let (currency, visibility) = (matter.file.case.currency.clone(), matter.visibility());
    let mut note = matter.reason();
    note["amount"] = show_money(amount, &currency).into();
    note["currency"] = currency.into();
    matter.file.note("cost", visibility, note);
    Ok(())
}

/// A fee on all that was handed over (§ 23(1) RVG): its sum, and what the account needs to work it out again.
fn fee(matter: &Matter<'_>, rate: &str) -> Result<(i64, Option<String>), Finding> {
    let wrong = || Finding::new(Code::ValueNotAllowed).field(Field::FeeRate).value(rate);
    let file = &matter.file;
    let handed_over = file.bookings.iter().filter(|row| row.kind == BookingKind::Principal);
    let order = FeeOrder {
        value: handed_over.map(|row| row.amount).sum(),
        rate: Some(parse(rate, RATE_DIGITS).filter(|rate| *rate > 0).ok_or_else(wrong)?),
        // The mandate came with the case (§ 60(1) RVG).
        mandated: Some(file.case.opened_at.date_naive()),
        disputed: file.claims.iter().any(|claim| claim.disputed),
        agreement: file.has_plan,
    };
    let bill = quote(matter.desk.rules.sources, &matter.terms(), &order, matter.value_date());
    let bill = bill.ok_or_else(|| Finding::new(Code::NoFeeSchedule).field(Field::FeeRate))?;
    let args = serde_json::json!({
        "fee_value": order.value, "fee_rate": order.rate, "mandated": order.mandated, "disputed": order.disputed,
        "agreement": order.agreement,
    });
    Ok((bill.total(), Some(args.to_string())))
}
