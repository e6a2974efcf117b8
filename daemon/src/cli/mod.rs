//! The command line: reads what was written, does it, prints, and exits with a documented code.

mod args;
pub(crate) mod client;
pub(crate) mod clock;
mod completion;
mod config_check;
pub(crate) mod exit;
pub(crate) mod init;
pub(crate) mod output;
pub(crate) mod password;
pub(crate) mod settings;
pub(crate) mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::control::Failure;

use args::{Arguments, Command, ConfigCommand};

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("dropcase: {failure}");
            exit::code(failure.kind)
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let named = arguments.config.as_deref();
    match arguments.command {
        Command::Init { dir, agency } => init::run(&dir, &agency),
        Command::Client(command) => client::run(named, command),
        Command::Config(ConfigCommand::Check(json)) => config_check::run(named, json.json),
        Command::Completion { shell } => completion::run(shell),
        _ => Err(Failure::refused("this command is not there yet")),
    }
}
