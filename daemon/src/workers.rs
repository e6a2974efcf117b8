//! Deliveries from the queue, a few at a time, each of another client.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use dropcase_cases::import::ImportError;
use dropcase_cases::model::Leased;
use dropcase_cases::store::{Db, Fault, MAX_BEGUN, StoreError};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::delivery;

/// How long one node of several has a delivery without renewing its lease.
const NODE_LEASE: Duration = Duration::from_secs(60);

/// How long the only node has one. Nobody else may take it, and the next start frees what it had; to be renewed it would
/// have to write, which on SQLite waits for the import itself.
const LONE_LEASE: Duration = Duration::from_secs(24 * 60 * 60);

fn lease(app: &App) -> Duration {
    match app.store.db() {
        Db::Sqlite(_) => LONE_LEASE,
        Db::Postgres(_) => NODE_LEASE,
    }
}

/// First pause after a failure of our own; each further one takes longer by as much again.
const RETRY_STEP: Duration = Duration::from_secs(5);

/// Pause while the database is away or a disk is full.
const AWAY_PAUSE: Duration = Duration::from_secs(2);

/// Why a delivery is in quarantine: each attempt failed.
const FAILED: &str = r#"{"reason":"failed"}"#;

/// Why a delivery is in quarantine: no attempt came to an end.
const UNFINISHED: &str = r#"{"reason":"unfinished"}"#;

/// How long a worker sleeps when nothing says when the next delivery is due.
const IDLE: Duration = Duration::from_secs(30);

/// Works deliveries until `stop`; those in work are finished first.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut workers = JoinSet::new();
    for _ in 0..app.service.limits.workers {
        workers.spawn(worker(app.clone(), stop.clone()));
    }
    while workers.join_next().await.is_some() {}
}

async fn worker(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        // Registered before the look into the queue, so that what arrives during the look is not missed.
        let woken = app.work.notified();
        let pause = match app.store.next(&app.node, lease(&app), app.now()).await {
            Ok(Some(leased)) => {
                // There may be more of other clients.
                app.work.notify_one();
                work(&app, leased, &stop).await;
                app.work.notify_one();
                continue;
            }
            Ok(None) => until_next(&app).await,
            Err(error) => {
                tracing::warn!(%error, "the queue of deliveries cannot be read; trying again");
                AWAY_PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    // Let the next one see that the service stops.
    app.work.notify_one();
}

async fn until_next(app: &App) -> Duration {
    match app.store.next_time().await {
        Ok(Some(due)) => (due - app.now())
            .to_std()
            .unwrap_or(Duration::from_millis(50))
            .min(IDLE),
        Ok(None) => IDLE,
        Err(_) => AWAY_PAUSE,
    }
}

/// Works one delivery in a task of its own, so that a panic is a failed attempt and not the end of the worker, and
/// keeps its lease meanwhile.
async fn work(app: &Arc<App>, leased: Leased, stop: &CancellationToken) {
    if leased.is_over() {
        return give_up(app, &leased, stop).await;
    }
    let task = tokio::spawn({
        let (app, leased) = (app.clone(), leased.clone());
        async move { delivery::work(&app, &leased).await }
    });
    let ended = tokio::select! {
        ended = task => ended,
        never = keep(app, &leased) => match never {},
    };
    match ended {
        Ok(Ok(_)) => app.outbox.notify(),
        Ok(Err(error)) => failed(app, &leased, &error, stop).await,
        Err(ended) => failed(app, &leased, &anyhow::Error::from(ended), stop).await,
    }
}

/// Renews a lease again and again. Whether it still held is decided where it matters, by the fence of the import: here
/// a failure may only mean that the import itself holds the database, or has just ended.
async fn keep(app: &App, leased: &Leased) -> Infallible {
    let lease = lease(app);
    loop {
        tokio::time::sleep(lease / 3).await;
        if let Err(error) = app.store.renew(leased, lease, app.now()).await {
            tracing::debug!(code = leased.delivery.code, %error, "the lease was not renewed");
        }
    }
}

/// Gives a delivery back that could not be worked, or sets it aside after the last attempt.
async fn failed(app: &App, leased: &Leased, error: &anyhow::Error, stop: &CancellationToken) {
    let code = leased.delivery.code.as_str();
    match fault(error) {
        None => tracing::info!(code, "the delivery is not this worker's any more"),
        Some(Fault::Ours) if leased.is_last_attempt() => {
            tracing::error!(code, error = told(error), "delivery quarantined");
            noted(code, stop, || app.quarantine(leased, FAILED)).await;
        }
        Some(fault) => {
            tracing::warn!(code, ?fault, error = told(error), "delivery will be tried again");
            let after = match fault {
                Fault::Circumstances => AWAY_PAUSE,
                Fault::Ours => RETRY_STEP * u32::try_from(leased.delivery.attempts).unwrap_or(1),
            };
            noted(code, stop, || {
                app.store.release_for_retry(leased, fault, after, app.now())
            })
            .await;
        }
    }
}

/// Notes how an attempt ended, however long the database is away: nobody else would take the delivery up before its lease
/// is over. The next start does when this one stops meanwhile.
async fn noted<F: Future<Output = Result<(), StoreError>>>(code: &str, stop: &CancellationToken, note: impl Fn() -> F) {
    loop {
        match note().await {
            Ok(()) | Err(StoreError::Lost) => return,
            Err(error) => tracing::warn!(code, %error, "the end of the attempt could not be noted; trying again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AWAY_PAUSE) => {}
        }
    }
}

/// Sets a delivery aside whose attempts all ended with the process, or without its lease: it is not tried again.
async fn give_up(app: &App, leased: &Leased, stop: &CancellationToken) {
    let code = leased.delivery.code.as_str();
    tracing::error!(
        code,
        attempts = MAX_BEGUN,
        "delivery quarantined: no attempt came to an end"
    );
    noted(code, stop, || app.quarantine(leased, UNFINISHED)).await;
}

/// Whose fault it was; `None` when the lease was lost and the delivery is somebody else's.
fn fault(error: &anyhow::Error) -> Option<Fault> {
    for cause in error.chain() {
        let store = match cause.downcast_ref::<ImportError>() {
            Some(ImportError::Lost) => return None,
            // It stands in the database's place, so the chain does not show that one again.
            Some(ImportError::Store(error)) => Some(error),
            _ => cause.downcast_ref::<StoreError>(),
        };
        if let Some(error) = store {
            return match error {
                StoreError::Lost => None,
                error if error.is_temporary() => Some(Fault::Circumstances),
                _ => Some(Fault::Ours),
            };
        }
        if let Some(error) = cause.downcast_ref::<std::io::Error>() {
            return Some(if is_scarcity(error) {
                Fault::Circumstances
            } else {
                Fault::Ours
            });
        }
        if cause.is::<delivery::NotTakenYet>() {
            return Some(Fault::Circumstances);
        }
        if cause.is::<delivery::NeverComes>() {
            return None;
        }
    }
    Some(Fault::Ours)
}

/// The machine has no room, memory, processes or descriptors left, or a disk that it may not write.
fn is_scarcity(error: &std::io::Error) -> bool {
    const TABLE_FULL: i32 = 23;
    const TOO_MANY_OPEN: i32 = 24;
    matches!(
        error.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::OutOfMemory
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::WouldBlock
    ) || matches!(error.raw_os_error(), Some(TABLE_FULL | TOO_MANY_OPEN))
}

/// An error and its causes for the log. What a panic said is left out: it may quote a value of the file.
fn told(error: &anyhow::Error) -> String {
    let say = |cause: &(dyn std::error::Error + 'static)| match cause.downcast_ref::<JoinError>() {
        Some(ended) if ended.is_panic() => "a task panicked".to_owned(),
        _ => cause.to_string(),
    };
    error.chain().map(say).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use std::io;

    use dropcase_cases::store::Store;

    use super::*;

    #[test]
    fn a_full_disk_is_nobodys_fault_and_a_lost_lease_nobodys_business() {
        let check = |error: anyhow::Error, expected| assert_eq!(fault(&error.context("somewhere")), expected);
        check(
            io::Error::from(ErrorKind::StorageFull).into(),
            Some(Fault::Circumstances),
        );
        check(io::Error::from(ErrorKind::InvalidData).into(), Some(Fault::Ours));
        check(StoreError::Lost.into(), None);
        check(StoreError::UnknownClient.into(), Some(Fault::Ours));
        check(delivery::NotTakenYet.into(), Some(Fault::Circumstances));
        check(anyhow::anyhow!("something"), Some(Fault::Ours));
        check(io::Error::from_raw_os_error(24).into(), Some(Fault::Circumstances));
        check(delivery::NeverComes.into(), None);
    }

    #[tokio::test]
    async fn what_the_import_met_counts_as_what_it_is() {
        let store = Store::connect("sqlite::memory:", 1).await.unwrap();
        store.close().await;
        let away = store.clients().await.unwrap_err();
        let check = |error: ImportError, expected| assert_eq!(fault(&error.into()), expected);
        check(ImportError::Store(away), Some(Fault::Circumstances));
        check(ImportError::Store(StoreError::Lost), None);
        check(ImportError::Lost, None);
        check(ImportError::Staged(ErrorKind::InvalidData.into()), Some(Fault::Ours));
        check(
            ImportError::Spool(ErrorKind::StorageFull.into()),
            Some(Fault::Circumstances),
        );
    }

    #[tokio::test]
    async fn what_a_panic_says_stays_out_of_the_log() {
        let ended = tokio::spawn(async { panic!("Erika Mustermann") }).await.unwrap_err();
        let text = told(&anyhow::Error::from(ended).context("reading"));
        assert_eq!(text, "reading: a task panicked");
    }
}
