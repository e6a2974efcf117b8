//! Deliveries that leave the usual way: taken back before the claim, or lying in a folder that is not processed yet.

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
        ADD_FINDING = both "insert into findings (delivery_id, code, severity) values ($1, $2, $3)";
    }
}

impl Store {
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
        let Some(id) = super::deliveries::insert(&mut tx, new, client.id, now).await? else { return Ok(None) };
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
