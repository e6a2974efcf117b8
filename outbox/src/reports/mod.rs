//! Reports: one report, one file. Rendered when their turn comes, as of the moment at which they were asked for.

mod cases;
mod deliveries;
mod found;
mod full;
mod listing;
mod request;
mod sheets;
mod tree;

use std::fs::File;
use std::io::BufWriter;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use dropcase_cases::model::{Answer, OutboxItem, OutboxKind, OutgoingLeased};
use dropcase_cases::queries::CaseStatus;
use dropcase_config::{AnswerFormat, Client, Mail, ReportKind};
use serde::{Deserialize, Serialize};

use crate::answers::plan::{MailParams, Notice, addresses, format_name};
use crate::context::Context;
use crate::failure::Failure;
use crate::files::blocking_write;
use crate::language::Language;
use crate::names::answer_name;
use crate::source::{Rows, rows};
use crate::writers::csv::CsvTable;
use crate::writers::xlsx::XlsxTable;
use crate::writers::{Column, TableWriter, WriteError};

pub use full::{JSON_SCHEMA as CASE_SCHEMA, XML_SCHEMA as CASE_XSD};
pub use listing::{JSON_SCHEMA as CASES_SCHEMA, XML_SCHEMA as CASES_XSD};

/// Days that a report on deliveries covers unless it is told otherwise.
const DAYS: i64 = 31;

/// What a queued report is: choices and times only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportParams {
    /// `cases`, `deliveries`, or `request`.
    pub report: String,
    /// Of `request`: the row of what is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<i64>,
    /// Which cases.
    #[serde(default)]
    pub status: CaseStatus,
    /// Deliveries since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Deliveries before then; and the day in the file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Announce it by mail, with these formats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announce: Vec<String>,
}

/// A report that is asked for.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// What it lists.
    pub kind: ReportKind,
    /// Which cases (`cases` only).
    pub status: CaseStatus,
    /// Deliveries since then (`deliveries` only); default 31 days before `until`.
    pub since: Option<DateTime<Utc>>,
    /// The moment of the report: the due time of a scheduled one; default now.
    pub until: Option<DateTime<Utc>>,
    /// File formats; empty means CSV.
    pub formats: Vec<AnswerFormat>,
    /// Announce it by mail.
    pub mail: bool,
}

/// The name of a report in settings, params and texts.
pub const fn report_name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Cases => "cases",
        ReportKind::Deliveries => "deliveries",
    }
}

/// The rows to queue for a report: one a format; the last one announces all of them.
pub fn plan_report(request: &ReportRequest) -> Vec<Answer> {
    let mut formats: Vec<&str> = request.formats.iter().map(|format| format_name(*format)).collect();
    formats.retain(|format| matches!(*format, "csv" | "xlsx"));
    if formats.is_empty() {
        formats.push("csv");
    }
    let last = formats.len() - 1;
    let announce: Vec<String> = formats.iter().map(|format| format.to_uppercase()).collect();
    let row = |(index, format): (usize, &&str)| {
        let params = ReportParams {
            report: report_name(request.kind).to_owned(),
            request: None,
            status: request.status,
            since: request.since,
            until: request.until,
            announce: if request.mail && index == last {
                announce.clone()
            } else {
                Vec::new()
            },
        };
        Answer {
            kind: OutboxKind::Report,
            format: (*format).to_owned(),
            // Strings, times and an enum always serialise.
            params: serde_json::to_string(&params).unwrap_or_else(|_| "{}".to_owned()),
        }
    };
    formats.iter().enumerate().map(row).collect()
}

/// The params of a report's row.
pub(crate) fn params(item: &OutboxItem) -> Result<ReportParams, Failure> {
    serde_json::from_str(&item.params).map_err(|_| Failure::Broken("PARAMS"))
}

/// The mails that announce the report of `item`, which lies at `path`.
pub(crate) fn announcements(
    item: &OutboxItem,
    client: &Client,
    mail: &Mail,
    path: &str,
) -> Result<Vec<Answer>, Failure> {
    let params = params(item)?;
    if params.announce.is_empty() {
        return Ok(Vec::new());
    }
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let file = format!("{stem} ({})", params.announce.join(", "));
    let letter = |to: &str| MailParams {
        report: Some(params.report.clone()),
        file: Some(file.clone()),
        ..MailParams::new(Notice::ReportReady, to)
    };
    Ok(addresses(client, mail).map(|to| letter(to).answer()).collect())
}

/// Writes a queued report; returns the name it is to get.
pub(crate) async fn write(
    context: &Context,
    leased: &OutgoingLeased,
    client: &Client,
    file: File,
) -> Result<String, Failure> {
    let params = params(&leased.item)?;
    let until = params.until.unwrap_or(leased.item.created_at);
    let period = Period {
        since: params.since.unwrap_or(until - TimeDelta::days(DAYS)),
        until,
    };
    let job = Job {
        context,
        leased,
        client,
        language: Language::of(client.locale),
        until,
    };
    if let ("request", Some(id)) = (params.report.as_str(), params.request) {
        return request::write(&job, id, file).await;
    }
    let day = until.with_timezone(&client.time_zone).date_naive();
    let stem = match params.report.as_str() {
        "cases" => {
            let (sender, rows) = rows();
            let pump = cases::pump(&job, params.status, sender);
            job.table(file, rows, cases::columns, cases::write, pump).await?;
            format!("cases-{}", cases::status_name(params.status))
        }
        "deliveries" => {
            let (sender, rows) = rows();
            let pump = deliveries::pump(&job, period, sender);
            job.table(file, rows, deliveries::columns, deliveries::write, pump)
                .await?;
            "deliveries".to_owned()
        }
        _ => return Err(Failure::Broken("UNKNOWN_REPORT")),
    };
    Ok(answer_name(
        &stem,
        &format!(".{day}.{}", extension(&leased.item.format)),
    ))
}

/// UTC to the second, RFC 3339, for programs.
fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// From when to when.
#[derive(Debug, Clone, Copy)]
struct Period {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// A report being written.
struct Job<'a> {
    context: &'a Context,
    leased: &'a OutgoingLeased,
    client: &'a Client,
    language: &'static Language,
    until: DateTime<Utc>,
}

/// Writes all rows and what follows them.
type WriteRows<T> =
    fn(&mut dyn Iterator<Item = Result<T, WriteError>>, &mut dyn TableWriter, View) -> Result<(), WriteError>;

/// How the client reads it.
#[derive(Clone, Copy)]
struct View {
    language: &'static Language,
    zone: chrono_tz::Tz,
}

impl Job<'_> {
    /// Runs the writer in a thread of its own over the rows that `pump` sends.
    async fn table<T: Send + 'static>(
        &self,
        file: File,
        mut rows: Rows<T>,
        columns: fn(&Language) -> Vec<Column>,
        write: WriteRows<T>,
        pump: impl Future<Output = ()>,
    ) -> Result<(), Failure> {
        let (language, until, temp) = (self.language, self.until, self.context.temp_folder());
        let view = View {
            language,
            zone: self.client.time_zone,
        };
        let xlsx = extension(&self.leased.item.format) == "xlsx";
        let title = language.choice("report", params(&self.leased.item)?.report.as_str());
        let writer = blocking_write(move || {
            let columns = columns(language);
            let out = BufWriter::with_capacity(1 << 16, file);
            if xlsx {
                std::fs::create_dir_all(&temp)?;
                write(
                    &mut rows,
                    &mut XlsxTable::new(out, &temp, until, language, &title, &columns)?,
                    view,
                )
            } else {
                write(&mut rows, &mut CsvTable::new(out, language, &columns)?, view)
            }
        });
        let (written, ()) = tokio::join!(writer, pump);
        written
    }
}

fn extension(format: &str) -> &'static str {
    if format == "xlsx" { "xlsx" } else { "csv" }
}
