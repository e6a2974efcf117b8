//! The only writer into clients' outboxes: a hidden temporary file, synced, then renamed; never over a name that is
//! taken, never through a symbolic link.
//!
//! The steps of one file, each of which a crash may follow: [`Folder::create`] → write and sync ([`Temp::sync`]) →
//! the row is `staged` → [`Folder::publish`] → [`Folder::sync`] → the row is done. A staged row whose temporary file
//! is missing was published ([`Folder::has`]).

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path};

use chrono::{DateTime, Utc};
use rustix::fs::{AtFlags, Dir, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

/// Names that begin so are never shown to clients.
pub const HIDDEN: &str = ".dropcase-";

/// Earlier leases of a row whose leftovers are looked for; what is older is swept at a start.
const EARLIER_LEASES: i64 = 16;

/// Owner and group may read; the group is that of the folder (setgid).
const FILE_MODE: u32 = 0o640;
const FOLDER_MODE: u32 = 0o2750;

const OPEN_FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// A folder below a client's own, held open: what happens to its path afterwards does not matter.
#[derive(Debug)]
pub struct Folder {
    dir: OwnedFd,
}

/// A temporary file in a folder.
#[derive(Debug)]
pub struct Temp {
    /// Its name in the folder.
    pub name: String,
    /// To be written.
    pub file: File,
}

impl Temp {
    /// Everything that was written is on the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

impl Folder {
    /// Opens `below` (such as `outbox/reports`) under `client`, making what is missing, following no link.
    ///
    /// # Errors
    /// `NotFound` when the client's own folder is missing, `InvalidInput` for a path that leads out of it, and
    /// whatever the file system says (a link where a folder is expected is `NotADirectory` or `FilesystemLoop`).
    pub fn open(client: &Path, below: &str) -> io::Result<Self> {
        let mut dir = rustix::fs::open(client, OPEN_FOLDER, Mode::empty())?;
        for part in Path::new(below).components() {
            let Component::Normal(part) = part else {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "a path that leads out of the client's folder",
                ));
            };
            dir = match rustix::fs::openat(&dir, part, OPEN_FOLDER, Mode::empty()) {
                Err(Errno::NOENT) => {
                    match rustix::fs::mkdirat(&dir, part, Mode::from_raw_mode(FOLDER_MODE)) {
                        Ok(()) | Err(Errno::EXIST) => {}
                        Err(error) => return Err(error.into()),
                    }
                    rustix::fs::fsync(&dir)?;
                    rustix::fs::openat(&dir, part, OPEN_FOLDER, Mode::empty())?
                }
                other => other?,
            };
        }
        Ok(Self { dir })
    }

    /// Makes the temporary file of row `id` under lease `fence`; what earlier leases left is removed first (whoever
    /// still writes there has lost the row and cannot stage it any more).
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn create(&self, id: i64, fence: i64) -> io::Result<Temp> {
        for earlier in fence.saturating_sub(EARLIER_LEASES)..fence {
            self.remove(&format!("{HIDDEN}{id}-{earlier}.tmp"))?;
        }
        self.create_named(&format!("{id}-{fence}.tmp"))
    }

    /// Makes the temporary file `.dropcase-<tail>`; one that an earlier crash left is removed first.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn create_named(&self, tail: &str) -> io::Result<Temp> {
        let name = format!("{HIDDEN}{tail}");
        self.remove(&name)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(
            &self.dir,
            &name,
            flags,
            Mode::from_raw_mode(FILE_MODE),
        )?);
        // The process' umask may be stricter than what the client's group needs.
        rustix::fs::fchmod(&file, Mode::from_raw_mode(FILE_MODE))?;
        Ok(Temp { name, file })
    }

    /// Is there anything of that name?
    ///
    /// # Errors
    /// When the file system refuses to tell.
    pub fn has(&self, name: &str) -> io::Result<bool> {
        match rustix::fs::statat(&self.dir, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Renames `temp` to `name`.
    ///
    /// # Errors
    /// `AlreadyExists` when the name is taken: nothing was changed. `NotFound` when the temporary file is missing.
    pub fn publish(&self, temp: &str, name: &str) -> io::Result<()> {
        match rustix::fs::renameat_with(&self.dir, temp, &self.dir, name, RenameFlags::NOREPLACE) {
            // File systems without that flag: a link never replaces either.
            Err(Errno::INVAL | Errno::NOSYS) => {
                rustix::fs::linkat(&self.dir, temp, &self.dir, name, AtFlags::empty())?;
                rustix::fs::unlinkat(&self.dir, temp, AtFlags::empty())?;
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// Renames `temp` to `name`, replacing what has that name: for papers that are kept up to date.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn replace(&self, temp: &str, name: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.dir, temp, &self.dir, name)?)
    }

    /// Opens a file for reading, following no link.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn read(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        Ok(File::from(rustix::fs::openat(&self.dir, name, flags, Mode::empty())?))
    }

    /// The names that were published or removed are on the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.dir)?)
    }

    /// Removes a file; one that is missing is fine.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.dir, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes temporary files that were last written before `before`, except those that a row waits for (`keep`);
    /// returns how many. Younger ones may be in work on another node.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sweep(&self, before: DateTime<Utc>, keep: &dyn Fn(&str) -> bool) -> io::Result<usize> {
        let mut removed = 0;
        for entry in Dir::read_from(&self.dir)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if !name.starts_with(HIDDEN) || !name.ends_with(".tmp") || keep(name) {
                continue;
            }
            let written = rustix::fs::statat(&self.dir, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mtime;
            if written < before.timestamp() {
                self.remove(name)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn names(path: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_and_under_its_name() {
        let client = tempfile::tempdir().unwrap();
        let folder = Folder::open(client.path(), "outbox/reports").unwrap();
        let path = client.path().join("outbox/reports");
        let mut temp = folder.create(7, 3).unwrap();
        temp.file.write_all(b"whole").unwrap();
        temp.sync().unwrap();
        assert_eq!(names(&path), [".dropcase-7-3.tmp"]);
        folder.publish(&temp.name, "a.csv").unwrap();
        folder.sync().unwrap();
        assert_eq!(names(&path), ["a.csv"]);
        assert_eq!(std::fs::read(path.join("a.csv")).unwrap(), b"whole");
        assert_eq!(
            std::fs::metadata(path.join("a.csv")).unwrap().permissions().mode() & 0o7777,
            0o640
        );
    }

    #[test]
    fn a_taken_name_is_never_overwritten() {
        let client = tempfile::tempdir().unwrap();
        let folder = Folder::open(client.path(), "").unwrap();
        std::fs::write(client.path().join("a.csv"), "old").unwrap();
        let temp = folder.create(1, 1).unwrap();
        let error = folder.publish(&temp.name, "a.csv").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(folder.has(&temp.name).unwrap());
        assert_eq!(std::fs::read(client.path().join("a.csv")).unwrap(), b"old");
    }

    #[test]
    fn leftovers_of_earlier_leases_are_removed() {
        let client = tempfile::tempdir().unwrap();
        let folder = Folder::open(client.path(), "").unwrap();
        folder.create(1, 1).unwrap();
        folder.create(2, 1).unwrap();
        folder.create(1, 3).unwrap();
        assert_eq!(names(client.path()), [".dropcase-1-3.tmp", ".dropcase-2-1.tmp"]);
    }

    #[test]
    fn no_link_is_followed() {
        let client = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        symlink(elsewhere.path(), client.path().join("outbox")).unwrap();
        assert!(Folder::open(client.path(), "outbox").is_err());
        assert!(Folder::open(client.path(), "outbox/reports").is_err());
        assert!(Folder::open(client.path(), "../x").is_err());
        assert!(Folder::open(&client.path().join("outbox"), "").is_err());
        assert!(names(elsewhere.path()).is_empty());
        // A link planted under the temporary name is removed, not written through.
        let folder = Folder::open(client.path(), "").unwrap();
        std::fs::write(elsewhere.path().join("target"), "keep").unwrap();
        symlink(elsewhere.path().join("target"), client.path().join(".dropcase-1-1.tmp")).unwrap();
        folder.create(1, 1).unwrap().file.write_all(b"x").unwrap();
        assert_eq!(std::fs::read(elsewhere.path().join("target")).unwrap(), b"keep");
    }

    #[test]
    fn leftovers_are_swept_except_those_that_are_waited_for() {
        let client = tempfile::tempdir().unwrap();
        let folder = Folder::open(client.path(), "").unwrap();
        for id in 1..=3 {
            folder.create(id, 1).unwrap();
        }
        std::fs::write(client.path().join("a.csv"), "").unwrap();
        let keep = |name: &str| name == ".dropcase-2-1.tmp";
        assert_eq!(
            folder.sweep(DateTime::UNIX_EPOCH, &keep).unwrap(),
            0,
            "young files may be in work"
        );
        assert_eq!(folder.sweep(DateTime::<Utc>::MAX_UTC, &keep).unwrap(), 2);
        assert_eq!(names(client.path()), [".dropcase-2-1.tmp", "a.csv"]);
    }
}
