//! Out of the drop folders: claiming files, taking up those that others put there, and the archive.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use uuid::Uuid;

use super::client::{ClientArea, Published, State};
use super::messages::open_up;
use super::recover::Signature;
use super::sidecar::{Sidecar, Stage};
use super::{AreaError, HIDDEN_PREFIX, Origin, Protocol, RelativePath, attribute, jail};

/// What [`ClientArea::find`] knows of a waiting file.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) path: RelativePath,
    pub(crate) file: Published,
    /// A marker lies beside it.
    pub(crate) marked: bool,
    /// Somebody is replacing it.
    pub(crate) busy: bool,
}

impl ClientArea {
    /// The waiting file of this upload.
    pub(crate) fn find(&self, id: Uuid) -> Option<Waiting> {
        let state = self.state();
        let path = state.by_id.get(&id)?.clone();
        let file = state.published.get(&path)?.clone();
        let marked = path.markers().any(|marker| state.published.contains_key(&marker));
        let busy = state.partials.get(&path).is_some_and(|partial| partial.open);
        Some(Waiting {
            path,
            file,
            marked,
            busy,
        })
    }

    /// The id of the file that waits under this name.
    pub(crate) fn id_at(&self, path: &RelativePath) -> Option<Uuid> {
        self.state().published.get(path).map(|file| file.id)
    }

    /// The ids of all waiting files.
    pub(crate) fn waiting_ids(&self) -> Vec<Uuid> {
        self.state().by_id.keys().copied().collect()
    }

    /// Files in the drop folders that did not come through our own servers, with their present state. Forgets those
    /// that somebody took away.
    pub(crate) fn scan(&self) -> io::Result<Vec<(RelativePath, Signature)>> {
        let mut files = Vec::new();
        self.walk_drops(&mut |path, signature| files.push((path, signature)))?;
        let mut state = self.state();
        let seen: std::collections::HashSet<&RelativePath> = files.iter().map(|(path, _)| path).collect();
        let missing: Vec<_> = state
            .published
            .keys()
            .filter(|path| !seen.contains(path))
            .cloned()
            .collect();
        for path in missing {
            // It may have been published after the walk: look again.
            if self
                .jail
                .stat(&path)
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
                && let Some(file) = state.remove_published(&path)
            {
                Sidecar::remove(&self.uploads_dir, file.id)?;
            }
        }
        files.retain(|(path, signature)| unknown(&state, path, signature));
        Ok(files)
    }

    /// The present state of one file, unless it came through our own servers.
    pub(crate) fn look(&self, path: &RelativePath) -> Option<Signature> {
        let stat = self.stat_real(path).ok()?;
        let signature = Signature::of(&stat);
        let regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        (regular && unknown(&self.state(), path, &signature)).then_some(signature)
    }

    /// Does a folder lie there?
    pub(crate) fn is_folder(&self, path: &RelativePath) -> bool {
        self.stat_real(path)
            .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Directory)
    }

    /// Takes up a quiet file that somebody else put there; `None` when it changed, is gone or has a second name.
    pub(crate) fn adopt(&self, path: &RelativePath, quiet: &Signature) -> io::Result<Option<Uuid>> {
        let mut state = self.state();
        let Ok(stat) = self.stat_real(path) else {
            return Ok(None);
        };
        let now = Signature::of(&stat);
        if now != *quiet || now.links != 1 || !unknown(&state, path, &now) {
            return Ok(None);
        }
        // A file that the service may not read would be offered in vain.
        self.jail.read(path)?;
        let at = self.now();
        let file = Published {
            id: self.shared.ids.mint(at),
            origin: Origin {
                user: None,
                protocol: Protocol::Local,
                remote: None,
            },
            at,
            size: now.size,
            inode: now.inode,
            // Whoever copies or moves a file here on this machine has no other way to say that it is complete.
            renamed: true,
        };
        file.sidecar(path, Stage::Published, at)
            .replace_synced(&self.uploads_dir)?;
        if let Some(old) = state.remove_published(path) {
            Sidecar::remove(&self.uploads_dir, old.id)?;
        }
        let id = file.id;
        state.insert_published(path.clone(), file);
        drop(state);
        self.notice(id);
        Ok(Some(id))
    }

    /// Moves the file of upload `id` to `work/<client>/<delivery>/<name>`; done already, it says so again.
    pub(crate) fn take(&self, id: Uuid, path: &RelativePath, delivery: &str, markers: bool) -> io::Result<PathBuf> {
        let name = path.name();
        let local = match self.find(id) {
            None => {
                // Under the name that it had then: it may have been renamed since this arrival was offered.
                let taken = self.taken(delivery)?.ok_or(io::ErrorKind::NotFound)?;
                // A crash may have come between the file and its markers.
                if markers && self.jail.stat(path).is_err() {
                    self.remove_markers(path)?;
                }
                return Ok(taken);
            }
            // Being written again, or put back under a temporary name.
            Some(waiting) if waiting.busy || waiting.path.is_temporary() => {
                return Err(io::ErrorKind::ResourceBusy.into());
            }
            Some(waiting) => waiting.file.origin.protocol == Protocol::Local,
        };
        let folder = self.delivery_folder(delivery)?;
        let target = folder.join(Path::new(
            <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name),
        ));
        let folder = File::open(&folder)?;
        if local {
            self.take_copy(id, &folder, &target)?;
        } else {
            self.take_by_rename(id, &folder, name)?;
        }
        self.finish_take(id, markers)?;
        Ok(target)
    }

    /// The file that was taken for a delivery. What the service keeps beside it begins like its hidden names; no
    /// client's file does.
    pub(crate) fn taken(&self, delivery: &str) -> io::Result<Option<PathBuf>> {
        let entries = match fs::read_dir(self.work_dir.join(delivery)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if !entry.file_name().as_encoded_bytes().starts_with(HIDDEN_PREFIX) {
                return Ok(Some(entry.path()));
            }
        }
        Ok(None)
    }

    /// Does the upload wait in a drop folder? Put back under a temporary name it does not: it will come out of it as
    /// another one.
    pub(crate) fn waits(&self, id: Uuid) -> bool {
        self.state().by_id.get(&id).is_some_and(|path| !path.is_temporary())
    }

    /// Moves `file`, a file or a message's folder which is synced and lies in the work folder, to its delivery under
    /// `name`; done already, it says so again.
    pub(crate) fn place(&self, file: &Path, delivery: &str, name: &str) -> io::Result<()> {
        let folder = self.delivery_folder(delivery)?;
        let target = folder.join(name);
        match fs::rename(file, &target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && target.symlink_metadata().is_ok() => {}
            done => done?,
        }
        jail::sync(File::open(&folder)?)
    }

    pub(super) fn delivery_folder(&self, delivery: &str) -> io::Result<PathBuf> {
        let plain = delivery
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !plain || delivery.is_empty() || delivery.len() > 64 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a delivery id is letters, digits, - and _",
            ));
        }
        let folder = self.work_dir.join(delivery);
        if !folder.is_dir() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
            jail::sync(File::open(&self.work_dir)?)?;
        }
        Ok(folder)
    }

    /// Our own uploads: nobody else holds them open, so a rename is enough.
    fn take_by_rename(&self, id: Uuid, folder: &File, name: &[u8]) -> io::Result<()> {
        let state = self.state();
        let Some(path) = state.by_id.get(&id) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if state.partials.get(path).is_some_and(|partial| partial.open) {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        let inode = state.published.get(path).map(|file| file.inode);
        let (parent, from) = self.jail.parent(path)?;
        match rustix::fs::statat(&parent, from, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => check_plain(&stat, inode)?,
            // A crash came after the rename.
            Err(rustix::io::Errno::NOENT) => {
                let stat = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
                return check_plain(&stat, inode);
            }
            Err(error) => return Err(error.into()),
        }
        rustix::fs::renameat(&parent, from, folder, name)?;
        // A member of the group may have swapped the file between the look and the rename.
        let stat = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        if let Err(error) = check_plain(&stat, inode) {
            rustix::fs::unlinkat(folder, name, AtFlags::empty())?;
            return Err(error);
        }
        jail::sync(folder)?;
        jail::sync(parent)?;
        // What is claimed may come back under the same inode, and is another upload then.
        attribute::remove(rustix::fs::openat(
            folder,
            name,
            OFlags::RDONLY | OFlags::NOFOLLOW,
            Mode::empty(),
        )?)
    }

    /// Files of others: their writer may still hold them, so the bytes are copied and the original looked at again.
    fn take_copy(&self, id: Uuid, folder: &File, target: &Path) -> io::Result<()> {
        let Some(waiting) = self.find(id) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let mut source = self.jail.read(&waiting.path)?;
        let before = rustix::fs::fstat(&source)?;
        check_plain(&before, Some(waiting.file.inode))?;
        let temporary = target.with_file_name(".dropcase-copy");
        let mut copy = File::create(&temporary)?;
        io::copy(&mut source, &mut copy)?;
        copy.sync_all()?;
        let mut state = self.state();
        let after = self.jail.stat(&waiting.path)?;
        let unchanged = Signature::of(&before) == Signature::of(&after) && waiting.file.size == copy.metadata()?.len();
        if !unchanged {
            fs::remove_file(&temporary)?;
            // Not quiet after all: it is noticed anew.
            state.remove_published(&waiting.path);
            Sidecar::remove(&self.uploads_dir, id)?;
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        fs::rename(&temporary, target)?;
        jail::sync(folder)?;
        self.jail.remove_file(&waiting.path)
    }

    pub(super) fn remove_markers(&self, path: &RelativePath) -> io::Result<()> {
        let mut state = self.state();
        for marker in path.markers() {
            match self.jail.remove_file(&marker) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            if let Some(file) = state.remove_published(&marker) {
                Sidecar::remove(&self.uploads_dir, file.id)?;
            }
        }
        Ok(())
    }

    fn finish_take(&self, id: Uuid, markers: bool) -> io::Result<()> {
        let Some(path) = self.state().by_id.get(&id).cloned() else {
            return Ok(());
        };
        if markers {
            self.remove_markers(&path)?;
        }
        let mut state = self.state();
        let Some(file) = state.remove_published(&path) else {
            return Ok(());
        };
        self.mark_claimed(&mut state, &path, &file, self.now().timestamp())
    }

    /// Moves a claimed file or a message's folder into `archive/<day>/`, readable by the client and the group.
    pub(crate) fn archive(&self, file: &Path, day: chrono::NaiveDate, name: &[u8]) -> io::Result<RelativePath> {
        let folder = RelativePath::root().join(b"archive").join(day.to_string().as_bytes());
        match self.make_folder(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let path = folder.join(name);
        let (to, to_name) = self.jail.parent(&path)?;
        match fs::symlink_metadata(file) {
            Ok(data) if data.is_file() => {
                if data.uid() == rustix::process::geteuid().as_raw() {
                    fs::set_permissions(file, fs::Permissions::from_mode(0o640))?;
                }
                rustix::fs::renameat(rustix::fs::CWD, file, &to, to_name)?;
                jail::sync(&to)?;
            }
            Ok(data) if data.is_dir() => {
                open_up(file)?;
                rustix::fs::renameat(rustix::fs::CWD, file, &to, to_name)?;
                jail::sync(&to)?;
            }
            Ok(_) => return Err(io::ErrorKind::InvalidData.into()),
            // Archived before a crash.
            Err(error) if error.kind() == io::ErrorKind::NotFound => drop(self.jail.stat(&path)?),
            Err(error) => return Err(error),
        }
        Ok(path)
    }

    /// Removes a delivery's work folder with everything in it.
    pub(crate) fn clear_work(&self, delivery: &str) -> io::Result<()> {
        let folder = self.delivery_folder(delivery)?;
        fs::remove_dir_all(folder)?;
        jail::sync(File::open(&self.work_dir)?)
    }

    /// Removes the archive's days before `first`.
    pub(crate) fn purge_archive(&self, first: chrono::NaiveDate) -> io::Result<usize> {
        let mut removed = 0;
        for day in fs::read_dir(self.jail_dir.join("archive"))? {
            let day = day?;
            let date = day
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<chrono::NaiveDate>().ok());
            if day.file_type()?.is_dir() && date.is_some_and(|date| date < first) {
                fs::remove_dir_all(day.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Is it a file that our index does not know in this state? An open upload of this name will replace it anyway.
fn unknown(state: &State, path: &RelativePath, signature: &Signature) -> bool {
    let known = state.published.get(path).is_some_and(|file| {
        file.inode == signature.inode && (file.origin.protocol != Protocol::Local || file.size == signature.size)
    });
    !known && !state.partials.get(path).is_some_and(|partial| partial.open)
}

/// Refuses what an attacker with a foot on the machine could use to have other files read: links and second names.
fn check_plain(stat: &rustix::fs::Stat, inode: Option<u64>) -> io::Result<()> {
    let regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    if !regular || stat.st_nlink != 1 || inode.is_some_and(|inode| inode != stat.st_ino) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            AreaError::denied("not the plain file that was noticed"),
        ));
    }
    Ok(())
}
