//! Writing one file: under a hidden name, then published in one step.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use rustix::fs::Timestamps;
use uuid::Uuid;

use super::client::{ClientArea, Gate, Published};
use super::extents::Extents;
use super::sidecar::{Sidecar, Stage};
use super::visit::Attributes;
use super::{AreaError, Origin, RelativePath, attribute, jail};

/// How many bytes are written between two looks at the free space.
const ROOM_CHECK: u64 = 8 << 20;
/// Size from which an upload gets a sidecar while it is written; what is smaller is sent again as fast as resumed.
const NOTE_FROM: u64 = 1 << 20;

/// A file being written. Dropped without [`Upload::publish`], what was written stays as a partial and can be resumed.
///
/// After an error every later call returns the same error, and publishing is refused.
#[derive(Debug)]
pub struct Upload {
    pub(super) client: Arc<ClientArea>,
    pub(super) id: Uuid,
    pub(super) target: RelativePath,
    pub(super) origin: Origin,
    pub(super) file: File,
    pub(super) gate: Arc<Gate>,
    pub(super) extents: Extents,
    pub(super) append: bool,
    unchecked: u64,
    /// The partial has a sidecar of its own.
    pub(super) noted: bool,
    failed: Option<AreaError>,
    finished: bool,
}

impl Upload {
    pub(super) fn new(
        client: Arc<ClientArea>,
        id: Uuid,
        target: RelativePath,
        origin: Origin,
        file: File,
        gate: Arc<Gate>,
    ) -> io::Result<Self> {
        let extents = Extents::of(file.metadata()?.len());
        Ok(Self {
            client,
            id,
            target,
            origin,
            file,
            gate,
            extents,
            append: false,
            unchecked: 0,
            noted: false,
            failed: None,
            finished: false,
        })
    }

    /// Writes `data` at `offset` (at the end for an upload opened to append).
    ///
    /// # Errors
    /// [`AreaError::TooLarge`] and [`AreaError::DiskFull`] are final for this upload: its bytes are thrown away.
    pub fn write_at(&mut self, offset: u64, data: &[u8]) -> Result<(), AreaError> {
        self.check_failed()?;
        match self.try_write(offset, data) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.fail(error)),
        }
    }

    fn try_write(&mut self, offset: u64, data: &[u8]) -> Result<(), AreaError> {
        let gate = Arc::clone(&self.gate);
        let _passing = gate.pass()?;
        let offset = if self.append {
            self.file.metadata()?.len()
        } else {
            offset
        };
        let length = data.len() as u64;
        let end = offset.checked_add(length).ok_or(AreaError::Gap)?;
        let limit = self.client.max_file_bytes();
        if end > limit {
            return Err(AreaError::TooLarge(limit));
        }
        self.unchecked += length;
        if self.unchecked >= ROOM_CHECK {
            self.client.check_room()?;
            self.unchecked = 0;
        }
        if !self.noted && end >= NOTE_FROM {
            self.note()?;
        }
        self.file.write_all_at(data, offset)?;
        if self.extents.add(offset, end) {
            Ok(())
        } else {
            Err(AreaError::Gap)
        }
    }

    /// Gives the partial a sidecar, so that a restart knows whose it is. It is not waited for: losing it loses nothing
    /// that was promised.
    fn note(&mut self) -> io::Result<()> {
        let client = &self.client;
        Sidecar::partial(self.id, &self.origin, &self.target, client.now()).write(&client.uploads_dir)?;
        self.noted = true;
        Ok(())
    }

    /// Reads back what was written; 0 bytes at the end.
    ///
    /// # Errors
    /// As `pread(2)`.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, AreaError> {
        Ok(self.file.read_at(buffer, offset)?)
    }

    /// The bytes, for reading without a copy.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Size and times so far.
    ///
    /// # Errors
    /// As `fstat(2)`.
    pub fn attributes(&self) -> Result<Attributes, AreaError> {
        Ok(Attributes::of_file(&rustix::fs::fstat(&self.file)?))
    }

    /// Sets times.
    ///
    /// # Errors
    /// As `futimens(2)`.
    pub fn set_times(&self, times: &Timestamps) -> Result<(), AreaError> {
        Ok(rustix::fs::futimens(&self.file, times)?)
    }

    /// Cuts or extends the file; bytes it is extended by count as missing until they are written.
    ///
    /// # Errors
    /// As [`Upload::write_at`].
    pub fn set_size(&mut self, size: u64) -> Result<(), AreaError> {
        self.check_failed()?;
        let gate = Arc::clone(&self.gate);
        let _passing = gate.pass()?;
        let limit = self.client.max_file_bytes();
        if size > limit {
            return Err(self.fail(AreaError::TooLarge(limit)));
        }
        self.file.set_len(size)?;
        self.extents.cut(size);
        Ok(())
    }

    /// Waits until what was written so far is on the disk.
    ///
    /// # Errors
    /// As `fsync(2)`.
    pub fn sync(&self) -> Result<(), AreaError> {
        Ok(self.file.sync_data()?)
    }

    /// Makes the upload durable and visible under its name; only then may the client hear of success.
    ///
    /// Bytes and sidecar are on the disk before the rename, so that no crash can leave half a file in sight or one whose
    /// sender is not known. The sidecar is an attribute of the file where there can be one.
    ///
    /// # Errors
    /// The first error of this upload; [`AreaError::Gap`] when bytes are missing; [`AreaError::TakenOver`] when another
    /// session continued it; anything that the disk reports. Nothing is visible then.
    pub fn publish(mut self) -> Result<(), AreaError> {
        self.check_failed()?;
        match self.try_publish() {
            Ok(()) => {
                self.finished = true;
                Ok(())
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    fn try_publish(&mut self) -> Result<(), AreaError> {
        let gate = Arc::clone(&self.gate);
        let passing = gate.pass()?;
        let stat = rustix::fs::fstat(&self.file)?;
        let size = u64::try_from(stat.st_size).unwrap_or_default();
        if self.extents.solid() != size {
            return Err(AreaError::Gap);
        }
        let client = Arc::clone(&self.client);
        let now = client.now();
        let file = Published {
            id: client.shared.ids.mint(now),
            origin: self.origin.clone(),
            at: now,
            size,
            inode: stat.st_ino,
            renamed: false,
        };
        self.sync_with_sidecar(&file.sidecar(&self.target, Stage::Published, now))?;
        let id = file.id;
        let moved = self.move_into_place(file);
        drop(passing);
        if moved.is_err() {
            attribute::remove(&self.file)?;
            Sidecar::remove(&client.uploads_dir, id)?;
        }
        jail::sync(moved?)?;
        if self.noted {
            // It has done its work; left behind by a crash it is removed at the next start.
            Sidecar::remove(&client.uploads_dir, self.id)?;
        }
        client.notice(id);
        Ok(())
    }

    /// Waits until bytes and sidecar are on the disk. Waiting is most of the time that a small upload takes: as an
    /// attribute the sidecar costs no wait of its own. As a file it is synced side by side with the bytes, which the
    /// journal may commit at once; should a crash keep the sidecar alone, recovery sees it by the size.
    fn sync_with_sidecar(&self, sidecar: &Sidecar) -> io::Result<()> {
        if self.client.shared.attributes && attribute::write(&self.file, sidecar)? {
            // Not the data alone: the attribute may be all that is new.
            return self.file.sync_all();
        }
        let written = sidecar.write(&self.client.uploads_dir)?;
        std::thread::scope(|scope| {
            let sidecar = std::thread::Builder::new().spawn_scoped(scope, || written.sync_data());
            let bytes = self.file.sync_data();
            match sidecar.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(synced)) => bytes.and(synced),
                // No thread to be had: one after the other then.
                _ => bytes.and_then(|()| written.sync_data()),
            }
        })
    }

    /// The rename and the index, under the client's lock. Returns the folder to sync.
    fn move_into_place(&self, file: Published) -> Result<std::os::fd::OwnedFd, AreaError> {
        let client = &self.client;
        let mut state = client.state();
        let (folder, name) = client.jail.parent(&self.target)?;
        rustix::fs::renameat(&client.uploads, ClientArea::part_name(self.id).as_str(), &folder, name)?;
        state.partials.remove(&self.target);
        if let Some(old) = state.remove_published(&self.target) {
            Sidecar::remove(&client.uploads_dir, old.id)?;
        }
        if let Some(grace) = state.grace.remove(&self.target) {
            Sidecar::remove(&client.uploads_dir, grace.id)?;
        }
        state.insert_published(self.target.clone(), file);
        Ok(folder)
    }

    fn check_failed(&self) -> Result<(), AreaError> {
        self.failed.as_ref().map_or(Ok(()), |error| Err(error.again()))
    }

    /// Remembers the first error; the bytes of a refused upload are not kept, so that they neither fill the disk nor
    /// invite the client to resume what will be refused again.
    fn fail(&mut self, error: AreaError) -> AreaError {
        let again = error.again();
        let keep = matches!(error, AreaError::TakenOver);
        self.failed = Some(error);
        self.finished = true;
        if !keep {
            self.forget();
        }
        again
    }

    /// Throws the partial away.
    fn forget(&self) {
        let mut state = self.client.state();
        if state
            .partials
            .get(&self.target)
            .is_some_and(|partial| partial.id == self.id)
        {
            state.partials.remove(&self.target);
        }
        if let Err(error) = self.client.discard_part(self.id) {
            tracing::warn!(client = %self.client.key, upload = %self.id, %error, "a refused upload could not be removed");
        }
    }

    /// Leaves what is there without a hole for a later session.
    fn leave(&mut self) -> Result<(), AreaError> {
        let gate = Arc::clone(&self.gate);
        let Ok(_passing) = gate.pass() else { return Ok(()) };
        let solid = self.extents.solid();
        if solid == 0 {
            self.forget();
            return Ok(());
        }
        if self.file.metadata()?.len() > solid {
            self.file.set_len(solid)?;
        }
        if !self.noted {
            self.note()?;
        }
        let mut state = self.client.state();
        let now = self.client.now();
        if let Some(partial) = state
            .partials
            .get_mut(&self.target)
            .filter(|partial| partial.id == self.id)
        {
            partial.open = false;
            partial.at = now;
        }
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        if let Err(error) = self.leave() {
            tracing::warn!(client = %self.client.key, upload = %self.id, %error, "a broken upload could not be kept");
        }
    }
}
