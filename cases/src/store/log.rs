//! SQLite's write-ahead log: written to the disk while an import still runs, and copied back into the database by a task
//! of its own. Nobody's commit waits for either; what is true does not depend on them.

use std::fs::File;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use sqlx::SqlitePool;

use super::{Db, Store, StoreError};

/// Time between two flushes; an import that is done sooner has no need of one.
const FLUSH_EVERY: Duration = Duration::from_millis(300);
/// Time between two looks at the log.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks at a log that does not grow after which it is copied back. While an import writes there is nothing to copy yet,
/// and its answer comes first: a small commit waits for the disk as long as the copy does.
const QUIET: u32 = 3;
/// Looks after which one that never rests is copied back all the same.
const PATIENCE: u32 = 30;
/// Size from which the log is copied back: a reader searches it for each page.
const COPY_FROM: u64 = 8 << 20;
/// Size from which the file is cut afterwards, once nobody needs what is in it; below, it is written over.
const CUT_FROM: u64 = 64 << 20;

/// Flushes until it is dropped.
#[derive(Debug)]
pub(crate) struct Flusher {
    _stop: Sender<()>,
}

impl Store {
    /// Begins to flush; `None` where there is no log of ours.
    pub(crate) fn flusher(&self) -> Option<Flusher> {
        let Db::Sqlite(pool) = &self.db else { return None };
        let log = path(pool);
        let (stop, stopped) = channel();
        let flush = move || {
            while stopped.recv_timeout(FLUSH_EVERY) == Err(RecvTimeoutError::Timeout) {
                // A log that cannot be opened or synced is for the commit to tell of. SQLite's locks are on other files,
                // so that opening and closing this one releases none of them.
                let _ = File::open(&log).and_then(|log| log.sync_data());
            }
        };
        // Without a thread the commit takes longer, and that is all.
        std::thread::Builder::new().name("flush".to_owned()).spawn(flush).ok()?;
        Some(Flusher { _stop: stop })
    }
}

/// Keeps the log short until the pool is closed. SQLite itself would copy within whichever commit comes next, and let
/// it, and all who wait for the lock, wait for gigabytes.
pub(super) async fn keep_short(pool: SqlitePool) {
    let path = path(&pool);
    let (mut before, mut looks, mut quiet) = (0, 0, 0);
    while !pool.is_closed() {
        tokio::time::sleep(LOOK_EVERY).await;
        let size = tokio::fs::metadata(&path).await.map_or(0, |log| log.len());
        looks += 1;
        quiet = if std::mem::replace(&mut before, size) == size {
            quiet + 1
        } else {
            0
        };
        if size < COPY_FROM || pool.is_closed() || (quiet < QUIET && looks < PATIENCE) {
            continue;
        }
        (looks, quiet) = (0, 0);
        if let Err(error) = copy_back(&pool, size).await {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "the write-ahead log was not copied back"
            );
        }
    }
}

/// Copies without holding anybody up; cuts a long file when that has left nothing to copy.
async fn copy_back(pool: &SqlitePool, size: u64) -> Result<(), StoreError> {
    let (_, frames, copied): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(passive)").fetch_one(pool).await?;
    if size >= CUT_FROM && frames == copied {
        // Waits for readers at most as long as any writer waits for the lock.
        sqlx::query("pragma wal_checkpoint(truncate)").execute(pool).await?;
    }
    Ok(())
}

fn path(pool: &SqlitePool) -> PathBuf {
    let mut path = pool.connect_options().get_filename().as_os_str().to_owned();
    path.push("-wal");
    PathBuf::from(path)
}
