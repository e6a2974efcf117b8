//! What may be written, and what may not.

use clap::{CommandFactory, Parser};

use super::*;

fn parse(line: &str) -> Result<Command, clap::Error> {
    let words = std::iter::once("dropcase").chain(line.split_whitespace());
    Arguments::try_parse_from(words).map(|arguments| arguments.command)
}

#[test]
fn the_definition_holds_together() {
    Arguments::command().debug_assert();
}

#[test]
fn what_is_taken() {
    for line in [
        "init home",
        "init home --agency Agency",
        "serve",
        "serve --config a.toml",
        "--config a.toml serve",
        "demo",
        "demo elsewhere --once",
        "client add muster --name Muster",
        "client add muster --name Muster --key a.pub --key b.pub --password-stdin --email a@example.com \
         --email b@example.com --locale da --country DK --currency DKK --answers csv,json --json",
        "client list --json",
        "client show muster",
        "client remove muster",
        "client passwd muster --user erp --password-stdin",
        "client passwd muster --remove",
        "client user add muster erp --key a.pub --right drop,answers",
        "client user add muster erp --right drop --right reports --password-stdin",
        "client user remove muster erp",
        "client key add muster a.pub --user erp",
        "client key remove muster SHA256:abc",
        "check a.csv",
        "check a.csv --client muster --json",
        "import a.csv --client muster",
        "delivery list --client muster --limit 5",
        "delivery show 06h0qbf4rhz6 --json",
        "delivery resubmit 06h0qbf4rhz6",
        "delivery release 06h0qbf4rhz6 --json",
        "delivery drop 06h0qbf4rhz6",
        "outbox list --client muster --limit 5 --json",
        "outbox retry 7",
        "case list --client muster --debtor Mustermann --status all",
        "case show 10000004",
        "case account 10000004 --as-of 2026-01-31 --explain --json",
        "case book 10000004 payment 12.50 --value-date 2026-01-02 --key B-1 --claim R-1 --allocate-to principal",
        "case book 10000004 payment-cancellation --key B-1 --dry-run",
        "case book 10000004 write-off --visible",
        "case note 10000004 Called --kind call --on 2026-01-02 --visible",
        "case reply 10000004 Thanks --mail",
        "case reply 10000004 Which? --query --json",
        "case status 10000004 litigation --reason x",
        "case hold 10000004 --until 2026-12-31",
        "case resume 10000004",
        "case close 10000004 full-payment",
        "case assign 10000004 team-3",
        "case assign 10000004",
        "report run cases --client muster --status closed --format xlsx",
        "report list",
        "status --json",
        "config check",
        "reload",
        "completion bash",
        "completions zsh",
        "read-file",
    ] {
        if let Err(error) = parse(line) {
            panic!("{line}: {error}");
        }
    }
}

#[test]
fn what_is_refused_is_a_wrong_command_line() {
    for line in [
        "",
        "nonsense",
        "init",
        "client",
        "client add Bad-Key --name Muster",
        "client add muster",
        "client add muster --name Muster --locale fr",
        "client add muster --name Muster --answers pdf",
        "client passwd muster --remove --password-stdin",
        "client user add muster erp --right everything",
        "client key add muster",
        "check",
        "import a.csv",
        "delivery",
        "delivery list --limit 0",
        "delivery drop",
        "outbox",
        "outbox retry seven",
        "case list --status nearly",
        "case account 10000004 --as-of 31.01.2026",
        "case book 10000004",
        "case book 10000004 gift 5",
        "case status 10000004 ended",
        "case close 10000004 BORED",
        "case note 10000004",
        "report run nonsense --client muster",
        "report run cases",
        "report run cases --client muster --format pdf",
        "completion powerpoint",
        "reload --json",
    ] {
        match parse(line) {
            Ok(command) => panic!("{line}: {command:?}"),
            Err(error) => assert_eq!(error.exit_code(), 2, "{line}"),
        }
    }
}

#[test]
fn every_command_says_what_it_does() {
    fn check(command: &clap::Command) {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            assert!(sub.get_about().is_some(), "{}", sub.get_name());
            for argument in sub.get_arguments().filter(|argument| !argument.is_hide_set()) {
                assert!(
                    argument.get_help().is_some(),
                    "{} {}",
                    sub.get_name(),
                    argument.get_id()
                );
            }
            check(sub);
        }
    }
    check(&Arguments::command());
}

#[test]
fn every_command_is_documented() {
    const DOCUMENT: &str = include_str!("../../../../docs/commands.md");
    for command in Arguments::command()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let name = command.get_name();
        let subs: Vec<&str> = command
            .get_subcommands()
            .map(clap::Command::get_name)
            .filter(|sub| *sub != "help")
            .collect();
        for sub in if subs.is_empty() { vec![""] } else { subs } {
            let line = format!("`{}", format!("{name} {sub}").trim_end());
            assert!(DOCUMENT.contains(&line), "{line}");
        }
    }
}
