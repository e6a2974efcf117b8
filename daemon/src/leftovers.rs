//! What a process that died left beside the work: swept when the next one begins.
//!
//! All of it is made by whoever holds the home's lock, and the sweep comes before anybody can ask for anything: what lies
//! there is older than this process, and no command that runs has it.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context as _;
use dropcase_cases::store::Store;
use dropcase_inbox::Claim;

use crate::owner::HomeLock;

/// How the folders of `dropcase check` in the data folder begin.
pub(crate) const CHECK: &str = ".dropcase-check-";

/// Removes what is left of checks, and operators' files whose delivery was never written down: their command said so.
/// What cannot be removed stays for the next start.
pub(crate) async fn sweep(_lock: &HomeLock, data_dir: &Path, store: &Store, claim: Claim) {
    match try_sweep(data_dir, store, claim).await {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "leftovers of broken-off commands removed"),
        Err(error) => tracing::warn!(error = format!("{error:#}"), "leftovers could not be removed"),
    }
}

async fn try_sweep(data_dir: &Path, store: &Store, claim: Claim) -> anyhow::Result<usize> {
    let folder = data_dir.to_owned();
    let look = move || Ok::<_, io::Error>((sweep_checks(&folder)?, claim.left_incoming()?));
    let (mut swept, incoming) = tokio::task::spawn_blocking(look).await?.context("the data folder")?;
    for (upload, path) in incoming {
        // One with a row is moved to its delivery when that is worked.
        if !store.is_registered(upload).await? {
            match path.is_dir() {
                true => tokio::fs::remove_dir_all(path).await,
                false => tokio::fs::remove_file(path).await,
            }
            .context("the work folder")?;
            swept += 1;
        }
    }
    Ok(swept)
}

fn sweep_checks(data_dir: &Path) -> io::Result<usize> {
    let mut swept = 0;
    for entry in fs::read_dir(data_dir)? {
        let entry = entry?;
        let is_check = entry.file_name().as_encoded_bytes().starts_with(CHECK.as_bytes());
        if is_check && entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
            swept += 1;
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::app::{App, Doors};
    use crate::testing;

    fn is_there(paths: &[&PathBuf]) -> Vec<bool> {
        paths.iter().map(|path| path.exists()).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_start_sweeps_what_broke_off_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("dropcase.toml");
        let app = testing::home(folder.path(), "").await;
        let key = dropcase_config::ClientKey::new("muster").unwrap();
        let claim = app.inbox.claim();
        let [known, unknown, message] = [1, 2, 3].map(testing::upload_id);
        testing::row(&app, "muster", (1, "inbox/a.csv"), 1, app.now()).await;
        let check = app.service.data_dir.join(".dropcase-check-x1");
        fs::create_dir(&check).unwrap();
        fs::write(check.join("staged"), "x").unwrap();
        let (kept, lost) = (
            claim.incoming(&key, known).unwrap(),
            claim.incoming(&key, unknown).unwrap(),
        );
        for path in [&kept, &lost] {
            fs::write(path, "x").unwrap();
        }
        // A copy of a message's folder.
        let message = claim.incoming(&key, message).unwrap();
        fs::create_dir(&message).unwrap();
        fs::write(message.join("text.txt"), "x").unwrap();
        // Whoever has them works on the home: nobody else gets as far as to sweep.
        assert!(App::open(config.clone(), Doors::Shut).await.is_err());
        assert_eq!(is_there(&[&check, &kept, &lost, &message]), [true; 4]);
        app.inbox.shutdown().await;
        drop((app, claim));
        let (app, _) = App::open(config, Doors::Shut).await.unwrap();
        assert_eq!(is_there(&[&check, &kept, &lost, &message]), [false, true, false, false]);
        drop(app);
    }
}
