//! Renaming in the drop folders: for a file with a temporary name it is the moment of publication.

use std::sync::Arc;

use rustix::fs::FileType;

use super::client::{ClientArea, Published, State};
use super::folders::{self, Ops};
use super::sidecar::{Sidecar, Stage};
use super::{AreaError, Origin, Protocol, RelativePath, Visit};
use crate::arrivals::Folder;

impl Visit {
    /// Renames a file or subfolder within the drop folders. An existing file at `to` is replaced, as it would be by an
    /// upload of that name; a folder never is.
    ///
    /// # Errors
    /// [`AreaError::NotFound`], [`AreaError::Denied`], [`AreaError::BadName`], [`AreaError::Exists`] and what the disk
    /// reports.
    pub fn rename(&self, from: &RelativePath, to: &RelativePath) -> Result<(), AreaError> {
        self.may_rename(from, to)?;
        if from == to {
            return self.attributes(from).map(drop);
        }
        let client = &self.client;
        let mut state = client.state();
        if is_open(&state, from) || is_open(&state, to) {
            return Err(AreaError::denied("This file is still being uploaded."));
        }
        match client.stat_real(to) {
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => return Err(AreaError::Exists),
            Ok(_) | Err(AreaError::NotFound) => {}
            Err(other) => return Err(other),
        }
        if state.partials.contains_key(from) {
            return client.rename_partial(&mut state, from, to);
        }
        match FileType::from_raw_mode(client.stat_real(from)?.st_mode) {
            FileType::Directory => client.rename_folder(&mut state, from, to),
            _ => {
                let id = client.rename_file(&mut state, from, to)?;
                drop(state);
                client.notice(id);
                Ok(())
            }
        }
    }

    fn may_rename(&self, from: &RelativePath, to: &RelativePath) -> Result<(), AreaError> {
        folders::require(from, &self.rights, Ops::LIST)?;
        folders::require(from, &self.rights, Ops::DROP)
            .map_err(|_| AreaError::denied("Files can be renamed in inbox/ and validate/ only."))?;
        if folders::is_fixed(from) || folders::is_fixed(to) {
            return Err(AreaError::denied("This folder is always there and cannot be renamed."));
        }
        folders::require(to, &self.rights, Ops::DROP)?;
        to.check_new()
    }
}

fn is_open(state: &State, path: &RelativePath) -> bool {
    state.partials.get(path).is_some_and(|partial| partial.open)
}

/// Does it mean the same under both names? What moves between `inbox/`, `validate/` and the folders where files wait
/// is another delivery: a row that was written for its old place must not be taken for it.
fn means_the_same(from: &RelativePath, to: &RelativePath) -> bool {
    Folder::of(from) == Folder::of(to)
}

impl ClientArea {
    /// A broken upload gets another name; it stays a partial.
    fn rename_partial(&self, state: &mut State, from: &RelativePath, to: &RelativePath) -> Result<(), AreaError> {
        self.jail.parent(to)?;
        if let Some(old) = state.partials.remove(to) {
            self.discard_part(old.id)?;
        }
        if let Some(partial) = state.partials.remove(from) {
            let sidecar = Sidecar::partial(partial.id, &partial.origin, to, partial.at);
            sidecar.replace_synced(&self.uploads_dir)?;
            state.partials.insert(to.clone(), partial);
        }
        Ok(())
    }

    /// Renames a complete file. Out of a temporary name it is a publication, with an id of its own, so that ids sort by
    /// the moment from which a file counts.
    fn rename_file(&self, state: &mut State, from: &RelativePath, to: &RelativePath) -> Result<uuid::Uuid, AreaError> {
        let now = self.now();
        let stat = self.stat_real(from)?;
        let known = state.published.get(from).cloned();
        let origin = known.as_ref().map_or(
            Origin {
                user: None,
                protocol: Protocol::Local,
                remote: None,
            },
            |file| file.origin.clone(),
        );
        let published_now = from.is_temporary() && !to.is_temporary();
        let file = Published {
            id: match &known {
                Some(file) if !published_now && means_the_same(from, to) => file.id,
                _ => self.shared.ids.mint(now),
            },
            origin,
            at: now,
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            inode: stat.st_ino,
            renamed: published_now || known.as_ref().is_some_and(|file| file.renamed && !to.is_temporary()),
        };
        file.sidecar(to, Stage::Published, now)
            .replace_synced(&self.uploads_dir)?;
        if let Err(error) = self.jail.rename(from, to, true) {
            Sidecar::remove(&self.uploads_dir, file.id)?;
            if let Some(known) = known.filter(|known| known.id == file.id) {
                known
                    .sidecar(from, Stage::Published, known.at)
                    .replace_synced(&self.uploads_dir)?;
            }
            return Err(error.into());
        }
        self.forget_other(state, from, file.id)?;
        self.forget_other(state, to, file.id)?;
        if let Some(old) = state.partials.remove(to) {
            self.discard_part(old.id)?;
        }
        let id = file.id;
        state.insert_published(to.clone(), file);
        Ok(id)
    }

    /// Drops what the index knew at `path`, and its sidecar unless it is now that of `keep`.
    fn forget_other(&self, state: &mut State, path: &RelativePath, keep: uuid::Uuid) -> Result<(), AreaError> {
        if let Some(old) = state.remove_published(path)
            && old.id != keep
        {
            Sidecar::remove(&self.uploads_dir, old.id)?;
        }
        Ok(())
    }

    /// Renames a subfolder and everything the index knows in it. Sidecars are matched by inode after a crash, so only
    /// files that get a new id get new ones, and all of them are waited for at once: a folder may hold very many.
    fn rename_folder(
        self: &Arc<Self>,
        state: &mut State,
        from: &RelativePath,
        to: &RelativePath,
    ) -> Result<(), AreaError> {
        if to.is_within(from) {
            return Err(AreaError::denied("A folder cannot be moved into itself."));
        }
        if state.partials.keys().any(|partial| partial.is_within(from)) {
            return Err(AreaError::denied("A file in this folder is still being uploaded."));
        }
        self.jail.rename(from, to, false)?;
        let moved: Vec<_> = state
            .published
            .keys()
            .filter_map(|old| Some((old.clone(), old.moved(from, to)?)))
            .collect();
        let now = self.now();
        let (mut ids, mut replaced) = (Vec::with_capacity(moved.len()), Vec::new());
        for (old, new) in moved {
            let Some(mut file) = state.remove_published(&old) else {
                continue;
            };
            file.at = now;
            if !means_the_same(&old, &new) {
                replaced.push(file.id);
                file.id = self.shared.ids.mint(now);
                file.sidecar(&new, Stage::Published, now).write(&self.uploads_dir)?;
            }
            ids.push(file.id);
            state.insert_published(new, file);
        }
        if !replaced.is_empty() {
            rustix::fs::syncfs(&self.uploads)?;
        }
        for id in replaced {
            Sidecar::remove(&self.uploads_dir, id)?;
        }
        for id in ids {
            self.notice(id);
        }
        Ok(())
    }
}
