//! What has not left yet, and what was given up.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use dropcase_cases::model::{OutboxId, OutboxItem};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{answer, known_client};
use crate::app::App;
use crate::control::{Actor, Failure};

/// Something that has not left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OutboxLine {
    /// Its number, for `outbox retry`.
    pub(crate) id: i64,
    /// Key of the client.
    pub(crate) client: String,
    /// The client's time zone.
    pub(crate) time_zone: String,
    /// `acknowledgement`, `correction`, `mail`, …
    pub(crate) kind: String,
    /// `csv`, `xlsx`, `json`, `xml`, `mail`, …
    pub(crate) format: String,
    /// The delivery that it answers.
    pub(crate) delivery: Option<String>,
    /// `queued`, `staged` or `failed`.
    pub(crate) state: String,
    /// When it was queued.
    pub(crate) queued: DateTime<Utc>,
    /// Times that somebody tried.
    pub(crate) attempts: i64,
    /// Code of the last failure.
    pub(crate) error: Option<String>,
    /// When it is tried next; null when it was given up.
    pub(crate) next: Option<DateTime<Utc>>,
}

/// `outbox list`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OutboxList {
    /// Oldest first.
    pub(crate) outbox: Vec<OutboxLine>,
}

/// What has not left, oldest first.
pub(super) async fn list(app: &App, client: Option<String>, limit: u32) -> Result<Value, Failure> {
    let client = match &client {
        Some(key) => Some(known_client(app, key).await?),
        None => None,
    };
    let mut outbox = Vec::new();
    for item in app.store.unsent(client, limit).await? {
        outbox.push(line(app, &item).await?);
    }
    answer(&OutboxList { outbox })
}

/// Puts what was given up back into the queue.
pub(super) async fn retry(app: &App, actor: &Actor, id: i64) -> Result<Value, Failure> {
    let operator = app.operator(actor).await?;
    if !app.store.take_up(OutboxId(id), operator, app.now()).await? {
        return Err(Failure::not_found(format!(
            "nothing was given up under the number {id}"
        )));
    }
    app.outbox.notify();
    tracing::info!(id, by = actor.name, "taken up again");
    let item = app
        .store
        .outgoing(OutboxId(id))
        .await?
        .context("the row of the outbox")?;
    answer(&line(app, &item).await?)
}

async fn line(app: &App, item: &OutboxItem) -> Result<OutboxLine, Failure> {
    let delivery = match item.delivery_id {
        Some(id) => app.store.delivery(id).await?.map(|delivery| delivery.code),
        None => None,
    };
    Ok(OutboxLine {
        id: item.id.0,
        client: item.client_key.clone(),
        time_zone: super::time_zone(app, &item.client_key),
        kind: item.kind.as_str().to_owned(),
        format: item.format.clone(),
        delivery,
        state: item.state.as_str().to_owned(),
        queued: item.created_at,
        attempts: item.attempts,
        error: item.error.clone(),
        next: item.done_at.is_none().then_some(item.next_attempt_at),
    })
}
