//! Originals of deliveries that are done: found once more, and copied for a delivery of their own.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::client::ClientArea;
use super::message_files;

impl ClientArea {
    /// `archive/<day>/<delivery>_<name>`, a file or a message's folder: only the service writes there.
    pub(crate) fn archived(&self, delivery: &str) -> io::Result<Option<PathBuf>> {
        let prefix = format!("{delivery}_");
        let days = match fs::read_dir(self.jail_dir.join("archive")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            days => days?,
        };
        for day in days {
            let day = day?;
            if !day.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(day.path())? {
                let entry = entry?;
                let named = entry.file_name().as_encoded_bytes().starts_with(prefix.as_bytes());
                let kind = entry.file_type()?;
                if named && (kind.is_file() || kind.is_dir()) {
                    return Ok(Some(entry.path()));
                }
            }
        }
        Ok(None)
    }
}

/// Copies a file, or a message's folder with at most `limit` and one of its files, to `target`, durably.
pub(crate) fn copy(original: &Path, target: &Path, limit: usize) -> io::Result<()> {
    if !original.is_dir() {
        return copy_file(original, target);
    }
    let mut folders = vec![target.to_owned()];
    make(target)?;
    for file in message_files(original, limit)? {
        let within = file.strip_prefix(original).map_err(|_| io::ErrorKind::InvalidInput)?;
        let mut folder = target.to_owned();
        for part in within.parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            if !folders.contains(&folder) {
                make(&folder)?;
                folders.push(folder.clone());
            }
        }
        copy_file(&file, &target.join(within))?;
    }
    folders.iter().try_for_each(|folder| File::open(folder)?.sync_all())
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(folder)
}

fn copy_file(original: &Path, target: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(target)?;
    io::copy(&mut File::open(original)?, &mut file)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_copied_with_what_is_in_it() {
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("from"), home.path().join("to"));
        fs::create_dir_all(from.join("a/b")).unwrap();
        for (name, text) in [("text.txt", "one"), ("a/b/c.pdf", "two"), ("a/d.pdf", "three")] {
            fs::write(from.join(name), text).unwrap();
        }
        std::os::unix::fs::symlink("/etc/passwd", from.join("link")).unwrap();
        copy(&from, &to, 10).unwrap();
        assert_eq!(fs::read_to_string(to.join("a/b/c.pdf")).unwrap(), "two");
        assert_eq!(message_files(&to, 10).unwrap().len(), 3);
        assert!(to.join("link").symlink_metadata().is_err());
        // Never over what is there.
        assert_eq!(copy(&from, &to, 10).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        // As many as are asked for: one more than the limit tells that there are too many.
        let few = home.path().join("few");
        copy(&from, &few, 1).unwrap();
        assert_eq!(message_files(&few, 10).unwrap().len(), 2);
    }
}
