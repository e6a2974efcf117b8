//! A finding as commands show it.

use dropcase_cases::model::ResultRow;
use dropcase_outbox::answers::facts::severity_name;
use dropcase_outbox::language::Language;
use dropcase_parsers::finding::Finding;
use serde::{Deserialize, Serialize};

/// A finding with its place and its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FindingShape {
    /// Sheet of a workbook, or member of a bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sheet: Option<String>,
    /// Row as a spreadsheet or editor shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) row: Option<u64>,
    /// Header of the column as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<String>,
    /// Canonical name of the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    /// Stable code.
    pub(crate) code: String,
    /// `info`, `warning` or `error`.
    pub(crate) severity: String,
    /// The value; masked where it comes from the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// What became of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
    /// The record's debtor number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) debtor_number: Option<String>,
    /// The record's invoice number, else its contract number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) invoice_number: Option<String>,
    /// What is wrong, in the client's language.
    pub(crate) message: String,
    /// What to do about it, in the client's language.
    pub(crate) todo: String,
}

impl FindingShape {
    /// `finding` in words.
    pub(crate) fn of(finding: &Finding, language: &Language, sheet: Option<&str>, row: Option<u64>) -> Self {
        let advice = language.advice(finding);
        Self {
            sheet: sheet.map(str::to_owned),
            row,
            column: finding.header.clone().filter(|header| !header.trim().is_empty()),
            field: finding.field.map(|field| field.as_str().to_owned()),
            code: finding.code.as_str().to_owned(),
            severity: severity_name(finding.severity).to_owned(),
            value: finding.value.clone(),
            outcome: None,
            debtor_number: None,
            invoice_number: None,
            message: advice.message,
            todo: advice.fix,
        }
    }

    /// Names the record that it was found in.
    #[must_use]
    pub(crate) fn of_record(self, result: &ResultRow) -> Self {
        Self {
            outcome: Some(result.outcome.as_str().to_owned()),
            debtor_number: result.debtor_number.clone(),
            invoice_number: result.reference.clone(),
            ..self
        }
    }
}
