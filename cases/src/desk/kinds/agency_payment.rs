//! `agency_payment`: the debtor paid the agency. The bank's reference makes it one payment however often it comes.

use super::direct_payment::pay;
use super::{Closed, Kind, Phase};
use crate::model::BookingKind;

pub(super) static KIND: Kind = Kind {
    name: "agency_payment",
    phase: Phase::Payments,
    for_clients: false,
    key: Some("payment"),
    closed: Closed::Told,
    apply: |matter| {
        let key = matter.key("payment");
        pay(matter, BookingKind::AgencyPayment, key)
    },
    ..Kind::USUAL
};
