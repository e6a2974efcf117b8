//! The correction file: the records that go back, in the layout and format in which they came, with a first column
//! that says what to do. Of a file that is taken as a whole or not at all, the good records go back with the bad ones. Corrected and dropped again it is accepted, added column and all.

mod delimited;
mod key_value;
mod workbook;
mod xml;

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use dropcase_parsers::finding::{Code, Finding, Severity};
use dropcase_parsers::layout::correction::{advice_header, is_added};
use dropcase_parsers::staged::Dialect;

use super::facts::{Facts, Line, PartFacts};
use crate::language::{Language, Place};
use crate::names::{answer_name, stem_and_extension};
use crate::writers::WriteError;

/// Lines in the order of their parts and rows.
pub type Lines<'a> = dyn Iterator<Item = Result<Line, WriteError>> + 'a;

/// In which form the records go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Delimited,
    KeyValue,
    Workbook,
    Xml,
}

/// Text and XML go back as one part came; everything else, several parts too, as a workbook with a sheet a part.
fn form(facts: &Facts) -> Form {
    let [part] = facts.parts.as_slice() else {
        return Form::Workbook;
    };
    match part.dialect {
        Some(Dialect::Delimited { .. }) => Form::Delimited,
        Some(Dialect::KeyValue { .. }) => Form::KeyValue,
        Some(Dialect::Xml { .. }) => Form::Xml,
        Some(Dialect::Workbook { .. }) | None => Form::Workbook,
    }
}

/// `<stem>.correction.<id>.<ext>`, with `VALIDATION` in it when nothing was imported. A correction of a correction
/// does not grow.
pub fn file_name(facts: &Facts) -> String {
    let delivery = facts.delivery();
    let (stem, extension) = stem_and_extension(&delivery.name);
    let extension = match form(facts) {
        Form::Delimited => extension.unwrap_or("csv"),
        Form::KeyValue => extension.unwrap_or("txt"),
        Form::Workbook => "xlsx",
        Form::Xml => "xml",
    };
    let mark = if facts.is_validation() { ".VALIDATION" } else { "" };
    answer_name(
        original_stem(stem),
        &format!("{mark}.correction.{}.{extension}", delivery.code),
    )
}

/// The stem without what an earlier correction added to it.
fn original_stem(stem: &str) -> &str {
    let Some((before, code)) = stem.rsplit_once('.') else {
        return stem;
    };
    let is_code = code.len() == 12 && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    match before.strip_suffix(".correction") {
        Some(before) if is_code => before.strip_suffix(".VALIDATION").unwrap_or(before),
        _ => stem,
    }
}

/// Writes the correction file; returns how many records went into it.
///
/// # Errors
/// When `lines`, the file or the folder for temporary files fail.
pub fn write(
    facts: &Facts,
    lines: &mut Lines<'_>,
    out: &File,
    temp: &Path,
    language: &'static Language,
) -> Result<u64, WriteError> {
    let mut lines = lines.filter(|line| line.as_ref().map_or(true, Line::goes_back));
    let out = BufWriter::with_capacity(1 << 16, out);
    match (form(facts), facts.parts.first()) {
        (Form::Delimited, Some(part)) => delimited::write(part, &mut lines, out, language),
        (Form::KeyValue, Some(part)) => key_value::write(part, &mut lines, out, language),
        (Form::Xml, Some(part)) => xml::write(part, &mut lines, out, language),
        _ => workbook::write(facts, &mut lines, out, temp, language),
    }
}

/// The header of the added column; the parsers know it again.
fn todo_header(language: &Language) -> &'static str {
    advice_header(language.catalogue())
}

/// What the person who corrects has to do: the errors, each with its column; of a record that was only withheld,
/// that nothing is to be done to it. One line, so that it stays one line in every editor.
fn todo(line: &Line, language: &Language) -> String {
    let errors = line
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let mut texts: Vec<String> = errors
        .map(|finding| language.sentence(finding, Place::default()))
        .collect();
    if texts.is_empty() {
        texts.push(language.sentence(&Finding::new(Code::Withheld), Place::default()));
    }
    texts.dedup();
    let text = texts.join(" | ");
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The columns of a part that go back: all but those that an earlier correction added.
fn kept_columns(part: &PartFacts) -> Kept {
    Kept {
        added: part.header.iter().map(|header| is_added(header)).collect(),
    }
}

/// Which columns go back.
struct Kept {
    added: Vec<bool>,
}

impl Kept {
    /// The cells that go back, each with the index of its column as it came.
    fn of<'a>(&'a self, cells: &'a [String]) -> impl Iterator<Item = (usize, &'a str)> {
        let kept = |index: usize| !self.added.get(index).copied().unwrap_or(false);
        cells
            .iter()
            .enumerate()
            .filter(move |(index, _)| kept(*index))
            .map(|(index, cell)| (index, cell.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_of_a_correction_keeps_its_name() {
        for (stem, expected) in [
            ("liste", "liste"),
            ("liste.correction.0abc3def4ghj", "liste"),
            ("liste.VALIDATION.correction.0abc3def4ghj", "liste"),
            ("liste.correction.kurz", "liste.correction.kurz"),
            ("liste.0abc3def4ghj", "liste.0abc3def4ghj"),
        ] {
            assert_eq!(original_stem(stem), expected);
        }
    }
}
