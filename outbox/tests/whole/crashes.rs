//! A crash after each step of publishing: nothing is lost, nothing comes twice, nothing half is seen.

use std::io::Write as _;
use std::time::Duration;

use chrono::TimeDelta;
use dropcase_cases::model::{ActorKind, Lane, Mode, OutboxKind, OutgoingLeased};
use dropcase_outbox::publish::{Folder, Temp};

use crate::house::{House, PLAIN, TEN};

const BELOW: &str = "outbox/acknowledgements";

/// A house with an answer that another node has leased, and its client's folder.
async fn leased() -> (House, OutgoingLeased, Folder) {
    let house = House::new("de", PLAIN).await;
    house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    let leased = house
        .store
        .next_outgoing(Lane::Files, "crashed", Duration::from_secs(600), house.now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(leased.item.kind, OutboxKind::Acknowledgement);
    let folder = Folder::open(&house.folder(), BELOW).unwrap();
    (house, leased, folder)
}

fn written(folder: &Folder, leased: &OutgoingLeased, bytes: &[u8]) -> Temp {
    let mut temp = folder.create(leased.item.id.0, leased.fence).unwrap();
    temp.file.write_all(bytes).unwrap();
    temp
}

/// The lease of the crashed node runs out, another one takes over.
async fn recovered(house: &House) -> Vec<(String, Vec<u8>)> {
    house.later(TimeDelta::seconds(601));
    house.deliver().await;
    house.files(BELOW).into_iter().collect()
}

fn is_whole(bytes: &[u8]) -> bool {
    bytes.ends_with(b"\r\n") && bytes.iter().filter(|byte| **byte == b'\n').count() >= 11
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_lease() {
    let (house, _, _) = leased().await;
    let files = recovered(&house).await;
    assert_eq!(files.len(), 1);
    assert!(is_whole(&files[0].1));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_half_a_temporary_file() {
    let (house, leased, folder) = leased().await;
    drop(written(&folder, &leased, b"half"));
    let files = recovered(&house).await;
    assert_eq!(files.len(), 1, "the half file is swept: {files:?}");
    assert!(is_whole(&files[0].1));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_row_is_staged() {
    let (house, leased, folder) = leased().await;
    let temp = written(&folder, &leased, b"the answer as it was rendered");
    temp.sync().unwrap();
    house
        .store
        .staged(&leased, &temp.name, "outbox/acknowledgements/a.ack.csv")
        .await
        .unwrap();
    let files = recovered(&house).await;
    assert_eq!(
        files,
        [("a.ack.csv".to_owned(), b"the answer as it was rendered".to_vec())]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_row_is_staged_and_its_name_was_taken() {
    let (house, leased, folder) = leased().await;
    let temp = written(&folder, &leased, b"new");
    house
        .store
        .staged(&leased, &temp.name, "outbox/acknowledgements/a.ack.csv")
        .await
        .unwrap();
    std::fs::write(house.folder().join(BELOW).join("a.ack.csv"), "old").unwrap();
    let files = recovered(&house).await;
    assert_eq!(
        files,
        [
            ("a.ack.csv".to_owned(), b"old".to_vec()),
            ("a.ack~2.csv".to_owned(), b"new".to_vec())
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_rename() {
    let (house, leased, folder) = leased().await;
    let temp = written(&folder, &leased, b"published");
    house
        .store
        .staged(&leased, &temp.name, "outbox/acknowledgements/a.ack.csv")
        .await
        .unwrap();
    folder.publish(&temp.name, "a.ack.csv").unwrap();
    let files = recovered(&house).await;
    assert_eq!(files, [("a.ack.csv".to_owned(), b"published".to_vec())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_client_took_the_answer() {
    let (house, leased, folder) = leased().await;
    let temp = written(&folder, &leased, b"published");
    house
        .store
        .staged(&leased, &temp.name, "outbox/acknowledgements/a.ack.csv")
        .await
        .unwrap();
    folder.publish(&temp.name, "a.ack.csv").unwrap();
    std::fs::remove_file(house.folder().join(BELOW).join("a.ack.csv")).unwrap();
    assert!(
        recovered(&house).await.is_empty(),
        "an answer that was taken does not come back"
    );
    let detail = house
        .store
        .delivery_detail(leased.item.delivery_id.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert!(
        detail.outbox.iter().all(|item| item.state.as_str() == "done"),
        "{:?}",
        detail.outbox
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lost_its_lease_publishes_nothing() {
    let (house, leased, folder) = leased().await;
    let temp = written(&folder, &leased, b"stale");
    let files = recovered(&house).await;
    assert_eq!(files.len(), 1);
    let error = house
        .store
        .staged(&leased, &temp.name, "outbox/acknowledgements/b.csv")
        .await
        .unwrap_err();
    assert!(matches!(error, dropcase_cases::store::StoreError::Lost));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_staged_and_cannot_be_published_is_given_up_and_kept() {
    let (house, leased, folder) = leased().await;
    let temp = written(&folder, &leased, b"the answer as it was rendered");
    temp.sync().unwrap();
    let store = &house.store;
    store
        .staged(&leased, &temp.name, "outbox/acknowledgements/a.ack.csv")
        .await
        .unwrap();
    // Nobody can publish through a link.
    let (here, aside) = (house.folder().join(BELOW), house.folder().join("aside"));
    std::fs::rename(&here, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, &here).unwrap();
    house
        .drop("zweite.csv", TEN.replace("1000", "2000").as_bytes(), Mode::Import)
        .await;
    assert!(recovered(&house).await.iter().all(|(name, _)| name.starts_with('.')));
    let unsent = store.unsent(None, 9).await.unwrap();
    let ends: Vec<_> = unsent
        .iter()
        .map(|item| (item.state.as_str(), item.strikes, item.error.as_deref()))
        .collect();
    assert_eq!(ends, [("failed", 16, Some("FILE")), ("failed", 8, Some("FILE"))]);
    std::fs::remove_file(&here).unwrap();
    std::fs::rename(&aside, &here).unwrap();
    // Another start sweeps leftovers, but not what may yet be published.
    house.later(TimeDelta::days(2));
    house.deliver().await;
    let actor = store.actor(ActorKind::Operator, None, "root").await.unwrap();
    for item in &unsent {
        assert!(store.take_up(item.id, actor, house.now()).await.unwrap());
    }
    house.deliver().await;
    let files = house.files(BELOW);
    assert_eq!(files["a.ack.csv"], b"the answer as it was rendered");
    assert_eq!(files.len(), 2, "{:?}", files.keys());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_ends_the_process_each_time_is_given_up() {
    let house = House::new("de", PLAIN).await;
    house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    for attempt in 1..=8 {
        house.later(TimeDelta::minutes(5));
        let leased = house
            .store
            .next_outgoing(Lane::Files, "node-1", Duration::from_secs(600), house.now())
            .await;
        assert_eq!(leased.unwrap().unwrap().item.strikes, attempt);
        house.store.reclaim("node-1", house.now()).await.unwrap();
    }
    house.later(TimeDelta::minutes(5));
    house
        .drop("zweite.csv", TEN.replace("1000", "2000").as_bytes(), Mode::Import)
        .await;
    house.deliver().await;
    assert_eq!(house.files(BELOW).len(), 1, "what came later is not held up");
    let unsent = house.store.unsent(None, 9).await.unwrap();
    assert_eq!(
        unsent.iter().map(|item| item.error.as_deref()).collect::<Vec<_>>(),
        [Some("UNFINISHED")]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_rendered_does_not_hold_the_next_for_ever() {
    let house = House::new("de", PLAIN).await;
    let client = house.store.client("muster").await.unwrap().unwrap().id;
    let mut broken = dropcase_cases::model::Answer::new(OutboxKind::Report, "csv");
    broken.params = "{\"report\":\"no such\"}".to_owned();
    let id = house.store.queue(client, None, &broken, house.now()).await.unwrap();
    house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    assert_eq!(house.files(BELOW).len(), 1);
    assert!(
        house.store.next_outgoing_time().await.unwrap().is_none(),
        "{id} is given up"
    );
}
