//! The queue of what leaves.

use std::time::Duration;

use crate::model::{ActorKind, Answer, ClientId, Lane, OutboxItem, OutboxKind, OutboxState, OutgoingLeased};
use crate::on_both;
use crate::store::{Fault, StoreError};
use crate::testing::TestDb;
use crate::testing::fixture::{clients, now};

const LEASE: Duration = Duration::from_secs(60);

async fn queue(db: &TestDb, client: &str, kind: OutboxKind, format: &str) -> ClientId {
    let id = db.store.client(client).await.unwrap().unwrap().id;
    db.store
        .queue(id, None, &Answer::new(kind, format), now())
        .await
        .unwrap();
    id
}

/// Leases a file, else a mail.
async fn next(db: &TestDb, seconds: u64) -> Option<OutgoingLeased> {
    match next_in(db, Lane::Files, seconds).await {
        None => next_in(db, Lane::Mails, seconds).await,
        file => file,
    }
}

async fn next_in(db: &TestDb, lane: Lane, seconds: u64) -> Option<OutgoingLeased> {
    db.store
        .next_outgoing(lane, "a", LEASE, now() + Duration::from_secs(seconds))
        .await
        .unwrap()
}

on_both! {
    async fn files_leave_in_order_and_mails_alone(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        queue(&db, "muster", OutboxKind::Mail, "poison").await;
        queue(&db, "muster", OutboxKind::Acknowledgement, "one").await;
        queue(&db, "muster", OutboxKind::Correction, "two").await;
        queue(&db, "beispiel", OutboxKind::Report, "three").await;
        queue(&db, "muster", OutboxKind::Mail, "good").await;
        let one = next(&db, 0).await.unwrap();
        assert_eq!((one.item.format.as_str(), one.item.client_key.as_str()), ("one", "muster"));
        let three = next(&db, 0).await.unwrap();
        assert_eq!(three.item.format, "three");
        // The file before it is not out: `two` waits, the mails do not.
        let poison = next(&db, 0).await.unwrap();
        assert_eq!(poison.item.format, "poison");
        db.store.retry(&poison, Fault::Circumstances, now() + LEASE, "SMTP_550").await.unwrap();
        let good = next(&db, 0).await.unwrap();
        assert_eq!(good.item.format, "good");
        db.store.done(&good, now()).await.unwrap();
        assert!(next(&db, 0).await.is_none());
        db.store.done(&three, now()).await.unwrap();
        db.store.done(&one, now()).await.unwrap();
        let two = next(&db, 0).await.unwrap();
        assert_eq!(two.item.format, "two");
        db.store.failed(&two, now(), "RENDER").await.unwrap();
        let poison = next(&db, 60).await.unwrap();
        assert_eq!((poison.item.attempts, poison.item.error.as_deref()), (2, Some("SMTP_550")));
        assert_eq!(db.store.next_outgoing_time().await.unwrap(), Some(now() + 2 * LEASE));
    }

    async fn each_lane_has_its_own(db: TestDb) {
        clients(&db, &["muster"]).await;
        let client = queue(&db, "muster", OutboxKind::Mail, "mail").await;
        assert!(next_in(&db, Lane::Files, 0).await.is_none());
        assert_eq!(db.store.next_time_in(Lane::Files).await.unwrap(), None);
        assert_eq!(db.store.next_time_in(Lane::Mails).await.unwrap(), Some(now()));
        let later = now() + LEASE;
        db.store.queue(client, None, &Answer::new(OutboxKind::Report, "csv"), later).await.unwrap();
        assert_eq!(db.store.next_time_in(Lane::Files).await.unwrap(), Some(later));
        assert_eq!(db.store.next_outgoing_time().await.unwrap(), Some(now()));
        assert_eq!(next_in(&db, Lane::Mails, 60).await.unwrap().item.kind, OutboxKind::Mail);
        assert_eq!(next_in(&db, Lane::Files, 60).await.unwrap().item.kind, OutboxKind::Report);
    }

    async fn a_staged_file_is_found_again(db: TestDb) {
        clients(&db, &["muster"]).await;
        let client = queue(&db, "muster", OutboxKind::Acknowledgement, "csv").await;
        let leased = next(&db, 0).await.unwrap();
        db.store.staged(&leased, ".tmp-1", "outbox/acknowledgements/a.ack.csv").await.unwrap();
        let heir = next(&db, 60).await.unwrap();
        assert_eq!((heir.item.state, heir.item.temp_name.as_deref()), (OutboxState::Staged, Some(".tmp-1")));
        for done in [
            db.store.staged(&leased, "x", "y").await,
            db.store.done(&leased, now()).await,
            db.store.retry(&leased, Fault::Circumstances, now(), "X").await,
            db.store.failed(&leased, now(), "X").await,
            db.store.renew_outgoing(&leased, LEASE, now()).await,
        ] {
            assert!(matches!(done, Err(StoreError::Lost)), "{done:?}");
        }
        let items: Vec<OutboxItem> = db.store.staged_items().await.unwrap();
        assert_eq!(items.len(), 1);
        let name = "outbox/acknowledgements/a.ack.csv";
        assert!(!db.store.picked_up(client, name, now()).await.unwrap());
        db.store.done(&heir, now()).await.unwrap();
        assert!(db.store.picked_up(client, name, now()).await.unwrap());
        assert!(!db.store.picked_up(client, name, now()).await.unwrap());
        assert!(db.store.staged_items().await.unwrap().is_empty());
        assert_eq!(db.store.next_outgoing_time().await.unwrap(), None);
    }

    async fn what_goes_wrong_in_a_row_is_counted(db: TestDb) {
        clients(&db, &["muster"]).await;
        queue(&db, "muster", OutboxKind::Report, "csv").await;
        let mut leased = next(&db, 0).await.unwrap();
        assert_eq!(leased.item.strikes, 1);
        db.store.retry(&leased, Fault::Ours, now(), "SOURCE").await.unwrap();
        leased = next(&db, 0).await.unwrap();
        assert_eq!(leased.item.strikes, 2);
        // The process died.
        db.store.reclaim("a", now()).await.unwrap();
        assert!(next(&db, 4).await.is_none(), "what was begun twice waits");
        leased = next(&db, 5).await.unwrap();
        assert_eq!(leased.item.strikes, 3);
        // It stopped in order.
        db.store.let_go("a").await.unwrap();
        leased = next(&db, 5).await.unwrap();
        assert_eq!(leased.item.strikes, 3);
        db.store.retry(&leased, Fault::Circumstances, now(), "DISK").await.unwrap();
        leased = next(&db, 5).await.unwrap();
        assert_eq!((leased.item.strikes, leased.item.attempts), (1, 4));
    }

    async fn what_was_given_up_is_taken_up_again(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        let client = queue(&db, "muster", OutboxKind::Report, "one").await;
        queue(&db, "muster", OutboxKind::Report, "two").await;
        queue(&db, "beispiel", OutboxKind::Mail, "three").await;
        let operator = db.store.actor(ActorKind::Operator, None, "root").await.unwrap();
        let one = next_in(&db, Lane::Files, 0).await.unwrap();
        assert!(!db.store.take_up(one.item.id, operator, now()).await.unwrap(), "it waits");
        db.store.staged(&one, ".tmp-1", "outbox/reports/one.csv").await.unwrap();
        db.store.failed(&one, now(), "FILE").await.unwrap();
        let formats = |items: Vec<OutboxItem>| items.into_iter().map(|item| item.format).collect::<Vec<_>>();
        assert_eq!(formats(db.store.unsent(None, 9).await.unwrap()), ["one", "two", "three"]);
        assert_eq!(formats(db.store.unsent(Some(client), 1).await.unwrap()), ["one"]);
        assert_eq!(formats(db.store.staged_items().await.unwrap()), ["one"], "its file is kept");
        assert!(db.store.take_up(one.item.id, operator, now()).await.unwrap());
        let again = next_in(&db, Lane::Files, 0).await.unwrap();
        assert_eq!((again.item.state, again.item.strikes), (OutboxState::Staged, 1));
        assert_eq!(again.item.temp_name.as_deref(), Some(".tmp-1"));
        db.store.done(&again, now()).await.unwrap();
        let two = next_in(&db, Lane::Files, 0).await.unwrap();
        db.store.failed(&two, now(), "SOURCE").await.unwrap();
        assert!(db.store.take_up(two.item.id, operator, now()).await.unwrap());
        assert_eq!(next_in(&db, Lane::Files, 0).await.unwrap().item.state, OutboxState::Queued);
    }

    async fn a_report_is_out_and_announced_at_once(db: TestDb) {
        clients(&db, &["muster"]).await;
        queue(&db, "muster", OutboxKind::Report, "csv").await;
        let lost = next(&db, 0).await.unwrap();
        let leased = next(&db, 60).await.unwrap();
        let mails = [Answer::new(OutboxKind::Mail, "one"), Answer::new(OutboxKind::Mail, "two")];
        let told = db.store.done_and_told(&lost, &mails, now()).await;
        assert!(matches!(told, Err(StoreError::Lost)), "{told:?}");
        let queued = |items: Vec<OutboxItem>| items.into_iter().map(|item| item.format).collect::<Vec<_>>();
        assert_eq!(queued(db.store.unsent(None, 9).await.unwrap()), ["csv"], "who lost the row tells nobody");
        db.store.done_and_told(&leased, &mails, now()).await.unwrap();
        assert_eq!(queued(db.store.unsent(None, 9).await.unwrap()), ["one", "two"]);
    }

    async fn a_mail_keeps_its_name(db: TestDb) {
        clients(&db, &["muster"]).await;
        queue(&db, "muster", OutboxKind::Mail, "mail").await;
        let leased = next(&db, 0).await.unwrap();
        db.store.named(&leased, "<1@example.org>").await.unwrap();
        db.store.retry(&leased, Fault::Circumstances, now(), "SMTP_DOWN").await.unwrap();
        let again = next(&db, 0).await.unwrap();
        assert_eq!(again.item.file_name.as_deref(), Some("<1@example.org>"));
    }
}
