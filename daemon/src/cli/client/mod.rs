//! `dropcase client …`: changes and shows the clients' settings files.

mod add;
mod edit;
mod mandate;
mod show;
pub(crate) mod welcome;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use dropcase_config::Service;
use rustix::fs::{FlockOperation, flock};

use crate::control::{self, Failure, Request};

use super::args::{ClientCommand, KeyCommand, UserCommand};
use super::{exit, output, settings};

/// Largest file that is read as a public key.
const KEY_BYTES: u64 = 16 << 10;

/// Does what `command` says.
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn run(named: Option<&Path>, command: ClientCommand) -> Result<ExitCode, Failure> {
    match command {
        ClientCommand::List(json) => show::list(named, json.json),
        ClientCommand::Show { key, json } => show::one(named, &key, json.json),
        ClientCommand::Add(new) => add::run(&settings::load_as_owner(named)?, new),
        ClientCommand::Remove { key } => edit::remove(&settings::load_as_owner(named)?, &key),
        ClientCommand::Passwd {
            key,
            user,
            remove,
            secret,
        } => edit::password(&settings::load_as_owner(named)?, &key, user.as_deref(), remove, secret),
        ClientCommand::User(UserCommand::Add {
            key,
            name,
            keys,
            rights,
            secret,
        }) => edit::add_user(&settings::load_as_owner(named)?, &key, name, &keys, &rights, secret),
        ClientCommand::User(UserCommand::Remove { key, name }) => {
            edit::remove_user(&settings::load_as_owner(named)?, &key, &name)
        }
        ClientCommand::Key(KeyCommand::Add { key, file, user }) => {
            edit::add_key(&settings::load_as_owner(named)?, &key, &file, user.as_deref())
        }
        ClientCommand::Key(KeyCommand::Remove { key, which, user }) => {
            edit::remove_key(&settings::load_as_owner(named)?, &key, &which, user.as_deref())
        }
    }
}

/// Keeps other commands from changing clients' files at the same time, until it is dropped. It is the folder itself
/// that is locked, so nothing is left behind.
fn lock(service: &Service) -> Result<File, Failure> {
    let folder = &service.clients_dir;
    let locked = File::open(folder).and_then(|file| {
        flock(&file, FlockOperation::LockExclusive)?;
        Ok(file)
    });
    locked
        .with_context(|| format!("the clients' folder {}", folder.display()))
        .map_err(exit::failed)
}

/// The one public key that stands in `file` (`-` is standard input).
fn public_key(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match file == Path::new("-") {
        true => std::io::stdin().lock().take(KEY_BYTES).read_to_string(&mut text),
        false => File::open(file).and_then(|opened| opened.take(KEY_BYTES).read_to_string(&mut text)),
    };
    let user = crate::owner::current_user();
    read.map_err(|error| Failure::refused(format!("{}: {error} (read as {user})", file.display())))?;
    Ok(text.trim().to_owned())
}

fn public_keys(files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    files.iter().map(|file| public_key(file)).collect()
}

/// Whether a running service has taken the change up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It has.
    TakenUp,
    /// None runs.
    NotRunning,
}

impl Told {
    const fn as_str(self) -> &'static str {
        match self {
            Self::TakenUp => "The running service has taken it up.",
            Self::NotRunning => "No service runs; it is taken up at the next start.",
        }
    }
}

/// Tells a running service to read its settings anew.
///
/// # Errors
/// When a service runs and does not take the change up: what was meant to be shut may still be open.
fn tell(service: &Service) -> Result<Told, Failure> {
    let failed = |failure: Failure| Failure {
        message: format!(
            "written, but the running service has not taken it up: {}",
            failure.message
        ),
        ..failure
    };
    let stream = control::client::connect(&service.data_dir).map_err(|error| failed(error.into()))?;
    let Some(stream) = stream else {
        return Ok(Told::NotRunning);
    };
    control::client::ask(stream, &Request::Reload, &mut std::io::empty(), &mut |_| {}).map_err(failed)?;
    Ok(Told::TakenUp)
}

/// Tells a running service and says what was done.
fn done(service: &Service, what: &str) -> Result<ExitCode, Failure> {
    let told = tell(service);
    output::show(what)?;
    output::show(told?.as_str())?;
    Ok(exit::DONE)
}
