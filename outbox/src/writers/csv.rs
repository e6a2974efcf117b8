//! CSV for people (RFC 4180): UTF-8 with BOM, separator, decimals and dates by language.

use std::borrow::Cow;
use std::io::Write;

use dropcase_config::Locale;

use super::{Cell, Column, Section, TableWriter, WriteError};
use crate::language::{Language, decimal};

/// The byte order mark, without which Excel takes UTF-8 for the system's code page.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Writes a table as CSV.
pub struct CsvTable<W: Write> {
    out: ::csv::Writer<W>,
    language: &'static Language,
}

impl<W: Write> std::fmt::Debug for CsvTable<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvTable")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

impl<W: Write> CsvTable<W> {
    /// Begins a table on `out` with its header row.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(mut out: W, language: &'static Language, columns: &[Column]) -> Result<Self, WriteError> {
        out.write_all(BOM)?;
        let mut out = ::csv::WriterBuilder::new()
            .delimiter(separator(language.locale()))
            .terminator(::csv::Terminator::CRLF)
            .from_writer(out);
        out.write_record(columns.iter().map(|column| column.heading.as_str()))?;
        Ok(Self { out, language })
    }
}

impl<W: Write> TableWriter for CsvTable<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError> {
        for cell in cells {
            match cell {
                Cell::Empty => self.out.write_field("")?,
                Cell::Text(text) => self.out.write_field(defused(text).as_bytes())?,
                Cell::Date(date) => self.out.write_field(self.language.date(*date))?,
                Cell::Time(time) => self.out.write_field(self.language.time(*time))?,
                Cell::Integer(number) => self.out.write_field(number.to_string())?,
                Cell::Money { minor, digits } => {
                    self.out
                        .write_field(decimal(*minor, *digits, decimal_mark(self.language.locale())))?;
                }
            }
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        Ok(self.out.flush()?)
    }
}

/// Writes several tables into one file: before each a line with its title alone, behind each an empty line. A reader
/// splits the file at the empty lines.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_sections<W: Write>(
    mut out: W,
    language: &'static Language,
    sections: &[Section],
) -> Result<(), WriteError> {
    for (index, section) in sections.iter().enumerate() {
        let mut bytes = Vec::new();
        let mut table = CsvTable::new(&mut bytes, language, &section.columns)?;
        for row in &section.rows {
            table.row(row)?;
        }
        table.finish()?;
        drop(table);
        out.write_all(if index == 0 { BOM } else { b"\r\n" })?;
        let mut title = ::csv::WriterBuilder::new()
            .delimiter(separator(language.locale()))
            .terminator(::csv::Terminator::CRLF)
            .from_writer(&mut out);
        title.write_record([&*defused(&section.title)])?;
        title.flush()?;
        drop(title);
        out.write_all(&bytes[BOM.len()..])?;
    }
    Ok(out.flush()?)
}

/// The separator that spreadsheets of a language expect.
pub const fn separator(locale: Locale) -> u8 {
    match locale {
        Locale::De | Locale::Da => b';',
        Locale::En => b',',
    }
}

/// The decimal mark of a language.
pub const fn decimal_mark(locale: Locale) -> char {
    match locale {
        Locale::De | Locale::Da => ',',
        Locale::En => '.',
    }
}

/// A text that a spreadsheet will not run: one that begins like a formula gets a leading apostrophe, which
/// spreadsheets understand as "text" and our own parsers take off again. Plain numbers stay as they are.
pub fn defused(text: &str) -> Cow<'_, str> {
    if is_constant(text) {
        return Cow::Borrowed(text);
    }
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if risky && !is_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// `="007"`: how many programs keep a spreadsheet from dropping zeros; a constant that runs nothing.
fn is_constant(text: &str) -> bool {
    text.strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .is_some_and(|inner| !inner.contains('"'))
}

/// A sign, digits, and at most the marks that belong into numbers.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\''))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn formulas_are_defused() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+49 30 1234", "+49 30 1234"),
            ("+A1", "'+A1"),
            ("-12,50", "-12,50"),
            ("-1.234,56", "-1.234,56"),
            ("-2+3", "'-2+3"),
            ("- 5", "'- 5"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\r=x", "'\r=x"),
            ("＝1+1", "'＝1+1"),
            ("Muster GmbH", "Muster GmbH"),
            ("'=1+1", "'=1+1"),
            ("=\"007\"", "=\"007\""),
            ("=\"a\"&B1&\"c\"", "'=\"a\"&B1&\"c\""),
            ("", ""),
        ] {
            assert_eq!(defused(text), expected, "{text:?}");
        }
    }

    #[test]
    fn tables_follow_the_language() {
        let check = |locale, expected: &str| {
            let mut out = Vec::new();
            let columns = [Column::new("A", 5), Column::new("B;, \"x\"", 5)];
            let mut table = CsvTable::new(&mut out, Language::of(locale), &columns).unwrap();
            let day = NaiveDate::from_ymd_opt(2026, 2, 1).unwrap();
            table
                .row(&[
                    Cell::Date(day),
                    Cell::Money {
                        minor: -123_456,
                        digits: 2,
                    },
                ])
                .unwrap();
            table
                .row(&[Cell::Time(day.and_hms_opt(7, 5, 9).unwrap()), Cell::text(Some("a\nb"))])
                .unwrap();
            table.row(&[Cell::Integer(12_345), Cell::Empty]).unwrap();
            table.finish().unwrap();
            drop(table);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(
            Locale::De,
            "\u{feff}A;\"B;, \"\"x\"\"\"\r\n01.02.2026;-1234,56\r\n01.02.2026 07:05;\"a\nb\"\r\n12345;\r\n",
        );
        check(
            Locale::En,
            "\u{feff}A,\"B;, \"\"x\"\"\"\r\n2026-02-01,-1234.56\r\n2026-02-01 07:05,\"a\nb\"\r\n12345,\r\n",
        );
    }
}
