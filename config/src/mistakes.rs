//! Mistakes in settings files, collected instead of thrown one by one.

use std::fmt;
use std::path::PathBuf;

/// One mistake in a settings file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file.
    pub file: PathBuf,
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// Dotted name of the field, such as `sftp.listen`; empty for the whole file.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file.display(), self.line, self.field, self.message)
    }
}

/// All mistakes of all files, in file and line order.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
#[error("{} mistake(s) in the settings", .0.len())]
pub struct Mistakes(pub Vec<Mistake>);
