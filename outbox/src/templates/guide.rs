//! The record layout guide, generated from the field catalogue: as a page and as a sheet of the list.

use std::fmt::Write as _;

use dropcase_config::Client;
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::needed::needed_by;
use rust_xlsxwriter::Worksheet;

use super::list::need;
use crate::language::Language;
use crate::mail::notices::escape;
use crate::writers::WriteError;
use crate::writers::xlsx::{header_format, sheet_name};

/// The columns of the guide and their widths in characters.
const COLUMNS: [(&str, f64); 6] = [
    ("guide-field", 24.0),
    ("guide-about", 70.0),
    ("guide-needed", 22.0),
    ("guide-type", 30.0),
    ("guide-headers", 70.0),
    ("guide-name", 22.0),
];

/// What a guide explains.
pub(super) struct Guide {
    /// The columns.
    pub(super) fields: Vec<Field>,
    /// The record types.
    pub(super) record_types: Vec<&'static str>,
    /// The record type by which columns are needed; `None` where none goes before the others.
    pub(super) needed: Option<&'static str>,
    /// The key of what is said ahead of the record types.
    pub(super) intro: &'static str,
}

/// What the guide says of a record type: its word, what it does, what it needs, its name.
fn record_type(name: &str, language: &Language) -> [String; 4] {
    let fields = |group: &&[Field]| {
        let names: Vec<String> = group.iter().map(|field| language.field(*field)).collect();
        names.join(" / ")
    };
    let needed: Vec<String> = needed_by(name).iter().map(fields).collect();
    let needed = if needed.is_empty() {
        language.word("needed-optional")
    } else {
        needed.join("; ")
    };
    [
        language.choice("record", name),
        language.choice("record-about", name),
        needed,
        name.to_owned(),
    ]
}

/// What the guide says of a field, in the order of the columns.
fn row(field: Field, needed: Option<&str>, language: &Language) -> Vec<String> {
    let others = field
        .headers(language.catalogue())
        .iter()
        .skip(1)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let mut row = vec![language.field(field), field.about(language.catalogue()).to_owned()];
    row.extend(needed.map(|record_type| language.word(need(field, record_type).0)));
    row.extend([content(field, language), others, field.as_str().to_owned()]);
    row
}

fn content(field: Field, language: &Language) -> String {
    let kind = match field.kind() {
        Kind::Text => "kind-text",
        Kind::Code => "kind-code",
        Kind::Date => "kind-date",
        Kind::Money => "kind-money",
        Kind::Percent => "kind-percent",
        Kind::Bool => "kind-bool",
        Kind::List => "kind-list",
    };
    let kind_word = language.word(kind);
    if matches!(field.kind(), Kind::Text | Kind::List) {
        let limit = field.max_length().to_string();
        return format!(
            "{kind_word}, {}",
            language.text("kind-length", &[("limit", limit.into())])
        );
    }
    kind_word
}

impl Guide {
    /// The headings of the columns and their widths.
    fn columns(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let all = COLUMNS.into_iter();
        all.filter(|(key, _)| *key != "guide-needed" || self.needed.is_some())
    }

    /// The guide as a sheet of the list.
    pub(super) fn sheet(&self, sheet: &mut Worksheet, language: &Language) -> Result<(), WriteError> {
        let header = header_format();
        sheet.set_name(sheet_name(&language.word("guide-sheet"), 1))?;
        sheet.set_freeze_panes(1, 0)?;
        for ((key, width), column) in self.columns().zip(0u16..) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, language.word(key), &header)?;
        }
        for (field, at) in self.fields.iter().zip(1u32..) {
            for (cell, column) in row(*field, self.needed, language).iter().zip(0u16..) {
                sheet.write_string(at, column, cell)?;
            }
        }
        Ok(())
    }

    /// The guide as a page that needs nothing but a browser.
    pub(super) fn html(&self, client: &Client) -> String {
        let language = Language::of(client.locale);
        let mut page = String::with_capacity(64 << 10);
        let word = |key: &str| escaped(&language.word(key));
        let locale = crate::language::code(client.locale);
        let title = word("guide-title");
        let _ = write!(
            page,
            "<!DOCTYPE html>\n<html lang=\"{locale}\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\n<style>{STYLE}\
             </style></head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n",
            word("guide-intro")
        );
        let headings: Vec<String> = self.columns().map(|(key, _)| language.word(key)).collect();
        let fields = self.fields.iter().map(|field| row(*field, self.needed, language));
        table(&mut page, &headings, fields);
        let _ = writeln!(page, "<h2>{}</h2>\n<p>{}</p>", word("guide-records"), word(self.intro));
        table(
            &mut page,
            &["guide-record", "guide-about", "guide-needed", "guide-name"].map(|key| language.word(key)),
            self.record_types
                .iter()
                .map(|name| record_type(name, language).to_vec()),
        );
        let _ = writeln!(page, "<h2>{}</h2>", word("guide-findings"));
        let codes = Code::ALL.iter().map(|code| {
            let advice = language.advice(&Finding::new(*code).value("…").column(0, Some("…")));
            vec![code.as_str().to_owned(), advice.message, advice.fix]
        });
        table(
            &mut page,
            &["guide-code", "heading-message", "heading-todo"].map(|key| language.word(key)),
            codes,
        );
        page.push_str("</body>\n</html>\n");
        page
    }
}

const STYLE: &str = "body{font:15px/1.5 Arial,Helvetica,sans-serif;color:#1f2933;margin:2em}\
    table{border-collapse:collapse}th,td{border:1px solid #cbd2d9;padding:4px 8px;text-align:left;vertical-align:top}\
    th{background:#1f3a5f;color:#fff}";

fn table(page: &mut String, headings: &[String], rows: impl Iterator<Item = Vec<String>>) {
    page.push_str("<table>\n<tr>");
    for heading in headings {
        let _ = write!(page, "<th>{}</th>", escaped(heading));
    }
    page.push_str("</tr>\n");
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td>{}</td>", escaped(&cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LOCALES;
    use crate::templates::{claims, office};
    use dropcase_parsers::values::code;

    #[test]
    fn the_words_of_the_guide_are_understood() {
        for locale in LOCALES {
            for name in [claims::guide(), office::guide()]
                .iter()
                .flat_map(|guide| &guide.record_types)
            {
                let [word, about, ..] = record_type(name, Language::of(locale));
                assert_eq!(code::read(Field::RecordType, &word).as_deref(), Some(*name), "{word}");
                assert_ne!(about, *name);
            }
        }
    }
}
