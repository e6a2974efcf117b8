//! A finding in words: where it is, what it is, what to do about it.

use dropcase_parsers::finding::Finding;
use fluent_bundle::FluentArgs;

use super::Language;
use super::arguments::ARGUMENTS;

/// What stands for an argument that a finding does not bring.
const NONE: &str = "none";

/// Where a finding is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// Sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// Row as the client sees it, from 1.
    pub row: Option<u64>,
}

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What is wrong, without its place.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

impl Language {
    /// What `finding` says and what to do about it.
    pub fn advice(&self, finding: &Finding) -> Advice {
        let column = self.column(finding);
        let field = finding.field.map(|field| self.field(field));
        let mut args = FluentArgs::with_capacity(ARGUMENTS.len() + finding.args.len() + 3);
        for name in ARGUMENTS {
            args.set(*name, NONE);
        }
        for (name, value) in &finding.args {
            args.set(name.as_str(), self.argument(finding.code, name, value));
            if name == "fields" {
                args.set("expected", self.headers(value));
            }
        }
        args.set("value", self.found(finding));
        args.set("column", column.as_deref().unwrap_or(NONE));
        args.set(
            "field",
            field.or_else(|| column.clone()).unwrap_or_else(|| NONE.to_owned()),
        );
        let key = finding.code.as_str();
        Advice {
            message: self.format(key, None, &args).unwrap_or_else(|| key.to_owned()),
            fix: self.format(key, Some("fix"), &args).unwrap_or_default(),
        }
    }

    /// The finding with its place: `Zeile 7, Spalte „Fälligkeit“: … ist kein Datum. Bitte …`
    pub fn sentence(&self, finding: &Finding, place: Place<'_>) -> String {
        let Advice { message, fix } = self.advice(finding);
        let mut text = self.place(finding, place);
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&message);
        if !fix.is_empty() {
            text.push(' ');
            text.push_str(&fix);
        }
        text
    }

    fn place(&self, finding: &Finding, place: Place<'_>) -> String {
        let column = finding.header.as_deref().filter(|header| !header.trim().is_empty());
        let mut parts = Vec::new();
        if let Some(sheet) = place.sheet {
            parts.push(self.text("place-sheet", &[("sheet", sheet.into())]));
        }
        // As text: a row number is a name here, no quantity to be grouped.
        let row = place.row.map(|row| row.to_string());
        match (row, column) {
            (Some(row), Some(column)) => {
                parts.push(self.text("place-row-column", &[("row", row.into()), ("column", column.into())]));
            }
            (Some(row), None) => parts.push(self.text("place-row", &[("row", row.into())])),
            (None, Some(column)) => parts.push(self.text("place-column", &[("column", column.into())])),
            (None, None) => {}
        }
        parts.join(", ")
    }

    fn column(&self, finding: &Finding) -> Option<String> {
        let header = finding.header.as_deref().filter(|header| !header.trim().is_empty());
        header
            .map(str::to_owned)
            .or_else(|| finding.field.map(|field| self.field(field)))
    }
}
