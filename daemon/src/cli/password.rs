//! Passwords: read from standard input or made, and hashed.

use std::io::{self, Read};

use anyhow::Context;
use dropcase_config::hash_password;

use crate::control::Failure;

use super::exit;

/// Shortest password that is taken from an operator.
const LEAST_CHARACTERS: usize = 12;
/// Longest; argon2 takes more, no person types it.
const MOST_BYTES: usize = 1024;
/// Letters of made passwords: none that is mistaken for another, none that a shell or a form changes.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 24 letters of 32 are 120 bits.
const MADE_LETTERS: usize = 24;
/// Letters between two dashes, so that it can be read out.
const GROUP: usize = 6;

/// One line from standard input.
///
/// # Errors
/// When it is too short, too long or no text.
pub(super) fn from_stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let limit = MOST_BYTES as u64 + 2;
    io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut bytes)
        .context("the password on standard input")
        .map_err(exit::failed)?;
    check(&bytes)
}

fn check(bytes: &[u8]) -> Result<String, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|_| Failure::refused("the password is not UTF-8"))?;
    let password = text.strip_suffix('\n').unwrap_or(text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.contains(char::is_control) {
        return Err(Failure::refused(
            "the password has several lines or control characters; give one line",
        ));
    }
    if password.chars().count() < LEAST_CHARACTERS {
        return Err(Failure::refused(format!(
            "the password is too short; it needs {LEAST_CHARACTERS} characters"
        )));
    }
    if password.len() > MOST_BYTES {
        return Err(Failure::refused(format!(
            "the password is longer than {MOST_BYTES} bytes"
        )));
    }
    Ok(password.to_owned())
}

/// A strong password (120 bits), to be shown once.
///
/// # Errors
/// When the system gives no randomness.
pub(crate) fn make() -> Result<String, Failure> {
    Ok(spell(random::<MADE_LETTERS>()?))
}

/// 256 is a multiple of 32, so every letter is as likely as any other.
fn spell(bytes: [u8; MADE_LETTERS]) -> String {
    let mut password = String::with_capacity(MADE_LETTERS + MADE_LETTERS / GROUP);
    for (index, byte) in bytes.into_iter().enumerate() {
        if index > 0 && index % GROUP == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    }
    password
}

/// The hash that goes into a client's file.
///
/// # Errors
/// When the system gives no randomness.
pub(crate) fn hash(password: &str) -> Result<String, Failure> {
    Ok(hash_password(password, random()?))
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES], Failure> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Failure::refused(format!("no randomness: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_from_outside() {
        let check = |text: &str| super::check(text.as_bytes()).ok();
        assert_eq!(
            check("correct horse battery\n").as_deref(),
            Some("correct horse battery")
        );
        assert_eq!(
            check("correct horse battery\r\n").as_deref(),
            Some("correct horse battery")
        );
        assert_eq!(check("  spaces stay  ").as_deref(), Some("  spaces stay  "));
        for refused in [
            "",
            "\n",
            "short",
            "two lines are\nnot taken",
            &"x".repeat(MOST_BYTES + 1),
        ] {
            assert_eq!(check(refused), None, "{refused:?}");
        }
        assert!(super::check(b"\xff\xfe not a text at all").is_err());
    }

    #[test]
    fn made_passwords_can_be_read_out() {
        let bytes: [u8; MADE_LETTERS] = std::array::from_fn(|i| u8::try_from(i * 11).unwrap());
        let password = spell(bytes);
        assert_eq!(password.split('-').map(str::len).collect::<Vec<_>>(), [6, 6, 6, 6]);
        assert!(password.bytes().all(|b| b == b'-' || LETTERS.contains(&b)));
        assert_ne!(make().unwrap(), make().unwrap());
        assert!(super::check(password.as_bytes()).is_ok());
    }
}
