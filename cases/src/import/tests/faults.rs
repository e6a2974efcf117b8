//! What breaks in the middle leaves nothing behind.

use std::future::Future as _;
use std::io::Cursor;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use dropcase_parsers::record::Record;
use dropcase_parsers::staged::{Frame, Reader};

use super::count;
use crate::import::run::import_in_pieces;
use crate::import::{ImportError, ImportJob, Policy};
use crate::model::{DeliveryState, Leased, Mode};
use crate::on_both;
use crate::store::{Fault, StoreError};
use crate::testing::TestDb;
use crate::testing::fixture::{self, claim, clients, import_staged, lease, now, part, staged, staged_frames, upload};

fn list(count: u64) -> Vec<Record> {
    (1..=count)
        .map(|n| claim(n, &format!("D{n}"), "Muster", &format!("R{n}"), 100))
        .collect()
}

async fn is_untouched(db: &TestDb, leased: &Leased) {
    for table in [
        "select count(*) from debtors",
        "select count(*) from cases",
        "select count(*) from claims",
        "select count(*) from bookings",
        "select count(*) from results",
        "select count(*) from delivery_parts",
        "select count(*) from outbox",
    ] {
        assert_eq!(count(db, table).await, 0, "{table}");
    }
    let delivery = db.store.delivery(leased.delivery.id).await.unwrap().unwrap();
    assert_eq!((delivery.state, delivery.status), (DeliveryState::Claimed, None));
}

on_both! {
    async fn an_import_that_is_dropped_leaves_nothing(db: TestDb) {
        clients(&db, &["muster"]).await;
        let leased = lease(&db, "muster", Mode::Import).await;
        let mandates = fixture::mandates();
        let job = ImportJob {
            leased: &leased,
            sha256: "",
            policy: Policy::ValidRows,
            mandates: &mandates,
            rules: fixture::rules(),
            papers: &crate::papers::Papers::default(),
            today: fixture::today(),
            versions: None,
            work_dir: db.folder(),
            answers: &fixture::answers,
            clock: &fixture::now,
        };
        // Dropped after the second batch reached the database.
        let (reached, mut done) = tokio::sync::watch::channel(0);
        {
            let import = import_in_pieces(&db.store, staged(&list(50)), &job, |n| { reached.send_replace(n); }, Some(10));
            tokio::pin!(import);
            tokio::select! {
                biased;
                _ = done.wait_for(|n| *n >= 20) => {}
                outcome = &mut import => panic!("too late: {outcome:?}"),
            }
        }
        is_untouched(&db, &leased).await;
        let outcome = import_staged(&db, &leased, staged(&list(50)), Policy::ValidRows).await.unwrap();
        assert_eq!(outcome.accepted, 50);
    }

    async fn a_broken_parse_leaves_nothing(db: TestDb) {
        clients(&db, &["muster"]).await;
        let leased = lease(&db, "muster", Mode::Import).await;
        let frames = vec![Frame::Part(part()), Frame::Record(Box::new(claim(1, "1", "Muster", "R1", 100)))];
        let done = import_staged(&db, &leased, staged_frames(frames), Policy::ValidRows).await;
        assert!(matches!(done, Err(ImportError::Staged(_))), "{done:?}");
        is_untouched(&db, &leased).await;
        let done = Reader::new(Cursor::new(b"nonsense".to_vec()));
        assert!(done.is_err());
    }

    async fn who_lost_the_lease_books_nothing(db: TestDb) {
        clients(&db, &["muster"]).await;
        let dead = lease(&db, "muster", Mode::Import).await;
        let later = now() + Duration::from_secs(61);
        let heir = db.store.next("b", Duration::from_secs(60), later).await.unwrap().unwrap();
        let done = import_staged(&db, &dead, staged(&list(3)), Policy::ValidRows).await;
        assert!(matches!(done, Err(ImportError::Lost)), "{done:?}");
        is_untouched(&db, &heir).await;
        assert_eq!(import_staged(&db, &heir, staged(&list(3)), Policy::ValidRows).await.unwrap().accepted, 3);
        // Once is enough.
        let done = import_staged(&db, &heir, staged(&list(3)), Policy::ValidRows).await;
        assert!(done.is_err(), "{done:?}");
        assert_eq!(count(&db, "select count(*) from claims").await, 3);
    }

    async fn small_writers_wait_for_an_import(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        let leased = lease(&db, "muster", Mode::Import).await;
        let new = upload(&db, "beispiel", Mode::Import).await;
        let records = list(300);
        let (imported, registered) = tokio::join!(
            import_staged(&db, &leased, staged(&records), Policy::ValidRows),
            db.store.register(&new, true, now()),
        );
        assert_eq!(imported.unwrap().accepted, 300);
        registered.unwrap();
    }

    async fn clients_import_at_the_same_time(db: TestDb) {
        let keys = ["c1", "c2", "c3"];
        clients(&db, &keys).await;
        let mut leases = Vec::new();
        for key in keys {
            leases.push(lease(&db, key, Mode::Import).await);
        }
        let records = list(200);
        let run = |leased: &'_ Leased| {
            let (db, leased, records) = (&db, leased.clone(), &records);
            async move { import_staged(db, &leased, staged(records), Policy::ValidRows).await.unwrap() }
        };
        let (one, two, three) = tokio::join!(run(&leases[0]), run(&leases[1]), run(&leases[2]));
        assert_eq!([one.accepted, two.accepted, three.accepted], [200; 3]);
        assert_eq!(count(&db, "select count(distinct number) from cases").await, 600);
        assert_eq!(count(&db, "select count(*) from bookings").await, 600);
    }

    async fn a_database_that_is_away_can_come_back(db: TestDb) {
        clients(&db, &["muster"]).await;
        let leased = lease(&db, "muster", Mode::Import).await;
        db.store.close().await;
        let done = import_staged(&db, &leased, staged(&list(3)), Policy::ValidRows).await;
        assert!(done.as_ref().is_err_and(ImportError::is_temporary), "{done:?}");
        let store = crate::store::Store::connect(&db.url, 2).await.unwrap();
        store.release_for_retry(&leased, Fault::Circumstances, Duration::ZERO, now()).await.unwrap();
        assert!(store.next("b", Duration::from_secs(60), now()).await.unwrap().is_some());
    }
}

/// A second process that holds SQLite's lock: its message must be read as busy, not as broken.
#[tokio::test]
async fn a_locked_database_is_busy() {
    let db = crate::testing::database(crate::testing::Kind::Sqlite).await;
    let error = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(db.folder().join("cases.sqlite"))
        .busy_timeout(Duration::ZERO);
    let mut second = sqlx::ConnectOptions::connect(&error).await.unwrap();
    let tx = db.store.db.begin().await.unwrap();
    let done = sqlx::query("begin immediate")
        .execute(&mut second)
        .await
        .map_err(StoreError::from);
    assert!(matches!(&done, Err(StoreError::Busy(_))), "{done:?}");
    tx.rollback().await.unwrap();
}

/// A read-only database is away, not broken.
#[tokio::test]
async fn a_read_only_database_is_away() {
    let db = crate::testing::database(crate::testing::Kind::Sqlite).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(db.folder().join("cases.sqlite"))
        .read_only(true);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let done = sqlx::query("delete from clients")
        .execute(&mut connection)
        .await
        .map_err(StoreError::from);
    assert!(done.as_ref().is_err_and(StoreError::is_temporary), "{done:?}");
}

/// Dropped while it begins, an import does not keep the lock.
#[tokio::test]
async fn an_import_that_is_dropped_at_its_beginning_holds_nothing() {
    let db = crate::testing::database(crate::testing::Kind::Sqlite).await;
    clients(&db, &["muster"]).await;
    let leased = lease(&db, "muster", Mode::Import).await;
    let mut import = Box::pin(import_staged(&db, &leased, staged(&list(3)), Policy::ValidRows));
    assert!(matches!(
        import.as_mut().poll(&mut Context::from_waker(Waker::noop())),
        Poll::Pending
    ));
    drop(import);
    is_untouched(&db, &leased).await;
    // Every connection can still write.
    for n in 0..6 {
        db.store
            .actor(crate::model::ActorKind::Operator, None, &format!("operator-{n}"))
            .await
            .unwrap();
    }
}
