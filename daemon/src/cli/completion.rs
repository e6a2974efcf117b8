//! `dropcase completion SHELL`.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::control::Failure;

use super::args::Arguments;
use super::{exit, output};

/// Prints the completion script of `shell`.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn run(shell: Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "dropcase", &mut script);
    output::show(&String::from_utf8_lossy(&script))?;
    Ok(exit::DONE)
}
