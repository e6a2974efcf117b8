//! Validation, whole-file, files that are rejected as such, files that came before.

use std::time::Duration;

use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::staged::{Frame, Summary};

use super::{count, told};
use crate::import::{Policy, answer_duplicate, resubmit};
use crate::model::{DeliveryState, Mode, OutboxKind, Status};
use crate::on_both;
use crate::queries::ResultFilter;
use crate::testing::fixture::{
    answers, claim, clients, deliver, error, finding, import_staged, lease, now, part, staged, staged_frames, upload_id,
};

on_both! {
    async fn whole_file_withholds_the_good(db: TestDb) {
        clients(&db, &["muster"]).await;
        deliver(&db, "muster", &[claim(1, "1", "Muster", "R0", 100)]).await;
        let leased = lease(&db, "muster", Mode::Import).await;
        let records = [
            claim(1, "1", "Muster", "R1", 100),
            claim(2, "1", "Muster", "R0", 100),
            claim(3, "1", "Stranger", "R3", 100),
            claim(4, "1", "Muster", "R1", 100),
        ];
        let outcome = import_staged(&db, &leased, staged(&records), Policy::WholeFile).await.unwrap();
        assert_eq!(
            (outcome.status, outcome.accepted, outcome.rejected, outcome.duplicate, outcome.withheld),
            (Status::Rjct, 0, 1, 2, 1)
        );
        // The first duplicate names the case that was there before, the other names none: it was not opened.
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 withheld - raw",
            "2 duplicate case - DUPLICATE",
            "3 rejected - raw DEBTOR_MISMATCH",
            "4 duplicate - - DUPLICATE",
        ]);
        assert_eq!(count(&db, "select count(*) from claims").await, 1);
        let detail = db.store.delivery_detail(leased.delivery.id).await.unwrap().unwrap();
        let sums: Vec<String> =
            detail.sums.iter().map(|sum| format!("{} {} {}", sum.outcome, sum.records, sum.amount)).collect();
        assert_eq!(sums, ["duplicate 2 200", "rejected 1 100", "withheld 1 100"]);
        let kinds: Vec<OutboxKind> = detail.outbox.iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [OutboxKind::Acknowledgement, OutboxKind::Correction]);
        assert_eq!(detail.parts.len(), 1);
        // What is to be handed over again, with the cells as they came and the findings of each.
        let filter = ResultFilter { goes_back: true, raw: true, ..ResultFilter::default() };
        let mut pages = db.store.results(leased.delivery.id, filter);
        let mut back = Vec::new();
        while let Some(record) = pages.next().await.unwrap() {
            back.push((record.result.sequence, record.result.raw.unwrap(), record.findings.len()));
        }
        let cells = |name: &str, invoice: &str| format!("[\"1\",\"{name}\",\"{invoice}\",\"100\"]");
        assert_eq!(back, [(1, cells("Muster", "R1"), 0), (3, cells("Stranger", "R3"), 1)]);
    }

    async fn whole_file_takes_a_good_file(db: TestDb) {
        clients(&db, &["muster"]).await;
        let leased = lease(&db, "muster", Mode::Import).await;
        let records = [claim(1, "1", "Muster", "R1", 100), claim(2, "1", "Muster", "R2", 100)];
        let outcome = import_staged(&db, &leased, staged(&records), Policy::WholeFile).await.unwrap();
        assert_eq!((outcome.status, outcome.accepted), (Status::Accp, 2));
        assert_eq!(count(&db, "select count(*) from claims").await, 2);
        assert_eq!(told(&db, leased.delivery.id.0).await, ["1 accepted case -", "2 accepted case -"]);
        let leased = lease(&db, "muster", Mode::Validate).await;
        import_staged(&db, &leased, staged(&[claim(1, "2", "Muster", "R3", 100)]), Policy::WholeFile).await.unwrap();
        assert_eq!(told(&db, leased.delivery.id.0).await, ["1 accepted - -"]);
    }

    async fn a_validated_file_can_still_be_withheld(db: TestDb) {
        clients(&db, &["muster"]).await;
        let leased = lease(&db, "muster", Mode::Validate).await;
        let records = [claim(1, "1", "Muster", "R1", 100), claim(2, "1", "Stranger", "R2", 100)];
        let outcome = import_staged(&db, &leased, staged(&records), Policy::WholeFile).await.unwrap();
        assert_eq!((outcome.status, outcome.withheld, outcome.rejected), (Status::Rjct, 1, 1));
        assert_eq!(count(&db, "select count(*) from claims").await, 0);
        assert_eq!(
            told(&db, leased.delivery.id.0).await,
            ["1 withheld - raw", "2 rejected - raw DEBTOR_MISMATCH"]
        );
    }

    async fn a_rejected_file_imports_nothing(db: TestDb) {
        clients(&db, &["muster"]).await;
        for (announced, policy) in
            [true, false].into_iter().flat_map(|it| [(it, Policy::ValidRows), (it, Policy::WholeFile)])
        {
            let leased = lease(&db, "muster", Mode::Import).await;
            let mut frames = vec![Frame::Part(part()), Frame::Record(Box::new(claim(1, "1", "Muster", "R1", 100)))];
            if announced {
                frames.push(Frame::Finding { part: Some(0), row: Some(9), finding: Finding::new(Code::UnpacksTooLarge) });
            }
            frames.push(Frame::End(Summary { records: 1, rejected: 0, parts: 1, file_rejected: !announced }));
            let outcome = import_staged(&db, &leased, staged_frames(frames), policy).await.unwrap();
            assert_eq!((outcome.status, outcome.submitted, outcome.withheld), (Status::Rjct, 1, 1));
            assert_eq!(count(&db, "select count(*) from claims").await, 0);
            let detail = db.store.delivery_detail(leased.delivery.id).await.unwrap().unwrap();
            assert_eq!(detail.findings.len(), usize::from(announced));
            // The file has to come again as a whole: there are no lines to be handed back.
            assert_eq!(told(&db, leased.delivery.id.0).await, ["1 withheld - -"]);
        }
    }

    async fn an_empty_list_is_a_normal_night(db: TestDb) {
        clients(&db, &["muster"]).await;
        let (leased, outcome) = deliver(&db, "muster", &[]).await;
        assert_eq!((outcome.status, outcome.submitted), (Status::Accp, 0));
        let delivery = db.store.delivery(leased.delivery.id).await.unwrap().unwrap();
        assert_eq!((delivery.state, delivery.sha256.as_deref()), (DeliveryState::Imported, Some("5e88")));
        assert_eq!(delivery.versions.as_deref(), Some("{\"rules\":1}"));
        // It booked nothing: the same night comes again.
        assert_eq!(db.store.find_same_content(delivery.client_id, "5e88").await.unwrap(), None);
    }

    async fn the_same_file_again(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        let (first, _) = deliver(&db, "muster", &[claim(1, "1", "Muster", "R1", 100)]).await;
        let second = lease(&db, "muster", Mode::Import).await;
        let found = db.store.find_same_content(second.delivery.client_id, "5e88").await.unwrap();
        assert_eq!(found, Some(first.delivery.id));
        let outcome = answer_duplicate(&db.store, &second, first.delivery.id, "5e88", &answers, now()).await.unwrap();
        assert_eq!((outcome.status, outcome.submitted), (Status::Dupl, 0));
        let detail = db.store.delivery_detail(second.delivery.id).await.unwrap().unwrap();
        assert_eq!(detail.duplicate_of_code, Some(first.delivery.code.clone()));
        // A third one refers to the first, not to the second.
        assert_eq!(db.store.find_same_content(second.delivery.client_id, "5e88").await.unwrap(), found);
        let other = db.store.client("beispiel").await.unwrap().unwrap().id;
        assert_eq!(db.store.find_same_content(other, "5e88").await.unwrap(), None);
    }

    async fn a_person_may_force_it(db: TestDb) {
        clients(&db, &["muster"]).await;
        let records = [claim(1, "1", "Muster", "R1", 100), finding(claim(2, "2", "Beispiel", "R2", 1),
            error(Code::AmountTooLow))];
        let (first, _) = deliver(&db, "muster", &records).await;
        let (id, actor) = (first.delivery.id, first.delivery.actor_id);
        let again = resubmit(&db.store, id, upload_id(), actor, now()).await.unwrap().unwrap();
        assert!(again.forced);
        assert_ne!(again.code, first.delivery.code);
        let leased = db.store.next("b", Duration::from_secs(60), now()).await.unwrap().unwrap();
        assert_eq!(leased.delivery, crate::model::Delivery {
            owner: leased.delivery.owner.clone(),
            lease_until: leased.delivery.lease_until,
            fence: 1,
            attempts: 1,
            started_at: Some(now()),
            ..again
        });
        let outcome = import_staged(&db, &leased, staged(&records), Policy::ValidRows).await.unwrap();
        assert_eq!((outcome.status, outcome.duplicate, outcome.rejected), (Status::Part, 1, 1));
        assert_eq!(count(&db, "select count(*) from audit where action = 'delivery_resubmitted'").await, 1);
        // One that is not done cannot be resubmitted.
        let waiting = lease(&db, "muster", Mode::Import).await;
        assert!(resubmit(&db.store, waiting.delivery.id, upload_id(), actor, now()).await.unwrap().is_none());
    }
}
