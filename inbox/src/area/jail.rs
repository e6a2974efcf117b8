//! The jail: every name is resolved below one folder, and symbolic links are never followed.
//!
//! `openat2(2)` with `RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS` does it in the kernel. Where it is
//! missing (old kernels answer ENOSYS, some sandboxes EPERM) each component is opened by itself with `O_NOFOLLOW`.
//! Changes (rename, unlink, mkdir) go through a descriptor of the parent folder.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, RenameFlags, ResolveFlags, Stat, Timestamps};
use rustix::io::Errno;

use super::RelativePath;

/// How often a lookup is repeated that a concurrent rename disturbed.
const AGAIN: usize = 128;

/// One folder that nothing leads out of.
#[derive(Debug)]
pub struct Jail {
    root: OwnedFd,
    walk: AtomicBool,
}

impl Jail {
    /// Opens the jail whose top is `root`, an existing folder.
    ///
    /// # Errors
    /// When `root` cannot be opened as a folder.
    pub fn open(root: &Path) -> io::Result<Self> {
        let root = rustix::fs::openat(CWD, root, folder_flags(), Mode::empty())?;
        Ok(Self {
            root,
            walk: AtomicBool::new(false),
        })
    }

    /// The same jail without `openat2`, as on a kernel that lacks it.
    ///
    /// # Errors
    /// When `root` cannot be opened as a folder.
    pub fn open_walking(root: &Path) -> io::Result<Self> {
        let jail = Self::open(root)?;
        jail.walk.store(true, Ordering::Relaxed);
        Ok(jail)
    }

    /// Opens `path`; the last component is not followed either.
    ///
    /// # Errors
    /// As `open(2)`; a symbolic link anywhere in the path is `FilesystemLoop` or `NotADirectory`.
    pub fn open_at(&self, path: &RelativePath, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if path.is_root() {
            return Ok(rustix::fs::openat(&self.root, ".", flags, mode)?);
        }
        if !self.walk.load(Ordering::Relaxed) {
            match self.resolve_in_kernel(path, flags, mode) {
                Err(Errno::NOSYS | Errno::PERM) => self.walk.store(true, Ordering::Relaxed),
                done => return Ok(done?),
            }
        }
        self.resolve_by_walking(path, flags, mode)
    }

    fn resolve_in_kernel(&self, path: &RelativePath, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let mut left = AGAIN;
        loop {
            match rustix::fs::openat2(&self.root, path.as_bytes(), flags, mode, resolve) {
                // A rename somewhere on the way: the kernel could not be sure and asks to look again.
                Err(Errno::AGAIN | Errno::INTR) if left > 0 => left -= 1,
                done => return done,
            }
        }
    }

    fn resolve_by_walking(&self, path: &RelativePath, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        let mut here = rustix::fs::openat(&self.root, ".", place_flags(), Mode::empty())?;
        let mut parts = path.components().peekable();
        while let Some(part) = parts.next() {
            if part == b".." {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            if parts.peek().is_none() {
                return Ok(rustix::fs::openat(&here, part, flags, mode)?);
            }
            here = rustix::fs::openat(&here, part, place_flags(), Mode::empty())?;
        }
        Ok(here)
    }

    /// Opens a folder for looking up and listing.
    ///
    /// # Errors
    /// As `open(2)` with `O_DIRECTORY`.
    pub fn folder(&self, path: &RelativePath) -> io::Result<OwnedFd> {
        self.open_at(path, folder_flags(), Mode::empty())
    }

    /// Opens a regular file for reading; anything else (a device, a pipe) is `NotFound`.
    ///
    /// # Errors
    /// As `open(2)`.
    pub fn read(&self, path: &RelativePath) -> io::Result<File> {
        // Without O_NONBLOCK a pipe put there by somebody would hold the thread for ever.
        let file = self.open_at(path, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())?;
        match FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode) {
            FileType::RegularFile => Ok(File::from(file)),
            FileType::Directory => Err(io::ErrorKind::IsADirectory.into()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The parent as a place for calls such as `renameat(2)`, and the name in it. [`sync`] takes it; nothing else can be
    /// read from it, and opening it this way wakes nobody who watches the folder, our own watch included.
    ///
    /// # Errors
    /// As `open(2)` on the parent; `InvalidInput` for the jail itself.
    pub fn parent<'path>(&self, path: &'path RelativePath) -> io::Result<(OwnedFd, &'path [u8])> {
        let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        Ok((self.open_at(&parent, place_flags(), Mode::empty())?, path.name()))
    }

    /// What lies there, without following it.
    ///
    /// # Errors
    /// As `stat(2)`.
    pub fn stat(&self, path: &RelativePath) -> io::Result<Stat> {
        if path.is_root() {
            return Ok(rustix::fs::fstat(&self.root)?);
        }
        let (parent, name) = self.parent(path)?;
        Ok(rustix::fs::statat(&parent, name, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// As `mkdir(2)`.
    pub fn make_folder(&self, path: &RelativePath, mode: Mode) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        rustix::fs::mkdirat(&parent, name, mode)?;
        sync(&parent)
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// As `rmdir(2)`.
    pub fn remove_folder(&self, path: &RelativePath) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        rustix::fs::unlinkat(&parent, name, AtFlags::REMOVEDIR)?;
        sync(&parent)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// As `unlink(2)`.
    pub fn remove_file(&self, path: &RelativePath) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        rustix::fs::unlinkat(&parent, name, AtFlags::empty())?;
        sync(&parent)
    }

    /// Renames inside the jail; an existing file at `to` is replaced only when `replace` says so. Both folders are synced.
    ///
    /// # Errors
    /// As `renameat2(2)`.
    pub fn rename(&self, from: &RelativePath, to: &RelativePath, replace: bool) -> io::Result<()> {
        let (from_parent, from_name) = self.parent(from)?;
        let (to_parent, to_name) = self.parent(to)?;
        if replace {
            rustix::fs::renameat(&from_parent, from_name, &to_parent, to_name)?;
        } else {
            rename_new(&from_parent, from_name, &to_parent, to_name)?;
        }
        sync(&to_parent)?;
        sync(&from_parent)
    }

    /// Sets access and modification time without following a link.
    ///
    /// # Errors
    /// As `utimensat(2)`.
    pub fn set_times(&self, path: &RelativePath, times: &Timestamps) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        Ok(rustix::fs::utimensat(&parent, name, times, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// The entries of a folder, in the order in which the file system has them.
    ///
    /// # Errors
    /// As `open(2)` with `O_DIRECTORY`.
    pub fn entries(&self, path: &RelativePath) -> io::Result<Dir> {
        Ok(Dir::new(self.folder(path)?)?)
    }
}

/// Renames to a name that must not exist yet.
pub(crate) fn rename_new(from: impl AsFd, from_name: &[u8], to: impl AsFd, to_name: &[u8]) -> io::Result<()> {
    match rustix::fs::renameat_with(&from, from_name, &to, to_name, RenameFlags::NOREPLACE) {
        // Some network file systems do not know the flag: look first. Only the service itself makes names there.
        Err(Errno::INVAL | Errno::NOSYS) => match rustix::fs::statat(&to, to_name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(Errno::NOENT) => Ok(rustix::fs::renameat(from, from_name, to, to_name)?),
            Err(other) => Err(other.into()),
        },
        done => Ok(done?),
    }
}

/// Makes a folder's names durable; a mere place is opened for it.
pub(crate) fn sync(folder: impl AsFd) -> io::Result<()> {
    match rustix::fs::fsync(&folder) {
        Err(Errno::BADF) => {
            let folder = rustix::fs::openat(&folder, ".", folder_flags(), Mode::empty())?;
            Ok(rustix::fs::fsync(folder)?)
        }
        done => Ok(done?),
    }
}

fn place_flags() -> OFlags {
    OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::*;

    fn path(name: &str) -> RelativePath {
        RelativePath::resolve(name.as_bytes()).unwrap()
    }

    /// A jail beside a secret, with links that lead out and links that stay inside.
    fn with_jail(check: impl Fn(&Jail)) {
        let home = tempfile::tempdir().unwrap();
        let top = home.path().join("jail");
        std::fs::create_dir_all(top.join("inbox/sub")).unwrap();
        std::fs::write(home.path().join("secret"), "secret").unwrap();
        std::fs::write(top.join("inbox/x"), "x").unwrap();
        symlink("../../secret", top.join("inbox/link")).unwrap();
        symlink("x", top.join("inbox/inner")).unwrap();
        symlink(home.path(), top.join("out")).unwrap();
        symlink("/", top.join("inbox/sub/root")).unwrap();
        check(&Jail::open(&top).unwrap());
        check(&Jail::open_walking(&top).unwrap());
    }

    #[test]
    fn reads_what_lies_inside() {
        with_jail(|jail| {
            let mut text = String::new();
            jail.read(&path("inbox/x")).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "x");
        });
    }

    #[test]
    fn follows_no_link() {
        with_jail(|jail| {
            for name in [
                "inbox/link",
                "inbox/inner",
                "out/secret",
                "out",
                "inbox/sub/root/etc/passwd",
            ] {
                assert!(jail.read(&path(name)).is_err(), "{name}");
            }
            assert!(jail.stat(&path("out/secret")).is_err());
            assert!(jail.entries(&path("out")).is_err());
            assert!(jail.make_folder(&path("out/new"), Mode::RWXU).is_err());
            assert!(jail.remove_file(&path("out/secret")).is_err());
            assert!(jail.rename(&path("inbox/x"), &path("out/x"), true).is_err());
            assert!(jail.rename(&path("out/secret"), &path("inbox/y"), true).is_err());
        });
    }

    #[test]
    fn never_climbs() {
        with_jail(|jail| {
            // `resolve` refuses it already; the jail must hold even if a caller forgot.
            let climbing = RelativePath::root().join(b"..").join(b"secret");
            assert!(jail.read(&climbing).is_err());
        });
    }

    #[test]
    fn renames_without_replacing() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("a"), "a").unwrap();
        std::fs::write(home.path().join("b"), "b").unwrap();
        let jail = Jail::open(home.path()).unwrap();
        let error = jail.rename(&path("a"), &path("b"), false).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        jail.rename(&path("a"), &path("b"), true).unwrap();
        assert_eq!(std::fs::read(home.path().join("b")).unwrap(), b"a");
    }

    #[test]
    fn a_pipe_does_not_hold_the_reader() {
        let home = tempfile::tempdir().unwrap();
        rustix::fs::mknodat(CWD, home.path().join("pipe"), FileType::Fifo, Mode::RWXU, 0).unwrap();
        let jail = Jail::open(home.path()).unwrap();
        assert_eq!(jail.read(&path("pipe")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
