//! What leaves the usual way: files taken back before the claim, leases of a process that died, the end of a quarantine.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::db::{in_tx, on, queries};
use super::deliveries::sql::delivery;
use super::{Store, StoreError, audit, stamp};
use crate::model::{ActorId, Delivery, DeliveryId, DeliveryState};

pub(crate) mod sql {
    use super::{delivery, queries};

    queries! {
        /// What a node took over is finished by that node: only a delivery that nobody has read yet can be taken back.
        WITHDRAW = both "update deliveries set state = 'withdrawn', owner = null, lease_until = null, \
            finished_at = $2 where id = $1 and state = 'claimed' and sha256 is null";
        END_QUARANTINE = both "update deliveries set state = $2 where id = $1 and state = 'quarantined'";
        QUARANTINED_BEFORE = both delivery!("where d.state = 'quarantined' and d.finished_at < $1 order by d.id");
        /// What a node had in work, the oldest first, with the attempts that were begun.
        HELD = both "select id, attempts from deliveries where state = 'claimed' and owner = $1 order by upload_id";
        HELD_OUTGOING = both "select id, strikes from outbox where state in ('queued', 'staged') and owner = $1 \
            order by id";
        FREE = both "update deliveries set owner = null, lease_until = null, next_attempt_at = $2 where id = $1";
        FREE_OUTGOING = both "update outbox set owner = null, lease_until = null, next_attempt_at = $2 where id = $1";
        LET_GO = both "update deliveries set owner = null, lease_until = null, attempts = attempts - 1 \
            where state = 'claimed' and owner = $1";
        LET_GO_OUTGOING = both "update outbox set owner = null, lease_until = null, attempts = attempts - 1, \
            strikes = strikes - 1 where state in ('queued', 'staged') and owner = $1";
    }
}

/// The rest of what a process that died had begun more than once, for each time and each place in the queue.
const REST: Duration = Duration::from_secs(5);
/// The longest such rest.
const LONGEST_REST: Duration = Duration::from_secs(300);

/// How long the one in `place` (from 1) of those that a process that died had in work waits, after so many attempts.
/// After the first it does not: mostly the power was cut.
fn rest(place: u32, begun: i64) -> Duration {
    let again = u32::try_from(begun - 1).unwrap_or_default();
    REST.saturating_mul(again).saturating_mul(place).min(LONGEST_REST)
}

impl Store {
    /// Frees what `owner` had in work when its process died. The attempts count, since one of them may be why it died;
    /// what was begun more than once waits, each for another time, so that it is soon worked without the others. Only
    /// for a node that is not running twice.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reclaim(&self, owner: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        for (held, free) in [(sql::HELD, sql::FREE), (sql::HELD_OUTGOING, sql::FREE_OUTGOING)] {
            let rows: Vec<(i64, i64)> = in_tx!(&mut tx, held, |conn, text| sqlx::query_as(text)
                .bind(owner)
                .fetch_all(&mut *conn)
                .await)?;
            for (place, (id, begun)) in (1..).zip(rows) {
                in_tx!(&mut tx, free, |conn, text| sqlx::query(text)
                    .bind(id)
                    .bind(stamp(now + rest(place, begun)))
                    .execute(&mut *conn)
                    .await
                    .map(|_| ()))?;
            }
        }
        tx.commit().await
    }

    /// Frees what `owner` has in work because it stops in order: the attempts do not count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_go(&self, owner: &str) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        for query in [sql::LET_GO, sql::LET_GO_OUTGOING] {
            in_tx!(&mut tx, query, |conn, text| sqlx::query(text)
                .bind(owner)
                .execute(&mut *conn)
                .await
                .map(|_| ()))?;
        }
        tx.commit().await
    }

    /// Ends the quarantine of a delivery whose original was archived or removed (`state`); `false` when it is in
    /// quarantine no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_quarantine(
        &self,
        id: DeliveryId,
        state: DeliveryState,
        actor: ActorId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let rows = in_tx!(&mut tx, sql::END_QUARANTINE, |conn, text| sqlx::query(text)
            .bind(id)
            .bind(state)
            .execute(&mut *conn)
            .await
            .map(|done| done.rows_affected()))?;
        if rows == 0 {
            return Ok(false);
        }
        let action = match state {
            DeliveryState::Dropped => "delivery_dropped",
            _ => "delivery_released",
        };
        audit::add(&mut tx, actor, action, ("delivery", id.0), None, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Deliveries that came into quarantine before `time`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn quarantined_before(&self, time: DateTime<Utc>) -> Result<Vec<Delivery>, StoreError> {
        Ok(on!(&self.db, sql::QUARANTINED_BEFORE, |pool, text| sqlx::query_as(
            text
        )
        .bind(stamp(time))
        .fetch_all(pool)
        .await)?)
    }

    /// The client took the file back between its arrival and its claim: nothing is left to do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw(&self, id: DeliveryId, now: DateTime<Utc>) -> Result<(), StoreError> {
        on!(&self.db, sql::WITHDRAW, |pool, text| sqlx::query(text)
            .bind(id)
            .bind(stamp(now))
            .execute(pool)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
