//! The binary dropcase: the file gateway of a debt-collection agency.

mod app;
mod cli;
mod commands;
mod control;
mod delivery;
mod demo;
mod indexing;
mod intake;
mod leftovers;
mod lifecycle;
mod messages;
mod orders;
mod owner;
mod papers;
mod quarantine;
mod reading;
mod schedule;
mod serve;
mod sources;
mod terms;
#[cfg(test)]
mod testing;
mod workers;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Records are made on one thread and dropped on another, which is what the system's allocator is slowest at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
