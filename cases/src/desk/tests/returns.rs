//! Returns of the bank whose payment came in an earlier file.

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::{Record, Value};

use super::{case_number, clients, desk, ledger, of, office, record, send, texts};
use crate::on_both;
use crate::store::Db;
use crate::testing::TestDb;
use crate::testing::fixture::{claim, day, deliver, with};

/// A payment to the agency with the bank's number and the payer's reference.
fn payment(sequence: u64, case: &str, number: &str, reference: &str, cents: i64) -> Record {
    let texts = [
        (Field::CaseNumber, case),
        (Field::PaymentNumber, number),
        (Field::EndToEndId, reference),
    ];
    of(record(sequence, "agency_payment", &texts), cents)
}

/// A return as a statement brings it: with the bank's reference of it and the payer's reference.
fn returned(sequence: u64, bank: &str, reference: &str, cents: i64) -> Record {
    let texts = [(Field::BankReference, bank), (Field::EndToEndId, reference)];
    of(record(sequence, "payment_cancellation", &texts), cents)
}

fn on(mut record: Record, month: u32, of_month: u32) -> Record {
    record.set(Field::ValueDate, Value::Date(day(month, of_month)));
    record
}

const REVERSALS: &str = "select b.key || ' ' || cast(o.amount as text) from bookings b join bookings o \
    on o.case_id = b.case_id and o.id = b.reversal_of order by b.id";

/// How the database goes about the query for references, a line a step.
async fn plan(db: &TestDb) -> String {
    use sqlx::{AssertSqlSafe, Row as _};
    let query = crate::desk::returns::sql::BY_REFERENCE;
    match db.store.db() {
        Db::Sqlite(pool) => {
            let text = AssertSqlSafe(format!("explain query plan {}", query.sqlite));
            let rows = sqlx::query(text).bind("[]").fetch_all(pool).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>("detail") + "\n").collect()
        }
        Db::Postgres(pool) => {
            let mut tx = pool.begin().await.unwrap();
            // A table of few rows is read as a whole unless that is forbidden.
            for way in ["seqscan", "hashjoin", "mergejoin"] {
                let text = AssertSqlSafe(format!("set local enable_{way} = off"));
                sqlx::query(text).execute(&mut *tx).await.unwrap();
            }
            let text = AssertSqlSafe(format!("explain {}", query.postgres));
            let rows = sqlx::query(text).bind("[]").fetch_all(&mut *tx).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect()
        }
    }
}

on_both! {
    async fn references_are_found_by_an_index(db: TestDb) {
        let plan = plan(&db).await;
        let steps = match db.store.db() {
            Db::Sqlite(_) => ["SEARCH r USING PRIMARY KEY (reference=?)", "SEARCH b USING PRIMARY KEY (case_id=? AND id=?)"],
            Db::Postgres(_) => ["Index Cond: (reference = ", "Index Cond: ((case_id = r.case_id) AND (id = r.booking_id))"],
        };
        for step in steps {
            assert!(plan.contains(step), "{plan}");
        }
    }

    async fn a_return_finds_the_payment_of_an_earlier_file(db: TestDb) {
        desk(&db).await;
        clients(&db, &["muster", "other", "office"]).await;
        let case = case_number(&db).await;
        let payments = [
            payment(1, &case, "B1", "E2E-1", 3_000),
            payment(2, &case, "B2", "E2E-1", 2_000),
            payment(3, &case, "B3", "NOTPROVIDED", 2_000),
        ];
        assert_eq!(office(&db, &payments).await, ["1 accepted", "2 accepted", "3 accepted"]);
        let returns = [
            returned(1, "R1", "E2E-1", 3_000),
            // Another amount, currency or reference is another payment; what says that there is none is none.
            returned(2, "R2", "E2E-1", 3_001),
            with(returned(3, "R3", "E2E-1", 2_000), Field::Currency, "DKK"),
            returned(4, "R4", "E2E-9", 2_000),
            returned(5, "R5", "NOTPROVIDED", 2_000),
            returned(6, "R6", "E2E-1", 2_000),
        ];
        let expected = [
            "1 accepted", "2 rejected UNMATCHED_RETURN", "3 rejected UNMATCHED_RETURN", "4 rejected UNMATCHED_RETURN",
            "5 rejected UNMATCHED_RETURN", "6 accepted",
        ];
        assert_eq!(office(&db, &returns).await, expected);
        assert_eq!(texts(&db, REVERSALS).await, ["B1 -3000", "B2 -2000"]);
        // The same statement again takes nothing back twice.
        let again = expected.map(|line| line.replace("accepted", "rejected ALREADY_CANCELLED"));
        assert_eq!(office(&db, &returns).await, again);
        assert_eq!(texts(&db, REVERSALS).await.len(), 2);
        assert_eq!(texts(&db, "select distinct case_number from results where outcome = 'rejected' and case_number is not null").await, [case]);
    }

    async fn a_return_of_one_among_several_is_asked_about(db: TestDb) {
        desk(&db).await;
        clients(&db, &["muster", "other", "office"]).await;
        deliver(&db, "other", &[claim(1, "20001", "Beispiel", "X1", 5_000)]).await;
        let cases = texts(&db, "select number from cases order by id").await;
        office(&db, &[payment(1, &cases[0], "B1", "RATE", 1_000), payment(2, &cases[1], "B2", "RATE", 1_000)]).await;
        let back = returned(1, "R1", "RATE", 1_000);
        assert_eq!(office(&db, std::slice::from_ref(&back)).await, ["1 rejected AMBIGUOUS_RETURN"]);
        // The case, or the number of the payment, says which one.
        let of_case = with(back.clone(), Field::CaseNumber, &cases[1]);
        assert_eq!(office(&db, std::slice::from_ref(&of_case)).await, ["1 accepted"]);
        assert_eq!(texts(&db, REVERSALS).await, ["B2 -1000"]);
        let mut second = of_case;
        second.position.sequence = 2;
        // That return is done with; another one of the same case finds nothing left to take back.
        assert_eq!(office(&db, &[back, with(second, Field::BankReference, "R2")]).await, ["1 rejected ALREADY_CANCELLED", "2 rejected ALREADY_CANCELLED"]);
    }

    async fn a_return_is_known_again_when_the_same_was_paid_anew(db: TestDb) {
        desk(&db).await;
        clients(&db, &["muster", "other", "office"]).await;
        let case = case_number(&db).await;
        let first = [payment(1, &case, "B1", "RATE", 1_000), on(returned(2, "R1", "RATE", 1_000), 3, 2)];
        assert_eq!(office(&db, &first).await, ["1 accepted", "2 accepted"]);
        let second = on(payment(1, &case, "B2", "RATE", 1_000), 3, 2);
        let again = on(returned(2, "R1", "RATE", 1_000), 3, 2);
        // Under a number that is not known, from before the second payment.
        let other = on(returned(3, "R9", "RATE", 1_000), 3, 1);
        let mut numbered = with(again.clone(), Field::PaymentNumber, "B2");
        numbered.position.sequence = 1;
        assert_eq!(office(&db, &[second, again, other]).await,
            ["1 accepted", "2 rejected ALREADY_CANCELLED", "3 rejected ALREADY_CANCELLED"]);
        assert_eq!(office(&db, &[numbered]).await, ["1 rejected ALREADY_CANCELLED"]);
        let third = on(returned(1, "R2", "RATE", 1_000), 3, 6);
        assert_eq!(office(&db, &[third]).await, ["1 accepted"]);
        assert_eq!(texts(&db, REVERSALS).await, ["B1 -1000", "B2 -1000"]);
    }

    async fn a_return_may_quote_the_number_of_the_bank(db: TestDb) {
        desk(&db).await;
        clients(&db, &["muster", "other", "office"]).await;
        let case = case_number(&db).await;
        office(&db, &[payment(1, &case, "B1", "", 1_000), payment(2, &case, "B2/1", "", 1_000)]).await;
        let quoted = |sequence, bank: &str, cents| {
            of(record(sequence, "payment_cancellation", &[(Field::BankReference, bank)]), cents)
        };
        assert_eq!(office(&db, &[quoted(1, "B1", 900), quoted(2, "B1", 1_000), quoted(3, "B1", 1_000), quoted(4, "B2/1", 1_000)]).await, [
            "1 rejected UNMATCHED_RETURN", "2 accepted", "3 rejected ALREADY_CANCELLED",
            // The place in a batch says nothing of another file.
            "4 rejected UNMATCHED_RETURN",
        ]);
        assert_eq!(ledger(&db).await[2..], ["agency_payment -1000", "agency_payment -1000", "agency_payment 1000"]);
    }

    async fn clients_name_their_payments_by_number(db: TestDb) {
        desk(&db).await;
        clients(&db, &["muster", "other", "office"]).await;
        let case = case_number(&db).await;
        office(&db, &[payment(1, &case, "B1", "E2E-1", 1_000)]).await;
        let of_case = with(returned(2, "B1", "E2E-1", 1_000), Field::CaseNumber, &case);
        assert_eq!(send(&db, "muster", &[returned(1, "B1", "E2E-1", 1_000), of_case]).await,
            ["1 rejected REQUIRED", "2 rejected REQUIRED"]);
        assert_eq!(texts(&db, REVERSALS).await, Vec::<String>::new());
    }
}
