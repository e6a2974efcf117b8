//! Lists of cases as the index keeps them: in blocks, each case as its distance from the one before, in as few letters as
//! that takes. A block is a text, so that it travels in JSON and is the same on both databases.

use std::collections::{BTreeMap, BTreeSet};

/// Most cases of a block: some 1.5 KiB, so that it fits into a page of the database.
const BLOCK: usize = 800;

/// Five bits a letter, the lowest first; the last letter of a number is of the first half.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const VALUES: [u8; 256] = {
    let mut values = [0; 256];
    let mut value = 0;
    while value < 64 {
        values[LETTERS[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Writes down the cases after the first; `cases` ascend.
pub(super) fn encode(cases: &[i64]) -> String {
    let mut text = String::with_capacity(2 * cases.len());
    for pair in cases.windows(2) {
        let mut rest = pair[1].abs_diff(pair[0]);
        while rest >= 32 {
            text.push(char::from(LETTERS[32 + (rest & 31) as usize]));
            rest >>= 5;
        }
        text.push(char::from(LETTERS[rest as usize]));
    }
    text
}

/// Adds the cases of a block to `cases`.
pub(super) fn decode(first: i64, text: &str, cases: &mut Vec<i64>) {
    cases.push(first);
    let (mut case, mut distance, mut shift) = (first, 0_i64, 0);
    for letter in text.bytes() {
        let value = VALUES[usize::from(letter)];
        distance |= i64::from(value & 31) << shift;
        if value < 32 {
            case = case.wrapping_add(distance);
            cases.push(case);
            (distance, shift) = (0, 0);
        } else {
            // A number has no more than 13 letters; more could only be a damaged block.
            shift = (shift + 5).min(60);
        }
    }
}

/// Adds `new` cases (ascending) to the blocks, by first case, that may hold them; yields the blocks that changed.
pub(super) fn add(mut blocks: BTreeMap<i64, Vec<i64>>, new: &[i64]) -> Vec<Vec<i64>> {
    let mut changed = BTreeSet::new();
    for case in new {
        let block = blocks.range_mut(..=case).next_back();
        let first = match block {
            Some((first, cases)) => {
                if let Err(place) = cases.binary_search(case) {
                    cases.insert(place, *case);
                    changed.insert(*first);
                }
                *first
            }
            None => {
                blocks.insert(*case, vec![*case]);
                changed.insert(*case);
                *case
            }
        };
        let full = blocks.get_mut(&first).filter(|cases| cases.len() > BLOCK);
        if let Some(cases) = full {
            // Cases come in order, so that blocks are left nearly full behind them.
            let keep = if cases.last() == Some(case) { BLOCK } else { BLOCK / 2 };
            let rest = cases.split_off(keep);
            changed.insert(rest[0]);
            blocks.insert(rest[0], rest);
        }
    }
    changed.iter().filter_map(|first| blocks.remove(first)).collect()
}

/// What two ascending lists have in common.
pub(super) fn both(one: &[i64], other: &[i64]) -> Vec<i64> {
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short.len() * 16 < long.len() {
        let is_there = |case: &&i64| long.binary_search(case).is_ok();
        return short.iter().filter(is_there).copied().collect();
    }
    let mut long = long.iter().peekable();
    let mut common = Vec::with_capacity(short.len());
    for case in short {
        while long.next_if(|other| *other < case).is_some() {}
        if long.peek() == Some(&case) {
            common.push(*case);
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(first: i64, text: &str) -> Vec<i64> {
        let mut cases = Vec::new();
        decode(first, text, &mut cases);
        cases
    }

    #[test]
    fn letters() {
        assert_eq!(encode(&[7]), "");
        assert_eq!(encode(&[7, 8, 39, 71]), "BfgB");
        assert_eq!(decoded(7, "BfgB"), [7, 8, 39, 71]);
        assert_eq!(encode(&[0, i64::MAX]).len(), 13);
    }

    proptest! {
        #[test]
        fn blocks_come_back(cases in prop::collection::btree_set(0..i64::MAX, 1..40)) {
            let cases: Vec<i64> = cases.into_iter().collect();
            prop_assert_eq!(decoded(cases[0], &encode(&cases)), cases);
        }

        #[test]
        fn blocks_hold_what_was_added(batches in prop::collection::vec(
            prop::collection::btree_set(1..4_000_i64, 1..900), 1..8))
        {
            let mut kept: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
            let mut all = BTreeSet::new();
            for batch in batches {
                let new: Vec<i64> = batch.iter().copied().collect();
                // What the database yields: the block that covers the first, up to the last.
                let from = kept.range(..=new[0]).next_back().map_or(0, |(first, _)| *first);
                let covering = kept.range(from..=new[new.len() - 1]).map(|(first, cases)| (*first, cases.clone()));
                for block in add(covering.collect(), &new) {
                    prop_assert!(block.len() <= BLOCK);
                    kept.insert(block[0], block);
                }
                all.extend(batch);
            }
            let mut found: Vec<i64> = kept.into_values().flatten().collect();
            prop_assert!(found.is_sorted());
            found.dedup();
            prop_assert_eq!(found, all.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn common_cases(one in prop::collection::btree_set(0..99_i64, 0..60), other in prop::collection::btree_set(0..99_i64, 0..4)) {
            let expected: Vec<i64> = one.intersection(&other).copied().collect();
            let (one, other): (Vec<i64>, Vec<i64>) = (one.into_iter().collect(), other.into_iter().collect());
            prop_assert_eq!(both(&one, &other), expected.clone());
            prop_assert_eq!(both(&other, &one), expected);
        }
    }
}
