//! The binary dropcase: the file gateway of a debt-collection agency.

mod app;
mod cli;
mod commands;
mod control;
mod delivery;
mod demo;
mod intake;
mod lifecycle;
mod orders;
mod owner;
mod reading;
mod schedule;
mod serve;
mod workers;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
