//! What the command line can ask of the service: one request, one answer in the shape that `--json` prints.
//!
//! The same code answers over the control socket and, with the service stopped, inside the command's own process.

pub(crate) mod account;
mod attached;
pub(crate) mod cases;
pub(crate) mod check;
pub(crate) mod deliveries;
pub(crate) mod finding;
mod import;
pub(crate) mod orders;
mod original;
pub(crate) mod outbox;
pub(crate) mod papers;
mod quarantine;
pub(crate) mod reports;
mod resubmit;
pub(crate) mod status;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use dropcase_cases::model::{ClientId, DeliveryId, DeliveryState, OutboxKind, OutboxState};
use dropcase_cases::store::StoreError;
use serde::Serialize;
use serde_json::Value;
use tokio::io::AsyncRead;

use crate::app::App;
use crate::control::{Actor, Failure, Request};
use crate::quarantine::End;

/// The bytes that follow a request.
pub(crate) type Body = Box<dyn AsyncRead + Send + Unpin>;

/// Hears how far a long command is, and the files that belong to its answer.
pub(crate) trait Report: Send {
    /// So many records are done.
    fn progress(&mut self, records: u64) -> impl Future<Output = ()> + Send;

    /// The next bytes of the file `place` of the answer; those of one file follow each other.
    ///
    /// # Errors
    /// When nobody takes them any more.
    fn piece(&mut self, place: usize, bytes: &[u8]) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// How often a delivery is looked at while its command waits for it.
const LOOK: Duration = Duration::from_millis(100);

/// Does what `request` asks for.
///
/// # Errors
/// With the kind that becomes the command's exit code.
pub(crate) async fn run(
    app: &Arc<App>,
    actor: &Actor,
    request: Request,
    body: Body,
    report: &mut impl Report,
) -> Result<Value, Failure> {
    match request {
        Request::Status => status::status(app).await,
        Request::Reload => status::reload(app, actor).await,
        Request::DeliveryList { client, limit } => deliveries::list(app, client, limit).await,
        Request::DeliveryShow { code } => deliveries::show(app, &code).await,
        Request::DeliveryResubmit { code } => resubmit::resubmit(app, actor, &code, report).await,
        Request::DeliveryRelease { code } => quarantine::end(app, actor, &code, End::Release).await,
        Request::DeliveryDrop { code } => quarantine::end(app, actor, &code, End::Drop).await,
        Request::OutboxList { client, limit } => outbox::list(app, client, limit).await,
        Request::OutboxRetry { id } => outbox::retry(app, actor, id).await,
        Request::CaseList {
            client,
            debtor,
            status,
            limit,
        } => cases::list(app, client, debtor, &status, limit).await,
        Request::CaseShow { number } => cases::show(app, &number).await,
        Request::CasePapers { number, content } => papers::list(app, &number, content, report).await,
        Request::CaseAccount { number, as_of } => account::account(app, &number, as_of).await,
        Request::CaseOrder {
            record,
            papers,
            dry_run,
        } => orders::order(app, actor, (&record, &papers, body), dry_run).await,
        Request::ReportRun {
            client,
            kind,
            status,
            format,
        } => reports::run(app, actor, &client, &kind, status, format).await,
        Request::ReportList { client } => reports::list(app, client).await,
        Request::Import { client, name, size } => {
            import::import(app, actor, &client, (&name, size), body, report).await
        }
        Request::Check { client, size } => check::check(app, actor, &client, size, body, report).await,
    }
}

/// An answer as JSON.
fn answer(shape: &impl Serialize) -> Result<Value, Failure> {
    Ok(serde_json::to_value(shape).context("the answer")?)
}

/// The row of a client, also of one that left the settings.
async fn known_client(app: &App, key: &str) -> Result<ClientId, Failure> {
    let row = app.store.client(key).await?;
    row.map(|row| row.id)
        .ok_or_else(|| Failure::not_found(format!("there is no client {key}")))
}

/// The time zone of a client; of one that left the settings, UTC.
fn time_zone(app: &App, key: &str) -> String {
    app.client(key)
        .map_or_else(|| "UTC".to_owned(), |client| client.time_zone.name().to_owned())
}

/// Waits until a delivery has its result and its files lie in the outbox (mails may take longer), and says how far it
/// is meanwhile.
async fn settled(app: &App, id: DeliveryId, report: &mut impl Report) -> Result<(), Failure> {
    let mut look = tokio::time::interval(LOOK);
    let mut said = 0;
    loop {
        look.tick().await;
        let records = app.follow(id).map_or(0, |way| *way.borrow());
        if records > said {
            said = records;
            report.progress(records).await;
        }
        let detail = match app.store.delivery_detail(id).await {
            Err(error) if error.is_temporary() => continue,
            detail => detail?.context("the delivery")?,
        };
        let leaving = |state| matches!(state, OutboxState::Queued | OutboxState::Staged);
        let files = detail.outbox.iter().filter(|item| item.kind != OutboxKind::Mail);
        let worked =
            detail.delivery.state != DeliveryState::Claimed && detail.delivery.state != DeliveryState::Imported;
        if worked && !files.clone().any(|item| leaving(item.state)) {
            return Ok(());
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        anyhow::Error::from(error).into()
    }
}
