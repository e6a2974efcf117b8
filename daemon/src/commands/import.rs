//! `import`: an operator's file goes the way of a client's.

use std::sync::Arc;

use dropcase_cases::model::{Mode, NewDelivery};
use dropcase_inbox::RelativePath;
use serde_json::Value;

use super::original::Incoming;
use super::{Body, Report, answer, deliveries, settled};
use crate::app::App;
use crate::control::{Actor, Failure};

/// Takes the file in `body` over and waits for its result.
pub(super) async fn import(
    app: &Arc<App>,
    actor: &Actor,
    key: &str,
    (name, size): (&str, u64),
    body: Body,
    report: &mut impl Report,
) -> Result<Value, Failure> {
    let client = app
        .client(key)
        .ok_or_else(|| Failure::not_found(format!("there is no client {key}")))?;
    check_name(name)?;
    let limit = client.max_file_bytes.unwrap_or(app.service.limits.max_file_bytes);
    if size > limit {
        return Err(Failure::refused(format!(
            "the file has {size} bytes; the client may hand over {limit}"
        )));
    }
    let incoming = Incoming::new(app, &client.key)?;
    incoming.write(body, size).await?;
    let new = NewDelivery {
        upload_id: incoming.upload,
        client_key: key.to_owned(),
        actor: app.operator(actor).await?,
        mode: Mode::Import,
        name: name.to_owned(),
        path: format!("inbox/{name}"),
        protocol: "operator".to_owned(),
        remote: None,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        arrived_at: app.now(),
    };
    let delivery = app.store.register(&new, client.receipts, app.now()).await?;
    incoming.place(delivery.code.clone(), delivery.name.clone()).await?;
    tracing::info!(
        code = delivery.code,
        client = key,
        by = actor.name,
        size,
        "delivery handed in"
    );
    app.work.notify_one();
    settled(app, delivery.id, report).await?;
    answer(&deliveries::shown(app, &delivery.code).await?)
}

/// A name that a client could use.
fn check_name(name: &str) -> Result<(), Failure> {
    let path = RelativePath::root().join(b"inbox").join(name.as_bytes());
    match name.contains('/') || path.name().is_empty() || path.check_new().is_err() {
        true => Err(Failure::refused("no client could drop a file of this name; rename it")),
        false => Ok(()),
    }
}
