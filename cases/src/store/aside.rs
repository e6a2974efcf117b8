//! What leaves the usual way: files taken back before the claim, and leases of a process that died.

use chrono::{DateTime, Utc};

use super::db::{on, queries};
use super::{Store, StoreError, stamp};
use crate::model::DeliveryId;

pub(crate) mod sql {
    use super::queries;

    queries! {
        /// What a node took over is finished by that node: only a delivery that nobody has read yet can be taken back.
        WITHDRAW = both "update deliveries set state = 'withdrawn', owner = null, lease_until = null, \
            finished_at = $2 where id = $1 and state = 'claimed' and sha256 is null";
        /// A process that died is nobody's fault (power, an operator): what a file itself could break runs in a child.
        RECLAIM = both "update deliveries set owner = null, lease_until = null, attempts = attempts - 1 \
            where state = 'claimed' and owner = $1";
        RECLAIM_OUTBOX = both "update outbox set owner = null, lease_until = null, attempts = attempts - 1 \
            where state in ('queued', 'staged') and owner = $1";
    }
}

impl Store {
    /// Frees what `owner` had leased when it ended without giving it back. Only for a node that is not running twice.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reclaim(&self, owner: &str) -> Result<(), StoreError> {
        for query in [sql::RECLAIM, sql::RECLAIM_OUTBOX] {
            on!(&self.db, query, |pool, text| sqlx::query(text)
                .bind(owner)
                .execute(pool)
                .await
                .map(|_| ()))?;
        }
        Ok(())
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
