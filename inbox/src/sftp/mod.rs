//! SFTP version 3 over SSH (draft-ietf-secsh-filexfer-02) with an own loop on russh's channels.

mod attrs;
mod login;
pub mod packet;
mod prompt;
mod requests;
mod server;
mod session;
mod startups;
mod stream;

pub use server::SftpServer;
pub(crate) use startups::{Startup, Startups};
