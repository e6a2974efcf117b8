//! The record types of the desk on both databases, through the import as they come.

mod ledger;
mod papers;
mod returns;

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::Code;
use dropcase_parsers::record::{Cells, Position, Record, Value};
use dropcase_parsers::staged::{Frame, Part, Summary};

use super::{Ordering, Rules, Side, order};
use crate::import::{ImportJob, Policy, import};
use crate::model::{ActorKind, Mode};
use crate::on_both;
use crate::store::db::{Sql, on};
use crate::testing::TestDb;
use crate::testing::fixture::{
    self, answers, claim, clients, day, deliver, import_staged, lease, now, rules, staged, today, with,
};

/// A record of the desk: `sequence`, record type, texts.
fn record(sequence: u64, kind: &str, texts: &[(Field, &str)]) -> Record {
    let position = Position {
        part: 0,
        sequence,
        row: sequence + 1,
    };
    let mut record = Record::new(position, Cells::from_iter([kind]));
    record.set(Field::RecordType, Value::Text(kind.to_owned()));
    for (field, text) in texts {
        record.set(*field, Value::Text((*text).to_owned()));
    }
    record
}

/// With an amount in cents, on 1 March.
fn of(mut record: Record, cents: i64) -> Record {
    record.set(Field::Amount, Value::Money(cents));
    record.set(Field::Currency, Value::Text("EUR".to_owned()));
    record.set(Field::ValueDate, Value::Date(day(3, 1)));
    record
}

/// Each result as `sequence outcome codes`.
async fn told(db: &TestDb, delivery: i64) -> Vec<String> {
    let text = "select r.sequence, r.outcome, coalesce((select min(f.code) from findings f where f.delivery_id = \
        r.delivery_id and f.sequence = r.sequence), '') from results r where r.delivery_id = $1 order by r.sequence";
    let rows: Vec<(i64, String, String)> = on!(
        &db.store.db,
        Sql {
            sqlite: text,
            postgres: text
        },
        |pool, text| sqlx::query_as(text).bind(delivery).fetch_all(pool).await
    )
    .unwrap();
    rows.into_iter()
        .map(|(sequence, outcome, code)| format!("{sequence} {outcome} {code}").trim_end().to_owned())
        .collect()
}

async fn texts(db: &TestDb, text: &'static str) -> Vec<String> {
    on!(
        &db.store.db,
        Sql {
            sqlite: text,
            postgres: text
        },
        |pool, text| sqlx::query_scalar(text).fetch_all(pool).await
    )
    .unwrap()
}

/// The ledger as `kind amount`, in the order of booking.
async fn ledger(db: &TestDb) -> Vec<String> {
    texts(db, "select kind || ' ' || amount from bookings order by id").await
}

async fn case_number(db: &TestDb) -> String {
    texts(db, "select number from cases order by id").await.remove(0)
}

async fn send(db: &TestDb, client: &str, records: &[Record]) -> Vec<String> {
    let (leased, _) = deliver(db, client, records).await;
    told(db, leased.delivery.id.0).await
}

/// A file of the account `office` of the back office.
async fn office(db: &TestDb, records: &[Record]) -> Vec<String> {
    let leased = lease(db, "office", Mode::Import).await;
    let code = leased.delivery.code.to_string();
    let job = ImportJob {
        leased: &leased,
        sha256: &code,
        policy: Policy::ValidRows,
        mandates: &[],
        rules: Rules {
            side: Side::Office,
            ..rules()
        },
        papers: &crate::papers::Papers::default(),
        today: today(),
        versions: None,
        work_dir: db.folder(),
        answers: &answers,
        clock: &now,
    };
    import(&db.store, staged(records), &job, |_| ()).await.unwrap();
    told(db, leased.delivery.id.0).await
}

/// A client with one case of two claims: 100.00 and 50.00 EUR.
async fn desk(db: &TestDb) {
    clients(db, &["muster", "other"]).await;
    let claims = [
        claim(1, "10001", "Mustermann", "R1", 10_000),
        claim(2, "10001", "Mustermann", "R2", 5_000),
    ];
    deliver(db, "muster", &claims).await;
}

on_both! {
    async fn a_payment_is_booked_once(db: TestDb) {
        desk(&db).await;
        let payment = |sequence, number: &str, cents| {
            of(record(sequence, "direct_payment", &[(Field::InvoiceNumber, "R1"), (Field::PaymentNumber, number)]), cents)
        };
        assert_eq!(send(&db, "muster", &[payment(1, "Z1", 3_000), payment(2, "Z1", 3_000), payment(3, "Z1", 3_001)]).await,
            ["1 accepted", "2 duplicate DUPLICATE", "3 rejected DUPLICATE_DIFFERS"]);
        assert_eq!(send(&db, "muster", &[payment(1, "Z1", 3_000), payment(2, "Z2", 20_000)]).await,
            ["1 duplicate DUPLICATE", "2 accepted OVERPAYMENT"]);
        assert_eq!(ledger(&db).await, ["principal 10000", "principal 5000", "direct_payment -3000", "direct_payment -20000"]);
        assert_eq!(texts(&db, "select payment from cases").await, ["fully_paid"]);
    }

    async fn a_payment_without_a_number_is_asked_about(db: TestDb) {
        desk(&db).await;
        let payment = of(record(1, "direct_payment", &[(Field::DebtorNumber, "10001")]), 1_000);
        assert_eq!(send(&db, "muster", std::slice::from_ref(&payment)).await, ["1 accepted"]);
        assert_eq!(send(&db, "muster", &[payment]).await, ["1 accepted POSSIBLE_DUPLICATE"]);
    }

    async fn a_cancellation_takes_back_once(db: TestDb) {
        desk(&db).await;
        let number = (Field::PaymentNumber, "Z1");
        let payment = of(record(1, "direct_payment", &[(Field::InvoiceNumber, "R2"), number]), 3_000);
        let cancel = |sequence| record(sequence, "payment_cancellation", &[number]);
        let unknown = record(4, "payment_cancellation", &[(Field::PaymentNumber, "Z9")]);
        assert_eq!(send(&db, "muster", &[payment, cancel(2), cancel(3), unknown]).await,
            ["1 accepted", "2 accepted", "3 rejected ALREADY_CANCELLED", "4 rejected UNKNOWN_REFERENCE"]);
        assert_eq!(send(&db, "muster", &[cancel(1)]).await, ["1 rejected ALREADY_CANCELLED"]);
        assert_eq!(texts(&db, "select cast(coalesce(reversal_of, 0) as text) from bookings order by id").await[2..], ["0", "3"]);
        assert_eq!(texts(&db, "select payment from cases").await, ["unpaid"]);
    }

    async fn credit_notes_stay_within_their_claim(db: TestDb) {
        desk(&db).await;
        let note = |sequence, invoice: &str, number: &str, cents| {
            of(record(sequence, "credit_note", &[(Field::InvoiceNumber, invoice), (Field::PaymentNumber, number)]), cents)
        };
        let unnamed = of(record(5, "credit_note", &[(Field::DebtorNumber, "10001")]), 100);
        let cancel = record(6, "credit_note_cancellation", &[(Field::PaymentNumber, "G1")]);
        assert_eq!(send(&db, "muster", &[
            note(1, "R2", "G1", 4_000), note(2, "R2", "G2", 1_001), note(3, "R2", "G3", 1_000), note(4, "R2", "G3", 1_000), unnamed, cancel,
        ]).await, [
            "1 accepted", "2 rejected AMOUNT_ABOVE_CLAIM", "3 accepted", "4 duplicate DUPLICATE", "5 rejected CLAIM_NOT_NAMED",
            "6 accepted",
        ]);
    }

    async fn nobody_reaches_the_case_of_another(db: TestDb) {
        desk(&db).await;
        deliver(&db, "other", &[claim(1, "10001", "Beispiel", "X1", 700)]).await;
        let number = case_number(&db).await;
        send(&db, "muster", &[of(record(1, "direct_payment", &[(Field::InvoiceNumber, "R1"), (Field::PaymentNumber, "Z1")]), 100)]).await;
        let tries = [
            record(1, "hold", &[(Field::CaseNumber, &number)]),
            record(2, "recall", &[(Field::InvoiceNumber, "R1")]),
            record(3, "message", &[(Field::DebtorNumber, "10009"), (Field::Text, "?")]),
            record(4, "payment_cancellation", &[(Field::PaymentNumber, "Z1")]),
            record(5, "hold", &[(Field::CaseNumber, &number), (Field::DebtorNumber, "10001")]),
            record(6, "hold", &[(Field::CaseNumber, "99999999")]),
            // Its own case under the same debtor number.
            record(7, "hold", &[(Field::DebtorNumber, "10001")]),
            of(record(8, "direct_payment", &[(Field::DebtorNumber, "10001"), (Field::PaymentNumber, "Z1")]), 100),
        ];
        let mut expected: Vec<String> = (1..=6).map(|n| format!("{n} rejected UNKNOWN_REFERENCE")).collect();
        expected.extend(["7 accepted".to_owned(), "8 accepted".to_owned()]);
        assert_eq!(send(&db, "other", &tries).await, expected);
        assert_eq!(texts(&db, "select k.key || ' ' || c.processing from cases c join clients k on k.id = c.client_id order by c.id").await,
            ["muster in_progress", "other paused"]);
    }

    async fn a_recall_ends_what_it_names(db: TestDb) {
        desk(&db).await;
        let payment = of(record(1, "direct_payment", &[(Field::InvoiceNumber, "R1")]), 1_000);
        let recall = |sequence, invoice| record(sequence, "recall", &[(Field::InvoiceNumber, invoice), (Field::Reason, "Irrtum")]);
        assert_eq!(send(&db, "muster", &[recall(2, "R1"), recall(3, "R1"), payment]).await,
            ["1 accepted", "2 accepted", "3 rejected ALREADY_RECALLED"]);
        assert_eq!(ledger(&db).await[2..], ["direct_payment -1000", "recall -10000"]);
        assert_eq!(texts(&db, "select processing from cases").await, ["in_progress"]);
        assert_eq!(send(&db, "muster", &[record(1, "recall", &[(Field::DebtorNumber, "10001")])]).await, ["1 accepted"]);
        assert_eq!(ledger(&db).await[4..], ["recall -5000"]);
        assert_eq!(texts(&db, "select processing || ' ' || stage || ' ' || closing_reason from cases").await,
            ["ended ended RECALLED_BY_CLIENT"]);
        assert_eq!(send(&db, "muster", &[record(1, "hold", &[(Field::DebtorNumber, "10001")])]).await, ["1 rejected CASE_CLOSED"]);
    }

    async fn the_rest_of_the_client_s_words(db: TestDb) {
        desk(&db).await;
        let number = case_number(&db).await;
        let on = |sequence, kind: &str, texts: &[(Field, &str)]| {
            with(record(sequence, kind, texts), Field::CaseNumber, &number)
        };
        let mut hold = on(1, "hold", &[]);
        hold.set(Field::Until, Value::Date(day(4, 1)));
        let mut late = on(2, "hold", &[]);
        late.set(Field::Until, Value::Date(day(3, 1)));
        assert_eq!(send(&db, "muster", &[
            hold, late,
            on(3, "resume", &[]), on(4, "resume", &[]),
            on(5, "address_change", &[(Field::Street, "Neuweg"), (Field::City, "Dresden")]), on(6, "address_change", &[]),
            on(7, "dispute", &[(Field::InvoiceNumber, "R2")]), on(8, "address_search", &[]),
            on(9, "message", &[(Field::Text, "Wie steht es?")]), on(10, "answer", &[(Field::Text, "Ja.")]),
            on(11, "close", &[(Field::ClosingReason, "FRAUD")]),
            on(12, "status_change", &[(Field::Stage, "litigation")]),
        ]).await, [
            "1 accepted", "2 rejected DATE_PASSED", "3 accepted", "4 rejected NOT_PAUSED", "5 accepted",
            "6 rejected NOTHING_TO_CHANGE", "7 accepted", "8 accepted", "9 accepted", "10 accepted NO_OPEN_QUERY",
            "11 rejected RECORD_TYPE_NOT_TAKEN", "12 rejected RECORD_TYPE_NOT_TAKEN",
        ]);
        assert_eq!(texts(&db, "select street || ' ' || city || ' ' || coalesce(postal_code, '-') from debtors").await, ["Neuweg Dresden -"]);
        assert_eq!(texts(&db, "select reference from claims where disputed").await, ["R2"]);
        assert_eq!(texts(&db, "select kind from history order by id").await,
            ["paused", "resumed", "address_change", "disputed", "address_search"]);
        assert_eq!(texts(&db, "select kind || ' ' || text from messages order by id").await, ["message Wie steht es?", "answer Ja."]);
    }

    async fn what_is_tried_leaves_nothing(db: TestDb) {
        desk(&db).await;
        let payment = of(record(1, "direct_payment", &[(Field::InvoiceNumber, "R1"), (Field::PaymentNumber, "Z1")]), 3_000);
        for (mode, policy, records) in [
            (Mode::Validate, Policy::ValidRows, vec![payment.clone()]),
            (Mode::Import, Policy::WholeFile, vec![payment.clone(), record(2, "hold", &[(Field::InvoiceNumber, "R9")])]),
        ] {
            let leased = lease(&db, "muster", mode).await;
            import_staged(&db, &leased, staged(&records), policy).await.unwrap();
        }
        assert_eq!(ledger(&db).await, ["principal 10000", "principal 5000"]);
        assert_eq!(texts(&db, "select key from booking_keys").await, Vec::<String>::new());
        assert_eq!(send(&db, "muster", &[payment]).await, ["1 accepted"]);
    }

    async fn the_back_office_orders(db: TestDb) {
        desk(&db).await;
        let number = case_number(&db).await;
        let actor = db.store.actor(ActorKind::Operator, None, "root").await.unwrap();
        let given = |dry_run| Ordering {
            actor,
            today: today(),
            now: now(),
            rules: Rules { side: Side::Office, ..rules() },
            papers: None,
            dry_run,
        };
        let on = |kind: &str, texts: &[(Field, &str)]| with(record(1, kind, texts), Field::CaseNumber, &number);
        let mut all = vec![
            (of(on("agency_payment", &[(Field::PaymentNumber, "B1")]), 2_000), "done"),
            (of(on("agency_payment", &[(Field::PaymentNumber, "B1")]), 2_000), "DUPLICATE"),
            (of(on("cost", &[(Field::Reason, "Auskunft")]), 1_250), "done"),
            (on("history_entry", &[(Field::Text, "Angerufen."), (Field::EntryKind, "call")]), "done"),
            (on("status_change", &[(Field::Stage, "enforcement")]), "STEP_NOT_ALLOWED"),
            (on("status_change", &[(Field::Stage, "judicial_dunning")]), "done"),
            (on("handler_change", &[(Field::Handler, "Sachgebiet 3")]), "done"),
            (on("query", &[(Field::Text, "Welche Anschrift?")]), "done"),
            (on("reply", &[(Field::Text, "Danke.")]), "done"),
            (of(on("payment_plan", &[]), 5_000), "DATE_PASSED"),
            (of(on("payout", &[]), 1_500), "done"),
            (of(on("write_off", &[]), 999_999), "AMOUNT_ABOVE_OPEN"),
            (on("write_off", &[]), "done"),
            (on("close", &[(Field::ClosingReason, "PARTIAL_SUCCESS")]), "done"),
            (on("close", &[(Field::ClosingReason, "PARTIAL_SUCCESS")]), "CASE_CLOSED"),
        ];
        let mut plan = of(on("payment_plan", &[]), 5_000);
        plan.set(Field::ValueDate, Value::Date(day(4, 1)));
        all.insert(10, (plan.clone(), "done"));
        all.insert(11, (plan, "PLAN_RUNNING"));
        for (record, expected) in all {
            let tried = order(&db.store, &record, &given(true)).await.unwrap();
            let ordered = order(&db.store, &record, &given(false)).await.unwrap();
            assert_eq!((tried.done, &tried.findings), (ordered.done, &ordered.findings));
            let code = ordered.findings.first().map_or("", |finding| finding.code.as_str());
            assert_eq!(if ordered.done { "done" } else { code }, expected, "{:?}", record.values());
        }
        assert_eq!(ledger(&db).await[2..4], ["agency_payment -2000", "cost 1250"]);
        assert_eq!(texts(&db, "select stage || ' ' || processing || ' ' || handler || ' ' || closing_reason from cases").await,
            ["ended ended Sachgebiet 3 PARTIAL_SUCCESS"]);
        assert_eq!(texts(&db, "select kind from outbox where kind = 'message'").await, ["message", "message"]);
        assert_eq!(texts(&db, "select state from payment_plans").await, ["ended"]);
        assert_eq!(texts(&db, "select cast(amount as text) from instalments order by number").await, ["5000", "5000", "4250"]);
        assert_eq!(texts(&db, "select action from audit where subject = 'case' order by id").await, [
            "agency_payment", "cost", "history_entry", "status_change", "handler_change", "query", "reply", "payment_plan",
            "payout", "write_off", "close",
        ]);
        let code = order(&db.store, &record(1, "new_claim", &[]), &given(false)).await.unwrap().findings[0].code;
        assert_eq!(code, Code::RecordTypeNotTaken);
        // A payment to the closed case is kept, and said.
        let late = of(record(1, "direct_payment", &[(Field::DebtorNumber, "10001"), (Field::PaymentNumber, "Z7")]), 100);
        assert_eq!(send(&db, "muster", &[late]).await, ["1 accepted CASE_CLOSED"]);
    }

    async fn a_file_of_the_back_office_speaks_of_every_client(db: TestDb) {
        desk(&db).await;
        clients(&db, &["muster", "other", "office"]).await;
        deliver(&db, "other", &[claim(1, "10001", "Beispiel", "X1", 700)]).await;
        let payment = |sequence, field, text: &str, number: &str, cents| {
            of(record(sequence, "agency_payment", &[(field, text), (Field::PaymentNumber, number)]), cents)
        };
        let number = case_number(&db).await;
        let records = [
            payment(1, Field::CaseNumber, &number, "B1", 2_000),
            payment(2, Field::InvoiceNumber, "X1", "B2", 100),
            // The agency's payment numbers are one list, whosever case it is.
            payment(3, Field::InvoiceNumber, "X1", "B1", 2_000),
            payment(4, Field::DebtorNumber, "10001", "B3", 100),
            claim(5, "10002", "Neu", "R9", 700),
        ];
        assert_eq!(office(&db, &records).await, [
            "1 accepted", "2 accepted", "3 rejected DUPLICATE_DIFFERS", "4 rejected AMBIGUOUS_REFERENCE",
            "5 rejected RECORD_TYPE_NOT_TAKEN",
        ]);
        assert_eq!(
            texts(&db, "select k.key || ' ' || b.amount from bookings b join cases c on c.id = b.case_id \
                join clients k on k.id = c.client_id where b.kind = 'agency_payment' order by b.id").await,
            ["muster -2000", "other -100"]
        );
        // From a client the same record is refused, about its own case too.
        assert_eq!(send(&db, "muster", &[payment(1, Field::InvoiceNumber, "R1", "B9", 100)]).await,
            ["1 rejected RECORD_TYPE_NOT_TAKEN"]);
    }

    async fn statements_find_their_cases_or_say_so(db: TestDb) {
        desk(&db).await;
        deliver(&db, "other", &[claim(1, "20001", "Beispiel", "RE-2026/0815", 700), claim(2, "20002", "Vorlage", "R1", 900)]).await;
        let number = case_number(&db).await;
        let actor = db.store.actor(ActorKind::Operator, None, "root").await.unwrap();
        let given = Ordering { actor, today: today(), now: now(), rules: Rules { side: Side::Office, ..rules() }, papers: None, dry_run: false };
        let ours = format!("Akte {} {} Rate", &number[..4], &number[4..]);
        for (text, holder, cents, expected) in [
            (&*ours, "", 100, "done"),
            ("RE-2026/0815 danke", "Petra Beispiel", 100, "done"),
            ("Rechnung RE-2026/0815", "Fremde Leute", 700, "done"),
            ("Rechnung RE-2026/0815", "Fremde Leute", 123, "UNMATCHED_PAYMENT"),
            ("Miete Mai", "Petra Beispiel", 123, "UNMATCHED_PAYMENT"),
            ("", "", 5, "UNMATCHED_PAYMENT"),
        ] {
            let payment = of(record(1, "agency_payment", &[(Field::Text, text), (Field::AccountHolder, holder)]), cents);
            let ordered = order(&db.store, &payment, &given).await.unwrap();
            let code = ordered.findings.first().map_or("", |finding| finding.code.as_str());
            assert_eq!(if ordered.done { "done" } else { code }, expected, "{text}");
        }
        // A client's own number beside ours: the one that is ours counts. Two cases under one number are never guessed.
        assert_eq!(ledger(&db).await.iter().filter(|line| line.starts_with("agency_payment")).count(), 3);
    }

    async fn a_finding_names_the_column_of_its_own_sheet(db: TestDb) {
        desk(&db).await;
        let sheet = |part, columns: [Field; 2]| Part {
            part,
            header: Cells::from_iter(columns.map(Field::as_str)),
            columns: columns.map(|field| vec![field]).to_vec(),
            ..fixture::part()
        };
        let of_part = |part, number: &str| {
            let mut record = record(1, "hold", &[(Field::InvoiceNumber, number)]);
            record.position.part = part;
            Frame::Record(Box::new(record))
        };
        let frames = vec![
            Frame::Part(sheet(0, [Field::RecordType, Field::InvoiceNumber])),
            of_part(0, "R8"),
            Frame::Part(sheet(1, [Field::InvoiceNumber, Field::RecordType])),
            of_part(1, "R9"),
            Frame::End(Summary { records: 2, parts: 2, ..Summary::default() }),
        ];
        let leased = lease(&db, "muster", Mode::Import).await;
        import_staged(&db, &leased, fixture::staged_frames(frames), Policy::ValidRows).await.unwrap();
        assert_eq!(texts(&db, "select part || ' ' || code || ' ' || source_column || ' ' || header from findings order by part").await,
            ["0 UNKNOWN_REFERENCE 1 invoice_number", "1 UNKNOWN_REFERENCE 0 invoice_number"]);
    }
}
