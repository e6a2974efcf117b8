//! What the outbox works with, handed in by the daemon.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use dropcase_cases::account::Account;
use dropcase_cases::desk::CaseFile;
use dropcase_cases::store::Store;
use dropcase_config::{Client, Service};

/// Tells the present moment.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
/// Looks up the settings of a client by key, as they are in force now.
pub type Clients = Arc<dyn Fn(&str) -> Option<Arc<Client>> + Send + Sync>;

/// Works out the account of a case at the end of a day, by the terms in force; `None` where it cannot be.
pub type Accounts = Arc<dyn Fn(&CaseFile, NaiveDate) -> Option<Account> + Send + Sync>;

/// Opens a paper: the key of the client in whose folder of the paper store it lies, and the SHA-256 of its content.
pub type PaperStore = Arc<dyn Fn(&str, &str) -> io::Result<File> + Send + Sync>;

/// Everything that rendering and delivering needs.
#[derive(Clone)]
pub struct Context {
    /// The case database.
    pub store: Store,
    /// `dropcase.toml`.
    pub service: Arc<Service>,
    /// The clients in force.
    pub clients: Clients,
    /// The clock.
    pub clock: Clock,
    /// The accounts of cases.
    pub accounts: Accounts,
    /// The papers of cases.
    pub paper_store: PaperStore,
    /// This process among all that work on the database.
    pub node: String,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

impl Context {
    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// The folder that a client sees.
    pub fn client_folder(&self, key: &str) -> PathBuf {
        client_folder(&self.service.data_dir, key)
    }

    /// Where spreadsheets keep their temporary files.
    pub fn temp_folder(&self) -> PathBuf {
        self.service.data_dir.join("render")
    }
}

/// The folder that the client `key` sees.
pub fn client_folder(data_dir: &Path, key: &str) -> PathBuf {
    data_dir.join("clients").join(key)
}
