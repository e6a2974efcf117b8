//! Listening for FTP with explicit TLS: connections, their number and their end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dropcase_config::{Client, Ftps, Service};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::certificate::Certificate;
use super::log::Outside;
use super::pulse::Pulse;
use super::session::{Session, Terms};
use crate::accounts::Accounts;
use crate::area::Area;
use crate::sftp::{Startup, Startups};

/// Connections at once, logged in or not; each has a thread.
const MAX_CONNECTIONS: usize = 512;
/// Pause after a failure to accept, such as no descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// The FTPS server.
#[derive(Debug)]
pub struct FtpsServer {
    address: SocketAddr,
    doors: Arc<Doors>,
}

/// What every connection needs.
#[derive(Debug)]
struct Doors {
    terms: Arc<Terms>,
    accounts: Arc<Accounts>,
    area: Area,
    certificate: Certificate,
    plain_allowed: AtomicBool,
    connections: Arc<Semaphore>,
    startups: Startups,
    stop: CancellationToken,
    tasks: TaskTracker,
    outside: Outside,
}

impl FtpsServer {
    /// Binds the address of `settings` and serves it until [`FtpsServer::stop`]. Limits of a session (grace, attempts,
    /// idle time) are those of `[sftp]` in `service`.
    ///
    /// # Errors
    /// When the certificate cannot be used or the address cannot be bound.
    pub async fn start(
        settings: &Ftps,
        service: &Service,
        clients: &[Client],
        accounts: Arc<Accounts>,
        area: Area,
    ) -> io::Result<Self> {
        let certificate = Certificate::load(settings)?;
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", settings.listen)))?;
        let doors = Arc::new(Doors {
            terms: Arc::new(Terms {
                passive_ports: settings.passive_ports.clone(),
                external_address: settings.external_address,
                login_grace: service.sftp.login_grace,
                idle_timeout: service.sftp.idle_timeout,
                max_attempts: service.sftp.max_auth_attempts,
            }),
            accounts,
            area,
            certificate,
            plain_allowed: AtomicBool::new(plain_allowed(clients)),
            connections: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            startups: Startups::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            outside: Outside::here(),
        });
        let address = listener.local_addr()?;
        doors.tasks.spawn(accept(listener, Arc::clone(&doors)));
        Ok(Self { address, doors })
    }

    /// The address as bound, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes up changed clients and a renewed certificate for new connections. A certificate that cannot be used is
    /// reported in the log, and the old one stays. Blocks on the disk.
    pub fn reload(&self, clients: &[Client]) {
        self.doors
            .plain_allowed
            .store(plain_allowed(clients), Ordering::Relaxed);
        if let Err(error) = self.doors.certificate.reload() {
            tracing::error!(%error, "the certificate for FTPS cannot be used; the old one stays");
        }
    }

    /// Takes no more connections, ends the open ones and waits until the last is gone.
    pub async fn stop(&self) {
        self.doors.stop.cancel();
        self.doors.tasks.close();
        self.doors.tasks.wait().await;
    }
}

fn plain_allowed(clients: &[Client]) -> bool {
    let mut plain = clients.iter().filter(|client| client.plain_ftp).peekable();
    let allowed = plain.peek().is_some();
    for client in plain {
        tracing::warn!(client = %client.key, "this client may use FTP without encryption");
    }
    allowed
}

async fn accept(listener: TcpListener, doors: Arc<Doors>) {
    loop {
        let accepted = tokio::select! {
            () = doors.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let opened = match accepted {
            Ok((stream, remote)) => open(stream, remote, &doors),
            Err(error) => Err(error),
        };
        if let Err(error) = opened {
            tracing::warn!(%error, "could not accept a connection over FTPS");
            tokio::time::sleep(ACCEPT_PAUSE).await;
        }
    }
}

/// Gives the connection its thread.
fn open(stream: TcpStream, remote: SocketAddr, doors: &Arc<Doors>) -> io::Result<()> {
    let permit = Arc::clone(&doors.connections).try_acquire_owned().ok();
    let (Some(permit), Some(startup)) = (permit, doors.startups.enter(remote.ip())) else {
        tracing::warn!(%remote, "too many connections; refused one");
        return Ok(());
    };
    let pulse = Arc::new(Pulse::new());
    let session = Session {
        terms: Arc::clone(&doors.terms),
        accounts: Arc::clone(&doors.accounts),
        area: doors.area.clone(),
        remote,
        tls: doors.certificate.for_connection(&pulse),
        pulse,
        plain_allowed: doors.plain_allowed.load(Ordering::Relaxed),
        outside: doors.outside.clone(),
        stop: doors.stop.clone(),
    };
    let (stream, token) = (stream.into_std()?, doors.tasks.token());
    let work = move |startup: Startup| {
        session.run(stream, startup);
        drop((permit, token));
    };
    std::thread::Builder::new()
        .name("ftps".to_owned())
        .spawn(move || work(startup))
        .map(drop)
}
