//! Acts: who did something when, and by which delivery.

use chrono::{DateTime, Utc};

use super::db::{Tx, in_tx, queries};
use super::{StoreError, stamp};
use crate::model::{ActorId, DeliveryId};

pub(crate) mod sql {
    use super::queries;
    queries! {
        ADD = both "insert into acts (at, actor_id, delivery_id) values ($1, $2, $3) returning id";
    }
}

/// Notes an act; returns its row, for everything that it brings.
pub(crate) async fn add(
    tx: &mut Tx,
    actor: ActorId,
    delivery: Option<DeliveryId>,
    at: DateTime<Utc>,
) -> Result<i64, StoreError> {
    Ok(in_tx!(tx, sql::ADD, |conn, text| sqlx::query_scalar(text)
        .bind(stamp(at))
        .bind(actor)
        .bind(delivery)
        .fetch_one(&mut *conn)
        .await)?)
}
