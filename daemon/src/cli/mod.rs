//! The command line: reads what was written, does it, prints, and exits with a documented code.

mod args;
mod ask;
mod case;
mod check;
pub(crate) mod client;
pub(crate) mod clock;
mod completion;
mod config_check;
mod data;
pub(crate) mod exit;
pub(crate) mod init;
pub(crate) mod output;
pub(crate) mod password;
pub(crate) mod print;
mod save;
mod serve;
pub(crate) mod settings;
pub(crate) mod table;
pub(crate) mod words;

use std::process::ExitCode;

use clap::Parser;
use rustix::fs::Mode;
use rustix::process::umask;

use crate::control::Failure;
use crate::{demo, reading};

use args::{Arguments, Command, ConfigCommand};

/// Nobody but the service reads what it makes, unless a mode says so: the database holds debtors.
const UMASK: u32 = 0o077;

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    umask(Mode::from_raw_mode(UMASK));
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
        Command::Serve => serve::run(named),
        Command::Demo { dir, once } => demo::run(&dir, once).map_err(|failure| Failure::refused(failure.message)),
        Command::Client(command) => client::run(named, command),
        Command::Check(arguments) => check::run(named, &arguments),
        Command::Import(arguments) => data::import(named, &arguments),
        Command::Delivery(command) => data::delivery(named, command),
        Command::Outbox(command) => data::outbox(named, command),
        Command::Case(command) => case::run(named, command),
        Command::Report(command) => data::report(named, command),
        Command::Status(json) => data::status(named, json.json),
        Command::Config(ConfigCommand::Check(json)) => config_check::run(named, json.json),
        Command::Reload => data::reload(named),
        Command::Completion { shell } => completion::run(shell),
        Command::ReadFile => Ok(reading::child::run()),
    }
}
