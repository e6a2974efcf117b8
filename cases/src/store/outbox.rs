//! The queue of what leaves. Files of one client leave in the order in which they were queued; mails stand alone, so
//! that one that cannot be sent does not hold the next.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::db::{Tx, in_tx, on, queries};
use super::deliveries::held;
use super::{Fault, Store, StoreError, audit, stamp};
use crate::model::{ActorId, Answer, ClientId, DeliveryId, Lane, OutboxId, OutboxItem, OutgoingLeased};

pub(crate) mod sql {
    use super::queries;

    /// A row with its client's key.
    macro_rules! item {
        ($tail:literal) => {
            concat!(
                "select o.*, c.key as client_key from outbox o join clients c on c.id = o.client_id ",
                $tail
            )
        };
    }

    /// Takes one row; `$pick` chooses it.
    macro_rules! lease {
        ($pick:literal, $lock:literal) => {
            concat!(
                "update outbox set owner = $1, lease_until = $2, fence = fence + 1, attempts = attempts + 1, \
                 strikes = strikes + 1 where id = (",
                $pick,
                $lock,
                ") returning id"
            )
        };
    }

    /// The oldest file of each client that is not out yet.
    macro_rules! next_file {
        ($lock:literal) => {
            lease!(
                "select o.id from clients c join outbox o on o.id = (select p.id from outbox p \
                 where p.client_id = c.id and p.state in ('queued', 'staged') and p.kind <> 'mail' \
                 order by p.id limit 1) where o.state in ('queued', 'staged') and o.next_attempt_at <= $3 \
                 and (o.lease_until is null or o.lease_until <= $3) order by o.id limit 1 ",
                $lock
            )
        };
    }

    /// The mail that is due longest; one that announces files waits until they lie there.
    macro_rules! next_mail {
        ($lock:literal) => {
            lease!(
                "select o.id from outbox o where o.state in ('queued', 'staged') and o.kind = 'mail' \
                 and not exists (select 1 from outbox f where f.delivery_id = o.delivery_id and f.kind <> 'mail' \
                 and f.state in ('queued', 'staged')) and o.next_attempt_at <= $3 and (o.lease_until is null or o.lease_until <= $3) \
                 order by o.next_attempt_at, o.id limit 1 ",
                $lock
            )
        };
    }

    /// When the first of the rows that `$which` chooses may be tried.
    macro_rules! next_time {
        ($which:literal) => {
            concat!(
                "select min(case when lease_until > next_attempt_at then lease_until else next_attempt_at end) \
                 from outbox where state in ('queued', 'staged')",
                $which
            )
        };
    }

    queries! {
        ADD = both "insert into outbox (client_id, delivery_id, kind, format, params, state, next_attempt_at, \
            created_at) values ($1, $2, $3, $4, $5, 'queued', $6, $6) returning id";
        NEXT_FILE = , sqlite next_file!(""), postgres next_file!("for update of o skip locked");
        NEXT_MAIL = , sqlite next_mail!(""), postgres next_mail!("for update of o skip locked");
        BY_ID = both item!("where o.id = $1");
        OF_DELIVERY = both item!("where o.delivery_id = $1 order by o.id");
        STAGED_ITEMS = both item!("where o.temp_name is not null order by o.id");
        RENEW = both "update outbox set lease_until = $3 where id = $1 and fence = $2 \
            and state in ('queued', 'staged')";
        STAGE = both "update outbox set state = 'staged', temp_name = $3, file_name = $4 \
            where id = $1 and fence = $2 and state in ('queued', 'staged')";
        NAME = both "update outbox set file_name = $3 where id = $1 and fence = $2 and state = 'queued'";
        DONE = both "update outbox set state = 'done', done_at = $3, temp_name = null, owner = null, \
            lease_until = null, error = null where id = $1 and fence = $2 and state in ('queued', 'staged')";
        RETRY = both "update outbox set next_attempt_at = $3, error = $4, owner = null, lease_until = null, \
            strikes = strikes * $5 where id = $1 and fence = $2 and state in ('queued', 'staged')";
        FAIL = both "update outbox set state = 'failed', done_at = $3, error = $4, owner = null, lease_until = null \
            where id = $1 and fence = $2 and state in ('queued', 'staged')";
        TAKE_UP = both "update outbox set state = case when temp_name is null then 'queued' else 'staged' end, \
            attempts = 0, strikes = 0, next_attempt_at = $2, done_at = null where id = $1 and state = 'failed'";
        /// Each of the two through its own index.
        UNSENT = both item!("where o.id in (select id from outbox where state in ('queued', 'staged') \
            union all select id from outbox where state = 'failed') \
            and (cast($1 as bigint) is null or o.client_id = $1) order by o.id limit $2");
        PICKED_UP = both "update outbox set picked_up_at = $3 where client_id = $1 and file_name = $2 \
            and state = 'done' and picked_up_at is null";
        NEXT_TIME = both next_time!("");
        NEXT_FILE_TIME = both next_time!(" and kind <> 'mail'");
        NEXT_MAIL_TIME = both next_time!(" and kind = 'mail'");
    }
}

/// Queues one row in a transaction.
pub(crate) async fn add(
    tx: &mut Tx,
    client: ClientId,
    delivery: Option<DeliveryId>,
    answer: &Answer,
    now: DateTime<Utc>,
) -> Result<OutboxId, StoreError> {
    Ok(in_tx!(tx, sql::ADD, |conn, text| sqlx::query_scalar(text)
        .bind(client)
        .bind(delivery)
        .bind(answer.kind)
        .bind(&answer.format)
        .bind(&answer.params)
        .bind(stamp(now))
        .fetch_one(&mut *conn)
        .await)?)
}

impl Store {
    /// Queues something that answers no delivery (a report), or a delivery after the fact.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue(
        &self,
        client: ClientId,
        delivery: Option<DeliveryId>,
        answer: &Answer,
        now: DateTime<Utc>,
    ) -> Result<OutboxId, StoreError> {
        let mut tx = self.db.begin().await?;
        let id = add(&mut tx, client, delivery, answer, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Leases what is to leave next in `lane`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_outgoing(
        &self,
        lane: Lane,
        owner: &str,
        lease: Duration,
        now: DateTime<Utc>,
    ) -> Result<Option<OutgoingLeased>, StoreError> {
        // Looking takes no lock: who finds nothing does not wait for a large import on SQLite.
        if self.next_time_in(lane).await?.is_none_or(|time| time > now) {
            return Ok(None);
        }
        let query = match lane {
            Lane::Files => sql::NEXT_FILE,
            Lane::Mails => sql::NEXT_MAIL,
        };
        let mut tx = self.db.begin().await?;
        let id: Option<OutboxId> = in_tx!(&mut tx, query, |conn, text| sqlx::query_scalar(text)
            .bind(owner)
            .bind(stamp(now + lease))
            .bind(stamp(now))
            .fetch_optional(&mut *conn)
            .await)?;
        let Some(id) = id else { return Ok(None) };
        let item: OutboxItem = in_tx!(&mut tx, sql::BY_ID, |conn, text| sqlx::query_as(text)
            .bind(id)
            .fetch_one(&mut *conn)
            .await)?;
        tx.commit().await?;
        Ok(Some(OutgoingLeased {
            owner: owner.to_owned(),
            fence: item.fence,
            item,
        }))
    }

    /// When the next row may be tried (in the past: now), `None` when none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_outgoing_time(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.time(sql::NEXT_TIME).await
    }

    /// When the next row of `lane` may be tried (in the past: now), `None` when none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_time_in(&self, lane: Lane) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.time(match lane {
            Lane::Files => sql::NEXT_FILE_TIME,
            Lane::Mails => sql::NEXT_MAIL_TIME,
        })
        .await
    }

    async fn time(&self, query: super::db::Sql) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(on!(&self.db, query, |pool, text| sqlx::query_scalar(text)
            .fetch_one(pool)
            .await)?)
    }

    /// Keeps the lease until `now + lease`.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn renew_outgoing(
        &self,
        leased: &OutgoingLeased,
        lease: Duration,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::RENEW, |pool, text| sqlx::query(text)
            .bind(leased.item.id)
            .bind(leased.fence)
            .bind(stamp(now + lease))
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// Notes that the synced temporary file `temp_name` waits to be renamed to `file_name` (a path below the client's
    /// folder). From here on a missing temporary file means that it was published.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn staged(&self, leased: &OutgoingLeased, temp_name: &str, file_name: &str) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::STAGE, |pool, text| sqlx::query(text)
            .bind(leased.item.id)
            .bind(leased.fence)
            .bind(temp_name)
            .bind(file_name)
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// Notes the Message-ID of a mail before its first attempt, so that it stays the same over retries.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn named(&self, leased: &OutgoingLeased, file_name: &str) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::NAME, |pool, text| sqlx::query(text)
            .bind(leased.item.id)
            .bind(leased.fence)
            .bind(file_name)
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// It is out.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn done(&self, leased: &OutgoingLeased, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.done_and_told(leased, &[], now).await
    }

    /// It is out, and `mails` say so: both or neither.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn done_and_told(
        &self,
        leased: &OutgoingLeased,
        mails: &[Answer],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let rows = in_tx!(&mut tx, sql::DONE, |conn, text| sqlx::query(text)
            .bind(leased.item.id)
            .bind(leased.fence)
            .bind(stamp(now))
            .execute(&mut *conn)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)?;
        for mail in mails {
            add(&mut tx, leased.item.client_id, None, mail, now).await?;
        }
        tx.commit().await
    }

    /// Gives it back, to be tried again at `at`; `error` is a code. What came from the circumstances (the disk, the mail
    /// server, its turn has not come) ends a row of strikes.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn retry(
        &self,
        leased: &OutgoingLeased,
        fault: Fault,
        at: DateTime<Utc>,
        error: &str,
    ) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::RETRY, |pool, text| sqlx::query(text)
            .bind(leased.item.id)
            .bind(leased.fence)
            .bind(stamp(at))
            .bind(error)
            .bind(i64::from(fault == Fault::Ours))
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// Gives it up, so that the client's next file is not held for ever; `error` is a code. What was staged stays where
    /// it is, for [`Store::take_up`].
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn failed(&self, leased: &OutgoingLeased, now: DateTime<Utc>, error: &str) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::FAIL, |pool, text| sqlx::query(text)
            .bind(leased.item.id)
            .bind(leased.fence)
            .bind(stamp(now))
            .bind(error)
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// Puts what was given up back into the queue, where it was: what was staged is published as it was written.
    /// `false` when nothing was given up under `id`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_up(&self, id: OutboxId, actor: ActorId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let rows = in_tx!(&mut tx, sql::TAKE_UP, |conn, text| sqlx::query(text)
            .bind(id)
            .bind(stamp(now))
            .execute(&mut *conn)
            .await
            .map(|done| done.rows_affected()))?;
        if rows == 0 {
            return Ok(false);
        }
        audit::add(&mut tx, actor, "outbox_taken_up", ("outbox", id.0), None, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The row `id`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outgoing(&self, id: OutboxId) -> Result<Option<OutboxItem>, StoreError> {
        Ok(on!(&self.db, sql::BY_ID, |pool, text| sqlx::query_as(text)
            .bind(id)
            .fetch_optional(pool)
            .await)?)
    }

    /// What has not left, of `client` or of all, the oldest first, at most `limit` rows: what waits, and what was given
    /// up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsent(&self, client: Option<ClientId>, limit: u32) -> Result<Vec<OutboxItem>, StoreError> {
        Ok(on!(&self.db, sql::UNSENT, |pool, text| sqlx::query_as(text)
            .bind(client)
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await)?)
    }

    /// Rows whose temporary file was written: at start, those whose file is missing were published. Also those that
    /// were given up then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staged_items(&self) -> Result<Vec<OutboxItem>, StoreError> {
        Ok(on!(&self.db, sql::STAGED_ITEMS, |pool, text| sqlx::query_as(text)
            .fetch_all(pool)
            .await)?)
    }

    /// Notes that the client read or deleted `file_name`; says whether this was news.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn picked_up(&self, client: ClientId, file_name: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let rows = on!(&self.db, sql::PICKED_UP, |pool, text| sqlx::query(text)
            .bind(client)
            .bind(file_name)
            .bind(stamp(now))
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows > 0)
    }
}
