//! Commands that ask the service: deliveries, outbox, reports, status.

use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use crate::app;
use crate::commands::deliveries::{DeliveryList, DeliveryShown};
use crate::commands::outbox::{OutboxLine, OutboxList};
use crate::commands::reports::{ReportList, ReportQueued};
use crate::commands::status::StatusShape;
use crate::control::{Failure, Heard, Request};

use super::args::{DeliveryCommand, ImportArgs, Listed, OutboxCommand, ReportCommand};
use super::ask::{Attached, ask, ask_service};
use super::{exit, output, print};

/// `delivery …`
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn delivery(named: Option<&Path>, command: DeliveryCommand) -> Result<ExitCode, Failure> {
    match command {
        DeliveryCommand::List { which, json } => {
            let Listed { client, limit } = which;
            let list: DeliveryList = ask(named, Request::DeliveryList { client, limit }, &[], &mut |_| {})?;
            output::answer(json.json, &list, print::deliveries::list)
        }
        DeliveryCommand::Show { id, json } => {
            let shown: DeliveryShown = ask(named, Request::DeliveryShow { code: id }, &[], &mut |_| {})?;
            output::answer(json.json, &shown, print::deliveries::show)
        }
        DeliveryCommand::Resubmit { id, json } => {
            let bar = Bar::new();
            let request = Request::DeliveryResubmit { code: id };
            let shown: DeliveryShown = ask(named, request, &[], &mut |heard| bar.hear(heard))?;
            drop(bar);
            result(json.json, &shown)
        }
        DeliveryCommand::Release { id, json } => ended(named, Request::DeliveryRelease { code: id }, json.json),
        DeliveryCommand::Drop { id, json } => ended(named, Request::DeliveryDrop { code: id }, json.json),
    }
}

/// Ends a quarantine and shows its delivery.
fn ended(named: Option<&Path>, request: Request, json: bool) -> Result<ExitCode, Failure> {
    let shown: DeliveryShown = ask(named, request, &[], &mut |_| {})?;
    output::answer(json, &shown, print::deliveries::show)
}

/// `import`
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn import(named: Option<&Path>, arguments: &ImportArgs) -> Result<ExitCode, Failure> {
    let file = Attached::look_at(&arguments.file)?;
    let bar = Bar::new();
    let request = Request::Import {
        client: arguments.client.to_string(),
        name: file.name.clone(),
        size: file.size,
    };
    let shown: DeliveryShown = ask(named, request, &[file], &mut |heard| bar.hear(heard))?;
    drop(bar);
    result(arguments.json.json, &shown)
}

/// Shows what became of a delivery; one in quarantine has no result.
fn result(json: bool, shown: &DeliveryShown) -> Result<ExitCode, Failure> {
    let code = output::answer(json, shown, print::deliveries::show)?;
    Ok(if shown.line.state == "quarantined" {
        exit::findings()
    } else {
        code
    })
}

/// `outbox …`
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn outbox(named: Option<&Path>, command: OutboxCommand) -> Result<ExitCode, Failure> {
    match command {
        OutboxCommand::List { which, json } => {
            let Listed { client, limit } = which;
            let list: OutboxList = ask(named, Request::OutboxList { client, limit }, &[], &mut |_| {})?;
            output::answer(json.json, &list, print::outbox::list)
        }
        OutboxCommand::Retry { id, json } => {
            let line: OutboxLine = ask(named, Request::OutboxRetry { id }, &[], &mut |_| {})?;
            output::answer(json.json, &line, print::outbox::retried)
        }
    }
}

/// `report …`
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn report(named: Option<&Path>, command: ReportCommand) -> Result<ExitCode, Failure> {
    match command {
        ReportCommand::Run {
            kind,
            client,
            status,
            format,
            json,
        } => {
            let request = Request::ReportRun {
                client: client.to_string(),
                kind: kind.as_str().to_owned(),
                status: status.map(|status| status.as_str().to_owned()),
                format,
            };
            let queued: ReportQueued = ask(named, request, &[], &mut |_| {})?;
            output::answer(json.json, &queued, print::reports::queued)
        }
        ReportCommand::List { client, json } => {
            let list: ReportList = ask(named, Request::ReportList { client }, &[], &mut |_| {})?;
            output::answer(json.json, &list, print::reports::list)
        }
    }
}

/// `status`
///
/// # Errors
/// `Unavailable` when no service runs.
pub(super) fn status(named: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let status: StatusShape = ask_service(named, &Request::Status)?;
    output::answer(json, &status, |status| print::status::status(status, app::now()))
}

/// `reload`
///
/// # Errors
/// `Refused` when the new settings have mistakes, `Unavailable` when no service runs.
pub(super) fn reload(named: Option<&Path>) -> Result<ExitCode, Failure> {
    let answer: Value = ask_service(named, &Request::Reload)?;
    let clients = answer.get("clients").and_then(Value::as_u64).unwrap_or_default();
    output::show(&format!("The settings are in force; clients: {clients}."))?;
    Ok(exit::DONE)
}

/// Says on a terminal how many records are done; removes itself at the end.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        // The template is a constant; a wrong one costs the style only.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} records, {elapsed}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn hear(&self, heard: Heard<'_>) {
        if let Heard::Records(records) = heard {
            self.0.set_position(records);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
