//! The queue of deliveries: registered once per upload, worked by one node at a time, in the order of arrival.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::code::delivery_code;
use super::db::{Tx, in_tx, on, queries};
use super::{Store, StoreError, audit, outbox, stamp};
use crate::model::{ActorId, Answer, ClientId, Delivery, DeliveryId, Leased, NewDelivery, OutboxKind};

/// Attempts after which a delivery that fails for our own fault goes to quarantine.
pub const MAX_ATTEMPTS: i64 = 3;

/// Attempts that are begun at most: one that ends with the process, or that loses its lease, has been counted when it
/// began. Whoever takes the delivery up once more sets it aside ([`Leased::is_over`]).
pub const MAX_BEGUN: i64 = 5;

/// Codes that are tried for one upload: as many as there are in one millisecond.
const CODES: u64 = 4_096;

/// Whose fault a failed attempt was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The service's: the attempt counts.
    Ours,
    /// Nobody's (the database was away, the service stops): it does not.
    Circumstances,
}

pub(crate) mod sql {
    use super::queries;

    /// A delivery with the names that belong to it.
    macro_rules! delivery {
        ($tail:literal) => {
            concat!(
                "select d.*, c.key as client_key, a.name as actor_name from deliveries d \
                 join clients c on c.id = d.client_id join actors a on a.id = d.actor_id ",
                $tail
            )
        };
    }
    pub(crate) use delivery;

    /// The oldest waiting delivery of each client: while it is worked on or waits for its next attempt, the later ones
    /// of that client wait too.
    macro_rules! next {
        ($lock:literal) => {
            concat!(
                "update deliveries set owner = $1, lease_until = $2, fence = fence + 1, attempts = attempts + 1, \
                 started_at = coalesce(started_at, $3) where id = (\
                 select d.id from clients c join deliveries d on d.id = (\
                 select e.id from deliveries e where e.client_id = c.id and e.state = 'claimed' \
                 order by e.upload_id limit 1) \
                 where d.state = 'claimed' and d.next_attempt_at <= $3 \
                 and (d.lease_until is null or d.lease_until <= $3) order by d.upload_id limit 1 ",
                $lock,
                ") returning id"
            )
        };
    }

    queries! {
        BY_ID = both delivery!("where d.id = $1");
        IS_REGISTERED = both "select count(*) from deliveries where upload_id = $1";
        BY_UPLOAD = both delivery!("where d.upload_id = $1");
        ADD = both "insert into deliveries (upload_id, code, client_id, actor_id, mode, name, path, protocol, remote, \
            size, arrived_at, claimed_at, state, next_attempt_at) \
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'claimed', $12) \
            on conflict do nothing";
        REVIVE = both "update deliveries set state = 'claimed', attempts = 0, finished_at = null, next_attempt_at = $2 \
            where upload_id = $1 and state = 'withdrawn'";
        NEXT = , sqlite next!(""), postgres next!("for update of d skip locked");
        RENEW = both "update deliveries set lease_until = $3 where id = $1 and fence = $2 and state = 'claimed'";
        RELEASE = both "update deliveries set owner = null, lease_until = null, next_attempt_at = $3, \
            attempts = attempts - $4 where id = $1 and fence = $2 and state = 'claimed'";
        QUARANTINE = both "update deliveries set state = 'quarantined', status = 'RJCT', owner = null, \
            lease_until = null, finished_at = $3, attempts = case when attempts > $4 then $4 else attempts end where id = $1 and fence = $2 and state = 'claimed'";
        ADD_FINDING = both "insert into findings (delivery_id, code, severity, args) values ($1, $2, $3, $4)";
        SAME_CONTENT = both "select id from deliveries where client_id = $1 and sha256 = $2 and status is not null \
            and mode = 'import' and duplicate_of is null and accepted > 0 \
            and path not like 'inbox/documents/%' and path not like 'inbox/messages/%' \
            and not exists (select 1 from delivery_sums s \
            where s.delivery_id = deliveries.id and s.record_type = 'request') order by id limit 1";
        SAID = both "select count(*) from deliveries where client_id = $1 and sha256 = $2 and path = $3 \
            and mode = 'import' and accepted > 0";
        ARCHIVED = both "update deliveries set state = 'archived' where id = $1 and state = 'imported'";
        UNARCHIVED = both delivery!("where d.state = 'imported' order by d.id");
        NEXT_TIME = both "select min(case when lease_until > next_attempt_at then lease_until else next_attempt_at end) \
            from deliveries where state = 'claimed'";
    }
}

impl Store {
    /// Writes the row of an upload, queues its receipt when `receipt` says so, and yields the delivery. Doing it twice
    /// yields the same delivery and changes nothing, except that one that was withdrawn waits again: its file is back.
    ///
    /// # Errors
    /// [`StoreError::UnknownClient`], or when the database fails.
    pub async fn register(&self, new: &NewDelivery, receipt: bool, now: DateTime<Utc>) -> Result<Delivery, StoreError> {
        let client = self.client(&new.client_key).await?.ok_or(StoreError::UnknownClient)?;
        let mut tx = self.db.begin().await?;
        let added = insert(&mut tx, new, client.id, now).await?;
        if added.is_none() {
            in_tx!(&mut tx, sql::REVIVE, |conn, text| sqlx::query(text)
                .bind(new.upload_id)
                .bind(stamp(now))
                .execute(&mut *conn)
                .await
                .map(|_| ()))?;
        }
        let delivery = by_upload(&mut tx, new).await?.ok_or(sqlx::Error::RowNotFound)?;
        if added.is_some() && receipt {
            let answer = Answer::new(OutboxKind::Receipt, "json");
            outbox::add(&mut tx, client.id, Some(delivery.id), &answer, now).await?;
        }
        tx.commit().await?;
        Ok(delivery)
    }

    /// Whether an upload has a row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_registered(&self, upload: Uuid) -> Result<bool, StoreError> {
        let rows: i64 = on!(&self.db, sql::IS_REGISTERED, |pool, text| sqlx::query_scalar(text)
            .bind(upload)
            .fetch_one(pool)
            .await)?;
        Ok(rows > 0)
    }

    /// Leases the oldest waiting delivery of a client that has none in work, or `None`. The lease ends after `lease`
    /// unless it is renewed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&self, owner: &str, lease: Duration, now: DateTime<Utc>) -> Result<Option<Leased>, StoreError> {
        // Looking takes no lock: who finds nothing does not wait for a large import on SQLite.
        if self.next_time().await?.is_none_or(|time| time > now) {
            return Ok(None);
        }
        let until = stamp(now + lease);
        let mut tx = self.db.begin().await?;
        let id: Option<DeliveryId> = in_tx!(&mut tx, sql::NEXT, |conn, text| sqlx::query_scalar(text)
            .bind(owner)
            .bind(until)
            .bind(stamp(now))
            .fetch_optional(&mut *conn)
            .await)?;
        let Some(id) = id else { return Ok(None) };
        let delivery = by_id(&mut tx, id).await?.ok_or(sqlx::Error::RowNotFound)?;
        tx.commit().await?;
        Ok(Some(Leased {
            owner: owner.to_owned(),
            fence: delivery.fence,
            delivery,
        }))
    }

    /// When the next delivery may be worked on (in the past: now), `None` when none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_time(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(on!(&self.db, sql::NEXT_TIME, |pool, text| sqlx::query_scalar(text)
            .fetch_one(pool)
            .await)?)
    }

    /// Keeps the lease until `now + lease`.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn renew(&self, leased: &Leased, lease: Duration, now: DateTime<Utc>) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::RENEW, |pool, text| sqlx::query(text)
            .bind(leased.delivery.id)
            .bind(leased.fence)
            .bind(stamp(now + lease))
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// Gives the delivery back, to be tried again after `after`. When the fault was ours and this was the last of
    /// [`MAX_ATTEMPTS`], quarantine it instead ([`Leased::is_last_attempt`]).
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn release_for_retry(
        &self,
        leased: &Leased,
        fault: Fault,
        after: Duration,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::RELEASE, |pool, text| sqlx::query(text)
            .bind(leased.delivery.id)
            .bind(leased.fence)
            .bind(stamp(now + after))
            .bind(i64::from(fault == Fault::Circumstances))
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// Sets the delivery aside for people, with a finding that says so and `answers` for the client. `args` is a JSON
    /// object for the finding's message: codes only.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn quarantine(
        &self,
        leased: &Leased,
        args: Option<&str>,
        answers: &[Answer],
        actor: ActorId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        use dropcase_parsers::finding::Code;

        let id = leased.delivery.id;
        let mut tx = self.db.begin().await?;
        let rows = in_tx!(&mut tx, sql::QUARANTINE, |conn, text| sqlx::query(text)
            .bind(id)
            .bind(leased.fence)
            .bind(stamp(now))
            .bind(MAX_BEGUN)
            .execute(&mut *conn)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)?;
        in_tx!(&mut tx, sql::ADD_FINDING, |conn, text| sqlx::query(text)
            .bind(id)
            .bind(Code::Quarantined.as_str())
            .bind(crate::model::severity_text(Code::Quarantined.severity()))
            .bind(args)
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
        for answer in answers {
            outbox::add(&mut tx, leased.delivery.client_id, Some(id), answer, now).await?;
        }
        audit::add(&mut tx, actor, "delivery_quarantined", ("delivery", id.0), args, now).await?;
        tx.commit().await
    }

    /// The first delivery of the client with the same content that booked something, if one. One that held requests is
    /// none: who asks again wants to know what is true now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_same_content(&self, client: ClientId, sha256: &str) -> Result<Option<DeliveryId>, StoreError> {
        Ok(on!(&self.db, sql::SAME_CONTENT, |pool, text| sqlx::query_scalar(text)
            .bind(client)
            .bind(sha256)
            .fetch_optional(pool)
            .await)?)
    }

    /// Whether a message of this content and path was taken over, be it as another delivery of the same original.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_said(&self, message: &Delivery) -> Result<bool, StoreError> {
        let said: i64 = on!(&self.db, sql::SAID, |pool, text| sqlx::query_scalar(text)
            .bind(message.client_id)
            .bind(message.sha256.as_deref())
            .bind(&message.path)
            .fetch_one(pool)
            .await)?;
        Ok(said > 0)
    }

    /// Notes that the original lies in the archive. Doing it twice changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn archived(&self, id: DeliveryId) -> Result<(), StoreError> {
        on!(&self.db, sql::ARCHIVED, |pool, text| sqlx::query(text)
            .bind(id)
            .execute(pool)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Deliveries whose result is written and whose original is not noted as archived: to be finished at start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unarchived(&self) -> Result<Vec<Delivery>, StoreError> {
        Ok(on!(&self.db, sql::UNARCHIVED, |pool, text| sqlx::query_as(text)
            .fetch_all(pool)
            .await)?)
    }

    /// The delivery `id`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        Ok(on!(&self.db, sql::BY_ID, |pool, text| sqlx::query_as(text)
            .bind(id)
            .fetch_optional(pool)
            .await)?)
    }
}

impl Leased {
    /// Whether the delivery goes to quarantine when this attempt fails for our own fault.
    pub fn is_last_attempt(&self) -> bool {
        self.delivery.attempts >= MAX_ATTEMPTS
    }

    /// Whether all of [`MAX_BEGUN`] attempts came to no end: the delivery goes to quarantine without another one.
    pub fn is_over(&self) -> bool {
        self.delivery.attempts > MAX_BEGUN
    }
}

/// A fenced update that met no row: the lease is somebody else's.
pub(crate) fn held(rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Lost) } else { Ok(()) }
}

/// Writes the row of an upload under a code that is free; `None` when it has one already.
pub(crate) async fn insert(
    tx: &mut Tx,
    new: &NewDelivery,
    client: ClientId,
    now: DateTime<Utc>,
) -> Result<Option<DeliveryId>, StoreError> {
    for attempt in 0..CODES {
        let added = add(tx, new, client, &delivery_code(new.upload_id, attempt), now).await?;
        let found = by_upload(tx, new).await?;
        if added || found.is_some() {
            return Ok(found.filter(|_| added).map(|delivery| delivery.id));
        }
    }
    Ok(None)
}

async fn add(
    tx: &mut Tx,
    new: &NewDelivery,
    client: ClientId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let rows = in_tx!(tx, sql::ADD, |conn, text| sqlx::query(text)
        .bind(new.upload_id)
        .bind(code)
        .bind(client)
        .bind(new.actor)
        .bind(new.mode)
        .bind(&new.name)
        .bind(&new.path)
        .bind(&new.protocol)
        .bind(&new.remote)
        .bind(new.size)
        .bind(stamp(new.arrived_at))
        .bind(stamp(now))
        .execute(&mut *conn)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

async fn by_upload(tx: &mut Tx, new: &NewDelivery) -> Result<Option<Delivery>, StoreError> {
    Ok(in_tx!(tx, sql::BY_UPLOAD, |conn, text| sqlx::query_as(text)
        .bind(new.upload_id)
        .fetch_optional(&mut *conn)
        .await)?)
}

pub(crate) async fn by_id(tx: &mut Tx, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    Ok(in_tx!(tx, sql::BY_ID, |conn, text| sqlx::query_as(text)
        .bind(id)
        .fetch_optional(&mut *conn)
        .await)?)
}
