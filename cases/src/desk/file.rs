//! A case as it lies on the desk: what is known of it, and what the records so far have changed.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::model::{
    BookingKind, BookingRow, CaseRow, ClaimId, ClaimRow, ContactKind, DebtorRow, MessageKind, Processing, Stage,
    Visibility,
};
use crate::papers::StoredPaper;

/// A booking that a record orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewBooking {
    pub(crate) kind: BookingKind,
    /// The claim that it names.
    pub(crate) claim: Option<ClaimId>,
    /// Minor units: what is owed is positive, what was paid negative.
    pub(crate) amount: i64,
    pub(crate) value_date: NaiveDate,
    /// The booking that it takes back: a row of the ledger, or below zero one of [`Changes::bookings`].
    pub(crate) reversal_of: Option<i64>,
    pub(crate) key: Option<String>,
    pub(crate) allocate_to: Option<String>,
    /// JSON object.
    pub(crate) args: Option<String>,
    /// The payer's reference, by which a return of the bank finds it.
    pub(crate) reference: Option<String>,
    /// Part and sequence of the record.
    pub(crate) place: (i64, i64),
}

/// A line of the history that a record orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewHistory {
    pub(crate) kind: &'static str,
    pub(crate) visibility: Visibility,
    /// JSON object.
    pub(crate) args: Option<String>,
}

/// A message that a record orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewMessage {
    pub(crate) kind: MessageKind,
    pub(crate) text: String,
    pub(crate) reply_by_mail: bool,
    /// The row of the message that it answers.
    pub(crate) answers: Option<i64>,
    /// The papers that came with it, by their content.
    pub(crate) papers: Vec<String>,
}

/// A paper that a record files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewPaper {
    /// As the client called it.
    pub(crate) name: String,
    pub(crate) stored: StoredPaper,
    /// The client in whose folder of the store it lies.
    pub(crate) client: i64,
    /// The claim that the record names.
    pub(crate) claim: Option<ClaimId>,
    pub(crate) visibility: Visibility,
}

/// A payment plan that a record orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewPlan {
    /// Due date and amount of each instalment, in order.
    pub(crate) instalments: Vec<(NaiveDate, i64)>,
}

/// What the agency paid on to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewPayout {
    pub(crate) amount: i64,
    pub(crate) value_date: NaiveDate,
    pub(crate) key: Option<String>,
}

/// A message whose answer is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenMessage {
    pub(crate) id: i64,
    pub(crate) kind: MessageKind,
    pub(crate) reply_by_mail: bool,
}

/// What the records have changed so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) bookings: Vec<NewBooking>,
    pub(crate) history: Vec<NewHistory>,
    pub(crate) messages: Vec<NewMessage>,
    pub(crate) papers: Vec<NewPaper>,
    pub(crate) plans: Vec<NewPlan>,
    pub(crate) payouts: Vec<NewPayout>,
    /// The state of the running plan became this.
    pub(crate) plan_ended: Option<&'static str>,
    /// Claims that the debtor disputes from now on.
    pub(crate) disputed: Vec<ClaimId>,
    /// The debtor's row changed.
    pub(crate) debtor: bool,
    /// Ways to reach the debtor.
    pub(crate) contacts: Vec<(ContactKind, String)>,
    /// Columns of the case changed.
    pub(crate) case: bool,
}

/// A case on the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// The case.
    pub case: CaseRow,
    /// Who owes.
    pub debtor: DebtorRow,
    /// Its claims, oldest first.
    pub claims: Vec<ClaimRow>,
    /// Its ledger, in the order of booking. Rows that are not written yet have ids below zero.
    pub bookings: Vec<BookingRow>,
    /// Messages and queries without an answer, oldest first.
    pub(crate) open: Vec<OpenMessage>,
    /// The papers that lie on it, by their content.
    pub(crate) papers: HashSet<String>,
    /// A payment plan is running.
    pub(crate) has_plan: bool,
    /// What is to be written.
    pub(crate) changes: Changes,
}

impl CaseFile {
    /// Whether nobody works on it any more.
    pub fn is_closed(&self) -> bool {
        self.case.closed_at.is_some() || self.case.processing == Processing::Ended
    }

    /// Books; yields the provisional id.
    pub(crate) fn book(&mut self, booking: NewBooking) -> i64 {
        self.changes.bookings.push(booking.clone());
        let id = -i64::try_from(self.changes.bookings.len()).unwrap_or(i64::MAX);
        self.bookings.push(BookingRow {
            id,
            case_id: self.case.id,
            claim_id: booking.claim,
            kind: booking.kind,
            amount: booking.amount,
            currency: self.case.currency.clone(),
            value_date: booking.value_date,
            booked_at: self.case.opened_at,
            reversal_of: booking.reversal_of,
            key: booking.key,
            allocate_to: booking.allocate_to,
            args: booking.args,
            delivery_id: None,
        });
        id
    }

    /// Adds to the history.
    pub(crate) fn note(&mut self, kind: &'static str, visibility: Visibility, args: serde_json::Value) {
        let args = args
            .as_object()
            .is_some_and(|object| !object.is_empty())
            .then(|| args.to_string());
        self.changes.history.push(NewHistory { kind, visibility, args });
    }

    /// Moves the case to another stage.
    pub(crate) fn set_stage(&mut self, stage: Stage) {
        self.case.stage = stage;
        self.changes.case = true;
    }

    /// Pauses the case up to a day, or until somebody resumes it; or lets it go on.
    pub(crate) fn set_processing(&mut self, processing: Processing, until: Option<NaiveDate>) {
        self.case.processing = processing;
        self.case.paused_until = until;
        self.changes.case = true;
    }

    /// Ends the case.
    pub(crate) fn close(&mut self, reason: &str) {
        self.case.stage = Stage::Ended;
        self.case.closing_reason = Some(reason.to_owned());
        self.set_processing(Processing::Ended, None);
        if std::mem::take(&mut self.has_plan) {
            self.changes.plan_ended = Some("ended");
        }
    }

    /// The bookings that are in force: neither taken back nor taking back, by id.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = &BookingRow> {
        let reversed: std::collections::HashSet<i64> = self.bookings.iter().filter_map(|row| row.reversal_of).collect();
        self.bookings
            .iter()
            .filter(move |row| row.reversal_of.is_none() && !reversed.contains(&row.id))
    }

    /// Whether a booking was taken back.
    pub(crate) fn is_reversed(&self, booking: i64) -> bool {
        self.bookings.iter().any(|row| row.reversal_of == Some(booking))
    }

    /// What the ledger says is open of each claim (its principal less credit notes and recalls), without payments and
    /// interest.
    pub(crate) fn claimed(&self) -> HashMap<ClaimId, i64> {
        let mut sums = HashMap::new();
        for row in self.in_force() {
            let (Some(claim), BookingKind::Principal | BookingKind::CreditNote | BookingKind::Recall) =
                (row.claim_id, row.kind)
            else {
                continue;
            };
            *sums.entry(claim).or_default() += row.amount;
        }
        sums
    }
}
