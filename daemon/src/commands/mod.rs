//! What the command line can ask of the service: one request, one answer in the shape that `--json` prints.
//!
//! The same code answers over the control socket and, with the service stopped, inside the command's own process.

mod cases;
mod check;
mod deliveries;
mod import;
mod reports;
mod status;

use std::sync::Arc;

use serde_json::Value;
use tokio::io::AsyncRead;

use crate::app::App;
use crate::control::{Actor, Failure, Request};

/// The bytes that follow a request.
pub(crate) type Body = Box<dyn AsyncRead + Send + Unpin>;

/// Hears how far a long command is.
pub(crate) trait Report: Send {
    /// So many records are done.
    fn progress(&mut self, records: u64) -> impl Future<Output = ()> + Send;
}

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
        Request::DeliveryResubmit { code } => deliveries::resubmit(app, actor, &code).await,
        Request::CaseList { client, debtor, status, limit } => cases::list(app, client, debtor, &status, limit).await,
        Request::CaseShow { number } => cases::show(app, &number).await,
        Request::ReportRun { client, kind, status, format } => {
            reports::run(app, actor, &client, &kind, status, format).await
        }
        Request::ReportList { client } => reports::list(app, client).await,
        Request::Import { client, name, size } => import::import(app, actor, &client, &name, size, body, report).await,
        Request::Check { client, size } => check::check(app, &client, size, body, report).await,
    }
}
