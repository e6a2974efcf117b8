//! `payout`: the agency paid on to the client what it had received for a case.

use super::super::file::NewPayout;
use super::super::matter::{Done, Matter};
use super::{Closed, Kind, Phase};
use crate::account::decimal::show_money;
use dropcase_parsers::fields::Field;

pub(super) static KIND: Kind = Kind {
    name: "payout",
    phase: Phase::Requests,
    for_clients: false,
    closed: Closed::Taken,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let amount = matter.amount()?;
    let value_date = matter.past_date()?;
    let payout = NewPayout {
        amount,
        value_date,
        key: matter.text(Field::PaymentNumber).map(str::to_owned),
    };
    let currency = matter.file.case.currency.clone();
    let note = serde_json::json!({
        "amount": show_money(amount, &currency), "currency": currency, "value_date": payout.value_date,
    });
    matter.file.changes.payouts.push(payout);
    matter.note("payout", note);
    Ok(())
}
