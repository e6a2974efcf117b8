//! Writes a growing write-ahead log to the disk while an import still runs, so that its commit has little left to wait
//! for. The commit itself syncs as ever: nothing depends on this but its time.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::{Db, Store};

/// Time between two flushes; an import that is done sooner has no need of one.
const EVERY: Duration = Duration::from_millis(300);

/// Flushes until it is dropped.
#[derive(Debug)]
pub(crate) struct Flusher {
    _stop: Sender<()>,
}

impl Store {
    /// Begins to flush; `None` where there is no log of ours.
    pub(crate) fn flusher(&self) -> Option<Flusher> {
        let Db::Sqlite(pool) = &self.db else { return None };
        let options = pool.connect_options();
        let mut log = options.get_filename().as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let (stop, stopped) = channel();
        let flush = move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                sync(&log);
            }
        };
        // Without a thread the commit takes longer, and that is all.
        std::thread::Builder::new().name("flush".to_owned()).spawn(flush).ok()?;
        Some(Flusher { _stop: stop })
    }
}

/// A log that cannot be opened or synced is for the commit to tell of. SQLite's locks are on other files, so opening and
/// closing this one releases none of them.
fn sync(log: &Path) {
    let _ = File::open(log).and_then(|log| log.sync_data());
}
