//! Which numbers cases get. Clients see the numbers of their own cases, and must not learn from them how much others hand
//! over: each takes blocks of a hundred for itself, and the blocks come in an order that only the database's key knows.

use sha2::{Digest as _, Sha256};

use super::check_digit::with_check_digit;
use crate::store::db::{Tx, in_tx, on, queries};
use crate::store::{Store, StoreError};

pub(crate) mod sql {
    use super::queries;
    queries! {
        KEY = both "select key from number_key";
        /// What is left of the client's last block. On PostgreSQL whoever imports for the same client waits.
        LEFT = , sqlite "select next, until from case_numbers where client_id = $1",
            postgres "select next, until from case_numbers where client_id = $1 for update";
        KEEP = both "insert into case_numbers (client_id, next, until) values ($1, $2, $3) \
            on conflict (client_id) do update set next = excluded.next, until = excluded.until";
        /// The next block: a row on SQLite, where the transaction is the only one that writes; a sequence on PostgreSQL,
        /// so that importers of several clients do not wait for each other.
        BLOCKS = , sqlite "select coalesce(max(next), 0) from number_blocks where name = 'case'",
            postgres "select nextval('case_blocks') from generate_series(1, $1)";
    }
}

/// Numbers of a block, and from the first of one to the first of the next.
const BLOCK: usize = 100;
const STEP: i64 = 100;

/// The first number of all, without its check digit.
const FIRST: i64 = 1_000_000;

/// Rounds of the permutation.
const ROUNDS: u8 = 6;

/// The numbers for a client's new cases, in a transaction.
#[derive(Debug)]
pub(super) struct Numbers {
    client: i64,
    key: String,
    left: Left,
}

impl Numbers {
    /// Looks where to begin.
    pub(super) async fn of(tx: &mut Tx, client: i64) -> Result<Self, StoreError> {
        let key = in_tx!(tx, sql::KEY, |conn, text| sqlx::query_scalar(text)
            .fetch_one(&mut *conn)
            .await)?;
        let left: Option<(i64, i64)> = in_tx!(tx, sql::LEFT, |conn, text| sqlx::query_as(text)
            .bind(client)
            .fetch_optional(&mut *conn)
            .await)?;
        Ok(Self {
            client,
            key,
            left: left.map_or_else(Left::default, |(next, until)| Left { next, until }),
        })
    }

    /// How many blocks more `count` numbers need.
    pub(super) fn lacks(&self, count: usize) -> usize {
        self.left.lacks(count)
    }

    /// So many numbers, going on with these blocks: as many as it [`Numbers::lacks`].
    pub(super) fn take(&mut self, count: usize, blocks: Vec<i64>) -> Vec<String> {
        let firsts = blocks.into_iter().map(|block| first_of(&self.key, block));
        self.left.take(count, firsts)
    }

    /// Keeps what is left for the client's next import.
    pub(super) async fn keep(&self, tx: &mut Tx) -> Result<(), StoreError> {
        in_tx!(tx, sql::KEEP, |conn, text| sqlx::query(text)
            .bind(self.client)
            .bind(self.left.next)
            .bind(self.left.until)
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// The secret by which the numbers of cases are ordered: what it is mixed into, nobody outside can work out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key(&self) -> Result<String, StoreError> {
        Ok(on!(&self.db, sql::KEY, |pool, text| sqlx::query_scalar(text)
            .fetch_one(pool)
            .await)?)
    }
}

/// What is left of a client's last block.
#[derive(Debug, Default)]
struct Left {
    next: i64,
    /// The number behind the last.
    until: i64,
}

impl Left {
    /// How many blocks more `count` numbers need.
    fn lacks(&self, count: usize) -> usize {
        let left = usize::try_from(self.until - self.next).unwrap_or_default();
        count.saturating_sub(left).div_ceil(BLOCK)
    }

    /// Takes numbers, going on with the blocks that begin with `firsts`.
    fn take(&mut self, count: usize, mut firsts: impl Iterator<Item = i64>) -> Vec<String> {
        let mut numbers = Vec::with_capacity(count);
        while numbers.len() < count {
            if self.next == self.until {
                let Some(first) = firsts.next() else { break };
                (self.next, self.until) = (first, first + STEP);
            }
            numbers.push(with_check_digit(self.next));
            self.next += 1;
        }
        numbers
    }
}

/// The first number of a block. As long as there are blocks of seven digits, numbers have seven, then eight, and so on; the
/// first of each length is its first block, the others lie where the key puts them.
fn first_of(key: &str, block: i64) -> i64 {
    let (mut first, mut index) = (FIRST, block);
    loop {
        let count = first * 9 / STEP;
        if index < count {
            let place = match index {
                0 => 0,
                index => 1 + shuffled(key, index - 1, count - 1),
            };
            return first + place * STEP;
        }
        index -= count;
        first *= 10;
    }
}

/// A permutation of 0 to `count` - 1: a Feistel network over the next power of four, gone through again while it leads
/// outside (J. Black, P. Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
fn shuffled(key: &str, index: i64, count: i64) -> i64 {
    let bits = i64::BITS - (count - 1).max(1).leading_zeros();
    let half = bits.div_ceil(2);
    let mask = (1_i64 << half) - 1;
    let mut value = index;
    loop {
        let (mut left, mut right) = (value >> half, value & mask);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (mixed(key, count, round, right) & mask));
        }
        value = left << half | right;
        if value < count {
            return value;
        }
    }
}

/// Bits that depend on all of these and on nothing that others know.
fn mixed(key: &str, count: i64, round: u8, half: i64) -> i64 {
    let mut hasher = Sha256::new();
    hasher.update(count.to_be_bytes());
    hasher.update([round]);
    hasher.update(half.to_be_bytes());
    hasher.update(key.as_bytes());
    let digest = hasher.finalize();
    digest.iter().take(7).fold(0, |bits, byte| bits << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_block_comes_once() {
        for count in [1, 2, 3, 4, 5, 63, 64, 65, 1_000, 89_999] {
            let all: HashSet<i64> = (0..count).map(|index| shuffled("key", index, count)).collect();
            assert_eq!(i64::try_from(all.len()).unwrap(), count);
            assert!(all.iter().all(|place| (0..count).contains(place)));
        }
    }

    #[test]
    fn numbers_grow_longer_when_they_must() {
        assert_eq!(first_of("key", 0), 1_000_000);
        let seven: HashSet<i64> = (0..90_000).map(|block| first_of("key", block)).collect();
        assert_eq!(seven.len(), 90_000);
        assert!(
            seven
                .iter()
                .all(|first| (1_000_000..10_000_000).contains(first) && first % STEP == 0)
        );
        assert_eq!(first_of("key", 90_000), 10_000_000);
        assert!((10_000_000..100_000_000).contains(&first_of("key", 90_001)));
    }

    #[test]
    fn keys_differ_and_neighbours_lie_apart() {
        let of = |key: &str| (1..50).map(|block| first_of(key, block)).collect::<Vec<_>>();
        assert_ne!(of("one"), of("other"));
        let steps: HashSet<i64> = of("one").windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.len() > 40, "{steps:?}");
    }

    #[test]
    fn a_block_is_used_up_before_the_next() {
        let mut left = Left::default();
        assert_eq!(
            (left.lacks(0), left.lacks(1), left.lacks(100), left.lacks(101)),
            (0, 1, 1, 2)
        );
        let numbers = left.take(101, [1_000_000, 5_000_000].into_iter());
        assert_eq!(
            (&*numbers[0], &*numbers[99], &*numbers[100]),
            ("10000004", "10000990", "50000009")
        );
        assert_eq!((left.lacks(99), left.lacks(100)), (0, 1));
    }
}
