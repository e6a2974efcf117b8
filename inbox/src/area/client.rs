//! One client's area: the jail, the upload folder and the index of what lies where.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use dropcase_config::ClientKey;
use rustix::fs::{FileType, Mode, OFlags, Stat};
use uuid::Uuid;

use super::sidecar::{Sidecar, Stage};
use crate::arrivals::Signal;

use super::{AreaError, Jail, Notice, Origin, RelativePath, Shared, folders};

/// Write access to a partial: a session that takes the upload over closes the gate of the one before.
#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<bool>);

impl Gate {
    /// Passes as long as the guard lives, unless the gate was closed.
    pub(crate) fn pass(&self) -> Result<MutexGuard<'_, bool>, AreaError> {
        let closed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *closed { Err(AreaError::TakenOver) } else { Ok(closed) }
    }

    /// Waits for a write under way and lets none after it pass.
    pub(crate) fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

/// An upload that is being written or broke off.
#[derive(Debug)]
pub(crate) struct Partial {
    pub(crate) id: Uuid,
    pub(crate) origin: Origin,
    /// Open now, or when it broke off.
    pub(crate) at: DateTime<Utc>,
    pub(crate) gate: Arc<Gate>,
    /// A session has it open.
    pub(crate) open: bool,
}

/// A complete file that waits in a drop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) id: Uuid,
    pub(crate) origin: Origin,
    /// When it was published, or last renamed.
    pub(crate) at: DateTime<Utc>,
    pub(crate) size: u64,
    pub(crate) inode: u64,
    pub(crate) renamed: bool,
}

impl Published {
    pub(crate) fn sidecar(&self, target: &RelativePath, stage: Stage, at: DateTime<Utc>) -> Sidecar {
        Sidecar {
            id: self.id,
            stage,
            origin: self.origin.clone(),
            target: target.clone(),
            at,
            size: self.size,
            inode: self.inode,
            renamed: self.renamed,
        }
    }
}

/// A claimed name that can still be looked up.
#[derive(Debug, Clone)]
pub(crate) struct Grace {
    pub(crate) id: Uuid,
    pub(crate) size: u64,
    /// Modification time, seconds since 1970.
    pub(crate) modified: i64,
    pub(crate) until: DateTime<Utc>,
}

/// What lies where. Every change of a name in the drop folders happens under its lock.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) partials: HashMap<RelativePath, Partial>,
    pub(crate) published: HashMap<RelativePath, Published>,
    pub(crate) by_id: HashMap<Uuid, RelativePath>,
    pub(crate) grace: HashMap<RelativePath, Grace>,
}

impl State {
    pub(crate) fn insert_published(&mut self, path: RelativePath, file: Published) {
        self.by_id.insert(file.id, path.clone());
        if let Some(old) = self.published.insert(path, file) {
            self.by_id.remove(&old.id);
        }
    }

    pub(crate) fn remove_published(&mut self, path: &RelativePath) -> Option<Published> {
        let file = self.published.remove(path)?;
        self.by_id.remove(&file.id);
        Some(file)
    }
}

/// One client's folders.
#[derive(Debug)]
pub(crate) struct ClientArea {
    pub(crate) key: ClientKey,
    pub(crate) jail: Jail,
    /// The jail's place, for watching.
    pub(crate) jail_dir: PathBuf,
    pub(crate) uploads_dir: PathBuf,
    pub(crate) uploads: OwnedFd,
    pub(crate) work_dir: PathBuf,
    pub(crate) shared: Arc<Shared>,
    state: Mutex<State>,
    max_file_bytes: AtomicU64,
}

impl ClientArea {
    /// Makes and opens the folders and takes up what an earlier run left.
    pub(crate) fn open(shared: Arc<Shared>, key: ClientKey) -> io::Result<Self> {
        folders::ensure(&shared.data_dir, &key)?;
        let jail_dir = shared.data_dir.join("clients").join(key.as_str());
        let uploads_dir = shared.data_dir.join("uploads").join(key.as_str());
        let area = Self {
            jail: Jail::open(&jail_dir)?,
            uploads: File::open(&uploads_dir)?.into(),
            work_dir: shared.data_dir.join("work").join(key.as_str()),
            max_file_bytes: AtomicU64::new(shared.limits.max_file_bytes),
            state: Mutex::default(),
            jail_dir,
            uploads_dir,
            shared,
            key,
        };
        area.recover()?;
        Ok(area)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.shared.clock.now()
    }

    pub(crate) fn set_max_file_bytes(&self, limit: u64) {
        self.max_file_bytes.store(limit, Ordering::Relaxed);
    }

    pub(crate) fn max_file_bytes(&self) -> u64 {
        self.max_file_bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn part_name(id: Uuid) -> String {
        format!("{id}.part")
    }

    /// Opens the bytes of a partial; `flags` say whether it is made.
    pub(crate) fn open_part(&self, id: Uuid, write: bool, create: bool) -> io::Result<File> {
        fs::OpenOptions::new()
            .read(true)
            .write(write)
            .create_new(create)
            .mode(0o660)
            .custom_flags(i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default())
            .open(self.uploads_dir.join(Self::part_name(id)))
    }

    /// Removes a partial's bytes and its sidecar; what is missing already is no error.
    pub(crate) fn discard_part(&self, id: Uuid) -> io::Result<()> {
        match fs::remove_file(self.uploads_dir.join(Self::part_name(id))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Sidecar::remove(&self.uploads_dir, id)
    }

    /// What lies at `path` for a client: a regular file or a folder; links, devices and pipes do not exist.
    pub(crate) fn stat_real(&self, path: &RelativePath) -> Result<Stat, AreaError> {
        if path.is_hidden() {
            return Err(AreaError::NotFound);
        }
        let stat = self.jail.stat(path)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile | FileType::Directory => Ok(stat),
            _ => Err(AreaError::NotFound),
        }
    }

    /// Fails when the data file system would fall below its reserve.
    pub(crate) fn check_room(&self) -> Result<(), AreaError> {
        let space = rustix::fs::fstatvfs(&self.uploads)?;
        if space.f_bavail.saturating_mul(space.f_frsize) < self.shared.limits.disk_reserve_bytes {
            return Err(AreaError::DiskFull);
        }
        Ok(())
    }

    /// Fails when the client has too many files waiting.
    pub(crate) fn check_waiting(&self, state: &State) -> Result<(), AreaError> {
        let limit = self.shared.limits.max_waiting_files;
        let waiting = state.published.len() + state.partials.len();
        if waiting as u64 >= limit {
            Err(AreaError::TooManyWaiting(limit))
        } else {
            Ok(())
        }
    }

    /// Tells the arrivals of a published or renamed file.
    pub(crate) fn notice(&self, id: Uuid) {
        // Without a receiver the service is going down; the file is found at the next start.
        let notice = Notice {
            client: self.key.clone(),
            id,
        };
        let _ = self.shared.signals.send(Signal::Notice(notice));
    }

    /// Makes a subfolder, writable by the group as its parents are, whatever the service's umask says.
    pub(crate) fn make_folder(&self, path: &RelativePath) -> io::Result<()> {
        let mode = Mode::from_raw_mode(0o2770);
        self.jail.make_folder(path, mode)?;
        Ok(rustix::fs::fchmod(self.jail.folder(path)?, mode)?)
    }
}
