//! What holds for every file: counts add up, money is neither lost nor made, batches do not matter.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::Code;
use dropcase_parsers::record::{Record, Value};
use proptest::prelude::*;

use super::{count, told};
use crate::import::run::import_in_pieces;
use crate::import::{ImportJob, ImportOutcome, Policy};
use crate::model::{Mode, Status};
use crate::testing::fixture::{self, claim, clients, error, finding, lease, staged, with};
use crate::testing::{Kind, TestDb, database};

/// A file of records that often have something to do with each other.
fn files() -> impl Strategy<Value = Vec<Record>> {
    let record = (0..4_u8, 0..3_u8, 0..5_u8, 0..2_i64, 0..8_u8, 0..6_u8);
    prop::collection::vec(record, 0..30).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(index, (debtor, name, invoice, cents, kind, flaw))| {
            let names = ["Muster", "Beispiel", "Muster"];
            let sequence = u64::try_from(index + 1).unwrap();
            let record = claim(
                sequence,
                &format!("D{debtor}"),
                names[usize::from(name)],
                &format!("R{invoice}"),
                100 + cents,
            );
            let record = match kind {
                0 => with(record, Field::RecordType, "additional_claim"),
                1 => with(record, Field::RecordType, "debtor"),
                2 => with(record, Field::Currency, "DKK"),
                3 | 4 => {
                    let mut record = record;
                    record.set(Field::BirthDate, Value::Date(fixture::day(1, kind.into())));
                    record
                }
                _ => record,
            };
            if flaw == 0 {
                finding(record, error(Code::AmountTooLow))
            } else {
                record
            }
        })
        .collect()
    })
}

async fn run(
    db: &TestDb,
    client: &str,
    records: &[Record],
    size: usize,
    mode: Mode,
    policy: Policy,
) -> (i64, ImportOutcome) {
    let leased = lease(db, client, mode).await;
    let job = ImportJob {
        leased: &leased,
        sha256: "",
        policy,
        mandates: &fixture::mandates(),
        rules: fixture::rules(),
        papers: &crate::papers::Papers::default(),
        today: fixture::today(),
        versions: None,
        work_dir: db.folder(),
        answers: &fixture::answers,
        clock: &fixture::now,
    };
    let outcome = import_in_pieces(&db.store, staged(records), &job, |_| (), Some(size))
        .await
        .unwrap();
    (leased.delivery.id.0, outcome)
}

async fn holds(kind: Kind, records: &[Record], size: usize) {
    let db = database(kind).await;
    clients(&db, &["whole", "pieces", "tried", "strict"]).await;
    let (whole, outcome) = run(&db, "whole", records, 1_000, Mode::Import, Policy::ValidRows).await;
    let ImportOutcome {
        status,
        submitted,
        accepted,
        rejected,
        duplicate,
        withheld,
    } = outcome;
    assert_eq!(submitted, accepted + rejected + duplicate + withheld);
    assert_eq!(submitted, i64::try_from(records.len()).unwrap());
    assert_eq!(withheld, 0);
    assert_eq!(status == Status::Accp, rejected == 0);
    assert_eq!(status == Status::Rjct, rejected > 0 && accepted + duplicate == 0);

    // However it is cut into batches.
    let (pieces, again) = run(&db, "pieces", records, size, Mode::Import, Policy::ValidRows).await;
    assert_eq!(again, outcome);
    assert_eq!(told(&db, pieces).await, told(&db, whole).await);

    // Trying it tells the same and changes nothing.
    let claims = count(&db, "select count(*) from claims").await;
    let (_, tried) = run(&db, "tried", records, size, Mode::Validate, Policy::ValidRows).await;
    assert_eq!(tried, outcome);
    let (_, strict) = run(&db, "strict", records, size, Mode::Import, Policy::WholeFile).await;
    assert_eq!(strict.accepted + strict.withheld, accepted);
    assert_eq!(strict.withheld > 0, rejected > 0 && accepted > 0);
    let booked = count(&db, "select count(*) from claims").await - claims;
    let claims_of_strict = if rejected == 0 { claims / 2 } else { 0 };
    assert_eq!(booked, claims_of_strict);

    // Every cent that was accepted is in the ledger, and none besides.
    let sums = count(
        &db,
        "select cast(coalesce(sum(s.amount), 0) as bigint) from delivery_sums s \
        join deliveries d on d.id = s.delivery_id where s.outcome = 'accepted' and s.record_type <> 'debtor' \
        and d.mode = 'import'",
    )
    .await;
    assert_eq!(
        count(&db, "select cast(coalesce(sum(amount), 0) as bigint) from bookings").await,
        sums
    );
    let ledger = count(
        &db,
        "select count(*) from cases c where (select sum(b.amount) from bookings b \
        where b.case_id = c.id) is distinct from (select sum(l.principal_amount) from claims l where l.case_id = c.id)",
    )
    .await;
    assert_eq!(ledger, 0);
}

fn check(kind: Kind, cases: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let done = runner.run(&(files(), 1..8_usize), |(records, size)| {
        runtime.block_on(holds(kind, &records, size));
        Ok(())
    });
    assert!(done.is_ok(), "{}", done.unwrap_err());
}

#[test]
fn on_sqlite() {
    check(Kind::Sqlite, 24);
}

#[test]
fn on_postgres() {
    check(Kind::Postgres, 12);
}
