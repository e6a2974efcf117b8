//! The sidecar of a complete upload, kept as an extended attribute of the file itself where the file system has such: it
//! is on the disk with the bytes, by one commit of the journal instead of two.
//!
//! It counts until a sidecar beside the file says otherwise: renaming and claiming write those. A copy takes attributes
//! along, therefore it names the file's inode; and as whoever owns a file may set them, it counts on the service's own
//! files alone.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{OFlags, XattrFlags};
use rustix::io::Errno;

use super::sidecar::Sidecar;

/// Its name.
const NAME: &str = "user.dropcase.upload";

/// Bytes that are read of it; a longer one was not written here.
const LONGEST: usize = 16 << 10;

/// Sets it, not waiting for the disk; `false` where the file system keeps none, or none of this length.
///
/// # Errors
/// Whatever else the disk reports.
pub(super) fn write(file: &File, sidecar: &Sidecar) -> io::Result<bool> {
    let value = serde_json::to_vec(sidecar)?;
    if value.len() > LONGEST {
        return Ok(false);
    }
    match rustix::fs::fsetxattr(file, NAME, &value, XattrFlags::empty()) {
        Ok(()) => Ok(true),
        // A full block of attributes and a full disk are one error; whoever writes the sidecar then learns which it was.
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::PERM | Errno::RANGE | Errno::TOOBIG | Errno::NOSPC) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The sidecar of an open file, if it has one that counts.
pub(super) fn read(file: &File) -> Option<Sidecar> {
    read_as(file, rustix::process::geteuid().as_raw())
}

/// The same for a service that runs as `user`.
fn read_as(file: &File, user: u32) -> Option<Sidecar> {
    let data = file.metadata().ok()?;
    let own = data.is_file() && data.uid() == user;
    let mut value = vec![0; LONGEST];
    let length = own
        .then(|| rustix::fs::fgetxattr(file, NAME, &mut value[..]).ok())
        .flatten()?;
    let sidecar: Sidecar = serde_json::from_slice(value.get(..length)?).ok()?;
    (sidecar.inode == data.ino()).then_some(sidecar)
}

/// That of the file at `path`.
pub(super) fn read_at(path: &Path) -> Option<Sidecar> {
    read(&open(path).ok()?)
}

/// Takes it off; a file without one is left as it is.
///
/// # Errors
/// What the disk reports.
pub(super) fn remove(file: impl AsFd) -> io::Result<()> {
    match rustix::fs::fremovexattr(file, NAME) {
        Ok(()) | Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes it off the file at `path`, which is the service's own.
///
/// # Errors
/// What the disk reports.
pub(super) fn remove_at(path: &Path) -> io::Result<()> {
    remove(open(path)?)
}

fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    File::options()
        .read(true)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::super::sidecar::Stage;
    use super::super::{Origin, Protocol, RelativePath};
    use super::*;

    #[test]
    fn it_stays_with_its_file_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.csv");
        let file = File::create(&path).unwrap();
        let sidecar = Sidecar {
            id: Uuid::now_v7(),
            stage: Stage::Published,
            origin: Origin {
                user: Some("muster".into()),
                protocol: Protocol::Sftp,
                remote: None,
            },
            target: RelativePath::resolve(b"inbox/\xe4.csv").unwrap(),
            at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
            size: 0,
            inode: file.metadata().unwrap().ino(),
            renamed: false,
        };
        assert_eq!(read(&file), None);
        if !write(&file, &sidecar).unwrap() {
            // This file system keeps none.
            return;
        }
        assert_eq!(read_at(&path).as_ref(), Some(&sidecar));
        // Whose file it is not may have set it.
        assert_eq!(read_as(&file, rustix::process::geteuid().as_raw() + 1), None);
        let moved = home.path().join("y.csv");
        std::fs::rename(&path, &moved).unwrap();
        assert_eq!(read_at(&moved).as_ref(), Some(&sidecar));
        // A copy that took it along.
        let copy = File::create(&path).unwrap();
        assert!(write(&copy, &sidecar).unwrap());
        assert_eq!(read(&copy), None);
        remove_at(&moved).unwrap();
        remove_at(&moved).unwrap();
        assert_eq!(read_at(&moved), None);
        rustix::fs::fsetxattr(&file, NAME, b"{", XattrFlags::empty()).unwrap();
        assert_eq!(read(&file), None);
    }
}
