//! A trial tells what would become of a file and leaves nothing.

use super::count;
use crate::import::{Policy, Trial, TrialJob, try_out};
use crate::model::{Mode, Status};
use crate::on_both;
use crate::testing::TestDb;
use crate::testing::fixture::{Staged, claim, clients, deliver, now, rules, staged, upload};

async fn try_it(db: &TestDb, staged: Staged, policy: Policy, findings: u32) -> Trial {
    let delivery = upload(db, "muster", Mode::Validate).await;
    let mandates = [crate::import::MandatePeriod {
        from: now().date_naive(),
        to: None,
        creditor: None,
    }];
    let job = TrialJob {
        delivery: &delivery,
        policy,
        mandates: &mandates,
        rules: rules(),
        papers: &crate::papers::Papers::default(),
        today: now().date_naive(),
        work_dir: &std::env::temp_dir(),
        findings,
        clock: &now,
    };
    try_out(&db.store, staged, &job, |_| {}).await.unwrap()
}

on_both! {
    async fn a_trial_meets_the_database_and_keeps_nothing(db: TestDb) {
        clients(&db, &["muster"]).await;
        deliver(&db, "muster", &[claim(1, "1", "Muster", "R0", 100)]).await;
        let before = [
            count(&db, "select count(*) from deliveries").await,
            count(&db, "select count(*) from results").await,
            count(&db, "select count(*) from findings").await,
            count(&db, "select count(*) from claims").await,
            count(&db, "select count(*) from outbox").await,
        ];
        let records = [
            claim(1, "1", "Muster", "R0", 100),
            claim(2, "1", "Stranger", "R2", 100),
            claim(3, "1", "Muster", "R3", 100),
        ];
        let trial = try_it(&db, staged(&records), Policy::ValidRows, 10).await;
        let counts = (trial.outcome.accepted, trial.outcome.duplicate, trial.outcome.rejected);
        assert_eq!((trial.outcome.status, counts), (Status::Part, (1, 1, 1)));
        let codes: Vec<&str> = trial.findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["DUPLICATE", "DEBTOR_MISMATCH"]);
        assert_eq!((trial.parts.len(), trial.found), (1, 2));
        let after = [
            count(&db, "select count(*) from deliveries").await,
            count(&db, "select count(*) from results").await,
            count(&db, "select count(*) from findings").await,
            count(&db, "select count(*) from claims").await,
            count(&db, "select count(*) from outbox").await,
        ];
        assert_eq!(before, after);
    }

    async fn a_trial_withholds_and_counts_what_it_does_not_tell(db: TestDb) {
        clients(&db, &["muster"]).await;
        let records = [
            claim(1, "1", "Muster", "R1", 100),
            claim(2, "1", "Stranger", "R2", 100),
            claim(3, "1", "Unknown", "R3", 100),
        ];
        let trial = try_it(&db, staged(&records), Policy::WholeFile, 1).await;
        assert_eq!((trial.outcome.status, trial.outcome.withheld, trial.outcome.rejected), (Status::Rjct, 1, 2));
        assert_eq!((trial.findings.len(), trial.found), (1, 2));
    }
}
