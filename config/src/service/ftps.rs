//! Reads `[ftps]`.

use std::net::SocketAddr;

use super::{Ftps, sftp::address};
use crate::quantities::ports;
use crate::reader::Section;

/// `None` until a certificate and its key are named.
pub(super) fn read(mut section: Section<'_>) -> Option<Ftps> {
    let listen = section.parsed("listen", address);
    let certificate = section.existing_file("certificate");
    let key = section.existing_file("key");
    let passive_ports = section.parsed("passive_ports", ports);
    let external_address = section.parsed("external_address", |text| {
        text.parse()
            .map_err(|_| format!("`{text}` is not an IP address; write it like \"192.0.2.10\""))
    });
    section.require(
        "certificate",
        "the PEM file of the certificate chain, or comment [ftps] out",
    );
    section.require("key", "the PEM file of the certificate's key, or comment [ftps] out");
    section.finish();
    Some(Ftps {
        listen: listen.unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 2121))),
        certificate: certificate?,
        key: key?,
        passive_ports: passive_ports.unwrap_or(50_000..=50_999),
        external_address,
    })
}
