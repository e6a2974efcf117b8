//! Listening for SSH: the algorithms offered, the limits of a connection and its end.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dropcase_config::Sftp;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey};
use russh::server::Config;
use russh::{Disconnect, MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::login::{Entered, Login};
use super::prompt::Prompt;
use super::startups::{Startup, Startups};
use super::stream::Cuttable;
use crate::accounts::Accounts;
use crate::area::Area;

/// Connections at once over all addresses, logged in or not.
const MAX_CONNECTIONS: usize = 1024;
/// How long a connection that was told to end may take before it is cut.
const FAREWELL: Duration = Duration::from_secs(2);
/// Silence after which a peer is asked whether it is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// Pause after a failure to accept, such as no descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// When a connection was last used for a request.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    start: Instant,
    last: Arc<AtomicU64>,
}

impl Activity {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            last: Arc::default(),
        }
    }

    pub(super) fn touch(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    fn idle(&self) -> Duration {
        self.start
            .elapsed()
            .saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Doors {
    config: Arc<Config>,
    settings: Arc<Sftp>,
    accounts: Arc<Accounts>,
    area: Area,
    connections: Arc<Semaphore>,
    startups: Startups,
    prompt: Prompt,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// The SFTP server on all its addresses.
#[derive(Debug)]
pub struct SftpServer {
    addresses: Vec<SocketAddr>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl SftpServer {
    /// Binds all addresses of `settings` and serves them until [`SftpServer::stop`].
    ///
    /// # Errors
    /// When an address cannot be bound.
    pub async fn start(
        settings: &Sftp,
        keys: Vec<PrivateKey>,
        accounts: Arc<Accounts>,
        area: Area,
    ) -> io::Result<Self> {
        let mut listeners = Vec::new();
        for address in &settings.listen {
            listeners.push(
                TcpListener::bind(address)
                    .await
                    .map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))?,
            );
        }
        Self::serve(listeners, settings, keys, accounts, area)
    }

    /// Serves sockets that are bound already, as with socket activation.
    ///
    /// # Errors
    /// When a socket has no local address.
    pub fn serve(
        listeners: Vec<TcpListener>,
        settings: &Sftp,
        keys: Vec<PrivateKey>,
        accounts: Arc<Accounts>,
        area: Area,
    ) -> io::Result<Self> {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let doors = Doors {
            config: Arc::new(ssh_config(settings, keys)),
            settings: Arc::new(settings.clone()),
            accounts,
            area,
            connections: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            startups: Startups::default(),
            prompt: Prompt::new(),
            stop: stop.clone(),
            tasks: tasks.clone(),
        };
        let mut addresses = Vec::new();
        for listener in listeners {
            addresses.push(listener.local_addr()?);
            tasks.spawn(accept(listener, doors.clone()));
        }
        Ok(Self { addresses, stop, tasks })
    }

    /// The addresses as bound, with the ports that the system chose.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Takes no more connections, tells the open ones goodbye and waits until the last is gone.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn accept(listener: TcpListener, doors: Doors) {
    loop {
        let accepted = tokio::select! {
            () = doors.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => {
                let permit = Arc::clone(&doors.connections).try_acquire_owned().ok();
                let (Some(permit), Some(startup)) = (permit, doors.startups.enter(remote.ip())) else {
                    tracing::warn!(%remote, "too many connections; refused one");
                    continue;
                };
                let own = doors.clone();
                doors.tasks.spawn(async move {
                    connection(stream, remote, startup, own).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// One connection from its first byte to its end.
async fn connection(stream: TcpStream, remote: SocketAddr, startup: Startup, doors: Doors) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%remote, %error, "no low delay on this connection");
    }
    let (cut, activity) = (CancellationToken::new(), Activity::new());
    let (sender, entered) = watch::channel(Entered::default());
    let login = Login::new(
        Arc::clone(&doors.accounts),
        doors.area.clone(),
        remote.ip(),
        activity.clone(),
        doors.prompt.clone(),
        sender,
        doors.tasks.clone(),
    );
    let stream = Cuttable::new(stream, cut.clone());
    let grace = tokio::time::Instant::now() + doors.settings.login_grace;
    let greeting = russh::server::run_stream(Arc::clone(&doors.config), stream, login);
    let mut session = tokio::select! {
        session = greeting => match session {
            Ok(session) => session,
            Err(error) => return tracing::debug!(%remote, %error, "not an SSH client"),
        },
        () = tokio::time::sleep_until(grace) => return,
        () = doors.stop.cancelled() => return,
    };
    let handle = session.handle();
    let sentence = tokio::select! {
        result = &mut session => {
            if let Err(error) = result {
                tracing::debug!(%remote, %error, "connection ended");
            }
            return;
        }
        sentence = limits(entered, startup, grace, activity, &doors) => sentence,
    };
    tracing::info!(%remote, reason = sentence, "ending a connection");
    let farewell = async {
        // The peer may be gone or deaf; the cut below ends it then.
        let _ = handle
            .disconnect(Disconnect::ByApplication, sentence.to_owned(), "en".to_owned())
            .await;
        let _ = (&mut session).await;
    };
    if tokio::time::timeout(FAREWELL, farewell).await.is_err() {
        cut.cancel();
        let _ = session.await;
    }
}

/// Waits until the connection has to end from our side, and says why.
async fn limits(
    mut entered: watch::Receiver<Entered>,
    startup: Startup,
    grace: tokio::time::Instant,
    activity: Activity,
    doors: &Doors,
) -> &'static str {
    let login = async {
        let ended = entered
            .wait_for(|entered| entered.ended.is_some())
            .await
            .ok()
            .and_then(|seen| seen.ended.clone());
        match ended {
            Some(ended) => ended,
            // The session's own end is noticed by the caller.
            None => std::future::pending().await,
        }
    };
    let ended = tokio::select! {
        ended = login => ended,
        () = tokio::time::sleep_until(grace) => return "You did not log in in time.",
        () = doors.stop.cancelled() => return "The service is being stopped.",
    };
    drop(startup);
    activity.touch();
    let limit = doors.settings.idle_timeout;
    let idle = async {
        while let Some(left) = limit.checked_sub(activity.idle()).filter(|left| !left.is_zero()) {
            tokio::time::sleep(left).await;
        }
    };
    tokio::select! {
        () = idle => "Nothing was asked for a long time.",
        () = ended.cancelled() => "Your access was changed. Please log in again.",
        () = doors.stop.cancelled() => "The service is being stopped.",
    }
}

fn ssh_config(settings: &Sftp, keys: Vec<PrivateKey>) -> Config {
    // The cipher's counters allow at most 1 GiB between two key exchanges.
    let rekey = usize::try_from(settings.rekey_bytes)
        .unwrap_or(1 << 30)
        .clamp(1 << 20, 1 << 30);
    Config {
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-dropcase")),
        methods: MethodSet::from([MethodKind::PublicKey, MethodKind::Password].as_slice()),
        auth_rejection_time: Duration::from_millis(300),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys,
        // What the peer may send before we took it: with the packet size it bounds the memory of a channel.
        channel_buffer_size: 32,
        maximum_packet_size: 32 * 1024,
        window_size: 2 << 20,
        limits: russh::Limits::new(rekey, rekey, Duration::from_secs(3600)),
        preferred: algorithms(settings.older_clients),
        max_auth_attempts: settings.max_auth_attempts,
        // Only a bound for a peer that stalls inside the protocol; requests are timed by `limits`.
        inactivity_timeout: Some(settings.idle_timeout.max(settings.login_grace) + KEEPALIVE),
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: 3,
        nodelay: true,
        ..Config::default()
    }
}

/// Nothing with SHA-1, CBC or compression; the hybrid key exchange and the fastest cipher first. A MAC before encryption
/// (libssh2 before 1.11 knows no other) only where the operator lets older clients in, and behind all others: strict key
/// exchange still guards what it does not cover.
fn algorithms(older_clients: bool) -> Preferred {
    const KEX: &[kex::Name] = &[
        kex::MLKEM768X25519_SHA256,
        kex::CURVE25519,
        kex::CURVE25519_PRE_RFC_8731,
        kex::DH_GEX_SHA256,
        kex::DH_G16_SHA512,
        kex::DH_G18_SHA512,
        kex::EXTENSION_SUPPORT_AS_SERVER,
        kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
    ];
    const CIPHERS: &[cipher::Name] = &[
        cipher::AES_128_GCM,
        cipher::AES_256_GCM,
        cipher::CHACHA20_POLY1305,
        cipher::AES_256_CTR,
        cipher::AES_192_CTR,
        cipher::AES_128_CTR,
    ];
    const MACS: &[mac::Name] = &[
        mac::HMAC_SHA256_ETM,
        mac::HMAC_SHA512_ETM,
        mac::HMAC_SHA256,
        mac::HMAC_SHA512,
    ];
    let ecdsa = |curve| Algorithm::Ecdsa { curve };
    Preferred {
        kex: Cow::Borrowed(KEX),
        key: Cow::Owned(vec![
            Algorithm::Ed25519,
            ecdsa(EcdsaCurve::NistP256),
            ecdsa(EcdsaCurve::NistP384),
            ecdsa(EcdsaCurve::NistP521),
            Algorithm::Rsa {
                hash: Some(HashAlg::Sha512),
            },
            Algorithm::Rsa {
                hash: Some(HashAlg::Sha256),
            },
        ]),
        host_key_certificates: Cow::Borrowed(&[]),
        cipher: Cow::Borrowed(CIPHERS),
        mac: Cow::Borrowed(if older_clients { MACS } else { &MACS[..2] }),
        compression: Cow::Borrowed(&[compression::NONE]),
    }
}
