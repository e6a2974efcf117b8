//! Settling: what a line of a statement is, once it is read as a record, and the payment's number.

use super::columns::StatementColumns;
use super::repeats::{self, Repeats};
use super::{Counts, number};
use crate::fields::Field;
use crate::finding::{Code, Finding, Severity};
use crate::fold::fold;
use crate::formats::Unreadable;
use crate::record::{Record, Value};
use crate::values::text;

/// The record type of a payment on the agency's account.
pub const PAYMENT: &str = "agency_payment";

/// The record type of a return: a payment that is taken back.
pub const RETURN: &str = "payment_cancellation";

/// Folded words of a status, or in place of a day, of entries that are not booked yet.
const PENDING: &[&str] = &[
    "offen",
    "vorgemerkt",
    "umsatzvorgemerkt",
    "pending",
    "afventer",
    "venter",
    "reserveret",
    "gereserveerd",
    "reserved",
    "authorised",
    "inbehandeling",
];

/// Folded words of money that went out, and that came in.
const OUT: &[&str] = &["s", "soll", "d", "debit", "dbit", "debet", "af", "ausgang", "ud"];
const IN: &[&str] = &["h", "haben", "c", "credit", "crdt", "kredit", "bij", "eingang", "ind"];

/// Folded words of lines that state a balance; the first ones also stand in texts that people write.
const BALANCES: &[&str] = &["saldo", "kontostand", "balance"];
const NAMED_BALANCES: &[&str] = &[
    "anfangssaldo",
    "endsaldo",
    "alterkontostand",
    "neuerkontostand",
    "startsaldo",
    "slutsaldo",
    "beginsaldo",
    "eindsaldo",
    "openingbalance",
    "closingbalance",
];

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A payment, or something that has to be looked at.
    Record,
    /// Counted and left out.
    LeftOut,
    /// A balance.
    Balance,
}

/// Settles the lines of one part.
#[derive(Debug)]
pub struct Settling<'a> {
    columns: &'a StatementColumns,
    repeats: Repeats,
    /// What was left out so far.
    pub counts: Counts,
}

impl<'a> Settling<'a> {
    /// Begins a part with these columns.
    pub fn new(columns: &'a StatementColumns) -> Self {
        Self {
            columns,
            repeats: Repeats::default(),
            counts: Counts::default(),
        }
    }

    /// Takes a record in before all are settled, so that equal lines are known as such.
    ///
    /// # Errors
    /// `TOO_MANY_CELLS` when more equal lines come than can be told apart.
    pub fn note(&mut self, mut record: Record) -> Result<(), Unreadable> {
        if self.line(&mut record) == Kind::Record
            && let Some((_, number)) = self.content(&record)
            && !self.repeats.note(&number)
        {
            return Err(Finding::new(Code::TooManyCells).arg("limit", repeats::MOST).into());
        }
        Ok(())
    }

    /// Settles a record: completes a payment, counts what is none.
    pub fn settle(&mut self, record: &mut Record) -> Line {
        match self.line(record) {
            Kind::Record => {}
            Kind::Debit => {
                self.counts.debits += 1;
                return Line::LeftOut;
            }
            Kind::Pending => {
                self.counts.pending += 1;
                return Line::LeftOut;
            }
            Kind::Balance => return Line::Balance,
        }
        if let Some((field, content)) = self.content(record) {
            let number = self.repeats.number(content);
            record.set(field, Value::Text(number));
        }
        Line::Record
    }

    /// What the line is; its text is put together on the way.
    fn line(&self, record: &mut Record) -> Kind {
        let columns = self.columns;
        let cell = |index: usize| record.raw.get(index).map(fold).unwrap_or_default();
        let is =
            |index: Option<usize>, words: &[&str]| index.is_some_and(|index| words.contains(&cell(index).as_str()));
        if is(columns.status, PENDING) || columns.days.iter().any(|day| is(Some(*day), PENDING)) {
            return Kind::Pending;
        }
        if columns.signed && is_balance(record, &columns.texts) {
            return Kind::Balance;
        }
        let out = is(columns.direction, OUT);
        let unclear = columns
            .direction
            .filter(|index| !cell(*index).is_empty() && !out && !is(Some(*index), IN));
        let unread = || {
            record
                .findings
                .iter()
                .any(|finding| finding.field == Some(Field::Amount))
        };
        let negative = match record.money(Field::Amount) {
            Some(0) | None => columns.debit.is_some_and(|index| !cell(index).is_empty()) && !unread(),
            Some(minor) => minor < 0,
        };
        if columns.signed && (out || negative) {
            return Kind::Debit;
        }
        if let Some(index) = unclear {
            let value = record.raw.get(index).unwrap_or_default().trim().to_owned();
            let finding = Finding::new(Code::ValueUnreadable).severity(Severity::Error);
            let finding = finding.field(Field::Amount).value(&value);
            record
                .findings
                .push(finding.column(u32::try_from(index).unwrap_or(u32::MAX), None));
        }
        self.text(record);
        Kind::Record
    }

    /// Puts the pieces of the remittance text together and drops references that say that there is none.
    fn text(&self, record: &mut Record) {
        if record.text(Field::EndToEndId).is_some_and(number::is_none) {
            record.remove(Field::EndToEndId);
        }
        if self.columns.texts.len() < 2 {
            return;
        }
        let mut whole = String::new();
        for cell in self.columns.texts.iter().filter_map(|index| record.raw.get(*index)) {
            let clean = text::clean(cell, true).text;
            if !clean.is_empty() && !whole.is_empty() {
                whole.push(' ');
            }
            whole.push_str(&clean);
        }
        let limit = Field::Text.max_length();
        if let Some((end, _)) = whole.char_indices().nth(limit) {
            whole.truncate(end);
            let finding = Finding::new(Code::FieldTooLong).severity(Severity::Warning);
            record.findings.push(finding.field(Field::Text).arg("limit", limit));
        }
        if !whole.is_empty() {
            record.set(Field::Text, Value::Text(whole));
        }
    }

    /// The number that the content of a payment makes, or the reference that the content of a return makes; `None` where
    /// it has one, or its day or amount is missing.
    fn content(&self, record: &Record) -> Option<(Field, String)> {
        let field = match record.text(Field::RecordType)? {
            PAYMENT => Field::PaymentNumber,
            RETURN => Field::BankReference,
            _ => return None,
        };
        if record.get(field).is_some() {
            return None;
        }
        let day = record.date(Field::ValueDate)?.format("%Y%m%d").to_string();
        let amount = record.money(Field::Amount)?.to_string();
        let cell = |index: Option<usize>| index.and_then(|index| record.raw.get(index)).unwrap_or_default();
        let text = |field| record.text(field).unwrap_or_default();
        let ibans = record.list(Field::Iban).concat();
        let parts = [
            cell(self.columns.account),
            cell(self.columns.serial),
            &amount,
            text(Field::Currency),
            text(Field::AccountHolder),
            &ibans,
            text(Field::EndToEndId),
            text(Field::Text),
        ];
        Some((field, number::of_parts(&day, &parts)))
    }
}

/// What a line is, in detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Record,
    Debit,
    Pending,
    Balance,
}

/// A line that names a balance and nobody who paid.
fn is_balance(record: &Record, texts: &[usize]) -> bool {
    let balance = |(index, cell): (usize, &str)| {
        let word = fold(cell);
        let named = NAMED_BALANCES.contains(&word.as_str());
        named || (BALANCES.contains(&word.as_str()) && !texts.contains(&index))
    };
    record.get(Field::AccountHolder).is_none()
        && record.get(Field::Iban).is_none()
        && record.raw.iter().enumerate().any(balance)
}
