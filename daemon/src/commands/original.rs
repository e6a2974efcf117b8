//! Files that an operator hands in: written beside the work folders, then queued as a delivery.

use std::fs::{File, OpenOptions};
use std::io;
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

/// A file on its way to a delivery; removed unless it was placed.
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

    /// Copies `original` there, synced.
    pub(super) async fn copy(&self, original: PathBuf) -> anyhow::Result<()> {
        let target = self.path.clone();
        let copy = move || -> anyhow::Result<()> {
            let mut file = create(&target)?;
            io::copy(&mut File::open(&original).context("the original")?, &mut file)?;
            Ok(file.sync_all()?)
        };
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
        let _ = std::fs::remove_file(&self.path);
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

/// The original of a delivery that is done: in the archive as long as it is kept there, in the work folder when the
/// delivery is in quarantine.
pub(super) async fn original(app: &App, client: &ClientKey, code: &str) -> anyhow::Result<Option<PathBuf>> {
    let (claim, key, code) = (app.inbox.claim(), client.clone(), code.to_owned());
    let archive = app
        .service
        .data_dir
        .join("clients")
        .join(client.as_str())
        .join("archive");
    let find = move || -> io::Result<Option<PathBuf>> {
        match claim.taken(&key, &code)? {
            Some(file) => Ok(Some(file.path)),
            None => archived(&archive, &format!("{code}_")),
        }
    };
    tokio::task::spawn_blocking(find)
        .await?
        .context("looking for the original")
}

/// `archive/<day>/<code>_<name>`: only the service writes there.
fn archived(archive: &Path, prefix: &str) -> io::Result<Option<PathBuf>> {
    let days = match std::fs::read_dir(archive) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        days => days?,
    };
    for day in days {
        let day = day?;
        if !day.file_type()?.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(day.path())? {
            let entry = entry?;
            let named = entry.file_name().as_encoded_bytes().starts_with(prefix.as_bytes());
            if named && entry.file_type()?.is_file() {
                return Ok(Some(entry.path()));
            }
        }
    }
    Ok(None)
}
