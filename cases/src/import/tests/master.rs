//! Debtors, creditors, mandates, cases.

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::{Record, Value};

use super::told;
use crate::import::{ImportJob, MandatePeriod, Policy, import, is_case_number};
use crate::model::{BookingRow, DebtorRow, Mode};
use crate::on_both;
use crate::store::db::{Sql, on};
use crate::testing::TestDb;
use crate::testing::fixture::{self, claim, clients, day, deliver, lease, staged, with};

async fn debtor(db: &TestDb) -> DebtorRow {
    let text = "select d.*, a.at as created_at from debtors d join acts a on a.id = d.act_id order by d.id limit 1";
    on!(
        &db.store.db,
        Sql {
            sqlite: text,
            postgres: text
        },
        |pool, text| sqlx::query_as(text).fetch_one(pool).await
    )
    .unwrap()
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

fn master_data(sequence: u64, values: &[(Field, &str)]) -> Record {
    let mut record = with(claim(sequence, "1", "Muster", "R", 1), Field::RecordType, "debtor");
    for field in [
        Field::InvoiceNumber,
        Field::InvoiceDate,
        Field::PrincipalAmount,
        Field::Currency,
    ] {
        record.remove(field);
    }
    for (field, text) in values {
        record = with(record, *field, text);
    }
    record
}

on_both! {
    async fn master_data_is_completed_and_not_overwritten(db: TestDb) {
        clients(&db, &["muster"]).await;
        let mut first = claim(1, "1", "Muster", "R1", 100);
        first.set(Field::Email, Value::List(vec!["erika@example.org".to_owned()]));
        let mut second = master_data(2, &[(Field::Title, "Dr."), (Field::Street, "Musterstraße"), (Field::City, "Musterstadt")]);
        second.set(Field::Email, Value::List(vec!["erika@example.org".to_owned(), "e@example.org".to_owned()]));
        deliver(&db, "muster", &[first, second]).await;
        // A later list: another title and another street change nothing, the birth date is news. The second street has
        // no town of its own that could be mixed in.
        let mut third = master_data(1, &[(Field::Title, "Prof."), (Field::Street, "Nebenstraße"), (Field::PostalCode, "01067")]);
        third.set(Field::BirthDate, Value::Date(day(1, 1)));
        third.set(Field::Iban, Value::List(vec!["DE02120300000000202051".to_owned()]));
        third.set(Field::ActsAs, Value::Text("business".to_owned()));
        deliver(&db, "muster", &[third]).await;
        let row = debtor(&db).await;
        assert_eq!((row.title.as_deref(), row.street.as_deref()), (Some("Dr."), Some("Musterstraße")));
        assert_eq!((row.postal_code, row.city.as_deref()), (None, Some("Musterstadt")));
        assert_eq!((row.birth_date, row.acts_as.as_str()), (Some(day(1, 1)), "business"));
        let contacts = texts(&db, "select value from debtor_contacts order by value").await;
        assert_eq!(contacts, ["e@example.org", "erika@example.org"]);
        assert_eq!(texts(&db, "select iban from debtor_accounts").await, ["DE02120300000000202051"]);
    }

    async fn two_of_one_name_and_number_with_other_birth_dates_are_two(db: TestDb) {
        clients(&db, &["muster"]).await;
        let born = |sequence, invoice: &str, birth_date: Option<u32>| {
            let mut record = claim(sequence, "1", "Muster", invoice, 100);
            if let Some(of_january) = birth_date {
                record.set(Field::BirthDate, Value::Date(day(1, of_january)));
            }
            record
        };
        // The first one who tells a birth date counts, also when the debtor was made before.
        let first = [
            born(1, "R1", None),
            born(2, "R2", Some(1)),
            born(3, "R3", Some(2)),
            born(4, "R4", None),
            born(5, "R5", Some(1)),
        ];
        let (leased, _) = deliver(&db, "muster", &first).await;
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 accepted case -",
            "2 accepted case -",
            "3 rejected - raw DEBTOR_MISMATCH",
            "4 accepted case -",
            "5 accepted case -",
        ]);
        // The same against what the database knows.
        let second = [born(1, "R6", Some(2)), born(2, "R7", Some(1)), born(3, "R8", None), born(4, "R1", Some(2))];
        let (leased, _) = deliver(&db, "muster", &second).await;
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 rejected - raw DEBTOR_MISMATCH",
            "2 accepted case -",
            "3 accepted case -",
            "4 rejected - raw DEBTOR_MISMATCH",
        ]);
        assert_eq!(debtor(&db).await.birth_date, Some(day(1, 1)));
        let args = texts(&db, "select distinct args from findings").await;
        assert_eq!(args, ["{\"reason\":\"birth_date\"}"]);
    }

    async fn a_record_without_a_name_joins_but_makes_no_debtor(db: TestDb) {
        clients(&db, &["muster"]).await;
        let nameless = |sequence, debtor: &str, invoice: &str| {
            let mut record = claim(sequence, debtor, "x", invoice, 100);
            record.remove(Field::LastName);
            record
        };
        let records = [nameless(1, "1", "R1"), claim(2, "1", "Muster", "R2", 100), nameless(3, "1", "R3")];
        let (leased, _) = deliver(&db, "muster", &records).await;
        assert_eq!(
            told(&db, leased.delivery.id.0).await,
            ["1 rejected - raw REQUIRED", "2 accepted case -", "3 accepted case -"]
        );
    }

    async fn a_master_client_names_its_creditors(db: TestDb) {
        clients(&db, &["muster:NORD,SUED", "beispiel"]).await;
        let of = |sequence, creditor: &str, invoice: &str| {
            with(claim(sequence, "1", "Muster", invoice, 100), Field::Creditor, creditor)
        };
        let stranger = with(of(4, "sued", "R4"), Field::LastName, "Beispiel");
        let records = [of(1, "nord", "R1"), of(2, "OST", "R2"), claim(3, "1", "Muster", "R3", 100), stranger];
        let (leased, _) = deliver(&db, "muster", &records).await;
        // The same number under another creditor is another debtor.
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 accepted case -",
            "2 rejected - raw UNKNOWN_CREDITOR",
            "3 rejected - raw UNKNOWN_CREDITOR",
            "4 accepted case -",
        ]);
        let (leased, _) = deliver(&db, "beispiel", &[of(1, "whatever", "R1")]).await;
        assert_eq!(told(&db, leased.delivery.id.0).await, ["1 accepted case -"]);
    }

    async fn a_mandate_must_be_in_force(db: TestDb) {
        clients(&db, &["muster:NORD,SUED"]).await;
        let of = |sequence, creditor: &str| {
            with(claim(sequence, "1", "Muster", "R1", 100), Field::Creditor, creditor)
        };
        let mandates = [
            MandatePeriod { from: day(1, 1), to: Some(day(3, 8)), creditor: None },
            MandatePeriod { from: day(3, 9), to: Some(day(3, 9)), creditor: Some("NORD".to_owned()) },
            MandatePeriod { from: day(3, 10), to: None, creditor: None },
        ];
        let leased = lease(&db, "muster", Mode::Import).await;
        let job = ImportJob {
            leased: &leased,
            sha256: "",
            policy: Policy::ValidRows,
            mandates: &mandates,
            rules: fixture::rules(),
            papers: &crate::papers::Papers::default(),
            today: fixture::today(),
            versions: None,
            work_dir: db.folder(),
            answers: &fixture::answers,
            clock: &fixture::now,
        };
        import(&db.store, staged(&[of(1, "NORD"), of(2, "SUED")]), &job, |_| ()).await.unwrap();
        assert_eq!(told(&db, leased.delivery.id.0).await, ["1 accepted case -", "2 rejected - raw NO_MANDATE"]);
    }

    async fn likely_twins_are_asked_about(db: TestDb) {
        clients(&db, &["muster", "other"]).await;
        let of = |sequence, number: &str, invoice: &str, house: &str| {
            let record = claim(sequence, number, "Mustermann", invoice, 100);
            let record = with(with(record, Field::Street, "Musterstraße"), Field::PostalCode, "01067");
            with(record, Field::HouseNumber, house)
        };
        let born = |mut record: dropcase_parsers::record::Record, day_| {
            record.set(Field::BirthDate, Value::Date(day(1, day_)));
            record
        };
        deliver(&db, "other", &[of(1, "9", "R9", "5")]).await;
        deliver(&db, "muster", &[born(of(1, "1", "R1", "5"), 1)]).await;
        let (leased, _) = deliver(&db, "muster", &[
            of(1, "1", "R2", "5"),
            born(of(2, "4", "R5", "5"), 2),
            of(3, "3", "R4", "7"),
            with(of(4, "2", "R3", "5"), Field::Street, "MUSTERSTR."),
            of(5, "5", "R6", "7"),
        ]).await;
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 accepted case -", "2 accepted case -", "3 accepted case -", "4 accepted case - LIKELY_TWIN",
            "5 accepted case - LIKELY_TWIN",
        ]);
    }

    async fn the_ledger_of_a_claim(db: TestDb) {
        clients(&db, &["muster"]).await;
        let mut record = claim(1, "1", "Muster", "R1", 8_000);
        for (field, amount) in [
            (Field::OriginalAmount, 10_000),
            (Field::PaymentsReceived, 2_000),
            (Field::DunningCosts, 500),
            (Field::OtherCosts, 0),
        ] {
            record.set(field, Value::Money(amount));
        }
        record.set(Field::LastPaymentDate, Value::Date(day(2, 1)));
        record.extra.push(("Farbe".to_owned(), "blau\0".to_owned()));
        deliver(&db, "muster", &[record]).await;
        let text = "select b.*, a.at as booked_at, a.delivery_id from bookings b join acts a on a.id = b.act_id order by b.id";
        let bookings: Vec<BookingRow> = on!(&db.store.db, Sql { sqlite: text, postgres: text }, |pool, text| {
            sqlx::query_as(text).fetch_all(pool).await
        })
        .unwrap();
        let lines: Vec<String> =
            bookings.iter().map(|row| format!("{} {} {}", row.kind, row.amount, row.value_date)).collect();
        assert_eq!(lines, ["principal 10000 2026-01-15", "dunning_costs 500 2026-01-15", "payment -2000 2026-02-01"]);
        assert_eq!(texts(&db, "select payment from cases").await, ["partially_paid"]);
        assert_eq!(texts(&db, "select kind from v1_history order by kind").await, ["claim_added", "opened"]);
        let numbers = texts(&db, "select number from cases").await;
        assert!(is_case_number(&numbers[0]) && numbers[0].len() == 8, "{numbers:?}");
    }

    async fn stored_values_are_masked(db: TestDb) {
        use dropcase_parsers::finding::{Code, Finding};
        clients(&db, &["muster"]).await;
        let found = Finding::new(Code::IbanInvalid).field(Field::Iban).value("DE02120300000000202052").arg("country", "DE");
        deliver(&db, "muster", &[fixture::finding(claim(1, "1", "Muster", "R1", 100), found)]).await;
        deliver(&db, "muster", &[claim(1, "1", "Fremder", "R2", 100)]).await;
        let lines = texts(&db, "select code || ' ' || coalesce(value, '-') || ' ' || coalesce(args, '-') || ' ' || \
            coalesce(header, '-') from findings order by id").await;
        assert_eq!(lines, [
            "IBAN_INVALID …2052 {\"country\":\"DE\"} -",
            "DEBTOR_MISMATCH … (1) {\"reason\":\"name\"} Kundennummer",
        ]);
    }

    async fn what_no_index_and_no_sum_can_hold_is_rejected(db: TestDb) {
        clients(&db, &["muster"]).await;
        let mut phone = claim(3, "3", "Muster", "R3", 100);
        phone.set(Field::Phone, Value::List(vec!["1".repeat(10_000)]));
        let mut costs = claim(5, "5", "Muster", "R5", 100);
        costs.set(Field::OtherCosts, Value::Money(i64::MAX));
        let records = [
            claim(1, &"1".repeat(5_000), "Muster", "R1", 100),
            claim(2, "2", &"x".repeat(60_000), "R2", 100),
            phone,
            claim(4, "4", "Muster", "R4", i64::MAX),
            costs,
            with(claim(6, "6", "Muster", "R6", 100), Field::Memo, &"x".repeat(60_000)),
        ];
        let (leased, _) = deliver(&db, "muster", &records).await;
        assert_eq!(told(&db, leased.delivery.id.0).await, [
            "1 rejected - raw FIELD_TOO_LONG",
            "2 rejected - raw FIELD_TOO_LONG",
            "3 rejected - raw FIELD_TOO_LONG",
            "4 rejected - raw AMOUNT_TOO_HIGH",
            "5 rejected - raw AMOUNT_TOO_HIGH",
            "6 accepted case -",
        ]);
    }
}
