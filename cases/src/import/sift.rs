//! What can be said of a record without looking at others: its kind, its creditor, the mandate, what it needs.

use std::collections::HashMap;

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding, Severity};
use dropcase_parsers::record::Record;

use super::{ImportJob, MandatePeriod};
use crate::checks::name_key;
use crate::desk::{self, Kind, Side};

/// Longest text that stands in an index: PostgreSQL refuses index rows above some 2,700 bytes.
const KEY_BYTES: usize = 500;

/// Highest amount in minor units: the sums of five million of them still fit.
const HIGHEST_AMOUNT: i64 = 1_000_000_000_000;

/// Kinds of record that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A claim; joins the debtor's open case in its currency or opens one.
    NewClaim,
    /// An invoice to a running case: the same, but it does not open a second case in another currency.
    AdditionalClaim,
    /// Master data alone.
    Debtor,
}

impl Sort {
    /// Whether it brings a claim.
    pub(super) fn is_claim(self) -> bool {
        self != Self::Debtor
    }
}

/// What makes a record a candidate for import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Good {
    /// Its kind.
    pub(super) sort: Sort,
    /// The creditor's row.
    pub(super) creditor: i64,
    /// Folded name; empty when the record names nobody.
    pub(super) name_key: String,
    /// Running number of its debtor in the batch, and of its claim: the same key, the same number.
    pub(super) keys: (usize, Option<usize>),
}

/// A record with what was made of it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The record, with all its findings.
    pub(super) record: Record,
    /// `None`: rejected, or for the desk.
    pub(super) good: Option<Good>,
    /// What it is on the case desk, where it is no claim and no debtor.
    pub(super) desk: Option<&'static Kind>,
}

impl Entry {
    /// The creditor's number of the debtor.
    pub(super) fn debtor_number(&self) -> &str {
        self.record.text(Field::DebtorNumber).unwrap_or_default()
    }

    /// What names the claim: the invoice number, else the contract number.
    pub(super) fn reference(&self) -> Option<&str> {
        reference(&self.record)
    }

    /// Currency of its amounts.
    pub(super) fn currency(&self) -> &str {
        self.record.text(Field::Currency).unwrap_or_default()
    }
}

/// What names the claim of a record.
pub(super) fn reference(record: &Record) -> Option<&str> {
    record
        .text(Field::InvoiceNumber)
        .or_else(|| record.text(Field::ContractNumber))
}

/// What the records are held against.
#[derive(Debug)]
pub(super) struct Sieve {
    /// Creditors of the client: lower-case code to row; a client that is its own creditor has '' alone.
    creditors: HashMap<String, (String, i64)>,
    mandates: Vec<MandatePeriod>,
    side: Side,
    today: NaiveDate,
}

impl Sieve {
    /// Holds records against the client's `creditors` (code, row) and against the job's mandates and day.
    pub(super) fn new(creditors: Vec<(i64, String)>, job: &ImportJob<'_>) -> Self {
        let creditors = creditors
            .into_iter()
            .map(|(id, code)| (code.to_lowercase(), (code, id)))
            .collect();
        Self {
            creditors,
            mandates: job.mandates.to_vec(),
            side: job.rules.side,
            today: job.today,
        }
    }

    /// Judges one record; what is found is added to it.
    pub(super) fn sift(&self, mut record: Record) -> Entry {
        if record.is_rejected() {
            return Entry {
                record,
                good: None,
                desk: None,
            };
        }
        let kind = record.text(Field::RecordType).and_then(desk::kind);
        let desk = kind.filter(|kind| kind.is_for(self.side));
        let good = match desk {
            Some(_) => None,
            None => self.judge(&record).map_err(|f| record.findings.push(f)).ok(),
        };
        Entry { record, good, desk }
    }

    fn judge(&self, record: &Record) -> Result<Good, Finding> {
        let sort = match record.text(Field::RecordType) {
            // The back office works on cases; it hands none over.
            _ if self.side == Side::Office => {
                let other = record.text(Field::RecordType).unwrap_or("new_claim");
                return Err(Finding::new(Code::RecordTypeNotTaken)
                    .field(Field::RecordType)
                    .value(other));
            }
            None | Some("new_claim") => Sort::NewClaim,
            Some("additional_claim") => Sort::AdditionalClaim,
            Some("debtor") => Sort::Debtor,
            Some(other) => {
                return Err(Finding::new(Code::RecordTypeNotTaken)
                    .field(Field::RecordType)
                    .value(other));
            }
        };
        let creditor = self.creditor(record)?;
        if let Some(finding) = beyond(record) {
            return Err(finding);
        }
        match needed(record, sort) {
            Some(field) => Err(Finding::new(Code::Required).field(field)),
            None => Ok(Good {
                sort,
                creditor,
                name_key: name_key(record),
                keys: (0, None),
            }),
        }
    }

    /// A client that is its own creditor may name one: it is itself.
    fn creditor(&self, record: &Record) -> Result<i64, Finding> {
        let code = record.text(Field::Creditor).unwrap_or_default();
        let own = self.creditors.get("").filter(|_| self.creditors.len() == 1);
        let Some((code, id)) = own.or_else(|| self.creditors.get(&code.to_lowercase())) else {
            return Err(Finding::new(Code::UnknownCreditor).field(Field::Creditor).value(code));
        };
        let in_force = |mandate: &MandatePeriod| {
            mandate.from <= self.today
                && mandate.to.is_none_or(|to| self.today <= to)
                && mandate.creditor.as_ref().is_none_or(|only| only == code)
        };
        if self.mandates.iter().any(in_force) {
            Ok(*id)
        } else {
            Err(Finding::new(Code::NoMandate).field(Field::Creditor))
        }
    }
}

/// The first thing without which nothing can be booked. The parser and the checks have said so before; this keeps the
/// database safe from a staged file that skipped them.
fn needed(record: &Record, sort: Sort) -> Option<Field> {
    let missing = |field| record.text(field).is_none().then_some(field);
    let claim = || {
        let reference = reference(record).is_none().then_some(Field::InvoiceNumber);
        let amount = record.money(Field::PrincipalAmount).is_none_or(|amount| amount <= 0);
        reference
            .or(amount.then_some(Field::PrincipalAmount))
            .or_else(|| missing(Field::Currency))
    };
    missing(Field::DebtorNumber).or_else(|| if sort.is_claim() { claim() } else { None })
}

/// What the database could not hold: keys too long for an index, amounts whose sums would overflow.
fn beyond(record: &Record) -> Option<Finding> {
    let too_long = |text: &str| text.len() > KEY_BYTES;
    let texts = [
        Field::DebtorNumber,
        Field::InvoiceNumber,
        Field::ContractNumber,
        Field::FirstName,
        Field::LastName,
    ];
    let lists = [Field::Email, Field::Phone, Field::Mobile, Field::Fax, Field::Iban];
    let long = texts
        .into_iter()
        .chain([Field::CompanyName])
        .find(|field| record.text(*field).is_some_and(too_long));
    let long = long.or_else(|| {
        lists
            .into_iter()
            .find(|field| record.list(*field).iter().any(|text| too_long(text)))
    });
    if let Some(field) = long {
        return Some(Finding::new(Code::FieldTooLong).field(field).arg("limit", KEY_BYTES));
    }
    let amounts = [
        Field::PrincipalAmount,
        Field::OriginalAmount,
        Field::DunningCosts,
        Field::OtherCosts,
        Field::PaymentsReceived,
    ];
    let field = amounts
        .into_iter()
        .find(|field| record.money(*field).is_some_and(|amount| amount > HIGHEST_AMOUNT))?;
    let currency = record.text(Field::Currency).unwrap_or_default();
    let digits = iso_currency::Currency::from_code(currency)
        .and_then(iso_currency::Currency::exponent)
        .unwrap_or(2);
    let limit = HIGHEST_AMOUNT / 10_i64.pow(digits.into());
    let finding = Finding::new(Code::AmountTooHigh).severity(Severity::Error).field(field);
    Some(
        finding
            .arg("limit", format!("{limit} {currency}"))
            .arg("reason", "beyond"),
    )
}
