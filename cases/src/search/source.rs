//! Reading rows as JSON, in a transaction or beside all of them, so that the search and the indexer share their questions.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::sql;
use super::words::{Known, reference_key};
use crate::store::StoreError;
use crate::store::db::{Db, Sql, Tx, from_json, in_tx, on};

/// Where is read.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// On any connection.
    Db(&'a Db),
    /// In a transaction.
    Tx(&'a mut Tx),
}

/// A parameter of a query.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// An id.
    Id(i64),
    /// A text, mostly JSON.
    Text(String),
}

/// Binds parameters in their order.
macro_rules! bind {
    ($query:expr, $values:expr) => {
        $values.iter().fold($query, |query, value| match value {
            Value::Id(id) => query.bind(*id),
            Value::Text(text) => query.bind(text.as_str()),
        })
    };
}

/// A case with what is searched of its debtor.
#[derive(Debug, Deserialize)]
pub(super) struct CaseText {
    pub(super) case: i64,
    pub(super) client: i64,
    pub(super) debtor_number: String,
    pub(super) known: Known,
}

/// A claim's case, its client, invoice and contract number.
pub(super) type ClaimText = (i64, i64, Option<String>, Option<String>);

/// What waits for the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Pending {
    /// Row of the queue; 0: the range above what is indexed.
    pub(super) row: i64,
    pub(super) kind: Kind,
    pub(super) first: i64,
    pub(super) last: i64,
}

/// Of what the ids are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Debtor,
    Case,
    Claim,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::Case => "case",
            Self::Claim => "claim",
        }
    }
}

impl Source<'_> {
    /// The rows of a query that brings one JSON text.
    pub(super) async fn rows<T: DeserializeOwned>(&mut self, sql: Sql, values: &[Value]) -> Result<Vec<T>, StoreError> {
        let text: String = match self {
            Self::Db(db) => on!(*db, sql, |pool, text| bind!(sqlx::query_scalar(text), values)
                .fetch_one(pool)
                .await)?,
            Self::Tx(tx) => in_tx!(&mut **tx, sql, |conn, text| bind!(sqlx::query_scalar(text), values)
                .fetch_one(&mut *conn)
                .await)?,
        };
        from_json(&text)
    }

    /// The indexed cases of debtors. Those that are not indexed yet wait on their own account.
    pub(super) async fn cases_of_debtors(&mut self, debtors: &[i64]) -> Result<Vec<i64>, StoreError> {
        if debtors.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<(i64, i64, String)> = self.rows(sql::DEBTORS, &[json(debtors)]).await?;
        let keys: Vec<(i64, i64, String)> = numbers
            .into_iter()
            .filter_map(|(debtor, client, number)| Some((debtor, client, reference_key(&number)?)))
            .collect();
        let mut cases: Vec<i64> = self.rows(sql::CASES_OF_DEBTORS, &[json(&keys)]).await?;
        cases.sort_unstable();
        cases.dedup();
        Ok(cases)
    }
}

/// Rows as a parameter.
pub(super) fn json<T: serde::Serialize + ?Sized>(rows: &T) -> Value {
    // Numbers and texts in tuples and lists always can be written.
    Value::Text(serde_json::to_string(rows).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_in_their_order() {
        let text = r#"[[7,1,"10001",[null,"Erika","Mustermann",null,null,"01067","Dresden"]]]"#;
        let rows: Vec<CaseText> = from_json(text).unwrap();
        let known = &rows[0].known;
        assert_eq!((rows[0].case, rows[0].client, &*rows[0].debtor_number), (7, 1, "10001"));
        assert_eq!(
            (known.first_name.as_deref(), known.city.as_deref()),
            (Some("Erika"), Some("Dresden"))
        );
        let pending: Vec<Pending> = from_json(r#"[[0,"claim",4,9]]"#).unwrap();
        assert_eq!(
            (pending[0].kind, pending[0].first, pending[0].last),
            (Kind::Claim, 4, 9)
        );
    }
}
