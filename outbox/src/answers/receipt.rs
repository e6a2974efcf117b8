//! The receipt: at once, when a file was claimed, before anything of it was read.

use std::io::Write;

use serde::Serialize;

use super::facts::Facts;
use super::program::time;
use crate::names::answer_name;
use crate::writers::WriteError;

#[derive(Serialize)]
struct Receipt<'a> {
    schema: &'static str,
    status: &'static str,
    delivery: &'a str,
    client: &'a str,
    file: &'a str,
    size: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    validation: bool,
    received: String,
}

/// `<name>.<id>.received.json`
pub fn file_name(facts: &Facts) -> String {
    answer_name(
        &facts.delivery().name,
        &format!(".{}.received.json", facts.delivery().code),
    )
}

/// Writes the receipt.
///
/// # Errors
/// When `out` fails.
pub fn write<W: Write>(facts: &Facts, mut out: W) -> Result<(), WriteError> {
    let delivery = facts.delivery();
    let receipt = Receipt {
        schema: "dropcase-receipt-1",
        status: "RCVD",
        delivery: &delivery.code,
        client: &delivery.client_key,
        file: &delivery.name,
        size: delivery.size,
        sha256: delivery.sha256.as_deref(),
        validation: facts.is_validation(),
        received: time(delivery.arrived_at),
    };
    serde_json::to_writer_pretty(&mut out, &receipt)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}
