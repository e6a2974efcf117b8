//! The ledger over time: what falls due, many at once, fees, where bookings went.

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Value;

use super::{case_number, desk, ledger, of, record, send, texts};
use crate::desk::{Ordering, Rules, Side, order};
use crate::model::ActorKind;
use crate::on_both;
use crate::testing::fixture::{claim, day, now, rules, today, with};

on_both! {
    async fn what_falls_due_is_worked_off_once(db: TestDb) {
        desk(&db).await;
        let number = case_number(&db).await;
        let actor = db.store.actor(ActorKind::Operator, None, "root").await.unwrap();
        let given = Ordering { actor, today: today(), now: now(), rules: Rules { side: Side::Office, ..rules() }, papers: None, dry_run: false };
        let on = |kind: &str| with(record(1, kind, &[]), Field::CaseNumber, &number);
        let mut hold = on("hold");
        hold.set(Field::Until, Value::Date(day(3, 20)));
        // 150.00 and some interest: two instalments.
        let mut plan = of(on("payment_plan"), 10_000);
        plan.set(Field::ValueDate, Value::Date(day(4, 1)));
        for record in [hold, plan.clone()] {
            assert!(order(&db.store, &record, &given).await.unwrap().done);
        }
        let due = async |month, on| db.store.work_off_due("muster", day(month, on), now()).await.unwrap();
        assert_eq!([due(3, 20).await, due(3, 21).await, due(3, 21).await], [0, 1, 0]);
        assert_eq!(texts(&db, "select processing from cases").await, ["in_progress"]);
        // Due on 1 April, a week of grace.
        assert_eq!([due(4, 8).await, due(4, 9).await, due(4, 9).await], [0, 1, 0]);
        assert_eq!(texts(&db, "select state from payment_plans").await, ["broken"]);
        assert!(order(&db.store, &plan, &given).await.unwrap().done);
        assert!(order(&db.store, &of(on("agency_payment"), 20_000), &given).await.unwrap().done);
        assert_eq!([due(4, 30).await, due(4, 30).await], [1, 0]);
        assert_eq!(texts(&db, "select state from payment_plans order by id").await, ["broken", "kept"]);
        assert_eq!(texts(&db, "select kind from history where kind like 'payment_plan_%' order by id").await,
            ["payment_plan_broken", "payment_plan_kept"]);
    }

    async fn a_hundred_at_once_lose_nothing(db: TestDb) {
        desk(&db).await;
        let number = case_number(&db).await;
        let actor = db.store.actor(ActorKind::Operator, None, "root").await.unwrap();
        let mut all = tokio::task::JoinSet::new();
        for n in 0..100 {
            let (store, number) = (db.store.clone(), number.clone());
            all.spawn(async move {
                let given = Ordering { actor, today: today(), now: now(), rules: Rules { side: Side::Office, ..rules() }, papers: None, dry_run: false };
                let key = format!("B{}", n / 2);
                let payment = with(of(record(1, "agency_payment", &[(Field::PaymentNumber, &key)]), 7), Field::CaseNumber, &number);
                order(&store, &payment, &given).await
            });
        }
        let (mut done, mut duplicate) = (0, 0);
        while let Some(ordered) = all.join_next().await {
            let ordered = ordered.unwrap().unwrap();
            done += i32::from(ordered.done);
            duplicate += i32::from(ordered.duplicate);
        }
        assert_eq!((done, duplicate), (50, 50));
        assert_eq!(texts(&db, "select cast(sum(amount) as text) from bookings where kind = 'agency_payment'").await, ["-350"]);
        assert_eq!(texts(&db, "select cast(count(*) as text) from booking_keys").await, ["50"]);
    }

    async fn fees_go_by_the_mandate(db: TestDb) {
        desk(&db).await;
        let number = case_number(&db).await;
        let actor = db.store.actor(ActorKind::Operator, None, "root").await.unwrap();
        let with_schedule = |_: &str, _: &str, currency: &str, opened| crate::account::Terms {
            fee_schedule: Some("de".to_owned()),
            input_tax_deductible: Some(true),
            ..crate::desk::plain_terms("", "", currency, opened)
        };
        let plain = Rules { side: Side::Office, ..rules() };
        let fee = |rate: &str| with(record(1, "cost", &[(Field::FeeRate, rate)]), Field::CaseNumber, &number);
        for (rules, rate, expected) in [
            (plain, "0.9", "NO_FEE_SCHEDULE"),
            (Rules { terms: &with_schedule, ..plain }, "much", "VALUE_NOT_ALLOWED"),
            (Rules { terms: &with_schedule, ..plain }, "0.9", "done"),
        ] {
            let given = Ordering { actor, today: today(), now: now(), rules, papers: None, dry_run: false };
            let ordered = order(&db.store, &fee(rate), &given).await.unwrap();
            let code = ordered.findings.first().map_or("", |finding| finding.code.as_str());
            assert_eq!(if ordered.done { "done" } else { code }, expected);
        }
        // 150.00 EUR: 0.9 of 51.50 is 46.35, and 20 % of it for expenses 9.27.
        assert_eq!(ledger(&db).await[2..], ["cost 5562"]);
        let detail = db.store.case_by_number(&number, crate::model::Visibility::Internal).await.unwrap().unwrap();
        let account = crate::desk::account_of(&crate::desk::CaseFile::of(&detail), plain.sources, &with_schedule("", "", "EUR", now()), today()).unwrap();
        assert_eq!(account.agency_costs, 5_562);
    }

    async fn allocations_are_only_added(db: TestDb) {
        desk(&db).await;
        let on = |day_, number: &str, cents| {
            let mut payment = of(record(1, "direct_payment", &[(Field::DebtorNumber, "10001"), (Field::PaymentNumber, number)]), cents);
            payment.set(Field::ValueDate, Value::Date(day_));
            payment
        };
        let sums = "select b.key || ' ' || l.target || ' ' || c.reference || ' ' || sum(l.amount) from allocations l \
            join bookings b on b.case_id = l.case_id and b.id = l.booking_id join claims c on c.id = l.claim_id \
            group by b.key, l.target, c.reference having sum(l.amount) <> 0 order by 1";
        send(&db, "muster", &[on(day(3, 5), "Z2", 12_000)]).await;
        assert_eq!(texts(&db, sums).await, ["Z2 principal R1 10000", "Z2 principal R2 2000"]);
        // Came later and counts earlier: the first line of the other is taken back and written anew.
        send(&db, "muster", &[on(day(3, 1), "Z1", 9_000)]).await;
        assert_eq!(texts(&db, sums).await, ["Z1 principal R1 9000", "Z2 principal R1 1000", "Z2 principal R2 5000"]);
        let rows = "select b.key || ' ' || l.amount from allocations l join bookings b on b.case_id = l.case_id and b.id = l.booking_id \
            where l.target = 'principal' order by l.id";
        let mut added = texts(&db, rows).await.split_off(2);
        added.sort();
        assert_eq!(added, ["Z1 9000", "Z2 -9000", "Z2 3000"]);
        // An older claim is paid before the others.
        let mut older = claim(1, "10001", "Mustermann", "R0", 4_000);
        older.set(Field::InvoiceDate, Value::Date(day(1, 2)));
        send(&db, "muster", &[older]).await;
        assert_eq!(texts(&db, sums).await[..2], ["Z1 principal R0 4000", "Z1 principal R1 5000"]);
        assert_eq!(texts(&db, "select cast(sum(amount) as text) from allocations").await, ["21000"]);
        send(&db, "muster", &[record(1, "payment_cancellation", &[(Field::PaymentNumber, "Z1")])]).await;
        assert_eq!(texts(&db, "select cast(sum(amount) as text) from allocations").await, ["12000"]);
    }
}
