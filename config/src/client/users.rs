//! Reads `[[user]]`: logins of a client.

use std::collections::BTreeSet;

use ssh_key::{Algorithm, EcdsaCurve, PublicKey};

use super::{Right, User};
use crate::password::check_hash;
use crate::reader::{Section, choose};

/// Shortest RSA key that is taken (BSI TR-02102 asks for more; older clients cannot do it).
const LEAST_RSA_BITS: u32 = 2048;
const LONGEST_NAME: usize = 64;

pub(super) fn read(root: &mut Section<'_>) -> Vec<User> {
    let mut users: Vec<User> = Vec::new();
    for mut section in root.sections("user") {
        let name = section.parsed("name", login_name);
        let keys = section.list("keys", |line| check_public_key(line).map(|()| line.trim().to_owned()));
        let keys = keys.unwrap_or_default();
        let distinct: BTreeSet<_> = keys.iter().map(|line| line.split_whitespace().nth(1)).collect();
        if distinct.len() < keys.len() {
            section.mistake("keys", "holds the same key twice; keep one of them");
        }
        let password = section.parsed("password", |hash| check_hash(hash).map(|()| hash.to_owned()));
        let rights = section.list("rights", |word| choose(word, Right::WORDS));
        if rights.as_ref().is_some_and(Vec::is_empty) {
            section.mistake("rights", "is empty; remove the line for all rights, or the user");
        }
        section.require("name", "the login name");
        section.finish();
        let all = || Right::WORDS.iter().map(|(_, right)| *right).collect();
        let rights = rights.map_or_else(all, |rights| rights.into_iter().collect());
        users.extend(name.map(|name| User {
            name,
            keys,
            password,
            rights,
        }));
    }
    users
}

/// Letters, digits and `.`, `-`, `_`, `@`, beginning with a letter or digit.
pub(crate) fn login_name(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    match first && text.chars().all(allowed) && text.len() <= LONGEST_NAME {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "`{text}` is not a login name; use ASCII letters, digits and . - _ @, at most {LONGEST_NAME}"
        )),
    }
}

/// Checks one line of an OpenSSH public key: its shape, and that its algorithm is one that is taken
/// (ed25519, ECDSA on the NIST curves, RSA from 2,048 bits).
///
/// # Errors
/// Says what would be right; never repeats the line.
pub fn check_public_key(line: &str) -> Result<(), String> {
    const RIGHT: &str = "write the one line of a .pub file, such as \"ssh-ed25519 AAAA… name\"";
    if line.contains("PRIVATE KEY") {
        return Err(format!("is a private key, which must never leave its owner; {RIGHT}"));
    }
    if line.trim().contains(['\n', '\r']) {
        return Err(format!(
            "has several lines; {RIGHT}, one element of the list for each key"
        ));
    }
    let key = PublicKey::from_openssh(line.trim()).map_err(|_| format!("is not an OpenSSH public key; {RIGHT}"))?;
    match key.algorithm() {
        Algorithm::Ed25519 => Ok(()),
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP256 | EcdsaCurve::NistP384 | EcdsaCurve::NistP521,
        } => Ok(()),
        Algorithm::Rsa { .. } => match key.key_data().rsa().map_or(0, |rsa| rsa.key_size()) {
            bits if bits < LEAST_RSA_BITS => Err(format!(
                "is an RSA key of {bits} bits; at least {LEAST_RSA_BITS} are needed"
            )),
            _ => Ok(()),
        },
        other => Err(format!(
            "is a key of kind {}; ed25519, ecdsa (nistp256/384/521) or rsa are taken",
            other.as_str()
        )),
    }
}
