//! Bank statements of ISO 20022: camt.053 (statement), camt.054 (notification) and camt.052 (report of the day).
//!
//! Each credited transaction is a row `agency_payment`, each return of an earlier credit a row `payment_cancellation`;
//! other debits, pending entries and own transfers that came back are counted. The columns are fields of the catalogue.
//! A return has the number of its original where the file has that, and a reference of its own by the same rules.
//! Elements are known by their place in the versions .001.02 to .001.13, whatever their prefix.
//!
//! The payment number is, in this order (`docs/bank-statements.md`):
//!
//! 1. `AcctSvcrRef` of the details, with `/n` where a neighbour in the entry has the same;
//! 2. `AcctSvcrRef` of the entry, with `/n` for the n-th of several details;
//! 3. a digest of `NtryRef`, account, day, amount and currency, with `/n` as before. Many banks count entries within a
//!    statement only, so that the reference alone would be given twice;
//! 4. nothing here: [`crate::statement`] makes one of all that the file says of the payment.

use std::fs::File;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::fields::Field;
use crate::finding::{Code, Finding, Severity};
use crate::formats::{PartHead, Row, Source, Typed, Unreadable};
use crate::limits::Limits;
use crate::staged::Dialect;
use crate::statement::settle::{PAYMENT, RETURN};
use crate::statement::{Counts, number as payment_number};

mod entry;
mod originals;
mod walk;

use entry::{Written, is_decimal};
use originals::{Original, Originals};
use walk::{Transaction, walk};

/// The columns.
const COLUMNS: &[Field] = &[
    Field::RecordType,
    Field::PaymentNumber,
    Field::ValueDate,
    Field::Amount,
    Field::Currency,
    Field::Text,
    Field::AccountHolder,
    Field::Iban,
    Field::Bic,
    Field::EndToEndId,
    Field::BankReference,
];

/// Whether the document may be a message of ISO 20022, by its root element.
pub fn is_message(file: &File, limits: &Limits) -> bool {
    walk::has_root(file, limits)
}

/// Opens a statement and reads it once, and once more if it has returns.
///
/// # Errors
/// A finding, as [`crate::formats::xml::open`]; `UNKNOWN_FORMAT` also for other messages and versions.
pub fn open(file: File, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    let mut originals = Originals::default();
    let encoding = walk(&file, limits, &mut |transaction| {
        originals.want(transaction);
        Ok(ControlFlow::Continue(()))
    })?;
    if !originals.is_empty() {
        walk(&file, limits, &mut |transaction| {
            originals.meet(transaction);
            Ok(ControlFlow::Continue(()))
        })?;
    }
    let dialect = Dialect::Xml {
        encoding: encoding.to_owned(),
    };
    Ok(Box::new(Camt {
        file,
        limits: limits.clone(),
        originals,
        counts: Counts::default(),
        head: [PartHead {
            member: None,
            sheet: None,
            dialect,
        }],
    }))
}

struct Camt {
    file: File,
    limits: Limits,
    originals: Originals,
    counts: Counts,
    head: [PartHead; 1],
}

impl Source for Camt {
    fn parts(&self) -> &[PartHead] {
        &self.head
    }

    fn rows(
        &mut self,
        index: usize,
        visit: &mut dyn FnMut(&mut Row) -> Result<ControlFlow<()>, Unreadable>,
    ) -> Result<(), Unreadable> {
        if index > 0 {
            return Ok(());
        }
        self.counts = Counts::default();
        let mut row = Row {
            cells: COLUMNS.iter().map(|field| field.as_str()).collect(),
            ..Row::default()
        };
        if visit(&mut row)?.is_break() {
            return Ok(());
        }
        let (originals, counts) = (&self.originals, &mut self.counts);
        let mut batch = Batch::default();
        // A row waits for the next one of its entry, or the end of it: only there it is known what does not agree.
        let mut waits = false;
        walk(&self.file, &self.limits, &mut |transaction| {
            let differs = batch.see(transaction);
            let kind = kind(transaction);
            match kind {
                Kind::Pending => counts.pending += 1,
                Kind::Debit => counts.debits += 1,
                Kind::OwnReturned => counts.returned += 1,
                Kind::Payment | Kind::Return | Kind::Unknown => {
                    if waits && visit(&mut row)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                    counts.unnumbered += u64::from(number(transaction).is_empty());
                    fill(&mut row, transaction, kind, originals);
                    waits = true;
                }
            }
            if transaction.last.is_some() && std::mem::take(&mut waits) {
                row.defects.extend(differs);
                return visit(&mut row);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(())
    }

    fn statement(&self) -> Option<Counts> {
        Some(self.counts)
    }
}

/// What a transaction is to the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Payment,
    /// An earlier payment was taken back.
    Return,
    /// A fee, a transfer of the agency's own.
    Debit,
    /// A transfer of the agency's own came back.
    OwnReturned,
    /// Not booked (yet).
    Pending,
    /// The file does not say whether it is booked, or which way the money went, or contradicts itself.
    Unknown,
}

/// Sub-families of reversals in the external code set of ISO 20022: after a return, an unpaid or reversed direct debit,
/// a cancellation request. They only say that a debit takes a payment back; a credit is left out by more than a code.
const REVERSALS: &[&str] = &["RRTN", "UPDD", "PRDD", "RPCR"];

fn kind(transaction: &Transaction<'_>) -> Kind {
    let entry = transaction.entry;
    let returned = matches!(entry.reversal.as_str(), "true" | "1") || transaction.detail.is_some_and(|d| d.returned);
    let own = transaction.detail.map_or("", |detail| &detail.sub_family);
    let reversal = [own, &entry.sub_family].iter().any(|code| REVERSALS.contains(code));
    match (entry.status.as_str(), direction(transaction)) {
        ("PDNG" | "INFO" | "FUTR", _) => Kind::Pending,
        // Some banks mark each transfer of an outgoing batch as a credit, namely the payee's.
        ("BOOK", "CRDT") if entry.direction == "DBIT" => Kind::Unknown,
        ("BOOK", "CRDT") if returned => Kind::OwnReturned,
        ("BOOK", "CRDT") => Kind::Payment,
        ("BOOK", "DBIT") if returned || reversal => Kind::Return,
        ("BOOK", "DBIT") => Kind::Debit,
        _ => Kind::Unknown,
    }
}

/// `CRDT` or `DBIT`: of the entry as booked; in a batch each of its details may say its own.
fn direction<'a>(transaction: &Transaction<'a>) -> &'a str {
    match transaction.detail {
        Some(detail) if transaction.several && !detail.direction.is_empty() => &detail.direction,
        _ => &transaction.entry.direction,
    }
}

/// The amount as booked; of several details each one's own.
fn amount_of<'a>(transaction: &Transaction<'a>) -> &'a Written {
    match transaction.detail {
        Some(detail) if transaction.several => detail.own_amount(),
        _ => &transaction.entry.amount,
    }
}

/// The currency beside the amount, else the account's; may be empty.
fn currency_of<'a>(transaction: &Transaction<'a>) -> &'a str {
    match amount_of(transaction).currency.as_str() {
        "" => transaction.account_currency,
        currency => currency,
    }
}

/// The day of a date or a time, as the file writes it: `2026-03-15`, `2026-03-15T23:30:00+01:00`, `2026-03-15Z`.
fn day(text: &str) -> Option<NaiveDate> {
    let (date, rest) = text.split_at_checked(10)?;
    if !(rest.is_empty() || rest.starts_with(['T', 'Z', '+', '-'])) {
        return None;
    }
    NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()
}

/// The payment number by the rules above; empty where only the content is left.
fn number(transaction: &Transaction<'_>) -> String {
    let entry = transaction.entry;
    let position = transaction.several.then_some(transaction.position);
    if let Some(detail) = transaction.detail
        && !detail.servicer_reference.is_empty()
        && detail.servicer_reference != entry.servicer_reference
    {
        let shared = position.filter(|_| transaction.shared_reference);
        return payment_number::of_reference(&detail.servicer_reference, shared);
    }
    if !entry.servicer_reference.is_empty() {
        return payment_number::of_reference(&entry.servicer_reference, position);
    }
    if entry.reference.is_empty() {
        return String::new();
    }
    let day = day(&entry.booked).or_else(|| day(&entry.value));
    let day = day.map_or(String::new(), |day| day.format("%Y%m%d").to_string());
    let parts = [
        entry.reference.as_str(),
        transaction.account,
        &entry.amount.number,
        &entry.amount.currency,
    ];
    payment_number::of_reference(&payment_number::of_parts(&day, &parts), position)
}

/// Makes the row of a transaction.
fn fill(row: &mut Row, transaction: &Transaction<'_>, kind: Kind, originals: &Originals) {
    let entry = transaction.entry;
    row.number = transaction.line;
    row.defects.clear();
    row.typed.clear();
    row.cells.clear();
    let original = (kind == Kind::Return).then(|| originals.of(transaction));
    let (record_type, payment_number, bank_reference) = match &original {
        Some(Original::One(number)) => (RETURN, number.clone(), self::number(transaction)),
        Some(_) => (RETURN, String::new(), number(transaction)),
        None => (PAYMENT, number(transaction), String::new()),
    };
    let date = if entry.value.is_empty() {
        &entry.booked
    } else {
        &entry.value
    };
    let day = day(date);
    // Without a time, so that a correction file holds what its own schema takes.
    let date = day.map_or_else(|| date.clone(), |day| day.to_string());
    let currency = currency_of(transaction);
    let amount = match kind {
        Kind::Return => &taken_back(transaction, currency).number,
        _ => &amount_of(transaction).number,
    };
    let detail = |text: fn(&entry::Detail) -> &String| transaction.detail.map_or("", |detail| text(detail));
    let text = [detail(|d| &d.remittance), detail(|d| &d.additional), &entry.additional];
    let text = text.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    for cell in [
        record_type,
        &payment_number,
        &date,
        amount,
        currency,
        text,
        detail(|d| &d.debtor),
        detail(|d| &d.iban),
        detail(|d| &d.bic),
        detail(|d| &d.end_to_end),
        &bank_reference,
    ] {
        row.cells.push(cell);
    }
    if let Some(at) = day.and_then(|day| day.and_hms_opt(0, 0, 0)) {
        row.typed.push((place(Field::ValueDate), Typed::Date(at)));
    }
    if is_decimal(amount) {
        row.typed.push((place(Field::Amount), Typed::Number(amount.clone())));
    }
    if currency.is_empty() {
        let finding = Finding::new(Code::Required).field(Field::Currency);
        row.defects
            .push(finding.column(place(Field::Currency), Some(Field::Currency.as_str())));
    }
    if kind == Kind::Unknown {
        row.defects.push(unclear(transaction));
    }
    if original == Some(&Original::Several) {
        let finding = Finding::new(Code::AmbiguousReturn).field(Field::PaymentNumber);
        row.defects
            .push(finding.column(place(Field::PaymentNumber), Some(Field::PaymentNumber.as_str())));
    }
}

/// The amount of the payment that a return takes back: the instructed one, where the bank adds its fee to that.
fn taken_back<'a>(transaction: &Transaction<'a>, currency: &str) -> &'a Written {
    let booked = amount_of(transaction);
    let instructed = transaction.detail.map(|detail| &detail.instructed);
    let instructed = instructed.filter(|instructed| instructed.currency == currency);
    let minor = |written: &Written| written.minor(currency).filter(|minor| *minor > 0);
    match instructed.and_then(|instructed| Some((instructed, minor(instructed)?, minor(booked)?))) {
        Some((instructed, original, with_fee)) if original < with_fee => instructed,
        _ => booked,
    }
}

/// What keeps an entry from being understood: its status, or else which way the money went.
fn unclear(transaction: &Transaction<'_>) -> Finding {
    let (element, value) = match transaction.entry.status.as_str() {
        "BOOK" => ("CdtDbtInd", direction(transaction)),
        status => ("Sts", status),
    };
    Finding::new(Code::ValueUnreadable)
        .severity(Severity::Error)
        .column(place(Field::RecordType), Some(element))
        .field(Field::RecordType)
        .value(value)
}

/// The column of a field.
fn place(field: Field) -> u32 {
    let at = COLUMNS.iter().position(|column| *column == field);
    at.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX)
}

/// Whether the details of a booking make it up.
#[derive(Default)]
struct Batch {
    /// Sum of the details so far in minor units; `None` where one cannot be added.
    sum: Option<i128>,
}

impl Batch {
    /// Takes a transaction in; at the last one of a booking, what does not agree.
    fn see(&mut self, transaction: &Transaction<'_>) -> Option<Finding> {
        if transaction.position == 1 {
            self.sum = Some(0);
        }
        let entry = transaction.entry;
        let currency = entry.amount.currency.as_str();
        let amount = amount_of(transaction);
        let sign = match (entry.direction.as_str(), direction(transaction)) {
            // Nothing says for certain which way it went.
            ("DBIT", "CRDT") => None,
            (entry, own) => Some(if own == entry { 1 } else { -1 }),
        };
        let minor = amount.minor(currency).filter(|_| amount.currency == currency);
        let signed = sign.zip(minor).map(|(sign, minor)| sign * i128::from(minor));
        self.sum = self.sum.zip(signed).map(|(sum, signed)| sum + signed);
        let details = transaction.last?;
        let differs = Finding::new(Code::BatchDiffers).field(Field::Amount);
        if entry.batch > 1 && entry.batch != details {
            return Some(differs.arg("expected", entry.batch).arg("found", details));
        }
        let (sum, booked) = (self.sum?, i128::from(entry.amount.minor(currency)?));
        (details > 1 && sum != booked).then(|| {
            let text = |minor: i128| {
                let exponent = crate::values::money::exponent(currency).unwrap_or(2);
                format!("{} {currency}", decimal(minor, exponent))
            };
            differs.arg("expected", text(booked)).arg("found", text(sum))
        })
    }
}

/// Minor units as a decimal text with a point.
fn decimal(minor: i128, exponent: u32) -> String {
    let digits = usize::try_from(exponent).unwrap_or(0);
    let text = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let sign = if minor < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}
