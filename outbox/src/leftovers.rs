//! What a crash left in the outboxes: swept when the next process begins.

use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use dropcase_cases::store::StoreError;

use crate::context::Context;
use crate::publish::Folder;
use crate::source::LEASE;

/// The subfolders into which files are published.
const OUTBOXES: [&str; 5] = [
    "outbox/acknowledgements",
    "outbox/corrections",
    "outbox/reports",
    "outbox/settlements",
    "outbox/messages",
];

/// Removes temporary files that a crash left in the outboxes, except those that a staged row waits for.
pub(crate) async fn sweep(context: &Context) -> Result<(), StoreError> {
    let staged: Vec<String> = context
        .store
        .staged_items()
        .await?
        .into_iter()
        .filter_map(|item| item.temp_name)
        .collect();
    let clients = context.service.data_dir.join("clients");
    // Nobody writes on one file for as long as two leases.
    let before = context.now() - LEASE * 2;
    let swept = tokio::task::spawn_blocking(move || sweep_all(&clients, before, &staged)).await;
    match swept {
        Ok(Ok(0)) | Err(_) => {}
        Ok(Ok(count)) => tracing::info!(count, "leftovers of earlier attempts removed"),
        Ok(Err(error)) => tracing::warn!(kind = ?error.kind(), "the outboxes could not be swept"),
    }
    Ok(())
}

fn sweep_all(clients: &Path, before: DateTime<Utc>, staged: &[String]) -> io::Result<usize> {
    let mut removed = 0;
    let entries = match std::fs::read_dir(clients) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        for below in OUTBOXES {
            if entry.path().join(below).is_dir() {
                let folder = Folder::open(&entry.path(), below)?;
                removed += folder.sweep(before, &|name| staged.iter().any(|kept| kept == name))?;
            }
        }
    }
    Ok(removed)
}
