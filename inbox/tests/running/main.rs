//! The whole room, running in a temporary home and used over loopback.

mod doors;
mod ftps;
mod ftps_client;
mod sftp;
mod support;
