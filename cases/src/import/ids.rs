//! Ids and case numbers of new rows, known before the rows are written: so that a batch needs no join to find them
//! again.

use super::numbers::{self, Numbers};
use super::writer::Writer;
use crate::store::StoreError;
use crate::store::db::{Tx, in_tx, queries};

pub(crate) mod sql {
    use super::queries;
    queries! {
        DEBTORS = , sqlite "select coalesce(max(id), 0) + 1 from debtors",
            postgres "select nextval(pg_get_serial_sequence('debtors', 'id')) from generate_series(1, $1)";
        CASES = , sqlite "select coalesce(max(id), 0) + 1 from cases",
            postgres "select nextval(pg_get_serial_sequence('cases', 'id')) from generate_series(1, $1)";
        CLAIMS = , sqlite "select coalesce(max(id), 0) + 1 from claims",
            postgres "select nextval(pg_get_serial_sequence('claims', 'id')) from generate_series(1, $1)";
        /// The ledger is kept by case, so its last id is in no index; PostgreSQL numbers bookings as they come.
        BOOKINGS = , sqlite "select coalesce(max(next), 1) from number_blocks where name = 'booking'",
            postgres "select 1";
        /// So many ids of bookings, outside of a large import.
        TAKE_BOOKINGS = , sqlite "insert into number_blocks (name, next) values ('booking', 1 + $1) \
                on conflict (name) do update set next = next + $1 returning next - $1",
            postgres "select nextval(pg_get_serial_sequence('bookings', 'id')) from generate_series(1, $1)";
        KEEP = , sqlite "insert into number_blocks (name, next) values ('case', $1), ('booking', $2) \
                on conflict (name) do update set next = excluded.next",
            postgres "select $1::bigint, $2::bigint";
    }
}

/// How many new rows a batch makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Of `debtors`.
    pub(super) debtors: usize,
    /// Of `cases`.
    pub(super) cases: usize,
    /// Of `claims`.
    pub(super) claims: usize,
}

/// The ids and numbers for them.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Of `debtors`.
    pub(super) debtors: Vec<i64>,
    /// Of `cases`.
    pub(super) cases: Vec<i64>,
    /// Of `claims`.
    pub(super) claims: Vec<i64>,
    /// Numbers of the cases.
    pub(super) numbers: Vec<String>,
    /// The id of the first booking, counted up for the others; `None` where the database numbers them.
    pub(super) booking: Option<i64>,
}

/// Where ids come from.
#[derive(Debug)]
pub(super) enum Ids {
    /// SQLite: the transaction is the only one that writes, so they are counted up from the last.
    Counted {
        /// Next of `debtors`.
        debtors: i64,
        /// Next of `cases`.
        cases: i64,
        /// Next of `claims`.
        claims: i64,
        /// Of the new cases.
        numbers: Numbers,
        /// Next block of numbers.
        block: i64,
        /// Next of `bookings`.
        booking: i64,
    },
    /// PostgreSQL: they come from the sequences.
    Drawn,
}

impl Ids {
    /// Looks where to begin.
    pub(super) async fn new(tx: &mut Tx, client: i64) -> Result<Self, StoreError> {
        if let Tx::Postgres(_) = tx {
            return Ok(Self::Drawn);
        }
        let numbers = Numbers::of(tx, client).await?;
        let Tx::Sqlite(tx) = tx else { return Ok(Self::Drawn) };
        let next = [
            sql::DEBTORS,
            sql::CASES,
            sql::CLAIMS,
            numbers::sql::BLOCKS,
            sql::BOOKINGS,
        ];
        let mut found = [0; 5];
        for (found, query) in found.iter_mut().zip(next) {
            *found = sqlx::query_scalar(query.sqlite).fetch_one(&mut **tx).await?;
        }
        let [debtors, cases, claims, block, booking] = found;
        Ok(Self::Counted {
            debtors,
            cases,
            claims,
            numbers,
            block,
            booking,
        })
    }

    /// Keeps how far those were counted that no index tells.
    pub(super) async fn keep(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if let Self::Counted {
            numbers,
            block,
            booking,
            ..
        } = self
        {
            numbers.keep(tx).await?;
            in_tx!(tx, sql::KEEP, |conn, text| sqlx::query(text)
                .bind(block)
                .bind(booking)
                .execute(&mut *conn)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }

    /// Notes that so many bookings were made.
    pub(super) fn booked(&mut self, bookings: usize) {
        if let Self::Counted { booking, .. } = self {
            *booking += i64::try_from(bookings).unwrap_or_default();
        }
    }

    /// Takes what a batch needs.
    pub(super) async fn take(&mut self, writer: &Writer, need: Need) -> Result<Taken, StoreError> {
        match self {
            Self::Counted {
                debtors,
                cases,
                claims,
                numbers,
                block,
                booking,
            } => {
                let blocks = count(block, numbers.lacks(need.cases));
                let (debtors, claims) = (count(debtors, need.debtors), count(claims, need.claims));
                Ok(Taken {
                    debtors,
                    cases: count(cases, need.cases),
                    claims,
                    numbers: numbers.take(need.cases, blocks),
                    booking: Some(*booking),
                })
            }
            Self::Drawn => writer.draw(need).await,
        }
    }
}

/// Draws from PostgreSQL's sequences.
pub(super) async fn draw(tx: &mut Tx, client: i64, need: Need) -> Result<Taken, StoreError> {
    let mut numbers = match need.cases {
        0 => None,
        _ => Some(Numbers::of(tx, client).await?),
    };
    let Tx::Postgres(conn) = tx else {
        return Ok(Taken::default());
    };
    let mut drawn = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    let lacks = numbers.as_ref().map_or(0, |numbers| numbers.lacks(need.cases));
    let draws = [
        (sql::DEBTORS, need.debtors),
        (sql::CASES, need.cases),
        (sql::CLAIMS, need.claims),
        (numbers::sql::BLOCKS, lacks),
    ];
    for (ids, (query, count)) in drawn.iter_mut().zip(draws).filter(|(_, (_, count))| *count > 0) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        *ids = sqlx::query_scalar(query.postgres)
            .bind(count)
            .fetch_all(&mut **conn)
            .await?;
    }
    let [debtors, cases, claims, blocks] = drawn;
    let mut taken = Taken {
        debtors,
        cases,
        claims,
        ..Taken::default()
    };
    if let Some(numbers) = &mut numbers {
        taken.numbers = numbers.take(need.cases, blocks);
        numbers.keep(tx).await?;
    }
    Ok(taken)
}

/// Ids for so many bookings, in order.
pub(crate) async fn booking_ids(tx: &mut Tx, bookings: usize) -> Result<Vec<i64>, StoreError> {
    if bookings == 0 {
        return Ok(Vec::new());
    }
    let wanted = i64::try_from(bookings).unwrap_or(i64::MAX);
    let mut ids: Vec<i64> = in_tx!(tx, sql::TAKE_BOOKINGS, |conn, text| sqlx::query_scalar(text)
        .bind(wanted)
        .fetch_all(&mut *conn)
        .await)?;
    if let [first] = ids[..] {
        ids = (first..).take(bookings).collect();
    }
    Ok(ids)
}

fn count(next: &mut i64, count: usize) -> Vec<i64> {
    let first = *next;
    *next += i64::try_from(count).unwrap_or_default();
    (first..*next).collect()
}
