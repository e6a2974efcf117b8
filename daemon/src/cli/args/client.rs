//! `dropcase client …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dropcase_config::{AnswerFormat, ClientKey, Locale, Right};

use super::Json;

/// `dropcase client …`
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Add a client: writes clients.d/KEY.toml, prints the address, the host key's fingerprint and a welcome letter.
    Add(NewClientArgs),
    /// List all clients.
    List(Json),
    /// Show one client's settings; passwords are never shown.
    Show {
        /// The client.
        #[arg(value_parser = client_key)]
        key: ClientKey,
        #[command(flatten)]
        json: Json,
    },
    /// Take a client out of service. Its folders and cases stay; its key is never used again.
    Remove {
        /// The client.
        #[arg(value_parser = client_key)]
        key: ClientKey,
    },
    /// Set a new password, or take it away.
    Passwd {
        /// The client.
        #[arg(value_parser = client_key)]
        key: ClientKey,
        /// Whose password; without it the user that is called like the client.
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// Take the password away: only keys are accepted then.
        #[arg(long, conflicts_with = "password_stdin")]
        remove: bool,
        #[command(flatten)]
        secret: Secret,
    },
    /// A client's logins.
    #[command(subcommand, arg_required_else_help = true)]
    User(UserCommand),
    /// Public keys of a client's logins.
    #[command(subcommand, arg_required_else_help = true)]
    Key(KeyCommand),
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Secret {
    /// Read the password from standard input (one line). Without this a strong one is made and shown once.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// `dropcase client add …`
#[derive(Debug, Args)]
pub(crate) struct NewClientArgs {
    /// Short name: lower-case letters, digits, - and _, a letter first, at most 32. It never changes.
    #[arg(value_parser = client_key)]
    pub(crate) key: ClientKey,
    /// Name as it stands on letters.
    #[arg(long, value_parser = not_empty)]
    pub(crate) name: String,
    /// The agency's own back office: its files may speak of every client's cases; it hands no claims over.
    #[arg(long)]
    pub(crate) back_office: bool,
    /// A public key of the first user (a .pub file, - for standard input); may be given several times.
    #[arg(long = "key", value_name = "FILE.pub")]
    pub(crate) keys: Vec<PathBuf>,
    /// Read the first user's password from standard input. Without this and without a key one is made and shown once.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// An address that notices go to; may be given several times.
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub(crate) email: Vec<String>,
    /// Language of what the client reads: de, en, da.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) locale: Option<Locale>,
    /// Country of records that name none (two letters, ISO 3166).
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// Currency of records that name none (three letters, ISO 4217).
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Formats of acknowledgements: csv, xlsx, json, xml.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    pub(crate) answers: Vec<AnswerFormat>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `dropcase client user …`
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a login to a client.
    Add {
        /// The client.
        #[arg(value_parser = client_key)]
        key: ClientKey,
        /// Login name, unique over all clients.
        name: String,
        /// A public key (a .pub file, - for standard input); may be given several times.
        #[arg(long = "key", value_name = "FILE.pub")]
        keys: Vec<PathBuf>,
        /// What the user may do: drop, answers, reports, settlements; without it everything.
        #[arg(long = "right", alias = "rights", value_name = "RIGHTS", value_delimiter = ',')]
        rights: Vec<Right>,
        #[command(flatten)]
        secret: Secret,
    },
    /// Remove a login; its sessions end as soon as the service has read the settings anew.
    Remove {
        /// The client.
        #[arg(value_parser = client_key)]
        key: ClientKey,
        /// Login name.
        name: String,
    },
}

/// `dropcase client key …`
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Add a public key to a login.
    Add {
        /// The client.
        #[arg(value_parser = client_key)]
        key: ClientKey,
        /// The .pub file; - for standard input.
        #[arg(value_name = "FILE.pub")]
        file: PathBuf,
        /// Whose key; without it the user that is called like the client.
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// Remove a public key; sessions that it opened end as soon as the service has read the settings anew.
    Remove {
        /// The client.
        #[arg(value_parser = client_key)]
        key: ClientKey,
        /// The key: its fingerprint (SHA256:…, as `client show` prints it), its comment or its whole line.
        which: String,
        /// Whose key; without it the user that is called like the client.
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
}

/// The key of a client.
pub(super) fn client_key(text: &str) -> Result<ClientKey, String> {
    ClientKey::new(text).ok_or_else(|| {
        "a client's key has lower-case letters, digits, - and _, a letter first, at most 32 characters".to_owned()
    })
}

fn not_empty(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("the name is empty".to_owned()),
        name => Ok(name.to_owned()),
    }
}
