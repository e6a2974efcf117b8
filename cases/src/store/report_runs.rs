//! Which due runs of the periodic reports were made.

use chrono::{DateTime, Utc};

use super::db::{in_tx, on, queries};
use super::{Store, StoreError, outbox, stamp};
use crate::model::{Answer, ClientId};

pub(crate) mod sql {
    use super::queries;

    queries! {
        LAST = both "select max(due_at) from report_runs where client_id = $1 and report = $2";
        ADD = both "insert into report_runs (client_id, report, due_at, queued_at) values ($1, $2, $3, $4) \
            on conflict do nothing";
    }
}

impl Store {
    /// When the last run of a report was due. A report that is seen for the first time counts as run just now, so that
    /// it does not begin with a run of the past.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_report_run(
        &self,
        client: ClientId,
        report: &str,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        let last: Option<DateTime<Utc>> = on!(&self.db, sql::LAST, |pool, text| sqlx::query_scalar(text)
            .bind(client)
            .bind(report)
            .fetch_one(pool)
            .await)?;
        if let Some(last) = last {
            return Ok(last);
        }
        on!(&self.db, sql::ADD, |pool, text| sqlx::query(text)
            .bind(client)
            .bind(report)
            .bind(stamp(now))
            .bind(stamp(now))
            .execute(pool)
            .await
            .map(|_| ()))?;
        Ok(now)
    }

    /// Queues the run of a report that was due at `due`, once: `false` when another node or an earlier life of this one
    /// has done it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue_report_run(
        &self,
        client: ClientId,
        report: &str,
        due: DateTime<Utc>,
        answers: &[Answer],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let added = in_tx!(&mut tx, sql::ADD, |conn, text| sqlx::query(text)
            .bind(client)
            .bind(report)
            .bind(stamp(due))
            .bind(stamp(now))
            .execute(&mut *conn)
            .await
            .map(|done| done.rows_affected()))?;
        if added == 0 {
            return Ok(false);
        }
        for answer in answers {
            outbox::add(&mut tx, client, None, answer, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}
