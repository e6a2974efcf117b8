//! Rows to records: each cell by its column's target, each problem as a finding.

use std::borrow::Cow;

use crate::fields::{Field, Kind};
use crate::finding::{Code, Finding, Severity};
use crate::formats::{Row, Typed};
use crate::job::{DateOrder, Job, NumberFormat};
use crate::layout::combined::{self, Name};
use crate::layout::mapping::{Column, Mapping, Target};
use crate::layout::profile::{Profile, window};
use crate::needed;
use crate::record::{Position, Record, Value};
use crate::values::{Problem, boolean, code, date, money, percent, text};

/// Most digits of a number that a spreadsheet keeps exactly.
const EXACT_DIGITS: usize = 15;

/// Reads the rows of one part.
#[derive(Debug)]
pub struct RecordReader<'a> {
    mapping: &'a Mapping,
    job: &'a Job,
    /// Values of the client's layout for fields that the row does not bring.
    defaults: Vec<(Field, &'a str)>,
    /// How each column is written.
    written: Vec<Written>,
    /// Columns of amounts in which currencies stand beside the numbers.
    signed: Vec<usize>,
    currency_column: Option<usize>,
    name_column: Option<usize>,
    width: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Written {
    number: Option<NumberFormat>,
    date: Option<DateOrder>,
}

/// A cell on its way into a field.
#[derive(Clone, Copy)]
struct Cell<'r> {
    index: usize,
    column: &'r Column,
    /// As it came.
    raw: &'r str,
    typed: Option<&'r Typed>,
}

impl Cell<'_> {
    fn finding(&self, code: Code, field: Field) -> Finding {
        self.place(Finding::new(code)).field(field).value(self.raw.trim())
    }

    fn place(&self, finding: Finding) -> Finding {
        let index = u32::try_from(self.index).unwrap_or(u32::MAX);
        finding.column(
            index,
            Some(self.column.header.as_str()).filter(|header| !header.is_empty()),
        )
    }
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
        let defaults = own.map(|layout| {
            layout
                .defaults
                .iter()
                .map(|(field, text)| (*field, text.as_str()))
                .collect()
        });
        // Columns behind the last header bring nothing and must be empty.
        let width = mapping
            .columns
            .iter()
            .rposition(|column| !column.header.is_empty())
            .map_or(0, |last| last + 1);
        Self {
            mapping,
            job,
            defaults: defaults.unwrap_or_default(),
            written,
            signed: (0..mapping.columns.len())
                .filter(|column| profile.has_signs(*column))
                .collect(),
            currency_column: mapping.column_of(Field::Currency),
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
        let mut record = Record::new(position, crate::record::Cells::default());
        record.findings.append(&mut row.defects);
        let currency = self.currency(row);
        let exponent = money::exponent(&currency).unwrap_or(2);
        let mut typed = row.typed.iter().peekable();
        for (index, (column, raw)) in self.mapping.columns.iter().zip(row.cells.iter()).enumerate() {
            let typed = typed.next_if(|(at, _)| *at as usize == index).map(|(_, typed)| typed);
            if raw.is_empty() && typed.is_none() || Some(index) == self.name_column {
                continue;
            }
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
        record.raw = std::mem::take(&mut row.cells);
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

    fn cell(&self, record: &mut Record, cell: Cell<'_>, currency: &str, exponent: u32) {
        match &cell.column.target {
            Target::Field(Field::Currency) | Target::Ignored | Target::Name => {}
            Target::Field(field) => self.field(record, *field, cell, currency, exponent),
            Target::Several(fields) => {
                for field in fields {
                    self.field(record, *field, cell, currency, exponent);
                }
            }
            Target::Unknown => {
                let clean = text::clean(cell.raw, true);
                if !clean.text.is_empty() {
                    let name = match cell.column.header.as_str() {
                        "" => format!("#{}", cell.index + 1),
                        header => header.to_owned(),
                    };
                    record.extra.push((name, clean.text.into_owned()));
                }
            }
            Target::Street => self.split(record, cell, Field::Street, |record, text| {
                let street = combined::street(text);
                set(record, cell, Field::Street, street.street);
                set(record, cell, Field::HouseNumber, street.number.unwrap_or(""));
                if let Some(extra) = street.extra {
                    match record.text(Field::AddressExtra) {
                        Some(_) => record.set(Field::Street, Value::Text(text.to_owned())),
                        None => set(record, cell, Field::AddressExtra, extra),
                    }
                }
            }),
            Target::PostalCity => {
                let alone = if cell.raw.bytes().any(|b| b.is_ascii_digit()) && !cell.raw.contains(' ') {
                    Field::PostalCode
                } else {
                    Field::City
                };
                self.split(record, cell, alone, |record, text| match combined::postal_city(text) {
                    Some((code, city)) => {
                        set(record, cell, Field::PostalCode, code);
                        set(record, cell, Field::City, city);
                    }
                    None => set(record, cell, alone, text),
                });
            }
            Target::Address => self.split(record, cell, Field::Street, |record, text| {
                let (line, place) = combined::address(text).map_or((text, None), |(line, place)| (line, Some(place)));
                let street = combined::street(line);
                set(record, cell, Field::Street, street.street);
                set(record, cell, Field::HouseNumber, street.number.unwrap_or(""));
                set(record, cell, Field::AddressExtra, street.extra.unwrap_or(""));
                if let Some((code, city)) = place {
                    set(record, cell, Field::PostalCode, code);
                    set(record, cell, Field::City, city);
                }
            }),
        }
    }

    /// Cleans the text of a combined column and hands it to its rule.
    fn split(&self, record: &mut Record, cell: Cell<'_>, field: Field, rule: impl FnOnce(&mut Record, &str)) {
        if let Some(text) = self.plain(record, field, cell) {
            rule(record, &text);
        }
    }

    fn field(&self, record: &mut Record, field: Field, cell: Cell<'_>, currency: &str, exponent: u32) {
        let Some(text) = self.plain(record, field, cell) else {
            return;
        };
        let text = text.as_ref();
        let read = match field.kind() {
            Kind::Money => return self.money(record, field, cell, text, (currency, exponent)),
            Kind::Date => return self.date(record, field, cell, text),
            Kind::List => return list(record, field, text),
            Kind::Text => return set(record, cell, field, text),
            Kind::Percent => match cell.typed {
                Some(Typed::Number(number)) => percent::read_typed(number),
                _ => percent::read(text),
            }
            .ok()
            .map(Value::Percent),
            Kind::Bool => match cell.typed {
                Some(Typed::Bool(yes)) => Some(*yes),
                _ => boolean::read(text),
            }
            .map(Value::Bool),
            Kind::Code => code_value(field, cell, text).map(Value::Text),
        };
        match read {
            Some(value) => record.set(field, value),
            None if field == Field::RecordType => record.findings.push(cell.finding(Code::UnknownRecordType, field)),
            None => {
                record.findings.push(cell.finding(Code::ValueUnreadable, field));
                record.set(field, Value::Text(text.to_owned()));
            }
        }
    }

    /// The cell's text as it may be kept; `None` for nothing, a placeholder or a value that is damaged.
    fn plain<'c>(&self, record: &mut Record, field: Field, cell: Cell<'c>) -> Option<Cow<'c, str>> {
        let lines = matches!(
            field,
            Field::Memo | Field::Text | Field::ClaimReason | Field::Attachment
        );
        let name = matches!(field, Field::FirstName | Field::LastName | Field::CompanyName);
        let damaged = |code| {
            let severity = if matters(field) {
                Severity::Error
            } else {
                Severity::Warning
            };
            cell.finding(code, field).severity(severity)
        };
        match cell.typed {
            Some(Typed::Error(_)) => {
                record.findings.push(damaged(Code::CellError));
                return None;
            }
            Some(Typed::Number(number)) if field.is_identifier() => return self.number(record, field, cell, number),
            _ => {}
        }
        let clean = text::clean(cell.raw, lines);
        if clean.replaced {
            record.findings.push(cell.finding(Code::ControlCharacters, field));
        }
        if clean.text.is_empty() || text::is_placeholder(&clean.text, name) {
            return None;
        }
        if text::is_cell_error(&clean.text) {
            record.findings.push(damaged(Code::CellError));
            return None;
        }
        if field.is_identifier() && cell.typed.is_none() && text::is_scientific(&clean.text) {
            record.findings.push(damaged(Code::NumberDamaged));
            return (!matters(field)).then_some(clean.text);
        }
        Some(clean.text)
    }

    /// A number that only names something, out of a spreadsheet's numeric cell.
    fn number<'c>(&self, record: &mut Record, field: Field, cell: Cell<'c>, number: &'c str) -> Option<Cow<'c, str>> {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if digits > EXACT_DIGITS || number.contains(['e', 'E']) {
            let severity = if matters(field) {
                Severity::Error
            } else {
                Severity::Warning
            };
            record
                .findings
                .push(cell.finding(Code::NumberDamaged, field).severity(severity));
            return (!matters(field)).then_some(Cow::Borrowed(number));
        }
        // The cell's own text may show zeros that its number has lost (a postcode formatted as 00000).
        let shown = cell.raw.trim();
        let same = shown.trim_start_matches('0') == number && shown.bytes().all(|b| b.is_ascii_digit());
        if same && !shown.is_empty() {
            return Some(Cow::Borrowed(shown));
        }
        // German postcodes always have five digits: only a leading zero can be missing.
        if field == Field::PostalCode && self.job.country == "DE" && number.len() == 4 && digits == 4 {
            return Some(Cow::Owned(format!("0{number}")));
        }
        Some(Cow::Borrowed(number))
    }

    fn money(&self, record: &mut Record, field: Field, cell: Cell<'_>, text: &str, (currency, exponent): (&str, u32)) {
        let read = match cell.typed {
            Some(Typed::Number(number)) => {
                money::Amount::read_typed(number).and_then(|amount| amount.minor_typed(exponent))
            }
            Some(Typed::Date(_) | Typed::Bool(_)) => Err(Problem::Unreadable),
            _ => match money::Amount::read(text, self.written[cell.index].number) {
                Ok(amount) if amount.currency.is_some_and(|written| !money::means(written, currency)) => {
                    record
                        .findings
                        .push(cell.finding(Code::IncorrectCurrency, field).arg("expected", currency));
                    return;
                }
                amount => amount.and_then(|amount| amount.minor(exponent)),
            },
        };
        match read {
            Ok(minor) => record.set(field, Value::Money(minor)),
            Err(problem) => {
                let code = match problem {
                    Problem::Unreadable => Code::AmountUnreadable,
                    Problem::Ambiguous => Code::AmountAmbiguous,
                    Problem::Precision => Code::AmountPrecision,
                };
                record
                    .findings
                    .push(cell.finding(code, field).arg("currency", currency));
            }
        }
    }

    fn date(&self, record: &mut Record, field: Field, cell: Cell<'_>, text: &str) {
        let read = match cell.typed {
            Some(Typed::Date(at)) => Ok(at.date()),
            Some(Typed::Bool(_)) => Err(Problem::Unreadable),
            // A number without a date format: 20260315 is a date, 46096 may be anything.
            _ => date::read(text, self.written[cell.index].date, window(field)),
        };
        match read {
            Ok(date) => record.set(field, Value::Date(date)),
            Err(Problem::Ambiguous) => record.findings.push(cell.finding(Code::DateAmbiguous, field)),
            Err(_) => record.findings.push(cell.finding(Code::DateUnreadable, field)),
        }
    }

    /// The whole name, once it is known whether the record is about a person.
    fn name(&self, record: &mut Record, row: &Row) {
        let Some(index) = self.name_column else { return };
        let Some(raw) = row.cells.get(index).filter(|raw| !raw.is_empty()) else {
            return;
        };
        let at = u32::try_from(index).unwrap_or(u32::MAX);
        let typed = row
            .typed
            .iter()
            .find(|(column, _)| *column == at)
            .map(|(_, typed)| typed);
        let cell = Cell {
            index,
            column: &self.mapping.columns[index],
            raw,
            typed,
        };
        let Some(text) = self.plain(record, Field::LastName, cell) else {
            return;
        };
        if record.get(Field::LastName).is_some() || record.get(Field::CompanyName).is_some() {
            record.extra.push((cell.column.header.clone(), text.into_owned()));
            return;
        }
        let person = match (record.text(Field::DebtorType), record.text(Field::Salutation)) {
            (Some("person"), _) | (None, Some("mr" | "ms")) => Some(true),
            (Some("company"), _) | (None, Some("company")) => Some(false),
            _ if record.get(Field::BirthDate).is_some() => Some(true),
            _ => None,
        };
        match combined::name(&text, person) {
            Name::Person { first, last } => {
                set(record, cell, Field::FirstName, first);
                set(record, cell, Field::LastName, last);
            }
            Name::Company(name) => set(record, cell, Field::CompanyName, name),
            Name::Whole(name) => set(record, cell, Field::LastName, name),
        }
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

/// A damaged value of such a field rejects the record.
fn matters(field: Field) -> bool {
    matches!(field.kind(), Kind::Date | Kind::Money)
        || needed::identifies(field)
        || matches!(field, Field::CaseNumber | Field::PaymentNumber | Field::JointDebtorOf)
}

/// Sets a text, which is cut and found where it is longer than the field may be.
fn set(record: &mut Record, cell: Cell<'_>, field: Field, text: &str) {
    if text.is_empty() {
        return;
    }
    let limit = field.max_length();
    // Most texts have fewer bytes than the field may have characters.
    let end = if text.len() <= limit {
        None
    } else {
        text.char_indices().nth(limit).map(|(at, _)| at)
    };
    if end.is_some() {
        let severity = if matters(field) {
            Severity::Error
        } else {
            Severity::Warning
        };
        record.findings.push(
            cell.finding(Code::FieldTooLong, field)
                .severity(severity)
                .arg("limit", limit),
        );
    }
    record.set(field, Value::Text(text[..end.unwrap_or(text.len())].to_owned()));
}

/// Adds the values of a cell to those of other columns for the same field.
fn list(record: &mut Record, field: Field, text: &str) {
    let blanks = matches!(field, Field::Email);
    let items = text
        .split(|c: char| matches!(c, ';' | ',' | '\n') || (blanks && c.is_whitespace()))
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned);
    let mut all = match record.remove(field) {
        Some(Value::List(all)) => all,
        _ => Vec::new(),
    };
    for item in items {
        if !all.contains(&item) {
            all.push(item);
        }
    }
    if !all.is_empty() {
        record.set(field, Value::List(all));
    }
}

fn code_value(field: Field, cell: Cell<'_>, text: &str) -> Option<String> {
    if let Some(sides) = cell.column.yes_no
        && let Some(yes) = boolean::read(text)
    {
        return Some(if yes { sides.yes } else { sides.no }.to_owned());
    }
    if field == Field::Country {
        // Which two letters exist is for the checks to say.
        let code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        return Some(if code {
            text.to_ascii_uppercase()
        } else {
            code::read(field, text).unwrap_or(text.to_owned())
        });
    }
    code::read(field, text)
}
