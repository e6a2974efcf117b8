//! Hearing of files that others put into the drop folders, by `inotify`.
//!
//! It is only the quick way: network shares are silent and queues overflow, so the scans find what it misses.

use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use dropcase_config::{Client, ClientKey};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::area::{DROP_FOLDERS, RelativePath};
use crate::arrivals::Signal;

/// Watches the drop folders of all clients.
#[derive(Debug)]
pub(crate) struct DropWatch {
    watcher: RecommendedWatcher,
    clients_dir: PathBuf,
    watched: HashSet<ClientKey>,
}

impl DropWatch {
    pub(crate) fn new(data_dir: &Path, signals: Sender<Signal>) -> notify::Result<Self> {
        let clients_dir = data_dir.join("clients");
        let top = clients_dir.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            for signal in signals_of(&top, event) {
                // Without a receiver the service is going down.
                let _ = signals.send(signal);
            }
        })?;
        Ok(Self {
            watcher,
            clients_dir,
            watched: HashSet::new(),
        })
    }

    /// Watches exactly these clients. What cannot be watched is left to the scans.
    pub(crate) fn set_clients(&mut self, clients: &[Client]) {
        let wanted: HashSet<ClientKey> = clients.iter().map(|client| client.key.clone()).collect();
        for gone in self.watched.difference(&wanted) {
            for folder in folders(&self.clients_dir, gone) {
                let _ = self.watcher.unwatch(&folder);
            }
        }
        for new in wanted.difference(&self.watched) {
            for folder in folders(&self.clients_dir, new) {
                if let Err(error) = self.watcher.watch(&folder, RecursiveMode::Recursive) {
                    let error = nameless(error);
                    tracing::warn!(client = %new, %error, "cannot watch a drop folder; scans find its files");
                }
            }
        }
        self.watched = wanted;
    }
}

fn folders(clients_dir: &Path, client: &ClientKey) -> [PathBuf; 2] {
    DROP_FOLDERS.map(|folder| clients_dir.join(client.as_str()).join(folder))
}

fn signals_of(top: &Path, event: notify::Result<Event>) -> Vec<Signal> {
    match event {
        Ok(event) if event.need_rescan() => vec![Signal::Rescan],
        Ok(Event {
            kind: EventKind::Create(_) | EventKind::Modify(_) | EventKind::Any,
            paths,
            ..
        }) => paths.iter().filter_map(|path| touched(top, path)).collect(),
        // Reading, and what is gone, is none of our business.
        Ok(_) => Vec::new(),
        Err(error) => {
            let error = nameless(error);
            tracing::warn!(%error, "watching the drop folders failed; scanning instead");
            vec![Signal::Rescan]
        }
    }
}

/// The error without the paths that it names: clients choose them.
fn nameless(error: notify::Error) -> notify::Error {
    notify::Error::new(error.kind)
}

fn touched(top: &Path, path: &Path) -> Option<Signal> {
    let inner = path.strip_prefix(top).ok()?;
    let client = ClientKey::new(inner.components().next()?.as_os_str().to_str()?)?;
    let rest = inner.strip_prefix(client.as_str()).ok()?;
    Some(Signal::Touched(
        client,
        RelativePath::resolve(rest.as_os_str().as_bytes()).ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_names_no_path() {
        let error = notify::Error::path_not_found().add_path("/data/clients/muster/inbox/Erika Mustermann".into());
        assert!(!nameless(error).to_string().contains("Erika"));
    }

    #[test]
    fn names_client_and_path() {
        let signal = touched(
            Path::new("/data/clients"),
            Path::new("/data/clients/muster/inbox/sub/x.csv"),
        );
        let Some(Signal::Touched(client, path)) = signal else {
            panic!("{signal:?}")
        };
        assert_eq!(
            (client.as_str(), path.as_bytes()),
            ("muster", b"inbox/sub/x.csv".as_slice())
        );
        assert!(touched(Path::new("/data/clients"), Path::new("/data/other/x")).is_none());
    }
}
