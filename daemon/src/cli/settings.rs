//! Finds and loads the settings that a command works with.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use dropcase_config::{ClientKey, EditError, Mistakes, Service};

use crate::control::{Failure, Kind};
use crate::owner;

use super::exit;

/// Where settings are looked for when nobody says where they are, in this order.
const PLACES: [&str; 4] = [
    "dropcase.toml",
    "dropcase-home/dropcase.toml",
    "/var/lib/dropcase/dropcase.toml",
    "/etc/dropcase/dropcase.toml",
];

/// Where systemd lays the credentials of the running service, for its user and root to read.
const CREDENTIALS: &str = "/run/credentials/dropcase.service";
/// The variable in which systemd says so to the service.
const CREDENTIALS_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// The settings file: the one that was named, else the first of [`PLACES`] that is there.
///
/// # Errors
/// `NotFound` when there is none.
pub(crate) fn find(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let path = choose(named)?;
    borrow_credentials(&path)?;
    Ok(path)
}

/// Settings may name files that systemd hands to the service alone. Starts this command anew with the place where the
/// running service has them; without one, loading the settings says what is missing.
fn borrow_credentials(settings: &Path) -> Result<(), Failure> {
    let named = || std::fs::read_to_string(settings).is_ok_and(|text| text.contains("\"credential:"));
    if std::env::var_os(CREDENTIALS_VARIABLE).is_some() || !Path::new(CREDENTIALS).is_dir() || !named() {
        return Ok(());
    }
    let program = std::env::current_exe()
        .context("the path of this program")
        .map_err(exit::failed)?;
    let mut again = Command::new(program);
    let error = again
        .args(std::env::args_os().skip(1))
        .env(CREDENTIALS_VARIABLE, CREDENTIALS)
        .exec();
    Err(exit::failed(
        anyhow::Error::from(error).context("starting anew with the service's credentials"),
    ))
}

fn choose(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = named {
        return match path.is_dir() {
            true => Ok(path.join("dropcase.toml")),
            false => Ok(path.to_owned()),
        }
        .and_then(existing);
    }
    let found = PLACES.iter().map(Path::new).find(|path| path.is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        Failure::not_found(format!(
            "no settings: there is none of {}; name one with --config or DROPCASE_CONFIG, or make a home with `dropcase init`",
            PLACES.join(", ")
        ))
    })
}

fn existing(path: PathBuf) -> Result<PathBuf, Failure> {
    match path.is_file() {
        true => Ok(path),
        false => Err(Failure::not_found(format!(
            "there is no settings file {}",
            path.display()
        ))),
    }
}

/// Loads `dropcase.toml`, without the clients.
///
/// # Errors
/// `NotFound` when there is none, `Refused` with every mistake in it.
pub(crate) fn load(named: Option<&Path>) -> Result<Service, Failure> {
    Service::load(&find(named)?).map_err(mistakes)
}

/// Loads `dropcase.toml` and goes on as the owner of its home, so that nothing in it ever belongs to root.
///
/// # Errors
/// As [`load`], and when the change of user fails.
pub(crate) fn load_as_owner(named: Option<&Path>) -> Result<Service, Failure> {
    let service = load(named)?;
    owner::become_owner(&service.home)?;
    Ok(service)
}

/// The file of a client's settings.
pub(crate) fn client_file(service: &Service, key: &ClientKey) -> PathBuf {
    service.clients_dir.join(format!("{key}.toml"))
}

/// Mistakes as a failure: one line each.
pub(crate) fn mistakes(mistakes: Mistakes) -> Failure {
    Failure::refused(mistakes.to_string())
}

/// A refused change of a client's file as a failure.
pub(crate) fn edit(error: EditError) -> Failure {
    let kind = match &error {
        EditError::NoClient(_) | EditError::NoUser(_) | EditError::NoKey(_) => Kind::NotFound,
        _ => Kind::Refused,
    };
    Failure {
        kind,
        message: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_file_must_be_there() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("dropcase.toml");
        assert_eq!(find(Some(&path)).unwrap_err().kind, Kind::NotFound);
        std::fs::write(&path, "").unwrap();
        assert_eq!(find(Some(&path)).unwrap(), path);
        assert_eq!(
            find(Some(home.path())).unwrap(),
            path,
            "a home stands for the settings in it"
        );
    }
}
