//! The acknowledgement for people: one line a record, as CSV or XLSX, headings and words in the client's language.

use dropcase_cases::model::{Mode, Outcome, Status};
use dropcase_parsers::finding::{Finding, Severity};

use super::facts::{Facts, FileFinding, Line};
use super::sentences::Sentences;
use crate::language::{Advice, Language, digits_of};
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
    language: &'static Language,
) -> Result<(), WriteError> {
    for finding in &facts.findings {
        file_line(facts, finding, table, language)?;
    }
    let mut words = Words::new(facts.delivery().mode, language);
    for line in lines {
        record_line(facts, &line?, table, &mut words)?;
    }
    table.finish()
}

/// The words that lines are made of, each put together once.
struct Words {
    language: &'static Language,
    outcomes: Vec<(Outcome, String)>,
    sentences: Sentences,
}

impl Words {
    fn new(mode: Mode, language: &'static Language) -> Self {
        let outcomes = Outcome::ALL
            .iter()
            .map(|outcome| (*outcome, outcome_word(mode, *outcome, language)));
        Self {
            language,
            outcomes: outcomes.collect(),
            sentences: Sentences::new(language),
        }
    }

    fn outcome(&self, outcome: Outcome) -> &str {
        self.outcomes
            .iter()
            .find(|(known, _)| *known == outcome)
            .map_or("", |(_, word)| word)
    }
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

fn record_line(facts: &Facts, line: &Line, table: &mut dyn TableWriter, words: &mut Words) -> Result<(), WriteError> {
    let result = &line.result;
    let currency = result.currency.as_deref().unwrap_or_default();
    let amount = match result.amount {
        Some(minor) => Cell::Money {
            minor,
            digits: digits_of(currency),
        },
        None => Cell::Empty,
    };
    let (mut codes, mut fields, mut messages) = (Joined::default(), Joined::default(), Joined::default());
    for finding in by_weight(line) {
        codes.add(finding.code.as_str());
        fields.add(&field_name(finding, words.language).unwrap_or_default());
        words
            .sentences
            .say(result.part, finding, |said| messages.add(&said.sentence));
    }
    table.row(&[
        Cell::text(facts.sheet(result.part)),
        Cell::Integer(result.source_row),
        Cell::text(Some(words.outcome(result.outcome))),
        Cell::text(result.case_number.as_deref()),
        Cell::text(result.debtor_number.as_deref()),
        Cell::text(result.reference.as_deref()),
        amount,
        Cell::text(result.currency.as_deref()),
        Cell::text(Some(codes.text)),
        Cell::text(Some(fields.text)),
        Cell::text(Some(messages.text)),
    ])
}

/// Texts in one cell; the same one twice in a row is said once.
#[derive(Default)]
struct Joined {
    text: String,
    last: usize,
}

impl Joined {
    fn add(&mut self, text: &str) {
        if text.is_empty() || self.text.get(self.last..) == Some(text) {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(BETWEEN);
        }
        self.last = self.text.len();
        self.text.push_str(text);
    }
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
