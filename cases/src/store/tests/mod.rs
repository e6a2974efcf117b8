//! The store on both databases.

mod clients;
mod deliveries;
mod errors;
mod outbox;
mod papers;
mod schema;
