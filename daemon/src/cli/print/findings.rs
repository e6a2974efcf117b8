//! Findings, a line each.

use crate::cli::table::{Column, table};
use crate::commands::finding::FindingShape;

const COLUMNS: [Column; 6] = [
    Column::Left("SHEET"),
    Column::Right("ROW"),
    Column::Left("COLUMN"),
    Column::Left("SEVERITY"),
    Column::Left("CODE"),
    Column::Left("MESSAGE"),
];

/// A table of findings; empty when there are none. The column for sheets is there only when one has a name.
pub(crate) fn findings(findings: &[FindingShape]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let skip = usize::from(findings.iter().all(|finding| finding.sheet.is_none()));
    let rows = findings.iter().map(|finding| cells(finding).split_off(skip));
    table(&COLUMNS[skip..], rows, "")
}

fn cells(finding: &FindingShape) -> Vec<String> {
    let message = match finding.todo.is_empty() {
        true => finding.message.clone(),
        false => format!("{} {}", finding.message, finding.todo),
    };
    vec![
        finding.sheet.clone().unwrap_or_default(),
        finding.row.map(|row| row.to_string()).unwrap_or_default(),
        finding
            .column
            .clone()
            .or_else(|| finding.field.clone())
            .unwrap_or_default(),
        finding.severity.clone(),
        finding.code.clone(),
        message,
    ]
}
