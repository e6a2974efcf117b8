//! Which bytes of an upload were written, so that a hole never counts as data.

/// Sorted, disjoint, non-touching ranges `[start, end)`; in practice one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Extents(Vec<(u64, u64)>);

/// More separate ranges than any honest client leaves open; beyond it the upload is refused.
const MAX_RANGES: usize = 4096;

impl Extents {
    /// `size` bytes from the start are there.
    pub(crate) fn of(size: u64) -> Self {
        Self(if size == 0 { Vec::new() } else { vec![(0, size)] })
    }

    /// Adds `[start, end)`; `false` when there are too many separate ranges.
    pub(crate) fn add(&mut self, start: u64, end: u64) -> bool {
        if start >= end {
            return true;
        }
        if let Some(last) = self.0.last_mut()
            && last.1 == start
        {
            last.1 = end;
            return true;
        }
        let first = self.0.partition_point(|range| range.1 < start);
        let after = self.0.partition_point(|range| range.0 <= end);
        let merged = self.0[first..after]
            .iter()
            .fold((start, end), |all, one| (all.0.min(one.0), all.1.max(one.1)));
        self.0.splice(first..after, [merged]);
        self.0.len() <= MAX_RANGES
    }

    /// Forgets everything from `size` on.
    pub(crate) fn cut(&mut self, size: u64) {
        self.0.retain_mut(|range| {
            range.1 = range.1.min(size);
            range.0 < range.1
        });
    }

    /// Bytes that are there without a hole from the start.
    pub(crate) fn solid(&self) -> u64 {
        self.0.first().filter(|range| range.0 == 0).map_or(0, |range| range.1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn in_order_stays_one_range() {
        let mut extents = Extents::default();
        for part in 0..1000 {
            assert!(extents.add(part * 10, part * 10 + 10));
        }
        assert_eq!(extents, Extents::of(10_000));
        extents.cut(15);
        assert_eq!(extents.solid(), 15);
    }

    proptest! {
        #[test]
        fn agrees_with_a_bitmap(ranges in prop::collection::vec((0u64..60, 0u64..20), 0..30), cut in 0u64..80) {
            let mut extents = Extents::default();
            let mut bytes = [false; 80];
            for (start, len) in ranges {
                extents.add(start, start + len);
                bytes[start as usize..(start + len) as usize].fill(true);
            }
            let solid = |bytes: &[bool]| bytes.iter().take_while(|byte| **byte).count() as u64;
            prop_assert_eq!(extents.solid(), solid(&bytes));
            extents.cut(cut);
            bytes[cut as usize..].fill(false);
            prop_assert_eq!(extents.solid(), solid(&bytes));
            prop_assert!(extents.0.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
