//! Requests, for whoever answers them.

use crate::model::RequestRow;
use crate::store::db::{on, queries};
use crate::store::{Store, StoreError};

pub(crate) mod sql {
    use super::queries;
    queries! {
        BY_ID = both "select r.*, a.at, v.code as delivery from requests r join acts a on a.id = r.act_id \
            left join deliveries v on v.id = a.delivery_id where r.id = $1";
    }
}

impl Store {
    /// The request of this row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request(&self, id: i64) -> Result<Option<RequestRow>, StoreError> {
        Ok(on!(&self.db, sql::BY_ID, |pool, text| sqlx::query_as(text)
            .bind(id)
            .fetch_optional(pool)
            .await)?)
    }
}
