//! The rooms wired together: what the service and the commands work with.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use dropcase_cases::account::Sources;
use dropcase_cases::model::{ActorId, ActorKind, ClientSetting, CreditorSetting, DeliveryId, Leased};
use dropcase_cases::store::{Store, StoreError};
use dropcase_config::terms::Law;
use dropcase_config::{Client, ClientKey, Service};
use dropcase_inbox::{Clock, Inbox, Streams};
use dropcase_outbox::{Context, Outbox, plan_quarantine};
use tokio::sync::{Notify, watch};

use crate::control::Actor;
use crate::orders::{Layouts, load_layouts};
use crate::owner::HomeLock;
use crate::terms::DeskRules;
use crate::{leftovers, sources};

/// The clients of the settings by key.
pub(crate) type Clients = BTreeMap<String, Arc<Client>>;

/// How long a process that ends waits for the database to give back what it has in work.
const LET_GO: Duration = Duration::from_secs(5);

/// Whether the doors are open: a command that does its work without a running service keeps them shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doors {
    /// SFTP and FTPS listen.
    Open,
    /// Nobody comes in.
    Shut,
}

/// Everything that works on one home. The home's lock is held as long as one exists.
pub(crate) struct App {
    /// `dropcase.toml` as it was when the process began.
    pub(crate) service: Service,
    /// The case database.
    pub(crate) store: Store,
    /// The doors and the clients' folders.
    pub(crate) inbox: Inbox,
    /// What leaves.
    pub(crate) outbox: Outbox,
    /// This home among all that work on the database; the same after a restart.
    pub(crate) node: String,
    /// A delivery may be waiting.
    pub(crate) work: Notify,
    /// There may be something for the search index.
    pub(crate) imported: Notify,
    settings: Arc<RwLock<Settings>>,
    progress: Mutex<HashMap<DeliveryId, watch::Sender<u64>>>,
    config: PathBuf,
    _lock: HomeLock,
}

/// What a reload changes.
#[derive(Clone)]
struct Settings {
    clients: Arc<Clients>,
    layouts: Arc<Layouts>,
    sources: Sources,
}

impl App {
    /// Opens the home of the settings file `config`: database, folders, doors. What a crash left is put in order.
    ///
    /// # Errors
    /// Whatever cannot be opened, with what it was.
    pub(crate) async fn open(config: PathBuf, doors: Doors) -> anyhow::Result<(Arc<Self>, Streams)> {
        let (mut service, clients, sources) = sources::load_all(&config)?;
        let lock = HomeLock::take(&service.data_dir)?;
        if doors == Doors::Shut {
            service.sftp.listen.clear();
            service.ftps = None;
        }
        let layouts = load_layouts(&service.layouts_dir).context("the clients' own layouts")?;
        let store = Store::connect(&service.database.url, service.database.connections)
            .await
            .context("the database")?;
        store.migrate().await.context("the database")?;
        store
            .sync_clients(&client_settings(&clients), now())
            .await
            .context("the database")?;
        let node = node_name(&service.data_dir);
        store.reclaim(&node, now()).await.context("the database")?;
        let (inbox, streams) = Inbox::start(&service, &clients, Clock::new(now))
            .await
            .context("the inbox")?;
        leftovers::sweep(&lock, &service.data_dir, &store, inbox.claim()).await;
        let settings = Settings {
            clients: Arc::new(by_key(clients)),
            layouts: Arc::new(layouts),
            sources,
        };
        let settings = Arc::new(RwLock::new(settings));
        let outbox = Outbox::new(Context {
            store: store.clone(),
            service: Arc::new(service.clone()),
            clients: Arc::new({
                let settings = settings.clone();
                move |key| in_force(&settings).clients.get(key).cloned()
            }),
            clock: Arc::new(now),
            accounts: Arc::new({
                let settings = settings.clone();
                move |file, as_of| {
                    let Settings { clients, sources, .. } = in_force(&settings);
                    DeskRules::new(clients, sources).account(file, as_of)
                }
            }),
            paper_store: {
                let papers = inbox.papers();
                Arc::new(move |client, sha256| match ClientKey::new(client) {
                    Some(client) => papers.open(&client, sha256),
                    None => Err(std::io::ErrorKind::NotFound.into()),
                })
            },
            node: node.clone(),
        });
        let app = Arc::new(Self {
            store,
            inbox,
            outbox,
            node,
            work: Notify::new(),
            imported: Notify::new(),
            settings,
            progress: Mutex::default(),
            config,
            service,
            _lock: lock,
        });
        Ok((app, streams))
    }

    /// All clients of the settings in force.
    pub(crate) fn clients(&self) -> Arc<Clients> {
        in_force(&self.settings).clients
    }

    /// The settings of one client.
    pub(crate) fn client(&self, key: &str) -> Option<Arc<Client>> {
        self.clients().get(key).cloned()
    }

    /// The clients' own layouts.
    pub(crate) fn layouts(&self) -> Arc<Layouts> {
        in_force(&self.settings).layouts
    }

    /// Takes up changed settings of clients, layouts, fee schedules and base rates, without dropping sessions but those whose access changed.
    ///
    /// # Errors
    /// When the new settings have mistakes or cannot be taken up; the old ones stay in force.
    pub(crate) async fn reload(&self) -> anyhow::Result<()> {
        let (_, clients, sources) = sources::load_all(&self.config)?;
        let layouts = load_layouts(&self.service.layouts_dir).context("the clients' own layouts")?;
        self.store
            .sync_clients(&client_settings(&clients), self.now())
            .await
            .context("the database")?;
        self.inbox.reload(&clients).await.context("the inbox")?;
        let settings = Settings {
            clients: Arc::new(by_key(clients)),
            layouts: Arc::new(layouts),
            sources,
        };
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        self.work.notify_one();
        Ok(())
    }

    /// What the case desk goes by, from the settings in force.
    pub(crate) fn desk(&self) -> DeskRules {
        let Settings { clients, sources, .. } = in_force(&self.settings);
        DeskRules::new(clients, sources)
    }

    /// The day from which the newest base rate is valid, when that is more than seven months before `today`: one is
    /// missing. `None` also where no mandate is under German law.
    pub(crate) fn old_base_rate(&self, today: NaiveDate) -> Option<NaiveDate> {
        let Settings { clients, sources, .. } = in_force(&self.settings);
        let mut mandates = clients.values().flat_map(|client| &client.mandates);
        let is_needed = mandates.any(|mandate| mandate.terms.law == Law::De);
        let is_old = is_needed && sources.tables.lacks_base_rate(today);
        sources.tables.last_base_rate().filter(|_| is_old)
    }

    /// The row of whoever commands.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn operator(&self, actor: &Actor) -> Result<ActorId, StoreError> {
        self.store.actor(ActorKind::Operator, None, &actor.name).await
    }

    /// Sets a delivery aside for people and tells client and operator; `args` says why, as a JSON object of codes.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn quarantine(&self, leased: &Leased, args: &str) -> Result<(), StoreError> {
        let answers = self
            .client(&leased.delivery.client_key)
            .map(|client| plan_quarantine(&client, &self.service.mail, false))
            .unwrap_or_default();
        let service = self.store.actor(ActorKind::Service, None, "dropcase").await?;
        self.store
            .quarantine(leased, Some(args), &answers, service, self.now())
            .await?;
        self.outbox.notify();
        Ok(())
    }

    /// Gives back what is still in work when the process ends in order, so that it costs no attempt.
    pub(crate) async fn let_go(&self) {
        match tokio::time::timeout(LET_GO, self.store.let_go(&self.node)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what was in work costs an attempt"),
            Err(_) => tracing::warn!("the database is busy; what was in work costs an attempt"),
        }
    }

    /// How far the work on a delivery is, to be told while it lasts.
    pub(crate) fn progress(&self, delivery: DeliveryId) -> Progress<'_> {
        self.ways().entry(delivery).or_insert_with(|| watch::channel(0).0);
        Progress { app: self, delivery }
    }

    /// Follows the work on a delivery; `None` while nobody works on it.
    pub(crate) fn follow(&self, delivery: DeliveryId) -> Option<watch::Receiver<u64>> {
        self.ways().get(&delivery).map(watch::Sender::subscribe)
    }

    fn ways(&self) -> std::sync::MutexGuard<'_, HashMap<DeliveryId, watch::Sender<u64>>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present moment.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        now()
    }

    /// The day in a client's time zone.
    pub(crate) fn today(&self, client: &Client) -> NaiveDate {
        self.now().with_timezone(&client.time_zone).date_naive()
    }
}

/// Says how far the work on a delivery is; the way is forgotten when this is dropped.
pub(crate) struct Progress<'a> {
    app: &'a App,
    delivery: DeliveryId,
}

impl Progress<'_> {
    /// So many records are done.
    pub(crate) fn say(&self, records: u64) {
        if let Some(way) = self.app.ways().get(&self.delivery) {
            way.send_replace(records);
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.app.ways().remove(&self.delivery);
    }
}

/// The one place of the program that reads the system's clock; everything else is given it.
#[expect(clippy::disallowed_methods, reason = "the wiring reads the clock and passes it on")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

fn in_force(settings: &RwLock<Settings>) -> Settings {
    settings.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn by_key(clients: Vec<Client>) -> Clients {
    clients
        .into_iter()
        .map(|client| (client.key.to_string(), Arc::new(client)))
        .collect()
}

fn client_settings(clients: &[Client]) -> Vec<ClientSetting> {
    let creditor = |creditor: &dropcase_config::Creditor| CreditorSetting {
        code: creditor.code.clone(),
        name: creditor.name.clone(),
    };
    let setting = |client: &Client| ClientSetting {
        key: client.key.to_string(),
        name: client.name.clone(),
        creditors: client.creditors.iter().map(creditor).collect(),
    };
    clients.iter().map(setting).collect()
}

/// Machine and data folder: a home has one worker at a time, so what this name leased before is free again.
fn node_name(data_dir: &Path) -> String {
    let machine = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{machine}:{}", data_dir.display())
}

#[cfg(test)]
mod tests;
