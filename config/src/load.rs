//! Reads all settings files and checks what concerns several of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::client::{Client, ClientKey};
use crate::mistakes::{Mistake, Mistakes};
use crate::reader::{Places, Reader};
use crate::service::{Folders, Service};

/// What a removed client's file is called: `KEY.toml.removed`.
pub(crate) const REMOVED: &str = "toml.removed";

/// Reads and checks `dropcase.toml` at `path` and every `KEY.toml` in its `clients.d`.
///
/// # Errors
/// Every mistake of all files at once.
pub fn load_all(path: &Path) -> Result<(Service, Vec<Client>), Mistakes> {
    load_all_at(path, &Places::of(path))
}

/// [`load_all`] with the places given instead of taken from the environment.
pub(crate) fn load_all_at(path: &Path, places: &Places) -> Result<(Service, Vec<Client>), Mistakes> {
    let (service, mut mistakes) = service(path, places);
    let folders = service.folders();
    let mut clients = Vec::new();
    match client_files(&service.clients_dir) {
        Ok(files) => {
            for file in files {
                let (client, found) = client(&file, &folders, places);
                mistakes.extend(found);
                clients.extend(client.map(|client| (file, client)));
            }
        }
        Err(error) => mistakes.push(whole(&service.clients_dir, format!("cannot be listed: {error}"))),
    }
    mistakes.extend(shared_logins(&clients));
    Mistakes::or(
        mistakes,
        (service, clients.into_iter().map(|(_, client)| client).collect()),
    )
}

/// Reads `dropcase.toml`; what is wrong has its default, so that the clients can be read all the same.
pub(crate) fn service(path: &Path, places: &Places) -> (Service, Vec<Mistake>) {
    let (text, unreadable) = match read(path) {
        Ok(text) => (text, None),
        Err(mistake) => (String::new(), Some(mistake)),
    };
    let reader = Reader::new(path, &text, places);
    let document = reader.document();
    let service = Service::read(reader.root(document.as_ref()));
    drop(document);
    (service, reader.into_mistakes().into_iter().chain(unreadable).collect())
}

/// Reads one client's file; what is wrong has its default, so that the checks over all clients see it all the same.
pub(crate) fn client(path: &Path, folders: &Folders, places: &Places) -> (Option<Client>, Vec<Mistake>) {
    match read(path) {
        Ok(text) => client_text(path, &text, folders, places),
        Err(mistake) => (None, vec![mistake]),
    }
}

/// Checks `text` as the client's file `path`, which need not be there.
pub(crate) fn client_text(
    path: &Path,
    text: &str,
    folders: &Folders,
    places: &Places,
) -> (Option<Client>, Vec<Mistake>) {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let reader = Reader::new(path, text, places);
    let Some(key) = ClientKey::new(stem) else {
        let rule = "lower-case letters, digits, - and _, a letter first, at most 32";
        reader.mistake(
            0,
            "",
            format!("the file's name `{stem}` is not a client key; use {rule}"),
        );
        return (None, reader.into_mistakes());
    };
    if path.with_extension(REMOVED).exists() {
        reader.mistake(
            0,
            "",
            format!("the client {key} was removed, and its key is never used again; choose another one"),
        );
    }
    let document = reader.document();
    let client = Client::read(key, reader.root(document.as_ref()), folders);
    drop(document);
    (Some(client), reader.into_mistakes())
}

/// Every `*.toml` in `folder`, by name; names that start with a dot are an editor's or our own temporary files.
pub(crate) fn client_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Login names that stand at several users; upper and lower case do not tell two users apart.
fn shared_logins(clients: &[(PathBuf, Client)]) -> Vec<Mistake> {
    let mut owners: BTreeMap<String, &Path> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for (file, client) in clients {
        for user in &client.users {
            if let Some(other) = owners.insert(user.name.to_ascii_lowercase(), file) {
                let (index, line) = place_of(file, &user.name).unwrap_or((0, 0));
                let field = format!("user[{}].name", index + 1);
                let other = if other == file {
                    "this client".to_owned()
                } else {
                    other.display().to_string()
                };
                let message = format!("`{}` is a login of {other} already; names are unique", user.name);
                mistakes.push(Mistake {
                    file: file.clone(),
                    line,
                    field,
                    message,
                });
            }
        }
    }
    mistakes
}

/// The last user called `name` in a client's file: its number from 0, and the line of its name.
fn place_of(file: &Path, name: &str) -> Option<(usize, usize)> {
    let text = read(file).ok()?;
    let document = toml_edit::Document::parse(text.as_str()).ok()?;
    let users = document.as_table().get("user")?;
    let named = (0..)
        .map_while(|i| users.get(i))
        .map(|user| user.get("name"))
        .enumerate();
    let (index, item) = named
        .filter_map(|(i, item)| Some((i, item?)))
        .filter(|(_, n)| n.as_str() == Some(name))
        .last()?;
    Some((index, 1 + text.get(..item.span()?.start)?.matches('\n').count()))
}

fn read(path: &Path) -> Result<String, Mistake> {
    let bytes = std::fs::read(path).map_err(|error| whole(path, format!("cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|&&b| b == b'\n').count();
        let message = "is not UTF-8; save the file in this encoding".to_owned();
        Mistake {
            file: path.to_owned(),
            line,
            field: String::new(),
            message,
        }
    })
}

fn whole(file: &Path, message: String) -> Mistake {
    Mistake {
        file: file.to_owned(),
        line: 0,
        field: String::new(),
        message,
    }
}
