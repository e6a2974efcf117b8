//! What the log may say of a failure: never a value.

use std::error::Error as _;

use crate::on_both;
use crate::store::StoreError;
use crate::store::db::{Sql, from_json, on};

/// Everything that could end in a log.
fn said(error: &StoreError) -> String {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    format!("{error} {error:?} {cause}")
}

on_both! {
    async fn values_are_not_quoted(db: TestDb) {
        let twice = "insert into clients (key, name, created_at) values ('mustermann', 'x', '2026-01-01 00:00:00+00:00')";
        let cast = "select cast('mustermann' as bigint) + length(cast(json('mustermann') as text))";
        for (first, query) in [
            (Some(Sql { sqlite: twice, postgres: twice }), Sql { sqlite: twice, postgres: twice }),
            (None, Sql { sqlite: cast, postgres: "select cast('mustermann' as bigint)" }),
        ] {
            let run = async |query: Sql| {
                on!(&db.store.db, query, |pool, text| sqlx::query(text).execute(pool).await.map(drop))
            };
            if let Some(first) = first {
                run(first).await.unwrap();
            }
            let error = StoreError::from(run(query).await.unwrap_err());
            assert!(!said(&error).contains("mustermann"), "{}", said(&error));
            assert!(matches!(error, StoreError::Broken(_)), "{}", said(&error));
        }
    }
}

#[test]
fn nor_those_that_cannot_be_read() {
    let error = from_json::<i64>("[\"mustermann\"]").unwrap_err();
    assert!(!said(&error).contains("mustermann"), "{}", said(&error));
}
