//! Papers of records, claims and messages.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::{Record, Value};

use super::{case_number, desk, record, texts, told};
use crate::desk::{Ordering, Rules, Side, order};
use crate::import::Policy;
use crate::model::{ActorKind, Mode};
use crate::on_both;
use crate::papers::{Paper, Papers, With};
use crate::testing::TestDb;
use crate::testing::fixture::{bundle, claim, import_with_papers, lease, now, rules, staged, today};

fn with_papers(mut record: Record, names: &[&str]) -> Record {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    record.set(Field::Attachment, Value::List(names));
    record
}

/// Sends a bundle; its results and the codes of what is told of the file itself.
async fn send(db: &TestDb, mode: Mode, records: &[Record], papers: &Papers) -> Vec<String> {
    let leased = lease(db, "muster", mode).await;
    import_with_papers(db, &leased, staged(records), (Policy::ValidRows, papers))
        .await
        .unwrap();
    let id = leased.delivery.id.0;
    let mut lines = told(db, id).await;
    lines.extend(
        texts(
            db,
            "select code || ' ' || coalesce(args, '') from findings where sequence is null order by id",
        )
        .await,
    );
    lines
}

async fn documents(db: &TestDb) -> Vec<String> {
    texts(
        db,
        "select name || ' ' || sha256 || case when claim_id is null then '' else ' claim' end from documents order by id",
    )
    .await
}

on_both! {
    async fn a_paper_is_filed_once_on_each_case(db: TestDb) {
        desk(&db).await;
        let papers = bundle(&[("R1_a.pdf", "c1"), ("copy.pdf", "c1")]);
        let document = |sequence, name: &str| {
            with_papers(record(sequence, "document", &[(Field::InvoiceNumber, "R1")]), &[name])
        };
        let records = [document(1, "R1_a.pdf"), document(2, "copy.pdf"), document(3, "none.pdf")];
        assert_eq!(send(&db, Mode::Import, &records, &papers).await,
            ["1 accepted", "2 duplicate DUPLICATE", "3 rejected PAPER_MISSING"]);
        assert_eq!(send(&db, Mode::Import, &[document(1, "r1_a.PDF")], &papers).await[0], "1 duplicate DUPLICATE");
        assert_eq!(documents(&db).await, ["R1_a.pdf c1 claim"]);
        let number = case_number(&db).await;
        let detail = db.store.case_by_number(&number, crate::model::Visibility::Client).await.unwrap().unwrap();
        let kinds: Vec<&str> = detail.history.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["opened", "claim_added", "claim_added", "document"]);
        assert_eq!(texts(&db, "select kind from v1_history where kind = 'document'").await, ["document"]);
        assert_eq!(texts(&db, "select name from v1_documents where delivery is not null").await, ["R1_a.pdf"]);
        let papers = db.store.papers(detail.case.id).await.unwrap();
        let shown: Vec<_> = papers.iter().map(|paper| (&*paper.name, &*paper.sha256, paper.size)).collect();
        assert_eq!(shown, [("R1_a.pdf", "c1", 7)]);
        let (whose, invoice) = (&*papers[0].stored_under, papers[0].invoice_number.as_deref());
        assert_eq!((whose, &*papers[0].actor, invoice), ("muster", "muster", Some("R1")));
    }

    async fn claims_bring_their_papers(db: TestDb) {
        desk(&db).await;
        let papers = bundle(&[("R5.pdf", "c5"), ("both.pdf", "c6"), ("nobody.pdf", "c7")]);
        let records = [
            with_papers(claim(1, "10001", "Mustermann", "R5", 100), &["R5.pdf", "both.pdf"]),
            with_papers(claim(2, "10002", "Beispiel", "R6", 100), &["both.pdf", "lost.pdf"]),
            with_papers(claim(3, "10001", "Mustermann", "R1", 10_000), &["R5.pdf"]),
        ];
        assert_eq!(send(&db, Mode::Validate, &records, &papers).await.len(), 4);
        assert_eq!(documents(&db).await, [""; 0]);
        assert_eq!(send(&db, Mode::Import, &records, &papers).await[..3],
            ["1 accepted", "2 accepted PAPER_MISSING", "3 duplicate DUPLICATE"]);
        assert_eq!(documents(&db).await, ["R5.pdf c5 claim", "both.pdf c6 claim", "both.pdf c6 claim"]);
        assert_eq!(texts(&db, "select code from findings where sequence is null").await, ["PAPER_NOT_NAMED"; 2]);
        // Papers that a plain list names may come by themselves.
        let plain = with_papers(claim(1, "10003", "Dritter", "R8", 100), &["R8.pdf"]);
        assert_eq!(send(&db, Mode::Import, &[plain], &Papers::default()).await[0], "1 accepted");
    }

    async fn a_message_has_its_papers(db: TestDb) {
        desk(&db).await;
        let message = |sequence| {
            let message = record(sequence, "message", &[(Field::InvoiceNumber, "R1"), (Field::Text, "Siehe Anlage")]);
            with_papers(message, &["a.pdf"])
        };
        let papers = bundle(&[("a.pdf", "c1")]);
        assert_eq!(send(&db, Mode::Import, &[message(1), message(2)], &papers).await, ["1 accepted", "2 accepted"]);
        assert_eq!(documents(&db).await.len(), 1);
        assert_eq!(texts(&db, "select count(*) || ' ' || count(distinct message_id) from message_papers").await, ["2 2"]);
    }

    async fn a_paper_that_is_not_taken_is_told(db: TestDb) {
        desk(&db).await;
        let refused = Paper {
            name: "a/run.exe".to_owned(),
            stored: Err(Finding::new(Code::PaperTypeNotTaken).arg("looks_like", "program")),
        };
        let papers = Papers::new(vec![refused], With::List);
        let document = record(1, "document", &[(Field::InvoiceNumber, "R1")]);
        assert_eq!(send(&db, Mode::Import, &[with_papers(document, &["run.exe"])], &papers).await,
            ["1 rejected PAPER_TYPE_NOT_TAKEN"]);
        assert_eq!(documents(&db).await, [""; 0]);
    }

    async fn what_the_agency_says_takes_its_papers_along(db: TestDb) {
        desk(&db).await;
        let number = case_number(&db).await;
        let client = db.store.client("muster").await.unwrap().unwrap().id;
        let actor = db.store.actor(ActorKind::Operator, None, "root").await.unwrap();
        let given = |papers| Ordering { actor, today: today(), now: now(),
            rules: Rules { side: Side::Office, ..rules() }, papers: Some((papers, client)), dry_run: false };
        let say = |kind: &str, names: &[&str]| {
            let record = record(1, kind, &[(Field::CaseNumber, &number), (Field::Text, "Siehe Anlage")]);
            with_papers(record, names)
        };
        let papers = bundle(&[("a.pdf", "c1"), ("b.pdf", "c2")]);
        // Filed for the agency alone first; what is sent is seen.
        let document = with_papers(record(1, "document", &[(Field::CaseNumber, &number)]), &["a.pdf"]);
        assert!(order(&db.store, &document, &given(&papers)).await.unwrap().done);
        let visible = "select name || ' ' || visibility from documents order by id";
        assert_eq!(texts(&db, visible).await, ["a.pdf internal"]);
        let lost = order(&db.store, &say("reply", &["a.pdf", "lost.pdf"]), &given(&papers)).await.unwrap();
        assert_eq!((lost.done, lost.findings[0].code), (false, Code::PaperMissing));
        let queued = "select format from outbox where kind = 'message' order by id";
        assert_eq!(texts(&db, queued).await, [""; 0]);
        for kind in ["reply", "query"] {
            assert!(order(&db.store, &say(kind, &["b.pdf", "a.pdf"]), &given(&papers)).await.unwrap().done);
        }
        assert_eq!(texts(&db, visible).await, ["a.pdf client", "b.pdf client"]);
        assert_eq!(texts(&db, queued).await, ["paper", "paper", "txt", "paper", "paper", "txt"]);
        let message: i64 = texts(&db, "select cast(max(id) as text) from messages").await[0].parse().unwrap();
        let papers = db.store.message_papers(message).await.unwrap();
        let papers: Vec<_> = papers.iter().map(|paper| (&*paper.name, &*paper.sha256, &*paper.stored_under)).collect();
        assert_eq!(papers, [("a.pdf", "c1", "muster"), ("b.pdf", "c2", "muster")]);
    }
}
