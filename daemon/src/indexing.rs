//! The search index, written behind the imports whenever they leave room.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::app::App;

/// How long the indexer sleeps when nobody wakes it: other nodes' imports do not.
const IDLE: Duration = Duration::from_secs(30);

/// How long the indexer waits after an import: where many small lists follow each other it works once for many of them,
/// and none of them waits for it.
const SETTLE: Duration = Duration::from_secs(1);

/// Pause after a failure.
const AWAY_PAUSE: Duration = Duration::from_secs(5);

/// Shortest and longest pause between two steps. In between others get SQLite's lock; they look for it at least ten times
/// a second.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Steps from which the end is told of: a list of everyday size takes fewer.
const TOLD_FROM: u32 = 10;

/// Writes the index until `stop`; a step that runs is finished first.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut steps = 0;
    while !stop.is_cancelled() {
        // Registered before the step, so that what is imported during it is not missed.
        let woken = app.imported.notified();
        let start = Instant::now();
        let pause = match app.store.index_some().await {
            Ok(true) => {
                steps += 1;
                // As long as the step: half of the time is for others.
                let pause = start.elapsed().clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
                sleep(pause, &stop).await;
                continue;
            }
            Ok(false) => {
                if steps >= TOLD_FROM {
                    tracing::info!(steps, "the search index is up to date");
                }
                steps = 0;
                IDLE
            }
            Err(error) if error.is_temporary() => {
                tracing::debug!(%error, "the search index waits");
                AWAY_PAUSE
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the search index cannot be written; trying again"
                );
                IDLE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => sleep(SETTLE, &stop).await,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn sleep(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(pause) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::app::Doors;

    #[tokio::test]
    async fn it_ends_when_it_is_told_to() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("clients.d")).unwrap();
        let settings = folder.path().join("dropcase.toml");
        fs::write(&settings, "agency = \"Muster Inkasso\"\n").unwrap();
        let (app, _streams) = App::open(settings, Doors::Shut).await.unwrap();
        let stop = CancellationToken::new();
        let running = tokio::spawn(run(app.clone(), stop.clone()));
        app.imported.notify_one();
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(10), running)
            .await
            .expect("it ends")
            .unwrap();
    }
}
