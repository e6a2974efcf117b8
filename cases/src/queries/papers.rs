//! The papers of a case.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::model::{CaseId, Visibility};
use crate::store::db::{on, queries};
use crate::store::{Store, StoreError};

pub(crate) mod sql {
    use super::queries;

    queries! {
        OF_CASE = both "select d.name, d.content_type, d.size, d.sha256, d.visibility, l.invoice_number, t.at, \
            a.name as actor, v.code as delivery, s.key as stored_under \
            from documents d join acts t on t.id = d.act_id join actors a on a.id = t.actor_id \
            join clients s on s.id = d.client_id left join claims l on l.id = d.claim_id \
            left join deliveries v on v.id = t.delivery_id where d.case_id = $1 order by d.id";
    }
}

/// A paper that is filed on a case.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PaperRow {
    /// As whoever handed it over called it. Personal data.
    pub name: String,
    /// As registered with IANA.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, lower-case hexadecimal: its name in the paper store.
    pub sha256: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// The invoice of the claim that it came with or names.
    pub invoice_number: Option<String>,
    /// When it was filed.
    pub at: DateTime<Utc>,
    /// Who handed it over.
    pub actor: String,
    /// The code of the delivery that it came with.
    pub delivery: Option<String>,
    /// Key of the client that handed it over: its folder in the paper store.
    pub stored_under: String,
}

impl Store {
    /// The papers of a case, oldest first, whoever may see them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn papers(&self, case: CaseId) -> Result<Vec<PaperRow>, StoreError> {
        Ok(on!(&self.db, sql::OF_CASE, |pool, text| sqlx::query_as(text)
            .bind(case)
            .fetch_all(pool)
            .await)?)
    }
}
