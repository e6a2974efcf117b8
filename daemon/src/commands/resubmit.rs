//! `delivery resubmit`: the archived original once more, as a delivery of its own.

use std::sync::Arc;

use dropcase_cases::import;
use dropcase_cases::model::DeliveryState;
use serde_json::Value;

use super::original::{Incoming, original};
use super::{Report, answer, deliveries, settled};
use crate::app::App;
use crate::control::{Actor, Failure};
use crate::delivery::client_key;

/// Queues the original of the delivery `code` anew and waits for its result.
pub(super) async fn resubmit(
    app: &Arc<App>,
    actor: &Actor,
    code: &str,
    report: &mut impl Report,
) -> Result<Value, Failure> {
    let detail = app.store.delivery_by_code(code).await?;
    let first = detail
        .ok_or_else(|| Failure::not_found(format!("there is no delivery {code}")))?
        .delivery;
    let client = client_key(&first)?;
    if app.client(client.as_str()).is_none() {
        return Err(Failure::refused(format!(
            "the client {client} is in no settings file any more"
        )));
    }
    if first.state == DeliveryState::Claimed {
        return Err(Failure::refused(format!("the delivery {code} is not done yet")));
    }
    let kept = original(app, &client, code).await?;
    let kept =
        kept.ok_or_else(|| Failure::refused(format!("the original of {code} is not in the archive any more")))?;
    let incoming = Incoming::new(app, &client)?;
    incoming.copy(kept).await?;
    let operator = app.operator(actor).await?;
    let again = import::resubmit(&app.store, first.id, incoming.upload, operator, app.now()).await?;
    let again = again.ok_or_else(|| Failure::refused(format!("the delivery {code} is not done yet")))?;
    incoming.place(again.code.clone(), again.name.clone()).await?;
    tracing::info!(code = again.code, first = code, by = actor.name, "delivery resubmitted");
    app.work.notify_one();
    settled(app, again.id, report).await?;
    answer(&deliveries::shown(app, &again.code).await?)
}
