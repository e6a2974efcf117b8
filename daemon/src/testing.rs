//! Homes and deliveries for the tests.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use dropcase_cases::model::{ActorKind, Delivery, Mode, NewDelivery};
use uuid::Uuid;

use crate::app::{App, Doors};

/// What the file of an ordinary client says behind its name.
pub(crate) const MANDATE: &str = "[[mandate]]\nfrom = 2020-01-01\n";

/// Writes a home whose `dropcase.toml` says `settings`, with these clients: key, and what its file says behind the name.
pub(crate) fn write_home(folder: &Path, settings: &str, clients: &[(&str, &str)]) {
    fs::create_dir(folder.join("clients.d")).unwrap();
    fs::write(folder.join("dropcase.toml"), settings).unwrap();
    for (key, rest) in clients {
        let client = format!("name = \"{key} GmbH\"\n{rest}[[user]]\nname = \"{key}\"\n");
        fs::write(folder.join(format!("clients.d/{key}.toml")), client).unwrap();
    }
}

/// What works on a home.
pub(crate) async fn open(folder: &Path) -> Arc<App> {
    App::open(folder.join("dropcase.toml"), Doors::Shut).await.unwrap().0
}

/// A home with the one client `muster`, and what works on it.
pub(crate) async fn home(folder: &Path, settings: &str) -> Arc<App> {
    write_home(folder, settings, &[("muster", MANDATE)]);
    open(folder).await
}

/// The id of the upload with this number; they sort like the numbers.
pub(crate) fn upload_id(number: u128) -> Uuid {
    Uuid::from_u128((0x0198_0000_0000 + number) << 80 | 0x7000_8000_0000_0000_0000)
}

/// The row of a file that a client put to `path`.
pub(crate) async fn row(
    app: &App,
    client: &str,
    (upload, path): (u128, &str),
    size: usize,
    arrived_at: DateTime<Utc>,
) -> Delivery {
    let new = NewDelivery {
        upload_id: upload_id(upload),
        client_key: client.to_owned(),
        actor: app.store.actor(ActorKind::Service, None, "local").await.unwrap(),
        mode: Mode::Import,
        name: path.rsplit('/').next().unwrap().to_owned(),
        path: path.to_owned(),
        protocol: "local".to_owned(),
        remote: None,
        size: i64::try_from(size).unwrap(),
        arrived_at,
    };
    app.store.register(&new, false, arrived_at).await.unwrap()
}
