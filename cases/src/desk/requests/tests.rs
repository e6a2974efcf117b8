//! Requests on both databases: what is kept, what is queued, what is refused, and that asking again asks again.

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::{Cells, Position, Record, Value};

use crate::desk::{Ordering, Rules, Side, order};
use crate::import::Policy;
use crate::model::{ActorKind, Mode};
use crate::on_both;
use crate::store::db::{Sql, on};
use crate::testing::TestDb;
use crate::testing::fixture::{claim, clients, day, deliver, import_staged, lease, now, rules, staged, today, with};

fn request(sequence: u64, texts: &[(Field, &str)]) -> Record {
    let position = Position {
        part: 0,
        sequence,
        row: sequence + 1,
    };
    let mut record = Record::new(position, Cells::from_iter(["request"]));
    record.set(Field::RecordType, Value::Text("request".to_owned()));
    for (field, text) in texts {
        record.set(*field, Value::Text((*text).to_owned()));
    }
    record
}

async fn texts(db: &TestDb, text: &'static str) -> Vec<String> {
    let query = Sql {
        sqlite: text,
        postgres: text,
    };
    on!(&db.store.db, query, |pool, text| sqlx::query_scalar(text)
        .fetch_all(pool)
        .await)
    .unwrap()
}

async fn told(db: &TestDb) -> Vec<String> {
    texts(
        db,
        "select r.sequence || ' ' || r.outcome || coalesce(' ' || (select min(f.code) from findings f where f.delivery_id = \
            r.delivery_id and f.sequence = r.sequence), '') from results r order by r.delivery_id, r.sequence",
    )
    .await
}

/// The answers that are queued, with the words of their requests.
async fn queued(db: &TestDb) -> Vec<String> {
    texts(
        db,
        "select format || ' ' || params from outbox where kind = 'report' order by id",
    )
    .await
}

on_both! {
    async fn a_request_is_kept_and_its_answer_queued(db: TestDb) {
        clients(&db, &["muster:NORD,SUED"]).await;
        let mut period = request(2, &[
            (Field::RequestKind, "cases"), (Field::DebtorName, "Müller"), (Field::FirstName, "Jörg"), (Field::City, "Dresden"),
            (Field::Country, "Dänemark"), (Field::Status, "legal"), (Field::Format, "xlsx"), (Field::Creditor, "nord"),
        ]);
        period.set(Field::From, Value::Date(day(1, 1)));
        period.set(Field::Until, Value::Date(day(6, 30)));
        period.set(Field::ReplyByMail, Value::Bool(true));
        let one = request(3, &[(Field::RequestKind, "case"), (Field::InvoiceNumber, "R 1"), (Field::Format, "json")]);
        let (leased, outcome) = deliver(&db, "muster", &[request(1, &[]), period, one]).await;
        assert_eq!(outcome.accepted, 3);
        assert_eq!(queued(&db).await, [
            r#"csv {"announce":[],"report":"request","request":1}"#,
            r#"xlsx {"announce":["XLSX"],"report":"request","request":2}"#,
            r#"json {"announce":[],"report":"request","request":3}"#,
        ]);
        let kept = "select kind || '|' || coalesce(creditor, '') || '|' || coalesce(client_reference, '') || '|' || \
            coalesce(debtor_name, '') || '|' || coalesce(city, '') || '|' || coalesce(debtor_country, '') || '|' || status \
            from requests order by id";
        assert_eq!(texts(&db, kept).await, [
            "cases||||||open", "cases|nord||Müller Jörg|Dresden|DK|legal", "case||R 1||||all",
        ]);
        let row = db.store.request(2).await.unwrap().unwrap();
        assert_eq!((row.since, row.until), (Some(day(1, 1)), Some(day(6, 30))));
        assert_eq!((row.sequence, row.delivery), (2, Some(leased.delivery.code)));
    }

    async fn what_is_not_understood_is_not_answered(db: TestDb) {
        clients(&db, &["muster:NORD,SUED"]).await;
        let records = [
            request(1, &[(Field::RequestKind, "case")]),
            request(2, &[(Field::RequestKind, "everything")]),
            request(3, &[(Field::Status, "sometimes")]),
            request(4, &[(Field::Format, "docx")]),
            request(5, &[(Field::DebtorCountry, "Absurdistan")]),
            request(6, &[(Field::Creditor, "WEST")]),
        ];
        deliver(&db, "muster", &records).await;
        assert_eq!(told(&db).await, [
            "1 rejected REQUIRED", "2 rejected VALUE_NOT_ALLOWED", "3 rejected VALUE_NOT_ALLOWED",
            "4 rejected VALUE_NOT_ALLOWED", "5 rejected UNKNOWN_COUNTRY", "6 rejected UNKNOWN_CREDITOR",
        ]);
        assert!(queued(&db).await.is_empty());
    }

    async fn a_file_asks_so_much_and_no_more(db: TestDb) {
        clients(&db, &["muster"]).await;
        // More than the desk takes in one go.
        let records: Vec<Record> = (1..=520).map(|sequence| request(sequence, &[])).collect();
        let (_, outcome) = deliver(&db, "muster", &records).await;
        assert_eq!((outcome.accepted, outcome.rejected), (200, 320));
        assert_eq!(queued(&db).await.len(), 200);
        assert!(told(&db).await[519].ends_with("rejected TOO_MANY_REQUESTS"));
    }

    async fn a_validation_answers_nothing(db: TestDb) {
        clients(&db, &["muster"]).await;
        let leased = lease(&db, "muster", Mode::Validate).await;
        import_staged(&db, &leased, staged(&[request(1, &[])]), Policy::ValidRows).await.unwrap();
        assert_eq!(told(&db).await, ["1 accepted"]);
        assert!(queued(&db).await.is_empty());
        assert!(texts(&db, "select kind from requests").await.is_empty());
    }

    async fn a_file_that_asks_is_never_the_same_again(db: TestDb) {
        clients(&db, &["muster"]).await;
        let (first, _) = deliver(&db, "muster", &[claim(1, "1", "Muster", "R1", 100), request(2, &[])]).await;
        let client = first.delivery.client_id;
        assert_eq!(db.store.find_same_content(client, "5e88").await.unwrap(), None);
        // Nor one whose request was refused: corrected or not, it asks.
        deliver(&db, "muster", &[claim(1, "2", "Muster", "R2", 100), request(2, &[(Field::Status, "x")])]).await;
        assert_eq!(db.store.find_same_content(client, "5e88").await.unwrap(), None);
        let (third, _) = deliver(&db, "muster", &[claim(1, "3", "Muster", "R3", 100)]).await;
        assert_eq!(db.store.find_same_content(client, "5e88").await.unwrap(), Some(third.delivery.id));
        assert_eq!(queued(&db).await.len(), 1);
    }

    async fn the_back_office_does_not_ask_by_record(db: TestDb) {
        clients(&db, &["muster"]).await;
        let given = Ordering {
            actor: db.store.actor(ActorKind::Operator, None, "root").await.unwrap(),
            today: today(),
            now: now(),
            rules: Rules { side: Side::Office, ..rules() },
            papers: None,
            dry_run: false,
        };
        let ordered = order(&db.store, &with(request(1, &[]), Field::Status, "all"), &given).await.unwrap();
        assert!(!ordered.done);
        assert_eq!(ordered.findings[0].code.as_str(), "RECORD_TYPE_NOT_TAKEN");
    }
}
