//! What the commands exit with.

use std::process::ExitCode;

use crate::control::{Failure, Kind};

/// Shown behind `dropcase --help`; docs/commands.md says the same.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done
  1  refused, failed, or findings with errors (check, config check, demo --once)
  2  the command line is wrong
  3  what was named does not exist
  4  the service or its database cannot be reached now; trying again later may help";

/// Done.
pub(crate) const DONE: ExitCode = ExitCode::SUCCESS;

/// Done, and there are errors among what was found.
pub(crate) fn findings() -> ExitCode {
    ExitCode::from(1)
}

/// The exit code of a kind of failure.
pub(crate) fn code(kind: Kind) -> ExitCode {
    ExitCode::from(number(kind))
}

/// What went wrong here and not with the service: trying again does not help.
pub(crate) fn failed(error: anyhow::Error) -> Failure {
    Failure::refused(format!("{error:#}"))
}

const fn number(kind: Kind) -> u8 {
    match kind {
        Kind::Refused => 1,
        Kind::NotFound => 3,
        Kind::Unavailable => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_documented() {
        for kind in [Kind::Refused, Kind::NotFound, Kind::Unavailable] {
            assert!(HELP.contains(&format!("\n  {}  ", number(kind))), "{kind:?}");
        }
    }
}
