//! Reports.

use crate::cli::table::{Column, table};
use crate::cli::words::time;
use crate::commands::reports::{ReportList, ReportQueued};

/// The reports that are scheduled.
pub(crate) fn list(list: &ReportList) -> String {
    const COLUMNS: [Column; 6] = [
        Column::Left("CLIENT"),
        Column::Left("REPORT"),
        Column::Left("FORMATS"),
        Column::Left("SCHEDULE"),
        Column::Left("NEXT"),
        Column::Left("MAIL"),
    ];
    let rows = list.reports.iter().map(|report| {
        let status = report
            .status
            .as_ref()
            .map_or_else(String::new, |status| format!(" ({status})"));
        vec![
            report.client.clone(),
            format!("{}{status}", report.kind),
            report.formats.join(", "),
            report.schedule.clone(),
            report
                .next
                .map(|next| time(next, &report.time_zone))
                .unwrap_or_default(),
            if report.mail { "yes" } else { "no" }.to_owned(),
        ]
    });
    table(
        &COLUMNS,
        rows,
        "No reports are scheduled; a [[report]] in a client's settings does that.",
    )
}

/// A report that is being made.
pub(crate) fn queued(report: &ReportQueued) -> String {
    let formats: Vec<String> = report.formats.iter().map(|format| format.to_uppercase()).collect();
    let formats = formats.join(" and ");
    format!(
        "The report {} is being made as {formats} into outbox/reports/ of {}.\n",
        report.kind, report.client
    )
}
