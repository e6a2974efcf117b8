//! What leaves the usual way: files taken back before the claim, files in a folder that is not processed yet, and
//! leases of a process that died.

use chrono::{DateTime, Utc};
use dropcase_parsers::finding::Code;

use super::db::{in_tx, on, queries};
use super::{Store, StoreError, outbox, stamp};
use crate::model::{Answer, Delivery, DeliveryId, NewDelivery, severity_text};

pub(crate) mod sql {
    use super::queries;

    queries! {
        /// What a node took over is finished by that node: only a delivery that nobody has read yet can be taken back.
        WITHDRAW = both "update deliveries set state = 'withdrawn', owner = null, lease_until = null, \
            finished_at = $2 where id = $1 and state = 'claimed' and sha256 is null";
        SET_ASIDE = both "update deliveries set state = 'waiting' where upload_id = $1 and state = 'claimed'";
        /// A process that died is nobody's fault (power, an operator): what a file itself could break runs in a child.
        RECLAIM = both "update deliveries set owner = null, lease_until = null, attempts = attempts - 1 \
            where state = 'claimed' and owner = $1";
        RECLAIM_OUTBOX = both "update outbox set owner = null, lease_until = null, attempts = attempts - 1 \
            where state in ('queued', 'staged') and owner = $1";
        ADD_FINDING = both "insert into findings (delivery_id, code, severity) values ($1, $2, $3)";
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

    /// Notes a file that stays where it lies, with the finding that says so and `answers` for the client, once per
    /// upload. `None` when it was noted before.
    ///
    /// # Errors
    /// [`StoreError::UnknownClient`], or when the database fails.
    pub async fn note_waiting(
        &self,
        new: &NewDelivery,
        answers: &[Answer],
        now: DateTime<Utc>,
    ) -> Result<Option<Delivery>, StoreError> {
        let client = self.client(&new.client_key).await?.ok_or(StoreError::UnknownClient)?;
        let mut tx = self.db.begin().await?;
        let Some(id) = super::deliveries::insert(&mut tx, new, client.id, now).await? else {
            return Ok(None);
        };
        in_tx!(&mut tx, sql::SET_ASIDE, |conn, text| sqlx::query(text)
            .bind(new.upload_id)
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
        in_tx!(&mut tx, sql::ADD_FINDING, |conn, text| sqlx::query(text)
            .bind(id)
            .bind(Code::WaitsInFolder.as_str())
            .bind(severity_text(Code::WaitsInFolder.severity()))
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
        for answer in answers {
            outbox::add(&mut tx, client.id, Some(id), answer, now).await?;
        }
        tx.commit().await?;
        self.delivery(id).await
    }
}
