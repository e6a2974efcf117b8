//! `dropcase config check`: every mistake of all settings files, fee schedules and base rates among them.

use std::path::Path;
use std::process::ExitCode;

use dropcase_config::Mistakes;
use serde::Serialize;

use crate::control::Failure;
use crate::sources::load_all;

use super::{exit, output, settings};

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Checked {
    /// The service's settings file.
    settings: String,
    /// How many clients were read without a mistake in any file; absent when there are mistakes.
    #[serde(skip_serializing_if = "Option::is_none")]
    clients: Option<usize>,
    mistakes: Vec<Found>,
}

#[derive(Debug, Serialize)]
struct Found {
    file: String,
    /// From 1; 0 when the file as a whole is meant.
    line: usize,
    field: String,
    message: String,
}

/// Checks all settings files.
///
/// # Errors
/// When there are no settings.
pub(super) fn run(named: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let path = settings::find(named)?;
    let (clients, Mistakes(mistakes)) = match load_all(&path) {
        Ok((_, clients, _)) => (Some(clients.len()), Mistakes::default()),
        Err(mistakes) => (None, mistakes),
    };
    let checked = Checked {
        settings: path.display().to_string(),
        clients,
        mistakes: mistakes
            .iter()
            .map(|mistake| Found {
                file: mistake.file.display().to_string(),
                line: mistake.line,
                field: mistake.field.clone(),
                message: mistake.message.clone(),
            })
            .collect(),
    };
    output::answer(json, &checked, |checked| match checked.clients {
        Some(1) => format!("No mistake in {} and 1 client.\n", checked.settings),
        Some(clients) => format!("No mistake in {} and {clients} clients.\n", checked.settings),
        None => format!("{}\n", Mistakes(mistakes.clone())),
    })?;
    Ok(if mistakes.is_empty() {
        exit::DONE
    } else {
        exit::findings()
    })
}
