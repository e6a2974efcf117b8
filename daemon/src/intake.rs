//! Arrivals become deliveries: first the row, then the file leaves the client's folder.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use dropcase_cases::model::{ActorKind, Delivery, DeliveryState, Mode, NewDelivery};
use dropcase_cases::store::StoreError;
use dropcase_inbox::{Arrival, Event, Folder, Protocol, Streams};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Pause while the database is away.
const AWAY_PAUSE: Duration = Duration::from_secs(1);

/// Claims what arrives and notes what is picked up, until `stop`.
///
/// Nothing is lost when a claim fails: the inbox offers the same arrival again.
pub(crate) async fn run(app: Arc<App>, mut streams: Streams, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            Some(arrival) = streams.arrivals.recv() => claim(&app, &arrival, &stop).await,
            Some(event) = streams.events.recv() => note(&app, event).await,
            else => return,
        }
    }
}

/// Claims one arrival. While the database is away everything waits behind it: what arrived later must not overtake it,
/// and as soon as it has a row it cannot.
async fn claim(app: &App, arrival: &Arrival, stop: &CancellationToken) {
    while let Err(error) = take(app, arrival).await {
        tracing::warn!(
            client = %arrival.client,
            upload = %arrival.upload_id,
            error = format!("{error:#}"),
            "an arrival could not be claimed; it is tried again"
        );
        if !is_away(&error) {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AWAY_PAUSE) => {}
        }
    }
}

fn is_away(error: &anyhow::Error) -> bool {
    error.downcast_ref::<StoreError>().is_some_and(StoreError::is_temporary)
}

async fn take(app: &App, arrival: &Arrival) -> anyhow::Result<()> {
    let client = app
        .client(arrival.client.as_str())
        .context("the client is in no settings file any more")?;
    let new = delivery(app, arrival).await?;
    let delivery = app.store.register(&new, client.receipts, app.now()).await?;
    if delivery.state != DeliveryState::Claimed {
        return clear_leftover(app, arrival, delivery).await;
    }
    let (claim, taken, code) = (app.inbox.claim(), arrival.clone(), delivery.code.clone());
    match tokio::task::spawn_blocking(move || claim.take(&taken, &code)).await? {
        Ok(_) => {
            tracing::info!(
                code = delivery.code,
                client = %arrival.client,
                upload = %arrival.upload_id,
                size = arrival.size,
                protocol = delivery.protocol,
                "delivery claimed"
            );
            app.work.notify_one();
            if client.receipts {
                app.outbox.notify();
            }
            Ok(())
        }
        // The client took it back, replaces it or turned it into a link: there is nothing to work. A row left waiting
        // would hold up its later files; should this upload be offered again, it waits again.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::InvalidData | ErrorKind::ResourceBusy
            ) =>
        {
            tracing::info!(code = delivery.code, client = %arrival.client, "the file was taken back");
            Ok(app.store.withdraw(delivery.id, app.now()).await?)
        }
        Err(error) => Err(error).context("moving the file"),
    }
}

/// The delivery is worked and its file is offered once more. Mostly it was offered twice; but a crash between the copy
/// and the removal of a file of others has left the original where it lay.
async fn clear_leftover(app: &App, arrival: &Arrival, delivery: Delivery) -> anyhow::Result<()> {
    let (claim, arrival) = (app.inbox.claim(), arrival.clone());
    let clear = move || -> std::io::Result<()> {
        if !claim.is_expected(&arrival.client, arrival.upload_id)? {
            return Ok(());
        }
        match delivery.state {
            DeliveryState::Archived | DeliveryState::Dropped => {
                claim.take(&arrival, &delivery.code)?;
                claim.clear(&arrival.client, &delivery.code)
            }
            // The work folder keeps the original.
            DeliveryState::Quarantined | DeliveryState::Waiting => claim.take(&arrival, &delivery.code).map(drop),
            // On its way to the archive: the file will be offered again.
            _ => Ok(()),
        }
    };
    tokio::task::spawn_blocking(clear).await?.context("clearing a leftover")
}

async fn delivery(app: &App, arrival: &Arrival) -> anyhow::Result<NewDelivery> {
    let key = arrival.client.as_str();
    let row = app.store.client(key).await?.ok_or(StoreError::UnknownClient)?;
    let actor = match &arrival.user {
        Some(user) => app.store.actor(ActorKind::User, Some(row.id), user).await?,
        None => app.store.actor(ActorKind::Service, None, "local").await?,
    };
    let protocol = match arrival.protocol {
        Protocol::Sftp => "sftp",
        Protocol::Ftps => "ftps",
        Protocol::Ftp => "ftp",
        Protocol::Local => "local",
    };
    Ok(NewDelivery {
        upload_id: arrival.upload_id,
        client_key: key.to_owned(),
        actor,
        mode: if arrival.folder == Folder::Validate {
            Mode::Validate
        } else {
            Mode::Import
        },
        name: arrival.name.clone(),
        path: String::from_utf8_lossy(arrival.path.as_bytes()).into_owned(),
        protocol: protocol.to_owned(),
        remote: arrival.remote.map(|address| address.to_string()),
        size: i64::try_from(arrival.size).unwrap_or(i64::MAX),
        arrived_at: arrival.arrived_at,
    })
}

/// A client deleted an answer: it has picked it up.
async fn note(app: &App, event: Event) {
    let Event::PickedUp { client, path } = event;
    let noted = async {
        let Some(row) = app.store.client(client.as_str()).await? else {
            return Ok(false);
        };
        app.store
            .picked_up(row.id, &String::from_utf8_lossy(path.as_bytes()), app.now())
            .await
    };
    if let Err(error) = noted.await {
        tracing::debug!(%client, %error, "a pick-up was not noted");
    }
}
