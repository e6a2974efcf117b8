//! Rows whose files are not where they should be.

use std::fs;

use dropcase_cases::model::DeliveryState;

use super::*;
use crate::testing;

#[tokio::test(flavor = "multi_thread")]
async fn a_row_without_a_file_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let app = testing::home(folder.path(), "").await;
    let long_ago = app.now() - TimeDelta::hours(1);
    let lost = testing::row(&app, "muster", (1, "inbox/a.csv"), 1, long_ago).await;
    let late = testing::row(&app, "muster", (2, "inbox/a.csv"), 1, long_ago).await;
    // The command that handed this one in died before it laid the file beside its row.
    let key = client_key(&late).unwrap();
    fs::write(app.inbox.claim().incoming(&key, late.upload_id).unwrap(), "").unwrap();
    assert!(original(&app, &lost).await.unwrap_err().is::<NeverComes>());
    assert_eq!(original(&app, &late).await.unwrap().name, b"a.csv");
    let next = app
        .store
        .next("node", std::time::Duration::from_secs(60), app.now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(next.delivery.id, late.id);
    let lost = app.store.delivery(lost.id).await.unwrap().unwrap();
    assert_eq!(lost.state, DeliveryState::Withdrawn);
}
