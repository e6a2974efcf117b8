//! Folders of messages: claimed as one, with everything in them.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::client::{ClientArea, Published};
use super::sidecar::Sidecar;
use super::{HIDDEN_PREFIX, RelativePath, attribute, jail};

/// Deepest nesting of folders that is looked into, as deep as clients may make them.
const MAX_DEPTH: usize = 16;

/// What waits in a folder.
#[derive(Debug, Clone)]
pub(crate) struct WaitingFolder {
    /// Its files with their paths.
    pub(crate) files: Vec<(RelativePath, Published)>,
    /// A marker lies beside it.
    pub(crate) marked: bool,
    /// Somebody is writing into it.
    pub(crate) busy: bool,
}

impl WaitingFolder {
    /// The file that came first: its upload stands for the folder.
    pub(crate) fn first(&self) -> Option<&Published> {
        self.files.iter().map(|(_, file)| file).min_by_key(|file| file.id)
    }
}

impl ClientArea {
    /// What waits in `folder` and its subfolders.
    pub(crate) fn find_folder(&self, folder: &RelativePath) -> WaitingFolder {
        let state = self.state();
        let files = state.published.iter().filter(|(path, _)| path.is_within(folder));
        WaitingFolder {
            files: files.map(|(path, file)| (path.clone(), file.clone())).collect(),
            marked: folder.markers().any(|marker| state.published.contains_key(&marker)),
            busy: state
                .partials
                .iter()
                .any(|(path, partial)| partial.open && path.is_within(folder)),
        }
    }

    /// Is it a folder that is to be taken, or was taken for the delivery?
    pub(crate) fn takes_folder(&self, path: &RelativePath, delivery: &str) -> io::Result<bool> {
        Ok(match self.taken(delivery)? {
            Some(taken) => taken.is_dir(),
            None => self.is_folder(path),
        })
    }

    /// Moves a message's folder to `work/<client>/<delivery>/<name>`, and its markers away; done already, it says so
    /// again. One rename: what is in it goes as a whole, and what comes later is another message.
    pub(crate) fn take_folder(&self, id: Uuid, path: &RelativePath, delivery: &str) -> io::Result<PathBuf> {
        let state = self.state();
        let there = state.by_id.get(&id).is_some_and(|at| at.is_within(path));
        let busy = state
            .partials
            .iter()
            .any(|(at, partial)| partial.open && at.is_within(path));
        drop(state);
        if busy {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        if there && self.taken(delivery)?.is_none() {
            let folder = File::open(self.delivery_folder(delivery)?)?;
            // Nobody publishes into it meanwhile.
            let state = self.state();
            let (parent, name) = self.jail.parent(path)?;
            rustix::fs::renameat(&parent, name, &folder, name)?;
            drop(state);
            jail::sync(&folder)?;
            jail::sync(parent)?;
        }
        let taken = self.taken(delivery)?.ok_or(io::ErrorKind::NotFound)?;
        self.forget_folder(path)?;
        self.remove_markers(path)?;
        Ok(taken)
    }

    /// Forgets the files of a folder that was taken, unless one of its name came after it.
    fn forget_folder(&self, path: &RelativePath) -> io::Result<()> {
        let mut state = self.state();
        let within: Vec<RelativePath> = state
            .published
            .keys()
            .filter(|at| at.is_within(path))
            .cloned()
            .collect();
        for at in within {
            if self.jail.stat(&at).is_err()
                && let Some(file) = state.remove_published(&at)
            {
                Sidecar::remove(&self.uploads_dir, file.id)?;
            }
        }
        Ok(())
    }
}

/// The plain files in a claimed folder and its subfolders by path, at most `limit` and one; links and the like do not
/// exist.
pub(crate) fn files(folder: &Path, limit: usize) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut todo = vec![(folder.to_owned(), 0)];
    while let Some((path, depth)) = todo.pop() {
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let data = entry.path().symlink_metadata()?;
            if entry.file_name().as_encoded_bytes().starts_with(HIDDEN_PREFIX) {
                continue;
            }
            if data.is_dir() && depth < MAX_DEPTH {
                todo.push((entry.path(), depth + 1));
            } else if data.is_file() && data.nlink() == 1 {
                found.push(entry.path());
            }
            if found.len() > limit {
                return Ok(found);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Makes a folder readable for the client and the group, as far as it is the service's own; its files are no longer
/// known as uploads.
pub(super) fn open_up(folder: &Path) -> io::Result<()> {
    let own = rustix::process::geteuid().as_raw();
    let mut todo = vec![folder.to_owned()];
    while let Some(path) = todo.pop() {
        let data = path.symlink_metadata()?;
        let mode = match (data.is_dir(), data.is_file()) {
            (true, _) => 0o750,
            (_, true) => 0o640,
            _ => continue,
        };
        if data.uid() == own {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
            if data.is_file() {
                attribute::remove_at(&path)?;
            }
        }
        if data.is_dir() {
            for entry in fs::read_dir(&path)? {
                todo.push(entry?.path());
            }
        }
    }
    Ok(())
}
