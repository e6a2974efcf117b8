//! The lists to fill in, as CSV and as XLSX with drop-downs, notes and a guide.
//!
//! The example lines are such that they never take effect when they are left in by mistake.

use std::io::Cursor;
use std::path::Path;

use chrono::DateTime;
use dropcase_config::{Client, Locale};
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::needed::Need;
use rust_xlsxwriter::{DataValidation, Format, Note, Worksheet};

use super::guide::Guide;
use crate::language::Language;
use crate::writers::csv::CsvTable;
use crate::writers::xlsx::{SHEET_ROWS, header_format, sheet_name, workbook};
use crate::writers::{Cell, Column, TableWriter, WriteError};

/// Currencies that the drop-down offers after the client's own.
const CURRENCIES: [&str; 8] = ["EUR", "DKK", "SEK", "NOK", "CHF", "GBP", "PLN", "USD"];

/// A drop-down takes so many characters, commas included.
const CHOICES: usize = 255;

/// What a list to fill in asks for.
pub(super) struct Form {
    /// The columns.
    pub(super) fields: Vec<Field>,
    /// Example lines: a cell for each column.
    pub(super) lines: Vec<Vec<Cell<'static>>>,
    /// The key of the word for the list's sheet.
    pub(super) sheet: &'static str,
    /// What explains it.
    pub(super) guide: Guide,
}

/// The list as CSV.
pub(super) fn csv(form: &Form, client: &Client) -> Result<Vec<u8>, WriteError> {
    let language = Language::of(client.locale);
    let columns: Vec<Column> = form
        .fields
        .iter()
        .map(|field| Column::new(language.field(*field), 18))
        .collect();
    let mut out = Vec::new();
    let mut table = CsvTable::new(&mut out, language, &columns)?;
    for line in &form.lines {
        let cells: Vec<Cell<'_>> = line.iter().map(|cell| readable(cell, language)).collect();
        table.row(&cells)?;
    }
    table.finish()?;
    drop(table);
    Ok(out)
}

/// Day and month cannot be told apart in `02-01-2026`: where the language writes dates so, the list shows ISO dates.
fn readable(cell: &Cell<'static>, language: &Language) -> Cell<'static> {
    match cell {
        Cell::Date(date) if language.locale() == Locale::Da => Cell::text(Some(date.to_string())),
        other => other.clone(),
    }
}

/// The list as a workbook; the same settings make the same bytes.
pub(super) fn xlsx(form: &Form, client: &Client, temp: &Path) -> Result<Vec<u8>, WriteError> {
    let language = Language::of(client.locale);
    let mut book = workbook(temp, DateTime::UNIX_EPOCH + chrono::TimeDelta::days(365 * 50))?;
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(&language.word(form.sheet), 1))?;
    sheet.set_freeze_panes(1, 0)?;
    let header = header_format();
    for (place, column) in (0..form.fields.len()).zip(0u16..) {
        let field = form.fields[place];
        let format = column_format(field, language);
        sheet.set_column_width(column, 18)?;
        sheet.set_column_format(column, &format)?;
        sheet.write_string_with_format(0, column, language.field(field), &header)?;
        sheet.insert_note(
            0,
            column,
            &Note::new(note(&form.guide, field, language)).add_author_prefix(false),
        )?;
        if let Some(choices) = choices(client, form, field, language) {
            let list = DataValidation::new().allow_list_strings(&choices)?.ignore_blank(true);
            sheet.add_data_validation(1, column, SHEET_ROWS - 1, column, &list)?;
        }
        for (line, row) in form.lines.iter().zip(1u32..) {
            write(sheet, (row, column), &line[place], &format)?;
        }
    }
    form.guide.sheet(book.add_worksheet(), language)?;
    let mut out = Cursor::new(Vec::new());
    book.save_to_writer(&mut out)?;
    Ok(out.into_inner())
}

fn write(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell<'_>, format: &Format) -> Result<(), WriteError> {
    match cell {
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, text.as_ref(), format)?;
        }
        Cell::Date(date) => {
            sheet.write_date_with_format(row, column, date, format)?;
        }
        Cell::Money { minor, digits } => {
            let number = crate::writers::xlsx::spreadsheet_number(*minor, *digits);
            sheet.write_number_with_format(row, column, number, format)?;
        }
        Cell::Empty | Cell::Time(_) | Cell::Integer(_) => {}
    }
    Ok(())
}

/// Numbers that only name something are text there, so that leading zeros survive.
fn column_format(field: Field, language: &Language) -> Format {
    let date = match language.locale() {
        dropcase_config::Locale::De => "dd.mm.yyyy",
        dropcase_config::Locale::En => "yyyy-mm-dd",
        dropcase_config::Locale::Da => "dd-mm-yyyy",
    };
    Format::new().set_num_format(match field.kind() {
        Kind::Date => date,
        Kind::Money => "0.00",
        _ => "@",
    })
}

/// What the drop-down of a column offers; `None` where it has none.
fn choices(client: &Client, form: &Form, field: Field, language: &Language) -> Option<Vec<String>> {
    let choices: Vec<String> = match field {
        Field::Currency => {
            let others = CURRENCIES
                .into_iter()
                .filter(|code| *code != client.currency)
                .map(str::to_owned);
            std::iter::once(client.currency.clone()).chain(others).collect()
        }
        Field::Creditor => client.creditors.iter().map(|creditor| creditor.code.clone()).collect(),
        _ => {
            let (list, codes) = match field {
                Field::RecordType => ("record", form.guide.record_types.as_slice()),
                _ => codes(field)?,
            };
            codes.iter().map(|code| language.choice(list, code)).collect()
        }
    };
    // What does not fit is typed.
    let length: usize = choices.iter().map(|choice| choice.chars().count() + 1).sum();
    (length <= CHOICES).then_some(choices)
}

/// The codes of a field that are offered in every list, and where their words stand.
fn codes(field: Field) -> Option<(&'static str, &'static [&'static str])> {
    Some(match field {
        Field::ActsAs => ("choice-acts_as", &["consumer", "business"]),
        Field::Salutation => ("choice-salutation", &["mr", "ms", "company"]),
        Field::Stage => ("stage", &STAGES),
        Field::EntryKind => ("history", &["letter", "sms", "call", "visit", "agreement", "note"]),
        Field::Visibility => ("choice-visibility", &["internal", "client"]),
        Field::AllocateTo => ("choice-allocate_to", &["principal", "costs", "interest"]),
        _ => return None,
    })
}

/// Stages to which a case is moved.
const STAGES: [&str; 6] = [
    "extrajudicial",
    "judicial_dunning",
    "litigation",
    "enforcement",
    "insolvency",
    "long_term_monitoring",
];

fn note(guide: &Guide, field: Field, language: &Language) -> String {
    let about = field.about(language.catalogue());
    match guide.needed {
        Some(record_type) => format!("{about}\n{}", language.word(need(field, record_type).1)),
        None => about.to_owned(),
    }
}

/// The keys of the words for how much a field is needed by records of a type.
pub(super) fn need(field: Field, record_type: &str) -> (&'static str, &'static str) {
    match field.needed(record_type) {
        Need::Record => ("needed-required", "note-required"),
        Need::OneOf => ("needed-one_of", "note-one_of"),
        Need::Letter => ("needed-letter", "note-letter"),
        Need::Optional => ("needed-optional", "note-optional"),
    }
}

#[cfg(test)]
mod tests {
    use dropcase_parsers::values::code;

    use super::*;
    use crate::language::LOCALES;

    #[test]
    fn the_words_of_drop_downs_are_understood() {
        for language in LOCALES.map(Language::of) {
            for (field, (list, codes)) in Field::ALL.iter().filter_map(|field| Some((*field, codes(*field)?))) {
                for code in codes {
                    let word = language.choice(list, code);
                    assert_eq!(code::read(field, &word).as_deref(), Some(*code), "{word}");
                }
            }
        }
    }
}
