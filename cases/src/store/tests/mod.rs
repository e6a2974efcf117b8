//! The store on both databases.

mod clients;
mod deliveries;
mod outbox;
mod schema;
