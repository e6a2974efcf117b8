//! The acknowledgement for people: one line a record, as CSV or XLSX, headings and words in the client's language.

use dropcase_cases::model::{Mode, Outcome, Status};
use dropcase_parsers::finding::{Finding, Severity};

use super::facts::{Facts, FileFinding, Line};
use crate::language::{Advice, Language, Place, digits_of};
use crate::names::answer_name;
use crate::writers::{Cell, Column, TableWriter, WriteError};

/// Several findings of one record stand in one cell, separated by this.
const BETWEEN: &str = " | ";

/// The columns and their widths in characters.
const COLUMNS: [(&str, u16); 11] = [
    ("sheet", 14),
    ("row", 7),
    ("outcome", 18),
    ("case_number", 14),
    ("debtor_number", 16),
    ("invoice_number", 18),
    ("amount", 13),
    ("currency", 9),
    ("code", 24),
    ("field", 18),
    ("message", 90),
];

/// `<name>.<taken>-of-<submitted>.<id>.ack.<ext>`, with `VALIDATION` in it when nothing was imported.
pub fn file_name(facts: &Facts, extension: &str) -> String {
    let delivery = facts.delivery();
    let mark = if facts.is_validation() { ".VALIDATION" } else { "" };
    // What came before was not taken over again.
    let taken = if facts.status() == Status::Dupl {
        0
    } else {
        delivery.accepted
    };
    let suffix = format!(
        "{mark}.{taken}-of-{}.{}.ack.{extension}",
        delivery.submitted, delivery.code
    );
    answer_name(&delivery.name, &suffix)
}

/// The columns in the client's language.
pub fn columns(language: &Language) -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|(name, width)| Column::new(language.heading(name), *width))
        .collect()
}

/// Writes the whole acknowledgement: what was found in the file, then one line a record.
///
/// # Errors
/// When `lines` or the table fail.
pub fn write(
    facts: &Facts,
    lines: &mut dyn Iterator<Item = Result<Line, WriteError>>,
    table: &mut dyn TableWriter,
    language: &Language,
) -> Result<(), WriteError> {
    for finding in &facts.findings {
        file_line(facts, finding, table, language)?;
    }
    for line in lines {
        record_line(facts, &line?, table, language)?;
    }
    table.finish()
}

fn file_line(
    facts: &Facts,
    found: &FileFinding,
    table: &mut dyn TableWriter,
    language: &Language,
) -> Result<(), WriteError> {
    let row = found
        .row
        .and_then(|row| i64::try_from(row).ok())
        .map_or(Cell::Empty, Cell::Integer);
    let Advice { message, fix } = facts.file_advice(found, language);
    table.row(&[
        Cell::text(found.part.and_then(|part| facts.sheet(part))),
        row,
        Cell::text(Some(language.word("outcome-file"))),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::text(Some(found.finding.code.as_str())),
        Cell::text(field_name(&found.finding, language)),
        Cell::text(Some(format!("{message} {fix}"))),
    ])
}

fn record_line(facts: &Facts, line: &Line, table: &mut dyn TableWriter, language: &Language) -> Result<(), WriteError> {
    let result = &line.result;
    let currency = result.currency.as_deref().unwrap_or_default();
    let amount = match result.amount {
        Some(minor) => Cell::Money {
            minor,
            digits: digits_of(currency),
        },
        None => Cell::Empty,
    };
    let findings = by_weight(line);
    let joined = |text: &dyn Fn(&Finding) -> Option<String>| {
        let mut texts: Vec<String> = findings.iter().filter_map(|finding| text(finding)).collect();
        texts.dedup();
        texts.join(BETWEEN)
    };
    table.row(&[
        Cell::text(facts.sheet(result.part)),
        Cell::Integer(result.source_row),
        Cell::text(Some(outcome_word(facts.delivery().mode, result.outcome, language))),
        Cell::text(result.case_number.as_deref()),
        Cell::text(result.debtor_number.as_deref()),
        Cell::text(result.reference.as_deref()),
        amount,
        Cell::text(result.currency.as_deref()),
        Cell::text(Some(joined(&|finding| Some(finding.code.as_str().to_owned())))),
        Cell::text(Some(joined(&|finding| field_name(finding, language)))),
        Cell::text(Some(joined(&|finding| {
            Some(language.sentence(finding, Place::default()))
        }))),
    ])
}

/// Errors before warnings before information: what must be done comes first.
pub(super) fn by_weight(line: &Line) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = line.findings.iter().collect();
    findings.sort_by_key(|finding| match finding.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    });
    findings
}

fn outcome_word(mode: Mode, outcome: Outcome, language: &Language) -> String {
    match mode {
        Mode::Import => language.word(&format!("outcome-{outcome}")),
        Mode::Validate => language.word(&format!("outcome-{outcome}-validate")),
    }
}

fn field_name(finding: &Finding, language: &Language) -> Option<String> {
    finding
        .field
        .map(|field| language.field(field))
        .or_else(|| finding.header.clone())
}
