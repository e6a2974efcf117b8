//! Rows to records: each cell by its column's target, each problem as a finding.

mod cell;
mod combine;

use crate::fields::{Field, Kind};
use crate::finding::{Code, Finding};
use crate::formats::{Row, Typed};
use crate::job::{DateOrder, Job, NumberFormat};
use crate::layout::mapping::{Mapping, Target};
use crate::layout::profile::{Profile, window};
use crate::needed;
use crate::record::{Cells, Position, Record, Value};
use crate::statement::settle;
use crate::values::{boolean, code, date, money, percent, text};

use cell::Cell;

/// Reads the rows of one part.
#[derive(Debug)]
pub struct RecordReader<'a> {
    mapping: &'a Mapping,
    job: &'a Job,
    /// Values of the client's layout for fields that the row does not bring.
    defaults: Vec<(Field, &'a str)>,
    /// How each column is written.
    written: Vec<Written>,
    /// The columns in the order of their fields, so that values are only appended to a record.
    order: Vec<usize>,
    /// Columns of amounts in which currencies stand beside the numbers.
    signed: Vec<usize>,
    currency_column: Option<usize>,
    name_column: Option<usize>,
    postcode_column: Option<usize>,
    width: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Written {
    number: Option<NumberFormat>,
    date: Option<DateOrder>,
}

impl<'a> RecordReader<'a> {
    /// A reader of rows that follow `mapping` and are written as `profile` shows.
    pub fn new(mapping: &'a Mapping, profile: &Profile, job: &'a Job) -> Self {
        let own = mapping.own.and_then(|own| job.layouts.get(own));
        let written = (0..mapping.columns.len())
            .map(|column| Written {
                number: own
                    .and_then(|layout| layout.number_format)
                    .or(profile.number_format(column))
                    .or(job.number_format),
                date: own
                    .and_then(|layout| layout.date_order)
                    .or(profile.date_order(column))
                    .or(job.date_order),
            })
            .collect();
        let mut defaults: Vec<(Field, &str)> = own.map_or_else(Vec::new, |layout| {
            let defaults = layout.defaults.iter();
            defaults.map(|(field, text)| (*field, text.as_str())).collect()
        });
        if mapping.statement.is_some() && own.is_none() {
            defaults.push((Field::RecordType, settle::PAYMENT));
        }
        if mapping.requests {
            defaults.push((Field::RecordType, "request"));
        }
        let mut order: Vec<usize> = (0..mapping.columns.len()).collect();
        order.retain(|index| !matches!(mapping.columns[*index].target, Target::Name | Target::Ignored));
        order.sort_by_key(|index| mapping.columns[*index].target.fields().first().copied());
        // Columns behind the last header bring nothing and must be empty.
        let width = mapping
            .columns
            .iter()
            .rposition(|column| !column.header.is_empty())
            .map_or(0, |last| last + 1);
        Self {
            mapping,
            job,
            defaults,
            written,
            order,
            signed: (0..mapping.columns.len())
                .filter(|column| profile.has_signs(*column))
                .collect(),
            currency_column: mapping.column_of(Field::Currency),
            postcode_column: mapping.column_of(Field::PostalCode),
            name_column: mapping.columns.iter().position(|column| column.target == Target::Name),
            width: if mapping.has_header {
                width
            } else {
                mapping.columns.len()
            },
        }
    }

    /// Reads a row; its cells move into the record as they came.
    pub fn read(&self, row: &mut Row, position: Position) -> Record {
        let mut record = Record::new(position, Cells::default());
        record.findings.append(&mut row.defects);
        let currency = self.currency(row);
        let exponent = money::exponent(&currency).unwrap_or(2);
        for &index in &self.order {
            let typed = typed(row, index);
            let Some(raw) = row.cells.get(index) else { continue };
            if raw.is_empty() && typed.is_none() {
                continue;
            }
            let column = &self.mapping.columns[index];
            let cell = Cell {
                index,
                column,
                raw,
                typed,
            };
            self.cell(&mut record, cell, &currency, exponent);
        }
        self.name(&mut record, row);
        for (field, text) in &self.defaults {
            if record.get(*field).is_none() {
                self.default(&mut record, *field, text, exponent);
            }
        }
        self.complete(&mut record, currency);
        self.postcode(&mut record, row);
        record.raw = row.cells.take();
        record
    }

    /// The record's currency: its column, else what a header says, else a sign beside an amount, else the client's.
    fn currency(&self, row: &Row) -> String {
        if let Some(raw) = self.currency_column.and_then(|index| row.cells.get(index)) {
            let cleaned = text::clean(raw, false).text;
            if cleaned == self.job.currency {
                return self.job.currency.clone();
            }
            if let Some(code) = code::read(Field::Currency, &cleaned) {
                return code;
            }
            // That it is unknown is for the checks to find.
            if !cleaned.is_empty() && !text::is_placeholder(&cleaned, false) {
                return cleaned.chars().take(10).collect::<String>().to_uppercase();
            }
        }
        if let Some(currency) = &self.mapping.currency {
            return currency.clone();
        }
        let sign = self.signed.iter().find_map(|column| {
            money::named(
                money::Amount::read(row.cells.get(*column)?, self.written[*column].number)
                    .ok()?
                    .currency?,
            )
        });
        sign.unwrap_or(&self.job.currency).to_owned()
    }

    /// A value of the client's layout, read as if it stood in a cell of a column without a header.
    fn default(&self, record: &mut Record, field: Field, text: &str, exponent: u32) {
        let value = match field.kind() {
            Kind::Money => money::Amount::read(text, Some(NumberFormat::DecimalPoint))
                .and_then(|amount| amount.minor(exponent))
                .ok()
                .map(Value::Money),
            Kind::Date => date::read(text, self.job.date_order, window(field))
                .ok()
                .map(Value::Date),
            Kind::Percent => percent::read(text).ok().map(Value::Percent),
            Kind::Bool => boolean::read(text).map(Value::Bool),
            Kind::Code => code::read(field, text).map(Value::Text),
            Kind::List => Some(Value::List(vec![text.to_owned()])),
            Kind::Text => Some(Value::Text(text.to_owned())),
        };
        match value {
            Some(value) => record.set(field, value),
            None => record
                .findings
                .push(Finding::new(Code::ValueUnreadable).field(field).value(text)),
        }
    }

    /// What is said explicitly in every record, and what stands for what.
    fn complete(&self, record: &mut Record, currency: String) {
        record.set(Field::Currency, Value::Text(currency));
        if record.get(Field::Country).is_none() {
            record.set(Field::Country, Value::Text(self.job.country.clone()));
        }
        let unknown = record
            .findings
            .iter()
            .any(|finding| finding.code == Code::UnknownRecordType);
        if record.get(Field::RecordType).is_none() && !unknown {
            record.set(Field::RecordType, Value::Text("new_claim".to_owned()));
        }
        let claim = record.text(Field::RecordType).is_some_and(needed::is_claim);
        if claim {
            stand_in(record, Field::Amount, Field::PrincipalAmount);
            stand_in(record, Field::Reason, Field::ClaimReason);
        }
        if self.job.debtor_number_from_invoice
            && claim
            && record.get(Field::DebtorNumber).is_none()
            && let Some(number) = record.text(Field::InvoiceNumber).map(str::to_owned)
        {
            record.set(Field::DebtorNumber, Value::Text(number));
        }
        if record.get(Field::DebtorType).is_none() {
            let kind = match (record.get(Field::CompanyName), record.get(Field::FirstName)) {
                (Some(_), _) => Some("company"),
                (None, Some(_)) => Some("person"),
                _ => None,
            };
            if let Some(kind) = kind {
                record.set(Field::DebtorType, Value::Text(kind.to_owned()));
            }
        }
    }

    /// Brings back the zero that a numeric cell has lost: German postcodes always have five digits.
    fn postcode(&self, record: &mut Record, row: &Row) {
        let Some(index) = self.postcode_column else { return };
        if !matches!(typed(row, index), Some(Typed::Number(_))) || record.text(Field::Country) != Some("DE") {
            return;
        }
        if let Some(short) = record.text(Field::PostalCode)
            && short.len() == 4
            && short.bytes().all(|byte| byte.is_ascii_digit())
        {
            let whole = format!("0{short}");
            record.set(Field::PostalCode, Value::Text(whole));
        }
    }

    /// Adds to a record that is otherwise read and judged: more fields than the header, or fewer where that explains
    /// what is wrong with it (spreadsheets leave empty fields at the end out).
    pub fn width(&self, record: &mut Record) {
        let (expected, found) = (self.width, record.raw.len());
        let beyond = self.mapping.columns.len().max(expected);
        let more = (beyond..found).any(|index| record.raw.get(index).is_some_and(|cell| !cell.trim().is_empty()));
        let code = match more {
            true => Code::TooManyFields,
            false if found < expected && record.is_rejected() => Code::TooFewFields,
            false => return,
        };
        record
            .findings
            .push(Finding::new(code).arg("expected", expected).arg("found", found));
    }
}

/// What the format itself says of the cell at `index`.
fn typed(row: &Row, index: usize) -> Option<&Typed> {
    if row.typed.is_empty() {
        return None;
    }
    let at = u32::try_from(index).ok()?;
    let found = row.typed.binary_search_by_key(&at, |(column, _)| *column).ok()?;
    row.typed.get(found).map(|(_, typed)| typed)
}

/// Moves a value to the field that it stands for in this type of record, if that has none.
fn stand_in(record: &mut Record, from: Field, to: Field) {
    if record.get(to).is_none()
        && let Some(value) = record.remove(from)
    {
        record.set(to, value);
        for finding in record.findings.iter_mut().filter(|finding| finding.field == Some(from)) {
            finding.field = Some(to);
        }
    }
}
