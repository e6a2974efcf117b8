//! What reading costs with many rows:
//! `cargo test --release -p dropcase-cases queries::tests::cost -- --ignored --nocapture`.

use std::time::Instant;

use super::seed;
use crate::model::{CaseId, DeliveryId, Outcome};
use crate::queries::{CaseFilter, CasePage, ResultFilter};
use crate::testing::{Kind, TestDb, database};

/// 200,000 cases with two bookings each, a million results with as many findings.
async fn fill(db: &TestDb) {
    seed::cases(&db.store).await;
    let numbers =
        |count: u32| format!("with recursive n(i) as (select 11 union all select i + 1 from n where i < {count})");
    let (cases, results) = (numbers(200_010), numbers(1_000_010));
    seed::run(
        &db.store,
        &format!(
            "insert into debtors (id, client_id, creditor_id, number, kind, acts_as, last_name, name_key, act_id)
            {cases} select i, 1, 1, 'D' || i, 'person', 'consumer', 'Muster' || i, 'erika muster' || i, 1 from n;
            insert into cases (id, number, client_id, creditor_id, debtor_id, currency, stage, processing, payment,
                act_id)
            select id, cast(20000000 + id as text), 1, 1, id, 'EUR', 'extrajudicial', 'in_progress', 'unpaid', act_id
            from debtors where id > 10;
            insert into bookings (id, case_id, kind, amount, currency, value_date, act_id)
            select id, id, 'principal', 100, 'EUR', '2026-01-01', act_id from cases where id > 10;
            insert into bookings (id, case_id, kind, amount, currency, value_date, act_id)
            select id + 1000000, id, 'dunning_costs', 5, 'EUR', '2026-01-01', act_id from cases where id > 10;
            insert into results (delivery_id, part, sequence, source_row, record_type, outcome, debtor_number, amount,
                currency)
            {results} select 1, 0, i, i + 1, 'new_claim', case when i % 1000 = 0 then 'rejected' else 'accepted' end,
                'D' || i, 100, 'EUR' from n;
            insert into findings (delivery_id, part, sequence, code, severity)
            {results} select 1, 0, i, 'ACTS_AS_UNKNOWN', 'warning' from n;"
        ),
    )
    .await;
}

/// Most memory that this process has had, in MiB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    line.split_ascii_whitespace()
        .next()
        .and_then(|kib| kib.parse::<u64>().ok())
        .expect("KiB")
        / 1024
}

async fn measure(kind: Kind) {
    let db = database(kind).await;
    fill(&db).await;
    let before = peak_memory();
    let filter = CaseFilter {
        client: Some("demo".to_owned()),
        ..CaseFilter::default()
    };
    let named = CaseFilter {
        debtor: Some("Muster77777".to_owned()),
        ..filter.clone()
    };
    let page = CasePage {
        before: None,
        limit: 50,
    };
    macro_rules! timed {
        ($name:expr, $body:expr) => {{
            let start = Instant::now();
            let found = $body;
            eprintln!("{kind:?} {}: {found} in {:?}", $name, start.elapsed());
        }};
    }
    timed!("first page", db.store.cases(&filter, page).await.expect("cases").len());
    timed!(
        "last page",
        db.store
            .cases(
                &filter,
                CasePage {
                    before: Some(CaseId(60)),
                    limit: 50
                }
            )
            .await
            .expect("cases")
            .len()
    );
    timed!("search", db.store.cases(&named, page).await.expect("cases").len());
    timed!("totals", db.store.case_totals(&filter).await.expect("totals").len());
    for outcome in [None, Some(Outcome::Rejected)] {
        timed!("results", {
            let mut pages = db.store.results(
                DeliveryId(1),
                ResultFilter {
                    outcome,
                    goes_back: false,
                    raw: outcome.is_some(),
                },
            );
            let mut read = 0_u32;
            while pages.next().await.expect("a result").is_some() {
                read += 1;
            }
            read
        });
    }
    eprintln!("{kind:?} memory: {before} MiB before, {} MiB after", peak_memory());
}

#[tokio::test]
#[ignore = "a measurement"]
async fn sqlite() {
    measure(Kind::Sqlite).await;
}

#[tokio::test]
#[ignore = "a measurement"]
async fn postgres() {
    measure(Kind::Postgres).await;
}
