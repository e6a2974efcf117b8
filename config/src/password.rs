//! Password hashes of users: argon2id in PHC form.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// Most memory (KiB) that a hash may ask for: logging in must not be a way to exhaust the machine.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// Most passes and lanes that a hash may ask for.
const MOST_PASSES: u32 = 16;

/// Hashes `password` with argon2id and OWASP's first recommendation (m = 19 MiB, t = 2, p = 1).
///
/// `salt` is 16 fresh random bytes; it is passed in as all randomness is.
pub fn hash_password(password: &str, salt: [u8; 16]) -> String {
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let hash: Result<PasswordHash, _> = hasher.hash_password_with_salt(password.as_bytes(), &salt);
    // The parameters are constants and a `str` is never longer than argon2's 4 GiB: nothing is left to fail.
    hash.map(|hash| hash.to_string()).unwrap_or_default()
}

/// `password` is the one behind `hash`; a hash that [`Client::load`](crate::Client::load) would refuse matches none.
/// Takes some 20 ms of processor time: call it on a blocking thread.
pub fn verify_password(password: &str, hash: &str) -> bool {
    let usable = check_hash(hash).ok().and_then(|()| PasswordHash::new(hash).ok());
    usable.is_some_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Checks that `hash` is an argon2id hash whose cost is bearable; never repeats it.
pub(crate) fn check_hash(hash: &str) -> Result<(), String> {
    const RIGHT: &str = "set it with `dropcase client passwd`";
    let parsed = PasswordHash::new(hash).map_err(|_| format!("is not a password hash; {RIGHT}"))?;
    if parsed.algorithm.as_str() != "argon2id" {
        return Err(format!(
            "is a hash by {}; only argon2id is taken; {RIGHT}",
            parsed.algorithm.as_str()
        ));
    }
    if parsed.salt.is_none() || parsed.hash.is_none() {
        return Err(format!("lacks its salt or its hash; {RIGHT}"));
    }
    let params = Params::try_from(&parsed).map_err(|_| format!("has parameters that argon2 does not know; {RIGHT}"))?;
    match params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES || params.p_cost() > MOST_PASSES {
        true => Err(format!(
            "is too costly (m ≤ {MOST_MEMORY_KIB}, t and p ≤ {MOST_PASSES}); {RIGHT}"
        )),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_and_verify() {
        let hash = hash_password("Grüße, Welt", [7; 16]);
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(check_hash(&hash), Ok(()));
        assert!(verify_password("Grüße, Welt", &hash));
        assert!(!verify_password("Grüsse, Welt", &hash));
        assert!(!verify_password("", &hash));
        assert_ne!(hash, hash_password("Grüße, Welt", [8; 16]));
    }

    #[test]
    fn hashes_that_are_refused() {
        for hash in [
            "",
            "secret",
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2i$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw",
            "$argon2id$v=19$m=4194304,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert!(check_hash(hash).is_err(), "{hash}");
            assert!(!verify_password("secret", hash), "{hash}");
        }
    }
}
