//! `agency_payment`: the debtor paid the agency. The bank's reference makes it one payment however often it comes.
//!
//! A payment from a bank statement names its case in the remittance text, if at all. Our own number, which has a check
//! digit, is believed; an invoice number alone is not: the payer must be named too, or pay what is owed. What is not
//! certain is told and never guessed.

use super::super::find::By;
use super::super::matter::{Done, Matter};
use super::super::remittance;
use super::direct_payment::pay;
use super::{Closed, Kind, Phase, Target};
use crate::model::BookingKind;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "agency_payment",
    phase: Phase::Payments,
    for_clients: false,
    for_office: true,
    target: Target::Text,
    key: Some("payment"),
    closed: Closed::Told,
    apply,
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let key = matter.key("payment");
    if matter.by == By::ClaimInText && !is_certain(matter) {
        let finding = Finding::new(Code::UnmatchedPayment).field(Field::CaseNumber);
        return Err(finding.arg("found", &matter.file.case.number).into());
    }
    pay(matter, BookingKind::AgencyPayment, key)
}

/// A second sign besides an invoice number in a text.
fn is_certain(matter: &Matter<'_>) -> bool {
    let amount = matter.record.money(Field::Amount);
    let claimed = matter
        .claim
        .and_then(|claim| matter.file.claimed().get(&claim).copied());
    remittance::names(matter.record, &matter.file.case.debtor_name)
        || amount.is_some_and(|amount| claimed == Some(amount) || matter.balance() == Some(amount))
}
