//! Reports: made now, or scheduled.

use chrono::{DateTime, Utc};
use dropcase_config::{AnswerFormat, Client, Report, ReportKind};
use dropcase_outbox::ReportRequest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{answer, cases, known_client};
use crate::app::App;
use crate::control::{Actor, Failure};
use crate::schedule::next_due;

/// `report list`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportList {
    /// By client, in the order of their settings.
    pub(crate) reports: Vec<ReportLine>,
}

/// A scheduled report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportLine {
    /// Key of the client.
    pub(crate) client: String,
    /// The client's time zone, in which the schedule counts.
    pub(crate) time_zone: String,
    /// `cases` or `deliveries`.
    pub(crate) kind: String,
    /// `open`, `closed` or `all`; of `cases` alone.
    pub(crate) status: Option<String>,
    /// `csv`, `xlsx`.
    pub(crate) formats: Vec<String>,
    /// Cron expression, seconds first.
    pub(crate) schedule: String,
    /// Whether it is announced by mail.
    pub(crate) mail: bool,
    /// When it runs next.
    pub(crate) next: Option<DateTime<Utc>>,
}

/// `report run`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportQueued {
    /// Key of the client.
    pub(crate) client: String,
    /// `cases` or `deliveries`.
    pub(crate) kind: String,
    /// Formats that are being made; they appear in the client's `outbox/reports/`.
    pub(crate) formats: Vec<String>,
}

/// Queues a report.
pub(super) async fn run(
    app: &App,
    actor: &Actor,
    key: &str,
    kind: &str,
    status: Option<String>,
    format: Option<String>,
) -> Result<Value, Failure> {
    let client = app
        .client(key)
        .ok_or_else(|| Failure::not_found(format!("there is no client {key}")))?;
    let row = known_client(app, key).await?;
    let kind: ReportKind = kind.parse().map_err(Failure::refused)?;
    if kind != ReportKind::Cases && status.is_some() {
        return Err(Failure::refused(format!(
            "--status is for the report cases, not for {kind}"
        )));
    }
    let own = client.reports.iter().find(|report| report.kind == kind);
    let status = status.or_else(|| {
        own.map(|report| report.status.clone())
            .filter(|_| kind == ReportKind::Cases)
    });
    let formats = formats(own, format)?;
    let request = ReportRequest {
        kind,
        status: status.map_or(Ok(dropcase_cases::queries::CaseStatus::Open), |word| {
            cases::status(&word)
        })?,
        since: None,
        until: None,
        formats: formats.clone(),
        mail: false,
    };
    app.outbox.request_report(row, &request).await?;
    tracing::info!(client = key, report = %kind, by = actor.name, "report queued");
    let formats = formats.iter().map(|format| format.as_str().to_owned()).collect();
    answer(&ReportQueued {
        client: key.to_owned(),
        kind: kind.as_str().to_owned(),
        formats,
    })
}

/// The format that was asked for, else those of the client's own report, else CSV.
fn formats(own: Option<&Report>, asked: Option<String>) -> Result<Vec<AnswerFormat>, Failure> {
    match (asked.as_deref(), own) {
        (Some("csv"), _) => Ok(vec![AnswerFormat::Csv]),
        (Some("xlsx"), _) => Ok(vec![AnswerFormat::Xlsx]),
        (Some(other), _) => Err(Failure::refused(format!(
            "`{other}` is not a format of reports; write csv or xlsx"
        ))),
        (None, Some(report)) => Ok(report.formats.iter().copied().collect()),
        (None, None) => Ok(vec![AnswerFormat::Csv]),
    }
}

/// The reports that are scheduled.
pub(super) async fn list(app: &App, client: Option<String>) -> Result<Value, Failure> {
    if let Some(key) = &client {
        known_client(app, key).await?;
    }
    let clients = app.clients();
    let wanted = clients
        .values()
        .filter(|one| client.as_ref().is_none_or(|key| one.key.as_str() == key));
    let reports = wanted.flat_map(|client| client.reports.iter().map(|report| line(client, report, app.now())));
    answer(&ReportList {
        reports: reports.collect(),
    })
}

fn line(client: &Client, report: &Report, now: DateTime<Utc>) -> ReportLine {
    ReportLine {
        client: client.key.to_string(),
        time_zone: client.time_zone.name().to_owned(),
        kind: report.kind.as_str().to_owned(),
        status: (report.kind == ReportKind::Cases).then(|| report.status.clone()),
        formats: report.formats.iter().map(|format| format.as_str().to_owned()).collect(),
        schedule: report.schedule.source().to_owned(),
        mail: report.mail,
        next: next_due(&report.schedule, client.time_zone, now),
    }
}
