//! The workbooks of the corpus, compared cell by cell with another reader that nobody here wrote.

mod workbook_support;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, SheetType, SheetVisible};
use dropcase_parsers::finding::Code;
use dropcase_parsers::formats::{Typed, Unreadable};
use dropcase_parsers::limits::Limits;
use workbook_support::read_with;

/// Files that the two read differently, and why.
const KNOWN: &[(&str, &str)] = &[
    (
        "LONumbers-2010.xlsx",
        "formats such as A/P alone, which are dates there",
    ),
    ("LONumbers-2010.xls", "the same"),
    (
        "named_ranges_2011.xlsb",
        "errors that formulas came to are missing there",
    ),
    (
        "HiddenMergeCellsTest.ods",
        "cells covered by a merged one are nothing that a person sees",
    ),
];

/// Cells by sheet, row (from 1) and column (from 0).
type Cells = BTreeMap<(String, u64, u32), Seen>;

#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Text(String),
    Number(f64),
    Date(String),
    Bool(bool),
    Error,
}

#[test]
fn cells_are_the_same_as_another_reader_sees() {
    let Some(corpus) = std::env::var_os("DROPCASE_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: DROPCASE_CORPUS is not set");
        return;
    };
    let mut paths = Vec::new();
    collect(&corpus.join("spreadsheet"), &mut paths);
    let (mut compared, mut cells, mut mistakes) = (0, 0, Vec::new());
    for path in paths {
        if KNOWN.iter().any(|(name, _)| path.ends_with(name)) {
            continue;
        }
        let Some(ours) = ours(&path) else { continue };
        let Some(theirs) = theirs(&path) else { continue };
        compared += 1;
        cells += theirs.len();
        let places: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        let differing: Vec<_> = places
            .into_iter()
            .filter(|place| !same(ours.get(place), theirs.get(place)))
            .collect();
        if let Some(place) = differing.first() {
            let (our, their) = (ours.get(place), theirs.get(place));
            mistakes.push(format!(
                "{} ({} cells) {place:?}: {our:?}, {their:?} there",
                path.display(),
                differing.len()
            ));
        }
    }
    eprintln!("{compared} workbooks, {cells} cells");
    assert!(compared > 250, "only {compared} workbooks could be compared");
    assert!(
        mistakes.is_empty(),
        "{} differ:\n{}",
        mistakes.len(),
        mistakes.join("\n")
    );
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => collect(&path, paths),
            path => paths.push(path),
        }
    }
}

/// `None` when the workbook is refused; without any cell when it is empty.
fn ours(path: &Path) -> Option<Cells> {
    let limits = Limits {
        columns: 20_000,
        ..Limits::default()
    };
    let parts = match read_with(&fs::read(path).ok()?, &limits) {
        Ok(parts) => parts,
        Err(Unreadable::Finding(finding)) if finding.code == Code::EmptyFile => Vec::new(),
        Err(_) => return None,
    };
    let mut cells = Cells::new();
    for part in parts {
        for row in part.rows {
            for (column, text) in row.cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
                let column = u32::try_from(column).unwrap();
                let typed = row.typed.iter().find(|(at, _)| *at == column).map(|(_, typed)| typed);
                let seen = match typed {
                    Some(Typed::Number(number)) if text.ends_with('%') => {
                        Seen::Number(number.parse::<f64>().unwrap() / 100.0)
                    }
                    Some(Typed::Number(number)) => Seen::Number(number.parse().unwrap()),
                    Some(Typed::Date(date)) => Seen::Date(date.format("%Y-%m-%d %H:%M").to_string()),
                    Some(Typed::Bool(value)) => Seen::Bool(*value),
                    Some(Typed::Error(_)) => Seen::Error,
                    None => Seen::Text(folded(text)),
                };
                cells.insert((part.sheet.clone(), row.number, column), seen);
            }
        }
    }
    Some(cells)
}

/// `None` when the other reader cannot read it.
fn theirs(path: &Path) -> Option<Cells> {
    let read = || {
        let mut book = calamine::open_workbook_auto(path).ok()?;
        let sheets = book.sheets_metadata().to_vec();
        let mut cells = Cells::new();
        for sheet in sheets {
            if sheet.typ != SheetType::WorkSheet || sheet.visible != SheetVisible::Visible {
                continue;
            }
            let range = book.worksheet_range(&sheet.name).ok()?;
            let (row, column) = range.start().unwrap_or_default();
            for (y, x, data) in range.used_cells() {
                let seen = match data {
                    Data::String(text) if text.trim().is_empty() => continue,
                    Data::Empty => continue,
                    Data::String(text) | Data::DurationIso(text) => Seen::Text(folded(text)),
                    Data::DateTimeIso(text) => Seen::Date(folded(text)),
                    Data::Float(number) => Seen::Number(*number),
                    Data::Int(number) => Seen::Number(*number as f64),
                    Data::Bool(value) => Seen::Bool(*value),
                    Data::Error(_) => Seen::Error,
                    Data::DateTime(date) => match date
                        .as_datetime()
                        .filter(|_| date.is_datetime() && date.as_f64() >= 1.0)
                    {
                        Some(date) => Seen::Date(date.format("%Y-%m-%d %H:%M").to_string()),
                        None => Seen::Number(date.as_f64()),
                    },
                };
                cells.insert(
                    (sheet.name.clone(), u64::from(row) + y as u64 + 1, column + x as u32),
                    seen,
                );
            }
        }
        Some(cells)
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

fn folded(text: &str) -> String {
    text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, as far as the two mean to say the same: texts of zero-padded numbers, times of day and spans are texts
/// here and numbers there.
fn same(ours: Option<&Seen>, theirs: Option<&Seen>) -> bool {
    match (ours, theirs) {
        (Some(Seen::Number(our)), Some(Seen::Number(their))) => (our - their).abs() <= their.abs() * 1e-14,
        (Some(Seen::Text(text)), Some(Seen::Number(number))) => {
            text.contains(':') || text.chars().filter(char::is_ascii_digit).collect::<String>().parse() == Ok(*number)
        }
        (Some(Seen::Text(our)), Some(Seen::Text(their) | Seen::Date(their))) => {
            our == their || (our.contains(':') && !their.contains('-'))
        }
        (Some(Seen::Error), Some(Seen::Text(their))) => their.starts_with("Err:"),
        (Some(Seen::Date(our)), Some(Seen::Date(their))) => our[..10] == their[..their.len().min(10)],
        (ours, theirs) => ours == theirs,
    }
}
