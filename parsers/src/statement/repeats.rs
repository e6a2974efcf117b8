//! Which payment numbers of a file come several times, with memory that hardly grows: a fixed table of bits finds those
//! that may, and only these are counted.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Bits of the table: with five million numbers every sixteenth is taken for one that may come again.
const BITS: usize = 1 << 25;

/// Numbers that are counted at most.
pub const MOST: usize = 1 << 20;

/// The numbers of a file, met twice: all of them first by [`Repeats::note`], then in the same order by
/// [`Repeats::number`].
#[derive(Debug, Default)]
pub struct Repeats {
    bits: Vec<u64>,
    counted: HashMap<u64, u32>,
}

impl Repeats {
    /// Takes a number in; false when more come again than can be counted.
    #[must_use]
    pub fn note(&mut self, number: &str) -> bool {
        if self.bits.is_empty() {
            self.bits = vec![0; BITS / 64];
        }
        let hash = hash(number);
        let mut met = true;
        for half in [hash, hash >> 32] {
            let bit = usize::try_from(half & 0xffff_ffff).unwrap_or(0) % BITS;
            met &= self.bits[bit / 64] & (1 << (bit % 64)) != 0;
            self.bits[bit / 64] |= 1 << (bit % 64);
        }
        if met {
            self.counted.insert(hash, 0);
        }
        self.counted.len() <= MOST
    }

    /// The number as it is used: `/n` is added to the n-th one that is equal to others, from the second on.
    pub fn number(&mut self, number: String) -> String {
        let Some(count) = self.counted.get_mut(&hash(&number)) else {
            return number;
        };
        *count = count.saturating_add(1);
        if *count == 1 {
            number
        } else {
            format!("{number}/{count}")
        }
    }
}

/// Used within one run only, so that it need not be the same in the next version of the library.
fn hash(number: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_told_apart() {
        let numbers = ["a", "b", "a", "c", "a", "b"].map(str::to_owned);
        let mut repeats = Repeats::default();
        assert!(numbers.iter().all(|number| repeats.note(number)));
        assert_eq!(
            numbers.map(|number| repeats.number(number)),
            ["a", "b", "a/2", "c", "a/3", "b/2"]
        );
    }

    #[test]
    fn few_of_many_different_numbers_are_counted() {
        let mut repeats = Repeats::default();
        assert!((0..300_000).all(|number| repeats.note(&number.to_string())));
        assert!(repeats.counted.len() < 3_000, "{}", repeats.counted.len());
        assert!((0..300_000).all(|number| repeats.number(number.to_string()) == number.to_string()));
    }
}
