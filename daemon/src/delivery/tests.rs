//! Rows whose files are not where they should be.

use std::fs;

use dropcase_cases::model::{ActorKind, DeliveryState, NewDelivery};
use uuid::Uuid;

use super::*;
use crate::app::Doors;

/// A home with the client `muster`, and what works on it.
async fn home(folder: &Path) -> Arc<App> {
    fs::create_dir(folder.join("clients.d")).unwrap();
    fs::write(folder.join("dropcase.toml"), "agency = \"Muster Inkasso\"\n").unwrap();
    let client = "name = \"Muster GmbH\"\n[[mandate]]\nfrom = 2020-01-01\n[[user]]\nname = \"muster\"\n";
    fs::write(folder.join("clients.d/muster.toml"), client).unwrap();
    App::open(folder.join("dropcase.toml"), Doors::Shut).await.unwrap().0
}

async fn row(app: &App, upload: u128, arrived_at: DateTime<Utc>) -> Delivery {
    let new = NewDelivery {
        upload_id: Uuid::from_u128(upload << 80 | 0x7000_8000_0000_0000_0000),
        client_key: "muster".to_owned(),
        actor: app.store.actor(ActorKind::Service, None, "local").await.unwrap(),
        mode: Mode::Import,
        name: "a.csv".to_owned(),
        path: "inbox/a.csv".to_owned(),
        protocol: "operator".to_owned(),
        remote: None,
        size: 1,
        arrived_at,
    };
    app.store.register(&new, false, arrived_at).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_without_a_file_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    let long_ago = app.now() - TimeDelta::hours(1);
    let lost = row(&app, 0x0198_0000_0001, long_ago).await;
    let late = row(&app, 0x0198_0000_0002, long_ago).await;
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
