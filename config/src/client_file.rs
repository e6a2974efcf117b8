//! Editing `clients.d/KEY.toml` so that comments and order stay.

mod save;
mod template;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ssh_key::{HashAlg, PublicKey};
use toml_edit::{Array, ArrayOfTables, Document, DocumentMut, Item, Table, Value};

pub use template::NewClient;

use crate::client::{Client, ClientKey, Right, check_public_key};
use crate::load::{self, REMOVED};
use crate::mistakes::{Mistake, Mistakes};
use crate::reader::Places;
use crate::service::{Folders, Service};

/// Why a client's file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The key has a client already.
    #[error("there is a client {0} already")]
    Exists(ClientKey),
    /// The key belonged to a client that was removed.
    #[error("the client {0} was removed, and its key is never used again; choose another one")]
    Retired(ClientKey),
    /// No client has the key.
    #[error("there is no client {0}")]
    NoClient(ClientKey),
    /// The client has no user of this name.
    #[error("the client has no user {0}")]
    NoUser(String),
    /// The login name is taken, by this client or another.
    #[error("the login name {0} is taken already")]
    LoginTaken(String),
    /// The public key cannot be taken.
    #[error("the key {0}")]
    BadKey(String),
    /// The user has the public key already.
    #[error("the user has this key already")]
    HasKey,
    /// No key of the user matches.
    #[error("the user has no key {0}")]
    NoKey(String),
    /// Several keys of the user match.
    #[error("the user has several keys {0}; name one by its fingerprint")]
    ManyKeys(String),
    /// The file has mistakes, or would have had after the change.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// A user to be added.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// Login name.
    pub name: String,
    /// OpenSSH public keys, a line each.
    pub keys: Vec<String>,
    /// argon2id hash of [`hash_password`](crate::hash_password).
    pub password: Option<String>,
    /// `None` means all.
    pub rights: Option<BTreeSet<Right>>,
}

/// One client's file, opened for a change. Nothing is written before [`save`](Self::save).
#[derive(Debug)]
pub struct ClientFile {
    path: PathBuf,
    folders: Folders,
    home: PathBuf,
    document: DocumentMut,
    /// Mistakes that were there before the change: they do not hinder it (a key must be removable at any time).
    known: Vec<Mistake>,
}

impl ClientFile {
    /// Writes the file of a new client: name and key, an open-ended mandate (the back office has
    /// none), a first user called like the key, and
    /// everything else as commented defaults.
    ///
    /// # Errors
    /// The key is taken or was given up, the login name is taken, a value is wrong, or the folder cannot be written.
    pub fn create(service: &Service, key: &ClientKey, new: &NewClient) -> Result<Client, EditError> {
        let path = file_of(service, key);
        if path.with_extension(REMOVED).exists() {
            return Err(EditError::Retired(key.clone()));
        }
        if path.exists() {
            return Err(EditError::Exists(key.clone()));
        }
        if login_taken(&service.clients_dir, key.as_str()) {
            return Err(EditError::LoginTaken(key.to_string()));
        }
        let mut file = Self::over(service, path, template::render(key, new))?;
        // A new file has no mistake that is older than it.
        file.known.clear();
        for line in &new.keys {
            file.add_key(key.as_str(), line)?;
        }
        if let Some(hash) = &new.password {
            file.set_password(key.as_str(), Some(hash))?;
        }
        let client = file.checked()?;
        match save::create(&file.path, &file.document.to_string()) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(EditError::Exists(key.clone())),
            result => result.map(|()| client).map_err(|source| EditError::Io {
                path: file.path,
                source,
            }),
        }
    }

    /// Opens the file of the client `key`.
    ///
    /// # Errors
    /// There is no such client, or its file is not TOML. Other mistakes are let pass: they stay as they are.
    pub fn open(service: &Service, key: &ClientKey) -> Result<Self, EditError> {
        let path = file_of(service, key);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::over(service, path, text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(EditError::NoClient(key.clone())),
            Err(source) => Err(EditError::Io { path, source }),
        }
    }

    /// Takes the client `key` out of service: its file is renamed to `KEY.toml.removed`, and the key is never handed
    /// out again. Returns the new path.
    ///
    /// # Errors
    /// There is no such client, or the folder cannot be written.
    pub fn retire(service: &Service, key: &ClientKey) -> Result<PathBuf, EditError> {
        let path = file_of(service, key);
        let kept = path.with_extension(REMOVED);
        match save::rename(&path, &kept) {
            Ok(()) => Ok(kept),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(EditError::NoClient(key.clone())),
            Err(source) => Err(EditError::Io { path, source }),
        }
    }

    /// Sets the password of `user` by its hash; `None` removes it, and no password is accepted any more.
    ///
    /// # Errors
    /// There is no such user.
    pub fn set_password(&mut self, user: &str, hash: Option<&str>) -> Result<(), EditError> {
        let table = self.user(user)?;
        match (hash, table.get_mut("password").and_then(Item::as_value_mut)) {
            (None, _) => drop(table.remove("password")),
            // The value alone is exchanged, so that a comment behind it stays.
            (Some(hash), Some(value)) => {
                let decor = value.decor().clone();
                *value = hash.into();
                *value.decor_mut() = decor;
            }
            (Some(hash), None) => drop(table.insert("password", toml_edit::value(hash))),
        }
        Ok(())
    }

    /// Adds a public key, one `ssh-… AAAA… comment` line, to `user`.
    ///
    /// # Errors
    /// There is no such user, the line is not a key that is taken, or the user has it already.
    pub fn add_key(&mut self, user: &str, line: &str) -> Result<(), EditError> {
        check_public_key(line).map_err(EditError::BadKey)?;
        let line = line.trim();
        let keys = self.keys(user)?;
        if keys
            .iter()
            .filter_map(Value::as_str)
            .any(|known| fingerprint(known) == fingerprint(line))
        {
            return Err(EditError::HasKey);
        }
        // One line each, whatever stood there before.
        keys.push_formatted(Value::from(line).decorated("\n    ", ""));
        keys.set_trailing_comma(true);
        keys.set_trailing("\n");
        Ok(())
    }

    /// Removes a key of `user`, named by its fingerprint (`SHA256:…`), its comment or the whole line. Returns its line.
    ///
    /// # Errors
    /// There is no such user or key, or several keys match.
    pub fn remove_key(&mut self, user: &str, which: &str) -> Result<String, EditError> {
        let keys = self.keys(user)?;
        let lines = keys.iter().map(|value| value.as_str().unwrap_or_default());
        let found: Vec<usize> = lines
            .enumerate()
            .filter(|(_, line)| is_key(line, which))
            .map(|(i, _)| i)
            .collect();
        match found.as_slice() {
            [] => Err(EditError::NoKey(which.to_owned())),
            [index] => Ok(keys.remove(*index).as_str().unwrap_or_default().to_owned()),
            _ => Err(EditError::ManyKeys(which.to_owned())),
        }
    }

    /// Adds a user behind the last one.
    ///
    /// # Errors
    /// The login name is taken by any client, or a key is not taken.
    pub fn add_user(&mut self, new: &NewUser) -> Result<(), EditError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let known = |table: &Table| name_of(table).is_some_and(|name| name.eq_ignore_ascii_case(&new.name));
        if login_taken(folder, &new.name) || self.users()?.iter().any(known) {
            return Err(EditError::LoginTaken(new.name.clone()));
        }
        let mut table = Table::new();
        table.insert("name", toml_edit::value(&new.name));
        if let Some(rights) = &new.rights {
            let words = rights.iter().map(|right| right.as_str());
            table.insert("rights", toml_edit::value(words.collect::<Array>()));
        }
        table.insert("keys", toml_edit::value(Array::new()));
        table.decor_mut().set_prefix("\n");
        self.users()?.push(table);
        for line in &new.keys {
            self.add_key(&new.name, line)?;
        }
        match &new.password {
            Some(hash) => self.set_password(&new.name, Some(hash)),
            None => Ok(()),
        }
    }

    /// Removes a user.
    ///
    /// # Errors
    /// There is no such user.
    pub fn remove_user(&mut self, name: &str) -> Result<(), EditError> {
        let users = self.users()?;
        let index = users.iter().position(|table| name_of(table) == Some(name));
        users.remove(index.ok_or_else(|| EditError::NoUser(name.to_owned()))?);
        Ok(())
    }

    /// Checks the changed file and puts it in place of the old one, at once or not at all. Returns the client, which
    /// the caller may show; a running service takes it up when it is told to reload.
    ///
    /// # Errors
    /// The change brought a mistake that was not there before, or the folder cannot be written.
    pub fn save(&self) -> Result<Client, EditError> {
        let client = self.checked()?;
        let written = save::replace(&self.path, &self.document.to_string());
        written.map(|()| client).map_err(|source| EditError::Io {
            path: self.path.clone(),
            source,
        })
    }

    fn over(service: &Service, path: PathBuf, text: String) -> Result<Self, EditError> {
        let (folders, home) = (service.folders(), service.home.clone());
        let (_, known) = load::client_text(
            &path,
            &text,
            &folders,
            &Places {
                home: home.clone(),
                credentials: None,
            },
        );
        match Document::parse(text) {
            Ok(document) => Ok(Self {
                path,
                folders,
                home,
                document: document.into_mut(),
                known,
            }),
            Err(_) => Err(Mistakes(known).into()),
        }
    }

    /// The client as the document has it now, if the change brought no mistake.
    fn checked(&self) -> Result<Client, EditError> {
        let places = Places {
            home: self.home.clone(),
            credentials: None,
        };
        let (client, mut found) = load::client_text(&self.path, &self.document.to_string(), &self.folders, &places);
        // Lines may have moved: a mistake is the same when field and message are.
        found.retain(|new| {
            !self
                .known
                .iter()
                .any(|old| old.field == new.field && old.message == new.message)
        });
        let client = client.ok_or_else(|| Mistakes(self.known.clone()))?;
        Ok(Mistakes::or(found, client)?)
    }

    /// The `[[user]]` tables; a list of inline tables becomes tables.
    fn users(&mut self) -> Result<&mut ArrayOfTables, EditError> {
        let item = self
            .document
            .as_table_mut()
            .entry("user")
            .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        if !item.is_array_of_tables()
            && let Ok(tables) = std::mem::take(item).into_array_of_tables()
        {
            *item = Item::ArrayOfTables(tables);
        }
        item.as_array_of_tables_mut()
            .ok_or_else(|| Mistakes(self.known.clone()).into())
    }

    fn user(&mut self, name: &str) -> Result<&mut Table, EditError> {
        let found = self.users()?.iter_mut().find(|table| name_of(table) == Some(name));
        found.ok_or_else(|| EditError::NoUser(name.to_owned()))
    }

    fn keys(&mut self, user: &str) -> Result<&mut Array, EditError> {
        let known = self.known.clone();
        let item = self.user(user)?.entry("keys").or_insert(toml_edit::value(Array::new()));
        if let Some(single) = item.as_str().map(str::to_owned) {
            *item = toml_edit::value(Array::from_iter([single]));
        }
        item.as_array_mut().ok_or_else(|| Mistakes(known).into())
    }
}

/// The fingerprint (`SHA256:…`) of an OpenSSH public key, as `ssh-keygen -l` shows it; `None` when it is not a key.
pub fn fingerprint(line: &str) -> Option<String> {
    PublicKey::from_openssh(line.trim())
        .ok()
        .map(|key| key.fingerprint(HashAlg::Sha256).to_string())
}

fn is_key(line: &str, which: &str) -> bool {
    let comment = line.trim().splitn(3, char::is_whitespace).nth(2).map(str::trim);
    let same = fingerprint(which).is_some() && fingerprint(line) == fingerprint(which);
    line == which || same || comment == Some(which) || fingerprint(line).as_deref() == Some(which)
}

fn name_of(table: &Table) -> Option<&str> {
    table.get("name").and_then(Item::as_str)
}

fn file_of(service: &Service, key: &ClientKey) -> PathBuf {
    service.clients_dir.join(format!("{key}.toml"))
}

/// A user of any client in `folder` is called `name`; files that cannot be read are `config check`'s business.
fn login_taken(folder: &Path, name: &str) -> bool {
    let files = load::client_files(folder).unwrap_or_default();
    let texts = files.into_iter().filter_map(|file| std::fs::read_to_string(file).ok());
    texts.filter_map(|text| Document::parse(text).ok()).any(|document| {
        let users = document.as_table().get("user");
        let mut names = (0..)
            .map_while(|i| users?.get(i))
            .map(|user| user.get("name").and_then(Item::as_str));
        names.any(|known| known.is_some_and(|known| known.eq_ignore_ascii_case(name)))
    })
}
