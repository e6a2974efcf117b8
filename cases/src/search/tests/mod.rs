//! Searching on both databases, before and after the index has taken things up.

mod finds;
mod indexing;
mod pages;

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;
use sqlx::AssertSqlSafe;

use super::{Found, Search};
use crate::model::ClientId;
use crate::store::Db;
use crate::testing::TestDb;
use crate::testing::fixture::{claim, clients, deliver, with};

/// Debtors of a client as `number: first name, last name or company, street, postcode, city`, a claim each.
fn records(debtors: &[&str]) -> Vec<Record> {
    let record = |(index, line): (usize, &&str)| {
        let (number, rest) = line.split_once(": ").unwrap();
        let parts: Vec<&str> = rest.split(", ").collect();
        let [first, last, street, postcode, city] = parts[..] else {
            panic!("{line}");
        };
        let sequence = u64::try_from(index).unwrap() + 1;
        let mut record = claim(sequence, number, last, &format!("R-{number}"), 10_000);
        let address = [
            (Field::Street, street),
            (Field::PostalCode, postcode),
            (Field::City, city),
        ];
        if first.is_empty() {
            record = with(record, Field::DebtorType, "company");
            record.remove(Field::LastName);
            record = with(record, Field::CompanyName, last);
        } else {
            record = with(record, Field::FirstName, first);
        }
        for (field, text) in address.into_iter().filter(|(_, text)| !text.is_empty()) {
            record = with(record, field, text);
        }
        with(record, Field::Country, "DE")
    };
    debtors.iter().enumerate().map(record).collect()
}

/// The clients `muster` and `beispiel` with a few debtors.
async fn fill(db: &TestDb) {
    clients(db, &["muster", "beispiel"]).await;
    let muster = [
        "1: Jörg, Müller, Musterstraße, 01067, Dresden",
        "2: Erika, Mustermann, Lange Str. 5, 10115, Berlin",
        "3: , Muster & Söhne G.m.b.H., Am Markt 1, 04109, Leipzig",
        "4: , Muster AG, , , ",
        "5: José, Núñez-Meier, Hauptstraße 7, 01067, Dresden",
        "6: Anna, Meyer, Hauptstr. 9, 10115, Berlin",
    ];
    deliver(db, "muster", &records(&muster)).await;
    let beispiel = [
        "1: Xaver, Zwiebelhuber, Musterstraße 1, 01067, Dresden",
        "2: Jörg, Müller, Beispielweg 1, 20095, Hamburg",
    ];
    deliver(db, "beispiel", &records(&beispiel)).await;
}

async fn scope(db: &TestDb, key: &str) -> Option<ClientId> {
    Some(db.store.client(key).await.unwrap().unwrap().id)
}

async fn statements(db: &TestDb, statement: &str) {
    let statement = AssertSqlSafe(statement.to_owned());
    match db.store.db() {
        Db::Sqlite(pool) => sqlx::raw_sql(statement).execute(pool).await.map(drop).unwrap(),
        Db::Postgres(pool) => sqlx::raw_sql(statement).execute(pool).await.map(drop).unwrap(),
    }
}

/// Debtor numbers and how they were found, such as `2 1~`: `~` with a slip, `≈` with two.
fn said(found: &Found) -> String {
    assert!(found.complete);
    let hit = |hit: &super::Hit| {
        let mark = match hit.matched {
            super::Matched::Exact => "",
            super::Matched::Slip => "~",
            super::Matched::Slips => "≈",
        };
        format!("{}{mark}", hit.debtor_number)
    };
    found.hits.iter().map(hit).collect::<Vec<_>>().join(" ")
}

/// Searches for what is written as `name`, `name @ city`, `name / street` or `#reference`.
fn of(text: &str, scope: Option<ClientId>) -> Search {
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let (rest, city) = text.split_once('@').unwrap_or((text, ""));
    let (name, street) = rest.split_once('/').unwrap_or((rest, ""));
    let reference = name.strip_prefix('#');
    Search {
        scope,
        client_reference: reference.and_then(given),
        debtor_name: if reference.is_none() { given(name) } else { None },
        street: given(street),
        city: given(city),
        ..Search::default()
    }
}
