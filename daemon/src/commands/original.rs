//! Files that an operator hands in: written beside the work folders, then queued as a delivery.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use dropcase_config::ClientKey;
use dropcase_inbox::Claim;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::{NoContext, Timestamp, Uuid};

use super::Body;
use crate::app::App;
use crate::control::Failure;

/// A file or a message's folder on its way to a delivery; removed unless it was placed.
pub(super) struct Incoming {
    /// The delivery's upload id.
    pub(super) upload: Uuid,
    client: ClientKey,
    claim: Claim,
    path: PathBuf,
}

impl Incoming {
    /// A place for a new file of `client`.
    pub(super) fn new(app: &App, client: &ClientKey) -> anyhow::Result<Self> {
        let (claim, upload) = (app.inbox.claim(), upload_id(app.now()));
        let path = claim.incoming(client, upload).context("the work folder")?;
        Ok(Self {
            upload,
            client: client.clone(),
            claim,
            path,
        })
    }

    /// Writes `size` bytes of `body` there, synced.
    pub(super) async fn write(&self, body: Body, size: u64) -> Result<(), Failure> {
        let mut file = tokio::fs::File::from_std(create(&self.path)?);
        let written = tokio::io::copy(&mut body.take(size), &mut file)
            .await
            .context("the file")?;
        if written != size {
            return Err(Failure::refused(format!(
                "only {written} of {size} bytes came; nothing was taken over"
            )));
        }
        file.flush().await.context("the file")?;
        Ok(file.sync_all().await.context("the file")?)
    }

    /// Copies `original` there, synced: a file or a message's folder with at most `limit` and one of its files.
    pub(super) async fn copy(&self, original: PathBuf, limit: usize) -> anyhow::Result<()> {
        let (claim, client, upload) = (self.claim.clone(), self.client.clone(), self.upload);
        let copy = move || claim.copy(&client, &original, upload, limit);
        tokio::task::spawn_blocking(copy).await?.context("copying the original")
    }

    /// Moves the file to where the delivery is worked.
    pub(super) async fn place(self, code: String, name: String) -> anyhow::Result<()> {
        let place = move || self.claim.place(&self.client, self.upload, &code, &name);
        tokio::task::spawn_blocking(place).await?.context("placing the file")
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Placed, or never written: then there is nothing to remove.
        if std::fs::remove_file(&self.path).is_err() {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

fn create(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .context("a file in the work folder")
}

/// The id of an upload at `now`.
pub(super) fn upload_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}
