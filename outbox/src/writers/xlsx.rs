//! XLSX with real dates and numbers, written row by row in constant memory.
//!
//! Text cells are stored as text and never run, so nothing has to be defused here.

use std::io::{Seek, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use dropcase_config::Locale;
use rust_xlsxwriter::{Color, DocProperties, Format, Workbook, Worksheet};

use super::{Cell, Column, Section, TableWriter, WriteError};
use crate::language::Language;

/// Rows of a sheet (ECMA-376, as Excel has them).
pub const SHEET_ROWS: u32 = 1_048_576;

/// UTF-16 units that fit into a cell.
const CELL_UNITS: usize = 32_767;

/// Writes a table as a workbook; beyond a sheet's rows it goes on in a next sheet.
pub struct XlsxTable<W: Write + Seek + Send> {
    out: Option<W>,
    workbook: Workbook,
    columns: Vec<Column>,
    title: String,
    sheets: usize,
    row: u32,
    limit: u32,
    formats: Formats,
}

impl<W: Write + Seek + Send> std::fmt::Debug for XlsxTable<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxTable")
            .field("sheets", &self.sheets)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

struct Formats {
    header: Format,
    date: Format,
    time: Format,
    money: [Format; 4],
}

impl Formats {
    fn new(locale: Locale) -> Self {
        let (date, time) = match locale {
            Locale::De => ("dd.mm.yyyy", "dd.mm.yyyy hh:mm"),
            Locale::En => ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"),
            Locale::Da => ("dd-mm-yyyy", "dd-mm-yyyy hh:mm"),
        };
        let money = ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000"];
        Self {
            header: header_format(),
            date: Format::new().set_num_format(date),
            time: Format::new().set_num_format(time),
            money: money.map(|pattern| Format::new().set_num_format(pattern)),
        }
    }
}

/// The style of header rows.
pub fn header_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x1F_3A_5F))
        .set_font_color(Color::White)
}

/// A workbook whose temporary files lie in `temp` and whose properties depend on `made_at` alone, so that the same
/// answer rendered twice is the same.
///
/// # Errors
/// When `temp` cannot be used.
pub fn workbook(temp: &Path, made_at: DateTime<Utc>) -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    workbook.set_tempdir(temp)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_author("dropcase")
            .set_creation_datetime(&made_at),
    );
    Ok(workbook)
}

/// A name that Excel takes for a sheet: at most 31 characters, none of `[]:*?/\`, no apostrophe at its ends, not
/// empty, not `History`.
pub fn sheet_name(wanted: &str, number: usize) -> String {
    let suffix = if number > 1 {
        format!(" ({number})")
    } else {
        String::new()
    };
    let clean: String = wanted
        .chars()
        .map(|c| {
            if c.is_control() || "[]:*?/\\".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim_matches('\'').trim();
    let clean = if clean.is_empty() || clean.eq_ignore_ascii_case("history") {
        "Sheet"
    } else {
        clean
    };
    let room = 31 - suffix.len();
    // Excel counts UTF-16 units.
    let mut used = 0;
    let cut: String = clean
        .chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= room
        })
        .collect();
    format!("{}{suffix}", cut.trim_end_matches('\''))
}

/// A text as it fits into a cell.
pub fn cell_text(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL_UNITS {
            return &text[..at];
        }
    }
    text
}

impl<W: Write + Seek + Send> XlsxTable<W> {
    /// Begins a workbook with one table that will be written to `out` when it is finished.
    ///
    /// # Errors
    /// When the temporary folder cannot be used.
    pub fn new(
        out: W,
        temp: &Path,
        made_at: DateTime<Utc>,
        language: &'static Language,
        title: &str,
        columns: &[Column],
    ) -> Result<Self, WriteError> {
        let mut table = Self {
            out: Some(out),
            workbook: workbook(temp, made_at)?,
            columns: columns.to_vec(),
            title: title.to_owned(),
            sheets: 0,
            row: 0,
            limit: SHEET_ROWS,
            formats: Formats::new(language.locale()),
        };
        table.next_sheet()?;
        Ok(table)
    }

    fn next_sheet(&mut self) -> Result<(), WriteError> {
        self.end_sheet()?;
        self.sheets += 1;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(&self.title, self.sheets))?;
        sheet.set_freeze_panes(1, 0)?;
        for (index, column) in (0u16..).zip(&self.columns) {
            sheet.set_column_width(index, f64::from(column.width))?;
            sheet.write_string_with_format(0, index, cell_text(&column.heading), &self.formats.header)?;
        }
        self.row = 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), WriteError> {
        let Some(index) = self.sheets.checked_sub(1) else {
            return Ok(());
        };
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.workbook
            .worksheet_from_index(index)?
            .autofilter(0, 0, self.row.saturating_sub(1), last_column)?;
        Ok(())
    }
}

impl<W: Write + Seek + Send> TableWriter for XlsxTable<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError> {
        if self.row >= self.limit {
            self.next_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (index, cell) in (0u16..).zip(cells) {
            write(sheet, self.row, index, cell, &self.formats)?;
        }
        self.row += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.end_sheet()?;
        if let Some(out) = self.out.take() {
            self.workbook.save_to_writer(out)?;
        }
        Ok(())
    }
}

/// Writes several tables as one workbook, a sheet each; sheets of one title are numbered.
///
/// # Errors
/// When it cannot be written.
pub fn write_sections<W: Write + Seek + Send>(
    out: W,
    temp: &Path,
    made_at: DateTime<Utc>,
    language: &'static Language,
    sections: &[Section],
) -> Result<(), WriteError> {
    let mut book = workbook(temp, made_at)?;
    let formats = Formats::new(language.locale());
    let mut seen: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for section in sections {
        let number = seen.entry(&section.title).or_default();
        *number += 1;
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&section.title, *number))?;
        sheet.set_freeze_panes(1, 0)?;
        for (index, column) in (0u16..).zip(&section.columns) {
            sheet.set_column_width(index, f64::from(column.width))?;
            sheet.write_string_with_format(0, index, cell_text(&column.heading), &formats.header)?;
        }
        for (at, row) in (1u32..).zip(&section.rows) {
            for (index, cell) in (0u16..).zip(row) {
                write(sheet, at, index, cell, &formats)?;
            }
        }
    }
    book.save_to_writer(out)?;
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell<'_>, formats: &Formats) -> Result<(), WriteError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, cell_text(text))?;
        }
        Cell::Date(date) => {
            sheet.write_date_with_format(row, column, date, &formats.date)?;
        }
        Cell::Time(time) => {
            sheet.write_datetime_with_format(row, column, time, &formats.time)?;
        }
        Cell::Integer(number) => {
            sheet.write_number(row, column, spreadsheet_number(*number, 0))?;
        }
        Cell::Money { minor, digits } => {
            let format = &formats.money[(*digits).min(3) as usize];
            sheet.write_number_with_format(row, column, spreadsheet_number(*minor, *digits), format)?;
        }
    }
    Ok(())
}

/// The number as the format stores it: the decimal text is exact, the reader's nearest double shows the same digits
/// up to 15 of them. No arithmetic is done on it.
pub(crate) fn spreadsheet_number(minor: i64, digits: u32) -> f64 {
    crate::language::decimal(minor, digits, '.').parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_acceptable() {
        for (wanted, number, expected) in [
            ("Tabelle1", 1, "Tabelle1"),
            ("Tabelle1", 2, "Tabelle1 (2)"),
            ("a/b:c*?[x]", 1, "a_b_c___x_"),
            ("", 1, "Sheet"),
            ("'quoted'", 1, "quoted"),
            ("History", 1, "Sheet"),
            (
                "äöüßäöüßäöüßäöüßäöüßäöüßäöüßäöüß",
                12,
                "äöüßäöüßäöüßäöüßäöüßäöüßäö (12)",
            ),
        ] {
            let name = sheet_name(wanted, number);
            assert_eq!(name, expected);
            Workbook::new().add_worksheet().set_name(name).unwrap();
        }
    }

    #[test]
    fn cells_are_cut_at_the_limit_of_the_format() {
        assert_eq!(cell_text(&"x".repeat(40_000)).len(), 32_767);
        assert_eq!(cell_text(&"𝄞".repeat(20_000)).chars().count(), 16_383);
        assert_eq!(cell_text("kurz"), "kurz");
    }

    #[test]
    fn goes_on_in_a_next_sheet() {
        let temp = tempfile::tempdir().unwrap();
        let mut out = std::io::Cursor::new(Vec::new());
        let columns = [Column::new("N", 10)];
        let language = Language::of(Locale::De);
        let mut table =
            XlsxTable::new(&mut out, temp.path(), DateTime::UNIX_EPOCH, language, "Liste", &columns).unwrap();
        table.limit = 4;
        for number in 0..7 {
            table.row(&[Cell::Integer(number)]).unwrap();
        }
        table.finish().unwrap();
        let names = table
            .workbook
            .worksheets()
            .iter()
            .map(Worksheet::name)
            .collect::<Vec<_>>();
        assert_eq!(names, ["Liste", "Liste (2)", "Liste (3)"]);
        drop(table);
        assert!(out.into_inner().starts_with(b"PK"));
    }

    #[test]
    fn the_same_table_is_the_same_file() {
        let write = || {
            let temp = tempfile::tempdir().unwrap();
            let mut out = std::io::Cursor::new(Vec::new());
            let made = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
            let columns = [Column::new("N", 10)];
            let mut table =
                XlsxTable::new(&mut out, temp.path(), made, Language::of(Locale::En), "T", &columns).unwrap();
            table.row(&[Cell::Money { minor: 1234, digits: 2 }]).unwrap();
            table.finish().unwrap();
            drop(table);
            out.into_inner()
        };
        assert_eq!(write(), write());
    }
}
