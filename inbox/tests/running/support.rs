//! A running room in a temporary home, and clients that talk to it over loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use dropcase_config::{Client, Ftps, Service, hash_password};
use dropcase_inbox::ftps::certificate::make_self_signed;
use dropcase_inbox::{Arrival, Clock, Inbox, Streams};
use russh::client::{self, Handle};
use russh::keys::key::safe_rng;
use russh::keys::{Algorithm, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh_sftp::client::SftpSession;
use tempfile::TempDir;

/// Longest wait for something that has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// The room with the clients `muster` and `andere`, whose users have a key and the password `geheim`.
pub(crate) struct Room {
    pub(crate) home: TempDir,
    pub(crate) key: PrivateKey,
    pub(crate) service: Service,
    pub(crate) inbox: Inbox,
    pub(crate) streams: Streams,
}

/// Accepts any host key: whom it talks to is known.
pub(crate) struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

impl Room {
    pub(crate) async fn open() -> Self {
        Self::with("", "").await
    }

    /// With more lines of `dropcase.toml` (after `[sftp]`) and of `clients.d/muster.toml`.
    pub(crate) async fn with(service_lines: &str, client_lines: &str) -> Self {
        Self::start(service_lines, client_lines, |_| {}).await
    }

    /// As [`Room::with`], and with FTPS on ports that the system chooses.
    pub(crate) async fn with_ftps(service_lines: &str, client_lines: &str) -> Self {
        Self::start(service_lines, client_lines, |service| {
            let hosts = ["127.0.0.1".to_owned()];
            let (certificate, key) = make_self_signed(&service.data_dir.join("tls"), &hosts).expect("a certificate");
            service.ftps = Some(Ftps {
                listen: ([127, 0, 0, 1], 0).into(),
                certificate,
                key,
                passive_ports: 0..=0,
                external_address: None,
            });
        })
        .await
    }

    async fn start(service_lines: &str, client_lines: &str, change: impl FnOnce(&mut Service)) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).expect("a key");
        let line = key.public_key().to_openssh().expect("a key's line");
        let settings = format!(
            "agency = \"Muster Inkasso\"\n[sftp]\nlisten = \"127.0.0.1:0\"\n{service_lines}\n\
             [limits]\ndisk_reserve = \"1MiB\"\nmax_file = \"64MiB\"\n"
        );
        std::fs::create_dir(home.path().join("clients.d")).expect("a folder");
        std::fs::write(home.path().join("dropcase.toml"), settings).expect("settings");
        write_client(&home, "muster", client_lines, &line);
        write_client(&home, "andere", "", &line);
        let (mut service, clients) = load(&home);
        change(&mut service);
        make_host_key(&service);
        let clock = Clock::new(|| DateTime::<Utc>::from(std::time::SystemTime::now()));
        let (inbox, streams) = Inbox::start(&service, &clients, clock).await.expect("a running room");
        Self {
            home,
            key,
            service,
            inbox,
            streams,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.inbox.sftp_addresses()[0]
    }

    pub(crate) async fn connect(&self) -> Handle<Trusting> {
        client::connect(Arc::default(), self.address(), Trusting)
            .await
            .expect("a connection")
    }

    pub(crate) async fn login(&self, user: &str) -> Handle<Trusting> {
        let mut handle = self.connect().await;
        let key = PrivateKeyWithHashAlg::new(Arc::new(self.key.clone()), None);
        assert!(
            handle
                .authenticate_publickey(user, key)
                .await
                .expect("an answer")
                .success()
        );
        handle
    }

    /// A session of russh-sftp's client; the connection lives as long as the handle.
    pub(crate) async fn sftp(&self, user: &str) -> (Handle<Trusting>, SftpSession) {
        let handle = self.login(user).await;
        let channel = handle.channel_open_session().await.expect("a channel");
        channel.request_subsystem(true, "sftp").await.expect("the subsystem");
        (
            handle,
            SftpSession::new(channel.into_stream()).await.expect("a session"),
        )
    }

    pub(crate) async fn arrival(&mut self) -> Arrival {
        within(self.streams.arrivals.recv()).await.expect("an arrival")
    }

    pub(crate) fn disk(&self, path: &str) -> std::path::PathBuf {
        self.service.data_dir.join("clients/muster").join(path)
    }

    pub(crate) fn reload(&self) -> Vec<Client> {
        load(&self.home).1
    }
}

/// Waits for `future`, but not for ever.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it took too long")
}

pub(crate) fn write_client(home: &TempDir, key: &str, lines: &str, public: &str) {
    let hash = hash_password("geheim", [7; 16]);
    let settle = if lines.contains("settle") {
        ""
    } else {
        "settle = \"100ms\""
    };
    let text = format!(
        "name = \"Muster GmbH\"\n{settle}\n{lines}\n[[mandate]]\nfrom = 2020-01-01\n\
         [[user]]\nname = \"{key}\"\npassword = \"{hash}\"\nkeys = [\"{public}\"]\n"
    );
    std::fs::write(home.path().join("clients.d").join(format!("{key}.toml")), text).expect("a client's file");
}

fn load(home: &TempDir) -> (Service, Vec<Client>) {
    dropcase_config::load_all(&home.path().join("dropcase.toml")).unwrap_or_else(|mistakes| {
        panic!(
            "{}",
            mistakes
                .0
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })
}

/// A second ed25519 key stands in for the RSA one, which takes long to make without optimisation.
fn make_host_key(service: &Service) {
    use russh::keys::ssh_key::LineEnding;
    std::fs::create_dir_all(&service.sftp.host_keys).expect("a folder");
    let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).expect("a key");
    let text = key.to_openssh(LineEnding::LF).expect("a key's text");
    std::fs::write(service.sftp.host_keys.join("rsa"), text.as_bytes()).expect("a key's file");
}
