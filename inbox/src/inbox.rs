//! The whole room behind one handle: what the daemon starts, reloads and stops.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use dropcase_config::{Client, Service};
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, channel, unbounded_channel};

use crate::accounts::Accounts;
use crate::area::Area;
use crate::arrivals::{self, Arrival, Engine, Signal};
use crate::claim::Claim;
use crate::ftps::FtpsServer;
use crate::papers::PaperStore;
use crate::sftp::SftpServer;
use crate::watch::DropWatch;
use crate::{Clock, Event, host_keys};

/// Arrivals that may wait for their receiver; more wait in their folders.
const ARRIVALS: usize = 1024;

/// Why the room could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The host keys can be neither read nor made.
    #[error("the host keys in {folder} cannot be used")]
    HostKeys {
        /// Their folder.
        folder: std::path::PathBuf,
        /// What the disk reported.
        #[source]
        source: io::Error,
    },
    /// A client's folders can be neither made nor opened.
    #[error("the clients' folders cannot be used")]
    Folders(#[source] io::Error),
    /// An address cannot be bound.
    #[error("cannot listen for SFTP")]
    Listen(#[source] io::Error),
    /// FTPS is wanted, and its certificate cannot be used or its address not be bound.
    #[error("cannot serve FTPS")]
    Ftps(#[source] io::Error),
}

/// What comes out of the room.
#[derive(Debug)]
pub struct Streams {
    /// Complete files, in the order of arrival per client.
    pub arrivals: Receiver<Arrival>,
    /// Other things that happened.
    pub events: UnboundedReceiver<Event>,
}

/// The running room.
#[derive(Debug)]
pub struct Inbox {
    area: Area,
    accounts: Arc<Accounts>,
    claim: Claim,
    papers: PaperStore,
    sftp: SftpServer,
    ftps: Option<Arc<FtpsServer>>,
    fingerprints: Vec<String>,
    host_key_lines: Vec<String>,
    signals: Sender<Signal>,
    watch: Mutex<Option<DropWatch>>,
    engine: Mutex<Option<JoinHandle<()>>>,
}

impl Inbox {
    /// Makes what is missing, puts in order what a crash left, binds the addresses and starts to watch.
    ///
    /// # Errors
    /// [`StartError`]
    pub async fn start(service: &Service, clients: &[Client], clock: Clock) -> Result<(Self, Streams), StartError> {
        let (signals, heard) = std::sync::mpsc::channel();
        let (events_in, events) = unbounded_channel();
        let (arrivals_in, arrivals) = channel(ARRIVALS);
        let folder = service.sftp.host_keys.clone();
        let keys = blocking(move || host_keys::load_or_create(&folder))
            .await
            .map_err(|source| StartError::HostKeys {
                folder: service.sftp.host_keys.clone(),
                source,
            })?;
        let (data_dir, limits, owned) = (service.data_dir.clone(), service.limits.clone(), clients.to_vec());
        let (time, sender) = (clock.clone(), signals.clone());
        let area = blocking(move || Area::open(&data_dir, &limits, &owned, time, sender, events_in))
            .await
            .map_err(StartError::Folders)?;
        let accounts = Accounts::new(clients, service.sftp.max_sessions_per_client);
        let rules = arrivals::rules(clients);
        let claim = Claim::new(area.clone(), rules.clone());
        let engine = Engine::new(area.clone(), rules, clock, service.limits.scan_interval, arrivals_in);
        let watch = watch(service, clients, &signals);
        let (fingerprints, host_key_lines) = (host_keys::fingerprints(&keys), host_keys::public_lines(&keys));
        let sftp = SftpServer::start(&service.sftp, keys, Arc::clone(&accounts), area.clone())
            .await
            .map_err(StartError::Listen)?;
        let ftps = match &service.ftps {
            Some(settings) => FtpsServer::start(settings, service, clients, Arc::clone(&accounts), area.clone())
                .await
                .map(Arc::new)
                .map(Some)
                .map_err(StartError::Ftps)?,
            None => None,
        };
        let engine = std::thread::Builder::new()
            .name("arrivals".to_owned())
            .spawn(move || engine.run(&heard))
            .map_err(StartError::Folders)?;
        let inbox = Self {
            area,
            accounts,
            claim,
            papers: PaperStore::new(&service.data_dir),
            sftp,
            ftps,
            fingerprints,
            host_key_lines,
            signals,
            watch: Mutex::new(watch),
            engine: Mutex::new(Some(engine)),
        };
        Ok((inbox, Streams { arrivals, events }))
    }

    /// Takes up changed clients without dropping sessions, except those whose access changed. New limits of the service
    /// itself need a restart.
    ///
    /// # Errors
    /// When a new client's folders cannot be made; nothing is changed then.
    pub async fn reload(&self, clients: &[Client]) -> io::Result<()> {
        let (area, owned) = (self.area.clone(), clients.to_vec());
        blocking(move || area.set_clients(&owned)).await?;
        self.accounts.reload(clients);
        if let Some(ftps) = self.ftps.clone() {
            let owned = clients.to_vec();
            blocking(move || {
                ftps.reload(&owned);
                Ok(())
            })
            .await?;
        }
        let rules = arrivals::rules(clients);
        self.claim.set_rules(rules.clone());
        if let Some(watch) = self.watch.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            watch.set_clients(clients);
        }
        // Without a receiver the service is going down.
        let _ = self.signals.send(Signal::Rules(rules));
        Ok(())
    }

    /// Moves files that arrived; see [`Claim`].
    pub fn claim(&self) -> Claim {
        self.claim.clone()
    }

    /// The clients' folders, for a further protocol's server.
    pub fn area(&self) -> Area {
        self.area.clone()
    }

    /// The papers of cases.
    pub fn papers(&self) -> PaperStore {
        self.papers.clone()
    }

    /// Who may come in, for a further protocol's server.
    pub fn accounts(&self) -> Arc<Accounts> {
        Arc::clone(&self.accounts)
    }

    /// The SFTP addresses as bound.
    pub fn sftp_addresses(&self) -> &[SocketAddr] {
        self.sftp.addresses()
    }

    /// The FTPS address as bound; `None` when FTPS is off.
    pub fn ftps_address(&self) -> Option<SocketAddr> {
        self.ftps.as_deref().map(FtpsServer::address)
    }

    /// `SHA256:…` of each host key, ed25519 first.
    pub fn host_key_fingerprints(&self) -> &[String] {
        &self.fingerprints
    }

    /// Public host keys as in a `known_hosts` line without the name, ed25519 first.
    pub fn host_key_lines(&self) -> &[String] {
        &self.host_key_lines
    }

    /// Sessions open now, over all protocols.
    pub fn open_sessions(&self) -> usize {
        self.accounts.open_sessions()
    }

    /// Files that have waited since before `since` for a rename or a marker without which they are not taken.
    ///
    /// # Errors
    /// When the runtime is being shut down.
    pub async fn incomplete(&self, since: DateTime<Utc>) -> io::Result<usize> {
        let (area, rules) = (self.area.clone(), self.claim.rules());
        blocking(move || Ok(arrivals::incomplete(&area, &rules, since))).await
    }

    /// Looks at all folders now instead of at the next scan.
    pub fn rescan(&self) {
        let _ = self.signals.send(Signal::Rescan);
    }

    /// Takes no more connections, says goodbye to the open ones (what they were writing stays as partials) and ends the
    /// stream of arrivals.
    pub async fn shutdown(&self) {
        self.sftp.stop().await;
        if let Some(ftps) = &self.ftps {
            ftps.stop().await;
        }
        drop(self.watch.lock().unwrap_or_else(PoisonError::into_inner).take());
        let _ = self.signals.send(Signal::Stop);
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner).take();
        let ended = blocking(move || Ok(engine.map(JoinHandle::join))).await;
        if let Ok(Some(Err(_))) = ended {
            tracing::error!("the thread of the arrivals panicked");
        }
    }
}

fn watch(service: &Service, clients: &[Client], signals: &Sender<Signal>) -> Option<DropWatch> {
    match DropWatch::new(&service.data_dir, signals.clone()) {
        Ok(mut watch) => {
            watch.set_clients(clients);
            Some(watch)
        }
        Err(error) => {
            tracing::warn!(%error, "cannot watch the drop folders; scans find what others put there");
            None
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
