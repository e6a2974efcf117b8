//! Tests over whole files: what is put in, and every mistake that comes out.

mod clients;
mod documented;
mod editing;
mod mandates;
mod service;

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::client::Client;
use crate::load::load_all_at;
use crate::mistakes::Mistakes;
use crate::reader::Places;
use crate::service::Service;

/// The shortest file that a client may have.
const CLIENT: &str = "name = \"Muster GmbH\"\n[[mandate]]\nfrom = 2026-01-01\n";

/// A home with `files` (path and content).
fn home(files: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for name in ["clients.d", "layouts", "credentials"] {
        fs::create_dir(home.path().join(name)).unwrap();
    }
    for (name, content) in files {
        fs::write(home.path().join(name), content).unwrap();
    }
    home
}

fn places(home: &Path) -> Places {
    Places {
        home: home.to_owned(),
        credentials: Some(home.join("credentials")),
    }
}

fn load(home: &Path) -> Result<(Service, Vec<Client>), Mistakes> {
    load_all_at(&home.join("dropcase.toml"), &places(home))
}

/// Loads `files` and compares every mistake, as it is shown, with the home's path left out.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let home = home(files);
    let mistakes = load(home.path()).err().unwrap_or_default();
    let prefix = format!("{}/", home.path().display());
    let shown: Vec<String> = mistakes.0.iter().map(|m| m.to_string().replace(&prefix, "")).collect();
    assert_eq!(shown, expected, "{files:#?}");
}
