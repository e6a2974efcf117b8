//! Bank statements, from bytes to payments.

mod camt;
mod hostile;
mod lists;
mod messages;
#[path = "../files/support.rs"]
mod support;
