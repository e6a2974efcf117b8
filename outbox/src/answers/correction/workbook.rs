//! A correction as XLSX, also where an XLS, XLSB or ODS came: one sheet a part, the bad cells coloured and with a
//! note that says what is wrong.
//!
//! Text stays text, so that leading zeros survive; only plain amounts and ISO dates become numbers and dates.

use std::io::{Seek, Write};
use std::path::Path;

use chrono::NaiveDate;
use dropcase_cases::model::Outcome;
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::finding::{Finding, Severity};
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet};

use super::{Kept, Lines, kept_columns, todo, todo_header};
use crate::answers::facts::{Facts, Line, PartFacts};
use crate::language::{Language, Place};
use crate::writers::WriteError;
use crate::writers::xlsx::{SHEET_ROWS, cell_text, header_format, sheet_name, workbook};

/// Notes are kept in memory until the end; beyond this many the first column alone says what to do.
const NOTES: usize = 5_000;

/// Width of the column that says what to do, in characters.
const TODO_WIDTH: f64 = 70.0;
const WIDTH: f64 = 18.0;

pub(super) fn write<W: Write + Seek + Send>(
    facts: &Facts,
    lines: &mut Lines<'_>,
    out: W,
    temp: &Path,
    language: &'static Language,
) -> Result<u64, WriteError> {
    let mut book = Book::new(workbook(temp, facts.finished())?, language);
    let mut count = 0;
    for line in lines {
        let line = line?;
        let Some(part) = facts.parts.iter().find(|part| part.part == line.result.part) else {
            continue;
        };
        book.line(part, &line)?;
        count += 1;
    }
    book.workbook.save_to_writer(out)?;
    Ok(count)
}

struct Book {
    workbook: Workbook,
    language: &'static Language,
    styles: Styles,
    /// The part whose sheet is open.
    part: Option<(i64, Kept)>,
    sheets: usize,
    row: u32,
    notes: usize,
}

struct Styles {
    header: Format,
    todo: Format,
    plain: [Format; 3],
    error: [Format; 3],
    warning: [Format; 3],
}

/// What a cell holds, as index into the styles.
#[derive(Clone, Copy)]
enum Shape {
    Text = 0,
    Number = 1,
    Date = 2,
}

impl Styles {
    fn new(language: &Language) -> Self {
        let date = match language.locale() {
            dropcase_config::Locale::De => "dd.mm.yyyy",
            dropcase_config::Locale::En => "yyyy-mm-dd",
            dropcase_config::Locale::Da => "dd-mm-yyyy",
        };
        // `@` keeps what a person types there as text, too.
        let shapes = |base: Format| ["@", "0.00", date].map(|pattern| base.clone().set_num_format(pattern));
        Self {
            header: header_format(),
            todo: Format::new()
                .set_num_format("@")
                .set_background_color(Color::RGB(0xFF_F8_E1)),
            plain: shapes(Format::new()),
            error: shapes(Format::new().set_background_color(Color::RGB(0xFF_C7_CE))),
            warning: shapes(Format::new().set_background_color(Color::RGB(0xFF_EB_9C))),
        }
    }
}

impl Book {
    fn new(workbook: Workbook, language: &'static Language) -> Self {
        Self {
            workbook,
            language,
            styles: Styles::new(language),
            part: None,
            sheets: 0,
            row: 0,
            notes: 0,
        }
    }

    fn line(&mut self, part: &PartFacts, line: &Line) -> Result<(), WriteError> {
        let open = self.part.as_ref().is_some_and(|(number, _)| *number == part.part);
        if !open || self.row >= SHEET_ROWS {
            self.open(part, open)?;
        }
        let Some((_, kept)) = &self.part else { return Ok(()) };
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        sheet.write_string_with_format(self.row, 0, cell_text(&todo(line, self.language)), &self.styles.todo)?;
        for ((index, cell), at) in kept.of(line.raw.as_deref().unwrap_or_default()).zip(1u16..) {
            let found = worst(line, index);
            let fields = part.columns.get(index).map(Vec::as_slice).unwrap_or_default();
            write_cell(sheet, (self.row, at), cell, fields, found, &self.styles)?;
            if let Some(finding) = found.filter(|_| self.notes < NOTES) {
                let advice = self.language.sentence(finding, Place::default());
                sheet.insert_note(self.row, at, &Note::new(advice).add_author_prefix(false))?;
                self.notes += 1;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Opens the sheet of a part, or a further one when `again`.
    fn open(&mut self, part: &PartFacts, again: bool) -> Result<(), WriteError> {
        let kept = kept_columns(part);
        let wanted = part.name.clone().unwrap_or_else(|| self.language.word("list-sheet"));
        let mut number = if again { 2 } else { 1 };
        let mut name = sheet_name(&wanted, number);
        let taken = |workbook: &mut Workbook, name: &str| {
            workbook
                .worksheets()
                .iter()
                .any(|sheet| sheet.name().to_lowercase() == name.to_lowercase())
        };
        while taken(&mut self.workbook, &name) {
            number += 1;
            name = sheet_name(&wanted, number);
        }
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 1)?;
        sheet.set_column_width(0, TODO_WIDTH)?;
        self.row = 0;
        if !part.header.is_empty() {
            sheet.write_string_with_format(0, 0, todo_header(self.language), &self.styles.header)?;
            for ((_, header), at) in kept.of(&part.header).zip(1u16..) {
                sheet.set_column_width(at, WIDTH)?;
                sheet.write_string_with_format(0, at, cell_text(header), &self.styles.header)?;
            }
            self.row = 1;
        }
        self.sheets += 1;
        self.part = Some((part.part, kept));
        Ok(())
    }
}

/// The gravest finding of a column; of a record that was only withheld nothing is to be changed.
fn worst(line: &Line, index: usize) -> Option<&Finding> {
    let withheld = line.result.outcome == Outcome::Withheld;
    line.findings
        .iter()
        .filter(|_| !withheld)
        .filter(|finding| finding.column.is_some_and(|column| column as usize == index))
        .filter(|finding| finding.severity != Severity::Info)
        .max_by_key(|finding| finding.severity)
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &str,
    fields: &[Field],
    found: Option<&Finding>,
    styles: &Styles,
) -> Result<(), WriteError> {
    let set = match found.map(|finding| finding.severity) {
        Some(Severity::Error) => &styles.error,
        Some(Severity::Warning) => &styles.warning,
        _ => &styles.plain,
    };
    let is_error = found.is_some_and(|finding| finding.severity == Severity::Error);
    match fields {
        [field] if field.kind() == Kind::Date && !is_error => {
            if let Some(date) = iso_date(cell) {
                sheet.write_date_with_format(row, column, date, &set[Shape::Date as usize])?;
                return Ok(());
            }
        }
        [field] if field.kind() == Kind::Money && !is_error => {
            if let Some(number) = plain_number(cell) {
                sheet.write_number_with_format(row, column, number, &set[Shape::Number as usize])?;
                return Ok(());
            }
        }
        _ => {}
    }
    sheet.write_string_with_format(row, column, cell_text(cell), &set[Shape::Text as usize])?;
    Ok(())
}

/// A date as typed cells of workbooks are read, or anybody's ISO date.
fn iso_date(cell: &str) -> Option<NaiveDate> {
    let date = cell
        .strip_suffix(" 00:00:00")
        .or_else(|| cell.strip_suffix("T00:00:00"))
        .unwrap_or(cell);
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d")
        .ok()
        .filter(|_| date.len() == 10)?;
    // Excel's calendar begins in 1900 and believes in a 29 February of that year.
    (NaiveDate::from_ymd_opt(1900, 3, 1)? <= date).then_some(date)
}

/// An amount that reads the same in every language: digits, at most two decimals after a point, few enough digits
/// for a spreadsheet. The format stores the text's nearest double; nothing is calculated.
fn plain_number(cell: &str) -> Option<f64> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    let fine = numeric(whole) && numeric(fraction) && fraction.len() <= 2 && whole.len() <= 12 && !leading_zero;
    fine.then(|| cell.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_amounts_become_numbers() {
        for (cell, number) in [("120.5", true), ("-3", true), ("0.05", true), ("7.50", true)] {
            assert_eq!(plain_number(cell).is_some(), number, "{cell}");
        }
        for cell in [
            "",
            "-",
            "1.234",
            "1,50",
            "007",
            "1e5",
            ".5",
            "5.",
            "1 000",
            "1234567890123",
            "+5",
        ] {
            assert_eq!(plain_number(cell), None, "{cell}");
        }
    }

    #[test]
    fn only_iso_dates_become_dates() {
        let date = NaiveDate::from_ymd_opt(2026, 2, 1);
        for cell in ["2026-02-01", "2026-02-01 00:00:00", "2026-02-01T00:00:00"] {
            assert_eq!(iso_date(cell), date, "{cell}");
        }
        for cell in [
            "",
            "01.02.2026",
            "2026-02-31",
            "2026-2-1",
            "0001-01-01",
            "2026-02-01 13:00:00",
        ] {
            assert_eq!(iso_date(cell), None, "{cell}");
        }
    }
}
