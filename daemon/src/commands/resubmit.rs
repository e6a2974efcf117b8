//! `delivery resubmit`: the archived original once more, as a delivery of its own.

use std::sync::Arc;

use anyhow::Context;
use dropcase_cases::import;
use dropcase_cases::model::{Delivery, DeliveryState};
use dropcase_inbox::Folder;
use serde_json::Value;

use super::original::Incoming;
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
    refuse(app, &first).await?;
    let (claim, key, of) = (app.inbox.claim(), client.clone(), code.to_owned());
    let find = move || claim.original(&key, &of);
    let kept = tokio::task::spawn_blocking(find)
        .await
        .context("the archive")?
        .context("the archive")?;
    let kept =
        kept.ok_or_else(|| Failure::refused(format!("the original of {code} is not in the archive any more")))?;
    let incoming = Incoming::new(app, &client)?;
    // The text is no paper.
    incoming.copy(kept, app.service.papers.max_count + 1).await?;
    let operator = app.operator(actor).await?;
    let again = import::resubmit(&app.store, first.id, incoming.upload, operator, app.now()).await?;
    let again = again.ok_or_else(|| Failure::refused(format!("the delivery {code} is not done yet")))?;
    incoming.place(again.code.clone(), again.name.clone()).await?;
    tracing::info!(code = again.code, first = code, by = actor.name, "delivery resubmitted");
    app.work.notify_one();
    settled(app, again.id, report).await?;
    answer(&deliveries::shown(app, &again.code).await?)
}

/// Refuses what cannot be worked once more, or should not.
async fn refuse(app: &App, first: &Delivery) -> Result<(), Failure> {
    let code = &first.code;
    let is_message = Folder::of_noted(&first.path) == Some(Folder::Messages);
    let why = match first.state {
        DeliveryState::Claimed => "is not done yet",
        DeliveryState::Waiting => "is a paper that waits for its claim; it is looked at again by itself",
        // It would be said twice.
        _ if is_message && app.store.was_said(first).await? => "is a message that lies on its case already",
        _ => return Ok(()),
    };
    Err(Failure::refused(format!("the delivery {code} {why}")))
}
