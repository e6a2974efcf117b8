//! `dropcase client add`.

use std::process::ExitCode;

use dropcase_config::{Client, ClientFile, NewClient, Service};
use serde::Serialize;

use crate::control::Failure;

use super::super::args::NewClientArgs;
use super::super::{clock, output, password, settings};
use super::welcome::{self, Door};
use super::{lock, public_keys, tell};

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Added {
    key: String,
    /// The settings file that was written.
    file: String,
    /// First user, called like the key.
    user: String,
    /// Where the client connects to.
    url: String,
    host: String,
    port: u16,
    /// `ALGORITHM SHA256:…` of each host key, the preferred one first.
    fingerprints: Vec<String>,
    /// The password that was made; absent when one was given or only keys are accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// Whether a running service has taken the client up.
    taken_up: bool,
    /// The welcome letter, in the client's language.
    letter: String,
}

/// Adds a client and shows what it needs to connect.
///
/// # Errors
/// When the key is taken or a value is wrong; nothing is written then.
pub(super) fn run(service: &Service, arguments: NewClientArgs) -> Result<ExitCode, Failure> {
    let json = arguments.json.json;
    let door = Door::of(service)?;
    let (client, made) = create(service, arguments)?;
    let told = tell(service);
    let added = Added {
        key: client.key.to_string(),
        file: settings::client_file(service, &client.key).display().to_string(),
        user: client.key.to_string(),
        url: door.url(client.key.as_str()),
        letter: welcome::letter(service, &client, &door),
        host: door.host,
        port: door.port,
        fingerprints: door.fingerprints,
        password: made,
        taken_up: matches!(told, Ok(super::Told::TakenUp)),
    };
    let code = output::answer(json, &added, |added| {
        text(added, told.as_ref().map_or("", |told| told.as_str()))
    })?;
    told.map(|_| code)
}

/// Writes the file; returns the client and the password that was made for it.
fn create(service: &Service, arguments: NewClientArgs) -> Result<(Client, Option<String>), Failure> {
    let keys = public_keys(&arguments.keys)?;
    let (password, made) = match (arguments.password_stdin, keys.is_empty()) {
        (true, _) => (Some(password::from_stdin()?), None),
        (false, true) => {
            let made = password::make()?;
            (Some(made.clone()), Some(made))
        }
        (false, false) => (None, None),
    };
    let new = NewClient {
        back_office: arguments.back_office,
        keys,
        password: password.as_deref().map(password::hash).transpose()?,
        email: arguments.email,
        locale: arguments.locale,
        country: arguments.country,
        currency: arguments.currency,
        answers: arguments.answers.into_iter().collect(),
        ..NewClient::new(&arguments.name, clock::today())
    };
    let _lock = lock(service)?;
    let client = ClientFile::create(service, &arguments.key, &new).map_err(settings::edit)?;
    Ok((client, made))
}

fn text(added: &Added, told: &str) -> String {
    let mut text = format!("Added {}: {}\n", added.key, added.file);
    if !told.is_empty() {
        text += &format!("{told}\n");
    }
    text += &format!("\n{}\n", added.url);
    for fingerprint in &added.fingerprints {
        text += &format!("host key {fingerprint}\n");
    }
    if let Some(password) = &added.password {
        text += &format!("password {password}   (shown only now; hand it over on another way than the letter)\n");
    }
    text + "\n--- Letter to the client ---\n\n" + &added.letter
}
