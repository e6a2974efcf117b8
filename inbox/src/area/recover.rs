//! Putting in order what a crash left: every sidecar is matched with the file that it speaks of.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use chrono::{DateTime, Duration, Utc};
use rustix::fs::{AtFlags, Dir, FileType};
use uuid::Uuid;

use super::client::{ClientArea, Gate, Grace, Partial, Published, State};
use super::folders::DROP_FOLDERS;
use super::sidecar::{Sidecar, Stage};
use super::{HIDDEN_PREFIX, RelativePath, attribute, jail};

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) inode: u64,
    pub(crate) size: u64,
    /// Modification time in seconds and nanoseconds since 1970.
    pub(crate) modified: (i64, u64),
    /// Names that this file has.
    pub(crate) links: u64,
}

impl Signature {
    pub(crate) fn of(stat: &rustix::fs::Stat) -> Self {
        Self {
            inode: stat.st_ino,
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            modified: (stat.st_mtime, stat.st_mtime_nsec),
            links: stat.st_nlink,
        }
    }
}

/// Where the files are by inode.
struct Found {
    dropped: HashMap<u64, RelativePath>,
    /// With their sizes.
    parts: HashMap<u64, (Uuid, u64)>,
    /// With the times of their last change.
    working: HashMap<u64, (PathBuf, DateTime<Utc>)>,
}

impl ClientArea {
    /// Reads all sidecars at the start and finishes what was under way.
    pub(crate) fn recover(&self) -> io::Result<()> {
        let found = Found {
            dropped: self.dropped_inodes()?,
            parts: self.part_inodes()?,
            working: self.work_inodes()?,
        };
        let mut state = self.state();
        let mut sidecars = self.sidecars()?;
        sidecars.extend(self.attributes(&sidecars, &found)?);
        // Later publications of the same name win over earlier ones.
        sidecars.sort_by_key(|sidecar| sidecar.id);
        for sidecar in sidecars.iter().filter(|sidecar| sidecar.stage != Stage::Partial) {
            match sidecar.stage {
                Stage::Published => self.recover_published(&mut state, sidecar, &found)?,
                _ => self.recover_claimed(&mut state, sidecar)?,
            }
        }
        for sidecar in sidecars.iter().filter(|sidecar| sidecar.stage == Stage::Partial) {
            self.recover_partial(&mut state, sidecar)?;
        }
        for (id, _) in self.part_inodes()?.into_values() {
            if !state.partials.values().any(|partial| partial.id == id) {
                tracing::info!(client = %self.key, upload = %id, "removing a partial upload without a sidecar");
                self.discard_part(id)?;
            }
        }
        Ok(())
    }

    fn recover_published(&self, state: &mut State, sidecar: &Sidecar, found: &Found) -> io::Result<()> {
        let file = Published {
            id: sidecar.id,
            origin: sidecar.origin.clone(),
            at: sidecar.at,
            size: sidecar.size,
            inode: sidecar.inode,
            renamed: sidecar.renamed,
        };
        if let Some(path) = found.dropped.get(&sidecar.inode) {
            if *path != sidecar.target {
                file.sidecar(path, Stage::Published, sidecar.at)
                    .replace_synced(&self.uploads_dir)?;
            }
            if let Some(old) = state.remove_published(path) {
                Sidecar::remove(&self.uploads_dir, old.id)?;
            }
            state.insert_published(path.clone(), file);
        } else if let Some((part, _)) = found.parts.get(&sidecar.inode).filter(|part| part.1 == sidecar.size) {
            // The client's end was heard and the bytes are on the disk; only the rename is missing.
            match self.jail.parent(&sidecar.target) {
                Ok((folder, name)) => {
                    rustix::fs::renameat(&self.uploads, Self::part_name(*part).as_str(), &folder, name)?;
                    jail::sync(&folder)?;
                    Sidecar::remove(&self.uploads_dir, *part)?;
                    if let Some(old) = state.remove_published(&sidecar.target) {
                        Sidecar::remove(&self.uploads_dir, old.id)?;
                    }
                    state.insert_published(sidecar.target.clone(), file);
                }
                Err(_) => Sidecar::remove(&self.uploads_dir, sidecar.id)?,
            }
        } else if let Some((path, modified)) = found.working.get(&sidecar.inode) {
            self.mark_claimed(state, &sidecar.target, &file, modified.timestamp())?;
            attribute::remove_at(path)?;
        } else {
            tracing::info!(client = %self.key, upload = %sidecar.id, "an upload is gone from its folder");
            Sidecar::remove(&self.uploads_dir, sidecar.id)?;
        }
        Ok(())
    }

    fn recover_claimed(&self, state: &mut State, sidecar: &Sidecar) -> io::Result<()> {
        let until = sidecar.at + Duration::from_std(self.shared.limits.stat_grace).unwrap_or_default();
        if until <= self.now() {
            return Sidecar::remove(&self.uploads_dir, sidecar.id);
        }
        let grace = Grace {
            id: sidecar.id,
            size: sidecar.size,
            modified: sidecar.at.timestamp(),
            until,
        };
        state.grace.insert(sidecar.target.clone(), grace);
        Ok(())
    }

    fn recover_partial(&self, state: &mut State, sidecar: &Sidecar) -> io::Result<()> {
        let part = fs::symlink_metadata(self.uploads_dir.join(Self::part_name(sidecar.id)));
        if part.is_err() {
            self.adopt_published(state, sidecar)?;
        }
        // An empty partial is of no use to anybody.
        if !part.is_ok_and(|part| part.is_file() && part.len() > 0) {
            return self.discard_part(sidecar.id);
        }
        let partial = Partial {
            id: sidecar.id,
            origin: sidecar.origin.clone(),
            at: sidecar.at,
            gate: std::sync::Arc::new(Gate::default()),
            open: false,
        };
        if let Some(old) = state.partials.insert(sidecar.target.clone(), partial) {
            self.discard_part(old.id)?;
        }
        Ok(())
    }

    /// The bytes of a partial are gone: they were renamed to the target, complete and synced, and the crash came before
    /// the sidecar of the publication was on the disk.
    fn adopt_published(&self, state: &mut State, sidecar: &Sidecar) -> io::Result<()> {
        let Ok(stat) = self.jail.stat(&sidecar.target) else {
            return Ok(());
        };
        let regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        if !regular || state.published.contains_key(&sidecar.target) {
            return Ok(());
        }
        let at = self.now();
        let signature = Signature::of(&stat);
        let file = Published {
            id: self.shared.ids.mint(at),
            origin: sidecar.origin.clone(),
            at,
            size: signature.size,
            inode: signature.inode,
            renamed: false,
        };
        file.sidecar(&sidecar.target, Stage::Published, at)
            .write_synced(&self.uploads_dir)?;
        state.insert_published(sidecar.target.clone(), file);
        Ok(())
    }

    fn sidecars(&self) -> io::Result<Vec<Sidecar>> {
        let mut sidecars = Vec::new();
        for entry in fs::read_dir(&self.uploads_dir)? {
            let path = entry?.path();
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("json") => match Sidecar::read(&path)? {
                    Some(sidecar) => sidecars.push(sidecar),
                    // Torn by a crash: its upload was never confirmed.
                    None => fs::remove_file(&path)?,
                },
                Some("new") => fs::remove_file(&path)?,
                _ => {}
            }
        }
        Ok(sidecars)
    }

    /// The sidecars that files carry themselves, but for those of which one beside them says more.
    fn attributes(&self, beside: &[Sidecar], found: &Found) -> io::Result<Vec<Sidecar>> {
        let told = beside.iter().filter(|sidecar| sidecar.stage != Stage::Partial);
        let told: HashSet<u64> = told.map(|sidecar| sidecar.inode).collect();
        let dropped = found.dropped.iter().filter(|(inode, _)| !told.contains(inode));
        let mut sidecars: Vec<Sidecar> = dropped
            .filter_map(|(_, path)| attribute::read(&self.jail.read(path).ok()?))
            .collect();
        let parts = found.parts.iter().filter(|(inode, _)| !told.contains(inode));
        sidecars
            .extend(parts.filter_map(|(_, (id, _))| attribute::read_at(&self.uploads_dir.join(Self::part_name(*id)))));
        let working = found.working.iter().filter(|(inode, _)| !told.contains(inode));
        sidecars.extend(working.filter_map(|(_, (path, _))| attribute::read_at(path)));
        Ok(sidecars)
    }

    fn part_inodes(&self) -> io::Result<HashMap<u64, (Uuid, u64)>> {
        let mut parts = HashMap::new();
        for entry in fs::read_dir(&self.uploads_dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let id = name
                .to_str()
                .and_then(|name| name.strip_suffix(".part"))
                .and_then(|id| id.parse().ok());
            if let Some(id) = id {
                let data = entry.metadata()?;
                parts.insert(data.ino(), (id, data.len()));
            }
        }
        Ok(parts)
    }

    fn work_inodes(&self) -> io::Result<HashMap<u64, (PathBuf, DateTime<Utc>)>> {
        let mut files = HashMap::new();
        for delivery in fs::read_dir(&self.work_dir)? {
            let delivery = delivery?;
            if !delivery.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(delivery.path())? {
                let file = file?;
                let data = file.metadata()?;
                let modified = DateTime::from_timestamp(data.mtime(), 0).unwrap_or_default();
                files.insert(data.ino(), (file.path(), modified));
            }
        }
        Ok(files)
    }

    fn dropped_inodes(&self) -> io::Result<HashMap<u64, RelativePath>> {
        let mut files = HashMap::new();
        self.walk_drops(&mut |path, signature| {
            files.insert(signature.inode, path);
        })?;
        Ok(files)
    }

    /// Calls `each` for every regular file in the drop folders and their subfolders.
    pub(crate) fn walk_drops(&self, each: &mut dyn FnMut(RelativePath, Signature)) -> io::Result<()> {
        let mut todo: Vec<RelativePath> = DROP_FOLDERS
            .iter()
            .map(|name| RelativePath::root().join(name.as_bytes()))
            .collect();
        while let Some(path) = todo.pop() {
            let folder = match self.jail.folder(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                folder => folder?,
            };
            let mut entries = Dir::read_from(&folder)?;
            while let Some(entry) = entries.read() {
                let entry = entry?;
                let name = entry.file_name().to_bytes();
                if name == b"." || name == b".." || name.starts_with(HIDDEN_PREFIX) {
                    continue;
                }
                let Ok(stat) = rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) else {
                    continue;
                };
                match FileType::from_raw_mode(stat.st_mode) {
                    FileType::Directory => todo.push(path.join(name)),
                    FileType::RegularFile => each(path.join(name), Signature::of(&stat)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Remembers a claimed name for the grace period.
    pub(crate) fn mark_claimed(
        &self,
        state: &mut State,
        path: &RelativePath,
        file: &Published,
        modified: i64,
    ) -> io::Result<()> {
        let now = self.now();
        file.sidecar(path, Stage::Claimed, now)
            .replace_synced(&self.uploads_dir)?;
        let until = now + Duration::from_std(self.shared.limits.stat_grace).unwrap_or_default();
        let grace = Grace {
            id: file.id,
            size: file.size,
            modified,
            until,
        };
        if let Some(old) = state.grace.insert(path.clone(), grace).filter(|old| old.id != file.id) {
            Sidecar::remove(&self.uploads_dir, old.id)?;
        }
        Ok(())
    }

    /// Throws away broken uploads that nobody resumed, files that never lost their temporary name, and old grace entries.
    pub(crate) fn tidy(&self) -> io::Result<()> {
        let now = self.now();
        let keep = Duration::from_std(self.shared.limits.partial_keep).unwrap_or(Duration::MAX);
        let old = |at: DateTime<Utc>| now.signed_duration_since(at) > keep;
        let mut state = self.state();
        let partials = state.partials.extract_if(|_, partial| !partial.open && old(partial.at));
        let mut gone: Vec<Uuid> = partials.map(|(_, partial)| partial.id).collect();
        gone.extend(
            state
                .grace
                .extract_if(|_, grace| grace.until <= now)
                .map(|(_, grace)| grace.id),
        );
        for id in gone {
            self.discard_part(id)?;
        }
        let stale: Vec<RelativePath> = state
            .published
            .iter()
            .filter(|(path, file)| path.is_temporary() && old(file.at))
            .map(|(path, _)| path.clone())
            .collect();
        for path in stale {
            if let Some(file) = state.remove_published(&path) {
                tracing::info!(client = %self.key, upload = %file.id, "removing an upload that never lost its temporary name");
                self.jail.remove_file(&path)?;
                Sidecar::remove(&self.uploads_dir, file.id)?;
            }
        }
        Ok(())
    }
}
