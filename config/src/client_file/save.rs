//! Writes a settings file so that a reader never sees half of it, with the owner and group that fit.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use tempfile::NamedTempFile;

/// Owner writes, group reads: the file holds password hashes.
const MODE: u32 = 0o640;

/// Writes `path`, which must not be there yet.
pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = folder_of(path);
    staged(folder, &fs::metadata(folder)?, text)?.persist_noclobber(path)?;
    sync(folder)
}

/// Puts `text` in place of the file `path`.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = folder_of(path);
    staged(folder, &fs::metadata(path)?, text)?.persist(path)?;
    sync(folder)
}

/// Renames `from` to `to`, which must not be there yet. (Commands lock the clients' folder while they edit: nobody comes in between.)
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if from.exists() && to.exists() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} is there already", to.display()),
        ));
    }
    fs::rename(from, to)?;
    sync(folder_of(from))
}

/// A synced temporary file in `folder` (a dot in front hides it from loading) that is like `model` in owner and group.
fn staged(folder: &Path, model: &fs::Metadata, text: &str) -> io::Result<NamedTempFile> {
    let mut temporary = tempfile::Builder::new()
        .prefix(".dropcase-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    let file = temporary.as_file_mut();
    file.write_all(text.as_bytes())?;
    let own = file.metadata()?;
    // Root edits on behalf of the service's account, which must still be able to read the file.
    let owner = (own.uid() == 0 && model.uid() != 0).then_some(model.uid());
    let group = (model.is_file() || own.uid() == 0)
        .then_some(model.gid())
        .filter(|gid| *gid != own.gid());
    if owner.is_some() || group.is_some() {
        fchown(&*file, owner, group)?;
    }
    // After the change of owner: chown clears bits.
    file.set_permissions(Permissions::from_mode(MODE))?;
    file.sync_all()?;
    Ok(temporary)
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
