//! What the index has not taken up yet, read from the cases themselves: newest first, and only so many.

use super::source::{CaseText, ClaimText, Kind, Pending, Source, Value};
use super::sql;
use super::words::{Asked, reference_key};
use crate::model::ClientId;
use crate::store::{Store, StoreError};

/// Rows that are read at once.
const WINDOW: i64 = 5_000;

/// Most cases, and most claims, that a search reads: more than a second's work, but only until the index is there.
const MOST: i64 = 1_000_000;

/// Most changed debtors that a search looks at.
const DEBTORS: usize = 2_000;

/// Rows of the queue that a search is told of.
const QUEUE: usize = 10_000;

/// What a search finds outside of the index.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Cases by slips whose debtor has the words.
    pub(super) by_words: [Vec<i64>; 3],
    /// Cases whose debtor changed: he may have the words by now.
    pub(super) changed: Vec<i64>,
    /// Cases with the reference.
    pub(super) by_reference: Vec<i64>,
    /// Something was left out.
    pub(super) cut: bool,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) scope: Option<ClientId>,
    pub(super) words: &'a Asked,
    pub(super) reference: Option<&'a str>,
}

impl Store {
    /// Reads what waits.
    pub(super) async fn search_waiting(&self, pending: &[Pending], wanted: Wanted<'_>) -> Result<Waiting, StoreError> {
        let mut waiting = Waiting {
            cut: pending.len() >= QUEUE,
            ..Waiting::default()
        };
        let mut debtors: Vec<i64> = pending
            .iter()
            .filter(|pending| pending.kind == Kind::Debtor)
            .map(|pending| pending.first)
            .collect();
        debtors.sort_unstable();
        debtors.dedup();
        waiting.cut |= debtors.len() > DEBTORS;
        debtors.truncate(DEBTORS);
        waiting.changed = Source::Db(&self.db).cases_of_debtors(&debtors).await?;
        for window in windows(pending, Kind::Case, &mut waiting.cut) {
            self.read_cases(window, wanted, &mut waiting).await?;
        }
        if wanted.reference.is_some() {
            for window in windows(pending, Kind::Claim, &mut waiting.cut) {
                self.read_claims(window, wanted, &mut waiting).await?;
            }
        }
        Ok(waiting)
    }

    async fn read_cases(
        &self,
        (first, last): (i64, i64),
        wanted: Wanted<'_>,
        waiting: &mut Waiting,
    ) -> Result<(), StoreError> {
        let (query, values) = match wanted.scope {
            Some(client) => (
                sql::CASES_OF_CLIENT,
                vec![Value::Id(first), Value::Id(last), Value::Id(client.0)],
            ),
            None => (sql::CASES, vec![Value::Id(first), Value::Id(last)]),
        };
        let cases: Vec<CaseText> = Source::Db(&self.db).rows(query, &values).await?;
        for case in cases {
            if wanted.reference.is_some() && reference_key(&case.debtor_number).as_deref() == wanted.reference {
                waiting.by_reference.push(case.case);
            }
            if !wanted.words.words.is_empty()
                && let Some(slips) = wanted.words.slips(&case.known)
            {
                waiting.by_words[usize::from(slips.min(2))].push(case.case);
            }
        }
        Ok(())
    }

    async fn read_claims(
        &self,
        (first, last): (i64, i64),
        wanted: Wanted<'_>,
        waiting: &mut Waiting,
    ) -> Result<(), StoreError> {
        let (query, values) = match wanted.scope {
            Some(client) => (
                sql::CLAIMS_OF_CLIENT,
                vec![Value::Id(first), Value::Id(last), Value::Id(client.0)],
            ),
            None => (sql::CLAIMS, vec![Value::Id(first), Value::Id(last)]),
        };
        let claims: Vec<ClaimText> = Source::Db(&self.db).rows(query, &values).await?;
        for (case, _, invoice, contract) in claims {
            let mut texts = [invoice, contract].into_iter().flatten();
            if texts.any(|text| reference_key(&text).as_deref() == wanted.reference) {
                waiting.by_reference.push(case);
            }
        }
        Ok(())
    }
}

/// Pieces of the ranges of one kind, newest first, as far as a search reads; `cut` is set when that is not all.
fn windows(pending: &[Pending], kind: Kind, cut: &mut bool) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = pending
        .iter()
        .filter(|pending| pending.kind == kind)
        .map(|pending| (pending.last, pending.first))
        .collect();
    ranges.sort_unstable();
    let (mut windows, mut left) = (Vec::new(), MOST);
    // Ranges of imports that ran side by side overlap: nothing is read twice.
    let mut above = i64::MAX;
    for (last, first) in ranges.into_iter().rev() {
        let mut last = last.min(above - 1);
        while last >= first {
            if left <= 0 {
                *cut = true;
                return windows;
            }
            let from = first.max(last - WINDOW + 1);
            windows.push((from, last));
            left -= last - from + 1;
            last = from - 1;
        }
        above = above.min(first);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_once_and_from_the_end() {
        let range = |first, last| Pending {
            row: 1,
            kind: Kind::Case,
            first,
            last,
        };
        let mut cut = false;
        assert_eq!(
            windows(&[range(1, 7_000), range(6_000, 8_000)], Kind::Case, &mut cut),
            [(6_000, 8_000), (1_000, 5_999), (1, 999)]
        );
        assert_eq!(windows(&[range(5, 9), range(5, 9)], Kind::Case, &mut cut), [(5, 9)]);
        assert_eq!(windows(&[range(5, 9)], Kind::Claim, &mut cut), []);
        assert!(!cut);
        let windows = windows(&[range(1, 1_000_001)], Kind::Case, &mut cut);
        assert_eq!((windows.len(), cut), (200, true));
    }
}
