//! The door's certificate: read from PEM files, or made by itself for a trial.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use dropcase_config::Ftps;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, ServerSessionMemoryCache};
use rustls::sign::CertifiedKey;

use super::pulse::Pulse;

/// TLS sessions kept for resumption; a data connection resumes its control connection's.
const SESSIONS: usize = 1024;

/// Makes a key and a certificate signed with it for `hosts` (names or addresses) in `folder`, made when missing, as
/// `ftps.crt` and `ftps.key` (mode 0600); those that are there already are kept. Returns their paths in this order.
///
/// # Errors
/// When a host is no name, or the files cannot be written.
pub fn make_self_signed(folder: &Path, hosts: &[String]) -> io::Result<(PathBuf, PathBuf)> {
    let (certificate, key) = (folder.join("ftps.crt"), folder.join("ftps.key"));
    if certificate.try_exists()? && key.try_exists()? {
        return Ok((certificate, key));
    }
    fs::create_dir_all(folder)?;
    let made = rcgen::generate_simple_self_signed(hosts).map_err(io::Error::other)?;
    // The certificate last: with it, both are complete.
    write(&key, &made.signing_key.serialize_pem(), 0o600)?;
    write(&certificate, &made.cert.pem(), 0o644)?;
    Ok((certificate, key))
}

fn write(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let _ = fs::remove_file(&temporary);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

/// The certificate in use; new connections take up a changed one.
#[derive(Debug)]
pub(super) struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

impl Certificate {
    /// Reads the files that `settings` name.
    pub(super) fn load(settings: &Ftps) -> io::Result<Self> {
        let (chain, key) = (settings.certificate.clone(), settings.key.clone());
        let config = RwLock::new(Arc::new(read(&chain, &key)?));
        Ok(Self { chain, key, config })
    }

    /// Reads the files again, as after a renewal; the old certificate stays when they cannot be used.
    pub(super) fn reload(&self) -> io::Result<()> {
        let config = Arc::new(read(&self.chain, &self.key)?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// The settings of one connection, which tell `pulse` of each handshake.
    pub(super) fn for_connection(&self, pulse: &Arc<Pulse>) -> Arc<ServerConfig> {
        let shared = Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner));
        let mut own = ServerConfig::clone(&shared);
        own.cert_resolver = Arc::new(Telling {
            inner: Arc::clone(&shared.cert_resolver),
            pulse: Arc::clone(pulse),
        });
        Arc::new(own)
    }
}

/// Gives the certificate, which happens once in every handshake, resumed ones included.
#[derive(Debug)]
struct Telling {
    inner: Arc<dyn ResolvesServerCert>,
    pulse: Arc<Pulse>,
}

impl ResolvesServerCert for Telling {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.pulse.handshake();
        self.inner.resolve(hello)
    }
}

fn read(chain: &Path, key: &Path) -> io::Result<ServerConfig> {
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| named(chain, &error))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| named(key, &error))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    // TLS 1.2 alone: with 1.3 and resumption an upload of lftp fails.
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS12])
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(certificates, secret)
        .map_err(|error| named(chain, &error))?;
    config.session_storage = ServerSessionMemoryCache::new(SESSIONS);
    config.ticketer = aws_lc_rs::Ticketer::new().map_err(io::Error::other)?;
    Ok(config)
}

fn named(path: &Path, error: &dyn std::error::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn made_once_and_usable() {
        let home = tempfile::tempdir().unwrap();
        let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let (certificate, key) = make_self_signed(&home.path().join("tls"), &hosts).unwrap();
        let first = fs::read(&certificate).unwrap();
        make_self_signed(&home.path().join("tls"), &hosts).unwrap();
        assert_eq!(fs::read(&certificate).unwrap(), first);
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        read(&certificate, &key).unwrap();
    }

    #[test]
    fn a_mistake_names_the_file() {
        let home = tempfile::tempdir().unwrap();
        let (certificate, key) = make_self_signed(home.path(), &["localhost".to_owned()]).unwrap();
        fs::write(&key, "nonsense").unwrap();
        let error = read(&certificate, &key).unwrap_err();
        assert!(error.to_string().contains("ftps.key"), "{error}");
    }
}
