//! The demo's home: settings, a client with key and password, and what one needs to try by hand.

use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use dropcase_config::{AnswerFormat, ClientFile, ClientKey, Locale, NewClient, Service};
use dropcase_inbox::ftps::certificate::make_self_signed;
use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey};

use crate::cli::{clock, init, password, settings};
use crate::control::Failure;
use crate::serve::Running;

/// Key and login name of the client.
pub(super) const CLIENT: &str = "demo";
/// Sections of doors, and where each listens when nobody else does.
const DOORS: [(&str, u16); 2] = [("sftp", 2222), ("ftps", 2121)];
/// Folder of the demo's own files in the home; its presence says that the demo made it.
const OWN: &str = "demo";
const KEY: &str = "id_ed25519";
const PASSWORD: &str = "password";
const KNOWN_HOSTS: &str = "known_hosts";
/// For the demo's eyes only.
const SECRET: u32 = 0o600;

/// Folder of the certificate, below the demo's own.
const TLS: &str = "tls";

/// The settings' lines that the demo sets: template and own.
const SETTINGS: [(&str, &str); 8] = [
    ("listen = \"0.0.0.0:2222\"", "listen = \"127.0.0.1:2222\""),
    ("#[ftps]", "[ftps]"),
    ("#listen = \"0.0.0.0:2121\"", "listen = \"127.0.0.1:2121\""),
    (
        "#certificate = \"tls/certificate.pem\"",
        "certificate = \"demo/tls/ftps.crt\"",
    ),
    ("#key = \"tls/key.pem\"", "key = \"demo/tls/ftps.key\""),
    ("#transport = \"off\"", "transport = \"folder\""),
    (
        "#from = \"Muster Inkasso <no-reply@example.com>\"",
        "from = \"Muster Inkasso <no-reply@example.com>\"",
    ),
    ("#disk_reserve = \"1GiB\"", "disk_reserve = \"64MiB\""),
];

/// The demo's home.
#[derive(Debug)]
pub(super) struct Home {
    /// Its folder.
    pub(super) dir: PathBuf,
    /// Its settings.
    pub(super) service: Service,
    /// The client's password.
    pub(super) password: String,
    /// The client's key.
    pub(super) key: PrivateKey,
}

/// Where the client connects to.
#[derive(Debug, Clone)]
pub(super) struct Door {
    /// The address of SFTP.
    pub(super) address: SocketAddr,
    /// The address of FTPS.
    pub(super) ftps: Option<SocketAddr>,
    /// The host keys as lines of `known_hosts` without the name.
    pub(super) host_keys: Vec<String>,
    /// Fingerprint of the first.
    pub(super) fingerprint: String,
}

impl Home {
    /// Makes the home `dir`, or takes the one that an earlier demo made.
    pub(super) fn prepare(dir: &Path) -> Result<Self, Failure> {
        let dir = std::path::absolute(dir).with_context(|| dir.display().to_string())?;
        let (settings, own) = (dir.join("dropcase.toml"), dir.join(OWN));
        if settings.exists() && !own.is_dir() {
            let text = format!(
                "{} is a home that the demo did not make; name another folder",
                dir.display()
            );
            return Err(Failure::refused(text));
        }
        if !settings.exists() {
            init::make(&dir, "Muster Inkasso GmbH")?;
            fs::create_dir_all(&own).context("the demo's folder")?;
            let hosts = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()];
            make_self_signed(&own.join(TLS), &hosts).context("the certificate")?;
            write_settings(&settings)?;
        }
        let service = Service::load(&settings).map_err(settings::mistakes)?;
        let (key, password) = client(&service, &own)?;
        let mut home = Self {
            dir,
            service,
            password,
            key,
        };
        home.listen_where_free()?;
        Ok(home)
    }

    /// `dropcase.toml`.
    pub(super) fn settings(&self) -> PathBuf {
        self.dir.join("dropcase.toml")
    }

    /// The private key's file.
    pub(super) fn key_file(&self) -> PathBuf {
        self.dir.join(OWN).join(KEY)
    }

    /// The file of known hosts.
    pub(super) fn known_hosts(&self) -> PathBuf {
        self.dir.join(OWN).join(KNOWN_HOSTS)
    }

    /// The certificate's file.
    pub(super) fn certificate(&self) -> PathBuf {
        self.dir.join(OWN).join(TLS).join("ftps.crt")
    }

    /// The usual ports; in place of one that is taken, one that is free.
    fn listen_where_free(&mut self) -> Result<(), Failure> {
        self.listen(|port| free(port).map_or_else(any_free, Ok))
    }

    /// Ports that are free, whatever the usual ones are.
    pub(super) fn listen_anywhere(&mut self) -> Result<(), Failure> {
        self.listen(|_| any_free())
    }

    /// Writes the port of each door, chosen from its usual one, into the settings.
    fn listen(&mut self, choose: impl Fn(u16) -> std::io::Result<u16>) -> Result<(), Failure> {
        let path = self.settings();
        let mut text = fs::read_to_string(&path).context("the settings")?;
        for (section, port) in DOORS {
            let port = choose(port).context("a free port")?;
            text = set_listen(&text, section, SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        }
        fs::write(&path, text).context("the settings")?;
        self.service = Service::load(&path).map_err(settings::mistakes)?;
        Ok(())
    }

    /// Where the running service is reached; writes the file of known hosts.
    pub(super) fn door(&self, running: &Running) -> Result<Door, Failure> {
        let inbox = &running.app.inbox;
        let address = *inbox.sftp_addresses().first().context("the service does not listen")?;
        let host_keys = inbox.host_key_lines().to_vec();
        let fingerprint = inbox.host_key_fingerprints().first().cloned().unwrap_or_default();
        let name = format!("[{}]:{}", address.ip(), address.port());
        let lines: String = host_keys.iter().map(|key| format!("{name} {key}\n")).collect();
        fs::write(self.known_hosts(), lines).context("the file of known hosts")?;
        Ok(Door {
            address,
            ftps: inbox.ftps_address(),
            host_keys,
            fingerprint,
        })
    }
}

/// `port` when nobody listens there.
fn free(port: u16) -> Option<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok().map(|_| port)
}

/// A port of the system's choice. Somebody else may be quicker: then the start tries others.
fn any_free() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// An address was taken when the service wanted to listen there.
pub(super) fn is_taken(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.into_iter().any(|error| error.kind() == ErrorKind::AddrInUse)
}

/// Puts `address` in place of the one that `section` listens on.
fn set_listen(text: &str, section: &str, address: SocketAddr) -> String {
    let mut here = false;
    let line = |line: &str| {
        if line.starts_with('[') {
            here = line.trim_end() == format!("[{section}]");
        }
        match here && line.starts_with("listen = ") {
            true => format!("listen = \"{address}\"\n"),
            false => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}

fn write_settings(path: &Path) -> Result<(), Failure> {
    let mut text = fs::read_to_string(path).context("the settings")?;
    for (template, own) in SETTINGS {
        text = text.replacen(template, own, 1);
    }
    Ok(fs::write(path, text).context("the settings")?)
}

/// The client's key and password; an earlier demo's, else new ones in a new client.
fn client(service: &Service, own: &Path) -> Result<(PrivateKey, String), Failure> {
    let (key_file, password_file) = (own.join(KEY), own.join(PASSWORD));
    let name = ClientKey::new(CLIENT).context("the client's key")?;
    if settings::client_file(service, &name).exists() {
        let key = fs::read_to_string(&key_file).context("the demo's key")?;
        let key = PrivateKey::from_openssh(key).context("the demo's key")?;
        let password = fs::read_to_string(&password_file).context("the demo's password")?;
        return Ok((key, password.trim().to_owned()));
    }
    let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).context("a key")?;
    let password = password::make()?;
    secret(&key_file, key.to_openssh(LineEnding::LF).context("the key")?.as_bytes())?;
    secret(&password_file, format!("{password}\n").as_bytes())?;
    let new = NewClient {
        keys: vec![format!(
            "{} demo",
            key.public_key().to_openssh().context("the key")?.trim()
        )],
        password: Some(password::hash(&password)?),
        email: vec!["buchhaltung@example.com".to_owned()],
        locale: Some(Locale::De),
        answers: [AnswerFormat::Csv, AnswerFormat::Json].into(),
        ..NewClient::new("Muster GmbH", clock::today())
    };
    ClientFile::create(service, &name, &new).map_err(settings::edit)?;
    Ok((key, password))
}

fn secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let _ = fs::remove_file(path);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(SECRET)
        .open(path)?;
    Ok(file.write_all(bytes)?)
}

#[cfg(test)]
mod tests {
    use dropcase_config::MailTransport;

    use super::*;

    #[test]
    fn a_home_is_made_once_and_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("home");
        let first = Home::prepare(&dir).unwrap();
        assert!(
            first
                .service
                .sftp
                .listen
                .iter()
                .all(|address| address.ip().is_loopback())
        );
        assert!(matches!(first.service.mail.transport, MailTransport::Folder(_)));
        assert_eq!(
            first.service.limits.disk_reserve_bytes,
            64 << 20,
            "every line of the template was found"
        );
        let again = Home::prepare(&dir).unwrap();
        assert_eq!(again.password, first.password);
        assert_eq!(again.key.public_key(), first.key.public_key());
    }

    #[test]
    fn somebody_elses_home_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        init::make(folder.path(), "Agency").unwrap();
        assert!(Home::prepare(folder.path()).is_err());
    }

    #[test]
    fn other_ports_are_taken_into_the_settings() {
        let folder = tempfile::tempdir().unwrap();
        let mut home = Home::prepare(&folder.path().join("home")).unwrap();
        home.listen_anywhere().unwrap();
        let service = Service::load(&home.settings()).unwrap();
        let ports = [service.sftp.listen[0].port(), service.ftps.unwrap().listen.port()];
        assert!(ports.iter().all(|port| ![0, 2222, 2121].contains(port)), "{ports:?}");
        assert_ne!(ports[0], ports[1]);
    }

    #[test]
    fn a_port_that_is_taken_is_not_chosen() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_eq!(free(port), None);
        assert_ne!(any_free().unwrap(), port);
    }
}
