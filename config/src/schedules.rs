//! Which fee schedules a mandate may name: those that come with dropcase, and the operator's own files.
//!
//! Only their names are read here; what stands in them is the business of whoever works accounts out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::Document;

/// The schedules that come with dropcase.
pub(crate) const BUILT_IN: [&str; 3] = ["de", "nl", "dk"];

/// `name`, when there is a schedule of that name.
pub(crate) fn known(name: &str, fees_dir: &Path) -> Result<String, String> {
    if BUILT_IN.contains(&name) {
        return Ok(name.to_owned());
    }
    let mut names: BTreeSet<String> = BUILT_IN.map(str::to_owned).into();
    // A folder that cannot be listed is told where its files are read.
    names.extend(
        files(fees_dir)
            .unwrap_or_default()
            .iter()
            .filter_map(|file| name_in(file)),
    );
    match names.contains(name) {
        true => Ok(name.to_owned()),
        false => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            Err(format!(
                "there is no fee schedule `{name}`; known are {}",
                names.join(", ")
            ))
        }
    }
}

/// Every `*.toml` in `fees_dir`, by name; none where the folder is not there. Names that begin with a dot are an
/// editor's.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn files(fees_dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    match crate::load::client_files(fees_dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        files => files,
    }
}

/// What the schedule in a file is called.
fn name_in(file: &Path) -> Option<String> {
    let document = Document::parse(fs::read_to_string(file).ok()?).ok()?;
    Some(document.as_table().get("schedule")?.as_str()?.to_owned())
}
