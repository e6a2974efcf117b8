//! The end of a quarantine: the original goes to the client's archive or away, by an operator or after its time.

use anyhow::Context as _;
use chrono::TimeDelta;
use dropcase_cases::model::{ActorId, ActorKind, Delivery, DeliveryState};

use crate::app::App;
use crate::delivery::client_key;

/// What becomes of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It lies in the client's archive from now on, as those of other deliveries.
    Release,
    /// It is removed.
    Drop,
}

impl End {
    fn state(self) -> DeliveryState {
        match self {
            Self::Release => DeliveryState::Archived,
            Self::Drop => DeliveryState::Dropped,
        }
    }
}

/// Ends the quarantine of a delivery: first its files, then its row, so that a crash in between is made good by doing it
/// again. `false` when it is in quarantine no more.
///
/// # Errors
/// What disk and database report, or when its client is in no settings file any more.
pub(crate) async fn end(app: &App, delivery: &Delivery, end: End, actor: ActorId) -> anyhow::Result<bool> {
    let client = app
        .client(&delivery.client_key)
        .context("the client is in no settings file any more")?;
    let (claim, key, code, day) = (
        app.inbox.claim(),
        client_key(delivery)?,
        delivery.code.clone(),
        app.today(&client),
    );
    let files = move || {
        if end == End::Release
            && let Some(original) = claim.taken(&key, &code)?
        {
            claim.archive(&original, day)?;
        }
        claim.clear(&key, &code)
    };
    tokio::task::spawn_blocking(files).await?.context("the work folder")?;
    Ok(app
        .store
        .end_quarantine(delivery.id, end.state(), actor, app.now())
        .await?)
}

/// Drops what has been in quarantine for longer than the settings say.
///
/// # Errors
/// When the database fails. A delivery whose files cannot be removed is tried again the next time.
pub(crate) async fn keep_house(app: &App) -> anyhow::Result<()> {
    let keep = TimeDelta::from_std(app.service.limits.quarantine_keep).unwrap_or(TimeDelta::MAX);
    let Some(before) = app.now().checked_sub_signed(keep) else {
        return Ok(());
    };
    for delivery in app.store.quarantined_before(before).await? {
        // Nobody's folders are touched when he is not in the settings.
        if app.client(&delivery.client_key).is_none() {
            continue;
        }
        let service = app.store.actor(ActorKind::Service, None, "dropcase").await?;
        let code = delivery.code.as_str();
        match end(app, &delivery, End::Drop, service).await {
            Ok(_) => tracing::warn!(
                code,
                "the original of a delivery was dropped after its time in quarantine"
            ),
            Err(error) => tracing::warn!(code, error = format!("{error:#}"), "not dropped"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::testing;
    use chrono::{DateTime, Utc};

    /// A home with the client `muster`, in which a quarantine lasts ten days.
    async fn home(folder: &Path) -> Arc<App> {
        testing::home(folder, "[limits]\nquarantine_keep = \"10d\"\n").await
    }

    /// A delivery with its file that came into quarantine at `at`.
    async fn quarantined(app: &App, upload: u128, at: DateTime<Utc>) -> Delivery {
        let service = app.store.actor(ActorKind::Service, None, "dropcase").await.unwrap();
        let row = testing::row(app, "muster", (upload, "inbox/a.csv"), 1, at).await;
        let (claim, key) = (app.inbox.claim(), client_key(&row).unwrap());
        fs::write(claim.incoming(&key, row.upload_id).unwrap(), "x").unwrap();
        claim.place(&key, row.upload_id, &row.code, "a.csv").unwrap();
        let leased = app
            .store
            .next("node", Duration::from_secs(60), at)
            .await
            .unwrap()
            .unwrap();
        app.store.quarantine(&leased, None, &[], service, at).await.unwrap();
        app.store.delivery(row.id).await.unwrap().unwrap()
    }

    async fn state(app: &App, delivery: &Delivery) -> &'static str {
        let row = app.store.delivery(delivery.id).await.unwrap().unwrap();
        row.state.as_str()
    }

    fn work_folders(app: &App) -> usize {
        fs::read_dir(app.service.data_dir.join("work/muster")).unwrap().count()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_released_lies_in_the_archive_and_what_is_dropped_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let app = home(folder.path()).await;
        let released = quarantined(&app, 1, app.now()).await;
        let dropped = quarantined(&app, 2, app.now()).await;
        let actor = released.actor_id;
        assert_eq!(work_folders(&app), 2);
        assert!(end(&app, &released, End::Release, actor).await.unwrap());
        assert!(end(&app, &dropped, End::Drop, actor).await.unwrap());
        assert_eq!(state(&app, &released).await, "archived");
        assert_eq!(state(&app, &dropped).await, "dropped");
        assert_eq!(work_folders(&app), 0);
        let client = app.client("muster").unwrap();
        let day = app
            .service
            .data_dir
            .join(format!("clients/muster/archive/{}", app.today(&client)));
        let archived: Vec<_> = fs::read_dir(day)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(archived, [format!("{}_a.csv", released.code).as_str()]);
        assert!(!end(&app, &dropped, End::Release, actor).await.unwrap(), "once");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_quarantine_ends_after_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let app = home(folder.path()).await;
        let old = quarantined(&app, 1, app.now() - TimeDelta::days(11)).await;
        let young = quarantined(&app, 2, app.now() - TimeDelta::days(9)).await;
        keep_house(&app).await.unwrap();
        assert_eq!(
            (state(&app, &old).await, state(&app, &young).await),
            ("dropped", "quarantined")
        );
        assert_eq!(work_folders(&app), 1);
        assert!(
            app.inbox
                .claim()
                .taken(&client_key(&young).unwrap(), &young.code)
                .unwrap()
                .is_some()
        );
    }
}
