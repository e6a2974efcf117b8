//! The index follows what happens, whatever breaks it off.

use dropcase_parsers::fields::Field;
use sqlx::AssertSqlSafe;

use super::{fill, of, records, said, scope, statements};
use crate::model::Mode;
use crate::on_both;
use crate::store::{Db, Store};
use crate::testing::TestDb;
use crate::testing::fixture::{claim, clients, deliver, import_staged, lease, staged, with};

async fn find(db: &TestDb, text: &str) -> String {
    let muster = scope(db, "muster").await;
    said(&db.store.search(&of(text, muster)).await.unwrap())
}

async fn number(db: &TestDb, query: &str) -> i64 {
    let query = AssertSqlSafe(query.to_owned());
    match db.store.db() {
        Db::Sqlite(pool) => sqlx::query_scalar(query).fetch_one(pool).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_scalar(query).fetch_one(pool).await.unwrap(),
    }
}

on_both! {
    async fn a_changed_debtor_is_found_as_he_is_now(db: TestDb) {
        fill(&db).await;
        db.store.index_all().await.unwrap();
        // A closed case of his as well: no index of the cases leads there.
        statements(&db, "update cases set closed_at = '2026-03-10T08:00:00+00:00' where id = 2;
            insert into cases (id, number, client_id, creditor_id, debtor_id, currency, stage, processing, payment, act_id)
            select 1000, '99999', client_id, creditor_id, debtor_id, currency, 'extrajudicial', processing, payment, act_id
            from cases where id = 2").await;
        db.store.index_all().await.unwrap();
        statements(&db, "update debtors set last_name = 'Beispiel', city = 'Köln' where id = 2").await;
        for indexed in [false, true] {
            let all = |text: &str| crate::search::Search { status: crate::search::CaseState::All, ..of(text, None) };
            for (text, expected) in [("Mustermann", ""), ("Erika Beispiel", "2 2"), ("@ Koeln", "2 2"), ("@ Kolen", "2~ 2~")] {
                assert_eq!(said(&db.store.search(&all(text)).await.unwrap()), expected, "{text} {indexed}");
            }
            db.store.index_all().await.unwrap();
        }
        // Nothing of it that is searched: nothing waits.
        statements(&db, "update debtors set last_name = last_name, acts_as = 'business' where id = 2").await;
        assert!(!db.store.index_some().await.unwrap());
    }

    async fn an_import_that_completes_a_debtor_is_noticed(db: TestDb) {
        clients(&db, &["muster"]).await;
        deliver(&db, "muster", &[claim(1, "1", "Mustermann", "R-1", 10_000)]).await;
        db.store.index_all().await.unwrap();
        assert_eq!(find(&db, "@ Dresden").await, "");
        let more = with(claim(1, "1", "Mustermann", "R-2", 10_000), Field::City, "Dresden");
        deliver(&db, "muster", &[more]).await;
        for _ in 0..2 {
            assert_eq!(find(&db, "Mustermann @ Dresden").await, "1");
            assert_eq!(find(&db, "#r2").await, "1");
            db.store.index_all().await.unwrap();
        }
    }

    async fn what_is_taken_back_is_never_found(db: TestDb) {
        fill(&db).await;
        db.store.index_all().await.unwrap();
        let leased = lease(&db, "muster", Mode::Validate).await;
        let records = records(&["77: Rolf, Rückwärts, , , Rostock"]);
        import_staged(&db, &leased, staged(&records), crate::import::Policy::ValidRows).await.unwrap();
        assert!(!db.store.index_some().await.unwrap());
        assert_eq!(find(&db, "Rückwärts").await, "");
        // The same rows with others in them.
        deliver(&db, "muster", &super::records(&["78: Vera, Vorwärts, , , Velten"])).await;
        db.store.index_all().await.unwrap();
        assert_eq!((find(&db, "Vorwärts").await, find(&db, "Rückwärts").await), ("78".to_owned(), String::new()));
    }

    async fn a_row_whose_id_is_given_out_again_is_taken_up(db: TestDb) {
        fill(&db).await;
        db.store.index_all().await.unwrap();
        statements(&db, "delete from bookings where case_id >= 7; delete from claims where case_id >= 7;
            delete from cases where id >= 7").await;
        deliver(&db, "muster", &records(&["9: Nora, Neumann, , , Neuss"])).await;
        for _ in 0..2 {
            assert_eq!(find(&db, "Neumann").await, "9");
            assert_eq!(find(&db, "#R-9").await, "9");
            db.store.index_all().await.unwrap();
        }
        assert_eq!(said(&db.store.search(&of("Zwiebelhuber", None)).await.unwrap()), "");
    }

    async fn a_broken_off_step_is_done_again(db: TestDb) {
        fill(&db).await;
        // The step fails at its last statement: nothing of it stays.
        let (broken, mended) = match db.store.db() {
            Db::Sqlite(_) => (
                "create trigger broken before insert on search_references begin select raise(abort, 'broken'); end",
                "drop trigger broken",
            ),
            Db::Postgres(_) => (
                "alter table search_references add constraint broken check (case_id < 0)",
                "alter table search_references drop constraint broken",
            ),
        };
        statements(&db, broken).await;
        db.store.index_some().await.unwrap_err();
        assert_eq!(number(&db, "select count(*) from search_words").await, 0);
        assert_eq!(find(&db, "Müller").await, "1");
        statements(&db, mended).await;
        // Left before its end, too.
        let step = db.store.index_some();
        tokio::select! { biased; _ = step => {}, () = tokio::time::sleep(std::time::Duration::from_millis(1)) => {} }
        assert_eq!(find(&db, "Müller").await, "1");
        db.store.index_all().await.unwrap();
        assert_eq!((find(&db, "Müller").await, find(&db, "#R-6").await), ("1".to_owned(), "6".to_owned()));
        let postings = number(&db, "select count(*) from search_postings").await;
        // Taken up once more it says the same.
        statements(&db, "insert into search_queue (kind, first_id, last_id) values ('case', 1, 8), ('debtor', 1, 1)").await;
        db.store.index_all().await.unwrap();
        assert_eq!(number(&db, "select count(*) from search_postings").await, postings);
        assert_eq!(number(&db, "select count(*) from search_queue").await, 0);
    }

    async fn another_process_learns_new_words(db: TestDb) {
        fill(&db).await;
        let other = Store::connect(&db.url, 2).await.unwrap();
        db.store.index_all().await.unwrap();
        let muster = scope(&db, "muster").await;
        assert_eq!(said(&other.search(&of("Mustermann", muster)).await.unwrap()), "2");
        deliver(&db, "muster", &records(&["9: Nora, Neumann, , , Neuss"])).await;
        db.store.index_all().await.unwrap();
        assert_eq!(said(&other.search(&of("Neuman", muster)).await.unwrap()), "9~");
        other.close().await;
    }

    async fn two_nodes_write_it_together(db: TestDb) {
        fill(&db).await;
        statements(&db, "update debtors set city = 'Görlitz'").await;
        let other = Store::connect(&db.url, 2).await.unwrap();
        let (one, two) = tokio::join!(db.store.index_all(), other.index_all());
        one.unwrap();
        two.unwrap();
        assert_eq!(find(&db, "@ Goerlitz").await, "6 5 4 3 2 1");
        assert_eq!(number(&db, "select count(*) from search_words group by place, word order by 1 desc limit 1").await, 1);
        other.close().await;
    }

    async fn imports_go_on_while_the_index_is_written(db: TestDb) {
        clients(&db, &["muster"]).await;
        let indexer = tokio::spawn({
            let store = db.store.clone();
            async move {
                for _ in 0..200 {
                    store.index_some().await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                }
            }
        });
        for batch in 0..10 {
            let debtors: Vec<String> = (0..30).map(|n| format!("{batch}-{n}: Erika, Muster{batch}x{n}, , , Dresden")).collect();
            let debtors: Vec<&str> = debtors.iter().map(String::as_str).collect();
            deliver(&db, "muster", &records(&debtors)).await;
            let found = find(&db, &format!("Muster{batch}x7")).await;
            assert!(found.starts_with(&format!("{batch}-7")), "{found}");
        }
        indexer.await.unwrap();
        db.store.index_all().await.unwrap();
        assert_eq!(find(&db, "Muster3x3").await.split(' ').next(), Some("3-3"));
    }
}
