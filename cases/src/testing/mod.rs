//! Databases for tests: each test runs on SQLite and on PostgreSQL, in a database of its own.
//!
//! SQLite is a file in a temporary folder. PostgreSQL is a real server of Debian's binaries in a temporary folder,
//! reachable over a unix socket only, started once per test binary; it ends with the test binary, however that ends.

pub mod fixture;
mod postgres;

use std::path::Path;

use tempfile::TempDir;

use crate::store::Store;

/// A database of a test's own, migrated.
#[derive(Debug)]
pub struct TestDb {
    /// The store.
    pub store: Store,
    /// Its address, for connecting once more.
    pub url: String,
    folder: TempDir,
}

impl TestDb {
    /// A folder that lives as long as the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An empty database: its address and the folder that it lives in.
///
/// # Panics
/// When the database cannot be made: the test fails.
pub async fn empty(kind: Kind) -> (String, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = match kind {
        Kind::Sqlite => format!("sqlite://{}/cases.sqlite", folder.path().display()),
        Kind::Postgres => postgres::new_database(postgres::Template::Empty).await,
    };
    (url, folder)
}

/// A migrated database.
///
/// # Panics
/// When the database cannot be made: the test fails.
pub async fn database(kind: Kind) -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = match kind {
        Kind::Sqlite => format!("sqlite://{}/cases.sqlite", folder.path().display()),
        Kind::Postgres => postgres::new_database(postgres::Template::Migrated).await,
    };
    let store = Store::connect(&url, 5).await.expect("the test's database answers");
    store.migrate().await.expect("the migrations run");
    TestDb { store, url, folder }
}

/// Declares tests that run on both databases: `on_both! { async fn name(db: TestDb) { … } }` makes a module `name`
/// with the tests `sqlite` and `postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing from around it")]
            use super::*;

            async fn run($db: $crate::testing::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run($crate::testing::database($crate::testing::Kind::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run($crate::testing::database($crate::testing::Kind::Postgres).await).await;
            }
        }
    )*};
}
