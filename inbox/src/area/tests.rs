//! Uploads, resumption, claims and what a crash leaves, on real folders and with a clock turned by hand.

mod crash;
mod uploads;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chrono::DateTime;
use dropcase_config::{ClientKey, Right};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use uuid::Uuid;

use super::sidecar::Ids;
use super::*;
use crate::arrivals::Signal;
use crate::{Clock, Event};

/// A client's folders below a temporary home.
pub(crate) struct Bench {
    pub(crate) home: TempDir,
    pub(crate) area: Arc<ClientArea>,
    pub(crate) signals: Receiver<Signal>,
    pub(crate) events: UnboundedReceiver<Event>,
    seconds: Arc<AtomicI64>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with_limits(|_| {})
    }

    pub(crate) fn with_limits(limits: impl FnOnce(&mut AreaLimits)) -> Self {
        Self::in_home(tempfile::tempdir().unwrap(), true, limits)
    }

    /// Where the file system keeps attributes, and where it does not.
    pub(crate) fn both() -> [Self; 2] {
        [true, false].map(|attributes| Self::in_home(tempfile::tempdir().unwrap(), attributes, |_| {}))
    }

    fn in_home(home: TempDir, attributes: bool, change: impl FnOnce(&mut AreaLimits)) -> Self {
        let seconds = Arc::new(AtomicI64::new(1_790_000_000));
        let time = Arc::clone(&seconds);
        let (sender, signals) = mpsc::channel();
        let (events_in, events) = unbounded_channel();
        let mut limits = AreaLimits {
            max_file_bytes: 1 << 20,
            max_waiting_files: 100,
            disk_reserve_bytes: 0,
            stat_grace: Duration::from_secs(60),
            partial_keep: Duration::from_secs(3600),
        };
        change(&mut limits);
        let shared = Shared {
            data_dir: home.path().to_owned(),
            limits,
            clock: Clock::new(move || DateTime::from_timestamp(time.load(Ordering::Relaxed), 0).unwrap_or_default()),
            ids: Ids::default(),
            signals: sender,
            events: events_in,
            attributes,
        };
        let key = ClientKey::new("muster").unwrap();
        let area = Arc::new(ClientArea::open(Arc::new(shared), key).unwrap());
        Self {
            home,
            area,
            signals,
            events,
            seconds,
        }
    }

    /// As after a crash: nothing in memory is left, everything on the disk is.
    pub(crate) fn restart(self) -> Self {
        let Self { home, area, .. } = self;
        let attributes = area.shared.attributes;
        drop(area);
        Self::in_home(home, attributes, |_| {})
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// All clients, of whom there is one.
    pub(crate) fn whole(&self) -> Area {
        let clients = HashMap::from([(self.area.key.clone(), Arc::clone(&self.area))]);
        Area {
            shared: Arc::clone(&self.area.shared),
            clients: Arc::new(RwLock::new(clients)),
        }
    }

    pub(crate) fn visit(&self) -> Visit {
        let origin = Origin {
            user: Some("muster".into()),
            protocol: Protocol::Sftp,
            remote: None,
        };
        let rights = BTreeSet::from([Right::Drop, Right::Answers, Right::Reports, Right::Settlements]);
        Visit::new(Arc::clone(&self.area), origin, rights)
    }

    pub(crate) fn start(&self, name: &str, mode: OpenMode) -> Upload {
        self.visit().write(&path(name), mode).unwrap()
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        let mut upload = self.start(name, NEW);
        upload.write_at(0, text.as_bytes()).unwrap();
        upload.publish().unwrap();
    }

    pub(crate) fn disk(&self, name: &str) -> PathBuf {
        self.area.jail_dir.join(name)
    }

    /// The text of a file as a reader of the folder sees it.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.disk(name)).ok()
    }

    pub(crate) fn id(&self, name: &str) -> Uuid {
        self.area.id_at(&path(name)).unwrap()
    }

    pub(crate) fn take(&self, name: &str, delivery: &str) -> std::io::Result<PathBuf> {
        let path = path(name);
        self.area.take(self.id(name), &path, delivery, false)
    }

    /// What lies in the client's upload folder, by ending.
    pub(crate) fn uploads(&self, ending: &str) -> usize {
        let entries = std::fs::read_dir(&self.area.uploads_dir).unwrap();
        entries
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(ending))
            .count()
    }

    pub(crate) fn listed(&self, folder: &str) -> Vec<(String, u64)> {
        let mut listing = self.visit().list(&path(folder)).unwrap();
        let mut seen = Vec::new();
        loop {
            let entries = listing.next(2).unwrap();
            if entries.is_empty() {
                seen.sort();
                return seen;
            }
            seen.extend(
                entries
                    .into_iter()
                    .filter(|entry| entry.attributes.kind == Kind::File)
                    .map(|entry| (String::from_utf8_lossy(&entry.name).into_owned(), entry.attributes.size)),
            );
        }
    }
}

pub(crate) const NEW: OpenMode = OpenMode {
    create: true,
    truncate: true,
    exclusive: false,
    append: false,
};
pub(crate) const RESUME: OpenMode = OpenMode {
    create: true,
    truncate: false,
    exclusive: false,
    append: false,
};

pub(crate) fn path(name: &str) -> RelativePath {
    RelativePath::resolve(name.as_bytes()).unwrap()
}
