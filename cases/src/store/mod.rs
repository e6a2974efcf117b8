//! The case database on SQLite or PostgreSQL: connecting, migrating, and the queues of deliveries and answers.

pub(crate) mod acts;
pub(crate) mod aside;
pub(crate) mod audit;
pub(crate) mod browse;
pub(crate) mod bulk;
pub(crate) mod clients;
pub(crate) mod code;
pub(crate) mod db;
pub(crate) mod deliveries;
mod error;
mod log;
pub(crate) mod outbox;
pub(crate) mod papers;
pub(crate) mod report_runs;
pub(crate) mod rows;

#[cfg(test)]
mod tests;

use std::sync::{Arc, RwLock};
use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlitePool};

use crate::search::Vocabulary;

pub use browse::DeliveryFilter;
use db::Tx;

pub use db::Db;
pub use deliveries::{Fault, MAX_ATTEMPTS, MAX_BEGUN};
pub use error::{Cause, StoreError};

/// How long a writer waits for another one on SQLite: longer than the largest import holds the lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes of a page of a new SQLite database: twice the default writes an import in half as many pieces.
const SQLITE_PAGE_BYTES: u32 = 8 << 10;

/// Page cache of a SQLite connection in KiB.
const CACHE_KIB: u32 = 8 << 10;

/// That of the importing connection: the indexes of some hundred thousand debtors. With a smaller one an import writes
/// the pages of its indexes to the log again and again.
const IMPORT_CACHE_KIB: u32 = 40 << 10;

/// After so long without an import its connection is closed, and the cache with it.
const IMPORT_IDLE: Duration = Duration::from_secs(5);

/// Up only, one a number. Those for SQLite that rebuild a table begin with `-- no-transaction`: they switch the
/// foreign keys off, which does nothing inside of a transaction, and bring a transaction of their own.
static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The case database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: Db,
    /// For imports; on PostgreSQL the same.
    importer: Db,
    /// The words of the search, as far as they were read.
    pub(crate) vocabulary: Arc<RwLock<Vocabulary>>,
}

impl Store {
    /// Connects to `sqlite:…` (the file is made when missing) or `postgres:…` with at most `connections` connections.
    ///
    /// # Errors
    /// When the address is none of these or the database does not answer.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            let options = sqlite_options(url.parse()?);
            let db = sqlite_pool(connections).connect_with(options.clone()).await?;
            tokio::spawn(log::keep_short(db.clone()));
            Ok(Self {
                db: Db::Sqlite(db),
                importer: Db::Sqlite(import_pool(options)),
                vocabulary: Arc::default(),
            })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = url
                .parse::<PgConnectOptions>()?
                .application_name("dropcase")
                .disable_statement_logging();
            let pool = PgPoolOptions::new().max_connections(connections.max(1));
            let db = Db::Postgres(pool.connect_with(options).await?);
            Ok(Self {
                importer: db.clone(),
                db,
                vocabulary: Arc::default(),
            })
        } else {
            Err(StoreError::Address)
        }
    }

    /// Begins the transaction of an import.
    pub(crate) async fn begin_import(&self) -> Result<Tx, StoreError> {
        self.importer.begin().await
    }

    /// Brings the schema to this version; does nothing when it is there.
    ///
    /// # Errors
    /// When a migration fails, or the database was migrated by a newer version.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.db {
            Db::Sqlite(pool) => SQLITE_MIGRATIONS.run(pool).await?,
            Db::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// Waits for what runs and closes all connections.
    pub async fn close(&self) {
        for db in [&self.importer, &self.db] {
            match db {
                Db::Sqlite(pool) => pool.close().await,
                Db::Postgres(pool) => pool.close().await,
            }
        }
    }

    /// The pool, for reading by those who know which database they have.
    pub fn db(&self) -> &Db {
        &self.db
    }
}

fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    // The wait for a connection is at least the wait for the lock, else small writers fail in a queue.
    SqlitePoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(BUSY_TIMEOUT * 2)
}

/// The connection of imports: the one lock lets in one at a time. An import writes no id but those that it has found or
/// made itself, so that nothing is gained by looking each of them up again.
fn import_pool(options: SqliteConnectOptions) -> SqlitePool {
    let options = options
        .foreign_keys(false)
        .pragma("cache_size", format!("-{IMPORT_CACHE_KIB}"));
    sqlite_pool(1).idle_timeout(IMPORT_IDLE).connect_lazy_with(options)
}

fn sqlite_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .page_size(SQLITE_PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        // What was answered OK must survive a power cut; NORMAL may lose the last transactions in WAL mode.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // `log::keep_short` does it.
        .pragma("wal_autocheckpoint", "0")
        .pragma("temp_store", "memory")
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        // Statement texts and values never reach the log.
        .disable_statement_logging()
}

/// A time as both databases keep it: PostgreSQL has microseconds.
pub(crate) fn stamp(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(6)
}
