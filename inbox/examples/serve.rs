//! Serves the folders of a home (`dropcase.toml` and `clients.d/`) over SFTP without importing anything, for trying
//! clients and for measuring: `cargo run -p dropcase-inbox --example serve -- HOME/dropcase.toml`.

use std::io::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use dropcase_inbox::{Clock, Inbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("usage: serve HOME/dropcase.toml")?;
    let (service, clients) = dropcase_config::load_all(&path)?;
    let clock = Clock::new(|| DateTime::<Utc>::from(std::time::SystemTime::now()));
    let (inbox, mut streams) = Inbox::start(&service, &clients, clock).await?;
    let mut out = std::io::stdout();
    for address in inbox.sftp_addresses() {
        writeln!(out, "listening on {address}")?;
    }
    out.flush()?;
    loop {
        tokio::select! {
            Some(arrival) = streams.arrivals.recv() => {
                writeln!(out, "{} {} {} bytes", arrival.client, arrival.upload_id, arrival.size)?;
            }
            Some(event) = streams.events.recv() => writeln!(out, "{event:?}")?,
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    inbox.shutdown().await;
    Ok(())
}
