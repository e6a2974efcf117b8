//! One cell into one field: cleaned, read by the field's type, found where it cannot be.

use std::borrow::Cow;

use super::RecordReader;
use crate::fields::{Field, Kind};
use crate::finding::{Code, Finding, Severity};
use crate::formats::Typed;
use crate::layout::mapping::Column;
use crate::layout::profile::window;
use crate::needed;
use crate::record::{Record, Value};
use crate::values::{Problem, boolean, code, date, money, percent, text};

/// Most digits of a number that a spreadsheet keeps exactly.
const EXACT_DIGITS: usize = 15;

/// A cell on its way into a field.
#[derive(Clone, Copy)]
pub(super) struct Cell<'r> {
    pub(super) index: usize,
    pub(super) column: &'r Column,
    /// As it came.
    pub(super) raw: &'r str,
    pub(super) typed: Option<&'r Typed>,
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

impl RecordReader<'_> {
    /// Reads the cell into `field`.
    pub(super) fn field(&self, record: &mut Record, field: Field, cell: Cell<'_>, currency: &str, exponent: u32) {
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
                Some(Typed::Number(number)) => percent::read_typed(number, text.contains('%')),
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
    pub(super) fn plain<'c>(&self, record: &mut Record, field: Field, cell: Cell<'c>) -> Option<Cow<'c, str>> {
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
            // A spreadsheet took `1-2` for a day.
            Some(Typed::Date(_)) if field.is_identifier() => {
                record.findings.push(damaged(Code::NumberDamaged));
                return (!matters(field)).then_some(Cow::Borrowed(cell.raw));
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
}

/// A damaged value of such a field rejects the record.
fn matters(field: Field) -> bool {
    matches!(field.kind(), Kind::Date | Kind::Money)
        || needed::identifies(field)
        || matches!(field, Field::CaseNumber | Field::PaymentNumber | Field::JointDebtorOf)
}

/// Sets a text, which is cut and found where it is longer than the field may be.
pub(super) fn set(record: &mut Record, cell: Cell<'_>, field: Field, text: &str) {
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
    if matches!(field, Field::Country | Field::DebtorCountry) {
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
