//! The record types of the desk, one a file: who may send it, which case it needs, what it does.

mod address_change;
mod address_search;
mod agency_payment;
mod answer;
mod close;
mod cost;
mod credit_note;
mod credit_note_cancellation;
mod direct_payment;
mod dispute;
mod document;
mod handler_change;
mod history_entry;
mod hold;
mod message;
mod payment_cancellation;
mod payment_plan;
mod payout;
mod query;
mod recall;
mod reply;
mod request;
mod resume;
mod status_change;
mod write_off;

use super::Side;
use super::matter::{Done, Matter};

/// When in a delivery a record takes effect: behind debtors and claims, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Of the case itself.
    Changes,
    /// Of what is claimed.
    Credits,
    /// Of what was paid.
    Payments,
    /// What somebody wants to know or to have said.
    Requests,
    /// What ends a case.
    Ends,
}

impl Phase {
    /// All, in order.
    pub(crate) const ALL: [Self; 5] = [Self::Changes, Self::Credits, Self::Payments, Self::Requests, Self::Ends];
}

/// By what a record finds its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// By the case, the debtor or a claim.
    Case,
    /// By the key of a booking as well: it takes that back.
    Booking,
    /// Where it names none of these, by the numbers in its texts.
    Text,
    /// It concerns none: see [`super::requests`].
    Nothing,
}

/// What a closed case means to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// Too late.
    Refused,
    /// Taken all the same, and said.
    Told,
    /// Nothing.
    Taken,
}

/// A record type.
pub(crate) struct Kind {
    /// Its name in a record.
    pub(crate) name: &'static str,
    pub(crate) phase: Phase,
    /// Whether clients may send it.
    pub(crate) for_clients: bool,
    /// Whether the back office may.
    pub(crate) for_office: bool,
    pub(crate) target: Target,
    /// What its `payment_number` is the key of.
    pub(crate) key: Option<&'static str>,
    pub(crate) closed: Closed,
    /// Changes the case, where it concerns one; when it refuses, it has changed nothing.
    pub(super) apply: fn(&mut Matter<'_>) -> Done,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Kind {
    /// What most have: for both sides, an open case, no key.
    const USUAL: Self = Self {
        name: "",
        phase: Phase::Changes,
        for_clients: true,
        for_office: true,
        target: Target::Case,
        key: None,
        closed: Closed::Refused,
        apply: |_| Ok(()),
    };

    /// Whether somebody on this side may send it.
    pub(crate) fn is_for(&self, side: Side) -> bool {
        match side {
            Side::Client => self.for_clients,
            Side::Office => self.for_office,
        }
    }
}

static ALL: [&Kind; 25] = [
    &address_change::KIND,
    &address_search::KIND,
    &agency_payment::KIND,
    &answer::KIND,
    &close::KIND,
    &cost::KIND,
    &credit_note::KIND,
    &credit_note_cancellation::KIND,
    &direct_payment::KIND,
    &dispute::KIND,
    &document::KIND,
    &handler_change::KIND,
    &history_entry::KIND,
    &hold::KIND,
    &message::KIND,
    &payment_cancellation::KIND,
    &payment_plan::KIND,
    &payout::KIND,
    &query::KIND,
    &recall::KIND,
    &reply::KIND,
    &request::KIND,
    &resume::KIND,
    &status_change::KIND,
    &write_off::KIND,
];

/// The record type of this name, if it is one of the desk.
pub(crate) fn kind(name: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|kind| kind.name == name)
}
