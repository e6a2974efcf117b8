//! The server's own SSH keys: made on the first start, kept for ever, readable by the service alone.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{KeypairData, RsaKeypair};
use russh::keys::{Algorithm, HashAlg, PrivateKey};

/// Bits of the RSA key, which only clients use that know nothing better.
const RSA_BITS: usize = 3072;

/// Reads the host keys in `folder` and makes the missing ones: `ed25519` and, for old clients, `rsa`.
///
/// # Errors
/// What the disk reports, and `InvalidData` for a key file that cannot be read.
pub fn load_or_create(folder: &Path) -> io::Result<Vec<PrivateKey>> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    Ok(vec![
        one(&folder.join("ed25519"), make_ed25519)?,
        one(&folder.join("rsa"), make_rsa)?,
    ])
}

/// SHA-256 fingerprints as `ssh-keygen -l` prints them, in the order of the keys.
pub fn fingerprints(keys: &[PrivateKey]) -> Vec<String> {
    keys.iter()
        .map(|key| key.public_key().fingerprint(HashAlg::Sha256).to_string())
        .collect()
}

/// Public halves as lines for a `known_hosts` file, without the host's name.
pub fn public_lines(keys: &[PrivateKey]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| key.public_key().to_openssh().ok())
        .collect()
}

fn one(path: &Path, make: fn() -> io::Result<PrivateKey>) -> io::Result<PrivateKey> {
    match fs::read(path) {
        Ok(text) => PrivateKey::from_openssh(text)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = make()?;
            write(path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

fn write(path: &Path, key: &PrivateKey) -> io::Result<()> {
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    let temporary = path.with_extension("new");
    let _ = fs::remove_file(&temporary);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    let public = key.public_key().to_openssh().map_err(io::Error::other)?;
    fs::write(path.with_extension("pub"), public + "\n")
}

fn make_ed25519() -> io::Result<PrivateKey> {
    PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).map_err(io::Error::other)
}

fn make_rsa() -> io::Result<PrivateKey> {
    let pair = RsaKeypair::random(&mut safe_rng(), RSA_BITS).map_err(io::Error::other)?;
    PrivateKey::new(KeypairData::Rsa(pair), "").map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn made_once_and_kept() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("hostkeys");
        let first = fingerprints(&load_or_create(&folder).unwrap());
        assert_eq!(fingerprints(&load_or_create(&folder).unwrap()), first);
        assert!(first.iter().all(|print| print.starts_with("SHA256:")));
        for name in ["ed25519", "rsa"] {
            assert_eq!(
                fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        fs::write(folder.join("rsa"), "nonsense").unwrap();
        assert_eq!(load_or_create(&folder).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
