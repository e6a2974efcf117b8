//! What waits: the figures of `dropcase status` and of the metrics.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use crate::store::db::{on, queries};
use crate::store::{Store, StoreError, stamp};

/// What waits to be done, and what was given up.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow, Serialize)]
pub struct Backlog {
    /// Deliveries that wait for their turn or their next attempt.
    pub deliveries_waiting: i64,
    /// When the oldest of them arrived.
    pub oldest_delivery: Option<DateTime<Utc>>,
    /// Deliveries that a node works on now.
    pub deliveries_running: i64,
    /// Deliveries that were tried before and wait for their next attempt.
    pub deliveries_failing: i64,
    /// Papers that wait for their claim.
    pub deliveries_set_aside: i64,
    /// Deliveries that were given up for a fault of our own.
    pub deliveries_quarantined: i64,
    /// Files and mails that wait to leave.
    pub outbox_waiting: i64,
    /// When the oldest of them was queued.
    pub oldest_outgoing: Option<DateTime<Utc>>,
    /// Files and mails that were given up.
    pub outbox_failed: i64,
}

pub(crate) mod sql {
    use super::queries;
    queries! {
        // What waits is found through the partial indexes on `state`, however long the history is.
        BACKLOG = both "select \
            (select count(*) from deliveries where state = 'claimed' and (lease_until is null or lease_until <= $1)) \
                as deliveries_waiting, \
            (select min(arrived_at) from deliveries \
                where state = 'claimed' and (lease_until is null or lease_until <= $1)) as oldest_delivery, \
            (select count(*) from deliveries where state = 'claimed' and lease_until > $1) as deliveries_running, \
            (select count(*) from deliveries where state = 'claimed' and attempts > 0 \
                and (lease_until is null or lease_until <= $1)) as deliveries_failing, \
            (select count(*) from deliveries where state = 'waiting') as deliveries_set_aside, \
            (select count(*) from deliveries where state = 'quarantined') as deliveries_quarantined, \
            (select count(*) from outbox where state in ('queued', 'staged')) as outbox_waiting, \
            (select min(created_at) from outbox where state in ('queued', 'staged')) as oldest_outgoing, \
            (select count(*) from outbox where state = 'failed') as outbox_failed";
    }
}

impl Store {
    /// What waits at `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backlog(&self, now: DateTime<Utc>) -> Result<Backlog, StoreError> {
        Ok(on!(&self.db, sql::BACKLOG, |pool, text| sqlx::query_as(text)
            .bind(stamp(now))
            .fetch_one(pool)
            .await)?)
    }
}
