//! The audit trail: who did what, ids and codes only. Rows are only ever added.

use chrono::{DateTime, Utc};

use super::db::{Tx, in_tx, queries};
use super::{StoreError, stamp};
use crate::model::ActorId;

pub(crate) mod sql {
    use super::queries;
    queries! {
        /// Adds a row.
        ADD = both "insert into audit (at, actor_id, action, subject, subject_id, detail) values ($1, $2, $3, $4, $5, $6)";
    }
}

/// Adds a row to the audit trail; `detail` is JSON with ids and codes only.
pub(crate) async fn add(
    tx: &mut Tx,
    actor: ActorId,
    action: &str,
    subject: (&str, i64),
    detail: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    in_tx!(tx, sql::ADD, |conn, text| sqlx::query(text)
        .bind(stamp(now))
        .bind(actor)
        .bind(action)
        .bind(subject.0)
        .bind(subject.1)
        .bind(detail)
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
    Ok(())
}
