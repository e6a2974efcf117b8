//! One user's way into one client's folders: every operation that a protocol offers, with the user's rights applied.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;

use dropcase_config::{ClientKey, Right};
use rustix::fs::{FileType, Stat, Timestamps};
use uuid::Uuid;

use super::client::{ClientArea, Gate, Partial, State};
use super::folders::{self, Ops};
use super::sidecar::Sidecar;
use super::{AreaError, Listing, Origin, RelativePath, Upload, attribute, jail};
use crate::Event;

/// What lies under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// What a client may know of a file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes {
    /// File or folder.
    pub kind: Kind,
    /// Bytes.
    pub size: u64,
    /// Permission bits as shown to clients; they follow from the folder, not from the disk.
    pub permissions: u32,
    /// Last read, seconds since 1970.
    pub accessed: i64,
    /// Last change, seconds since 1970.
    pub modified: i64,
}

impl Attributes {
    pub(super) fn of_file(stat: &Stat) -> Self {
        Self {
            kind: Kind::File,
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            permissions: 0o640,
            accessed: stat.st_atime,
            modified: stat.st_mtime,
        }
    }

    pub(super) fn of(stat: &Stat, ops: Ops) -> Self {
        let writable = ops.allow(Ops::DROP);
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => {
                let permissions = if writable { 0o750 } else { 0o550 };
                Self {
                    kind: Kind::Folder,
                    permissions,
                    ..Self::of_file(stat)
                }
            }
            _ => Self {
                permissions: if writable { 0o640 } else { 0o440 },
                ..Self::of_file(stat)
            },
        }
    }
}

/// How a file is opened for writing; the meanings are those of `open(2)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenMode {
    /// Make it when it is missing.
    pub create: bool,
    /// Start from nothing.
    pub truncate: bool,
    /// Fail when it exists.
    pub exclusive: bool,
    /// Every write goes to the end.
    pub append: bool,
}

/// Room on the data file system, the reserve taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Block size in bytes.
    pub block_size: u64,
    /// All blocks.
    pub blocks: u64,
    /// Blocks that uploads may still fill.
    pub available: u64,
    /// All inodes.
    pub files: u64,
    /// Free inodes.
    pub files_free: u64,
}

/// An open file that is read.
#[derive(Debug)]
pub struct Reader {
    file: File,
    ops: Ops,
}

impl Reader {
    /// The file, for `pread(2)`.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The file itself, open for reading.
    pub fn into_file(self) -> File {
        self.file
    }

    /// Size and times.
    ///
    /// # Errors
    /// As `fstat(2)`.
    pub fn attributes(&self) -> Result<Attributes, AreaError> {
        Ok(Attributes::of(&rustix::fs::fstat(&self.file)?, self.ops))
    }
}

/// One user of one client at work. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Visit {
    pub(super) client: Arc<ClientArea>,
    pub(super) origin: Origin,
    pub(super) rights: Arc<BTreeSet<Right>>,
}

impl Visit {
    pub(super) fn new(client: Arc<ClientArea>, origin: Origin, rights: BTreeSet<Right>) -> Self {
        Self {
            client,
            origin,
            rights: Arc::new(rights),
        }
    }

    /// The client whose folders these are.
    pub fn client(&self) -> &ClientKey {
        &self.client.key
    }

    /// The largest upload, in bytes.
    pub fn max_file_bytes(&self) -> u64 {
        self.client.max_file_bytes()
    }

    /// The present moment by the clock that was passed in.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.client.now()
    }

    fn require(&self, path: &RelativePath, ops: Ops) -> Result<Ops, AreaError> {
        Ok(folders::require(path, &self.rights, ops)?.ops)
    }

    /// What lies at `path`: a file, a folder, an unfinished upload, or a name that was claimed a moment ago.
    ///
    /// # Errors
    /// [`AreaError::NotFound`] and what the disk reports.
    pub fn attributes(&self, path: &RelativePath) -> Result<Attributes, AreaError> {
        let ops = self.require(path, Ops::LIST)?;
        if ops.allow(Ops::DROP)
            && let Some(attributes) = self.partial_attributes(path)?
        {
            return Ok(attributes);
        }
        match self.client.stat_real(path) {
            Ok(stat) => Ok(Attributes::of(&stat, ops)),
            Err(AreaError::NotFound) => self.claimed_attributes(path),
            Err(other) => Err(other),
        }
    }

    pub(super) fn partial_attributes(&self, path: &RelativePath) -> Result<Option<Attributes>, AreaError> {
        let Some(id) = self.client.state().partials.get(path).map(|partial| partial.id) else {
            return Ok(None);
        };
        match self.client.open_part(id, false, false) {
            Ok(file) => Ok(Some(Attributes::of_file(&rustix::fs::fstat(&file)?))),
            // Published in between: look at the real file.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn claimed_attributes(&self, path: &RelativePath) -> Result<Attributes, AreaError> {
        let now = self.client.now();
        let state = self.client.state();
        let grace = state
            .grace
            .get(path)
            .filter(|grace| grace.until > now)
            .ok_or(AreaError::NotFound)?;
        let (size, modified) = (grace.size, grace.modified);
        Ok(Attributes {
            kind: Kind::File,
            size,
            permissions: 0o640,
            accessed: modified,
            modified,
        })
    }

    /// Starts listing a folder.
    ///
    /// # Errors
    /// [`AreaError::NotAFolder`], [`AreaError::NotFound`] and what the disk reports.
    pub fn list(&self, path: &RelativePath) -> Result<Listing, AreaError> {
        self.require(path, Ops::LIST)?;
        Listing::open(self.clone(), path)
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// [`AreaError::NotFound`], [`AreaError::Denied`], [`AreaError::IsAFolder`] and what the disk reports.
    pub fn read(&self, path: &RelativePath) -> Result<Reader, AreaError> {
        let ops = self
            .require(path, Ops::READ)
            .map_err(|error| self.folder_or(path, error))?;
        if path.is_hidden() {
            return Err(AreaError::NotFound);
        }
        let partial = self.client.state().partials.get(path).map(|partial| partial.id);
        if let Some(file) = partial.and_then(|id| self.client.open_part(id, false, false).ok()) {
            return Ok(Reader { file, ops });
        }
        Ok(Reader {
            file: self.client.jail.read(path)?,
            ops,
        })
    }

    fn folder_or(&self, path: &RelativePath, error: AreaError) -> AreaError {
        let listed = folders::require(path, &self.rights, Ops::LIST).is_ok();
        if listed && matches!(error, AreaError::Denied(_)) {
            AreaError::IsAFolder
        } else {
            error
        }
    }

    /// Opens a file for writing. A second session that opens the same name takes the upload over from the first.
    ///
    /// Until [`Upload::publish`] nothing changes that the intake could see, but an existing file of this name is not
    /// claimed while it is being replaced.
    ///
    /// # Errors
    /// [`AreaError::Denied`] with a sentence that says where to put files, [`AreaError::BadName`],
    /// [`AreaError::DiskFull`], [`AreaError::TooManyWaiting`], [`AreaError::Exists`] and what the disk reports.
    pub fn write(&self, path: &RelativePath, mode: OpenMode) -> Result<Upload, AreaError> {
        self.require(path, Ops::DROP)?;
        path.check_new()?;
        if folders::is_fixed(path) {
            return Err(AreaError::IsAFolder);
        }
        let client = &self.client;
        client.check_room()?;
        loop {
            let gate = {
                let mut state = client.state();
                match state.partials.get(path) {
                    Some(_) if mode.exclusive => return Err(AreaError::Exists),
                    Some(partial) if partial.open => Arc::clone(&partial.gate),
                    _ => return self.begin(&mut state, path, mode),
                }
            };
            // A session before us has it open. Its gate is closed without holding the state: it may be publishing.
            gate.close();
            if let Some(partial) = client.state().partials.get_mut(path)
                && Arc::ptr_eq(&partial.gate, &gate)
            {
                partial.open = false;
            }
        }
    }

    fn begin(&self, state: &mut State, path: &RelativePath, mode: OpenMode) -> Result<Upload, AreaError> {
        let client = &self.client;
        if let Some(id) = state.partials.get(path).map(|partial| partial.id) {
            if !mode.truncate {
                let file = client.open_part(id, true, false)?;
                Sidecar::partial(id, &self.origin, path, client.now()).write(&client.uploads_dir)?;
                return self.enter(state, id, path, mode, file, true);
            }
            state.partials.remove(path);
            client.discard_part(id)?;
        }
        let existing = match client.stat_real(path) {
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
                return Err(AreaError::IsAFolder);
            }
            Ok(stat) => Some(stat),
            Err(AreaError::NotFound) => None,
            Err(other) => return Err(other),
        };
        match existing {
            Some(_) if mode.exclusive => Err(AreaError::Exists),
            Some(_) if !mode.truncate => self.take_back(state, path, mode),
            None if !mode.create => Err(AreaError::NotFound),
            _ => {
                client.check_waiting(state)?;
                // The folder must exist now, not only when the upload ends.
                client.jail.parent(path)?;
                let id = client.shared.ids.mint(client.now());
                let file = client.open_part(id, true, true)?;
                self.enter(state, id, path, mode, file, false)
            }
        }
    }

    /// A complete file that is continued becomes a partial again, so that nobody claims half of it.
    fn take_back(&self, state: &mut State, path: &RelativePath, mode: OpenMode) -> Result<Upload, AreaError> {
        let client = &self.client;
        let id = client.shared.ids.mint(client.now());
        // On the disk before the rename: without it a crash would leave bytes that nobody knows, and they were promised.
        Sidecar::partial(id, &self.origin, path, client.now()).write_synced(&client.uploads_dir)?;
        let (folder, name) = client.jail.parent(path)?;
        jail::rename_new(&folder, name, &client.uploads, ClientArea::part_name(id).as_bytes())?;
        if let Some(old) = state.remove_published(path) {
            Sidecar::remove(&client.uploads_dir, old.id)?;
        }
        let file = client.open_part(id, true, false)?;
        attribute::remove(&file)?;
        self.enter(state, id, path, mode, file, true)
    }

    fn enter(
        &self,
        state: &mut State,
        id: Uuid,
        path: &RelativePath,
        mode: OpenMode,
        file: File,
        noted: bool,
    ) -> Result<Upload, AreaError> {
        let gate = Arc::new(Gate::default());
        let partial = Partial {
            id,
            origin: self.origin.clone(),
            at: self.client.now(),
            gate: Arc::clone(&gate),
            open: true,
        };
        state.partials.insert(path.clone(), partial);
        let mut upload = Upload::new(
            Arc::clone(&self.client),
            id,
            path.clone(),
            self.origin.clone(),
            file,
            gate,
        )?;
        upload.append = mode.append;
        upload.noted = noted;
        Ok(upload)
    }

    /// Sets times; a name that was claimed a moment ago accepts them without effect, as clients set them after the upload.
    ///
    /// # Errors
    /// [`AreaError::NotFound`], [`AreaError::Denied`] and what the disk reports.
    pub fn set_times(&self, path: &RelativePath, times: &Timestamps) -> Result<(), AreaError> {
        self.require(path, Ops::DROP)?;
        let partial = self.client.state().partials.get(path).map(|partial| partial.id);
        if let Some(file) = partial.and_then(|id| self.client.open_part(id, false, false).ok()) {
            return Ok(rustix::fs::futimens(&file, times)?);
        }
        match self.client.stat_real(path) {
            Ok(_) => Ok(self.client.jail.set_times(path, times)?),
            Err(AreaError::NotFound) => self.claimed_attributes(path).map(drop),
            Err(other) => Err(other),
        }
    }

    /// Makes a subfolder in a drop folder.
    ///
    /// # Errors
    /// [`AreaError::Exists`], [`AreaError::Denied`], [`AreaError::BadName`] and what the disk reports.
    pub fn make_folder(&self, path: &RelativePath) -> Result<(), AreaError> {
        self.exists_fixed(path)?;
        self.require(path, Ops::DROP)?;
        path.check_new()?;
        Ok(self.client.make_folder(path)?)
    }

    fn exists_fixed(&self, path: &RelativePath) -> Result<(), AreaError> {
        let exists = folders::is_fixed(path) && folders::rule(path, &self.rights).is_some();
        if exists { Err(AreaError::Exists) } else { Ok(()) }
    }

    /// Removes an empty subfolder.
    ///
    /// # Errors
    /// [`AreaError::NotEmpty`], [`AreaError::Denied`], [`AreaError::NotFound`] and what the disk reports.
    pub fn remove_folder(&self, path: &RelativePath) -> Result<(), AreaError> {
        self.require(path, Ops::LIST)?;
        if folders::is_fixed(path) {
            return Err(AreaError::denied("This folder is always there and cannot be removed."));
        }
        self.require(path, Ops::DROP)?;
        let state = self.client.state();
        if state.partials.keys().any(|partial| partial.is_within(path)) {
            return Err(AreaError::NotEmpty);
        }
        Ok(self.client.jail.remove_folder(path)?)
    }

    /// Removes a file: an upload that was not claimed yet, or an answer, which thereby counts as picked up.
    ///
    /// # Errors
    /// [`AreaError::NotFound`], [`AreaError::Denied`], [`AreaError::IsAFolder`] and what the disk reports.
    pub fn remove_file(&self, path: &RelativePath) -> Result<(), AreaError> {
        let ops = self
            .require(path, Ops::DELETE)
            .map_err(|error| self.folder_or(path, error))?;
        if ops.allow(Ops::DROP) {
            return self.remove_upload(path);
        }
        if FileType::from_raw_mode(self.client.stat_real(path)?.st_mode) == FileType::Directory {
            return Err(AreaError::IsAFolder);
        }
        self.client.jail.remove_file(path)?;
        let event = Event::PickedUp {
            client: self.client.key.clone(),
            path: path.clone(),
        };
        // Without a receiver the service is going down; nobody waits for the event then.
        let _ = self.client.shared.events.send(event);
        Ok(())
    }

    fn remove_upload(&self, path: &RelativePath) -> Result<(), AreaError> {
        let client = &self.client;
        let gate = client
            .state()
            .partials
            .get(path)
            .map(|partial| Arc::clone(&partial.gate));
        if let Some(gate) = gate {
            gate.close();
        }
        let mut state = client.state();
        let partial = state.partials.remove(path);
        if let Some(partial) = &partial {
            client.discard_part(partial.id)?;
        }
        match client.stat_real(path) {
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => Err(AreaError::IsAFolder),
            Ok(_) => {
                client.jail.remove_file(path)?;
                if let Some(file) = state.remove_published(path) {
                    Sidecar::remove(&client.uploads_dir, file.id)?;
                }
                Ok(())
            }
            Err(AreaError::NotFound) if partial.is_some() => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Room on the data file system, the reserve taken off.
    ///
    /// # Errors
    /// As `statvfs(2)`.
    pub fn space(&self) -> Result<Space, AreaError> {
        let space = rustix::fs::fstatvfs(&self.client.uploads)?;
        let block_size = space.f_frsize.max(1);
        let reserve = self.client.shared.limits.disk_reserve_bytes / block_size;
        Ok(Space {
            block_size,
            blocks: space.f_blocks,
            available: space.f_bavail.saturating_sub(reserve),
            files: space.f_files,
            files_free: space.f_ffree,
        })
    }
}
