//! Results in pages.

use super::seed;
use crate::model::{DeliveryId, Outcome};
use crate::on_both;
use crate::queries::{RecordResult, ResultFilter};
use crate::store::Store;

/// Two parts, more records than a page holds. Every third record has a warning, every hundredth is rejected and has
/// two errors; the file itself has a finding.
async fn records(store: &Store, of_part: [i64; 2]) {
    seed::cases(store).await;
    let mut statements = String::from(
        "insert into findings (delivery_id, part, sequence, code, severity) values (1, null, null, 'CUT_LAST_LINE', 'warning');",
    );
    for (part, records) in of_part.into_iter().enumerate() {
        for sequence in 1..=records {
            let rejected = sequence % 100 == 0;
            let (outcome, raw) = if rejected {
                ("rejected", "'[\"x\"]'")
            } else {
                ("accepted", "null")
            };
            statements += &format!(
                "insert into results (delivery_id, part, sequence, source_row, record_type, outcome, raw) \
                 values (1, {part}, {sequence}, {}, 'new_claim', '{outcome}', {raw});",
                sequence + 1
            );
            let finding = |code: &str, severity: &str| {
                format!(
                    "insert into findings (delivery_id, part, sequence, code, severity, field) \
                     values (1, {part}, {sequence}, '{code}', '{severity}', 'iban');"
                )
            };
            if sequence % 3 == 0 {
                statements += &finding("IBAN_INVALID", "warning");
            }
            if rejected {
                statements += &finding("REQUIRED", "error");
                statements += &finding("AMOUNT_NOT_POSITIVE", "error");
            }
        }
    }
    seed::run(store, &statements).await;
}

async fn read(store: &Store, filter: ResultFilter) -> Vec<RecordResult> {
    let mut pages = store.results(DeliveryId(1), filter);
    let mut all = Vec::new();
    while let Some(result) = pages.next().await.expect("a result") {
        all.push(result);
    }
    assert_eq!(pages.next().await.expect("the end"), None);
    all
}

fn places(results: &[RecordResult]) -> Vec<(i64, i64)> {
    results
        .iter()
        .map(|record| (record.result.part, record.result.sequence))
        .collect()
}

on_both! {
    async fn every_record_once_in_order_with_its_findings(db: TestDb) {
        records(&db.store, [1_203, 502]).await;
        let all = read(&db.store, ResultFilter::default()).await;
        let expected: Vec<_> = (1..=1_203).map(|n| (0, n)).chain((1..=502).map(|n| (1, n))).collect();
        assert_eq!(places(&all), expected);
        for record in &all {
            let sequence = record.result.sequence;
            let codes: Vec<_> = record.findings.iter().map(|finding| finding.code.as_str()).collect();
            let warning = (sequence % 3 == 0).then_some("IBAN_INVALID");
            let errors = (sequence % 100 == 0).then_some(["REQUIRED", "AMOUNT_NOT_POSITIVE"]);
            let expected: Vec<_> = warning.into_iter().chain(errors.into_iter().flatten()).collect();
            assert_eq!(codes, expected, "{sequence}");
            assert_eq!(record.result.raw, None, "not asked for");
        }
    }

    async fn rejected_records_alone_with_their_cells(db: TestDb) {
        records(&db.store, [1_203, 502]).await;
        let rejected = read(&db.store, ResultFilter { outcome: Some(Outcome::Rejected), raw: true, ..ResultFilter::default() }).await;
        let expected: Vec<_> = (1..=12).map(|n| (0, n * 100)).chain((1..=5).map(|n| (1, n * 100))).collect();
        assert_eq!(places(&rejected), expected);
        for record in &rejected {
            assert_eq!(record.result.raw.as_deref(), Some("[\"x\"]"));
            assert_eq!(record.findings.len(), if record.result.sequence % 3 == 0 { 3 } else { 2 });
        }
    }

    async fn what_goes_back_alone(db: TestDb) {
        records(&db.store, [703, 0]).await;
        seed::run(
            &db.store,
            "update results set outcome = 'withheld', raw = '[\"y\"]' where delivery_id = 1 and sequence in (1, 602);
             update results set outcome = 'withheld' where delivery_id = 1 and sequence = 3;",
        )
        .await;
        let back = read(&db.store, ResultFilter { goes_back: true, ..ResultFilter::default() }).await;
        let expected: Vec<_> = [1, 100, 200, 300, 400, 500, 600, 602, 700].map(|n| (0, n)).into();
        assert_eq!(places(&back), expected);
        assert!(back.iter().all(|record| record.result.raw.is_none()), "not asked for");
        let findings: Vec<_> = back.iter().map(|record| record.findings.len()).collect();
        assert_eq!(findings, [0, 2, 2, 3, 2, 2, 3, 0, 2]);
        let filter = ResultFilter { outcome: Some(Outcome::Withheld), goes_back: true, raw: true };
        let withheld = read(&db.store, filter).await;
        assert_eq!(places(&withheld), [(0, 1), (0, 602)]);
        assert!(withheld.iter().all(|record| record.result.raw.as_deref() == Some("[\"y\"]")));
    }

    async fn nothing_to_read(db: TestDb) {
        records(&db.store, [0, 0]).await;
        assert_eq!(read(&db.store, ResultFilter::default()).await, []);
        assert_eq!(db.store.finding_counts(DeliveryId(1)).await.expect("counts"), []);
    }

    async fn counts_of_codes(db: TestDb) {
        records(&db.store, [200, 0]).await;
        let counts = db.store.finding_counts(DeliveryId(1)).await.expect("counts");
        let counts: Vec<_> = counts.iter().map(|count| (count.code.as_str(), count.severity.as_str(), count.count)).collect();
        assert_eq!(counts, [("IBAN_INVALID", "warning", 66), ("AMOUNT_NOT_POSITIVE", "error", 2), ("REQUIRED", "error", 2)]);
    }
}
