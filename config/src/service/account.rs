//! Reads `[account]`.

use std::io;
use std::path::{Path, PathBuf};

use super::AccountFiles;
use crate::reader::Section;
use crate::schedules;

pub(super) fn read(mut section: Section<'_>, home: &Path) -> AccountFiles {
    let fees_dir = section.path("fees_dir");
    if let Some(folder) = fees_dir.as_ref().filter(|folder| folder.exists() && !folder.is_dir()) {
        section.mistake("fees_dir", format!("{} is no folder", folder.display()));
    }
    let files = AccountFiles {
        fees_dir: fees_dir.unwrap_or_else(|| home.join("fees")),
        base_rates: section.existing_file("base_rates"),
    };
    section.finish();
    files
}

impl AccountFiles {
    /// The files of the operator's own fee schedules, by name; none where the folder is not there.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn schedules(&self) -> io::Result<Vec<PathBuf>> {
        schedules::files(&self.fees_dir)
    }
}
