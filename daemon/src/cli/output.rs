//! Writing to standard output: the one place of the command line that does.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::control::Failure;

use super::exit;

/// Shows `text` and ends its last line. A reader that went away (`| head`) ends the command quietly.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn show(text: &str) -> Result<(), Failure> {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let mut out = io::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(end.as_bytes()))
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::refused(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Shows `value` as JSON, or as what `text` makes of it.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn answer<T: Serialize>(
    json: bool,
    value: &T,
    text: impl FnOnce(&T) -> String,
) -> Result<ExitCode, Failure> {
    match json {
        true => {
            let text = serde_json::to_string_pretty(value).map_err(|error| Failure::refused(error.to_string()))?;
            show(&text)?;
        }
        false => show(&text(value))?,
    }
    Ok(exit::DONE)
}

/// Text without what would steer a terminal: file names and records come from outside.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        for (text, expected) in [
            ("Übergabe 1.csv", "Übergabe 1.csv"),
            ("a\u{1b}[2Jb\nc", "a\u{fffd}[2Jb\u{fffd}c"),
            ("\u{202e}vsc.exe", "\u{fffd}vsc.exe"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
