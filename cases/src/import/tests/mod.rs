//! Imports on both databases.

mod faults;
mod master;
mod policies;
mod properties;
mod trial;

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::Code;
use dropcase_parsers::record::Value;

use super::Policy;
use crate::model::{Mode, Outcome, ResultRow, Status, StoredFinding};
use crate::on_both;
use crate::store::db::{Db, Sql, on};
use crate::testing::TestDb;
use crate::testing::fixture::{claim, clients, deliver, error, finding, import_staged, lease, staged, with};

/// No row points to one that is not there: on SQLite nobody looks while an import runs.
async fn assert_sound(db: &TestDb) {
    if let Db::Sqlite(pool) = &db.store.db {
        let broken: Vec<(String, Option<i64>)> =
            sqlx::query_as("select \"table\", rowid from pragma_foreign_key_check")
                .fetch_all(pool)
                .await
                .unwrap();
        assert_eq!(broken, []);
    }
}

/// Each result as one line: sequence, outcome, whether a case is named, codes of its findings.
pub(super) async fn told(db: &TestDb, delivery: i64) -> Vec<String> {
    assert_sound(db).await;
    let both = |text| Sql {
        sqlite: text,
        postgres: text,
    };
    let results: Vec<ResultRow> = on!(
        &db.store.db,
        both("select * from results where delivery_id = $1 order by part, sequence"),
        |pool, text| sqlx::query_as(text).bind(delivery).fetch_all(pool).await
    )
    .unwrap();
    let findings: Vec<StoredFinding> = on!(
        &db.store.db,
        both("select * from findings where delivery_id = $1 order by id"),
        |pool, text| sqlx::query_as(text).bind(delivery).fetch_all(pool).await
    )
    .unwrap();
    results
        .iter()
        .map(|result| {
            let codes: Vec<&str> = findings
                .iter()
                .filter(|finding| finding.sequence == Some(result.sequence))
                .map(|finding| finding.code.as_str())
                .collect();
            let case = if result.case_number.is_some() { "case" } else { "-" };
            let raw = if result.raw.is_some() { "raw" } else { "-" };
            match result.outcome {
                Outcome::Rejected => assert!(result.raw.is_some()),
                Outcome::Withheld => {}
                Outcome::Accepted | Outcome::Duplicate => assert_eq!(result.raw, None),
            }
            format!(
                "{} {} {case} {raw} {}",
                result.sequence,
                result.outcome,
                codes.join(" ")
            )
            .trim_end()
            .to_owned()
        })
        .collect()
}

pub(super) async fn count(db: &TestDb, text: &'static str) -> i64 {
    on!(
        &db.store.db,
        Sql {
            sqlite: text,
            postgres: text
        },
        |pool, text| sqlx::query_scalar(text).fetch_one(pool).await
    )
    .unwrap()
}

on_both! {
    async fn numbers_of_cases_say_nothing_of_other_clients(db: TestDb) {
        clients(&db, &["muster", "beta"]).await;
        let list = |client: &str, first: u64, count: u64| -> Vec<_> {
            let numbers = (first..first + count).zip(1..);
            numbers.map(|(n, place)| claim(place, &format!("{client}{n}"), "Muster", &format!("R{n}"), 100)).collect()
        };
        for (client, first, count) in [("muster", 0, 2), ("beta", 0, 1), ("muster", 2, 130), ("beta", 1, 2)] {
            deliver(&db, client, &list(client, first, count)).await;
        }
        let of = |client: &'static str| {
            let store = db.store.clone();
            async move {
                let filter = crate::queries::CaseFilter { client: Some(client.to_owned()), ..Default::default() };
                let page = crate::queries::CasePage { before: None, limit: 1_000 };
                let mut cases = store.cases(&filter, page).await.unwrap();
                cases.reverse();
                cases.iter().map(|case| case.number[..case.number.len() - 1].parse::<i64>().unwrap()).collect::<Vec<_>>()
            }
        };
        let (muster, beta) = (of("muster").await, of("beta").await);
        assert_eq!((muster.len(), beta.len()), (132, 3));
        // One after the other up to the end of a block, whoever came in between.
        assert_eq!(muster[..100], (1_000_000..1_000_100).collect::<Vec<_>>());
        assert_eq!(muster[100..], (muster[100]..muster[100] + 32).collect::<Vec<_>>());
        assert_eq!(beta, (beta[0]..beta[0] + 3).collect::<Vec<_>>());
        assert!(muster[100] % 100 == 0 && beta[0] % 100 == 0 && muster[100] / 100 != beta[0] / 100);
    }

    async fn a_list_becomes_cases(db: TestDb) {
        clients(&db, &["muster"]).await;
        let (leased, outcome) = deliver(&db, "muster", &[
            claim(1, "10001", "Mustermann", "R1", 10_000),
            claim(2, "10001", "MUSTERMANN", "R2", 5_000),
            claim(3, "10002", "Beispiel", "R3", 2_500),
            claim(4, "10001", "Beispiel", "R4", 2_500),
            claim(5, "10001", "Mustermann", "R1", 10_000),
            claim(6, "10001", "Mustermann", "R1", 10_001),
            finding(claim(7, "10003", "Muster", "R7", 1), error(Code::AmountTooLow)),
        ]).await;
        assert_eq!((outcome.status, outcome.accepted, outcome.rejected, outcome.duplicate), (Status::Part, 3, 3, 1));
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 accepted case -",
            "2 accepted case -",
            "3 accepted case -",
            "4 rejected - raw DEBTOR_MISMATCH",
            "5 duplicate case - DUPLICATE",
            "6 rejected case raw DUPLICATE_DIFFERS",
            "7 rejected - raw AMOUNT_TOO_LOW",
        ]);
        assert_eq!(count(&db, "select count(*) from cases").await, 2);
        assert_eq!(count(&db, "select cast(sum(amount) as bigint) from bookings").await, 17_500);
        assert_eq!(count(&db, "select count(*) from outbox").await, 2);
    }

    async fn a_second_list_meets_the_first(db: TestDb) {
        clients(&db, &["muster"]).await;
        deliver(&db, "muster", &[claim(1, "10001", "Mustermann", "R1", 10_000)]).await;
        let mut paid = claim(2, "10001", "Mustermann", "R2", 5_000);
        paid.set(Field::PaymentsReceived, Value::Money(1_000));
        let (leased, _) = deliver(&db, "muster", &[
            claim(1, "10001", "Mustermann", "R1", 10_000),
            paid,
            claim(3, "10001", "Muster", "R3", 1_000),
            claim(4, "10001", "Mustermann", "R1", 9_000),
            with(with(claim(5, "10001", "Mustermann", "R5", 900), Field::Currency, "DKK"), Field::RecordType,
                "additional_claim"),
            with(claim(6, "10001", "Mustermann", "R6", 900), Field::Currency, "DKK"),
            with(claim(7, "10001", "Mustermann", "R7", 900), Field::RecordType, "recall"),
        ]).await;
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 duplicate case - DUPLICATE",
            "2 accepted case -",
            "3 rejected - raw DEBTOR_MISMATCH",
            "4 rejected case raw DUPLICATE_DIFFERS",
            "5 rejected - raw INCORRECT_CURRENCY",
            "6 accepted case -",
            "7 rejected - raw UNKNOWN_REFERENCE",
        ]);
        assert_eq!(count(&db, "select count(*) from cases").await, 2);
        assert_eq!(count(&db, "select count(*) from cases where payment = 'partially_paid'").await, 1);
    }

    async fn a_validation_changes_nothing(db: TestDb) {
        clients(&db, &["muster"]).await;
        let leased = lease(&db, "muster", Mode::Validate).await;
        let records = [claim(1, "1", "Muster", "R1", 100), claim(2, "1", "Muster", "R1", 100)];
        let outcome = import_staged(&db, &leased, staged(&records), Policy::ValidRows).await.unwrap();
        assert_eq!((outcome.status, outcome.accepted, outcome.duplicate), (Status::Accp, 1, 1));
        assert_eq!(told(&db, leased.delivery.id.0).await, ["1 accepted - -", "2 duplicate - - DUPLICATE"]);
        assert_eq!(count(&db, "select count(*) from debtors").await, 0);
        assert_eq!(count(&db, "select count(*) from outbox").await, 1);
    }
}
