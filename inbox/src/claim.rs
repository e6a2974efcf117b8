//! Claiming: a file leaves the client's folders for the work folder, and later lies in the archive.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use dropcase_config::{ClientKey, Completion};
use uuid::Uuid;

use crate::area::original::copy;
use crate::area::{Area, ClientArea, RelativePath, message_files};
use crate::arrivals::{Arrival, Folder, Rules};

/// How an operator's file in the work folder begins before it has a delivery; its upload follows.
const INCOMING: &str = ".dropcase-incoming-";

/// Longest name in the archive in bytes.
const MAX_NAME: usize = 255;

/// A claimed file: nobody but the service can reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkFile {
    /// Whose.
    pub client: ClientKey,
    /// The delivery's id as given to [`Claim::take`].
    pub delivery: String,
    /// `work/<client>/<delivery>/<name>`.
    pub path: PathBuf,
    /// Its name, bytes as the client sent them.
    pub name: Vec<u8>,
    /// Bytes.
    pub size: u64,
}

/// Moves files between a client's folders, the work folder and the archive. Cheap to clone; every call blocks on the
/// disk.
#[derive(Debug, Clone)]
pub struct Claim {
    area: Area,
    rules: Arc<RwLock<Rules>>,
}

impl Claim {
    pub(crate) fn new(area: Area, rules: Rules) -> Self {
        Self {
            area,
            rules: Arc::new(RwLock::new(rules)),
        }
    }

    pub(crate) fn rules(&self) -> Rules {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_rules(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
    }

    /// Moves the file of `arrival` to `work/<client>/<delivery>/<name>`, durably, and its markers away.
    ///
    /// The delivery's row is written before; called again after a crash, with the same arrival and delivery, it finishes
    /// what was begun and returns the same file. The client can still look the name up for the grace period.
    ///
    /// # Errors
    /// - `NotFound`: the client removed or replaced the file (or is itself removed from the settings); the delivery is void.
    /// - `ResourceBusy`: it is being written again; it will be offered anew.
    /// - `InvalidData`: it is no longer the plain file that was noticed (a link, a second name).
    /// - anything else: the disk; try again.
    pub fn take(&self, arrival: &Arrival, delivery: &str) -> io::Result<WorkFile> {
        let rule = self
            .rules
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&arrival.client)
            .copied();
        let markers = rule == Some(Completion::Marker);
        let area = self.client(&arrival.client)?;
        let path = match arrival.folder == Folder::Messages && area.takes_folder(&arrival.path, delivery)? {
            true => area.take_folder(arrival.upload_id, &arrival.path, delivery)?,
            false => area.take(arrival.upload_id, &arrival.path, delivery, markers)?,
        };
        Ok(WorkFile {
            client: arrival.client.clone(),
            delivery: delivery.to_owned(),
            name: path.file_name().unwrap_or_default().as_encoded_bytes().to_vec(),
            size: path.symlink_metadata()?.len(),
            path,
        })
    }

    /// The file that was taken for a delivery; `None` while it was not taken yet.
    ///
    /// # Errors
    /// What the disk reports; `NotFound` for a client that is not in the settings.
    pub fn taken(&self, client: &ClientKey, delivery: &str) -> io::Result<Option<WorkFile>> {
        let Some(path) = self.client(client)?.taken(delivery)? else {
            return Ok(None);
        };
        let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_vec();
        Ok(Some(WorkFile {
            client: client.clone(),
            delivery: delivery.to_owned(),
            size: path.symlink_metadata()?.len(),
            path,
            name,
        }))
    }

    /// The plain files of a claimed message's folder, by path; at most `limit` and one.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn message_files(&self, folder: &WorkFile, limit: usize) -> io::Result<Vec<PathBuf>> {
        message_files(&folder.path, limit)
    }

    /// Will the file of this upload still come? It waits in its folder, or an operator's file was written and not placed
    /// yet. Ask [`Claim::taken`] once more after a "no": it may have been moved between the two questions.
    ///
    /// # Errors
    /// `NotFound` for a client that is not in the settings.
    pub fn is_expected(&self, client: &ClientKey, upload: Uuid) -> io::Result<bool> {
        Ok(self.client(client)?.waits(upload) || self.has_incoming(client, upload)?)
    }

    /// Where an operator's file is written before its delivery has a row: on the file system of the work folders.
    ///
    /// # Errors
    /// `NotFound` for a client that is not in the settings.
    pub fn incoming(&self, client: &ClientKey, upload: Uuid) -> io::Result<PathBuf> {
        Ok(self.client(client)?.work_dir.join(format!("{INCOMING}{upload}")))
    }

    /// Every operator's file that was written ([`Claim::incoming`]) and never placed, with its upload; also those of
    /// clients that left the settings.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn left_incoming(&self) -> io::Result<Vec<(Uuid, PathBuf)>> {
        let clients = match fs::read_dir(self.area.work_dir()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            clients => clients?,
        };
        let mut left = Vec::new();
        for client in clients {
            let client = client?;
            if !client.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(client.path())? {
                let entry = entry?;
                let name = entry.file_name();
                let upload = name.to_str().and_then(|name| name.strip_prefix(INCOMING)?.parse().ok());
                left.extend(upload.map(|upload| (upload, entry.path())));
            }
        }
        Ok(left)
    }

    /// Lies an operator's file or folder there, which was written and not placed yet?
    ///
    /// # Errors
    /// `NotFound` for a client that is not in the settings.
    pub fn has_incoming(&self, client: &ClientKey, upload: Uuid) -> io::Result<bool> {
        Ok(self.incoming(client, upload)?.symlink_metadata().is_ok())
    }

    /// The original of a delivery that is done, a file or a message's folder: in the archive as long as it is kept there,
    /// in the work folder when the delivery is in quarantine.
    ///
    /// # Errors
    /// What the disk reports; `NotFound` for a client that is not in the settings.
    pub fn original(&self, client: &ClientKey, delivery: &str) -> io::Result<Option<PathBuf>> {
        let area = self.client(client)?;
        match area.taken(delivery)? {
            Some(taken) => Ok(Some(taken)),
            None => area.archived(delivery),
        }
    }

    /// Copies an original to [`Claim::incoming`], durably; of a folder at most `limit` files and one.
    ///
    /// # Errors
    /// What the disk reports; `NotFound` for a client that is not in the settings.
    pub fn copy(&self, client: &ClientKey, original: &Path, upload: Uuid, limit: usize) -> io::Result<()> {
        copy(original, &self.incoming(client, upload)?, limit)
    }

    /// Moves an operator's synced file or folder from [`Claim::incoming`] to where [`Claim::take`] moves a client's.
    ///
    /// # Errors
    /// `InvalidInput` for a name that no client could use, else what the disk reports.
    pub fn place(&self, client: &ClientKey, upload: Uuid, delivery: &str, name: &str) -> io::Result<()> {
        let path = RelativePath::root().join(b"inbox").join(name.as_bytes());
        if name.contains('/') || path.name().is_empty() || path.check_new().is_err() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let incoming = self.incoming(client, upload)?;
        self.client(client)?.place(&incoming, delivery, name)
    }

    /// The work folder of a delivery, for the staged file beside the claimed one. It exists once the delivery was taken.
    ///
    /// # Errors
    /// `NotFound` for a client that is not in the settings.
    pub fn work_folder(&self, client: &ClientKey, delivery: &str) -> io::Result<PathBuf> {
        Ok(self.client(client)?.work_dir.join(delivery))
    }

    /// Moves the original into `archive/<day>/<delivery>_<name>` and returns that path. Called again it says so again.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn archive(&self, file: &WorkFile, day: NaiveDate) -> io::Result<RelativePath> {
        let name = archive_name(&file.delivery, &file.name);
        self.client(&file.client)?.archive(&file.path, day, &name)
    }

    /// Removes the work folder of a finished delivery with everything in it.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn clear(&self, client: &ClientKey, delivery: &str) -> io::Result<()> {
        self.client(client)?.clear_work(delivery)
    }

    /// Removes the archive's days before `first_kept`; returns how many.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn purge_archive(&self, client: &ClientKey, first_kept: NaiveDate) -> io::Result<usize> {
        self.client(client)?.purge_archive(first_kept)
    }

    fn client(&self, key: &ClientKey) -> io::Result<Arc<ClientArea>> {
        self.area.client(key).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// `<delivery>_<name>`, the name shortened from its middle so that the ending stays.
fn archive_name(delivery: &str, name: &[u8]) -> Vec<u8> {
    let room = MAX_NAME.saturating_sub(delivery.len() + 1);
    let mut archived = [delivery.as_bytes(), b"_"].concat();
    if name.len() <= room {
        archived.extend_from_slice(name);
    } else {
        let dot = name
            .iter()
            .rposition(|byte| *byte == b'.')
            .filter(|dot| name.len() - dot <= 12);
        let ending = dot.map_or(&[][..], |dot| &name[dot..]);
        let mut cut = room - ending.len();
        // Not in the middle of a UTF-8 character.
        while cut > 0 && name[cut] & 0xc0 == 0x80 {
            cut -= 1;
        }
        archived.extend_from_slice(&name[..cut]);
        archived.extend_from_slice(ending);
    }
    archived
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archive_names_fit_and_keep_their_ending() {
        let delivery = "01900000-0000-7000-8000-000000000000";
        let long = [vec![b'x'; 251], b".csv".to_vec()].concat();
        let name = archive_name(delivery, &long);
        assert!(name.len() <= MAX_NAME && name.ends_with(b"x.csv"));
        let umlauts = "ä".repeat(127);
        assert!(String::from_utf8(archive_name(delivery, umlauts.as_bytes())).is_ok());
        assert_eq!(archive_name("d", b"a.csv"), b"d_a.csv");
    }
}
