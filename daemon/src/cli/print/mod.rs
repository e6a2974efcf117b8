//! What answers look like to people.

pub(crate) mod account;
pub(crate) mod cases;
pub(crate) mod check;
pub(crate) mod deliveries;
pub(crate) mod findings;
pub(crate) mod outbox;
pub(crate) mod papers;
pub(crate) mod reports;
pub(crate) mod status;
#[cfg(test)]
mod tests;
