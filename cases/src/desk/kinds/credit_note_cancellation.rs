//! `credit_note_cancellation`: a credit note that does not hold. Named by its number.

use super::payment_cancellation::take_back;
use super::{Closed, Kind, Phase, Target};
use crate::model::BookingKind;

pub(super) static KIND: Kind = Kind {
    name: "credit_note_cancellation",
    phase: Phase::Credits,
    target: Target::Booking,
    key: Some("credit_note"),
    closed: Closed::Told,
    apply: |matter| take_back(matter, &KIND, &[BookingKind::CreditNote], "credit_note_cancellation"),
    ..Kind::USUAL
};
