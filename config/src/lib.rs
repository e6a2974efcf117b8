//! Checked settings of dropcase: `dropcase.toml` (the service) and `clients.d/*.toml` (one file a client).
//!
//! The ground floor of the house: every other room reads these structs, none reads TOML itself.
//! Loading collects *all* mistakes of *all* files, each with file, line and field ([`Mistake`]).

mod client;
mod client_file;
mod load;
mod mistakes;
mod password;
mod quantities;
mod reader;
mod schedule;
mod schedules;
mod service;
#[cfg(test)]
mod tests;

pub use client::{
    AnswerFormat, Client, ClientKey, Completion, Creditor, DateOrder, Locale, Mandate, NumberFormat, Policy, Report,
    ReportKind, Right, User, check_public_key, terms,
};
pub use client_file::{ClientFile, EditError, NewClient, NewUser, fingerprint};
pub use load::load_all;
pub use mistakes::{Mistake, Mistakes};
pub use password::{hash_password, verify_password};
pub use service::{
    AccountFiles, Database, Ftps, Limits, Log, Mail, MailTransport, Papers, Service, Sftp, Smtp, SmtpTls,
};
