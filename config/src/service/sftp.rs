//! Reads `[sftp]`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use super::Sftp;
use crate::quantities::positive_duration;
use crate::reader::Section;

pub(super) fn read(mut section: Section<'_>, data_dir: &Path) -> Sftp {
    let listen = section.list("listen", address);
    if listen.as_ref().is_some_and(Vec::is_empty) {
        section.mistake(
            "listen",
            "names no address; write \"0.0.0.0:2222\", or remove the line for this default",
        );
    }
    let sftp = Sftp {
        listen: listen.unwrap_or_else(|| vec![SocketAddr::from(([0, 0, 0, 0], 2222))]),
        host_keys: section.path("host_keys").unwrap_or_else(|| data_dir.join("hostkeys")),
        public_host: section.parsed("public_host", host),
        login_grace: section
            .parsed("login_grace", positive_duration)
            .unwrap_or(Duration::from_secs(60)),
        max_auth_attempts: section.number("max_auth_attempts", 1..=100).unwrap_or(6),
        max_sessions_per_client: section.number("max_sessions_per_client", 1..=10_000).unwrap_or(16),
        idle_timeout: section
            .parsed("idle_timeout", positive_duration)
            .unwrap_or(Duration::from_secs(15 * 60)),
        rekey_bytes: section.bytes("rekey_bytes", 1 << 20).unwrap_or(1 << 30),
        older_clients: section.flag("older_clients").unwrap_or(false),
    };
    section.finish();
    sftp
}

/// An IP address with a port.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not an address with a port; write it like \"0.0.0.0:2222\" or \"[::]:2222\""))
}

/// A host name or address without port.
pub(super) fn host(text: &str) -> Result<String, String> {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let name = !text.is_empty() && text.chars().all(letters);
    let port = text.matches(':').count() == 1;
    match name && !port {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "`{text}` is not a host name; write it like \"files.example.com\", without a port"
        )),
    }
}
