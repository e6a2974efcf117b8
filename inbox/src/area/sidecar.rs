//! The sidecar of an upload: who sent what, when and where to; kept beside the hidden partial, outside the jail.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RelativePath;

/// The way by which a file came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// SSH file transfer.
    Sftp,
    /// FTP with TLS.
    Ftps,
    /// FTP without TLS, where a client's settings allow it.
    Ftp,
    /// Put into the folder by somebody else on this machine or over a network share.
    Local,
}

impl Protocol {
    /// The name in logs and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sftp => "sftp",
            Self::Ftps => "ftps",
            Self::Ftp => "ftp",
            Self::Local => "local",
        }
    }
}

/// Who uploads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Login name; `None` for local files.
    pub user: Option<String>,
    /// The way.
    pub protocol: Protocol,
    /// The peer's address; `None` for local files.
    pub remote: Option<IpAddr>,
}

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    /// Being written, or broken off; the bytes are in `<id>.part`.
    Partial,
    /// Complete, at its target in the jail.
    Published,
    /// Moved to the work folder; kept for the stat grace.
    Claimed,
}

/// What the sidecar holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sidecar {
    pub(crate) id: Uuid,
    pub(crate) stage: Stage,
    #[serde(flatten)]
    pub(crate) origin: Origin,
    pub(crate) target: RelativePath,
    /// When this stage was reached.
    pub(crate) at: DateTime<Utc>,
    pub(crate) size: u64,
    pub(crate) inode: u64,
    /// Renamed from a temporary name, which the completion rule `rename` asks for.
    pub(crate) renamed: bool,
}

impl Sidecar {
    /// Its name in the client's upload folder.
    pub(crate) fn file_name(id: Uuid) -> String {
        format!("{id}.json")
    }

    /// That of an upload that is not complete.
    pub(crate) fn partial(id: Uuid, origin: &Origin, target: &RelativePath, at: DateTime<Utc>) -> Self {
        Self {
            id,
            stage: Stage::Partial,
            origin: origin.clone(),
            target: target.clone(),
            at,
            size: 0,
            inode: 0,
            renamed: false,
        }
    }

    /// Writes a new sidecar without waiting for the disk.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<File> {
        let mut file = File::create(folder.join(Self::file_name(self.id)))?;
        file.write_all(&serde_json::to_vec(self)?)?;
        Ok(file)
    }

    /// Writes a new sidecar and waits for the disk.
    pub(crate) fn write_synced(&self, folder: &Path) -> io::Result<()> {
        self.write(folder)?.sync_data()
    }

    /// Replaces an existing one in one step and waits for the disk.
    pub(crate) fn replace_synced(&self, folder: &Path) -> io::Result<()> {
        let temporary = folder.join(format!("{}.json.new", self.id));
        let mut file = File::create(&temporary)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_data()?;
        fs::rename(&temporary, folder.join(Self::file_name(self.id)))
    }

    /// Removes the sidecar `id`; one that is missing already is no error.
    pub(crate) fn remove(folder: &Path, id: Uuid) -> io::Result<()> {
        match fs::remove_file(folder.join(Self::file_name(id))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Reads one; a torn one (power failed while it was written) is `None`.
    pub(crate) fn read(path: &Path) -> io::Result<Option<Self>> {
        Ok(serde_json::from_slice(&fs::read(path)?).ok())
    }
}

/// Makes ids that sort by the time of publication, also within a millisecond.
#[derive(Default)]
pub(crate) struct Ids(std::sync::Mutex<uuid::timestamp::context::ContextV7>);

impl Ids {
    pub(crate) fn mint(&self, now: DateTime<Utc>) -> Uuid {
        let context = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(
            &*context,
            seconds,
            now.timestamp_subsec_nanos(),
        ))
    }
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ids")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_publication() {
        let ids = Ids::default();
        let now = DateTime::from_timestamp(1_790_000_000, 5_000_000).unwrap();
        let minted: Vec<Uuid> = (0..10_000).map(|_| ids.mint(now)).collect();
        assert!(minted.is_sorted());
        assert!(minted.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn survives_the_disk() {
        let home = tempfile::tempdir().unwrap();
        let ids = Ids::default();
        let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let sidecar = Sidecar {
            id: ids.mint(at),
            stage: Stage::Published,
            origin: Origin {
                user: Some("muster".into()),
                protocol: Protocol::Sftp,
                remote: Some([127, 0, 0, 1].into()),
            },
            target: RelativePath::resolve(b"inbox/\xe4.csv").unwrap(),
            at,
            size: 5,
            inode: 7,
            renamed: true,
        };
        sidecar.write_synced(home.path()).unwrap();
        let path = home.path().join(Sidecar::file_name(sidecar.id));
        assert_eq!(Sidecar::read(&path).unwrap().as_ref(), Some(&sidecar));
        fs::write(&path, "{").unwrap();
        assert_eq!(Sidecar::read(&path).unwrap(), None);
        sidecar.replace_synced(home.path()).unwrap();
        assert_eq!(Sidecar::read(&path).unwrap(), Some(sidecar));
    }
}
