//! The whole room, running in a temporary home and used over loopback.

mod doors;
mod sftp;
mod support;
