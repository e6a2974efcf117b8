//! The canonical record: what one line of a handover says, in the field catalogue's terms.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::fields::Field;
use crate::finding::{Finding, Severity};

/// Where a record stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Part of the delivery (a member of a bundle, a sheet), from 0.
    pub part: u32,
    /// Running number of the record in its part, from 1: the key of its result.
    pub sequence: u64,
    /// Row as the client sees it in Excel or an editor, from 1 (the line where the record begins in a text file).
    pub row: u64,
}

/// A typed value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Text, trimmed, never empty.
    Text(String),
    /// A calendar date.
    Date(#[serde(with = "days")] NaiveDate),
    /// Integer minor units of the record's currency.
    Money(i64),
    /// A rate in ten-thousandths of a percent (`5.12 %` is 51,200).
    Percent(i64),
    /// Yes or no.
    Bool(bool),
    /// A field that may be given several times (e-mails, phones, IBANs, attachments).
    List(Vec<String>),
}

/// Dates in a staged file: a million records have several million of them, and a number is read faster than a text.
mod days {
    use chrono::{Datelike, NaiveDate};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(date: &NaiveDate, out: S) -> Result<S::Ok, S::Error> {
        if out.is_human_readable() {
            date.serialize(out)
        } else {
            date.num_days_from_ce().serialize(out)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<NaiveDate, D::Error> {
        if input.is_human_readable() {
            return NaiveDate::deserialize(input);
        }
        let days = i32::deserialize(input)?;
        NaiveDate::from_num_days_from_ce_opt(days).ok_or_else(|| D::Error::custom("a day outside the calendar"))
    }
}

/// The cells of a row as they came, for the correction file; one string and the ends of its cells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    text: String,
    ends: Vec<u32>,
}

impl Cells {
    /// Appends a cell.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        // A row is bounded by `Limits::row_bytes`, far below 4 GiB.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all cells.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// No cell at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell at `index`, from 0.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        self.text.get(start..end)
    }

    /// All cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Hands the cells out and leaves room for as many.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let empty = Self {
            text: String::with_capacity(self.text.len()),
            ends: Vec::with_capacity(self.ends.len()),
        };
        std::mem::replace(self, empty)
    }

    /// Forgets all cells and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

impl<S: AsRef<str>> FromIterator<S> for Cells {
    fn from_iter<I: IntoIterator<Item = S>>(cells: I) -> Self {
        let mut row = Self::default();
        for cell in cells {
            row.push(cell.as_ref());
        }
        row
    }
}

const _: () = assert!(
    Field::ALL.len() <= u128::BITS as usize,
    "`Record::present` has a bit a field"
);

const fn bit(field: Field) -> u128 {
    1 << field as u32
}

/// One line of a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Where it stands.
    pub position: Position,
    /// Values by field, sorted by field; a field without a value is absent.
    values: Vec<(Field, Value)>,
    /// The fields that have a value, a bit each: how many stand before one says where its value is.
    present: u128,
    /// Unknown columns with their values, kept with the claim: (header, value).
    pub extra: Vec<(String, String)>,
    /// The row as it came.
    pub raw: Cells,
    /// What was found wrong with it so far.
    pub findings: Vec<Finding>,
}

impl Record {
    /// An empty record.
    pub fn new(position: Position, raw: Cells) -> Self {
        Self {
            position,
            values: Vec::with_capacity(32),
            present: 0,
            extra: Vec::new(),
            raw,
            findings: Vec::new(),
        }
    }

    /// The value of `field`.
    pub fn get(&self, field: Field) -> Option<&Value> {
        match self.place(field) {
            (true, index) => self.values.get(index).map(|(_, value)| value),
            (false, _) => None,
        }
    }

    /// Whether `field` has a value, and where it stands or would stand.
    fn place(&self, field: Field) -> (bool, usize) {
        let bit = bit(field);
        (
            self.present & bit != 0,
            (self.present & (bit - 1)).count_ones() as usize,
        )
    }

    /// Sets `field`, replacing what it had.
    pub fn set(&mut self, field: Field, value: Value) {
        match self.place(field) {
            (true, index) => self.values[index].1 = value,
            (false, index) => {
                self.values.insert(index, (field, value));
                self.present |= bit(field);
            }
        }
    }

    /// Takes the value of `field` out.
    pub fn remove(&mut self, field: Field) -> Option<Value> {
        let (true, index) = self.place(field) else { return None };
        self.present &= !bit(field);
        Some(self.values.remove(index).1)
    }

    /// All values in the order of the catalogue.
    pub fn values(&self) -> &[(Field, Value)] {
        &self.values
    }

    /// The text of `field`.
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The date of `field`.
    pub fn date(&self, field: Field) -> Option<NaiveDate> {
        match self.get(field)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The amount of `field` in minor units of the record's currency.
    pub fn money(&self, field: Field) -> Option<i64> {
        match self.get(field)? {
            Value::Money(minor) => Some(*minor),
            _ => None,
        }
    }

    /// The values of a field that may be given several times.
    pub fn list(&self, field: Field) -> &[String] {
        match self.get(field) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// Whether a finding rejects the record.
    pub fn is_rejected(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}
