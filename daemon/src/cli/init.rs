//! `dropcase init`: makes a home.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::ExitCode;

use dropcase_config::Service;

use crate::control::Failure;

use super::{exit, output};

/// Owner writes, group reads: the group may use the control socket and needs to know where it is.
const FILE_MODE: u32 = 0o640;
/// Folders with what only the service may see.
const PRIVATE_MODE: u32 = 0o750;
/// Others may walk through to the client folders, whose own modes decide.
const WALK_MODE: u32 = 0o751;

/// The folders of a home.
const FOLDERS: [(&str, u32); 4] = [
    ("clients.d", PRIVATE_MODE),
    ("layouts", PRIVATE_MODE),
    ("data", WALK_MODE),
    ("data/clients", WALK_MODE),
];

/// `dropcase init DIR`.
///
/// # Errors
/// When there is a home already, or it cannot be written.
pub(super) fn run(dir: &Path, agency: &str) -> Result<ExitCode, Failure> {
    make(dir, agency)?;
    let settings = dir.join("dropcase.toml");
    output::show(&format!(
        "Made {home}: dropcase.toml (settings, each explained), clients.d/ (one file a client), data/.\n\
         \n\
         Next:\n\
         \x20 dropcase --config {settings} client add KEY --name NAME --key FILE.pub\n\
         \x20 dropcase --config {settings} serve\n",
        home = dir.display(),
        settings = settings.display(),
    ))?;
    Ok(exit::DONE)
}

/// Makes the home `dir`; its folders may be there already, its settings may not.
///
/// # Errors
/// `Refused` when there are settings already or something cannot be written.
pub(crate) fn make(dir: &Path, agency: &str) -> Result<(), Failure> {
    let wrong = |path: &Path, error: io::Error| Failure::refused(format!("{}: {error}", path.display()));
    let settings = dir.join("dropcase.toml");
    if settings.exists() {
        return Err(Failure::refused(format!(
            "{} is there already; nothing was changed",
            settings.display()
        )));
    }
    folder(dir, WALK_MODE).map_err(|error| wrong(dir, error))?;
    for (name, mode) in FOLDERS {
        let path = dir.join(name);
        folder(&path, mode).map_err(|error| wrong(&path, error))?;
    }
    write(&settings, &Service::template(agency)).map_err(|error| wrong(&settings, error))
}

/// A folder with this mode; one that is there keeps its own.
fn folder(path: &Path, mode: u32) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.map_or(Ok(()), fs::create_dir_all)?;
    DirBuilder::new().mode(mode).create(path)?;
    // Whatever the umask took away.
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Writes a new file and syncs it and its folder.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    file.sync_all()?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_made_once_and_never_changed() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("srv/home");
        make(&home, "Muster \"Inkasso\" GmbH").unwrap();
        let service = Service::load(&home.join("dropcase.toml")).unwrap();
        assert_eq!(service.agency, "Muster \"Inkasso\" GmbH");
        assert!(service.clients_dir.is_dir() && service.data_dir.is_dir() && service.layouts_dir.is_dir());
        let mode = fs::metadata(home.join("dropcase.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o007, 0, "passwords may stand there");
        assert!(make(&home, "Another").is_err());
        assert_eq!(
            Service::load(&home.join("dropcase.toml")).unwrap().agency,
            service.agency
        );
    }
}
