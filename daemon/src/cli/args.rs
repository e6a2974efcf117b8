//! What one may write behind `dropcase`.

mod case;
mod client;
mod data;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use case::{Booking, BookingTerms, CaseCommand, OrderArgs};
pub(crate) use client::{ClientCommand, KeyCommand, NewClientArgs, Secret, UserCommand};
pub(crate) use data::{CheckArgs, DeliveryCommand, ImportArgs, Listed, OutboxCommand, ReportCommand};

use super::exit;

/// The file gateway of a debt-collection agency.
///
/// Clients drop lists over SFTP or FTPS, the lists become cases, and answers, reports and mails go back. Begin with
/// `dropcase demo` to look around, or with `dropcase init DIR` to set a service up.
#[derive(Debug, Parser)]
#[command(name = "dropcase", bin_name = "dropcase", version, after_long_help = exit::HELP, infer_subcommands = false)]
pub(crate) struct Arguments {
    /// The settings of the service.
    ///
    /// Without it: ./dropcase.toml, ./dropcase-home/dropcase.toml, /var/lib/dropcase/dropcase.toml,
    /// /etc/dropcase/dropcase.toml, whichever is there first.
    #[arg(
        long,
        global = true,
        env = "DROPCASE_CONFIG",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Print JSON instead of text for people.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Json {
    /// Print JSON; its shape is documented in docs/commands.md and does not change.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a home: settings with every key explained, and the folders beside them.
    Init {
        /// The folder; made when it is not there. A home that is there is never changed.
        dir: PathBuf,
        /// The agency's name in letters, mails and the clients' README.txt.
        #[arg(long, value_name = "NAME", default_value = "Collection agency")]
        agency: String,
    },
    /// Run the service until SIGTERM or SIGINT; SIGHUP reads the settings anew.
    Serve,
    /// Show it all at once: a home with a client `demo`, two lists handed over, their answers.
    ///
    /// Goes on serving afterwards, so that you can try by hand, until you press Ctrl-C.
    Demo {
        /// The demo's home; a second run uses it again.
        #[arg(default_value = "dropcase-home")]
        dir: PathBuf,
        /// End after the answers; exit 1 when one of them is not as expected.
        #[arg(long)]
        once: bool,
    },
    /// Clients: who may hand over, with which logins.
    #[command(subcommand, arg_required_else_help = true)]
    Client(ClientCommand),
    /// Say what would become of a file, without importing anything. Exit 1 when it has errors.
    Check(CheckArgs),
    /// Take a file over as if the client had dropped it, and show what became of it.
    Import(ImportArgs),
    /// Deliveries: what was handed over and what became of it.
    #[command(subcommand, arg_required_else_help = true)]
    Delivery(DeliveryCommand),
    /// The outbox: what waits to leave, and what was given up.
    #[command(subcommand, arg_required_else_help = true)]
    Outbox(OutboxCommand),
    /// Cases: one for each debtor of a client.
    #[command(subcommand, arg_required_else_help = true)]
    Case(CaseCommand),
    /// Reports: into a client's outbox/reports/.
    #[command(subcommand, arg_required_else_help = true)]
    Report(ReportCommand),
    /// Say how the running service is: addresses, what waits, database. Exit 4 when none runs.
    Status(Json),
    /// The settings files.
    #[command(subcommand, arg_required_else_help = true)]
    Config(ConfigCommand),
    /// Make the running service read its settings anew; nobody's session is dropped without need.
    Reload,
    /// Print the completion script of a shell: `dropcase completion bash > /etc/bash_completion.d/dropcase`.
    #[command(alias = "completions")]
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Read one handover in a limited process; the service starts this itself.
    #[command(hide = true)]
    ReadFile,
}

/// `dropcase config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Name every mistake of all settings files at once, with file, line and field. Exit 1 when there is one.
    Check(Json),
}
