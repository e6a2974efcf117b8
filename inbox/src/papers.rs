//! The paper store: papers of cases as files, by client and content, outside of the jail.
//!
//! ```text
//! papers/<client>/.incoming-<delivery>    bytes on their way
//! papers/<client>/<ab>/<abcdef…>          a paper: the SHA-256 of its content, below its first two characters
//! ```
//! A paper is written under a temporary name, synced, renamed, and its folder synced, before the database hears of it. A
//! paper that no row names in the end (its delivery was refused, a crash came) is swept when it is a day old.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use dropcase_config::ClientKey;
use rustix::fs::{Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use sha2::{Digest, Sha256};

/// How long a paper may lie in the store before a row names it. The longest import takes minutes.
const NAMED_WITHIN: TimeDelta = TimeDelta::days(1);

/// Names that start so are no papers yet.
const INCOMING: &str = ".incoming-";

/// The last change is now, by the clock of the disk.
const TOUCHED: Timestamps = Timestamps {
    last_access: Timespec {
        tv_sec: 0,
        tv_nsec: UTIME_OMIT,
    },
    last_modification: Timespec {
        tv_sec: 0,
        tv_nsec: UTIME_NOW,
    },
};

/// What came of a paper's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

/// A paper in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    path: PathBuf,
}

/// The store of all clients. Cheap to clone; every call blocks on the disk.
#[derive(Debug, Clone)]
pub struct PaperStore {
    folder: PathBuf,
    /// Held while a paper is put to its place or swept, so that none goes that somebody has just found there.
    places: Arc<Mutex<()>>,
}

impl PaperStore {
    /// The store below `data_dir`; its folders are made when they are needed.
    pub fn new(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join("papers"),
            places: Arc::default(),
        }
    }

    /// Keeps what `source` yields, durably; content that is there already is not written a second time. `tag` tells
    /// deliveries that are worked at the same time apart.
    ///
    /// # Errors
    /// What the disk or `source` reports, `InvalidInput` for a tag that is no plain name; then nothing is kept.
    pub fn keep(&self, client: &ClientKey, tag: &str, source: &mut dyn Read) -> io::Result<Kept> {
        if tag.is_empty() || !tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let own = self.folder.join(client.as_str());
        make(&self.folder)?;
        make(&own)?;
        let incoming = own.join(format!("{INCOMING}{tag}"));
        // What a crash left is overwritten.
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&incoming)?;
        let kept = self.write(&own, &incoming, file, source);
        if kept.is_err() {
            // The next attempt overwrites it, or the sweep takes it.
            let _ = fs::remove_file(&incoming);
        }
        kept
    }

    fn write(&self, own: &Path, incoming: &Path, mut file: File, source: &mut dyn Read) -> io::Result<Kept> {
        let mut hasher = Sha256::new();
        let mut size = 0;
        let mut buffer = vec![0; 1 << 17];
        loop {
            let read = source.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            file.write_all(&buffer[..read])?;
            size += read as u64;
        }
        let sha256: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let (folder, target) = place(own, &sha256);
        let _held = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let known = fs::symlink_metadata(&target).is_ok_and(|known| known.is_file() && known.len() == size);
        if known {
            // As if it had just come: the sweep leaves it to whoever names it now.
            rustix::fs::futimens(File::open(&target)?, &TOUCHED)?;
            fs::remove_file(incoming)?;
        } else {
            file.sync_all()?;
            make(&folder)?;
            fs::rename(incoming, &target)?;
        }
        // Also of a known one: whoever put it there may have died before this.
        File::open(&folder)?.sync_all()?;
        Ok(Kept { sha256, size })
    }

    /// Opens a paper.
    ///
    /// # Errors
    /// `NotFound` when the client has none of this content, else what the disk reports.
    pub fn open(&self, client: &ClientKey, sha256: &str) -> io::Result<File> {
        if !is_digest(sha256) {
            return Err(io::ErrorKind::NotFound.into());
        }
        File::open(place(&self.folder.join(client.as_str()), sha256).1)
    }

    /// The client's papers that are older than a day at `now`, of which a row should know by then. What a crash left
    /// half-written before that is removed.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn settled(&self, client: &ClientKey, now: DateTime<Utc>) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        for folder in entries(&self.folder.join(client.as_str()))? {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(INCOMING) {
                if is_old(&folder, now)? {
                    fs::remove_file(&folder)?;
                }
                continue;
            }
            for path in entries(&folder)? {
                let sha256 = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if is_digest(&sha256) && is_old(&path, now)? {
                    found.push(Found { sha256, path });
                }
            }
        }
        Ok(found)
    }

    /// Removes a paper that no row names, unless it came again meanwhile; says whether it did.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn sweep(&self, paper: &Found, now: DateTime<Utc>) -> io::Result<bool> {
        let _held = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let old = is_old(&paper.path, now)?;
        if old {
            fs::remove_file(&paper.path)?;
        }
        Ok(old)
    }
}

/// Where a paper lies: its folder and its path.
fn place(own: &Path, sha256: &str) -> (PathBuf, PathBuf) {
    let folder = own.join(sha256.get(..2).unwrap_or_default());
    let path = folder.join(sha256);
    (folder, path)
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_old(path: &Path, now: DateTime<Utc>) -> io::Result<bool> {
    let modified = DateTime::<Utc>::from(fs::symlink_metadata(path)?.modified()?);
    Ok(now - modified > NAMED_WITHIN)
}

/// What lies in a folder; nothing where there is none.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

/// Makes a folder for the service alone, durably.
fn make(folder: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        made => made?,
    }
    match folder.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::time::SystemTime;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = entries(folder)
            .unwrap()
            .iter()
            .flat_map(|path| {
                if path.is_dir() {
                    entries(path).unwrap()
                } else {
                    vec![path.clone()]
                }
            })
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn is_later() -> DateTime<Utc> {
        DateTime::<Utc>::from(SystemTime::now()) + TimeDelta::days(2)
    }

    #[test]
    fn the_same_content_is_stored_once() {
        let home = tempfile::tempdir().unwrap();
        let store = PaperStore::new(home.path());
        let client = ClientKey::new("muster").unwrap();
        let first = store.keep(&client, "a", &mut &b"abc"[..]).unwrap();
        assert_eq!((first.sha256.as_str(), first.size), (ABC, 3));
        assert_eq!(store.keep(&client, "b", &mut &b"abc"[..]).unwrap(), first);
        assert_eq!(files(&home.path().join("papers/muster")), [ABC]);
        let mut text = String::new();
        store.open(&client, ABC).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
        let other = ClientKey::new("other").unwrap();
        assert_eq!(store.open(&other, ABC).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(store.open(&client, "../../x").is_err());
        assert!(store.keep(&client, "../x", &mut &b""[..]).is_err());
    }

    #[test]
    fn a_broken_paper_is_not_kept_and_a_cut_one_is_written_anew() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::InvalidData.into())
            }
        }
        let home = tempfile::tempdir().unwrap();
        let store = PaperStore::new(home.path());
        let client = ClientKey::new("muster").unwrap();
        assert!(store.keep(&client, "a", &mut (&b"ab"[..]).chain(Breaks)).is_err());
        assert_eq!(files(&home.path().join("papers/muster")), [""; 0]);
        store.keep(&client, "a", &mut &b"abc"[..]).unwrap();
        let path = home.path().join("papers/muster/ba").join(ABC);
        fs::write(&path, "ab").unwrap();
        store.keep(&client, "a", &mut &b"abc"[..]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abc");
    }

    #[test]
    fn what_nobody_named_is_swept_after_a_day() {
        let home = tempfile::tempdir().unwrap();
        let store = PaperStore::new(home.path());
        let client = ClientKey::new("muster").unwrap();
        store.keep(&client, "a", &mut &b"abc"[..]).unwrap();
        let incoming = home.path().join("papers/muster/.incoming-z");
        fs::write(&incoming, "x").unwrap();
        let now = DateTime::<Utc>::from(SystemTime::now());
        assert_eq!(store.settled(&client, now).unwrap(), []);
        let found = store.settled(&client, is_later()).unwrap();
        assert_eq!((found.len(), incoming.exists()), (1, false));
        // It came again: whoever brought it will name it.
        assert!(!store.sweep(&found[0], now).unwrap());
        assert!(store.sweep(&found[0], is_later()).unwrap());
        assert_eq!(files(&home.path().join("papers/muster")), [""; 0]);
    }
}
