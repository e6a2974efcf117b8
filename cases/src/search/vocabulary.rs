//! The words of the index in memory: some eight megabytes for three hundred thousand. Those that are close to a typed word
//! are found by looking at all of about its length, which takes less than a way to the database and back.

use std::collections::HashMap;
use std::fmt;

use super::slips::slips;
use super::words::Place;

/// Most words that a typed one may stand for.
const MEANT: usize = 500;

/// Words by place and length; they are only added to, as in the database.
#[derive(Default)]
pub(crate) struct Vocabulary {
    buckets: HashMap<(Place, usize), Bucket>,
    last: i64,
}

/// Words of one place and length.
#[derive(Default)]
struct Bucket {
    signatures: Vec<u64>,
    ids: Vec<i64>,
    ends: Vec<u32>,
    text: String,
}

/// Counts alone: words are personal data.
impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: usize = self.buckets.values().map(|bucket| bucket.ids.len()).sum();
        f.debug_struct("Vocabulary").field("words", &words).finish()
    }
}

impl Vocabulary {
    /// The last word's row: ids ascend.
    pub(super) fn last(&self) -> i64 {
        self.last
    }

    /// Adds a word; does nothing when it is there.
    pub(super) fn add(&mut self, id: i64, place: Place, word: &str) {
        if id <= self.last {
            return;
        }
        self.last = id;
        let bucket = self.buckets.entry((place, word.chars().count())).or_default();
        bucket.text.push_str(word);
        bucket.signatures.push(signature(word));
        bucket.ids.push(id);
        bucket.ends.push(u32::try_from(bucket.text.len()).unwrap_or(u32::MAX));
    }

    /// The words that a typed one may stand for with at most `most` slips: slips and row, the closest first.
    pub(super) fn meant(&self, place: Place, typed: &str, most: u8) -> Vec<(u8, i64)> {
        let most = if place == Place::PostalCode { 0 } else { most };
        let (letters, signature) = (typed.chars().count(), signature(typed));
        let lengths = letters.saturating_sub(usize::from(most))..=letters + usize::from(most);
        let mut found = Vec::new();
        for bucket in lengths.filter_map(|length| self.buckets.get(&(place, length))) {
            // A slip brings and takes away at most one letter.
            let close = match most {
                0 => bucket.close::<0>(signature),
                1 => bucket.close::<2>(signature),
                _ => bucket.close::<4>(signature),
            };
            for index in close {
                let slips = slips(typed, bucket.word(index), most);
                found.extend(slips.map(|slips| (slips, bucket.ids[index])));
            }
        }
        found.sort_unstable();
        found.truncate(MEANT);
        found
    }
}

impl Bucket {
    /// The places of words that have the same letters but for `BITS`.
    fn close<const BITS: u8>(&self, signature: u64) -> Vec<usize> {
        let mut close = Vec::new();
        for (chunk, signatures) in self.signatures.chunks(64).enumerate() {
            // Without a branch for each word: nearly none is close.
            let mut bits = signatures.iter().rev().fold(0_u64, |bits, other| {
                bits << 1 | u64::from(differ_by::<BITS>(signature ^ other))
            });
            while bits != 0 {
                close.push(chunk * 64 + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
        close
    }

    fn word(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text
            .get(start as usize..self.ends[index] as usize)
            .unwrap_or_default()
    }
}

/// Whether at most so many bits are set: what is left when the lowest is taken off so many times.
fn differ_by<const BITS: u8>(mut bits: u64) -> bool {
    for _ in 0..BITS {
        bits &= bits.wrapping_sub(1);
    }
    bits == 0
}

/// A bit for each letter that occurs.
fn signature(word: &str) -> u64 {
    word.chars().fold(0, |bits, letter| {
        let bit = match letter {
            'a'..='z' => letter as u32 - 'a' as u32,
            '0'..='9' => 26 + letter as u32 - '0' as u32,
            _ => 36 + letter as u32 % 28,
        };
        bits | 1 << bit
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vocabulary(words: &[&str]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for (id, word) in (1..).zip(words) {
            vocabulary.add(id, Place::Name, word);
        }
        vocabulary
    }

    #[test]
    fn close_words_are_meant() {
        let vocabulary = vocabulary(&["mustermann", "muster", "musterfrau", "meister", "mustermann", "иванов"]);
        let check = |typed: &str, most, expected: &[i64]| {
            let found: Vec<i64> = vocabulary
                .meant(Place::Name, typed, most)
                .into_iter()
                .map(|(_, id)| id)
                .collect();
            assert_eq!(found, expected, "{typed}");
        };
        check("mustermann", 0, &[1, 5]);
        check("mustermam", 1, &[]);
        check("mustermam", 2, &[1, 5]);
        check("mustre", 1, &[2]);
        check("miester", 1, &[4]);
        check("иваноф", 1, &[6]);
        assert_eq!(vocabulary.meant(Place::City, "muster", 1), []);
        assert_eq!(format!("{vocabulary:?}"), "Vocabulary { words: 6 }");
    }

    #[test]
    fn a_word_is_added_once() {
        let mut vocabulary = vocabulary(&["muster"]);
        vocabulary.add(1, Place::Name, "muster");
        assert_eq!(
            (vocabulary.meant(Place::Name, "muster", 0), vocabulary.last()),
            (vec![(0, 1)], 1)
        );
    }

    proptest! {
        #[test]
        fn every_slip_is_understood(
            word in "[a-zäß0-9а-я]{4,12}", place in 0..12_usize, letter in "[a-z0-9я]", kind in 0..4
        ) {
            prop_assume!(!word.bytes().all(|byte| byte.is_ascii_digit()));
            let mut letters: Vec<char> = word.chars().collect();
            let place = place % letters.len();
            match kind {
                0 => letters[place] = letter.chars().next().unwrap(),
                1 => letters.insert(place, letter.chars().next().unwrap()),
                2 => {
                    letters.remove(place);
                }
                _ => letters.swap(place, (place + 1).min(word.chars().count() - 1)),
            }
            let typed: String = letters.into_iter().collect();
            let found = vocabulary(&[&word]).meant(Place::Name, &typed, 1);
            prop_assert_eq!(found, [(u8::from(typed != word), 1)]);
        }
    }
}
