//! Reads `[database]`.

use std::fmt::Write;
use std::path::Path;

use super::Database;
use crate::reader::Section;

pub(super) fn read(mut section: Section<'_>, home: &Path, data_dir: &Path) -> Database {
    let written = section.secret("url", "url_file");
    let key = if section.has("url") { "url" } else { "url_file" };
    let url = written.and_then(|text| url(&text, home).map_err(|message| section.mistake(key, message)).ok());
    let database = Database {
        url: url.unwrap_or_else(|| sqlite(&data_dir.join("dropcase.sqlite"))),
        connections: section.number("connections", 1..=1_000).unwrap_or(8),
    };
    section.finish();
    database
}

/// Checks the kind of database; a file of SQLite becomes absolute. The message never repeats a password.
fn url(text: &str, home: &Path) -> Result<String, String> {
    const RIGHT: &str = "write \"sqlite://data/dropcase.sqlite\" or \"postgres://user@host/database\"";
    if let Some(rest) = text.strip_prefix("sqlite://") {
        let (file, query) = rest.split_once('?').map_or((rest, ""), |(file, query)| (file, query));
        return match file {
            "" | ":memory:" => Err(format!("names no file; {RIGHT}")),
            _ if file.starts_with('/') => Ok(text.to_owned()),
            _ => Ok(format!(
                "{}/{file}{}{query}",
                sqlite(home),
                if query.is_empty() { "" } else { "?" }
            )),
        };
    }
    let postgres = text
        .strip_prefix("postgres://")
        .or_else(|| text.strip_prefix("postgresql://"));
    match postgres {
        Some(rest) if !rest.is_empty() => Ok(text.to_owned()),
        Some(_) => Err(format!("names no server; {RIGHT}")),
        None => Err(format!("is not the URL of a database that is known; {RIGHT}")),
    }
}

/// `sqlite://` and a path of this machine, with the characters escaped that mean something in a URL.
fn sqlite(path: &Path) -> String {
    let mut url = String::from("sqlite://");
    for c in path.to_string_lossy().chars() {
        match c {
            '%' | '?' | '#' | ' ' => {
                let _ = write!(url, "%{:02X}", u32::from(c));
            }
            _ => url.push(c),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let home = Path::new("/srv/drop case");
        for (text, expected) in [
            ("sqlite://data/a.sqlite", "sqlite:///srv/drop%20case/data/a.sqlite"),
            (
                "sqlite://a.sqlite?mode=ro",
                "sqlite:///srv/drop%20case/a.sqlite?mode=ro",
            ),
            ("sqlite:///var/a.sqlite", "sqlite:///var/a.sqlite"),
            (
                "postgres://user:secret@db/dropcase",
                "postgres://user:secret@db/dropcase",
            ),
            (
                "postgresql:///dropcase?host=/run/postgresql",
                "postgresql:///dropcase?host=/run/postgresql",
            ),
        ] {
            assert_eq!(url(text, home).as_deref(), Ok(expected));
        }
        for text in [
            "",
            "sqlite://",
            "sqlite://:memory:",
            "mysql://user:secret@db/a",
            "postgres://",
            "a.sqlite",
        ] {
            let message = url(text, home).unwrap_err();
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
