//! A record in the light of its case: what record types ask and do.

use std::collections::HashMap;

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::{Record, Value};

use super::Side;
use super::accounts::account_of;
use super::file::{CaseFile, NewBooking, NewPaper};
use super::find::By;
use super::work::Desk;
use crate::account::Terms;
use crate::model::{BookingKind, CaseId, ClaimId, Visibility};
use crate::papers::StoredPaper;

/// Why a record changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is wrong.
    Finding(Box<Finding>),
    /// It was done before.
    Duplicate,
}

impl From<Finding> for Refusal {
    fn from(finding: Finding) -> Self {
        Self::Finding(Box::new(finding))
    }
}

/// What a record type's effect comes to. Refused, it has changed nothing.
pub(super) type Done = Result<(), Refusal>;

/// Under which a booking is known: whose key it is (a creditor, or 0), what kind of order it names, the key.
pub(super) type KeyOf = (i64, &'static str, String);

/// The keys of bookings that this batch asks for, those of its own included.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) known: HashMap<KeyOf, (CaseId, i64)>,
    /// New ones, with the case and the provisional id.
    pub(super) added: Vec<(KeyOf, CaseId, i64)>,
}

/// A record, the case that it is about and what it may look at.
pub(super) struct Matter<'a> {
    pub(super) record: &'a Record,
    pub(super) file: &'a mut CaseFile,
    /// The claim that the record names.
    pub(super) claim: Option<ClaimId>,
    /// How it names the case.
    pub(super) by: By,
    /// The booking that a return of the bank takes back, where the record has no number of it.
    pub(super) takes_back: Option<i64>,
    pub(super) keys: &'a mut Keys,
    pub(super) desk: &'a Desk<'a>,
    /// What is to be told although the record is taken.
    pub(super) warnings: Vec<Finding>,
}

impl Matter<'_> {
    /// The day of the desk, in the client's time zone.
    pub(super) fn today(&self) -> NaiveDate {
        self.desk.today
    }

    pub(super) fn text(&self, field: Field) -> Option<&str> {
        self.record.text(field)
    }

    /// The day on which the record takes effect; today unless it says.
    pub(super) fn value_date(&self) -> NaiveDate {
        self.record.date(Field::ValueDate).unwrap_or_else(|| self.today())
    }

    /// That day, of what has happened.
    ///
    /// # Errors
    /// It lies ahead.
    pub(super) fn past_date(&self) -> Result<NaiveDate, Finding> {
        let day = self.value_date();
        if day > self.today() {
            let finding = Finding::new(Code::DateInFuture).field(Field::ValueDate);
            return Err(finding.value(&day.to_string()));
        }
        Ok(day)
    }

    pub(super) fn is_true(&self, field: Field) -> bool {
        matches!(self.record.get(field), Some(Value::Bool(true)))
    }

    /// The record's amount in minor units of the case's currency.
    ///
    /// # Errors
    /// None, not above zero, or in another currency: nothing is mixed without a rate.
    pub(super) fn amount(&self) -> Result<i64, Finding> {
        let amount = self.record.money(Field::Amount);
        let amount = amount.ok_or_else(|| Finding::new(Code::Required).field(Field::Amount))?;
        if amount <= 0 {
            return Err(Finding::new(Code::AmountNotPositive).field(Field::Amount));
        }
        self.same_currency()?;
        Ok(amount)
    }

    fn same_currency(&self) -> Result<(), Finding> {
        match self.text(Field::Currency) {
            Some(currency) if currency != self.file.case.currency => Err(Finding::new(Code::IncorrectCurrency)
                .field(Field::Currency)
                .value(currency)
                .arg("expected", &self.file.case.currency)),
            _ => Ok(()),
        }
    }

    /// The claim that the record names, or the only one of the case.
    ///
    /// # Errors
    /// When it names none and there are several.
    pub(super) fn one_claim(&self) -> Result<ClaimId, Finding> {
        match (self.claim, self.file.claims.as_slice()) {
            (Some(claim), _) => Ok(claim),
            (None, [only]) => Ok(only.id),
            _ => Err(Finding::new(Code::ClaimNotNamed).field(Field::InvoiceNumber)),
        }
    }

    /// The terms of the case's account.
    pub(super) fn terms(&self) -> Terms {
        let case = &self.file.case;
        (self.desk.rules.terms)(&case.client_key, &case.creditor, &case.currency, case.opened_at)
    }

    /// What is owed today, interest included; `None` where the account cannot be worked out.
    pub(super) fn balance(&self) -> Option<i64> {
        let account = account_of(self.file, self.desk.rules.sources, &self.terms(), self.today());
        account.ok().map(|account| account.balance)
    }

    /// The key that the record gives its order: its scope is the creditor, of what the agency books the agency.
    pub(super) fn key(&self, kind: &'static str) -> Option<KeyOf> {
        let scope = match self.desk.rules.side {
            Side::Client => self.file.debtor.creditor_id.0,
            Side::Office => 0,
        };
        Some((scope, kind, self.text(Field::PaymentNumber)?.to_owned()))
    }

    /// Whether an order with this key was booked before.
    ///
    /// # Errors
    /// [`Refusal::Duplicate`] when it was the same; a finding when it said something else.
    pub(super) fn is_new(&self, key: Option<&KeyOf>, order: (BookingKind, i64, NaiveDate)) -> Done {
        let Some((case, id)) = key.and_then(|key| self.keys.known.get(key)) else {
            return Ok(());
        };
        let known = self
            .file
            .bookings
            .iter()
            .find(|row| *case == self.file.case.id && row.id == *id);
        let differs = |field| Err(Finding::new(Code::DuplicateDiffers).field(field).into());
        match known {
            // On another case of the same scope.
            None => differs(Field::CaseNumber),
            Some(row) if row.kind != order.0 => differs(Field::RecordType),
            Some(row) if row.amount != order.1 => differs(Field::Amount),
            Some(row) if row.value_date != order.2 => differs(Field::ValueDate),
            Some(_) => Err(Refusal::Duplicate),
        }
    }

    /// Warns when an order without a key looks like one that was booked before.
    pub(super) fn looks_known(&mut self, key: Option<&KeyOf>, (kind, amount, day): (BookingKind, i64, NaiveDate)) {
        let same = |row: &&crate::model::BookingRow| row.kind == kind && row.amount == amount && row.value_date == day;
        if key.is_none() && self.file.in_force().any(|row| same(&row)) {
            self.warnings
                .push(Finding::new(Code::PossibleDuplicate).field(Field::PaymentNumber));
        }
    }

    /// Books under a key.
    pub(super) fn book(&mut self, booking: NewBooking, key: Option<KeyOf>) -> i64 {
        let id = self.file.book(booking);
        if let Some(key) = key {
            self.keys.known.insert(key.clone(), (self.file.case.id, id));
            self.keys.added.push((key, self.file.case.id, id));
        }
        id
    }

    /// A booking of this record, without claim and key.
    pub(super) fn booking(&self, kind: BookingKind, amount: i64) -> NewBooking {
        NewBooking {
            kind,
            claim: None,
            amount,
            value_date: self.value_date(),
            reversal_of: None,
            key: self.text(Field::PaymentNumber).map(str::to_owned),
            allocate_to: None,
            args: None,
            reference: None,
            place: (
                i64::from(self.record.position.part),
                i64::try_from(self.record.position.sequence).unwrap_or(i64::MAX),
            ),
        }
    }

    /// Files papers on the case; says how many were not there before.
    pub(super) fn file_papers(&mut self, papers: &[(&str, &StoredPaper)], visibility: Visibility) -> usize {
        let claim = self.claim;
        let mut added = 0;
        for (name, stored) in papers {
            if self.file.papers.insert(stored.sha256.clone()) {
                added += 1;
                self.file.changes.papers.push(NewPaper {
                    name: (*name).to_owned(),
                    stored: (*stored).clone(),
                    client: self.desk.client,
                    claim,
                    visibility,
                });
            }
        }
        added
    }

    /// Who may see what this record leaves: what a client says it sees; the agency's is internal unless it is marked.
    pub(super) fn visibility(&self) -> Visibility {
        match (self.desk.rules.side, self.text(Field::Visibility)) {
            (Side::Client, _) | (Side::Office, Some("client")) => Visibility::Client,
            (Side::Office, _) => Visibility::Internal,
        }
    }

    /// Adds to the history what everybody at the case may see.
    pub(super) fn note(&mut self, kind: &'static str, args: serde_json::Value) {
        self.file.note(kind, Visibility::Client, args);
    }

    /// The record's reason, for the history.
    pub(super) fn reason(&self) -> serde_json::Value {
        match self.text(Field::Reason) {
            Some(reason) => serde_json::json!({ "reason": reason }),
            None => serde_json::json!({}),
        }
    }

    /// Whether the case is closed, as a finding.
    ///
    /// # Errors
    /// It is.
    pub(super) fn needs_open(&self) -> Result<(), Finding> {
        if self.file.is_closed() {
            return Err(Finding::new(Code::CaseClosed).field(Field::CaseNumber));
        }
        Ok(())
    }
}
