//! The only code that touches client folders; blocking, protocol-neutral, safe to call from several sessions at once.
//!
//! An [`Area`] holds all clients. A session asks it for a [`Visit`] (one user of one client, with its rights) and works
//! through that: look up, list, read, upload, rename, remove. An [`Upload`] is written under a hidden name outside the
//! jail; [`Upload::publish`] makes it durable and visible in one step. Dropping an `Upload` without publishing leaves a
//! partial that the same client sees under the target's name and may resume.
//!
//! ```text
//! clients/<key>/            the jail: README.txt inbox/ validate/ outbox/ templates/ archive/
//! uploads/<key>/<id>.part   bytes of an upload that is being written or broke off
//! uploads/<key>/<id>.json   its sidecar: who, from where, when, target, stage; that of a complete upload is an attribute
//!                           of the file where the file system keeps such
//! work/<key>/<delivery>/    claimed files
//! ```
//! All of it is one file system, so that publishing and claiming are renames.

mod attribute;
mod client;
mod error;
mod extents;
mod folders;
mod jail;
mod listing;
mod messages;
pub(crate) mod original;
mod path;
mod recover;
mod rename;
mod sidecar;
mod take;
#[cfg(test)]
pub(crate) mod tests;
mod upload;
mod visit;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use dropcase_config::{Client, ClientKey, Limits, Right};
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

pub use error::AreaError;
pub use folders::{FOLDERS, Folder, Ops, ensure as ensure_client_folders, is_fixed, require, rule};
pub use jail::Jail;
pub use listing::{Entry, Listing};
pub use path::{HIDDEN_PREFIX, RelativePath};
pub use sidecar::{Origin, Protocol};
pub use upload::Upload;
pub use visit::{Attributes, Kind, OpenMode, Reader, Space, Visit};

pub(crate) use client::ClientArea;
pub(crate) use folders::DROP_FOLDERS;
pub(crate) use messages::{WaitingFolder, files as message_files};
pub(crate) use recover::Signature;
pub(crate) use take::Waiting;

use crate::arrivals::Signal;
use crate::{Clock, Event};
use sidecar::Ids;

/// Something that the arrivals have to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) client: ClientKey,
    pub(crate) id: Uuid,
}

/// What all clients' areas share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) data_dir: PathBuf,
    pub(crate) limits: AreaLimits,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) signals: Sender<Signal>,
    pub(crate) events: UnboundedSender<Event>,
    /// Sidecars may be attributes, where the file system keeps such.
    pub(crate) attributes: bool,
}

/// The limits that the area itself enforces; see [`Limits`] for their meaning.
#[derive(Debug, Clone)]
pub(crate) struct AreaLimits {
    pub(crate) max_file_bytes: u64,
    pub(crate) max_waiting_files: u64,
    pub(crate) disk_reserve_bytes: u64,
    pub(crate) stat_grace: Duration,
    pub(crate) partial_keep: Duration,
}

impl From<&Limits> for AreaLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            max_file_bytes: limits.max_file_bytes,
            max_waiting_files: limits.max_waiting_files,
            disk_reserve_bytes: limits.disk_reserve_bytes,
            stat_grace: limits.stat_grace,
            partial_keep: limits.partial_keep,
        }
    }
}

/// The folders of all clients. Cheap to clone; every call blocks on the disk.
#[derive(Debug, Clone)]
pub struct Area {
    shared: Arc<Shared>,
    clients: Arc<RwLock<HashMap<ClientKey, Arc<ClientArea>>>>,
}

impl Area {
    /// Opens the folders below `data_dir` and puts in order what a crash left behind.
    ///
    /// # Errors
    /// When a client's folders can be neither made nor opened.
    pub(crate) fn open(
        data_dir: &Path,
        limits: &Limits,
        clients: &[Client],
        clock: Clock,
        signals: Sender<Signal>,
        events: UnboundedSender<Event>,
    ) -> std::io::Result<Self> {
        let shared = Shared {
            data_dir: data_dir.to_owned(),
            limits: limits.into(),
            clock,
            ids: Ids::default(),
            signals,
            events,
            attributes: true,
        };
        let area = Self {
            shared: Arc::new(shared),
            clients: Arc::default(),
        };
        area.set_clients(clients)?;
        Ok(area)
    }

    /// Takes up new clients and changed limits and forgets removed clients; their folders stay on the disk.
    ///
    /// # Errors
    /// When a client's folders can be neither made nor opened.
    pub fn set_clients(&self, clients: &[Client]) -> std::io::Result<()> {
        let known = self.clients.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut next = HashMap::new();
        for client in clients {
            let area = match known.get(&client.key) {
                Some(area) => Arc::clone(area),
                None => Arc::new(ClientArea::open(Arc::clone(&self.shared), client.key.clone())?),
            };
            area.set_max_file_bytes(client.max_file_bytes.unwrap_or(self.shared.limits.max_file_bytes));
            next.insert(client.key.clone(), area);
        }
        *self.clients.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Lets one user of `client` in; `None` when there is no such client.
    pub fn visit(&self, client: &ClientKey, origin: Origin, rights: BTreeSet<Right>) -> Option<Visit> {
        Some(Visit::new(self.client(client)?, origin, rights))
    }

    /// The folder of the clients' work folders.
    pub(crate) fn work_dir(&self) -> PathBuf {
        self.shared.data_dir.join("work")
    }

    pub(crate) fn client(&self, key: &ClientKey) -> Option<Arc<ClientArea>> {
        self.clients
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<ClientArea>> {
        self.clients
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect()
    }
}
