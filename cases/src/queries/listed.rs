//! Cases that were found, in the order in which they were found, with what a list says of them.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::FromRow;

use super::case_sql as sql;
use crate::model::{CaseId, CaseRow};
use crate::store::db::on;
use crate::store::{Store, StoreError};

/// A case with the place of its debtor.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct ListedCase {
    /// The case and its sums.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub case: CaseRow,
    /// Of the debtor's address.
    pub postal_code: Option<String>,
    /// Of the debtor's address.
    pub city: Option<String>,
    /// Of the debtor's address, ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

impl Store {
    /// The cases of these rows in this order; what does not exist is left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn listed(&self, cases: &[CaseId]) -> Result<Vec<ListedCase>, StoreError> {
        let ids: Vec<i64> = cases.iter().map(|case| case.0).collect();
        let ids = serde_json::json!(ids).to_string();
        let rows: Vec<ListedCase> = on!(&self.db, sql::LISTED, |pool, text| sqlx::query_as(text)
            .bind(ids)
            .fetch_all(pool)
            .await)?;
        let mut rows: HashMap<CaseId, ListedCase> = rows.into_iter().map(|row| (row.case.id, row)).collect();
        Ok(cases.iter().filter_map(|case| rows.remove(case)).collect())
    }
}
