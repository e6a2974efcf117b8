//! The hand-over list to fill in, as CSV and as XLSX with drop-downs, notes and a guide.
//!
//! The example lines bear dates far in the future: left in by mistake they are rejected and never become cases.

use std::io::Cursor;
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use dropcase_config::{Client, Locale};
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::needed::Need;
use rust_xlsxwriter::{DataValidation, Format, Note, Worksheet};

use super::guide;
use crate::language::{Language, digits_of};
use crate::writers::csv::CsvTable;
use crate::writers::xlsx::{SHEET_ROWS, header_format, sheet_name, workbook};
use crate::writers::{Cell, Column, TableWriter, WriteError};

/// The record type that the list is for.
pub(super) const RECORD_TYPE: &str = "new_claim";

/// Currencies that the drop-down offers after the client's own.
const CURRENCIES: [&str; 8] = ["EUR", "DKK", "SEK", "NOK", "CHF", "GBP", "PLN", "USD"];

/// The columns; `creditor` comes first where a client has several.
const FIELDS: [Field; 24] = [
    Field::DebtorNumber,
    Field::ActsAs,
    Field::Salutation,
    Field::FirstName,
    Field::LastName,
    Field::CompanyName,
    Field::Street,
    Field::HouseNumber,
    Field::PostalCode,
    Field::City,
    Field::Country,
    Field::Email,
    Field::Phone,
    Field::BirthDate,
    Field::InvoiceNumber,
    Field::InvoiceDate,
    Field::DueDate,
    Field::ReminderDate,
    Field::PrincipalAmount,
    Field::Currency,
    Field::DunningCosts,
    Field::ClaimReason,
    Field::ContractDate,
    Field::Memo,
];

fn fields(client: &Client) -> Vec<Field> {
    let creditor = (!client.creditors.is_empty()).then_some(Field::Creditor);
    creditor.into_iter().chain(FIELDS).collect()
}

/// What example line `line` (0 a consumer, 1 a company) says in a field.
fn example(client: &Client, language: &Language, field: Field, line: usize) -> Cell<'static> {
    let text = |texts: [&str; 2]| Cell::text(Some(texts[line].to_owned()).filter(|text| !text.is_empty()));
    let word = |keys: [&str; 2]| Cell::text(Some(language.word(keys[line])));
    let date = |month, day| NaiveDate::from_ymd_opt(2099, month, day).map_or(Cell::Empty, Cell::Date);
    let money = |whole: [i64; 2]| {
        let digits = digits_of(&client.currency);
        Cell::Money {
            minor: whole[line] * 10_i64.pow(digits),
            digits,
        }
    };
    match field {
        Field::Creditor => Cell::text(client.creditors.first().map(|creditor| creditor.code.clone())),
        Field::DebtorNumber => Cell::text(Some(format!("{}-{}", language.word("example-number"), line + 1))),
        Field::ActsAs => word(["choice-acts_as-consumer", "choice-acts_as-business"]),
        Field::Salutation => word(["choice-salutation-ms", "choice-salutation-company"]),
        Field::FirstName => text(["Erika", ""]),
        Field::LastName => text(["Mustermann", ""]),
        Field::CompanyName => text(["", "Muster GmbH"]),
        Field::Street => text(["Musterstraße", "Beispielweg"]),
        Field::HouseNumber => text(["5a", "12"]),
        Field::PostalCode => text(["01067", "20095"]),
        Field::City => text(["Dresden", "Hamburg"]),
        Field::Country => text(["DE", "DE"]),
        Field::Email => text(["erika@example.com", "muster@example.org"]),
        Field::InvoiceNumber => Cell::text(Some(format!("{}-R-{}", language.word("example-number"), line + 1))),
        Field::InvoiceDate => date(1, 15),
        Field::DueDate => date(1, 31),
        Field::ReminderDate => date(2, 15),
        Field::ContractDate => date(1, 2),
        Field::PrincipalAmount => money([120, 1_250]),
        Field::DunningCosts => money([5, 10]),
        Field::Currency => Cell::text(Some(client.currency.clone())),
        Field::ClaimReason => word(["example-reason", "example-service"]),
        Field::Memo => Cell::text(Some(language.word("example-hint"))),
        _ => Cell::Empty,
    }
}

/// The list as CSV.
pub(super) fn csv(client: &Client) -> Result<Vec<u8>, WriteError> {
    let language = Language::of(client.locale);
    let fields = fields(client);
    let columns: Vec<Column> = fields
        .iter()
        .map(|field| Column::new(language.field(*field), 18))
        .collect();
    let mut out = Vec::new();
    let mut table = CsvTable::new(&mut out, language, &columns)?;
    for line in 0..2 {
        let cells: Vec<Cell<'_>> = fields
            .iter()
            .map(|field| readable(example(client, language, *field, line), language))
            .collect();
        table.row(&cells)?;
    }
    table.finish()?;
    drop(table);
    Ok(out)
}

/// Day and month cannot be told apart in `02-01-2026`: where the language writes dates so, the list shows ISO dates.
fn readable(cell: Cell<'static>, language: &Language) -> Cell<'static> {
    match cell {
        Cell::Date(date) if language.locale() == Locale::Da => Cell::text(Some(date.to_string())),
        other => other,
    }
}

/// The list as a workbook; the same settings make the same bytes.
pub(super) fn xlsx(client: &Client, temp: &Path) -> Result<Vec<u8>, WriteError> {
    let language = Language::of(client.locale);
    let mut book = workbook(temp, DateTime::UNIX_EPOCH + chrono::TimeDelta::days(365 * 50))?;
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(&language.word("list-sheet"), 1))?;
    sheet.set_freeze_panes(1, 0)?;
    let header = header_format();
    for (field, column) in fields(client).into_iter().zip(0u16..) {
        let format = column_format(field, language);
        sheet.set_column_width(column, 18)?;
        sheet.set_column_format(column, &format)?;
        sheet.write_string_with_format(0, column, language.field(field), &header)?;
        sheet.insert_note(0, column, &Note::new(note(field, language)).add_author_prefix(false))?;
        if let Some(choices) = choices(client, field, language) {
            let list = DataValidation::new().allow_list_strings(&choices)?.ignore_blank(true);
            sheet.add_data_validation(1, column, SHEET_ROWS - 1, column, &list)?;
        }
        for (line, row) in (0..2).zip(1u32..) {
            write(sheet, (row, column), &example(client, language, field, line), &format)?;
        }
    }
    guide::sheet(book.add_worksheet(), language)?;
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

fn choices(client: &Client, field: Field, language: &Language) -> Option<Vec<String>> {
    let words = |keys: &[&str]| keys.iter().map(|key| language.word(key)).collect();
    match field {
        Field::ActsAs => Some(words(&["choice-acts_as-consumer", "choice-acts_as-business"])),
        Field::Salutation => Some(words(&[
            "choice-salutation-mr",
            "choice-salutation-ms",
            "choice-salutation-company",
        ])),
        Field::Currency => {
            let others = CURRENCIES
                .into_iter()
                .filter(|code| *code != client.currency)
                .map(str::to_owned);
            Some(std::iter::once(client.currency.clone()).chain(others).collect())
        }
        // A drop-down takes 255 characters; a client with more creditors types the code.
        Field::Creditor => {
            let codes: Vec<String> = client.creditors.iter().map(|creditor| creditor.code.clone()).collect();
            (codes.iter().map(|code| code.chars().count() + 1).sum::<usize>() <= 255).then_some(codes)
        }
        _ => None,
    }
}

fn note(field: Field, language: &Language) -> String {
    format!(
        "{}\n{}",
        field.about(language.catalogue()),
        language.word(need(field).1)
    )
}

/// The keys of the words for how much a field is needed.
pub(super) fn need(field: Field) -> (&'static str, &'static str) {
    match field.needed(RECORD_TYPE) {
        Need::Record => ("needed-required", "note-required"),
        Need::OneOf => ("needed-one_of", "note-one_of"),
        Need::Letter => ("needed-letter", "note-letter"),
        Need::Optional => ("needed-optional", "note-optional"),
    }
}
