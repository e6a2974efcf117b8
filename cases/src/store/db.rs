//! One body of queries for both databases: the enums, the macros that pick the arm, the texts.

use serde::de::DeserializeOwned;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::StoreError;

/// The pool of either database.
#[derive(Debug, Clone)]
pub enum Db {
    /// Embedded, one writer.
    Sqlite(SqlitePool),
    /// A server, for several nodes.
    Postgres(PgPool),
}

/// A transaction that writes. Dropped without [`Tx::commit`] it is rolled back.
#[derive(Debug)]
pub(crate) enum Tx {
    /// Begun `immediate`: it holds the one write lock.
    Sqlite(Transaction<'static, Sqlite>),
    /// Read committed.
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Begins a transaction that writes.
    ///
    /// A `BEGIN` that is cancelled on its way leaves its connection in an unknown state, with SQLite's lock perhaps in
    /// its hand. So it runs in a task of its own: whoever stops waiting for it gets a transaction rolled back.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        let db = self.clone();
        let begun = tokio::spawn(async move {
            Ok(match db {
                // A deferred transaction that turns into a writing one fails at once when another writes; an immediate
                // one waits its turn.
                Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("begin immediate").await?),
                Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
            })
        });
        begun.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }
}

impl Tx {
    /// Makes everything since the beginning true.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Takes everything since the beginning back.
    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// The rows of a query that brings them as one JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, StoreError> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()).into())
}

/// A query in the words of both databases; mostly they are the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql {
    /// For SQLite.
    pub(crate) sqlite: &'static str,
    /// For PostgreSQL.
    pub(crate) postgres: &'static str,
}

/// Declares the queries of a module: `NAME = "both";` or `NAME = sqlite "…", postgres "…";`, and lists them in `ALL`
/// so that a test prepares each on both databases.
macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident = $(both $both:expr)? $(, sqlite $sqlite:expr, postgres $postgres:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: $crate::store::db::Sql =
                $crate::store::db::queries!(@one $($both)? $(, $sqlite, $postgres)?);
        )*
        /// Every query of this module with its name.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, $crate::store::db::Sql)] = &[$((stringify!($name), $name),)*];
    };
    (@one $both:expr) => { $crate::store::db::Sql { sqlite: $both, postgres: $both } };
    (@one , $sqlite:expr, $postgres:expr) => { $crate::store::db::Sql { sqlite: $sqlite, postgres: $postgres } };
}
pub(crate) use queries;

/// Runs one body on the pool of either database: `on!(&store.db, QUERY, |pool, sql| sqlx::query(sql)…await)`.
macro_rules! on {
    ($db:expr, $query:expr, |$pool:ident, $sql:ident| $body:expr) => {{
        let query: $crate::store::db::Sql = $query;
        match $db {
            $crate::store::db::Db::Sqlite($pool) => {
                let $sql = query.sqlite;
                $body
            }
            $crate::store::db::Db::Postgres($pool) => {
                let $sql = query.postgres;
                $body
            }
        }
    }};
}
pub(crate) use on;

/// The same inside of a transaction: `in_tx!(&mut tx, QUERY, |conn, sql| sqlx::query(sql)…execute(&mut *conn).await)`.
macro_rules! in_tx {
    ($tx:expr, $query:expr, |$conn:ident, $sql:ident| $body:expr) => {{
        let query: $crate::store::db::Sql = $query;
        match $tx {
            $crate::store::db::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                let $sql = query.sqlite;
                $body
            }
            $crate::store::db::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                let $sql = query.postgres;
                $body
            }
        }
    }};
}
pub(crate) use in_tx;
