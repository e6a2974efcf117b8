//! The case database: model, checks, import, queries and the store on SQLite or PostgreSQL.

pub mod account;
pub mod checks;
pub mod desk;
pub mod import;
pub mod model;
pub mod papers;
pub mod queries;
pub mod search;
pub mod store;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
