//! The totals line at the end of a list: recognised and left out.

use crate::fields::{Field, Kind};
use crate::fold::fold;
use crate::layout::mapping::{Mapping, Target};
use crate::record::Record;

/// Rows at the end among which a totals line is looked for.
pub const LAST_ROWS: u64 = 3;

/// Words that begin a totals line, folded.
const WORDS: &[&str] = &[
    "summe",
    "summen",
    "gesamt",
    "gesamtsumme",
    "gesamtbetrag",
    "endsumme",
    "total",
    "totals",
    "totale",
    "sum",
    "grandtotal",
    "ialt",
    "totalt",
    "summa",
];

/// The sums of the money columns so far.
#[derive(Debug, Default)]
pub struct Totals {
    sums: Vec<(Field, i128)>,
    records: u64,
}

impl Totals {
    /// Adds a record's amounts.
    pub fn add(&mut self, record: &Record) {
        self.records += 1;
        for (field, value) in record.values() {
            let crate::record::Value::Money(minor) = value else {
                continue;
            };
            match self.sums.iter_mut().find(|(known, _)| known == field) {
                Some((_, sum)) => *sum += i128::from(*minor),
                None => self.sums.push((*field, i128::from(*minor))),
            }
        }
    }

    /// Whether `record`, one of the last, is a totals line: it begins with such a word and has hardly more than
    /// amounts, or has amounts alone and they are the sums of what came before.
    pub fn is_totals_line(&self, record: &Record, mapping: &Mapping) -> bool {
        let mut labels = 0;
        let mut amounts = 0;
        let mut others = 0;
        for (index, cell) in record.raw.iter().enumerate() {
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            let money = mapping
                .columns
                .get(index)
                .is_some_and(|column| is_money(&column.target));
            if is_label(cell) {
                labels += 1;
            } else if money {
                amounts += 1;
            } else {
                others += 1;
            }
        }
        if labels > 0 {
            // A count of lines or a currency may stand beside the sum.
            return others <= 1 && amounts + others > 0;
        }
        let sums = |(field, value): &(Field, crate::record::Value)| match value {
            crate::record::Value::Money(minor) => self
                .sums
                .iter()
                .any(|(known, sum)| known == field && *sum == i128::from(*minor)),
            _ => true,
        };
        let read = record
            .values()
            .iter()
            .filter(|(field, _)| field.kind() == Kind::Money)
            .count();
        others == 0 && amounts > 0 && amounts == read && self.records > 0 && record.values().iter().all(sums)
    }
}

fn is_money(target: &Target) -> bool {
    target.fields().iter().any(|field| field.kind() == Kind::Money)
}

fn is_label(cell: &str) -> bool {
    if cell.len() > 60 {
        return false;
    }
    let first = cell.split([' ', ':', '(', '\t']).next().unwrap_or("");
    WORDS.contains(&fold(first).as_str()) || fold(cell).starts_with("ialt")
}
