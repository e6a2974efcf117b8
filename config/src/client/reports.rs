//! Reads `[[report]]`: periodic reports of a client.

use super::{AnswerFormat, Report, ReportKind};
use crate::reader::{Section, choose};
use crate::schedule::schedule;

const FORMATS: [(&str, AnswerFormat); 2] = [("csv", AnswerFormat::Csv), ("xlsx", AnswerFormat::Xlsx)];
const STATUSES: [(&str, &str); 3] = [("open", "open"), ("closed", "closed"), ("all", "all")];

pub(super) fn read(root: &mut Section<'_>) -> Vec<Report> {
    let mut reports = Vec::new();
    for mut section in root.sections("report") {
        let kind = section.choice("kind", ReportKind::WORDS);
        let status = section.choice("status", &STATUSES);
        let formats = section
            .list("formats", |word| choose(word, &FORMATS))
            .unwrap_or_else(|| vec![AnswerFormat::Csv]);
        let schedule = section.parsed("schedule", schedule);
        let mail = section.flag("mail").unwrap_or(true);
        if status.is_some() && kind == Some(ReportKind::Deliveries) {
            section.mistake("status", "belongs to kind = \"cases\" alone; remove it");
        }
        if section.has("formats") && formats.is_empty() {
            section.mistake("formats", "names no format; write [\"csv\"], [\"xlsx\"] or both");
        }
        section.require("kind", "\"cases\" or \"deliveries\"");
        section.require(
            "schedule",
            "a cron expression, such as \"0 6 * * mon\" (Mondays at 06:00)",
        );
        section.finish();
        let (status, formats) = (status.unwrap_or("open").to_owned(), formats.into_iter().collect());
        let known = kind.zip(schedule);
        reports.extend(known.map(|(kind, schedule)| Report {
            kind,
            status,
            formats,
            schedule,
            mail,
        }));
    }
    reports
}
