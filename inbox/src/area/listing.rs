//! Listing a folder a few entries at a time, so that 100,000 entries need no more memory than 100.

use std::collections::HashMap;
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Dir, FileType};
use uuid::Uuid;

use super::folders::{self, Ops};
use super::{AreaError, Attributes, HIDDEN_PREFIX, RelativePath, Visit};

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, bytes as on the disk.
    pub name: Vec<u8>,
    /// What it is.
    pub attributes: Attributes,
}

/// A folder being listed: its files and folders, and unfinished uploads under the names that they will have.
#[derive(Debug)]
pub struct Listing {
    visit: Visit,
    path: RelativePath,
    folder: OwnedFd,
    entries: Dir,
    /// Unfinished uploads into this folder that were not listed yet.
    partials: HashMap<Vec<u8>, Uuid>,
    /// The line of the table is not the same for all entries: look at each.
    mixed: bool,
    ops: Ops,
}

impl Listing {
    pub(super) fn open(visit: Visit, path: &RelativePath) -> Result<Self, AreaError> {
        if path.is_hidden() {
            return Err(AreaError::NotFound);
        }
        let folder = visit.client.jail.folder(path)?;
        let entries = Dir::read_from(&folder)?;
        let ops = folders::require(path, &visit.rights, Ops::LIST)?.ops;
        let partials = visit
            .client
            .state()
            .partials
            .iter()
            .filter(|(target, _)| target.parent().as_ref() == Some(path))
            .map(|(target, partial)| (target.name().to_vec(), partial.id))
            .collect();
        let mixed = path.is_root() || path.as_bytes() == b"outbox";
        Ok(Self {
            visit,
            path: path.clone(),
            folder,
            entries,
            partials,
            mixed,
            ops,
        })
    }

    /// The folder's own path.
    pub fn path(&self) -> &RelativePath {
        &self.path
    }

    /// The next `count` entries at most; empty at the end.
    ///
    /// # Errors
    /// As `getdents(2)`.
    pub fn next(&mut self, count: usize) -> Result<Vec<Entry>, AreaError> {
        let mut batch = Vec::new();
        while batch.len() < count {
            match self.entries.read() {
                Some(entry) => {
                    let entry = entry?;
                    let name = entry.file_name().to_bytes();
                    if let Some(attributes) = self.attributes(name)? {
                        batch.push(Entry {
                            name: name.to_vec(),
                            attributes,
                        });
                    }
                }
                None => {
                    let Some(name) = self.partials.keys().next().cloned() else {
                        break;
                    };
                    if let Some(id) = self.partials.remove(&name)
                        && let Some(attributes) = self.partial(id)?
                    {
                        batch.push(Entry { name, attributes });
                    }
                }
            }
        }
        Ok(batch)
    }

    fn attributes(&mut self, name: &[u8]) -> Result<Option<Attributes>, AreaError> {
        if name == b"." || name == b".." || name.starts_with(HIDDEN_PREFIX) {
            return Ok(None);
        }
        if let Some(id) = self.partials.remove(name)
            && let Some(attributes) = self.partial(id)?
        {
            return Ok(Some(attributes));
        }
        let ops = if self.mixed {
            match folders::rule(&self.path.join(name), &self.visit.rights) {
                Some(folder) => folder.ops,
                None => return Ok(None),
            }
        } else {
            self.ops
        };
        match rustix::fs::statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile | FileType::Directory => Ok(Some(Attributes::of(&stat, ops))),
                _ => Ok(None),
            },
            // Claimed or removed since the folder was read.
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn partial(&self, id: Uuid) -> Result<Option<Attributes>, AreaError> {
        match self.visit.client.open_part(id, false, false) {
            Ok(file) => Ok(Some(Attributes::of_file(&rustix::fs::fstat(&file)?))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
