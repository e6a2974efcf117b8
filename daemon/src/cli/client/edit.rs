//! Changes of a client that is there: password, users, keys, removal.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dropcase_config::{ClientFile, ClientKey, NewUser, Right, Service, fingerprint};

use crate::control::Failure;

use super::super::args::Secret;
use super::super::{password, settings};
use super::{done, lock, public_key, public_keys};

/// `client remove`.
pub(super) fn remove(service: &Service, key: &ClientKey) -> Result<ExitCode, Failure> {
    let lock = lock(service)?;
    let kept = ClientFile::retire(service, key).map_err(settings::edit)?;
    drop(lock);
    done(
        service,
        &format!(
            "Removed {key}. Its settings are kept as {}, its folders and cases stay.",
            kept.display()
        ),
    )
}

/// `client passwd`.
pub(super) fn password(
    service: &Service,
    key: &ClientKey,
    user: Option<&str>,
    remove: bool,
    secret: Secret,
) -> Result<ExitCode, Failure> {
    let user = user.unwrap_or(key.as_str());
    let (hash, said) = match remove {
        true => (
            None,
            format!("{user} has no password any more; only keys are accepted."),
        ),
        false => {
            let (hash, said) = new_password(user, secret)?;
            (Some(hash), said)
        }
    };
    change(service, key, |file| file.set_password(user, hash.as_deref()))?;
    done(service, &said)
}

/// `client user add`. A user without a key and without a password from standard input gets a password.
pub(super) fn add_user(
    service: &Service,
    key: &ClientKey,
    name: String,
    keys: &[PathBuf],
    rights: &[Right],
    secret: Secret,
) -> Result<ExitCode, Failure> {
    let keys = public_keys(keys)?;
    let mut said = format!("Added {name} to {key}.");
    let password = match keys.is_empty() || secret.password_stdin {
        true => {
            let (hash, shown) = new_password(&name, secret)?;
            said = format!("{said}\n{shown}");
            Some(hash)
        }
        false => None,
    };
    let rights = (!rights.is_empty()).then(|| rights.iter().copied().collect());
    change(service, key, |file| {
        file.add_user(&NewUser {
            name,
            keys,
            password,
            rights,
        })
    })?;
    done(service, &said)
}

/// `client user remove`.
pub(super) fn remove_user(service: &Service, key: &ClientKey, name: &str) -> Result<ExitCode, Failure> {
    change(service, key, |file| file.remove_user(name))?;
    done(service, &format!("Removed {name} from {key}."))
}

/// `client key add`.
pub(super) fn add_key(
    service: &Service,
    key: &ClientKey,
    file: &Path,
    user: Option<&str>,
) -> Result<ExitCode, Failure> {
    let user = user.unwrap_or(key.as_str());
    let line = public_key(file)?;
    change(service, key, |file| file.add_key(user, &line))?;
    done(
        service,
        &format!("Added the key {} to {user}.", fingerprint(&line).unwrap_or_default()),
    )
}

/// `client key remove`.
pub(super) fn remove_key(
    service: &Service,
    key: &ClientKey,
    which: &str,
    user: Option<&str>,
) -> Result<ExitCode, Failure> {
    let user = user.unwrap_or(key.as_str());
    let line = change(service, key, |file| file.remove_key(user, which))?;
    done(
        service,
        &format!("Removed the key {} of {user}.", fingerprint(&line).unwrap_or_default()),
    )
}

/// Changes a client's file under the lock: all of it or nothing.
fn change<T>(
    service: &Service,
    key: &ClientKey,
    edit: impl FnOnce(&mut ClientFile) -> Result<T, dropcase_config::EditError>,
) -> Result<T, Failure> {
    let _lock = lock(service)?;
    let mut file = ClientFile::open(service, key).map_err(settings::edit)?;
    let result = edit(&mut file).map_err(settings::edit)?;
    file.save().map_err(settings::edit)?;
    Ok(result)
}

/// A password's hash and what to say about it: one that was made is shown this once.
fn new_password(user: &str, secret: Secret) -> Result<(String, String), Failure> {
    match secret.password_stdin {
        true => Ok((
            password::hash(&password::from_stdin()?)?,
            format!("{user} has a new password."),
        )),
        false => {
            let made = password::make()?;
            Ok((
                password::hash(&made)?,
                format!("Password of {user}, shown only now: {made}"),
            ))
        }
    }
}
