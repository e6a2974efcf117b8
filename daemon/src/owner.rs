//! Who works on a home: its owner, and only one at a time.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::fs::{FlockOperation, flock};
use rustix::process::geteuid;

use crate::control;

/// Runs this command anew as the owner of `home` when it was started by root for somebody else's home, so that no file
/// in it ever belongs to root.
///
/// # Errors
/// When the home is not there or the change of user fails.
pub(crate) fn become_owner(home: &Path) -> anyhow::Result<()> {
    let owner = fs::metadata(home).with_context(|| format!("the home {}", home.display()))?;
    if !geteuid().is_root() || owner.uid() == 0 {
        return Ok(());
    }
    let program = std::env::current_exe().context("the path of this program")?;
    let error = Command::new(program)
        .args(std::env::args_os().skip(1))
        .uid(owner.uid())
        .gid(owner.gid())
        .exec();
    Err(error).with_context(|| format!("running as the home's owner, {}", user_name(owner.uid())))
}

/// How long a lock may outlive its holder: a child that was being started when the holder was killed shares the
/// descriptor until its own program runs.
const OUTLIVES: Duration = Duration::from_secs(2);

/// The home's lock; it is given back when this is dropped, also when the process dies.
#[derive(Debug)]
pub(crate) struct HomeLock {
    _file: File,
}

impl HomeLock {
    /// Takes the lock of the home whose data folder is `data_dir`.
    ///
    /// # Errors
    /// When another process holds it.
    pub(crate) fn take(data_dir: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(data_dir).with_context(|| format!("the data folder {}", data_dir.display()))?;
        let path = control::lock(data_dir);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("the lock {}", path.display()))?;
        let deadline = Instant::now() + OUTLIVES;
        while flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            if Instant::now() >= deadline {
                bail!("another dropcase works on this home and does not answer at its control socket");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { _file: file })
    }
}

/// The login name of `uid`, or `uid:NUMBER` where the system's user file does not name it.
pub(crate) fn user_name(uid: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(name)
    });
    name.map_or_else(|| format!("uid:{uid}"), str::to_owned)
}

/// The login name of whoever runs this command.
pub(crate) fn current_user() -> String {
    user_name(geteuid().as_raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_has_a_name_and_a_stranger_a_number() {
        assert_eq!(user_name(0), "root");
        assert_eq!(user_name(4_294_967_000), "uid:4294967000");
    }

    #[test]
    fn one_home_has_one_worker() {
        let home = tempfile::tempdir().unwrap();
        let first = HomeLock::take(home.path()).unwrap();
        assert!(HomeLock::take(home.path()).is_err());
        drop(first);
        assert!(HomeLock::take(home.path()).is_ok());
    }
}
