//! Papers by file name, and those that wait.

use std::time::Duration;

use dropcase_parsers::fields::Field;

use crate::desk::Side;
use crate::model::{DeliveryState, Mode};
use crate::on_both;
use crate::papers::Meant;
use crate::store::db::{Sql, on};
use crate::testing::TestDb;
use crate::testing::fixture::{bundle, claim, clients, deliver, import_with_papers, lease, now, staged, upload, with};

async fn meant(db: &TestDb, client: &str, name: &str) -> String {
    meant_by(db, Side::Client, client, name).await
}

async fn meant_by(db: &TestDb, side: Side, client: &str, name: &str) -> String {
    let client = db.store.client(client).await.unwrap().unwrap().id;
    match db.store.meant_by_name(side, client, name).await.unwrap() {
        Some(Meant::One(field, text)) => format!("{} {text}", field.as_str()),
        Some(Meant::Several(text)) => format!("several {text}"),
        None => "-".to_owned(),
    }
}

on_both! {
    async fn the_longest_reference_wins(db: TestDb) {
        clients(&db, &["muster", "other"]).await;
        deliver(&db, "muster", &[
            claim(1, "1", "Muster", "RE", 100),
            claim(2, "1", "Muster", "RE-2026", 100),
            claim(3, "1", "Muster", "RE-2026_15", 100),
            claim(4, "1", "Muster", "K/2026/7", 100),
            claim(5, "1", "Muster", "A1/2", 100),
            claim(6, "1", "Muster", "A/12", 100),
            claim(7, "1", "Muster", "K_2026_8", 100),
            claim(8, "1", "Muster", "K/2026/8", 100),
        ]).await;
        let number = db.store.client("muster").await.unwrap().unwrap().id;
        let number = db.store.meant_by_name(Side::Client, number, "RE.pdf").await.unwrap();
        assert_eq!(number, Some(Meant::One(Field::InvoiceNumber, "RE".to_owned())));
        for (name, expected) in [
            ("RE-2026_15_Vertrag.pdf", "invoice_number RE-2026_15"),
            ("RE-2026_16.pdf", "invoice_number RE-2026"),
            ("RE Mahnung 1.pdf", "invoice_number RE"),
            ("REX.pdf", "-"),
            ("K_2026-7_Anlage.pdf", "invoice_number K/2026/7"),
            ("K20267.pdf", "invoice_number K/2026/7"),
            ("K2026.pdf", "-"),
            ("A12.pdf", "several A12"),
            ("A1_2.pdf", "invoice_number A1/2"),
            // What is written so goes before what is only shown so.
            ("K_2026_8.pdf", "invoice_number K_2026_8"),
            (".pdf", "-"),
        ] {
            assert_eq!(meant(&db, "muster", name).await, expected, "{name}");
        }
        assert_eq!(meant(&db, "other", "RE.pdf").await, "-");
    }

    async fn our_number_is_known_with_and_without_its_hyphen(db: TestDb) {
        clients(&db, &["muster", "other"]).await;
        let contract = {
            let mut record = with(claim(1, "1", "Muster", "x", 100), Field::ContractNumber, "V-1");
            record.remove(Field::InvoiceNumber);
            record
        };
        deliver(&db, "muster", &[contract]).await;
        let text = "select number from cases";
        let text = Sql { sqlite: text, postgres: text };
        let cases: String = on!(&db.store.db, text, |pool, text| sqlx::query_scalar(text).fetch_one(pool).await).unwrap();
        let (body, check) = cases.split_at(cases.len() - 1);
        for name in [format!("{cases}_V.pdf"), format!("{body}-{check}-2026.pdf"), format!("{body} {check}.pdf")] {
            assert_eq!(meant(&db, "muster", &name).await, format!("case_number {cases}"));
            assert_eq!(meant(&db, "other", &name).await, "-");
        }
        assert_eq!(meant(&db, "muster", "V-1_Kopie.pdf").await, "invoice_number V-1");
    }

    async fn the_back_office_finds_the_cases_of_all(db: TestDb) {
        clients(&db, &["muster", "other:a,b", "office"]).await;
        deliver(&db, "muster", &[
            claim(1, "1", "Muster", "M-1", 100),
            claim(2, "1", "Muster", "K/2026/7", 100),
            claim(3, "1", "Muster", "S/1", 100),
        ]).await;
        deliver(&db, "other", &[
            with(claim(1, "1", "Beispiel", "O-1", 100), Field::Creditor, "a"),
            with(claim(2, "1", "Beispiel", "K_2026_7", 100), Field::Creditor, "a"),
            with(claim(3, "1", "Beispiel", "S/1", 100), Field::Creditor, "b"),
        ]).await;
        let text = "select number from cases c join creditors r on r.id = c.creditor_id where r.code = 'b'";
        let text = Sql { sqlite: text, postgres: text };
        let number: String =
            on!(&db.store.db, text, |pool, text| sqlx::query_scalar(text).fetch_one(pool).await).unwrap();
        let case = format!("{number}_V.pdf");
        for (name, office, muster) in [
            (case.as_str(), format!("case_number {number}").as_str(), "-"),
            ("M-1_V.pdf", "invoice_number M-1", "invoice_number M-1"),
            ("O-1_V.pdf", "invoice_number O-1", "-"),
            // Both write it so in file names; whose it is nobody can tell.
            ("K_2026_7.pdf", "several K_2026_7", "invoice_number K/2026/7"),
            // One number of two clients: the desk asks which.
            ("S_1.pdf", "invoice_number S/1", "invoice_number S/1"),
            ("X.pdf", "-", "-"),
        ] {
            assert_eq!(meant_by(&db, Side::Office, "office", name).await, office, "{name}");
            assert_eq!(meant(&db, "muster", name).await, muster, "{name}");
            assert_eq!(meant(&db, "office", name).await, "-", "{name}");
        }
    }

    async fn what_is_set_aside_holds_nobody_up(db: TestDb) {
        clients(&db, &["muster"]).await;
        let paper = lease(&db, "muster", Mode::Import).await;
        db.store.set_aside(&paper).await.unwrap();
        assert!(db.store.set_aside(&paper).await.is_err());
        let list = upload(&db, "muster", Mode::Import).await;
        db.store.register(&list, false, now()).await.unwrap();
        let minute = Duration::from_secs(60);
        let next = db.store.next("node-1", minute, now()).await.unwrap().unwrap();
        assert_eq!(next.delivery.upload_id, list.upload_id);
        assert_eq!(db.store.delivery(paper.delivery.id).await.unwrap().unwrap().state, DeliveryState::Waiting);
        let client = next.delivery.client_id;
        let waiting = db.store.waiting(client).await.unwrap();
        assert_eq!(waiting.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [paper.delivery.id]);
        db.store.wake(paper.delivery.id, now()).await.unwrap();
        assert!(db.store.waiting(client).await.unwrap().is_empty());
        let woken = db.store.delivery(paper.delivery.id).await.unwrap().unwrap();
        assert_eq!((woken.state, woken.attempts), (DeliveryState::Claimed, 0));
    }

    async fn papers_on_cases_are_known(db: TestDb) {
        clients(&db, &["muster", "other"]).await;
        let leased = lease(&db, "muster", Mode::Import).await;
        let mut record = claim(1, "1", "Muster", "R1", 100);
        record.set(Field::Attachment, dropcase_parsers::record::Value::List(vec!["a.pdf".to_owned()]));
        let papers = bundle(&[("a.pdf", "c1"), ("b.pdf", "c2")]);
        import_with_papers(&db, &leased, staged(&[record]), (crate::import::Policy::ValidRows, &papers)).await.unwrap();
        let asked = ["c1".to_owned(), "c2".to_owned()];
        let known = db.store.known_papers(leased.delivery.client_id, &asked).await.unwrap();
        assert_eq!(known.into_iter().collect::<Vec<_>>(), ["c1"]);
        let other = db.store.client("other").await.unwrap().unwrap().id;
        assert!(db.store.known_papers(other, &asked).await.unwrap().is_empty());
    }
}
