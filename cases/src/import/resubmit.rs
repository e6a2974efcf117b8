//! The same original once more, by a person's order: a delivery of its own, so that results never change.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::model::{ActorId, Delivery, DeliveryId};
use crate::store::code::delivery_code;
use crate::store::db::{in_tx, queries};
use crate::store::{Store, StoreError, audit, deliveries, stamp};

/// Codes that are tried.
const CODES: u64 = 4_096;

pub(crate) mod sql {
    use super::queries;
    queries! {
        COPY = both "insert into deliveries (upload_id, code, client_id, actor_id, mode, name, path, protocol, size, \
            arrived_at, claimed_at, state, next_attempt_at, forced) \
            select $2, $3, client_id, $4, mode, name, path, 'resubmit', size, $5, $5, 'claimed', $5, true \
            from deliveries where id = $1 on conflict do nothing returning id";
        DONE = both "select count(*) from deliveries where id = $1 and state not in ('claimed', 'waiting')";
    }
}

/// Queues the original of `first`, which is done, as a new delivery that is not answered as `DUPL`. `upload_id` is a
/// new UUIDv7; the caller lays the original beside it. `None` when there is no such delivery or it is not done.
///
/// # Errors
/// When the database fails.
pub async fn resubmit(
    store: &Store,
    first: DeliveryId,
    upload_id: Uuid,
    actor: ActorId,
    now: DateTime<Utc>,
) -> Result<Option<Delivery>, StoreError> {
    let mut tx = store.db.begin().await?;
    let done: i64 = in_tx!(&mut tx, sql::DONE, |conn, text| sqlx::query_scalar(text)
        .bind(first)
        .fetch_one(&mut *conn)
        .await)?;
    let mut copy: Option<DeliveryId> = None;
    for attempt in (0..CODES).take_while(|_| done > 0) {
        copy = in_tx!(&mut tx, sql::COPY, |conn, text| sqlx::query_scalar(text)
            .bind(first)
            .bind(upload_id)
            .bind(delivery_code(upload_id, attempt))
            .bind(actor)
            .bind(stamp(now))
            .fetch_optional(&mut *conn)
            .await)?;
        if copy.is_some() {
            break;
        }
    }
    let Some(id) = copy else { return Ok(None) };
    let delivery = deliveries::by_id(&mut tx, id).await?;
    let detail = format!("{{\"resubmitted_as\":{id}}}");
    audit::add(
        &mut tx,
        actor,
        "delivery_resubmitted",
        ("delivery", first.0),
        Some(&detail),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(delivery)
}
