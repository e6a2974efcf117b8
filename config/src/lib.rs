//! Checked settings of dropcase: `dropcase.toml` (the service) and `clients.d/*.toml` (one file a client).
//!
//! The ground floor of the house: every other room reads these structs, none reads TOML itself.
//! Loading collects *all* mistakes of *all* files, each with file, line and field ([`Mistake`]).

mod client;
mod mistakes;
mod service;

pub use client::{
    AnswerFormat, Client, ClientKey, Completion, Creditor, DateOrder, Locale, Mandate, NumberFormat, Policy, Report,
    ReportKind, Right, User,
};
pub use mistakes::{Mistake, Mistakes};
pub use service::{Database, Ftps, Limits, Log, Mail, MailTransport, Service, Sftp, Smtp, SmtpTls};
