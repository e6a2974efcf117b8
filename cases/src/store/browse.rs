//! Reading deliveries: lists and one with all that belongs to it.

use chrono::{DateTime, Utc};

use super::db::{on, queries};
use super::deliveries::sql::delivery;
use super::{Store, StoreError, outbox, stamp};
use crate::model::{Delivery, DeliveryDetail, DeliveryId, DeliveryState, Status};

/// Which deliveries to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    /// Of this client.
    pub client: Option<String>,
    /// This far.
    pub state: Option<DeliveryState>,
    /// With this result.
    pub status: Option<Status>,
    /// Arrived then or later.
    pub from: Option<DateTime<Utc>>,
    /// Arrived before.
    pub to: Option<DateTime<Utc>>,
    /// Only those before this one: the last of the previous page.
    pub before: Option<DeliveryId>,
    /// At most so many.
    pub limit: u32,
}

pub(crate) mod sql {
    use super::{delivery, queries};
    queries! {
        LIST = both delivery!(
            "where (cast($1 as text) is null or c.key = $1) and (cast($2 as text) is null or d.state = $2) \
             and (cast($3 as text) is null or d.status = $3) \
             and (cast($4 as timestamptz) is null or d.arrived_at >= $4) \
             and (cast($5 as timestamptz) is null or d.arrived_at < $5) \
             and (cast($6 as bigint) is null or d.id < $6) order by d.id desc limit $7"
        );
        BY_CODE = both delivery!("where d.code = $1");
        CODE = both "select code from deliveries where id = $1";
        PARTS = both "select * from delivery_parts where delivery_id = $1 order by part";
        SUMS = both "select record_type, currency, outcome, records, amount from delivery_sums where delivery_id = $1 \
            order by record_type, currency, outcome";
        FINDINGS = both "select * from findings where delivery_id = $1 and sequence is null order by id";
    }
}

impl Store {
    /// Deliveries, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError> {
        Ok(on!(&self.db, sql::LIST, |pool, text| sqlx::query_as(text)
            .bind(filter.client.as_deref())
            .bind(filter.state)
            .bind(filter.status)
            .bind(filter.from.map(stamp))
            .bind(filter.to.map(stamp))
            .bind(filter.before)
            .bind(i64::from(filter.limit))
            .fetch_all(pool)
            .await)?)
    }

    /// The delivery that people call `code`, with what belongs to it except its records.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delivery_by_code(&self, code: &str) -> Result<Option<DeliveryDetail>, StoreError> {
        let found: Option<Delivery> = on!(&self.db, sql::BY_CODE, |pool, text| sqlx::query_as(text)
            .bind(code)
            .fetch_optional(pool)
            .await)?;
        match found {
            Some(delivery) => Ok(Some(self.detail(delivery).await?)),
            None => Ok(None),
        }
    }

    /// The delivery `id` with what belongs to it except its records.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delivery_detail(&self, id: DeliveryId) -> Result<Option<DeliveryDetail>, StoreError> {
        match self.delivery(id).await? {
            Some(delivery) => Ok(Some(self.detail(delivery).await?)),
            None => Ok(None),
        }
    }

    async fn detail(&self, delivery: Delivery) -> Result<DeliveryDetail, StoreError> {
        let id = delivery.id;
        let duplicate_of_code = match delivery.duplicate_of {
            Some(first) => on!(&self.db, sql::CODE, |pool, text| sqlx::query_scalar(text)
                .bind(first)
                .fetch_optional(pool)
                .await)?,
            None => None,
        };
        Ok(DeliveryDetail {
            duplicate_of_code,
            parts: on!(&self.db, sql::PARTS, |pool, text| sqlx::query_as(text)
                .bind(id)
                .fetch_all(pool)
                .await)?,
            sums: on!(&self.db, sql::SUMS, |pool, text| sqlx::query_as(text)
                .bind(id)
                .fetch_all(pool)
                .await)?,
            findings: on!(&self.db, sql::FINDINGS, |pool, text| sqlx::query_as(text)
                .bind(id)
                .fetch_all(pool)
                .await)?,
            outbox: on!(&self.db, outbox::sql::OF_DELIVERY, |pool, text| sqlx::query_as(text)
                .bind(id)
                .fetch_all(pool)
                .await)?,
            delivery,
        })
    }
}
