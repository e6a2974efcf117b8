//! Bank statements, from bytes to payments.

mod camt;
mod hostile;
mod lists;
#[path = "../files/support.rs"]
mod support;
