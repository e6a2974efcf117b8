//! The periodic reports: each is queued when it is due, and once for all runs that were missed.

mod calendar;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use dropcase_cases::model::ClientId;
use dropcase_cases::store::StoreError;
use dropcase_config::{Client, Report};
use dropcase_outbox::{ReportRequest, plan_report};
use tokio_util::sync::CancellationToken;

pub(crate) use calendar::next_due;

use crate::app::App;

/// Longest sleep between two looks: a reload may bring a new schedule, and clocks jump.
const LOOK: Duration = Duration::from_secs(20);

/// Queues due reports until `stop`.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    loop {
        let now = app.now();
        for client in app.clients().values() {
            if let Err(error) = queue_due(&app, client, now).await {
                tracing::warn!(client = %client.key, %error, "reports could not be queued; trying again");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(until_next(&app, now)) => {}
        }
    }
}

/// Queues every report of a client that is due.
pub(crate) async fn queue_due(app: &App, client: &Client, now: DateTime<Utc>) -> Result<(), StoreError> {
    if client.reports.is_empty() {
        return Ok(());
    }
    let row = app
        .store
        .client(client.key.as_str())
        .await?
        .ok_or(StoreError::UnknownClient)?;
    for report in &client.reports {
        queue_run(app, client, row.id, report, now).await?;
    }
    Ok(())
}

async fn queue_run(
    app: &App,
    client: &Client,
    id: ClientId,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let name = name(report);
    let last = app.store.last_report_run(id, &name, now).await?;
    let Some(due) = calendar::last_due(&report.schedule, client.time_zone, last, now) else {
        return Ok(());
    };
    let answers = plan_report(&ReportRequest {
        kind: report.kind,
        status: report.status.parse().unwrap_or_default(),
        since: None,
        until: Some(due),
        formats: report.formats.iter().copied().collect(),
        mail: report.mail,
    });
    if app.store.queue_report_run(id, &name, due, &answers, now).await? {
        tracing::info!(client = %client.key, report = name, "report queued");
        app.outbox.notify();
    }
    Ok(())
}

/// A report's name among the client's: a changed schedule is another report, and so is another format.
fn name(report: &Report) -> String {
    let formats: Vec<String> = report.formats.iter().map(ToString::to_string).collect();
    format!(
        "{}/{}/{}/{}",
        report.kind,
        report.status,
        formats.join("+"),
        report.schedule
    )
}

fn until_next(app: &App, now: DateTime<Utc>) -> Duration {
    let clients = app.clients();
    let dues = clients.values().flat_map(|client| {
        client
            .reports
            .iter()
            .filter_map(|report| next_due(&report.schedule, client.time_zone, now))
    });
    let wait = dues.min().and_then(|due| (due - app.now()).to_std().ok());
    wait.unwrap_or(LOOK).min(LOOK)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::str::FromStr;

    use dropcase_config::{AnswerFormat, ReportKind};

    use super::*;

    #[test]
    fn reports_that_differ_have_names_that_differ() {
        let report = |format, schedule| Report {
            kind: ReportKind::Cases,
            status: "open".to_owned(),
            formats: BTreeSet::from([format]),
            schedule: cron::Schedule::from_str(schedule).unwrap(),
            mail: false,
        };
        let reports = [
            report(AnswerFormat::Csv, "0 0 6 * * *"),
            report(AnswerFormat::Xlsx, "0 0 6 * * *"),
            report(AnswerFormat::Csv, "0 0 7 * * *"),
        ];
        let names: BTreeSet<String> = reports.iter().map(name).collect();
        assert_eq!(names.len(), reports.len());
    }
}
