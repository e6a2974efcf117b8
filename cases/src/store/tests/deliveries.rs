//! The queue of deliveries.

use std::time::Duration;

use crate::model::{ActorKind, Answer, DeliveryState, Lane, Leased, Mode, OutboxKind, Status};
use crate::on_both;
use crate::store::{DeliveryFilter, Fault, MAX_ATTEMPTS, MAX_BEGUN, StoreError};
use crate::testing::TestDb;
use crate::testing::fixture::{clients, deliver, lease, now, upload};

const LEASE: Duration = Duration::from_secs(60);

async fn next(db: &TestDb, owner: &str, seconds: u64) -> Option<Leased> {
    db.store
        .next(owner, LEASE, now() + Duration::from_secs(seconds))
        .await
        .unwrap()
}

on_both! {
    async fn an_upload_is_registered_once(db: TestDb) {
        clients(&db, &["muster"]).await;
        let new = upload(&db, "muster", Mode::Import).await;
        let first = db.store.register(&new, true, now()).await.unwrap();
        let again = db.store.register(&new, true, now()).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(first.code.len(), 12);
        let detail = db.store.delivery_by_code(&first.code).await.unwrap().unwrap();
        let kinds: Vec<OutboxKind> = detail.outbox.iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [OutboxKind::Receipt]);
        let mut stranger = new;
        stranger.client_key = "nobody".to_owned();
        assert!(matches!(db.store.register(&stranger, true, now()).await, Err(StoreError::UnknownClient)));
    }

    async fn a_withdrawn_upload_that_comes_back_is_worked(db: TestDb) {
        clients(&db, &["muster"]).await;
        let new = upload(&db, "muster", Mode::Import).await;
        let first = db.store.register(&new, false, now()).await.unwrap();
        db.store.withdraw(first.id, now()).await.unwrap();
        assert!(next(&db, "a", 0).await.is_none());
        let again = db.store.register(&new, false, now()).await.unwrap();
        assert_eq!((again.id, again.state), (first.id, DeliveryState::Claimed));
        assert_eq!(next(&db, "a", 0).await.unwrap().delivery.id, first.id);
        // One that is done stays so.
        db.store.register(&new, false, now()).await.unwrap();
    }

    async fn two_uploads_of_one_millisecond_have_two_codes(db: TestDb) {
        clients(&db, &["muster"]).await;
        let mut new = upload(&db, "muster", Mode::Import).await;
        let first = db.store.register(&new, false, now()).await.unwrap();
        new.upload_id = uuid::Uuid::from_u128(new.upload_id.as_u128() + 1);
        let second = db.store.register(&new, false, now()).await.unwrap();
        assert_ne!(first.id, second.id);
        assert_ne!(first.code, second.code);
    }

    async fn deliveries_of_one_client_are_worked_in_order(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        let mut uploads = Vec::new();
        for client in ["muster", "muster", "beispiel"] {
            uploads.push(upload(&db, client, Mode::Import).await);
        }
        // Registered in another order than they arrived.
        let mut ids = std::collections::HashMap::new();
        for index in [1, 2, 0] {
            ids.insert(index, db.store.register(&uploads[index], false, now()).await.unwrap().id);
        }
        let first = next(&db, "a", 0).await.unwrap();
        assert_eq!(first.delivery.id, ids[&0]);
        let other = next(&db, "b", 0).await.unwrap();
        assert_eq!(other.delivery.id, ids[&2]);
        assert!(next(&db, "b", 0).await.is_none());
        // The first waits for its next attempt: the second waits behind it.
        db.store.release_for_retry(&first, Fault::Ours, Duration::from_secs(30), now()).await.unwrap();
        assert!(next(&db, "b", 29).await.is_none());
        assert_eq!(next(&db, "b", 30).await.unwrap().delivery.id, ids[&0]);
    }

    async fn a_lost_lease_is_noticed(db: TestDb) {
        clients(&db, &["muster"]).await;
        let dead = lease(&db, "muster", Mode::Import).await;
        db.store.renew(&dead, LEASE, now()).await.unwrap();
        assert!(next(&db, "b", 59).await.is_none());
        let heir = next(&db, "b", 60).await.unwrap();
        assert_eq!((heir.delivery.id, heir.fence, heir.delivery.attempts), (dead.delivery.id, dead.fence + 1, 2));
        assert!(matches!(db.store.renew(&dead, LEASE, now()).await, Err(StoreError::Lost)));
        assert!(matches!(
            db.store.release_for_retry(&dead, Fault::Ours, LEASE, now()).await,
            Err(StoreError::Lost)
        ));
        db.store.renew(&heir, LEASE, now()).await.unwrap();
    }

    async fn our_own_faults_count(db: TestDb) {
        clients(&db, &["muster"]).await;
        let mut leased = lease(&db, "muster", Mode::Import).await;
        for _ in 0..5 {
            db.store.release_for_retry(&leased, Fault::Circumstances, Duration::ZERO, now()).await.unwrap();
            leased = next(&db, "a", 0).await.unwrap();
            assert_eq!(leased.delivery.attempts, 1);
        }
        while !leased.is_last_attempt() {
            db.store.release_for_retry(&leased, Fault::Ours, Duration::ZERO, now()).await.unwrap();
            leased = next(&db, "a", 0).await.unwrap();
        }
        assert_eq!(leased.delivery.attempts, MAX_ATTEMPTS);
        let service = db.store.actor(ActorKind::Service, None, "dropcase").await.unwrap();
        let answers = [Answer::new(OutboxKind::Acknowledgement, "csv")];
        db.store.quarantine(&leased, None, &answers, service, now()).await.unwrap();
        let detail = db.store.delivery_detail(leased.delivery.id).await.unwrap().unwrap();
        assert_eq!((detail.delivery.state, detail.delivery.status), (DeliveryState::Quarantined, Some(Status::Rjct)));
        assert_eq!(detail.findings.iter().map(|finding| &*finding.code).collect::<Vec<_>>(), ["QUARANTINED"]);
        assert_eq!(detail.outbox.len(), 1);
        assert!(next(&db, "a", 1_000).await.is_none());
        assert!(matches!(
            db.store.quarantine(&leased, None, &answers, service, now()).await,
            Err(StoreError::Lost)
        ));
    }

    async fn a_process_that_died_costs_an_attempt(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        lease(&db, "muster", Mode::Import).await;
        lease(&db, "beispiel", Mode::Import).await;
        let queued = db.store.client("muster").await.unwrap().unwrap().id;
        db.store.queue(queued, None, &Answer::new(OutboxKind::Report, "csv"), now()).await.unwrap();
        db.store.next_outgoing(Lane::Files, "node-1", LEASE, now()).await.unwrap().unwrap();
        db.store.reclaim("b", now()).await.unwrap();
        assert!(next(&db, "b", 0).await.is_none(), "another node's are left alone");
        // After the first time both are taken up at once, then each for itself.
        db.store.reclaim("node-1", now()).await.unwrap();
        let both = [next(&db, "node-1", 0).await.unwrap(), next(&db, "node-1", 0).await.unwrap()];
        assert_eq!(both.map(|leased| leased.delivery.attempts), [2, 2]);
        db.store.next_outgoing(Lane::Files, "node-1", LEASE, now()).await.unwrap().unwrap();
        db.store.reclaim("node-1", now()).await.unwrap();
        assert!(next(&db, "node-1", 4).await.is_none());
        let one = next(&db, "node-1", 5).await.unwrap();
        assert!(next(&db, "node-1", 9).await.is_none());
        let other = next(&db, "node-1", 10).await.unwrap();
        assert_ne!(one.delivery.id, other.delivery.id);
        assert!(db.store.next_outgoing(Lane::Files, "node-1", LEASE, now()).await.unwrap().is_none());
        let report = db.store.next_outgoing(Lane::Files, "node-1", LEASE, now() + Duration::from_secs(5)).await.unwrap();
        assert_eq!(report.unwrap().item.attempts, 3);
    }

    async fn a_stop_in_order_costs_no_attempt(db: TestDb) {
        clients(&db, &["muster"]).await;
        let stopped = lease(&db, "muster", Mode::Import).await;
        db.store.let_go("b").await.unwrap();
        db.store.renew(&stopped, LEASE, now()).await.unwrap();
        db.store.let_go("node-1").await.unwrap();
        assert_eq!(next(&db, "node-1", 0).await.unwrap().delivery.attempts, 1);
    }

    async fn one_that_ends_the_process_each_time_is_over(db: TestDb) {
        clients(&db, &["muster"]).await;
        let mut leased = lease(&db, "muster", Mode::Import).await;
        for begun in 1..=MAX_BEGUN {
            assert_eq!((leased.delivery.attempts, leased.is_over()), (begun, false));
            db.store.reclaim("node-1", now()).await.unwrap();
            leased = next(&db, "node-1", 60).await.unwrap();
        }
        assert!(leased.is_over());
        let service = db.store.actor(ActorKind::Service, None, "dropcase").await.unwrap();
        db.store.quarantine(&leased, None, &[], service, now()).await.unwrap();
        let delivery = db.store.delivery(leased.delivery.id).await.unwrap().unwrap();
        assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Quarantined, MAX_BEGUN));
    }

    async fn what_was_imported_is_archived_once(db: TestDb) {
        clients(&db, &["muster"]).await;
        let (leased, _) = deliver(&db, "muster", &[]).await;
        let waiting = db.store.unarchived().await.unwrap();
        assert_eq!(waiting.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [leased.delivery.id]);
        db.store.archived(leased.delivery.id).await.unwrap();
        db.store.archived(leased.delivery.id).await.unwrap();
        assert!(db.store.unarchived().await.unwrap().is_empty());
    }

    async fn lists_are_filtered_and_paged(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        for client in ["muster", "beispiel", "muster"] {
            deliver(&db, client, &[]).await;
        }
        let mine = DeliveryFilter { client: Some("muster".to_owned()), limit: 1, ..DeliveryFilter::default() };
        let first = db.store.deliveries(&mine).await.unwrap();
        let before = Some(first[0].id);
        let second = db.store.deliveries(&DeliveryFilter { before, ..mine.clone() }).await.unwrap();
        assert!(first[0].id > second[0].id);
        let before = Some(second[0].id);
        assert!(db.store.deliveries(&DeliveryFilter { before, ..mine }).await.unwrap().is_empty());
        let since = DeliveryFilter { from: Some(now()), to: Some(now()), limit: 9, ..DeliveryFilter::default() };
        assert!(db.store.deliveries(&since).await.unwrap().is_empty());
        let rejected = DeliveryFilter { status: Some(Status::Rjct), limit: 9, ..DeliveryFilter::default() };
        assert!(db.store.deliveries(&rejected).await.unwrap().is_empty());
    }

    async fn many_nodes_take_each_delivery_once(db: TestDb) {
        clients(&db, &["c1", "c2", "c3", "c4"]).await;
        for round in 0..5 {
            for client in ["c1", "c2", "c3", "c4"] {
                let new = upload(&db, client, Mode::Import).await;
                db.store.register(&new, round == 0, now()).await.unwrap();
            }
        }
        let service = db.store.actor(ActorKind::Service, None, "dropcase").await.unwrap();
        let node = |owner: &'static str| {
            let store = db.store.clone();
            async move {
                let mut taken = Vec::new();
                while let Some(leased) = store.next(owner, LEASE, now()).await.unwrap() {
                    taken.push((leased.delivery.client_id, leased.delivery.upload_id));
                    store.quarantine(&leased, None, &[], service, now()).await.unwrap();
                }
                taken
            }
        };
        let (one, two, three) = tokio::join!(node("a"), node("b"), node("c"));
        let mut taken = [one, two, three].concat();
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), 20);
    }
}

/// While an import holds SQLite's lock, who finds nothing to do does not stand in line for it.
#[tokio::test]
async fn looking_for_work_takes_no_lock() {
    let db = crate::testing::database(crate::testing::Kind::Sqlite).await;
    clients(&db, &["muster"]).await;
    let leased = lease(&db, "muster", Mode::Import).await;
    let tx = db.store.db.begin().await.unwrap();
    let looks = async {
        assert!(db.store.next("b", LEASE, now()).await.unwrap().is_none());
        for lane in [Lane::Files, Lane::Mails] {
            assert!(db.store.next_outgoing(lane, "b", LEASE, now()).await.unwrap().is_none());
        }
        db.store.delivery(leased.delivery.id).await.unwrap();
    };
    assert!(tokio::time::timeout(LEASE / 2, looks).await.is_ok());
    tx.rollback().await.unwrap();
}
