//! A search on its way: from words to lists of cases, from what the lists have in common to hits.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use super::hits::Row;
use super::pending::{Waiting, Wanted};
use super::source::{Pending, Source, Value, json};
use super::words::{Asked, Place, reference_key};
use super::{CaseState, Found, Hit, Matched, Search, postings, sql};
use crate::store::db::{Sql, from_json, on};
use crate::store::{Store, StoreError, stamp};

/// Words that are read at once when a process searches for the first time.
const WORDS: usize = 50_000;

/// Candidates that are looked at in one go, once the first did not do.
const FEWEST: usize = 50;
const CHUNK: usize = 1_000;

/// Rows of a query whose first parameters are the conditions of a search.
macro_rules! rows {
    ($store:expr, $query:expr, $search:expr $(, $more:expr)*) => {{
        let text: String = on!(&$store.db, $query, |pool, text| sqlx::query_scalar(text)
            .bind($search.scope)
            .bind($search.is_open())
            .bind($search.is_legal())
            .bind($search.from.map(stamp))
            .bind($search.to.map(stamp))
            .bind($search.country())
            $(.bind($more))*
            .fetch_one(pool)
            .await)?;
        from_json::<Row>(&text)?
    }};
}

impl Store {
    /// A page of the cases that fit `search`: exact hits first, among them the newest case first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search(&self, search: &Search) -> Result<Found, StoreError> {
        let words = Asked::of(search);
        let reference = given(&search.client_reference).map(reference_key);
        if words.nothing || reference == Some(None) {
            return Ok(Found::all(Vec::new()));
        }
        let run = Run {
            store: self,
            search,
            words,
            reference: reference.flatten(),
        };
        if let Some(number) = given(&search.case_number) {
            return run.by_number(number).await;
        }
        if run.words.words.is_empty() && run.reference.is_none() {
            return run.list().await;
        }
        run.by_index().await
    }

    /// Reads words that came since the last search, and what waits for the index.
    async fn search_news(&self) -> Result<Vec<Pending>, StoreError> {
        loop {
            let last = self.vocabulary.read().unwrap_or_else(PoisonError::into_inner).last();
            let (words, pending): (String, String) = on!(&self.db, sql::NEWS, |pool, text| sqlx::query_as(text)
                .bind(last)
                .fetch_one(pool)
                .await)?;
            let mut words: Vec<(i64, Place, String)> = from_json(&words)?;
            if !words.is_empty() {
                words.sort_unstable_by_key(|(id, ..)| *id);
                let mut vocabulary = self.vocabulary.write().unwrap_or_else(PoisonError::into_inner);
                for (id, place, word) in &words {
                    vocabulary.add(*id, *place, word);
                }
            }
            if words.len() < WORDS {
                return from_json(&pending);
            }
        }
    }
}

/// One search.
struct Run<'a> {
    store: &'a Store,
    search: &'a Search,
    words: Asked,
    reference: Option<String>,
}

/// What a search by the index has read so far.
#[derive(Default)]
struct Read {
    /// What the index does not have yet.
    waiting: Waiting,
    /// Cases with the reference, ascending, when one is asked for.
    with_reference: Option<Vec<i64>>,
    /// For each word those of the index that it may stand for with so many slips.
    meant: Vec<Vec<(u8, i64)>>,
    meant_with: u8,
    /// Cases by word, ascending.
    lists: HashMap<i64, Vec<i64>>,
    /// Cases that were looked at, and what of them fits and is on no page yet.
    looked: HashSet<i64>,
    hits: HashMap<i64, Hit>,
}

impl Run<'_> {
    fn limit(&self) -> usize {
        self.search.limit.clamp(1, Search::LARGEST_PAGE) as usize
    }

    async fn by_number(&self, number: &str) -> Result<Found, StoreError> {
        let signs = number.chars().take(60).filter(char::is_ascii_alphanumeric);
        let number: String = signs.collect();
        let rows = rows!(self.store, sql::BY_NUMBER, self.search, &number);
        let hits = self.fitting(rows).await?.into_iter();
        let after = self.search.after;
        let hits = hits.filter(|hit| after.is_none_or(|after| hit.comes_after(after)));
        Ok(Found::all(hits.collect()))
    }

    /// Nothing is asked but status, days and country.
    async fn list(&self) -> Result<Found, StoreError> {
        let query = if self.search.scope.is_some() {
            sql::LIST_OF_CLIENT
        } else {
            sql::LIST
        };
        let before = self.search.after.map_or(i64::MAX, |after| after.case.0);
        let limit = i64::try_from(self.limit() + 1).unwrap_or(i64::MAX);
        let mut rows = rows!(self.store, query, self.search, before, limit);
        rows.sort_unstable_by_key(|row| Reverse(row.id));
        let hits = rows.into_iter().map(|row| row.hit(Matched::Exact));
        Ok(Found::page(hits.collect(), self.limit()))
    }

    async fn by_index(&self) -> Result<Found, StoreError> {
        let mut read = self.begin().await?;
        let mut page: Vec<Hit> = Vec::new();
        let mut ahead = None;
        for matched in Matched::ALL.iter().copied() {
            let before = match self.search.after {
                Some(after) if after.matched > matched => continue,
                Some(after) if after.matched == matched => after.case.0,
                _ => i64::MAX,
            };
            // Two slips are guessed only when there is nothing better.
            let better = !page.is_empty() || self.search.after.is_some_and(|after| after.matched < matched);
            if (matched == Matched::Slips && better) || (self.words.words.is_empty() && matched != Matched::Exact) {
                break;
            }
            let mut cases = match ahead.take() {
                Some(cases) => cases,
                None => self.candidates(matched, &mut read).await?,
            };
            cases.truncate(cases.partition_point(|case| *case < before));
            if matched == Matched::Exact && !self.words.words.is_empty() && cases.len() <= self.limit() {
                // These do not fill the page: the next ones are looked at together with them.
                let next = self.candidates(Matched::Slip, &mut read).await?;
                let room = self.limit() + 1 - cases.len();
                let both = cases.iter().chain(next.iter().rev().take(room)).copied().collect();
                self.look(both, &mut read).await?;
                ahead = Some(next);
            }
            self.take(matched, &cases, &mut read, &mut page).await?;
            if page.len() > self.limit() {
                break;
            }
        }
        let mut found = Found::page(page, self.limit());
        found.complete = !read.waiting.cut;
        Ok(found)
    }

    /// Reads what waits for the index before anything is read from it: what is taken up meanwhile is found twice, not
    /// never.
    async fn begin(&self) -> Result<Read, StoreError> {
        let pending = self.store.search_news().await?;
        let mut read = Read::default();
        if !pending.is_empty() {
            let wanted = Wanted {
                scope: self.search.scope,
                words: &self.words,
                reference: self.reference.as_deref(),
            };
            read.waiting = self.store.search_waiting(&pending, wanted).await?;
        }
        if let Some(reference) = &self.reference {
            let mut values = vec![Value::Text(reference.clone())];
            let query = self.of_client(sql::BY_REFERENCE_OF_CLIENT, sql::BY_REFERENCE, &mut values);
            let mut cases: Vec<i64> = Source::Db(&self.store.db).rows(query, &values).await?;
            cases.append(&mut read.waiting.by_reference);
            read.with_reference = Some(ascending(cases));
        }
        Ok(read)
    }

    /// The query for one client or for all, and its parameter.
    fn of_client(&self, one: Sql, all: Sql, values: &mut Vec<Value>) -> Sql {
        match self.search.scope {
            Some(client) => {
                values.push(Value::Id(client.0));
                one
            }
            None => all,
        }
    }

    /// The cases that may fit with so many slips, ascending; those that fit better are among them.
    async fn candidates(&self, matched: Matched, read: &mut Read) -> Result<Vec<i64>, StoreError> {
        if self.words.words.is_empty() {
            return Ok(read.with_reference.clone().unwrap_or_default());
        }
        let meant = self.meant(matched, read);
        let mut cases = if meant.iter().any(Vec::is_empty) {
            Vec::new()
        } else {
            let ids = if self.words.words.len() > 1 {
                read.meant.iter().flatten().map(|(_, id)| *id).collect()
            } else {
                meant.concat()
            };
            self.read_lists(ids, read).await?;
            in_common(&meant, &read.lists)
        };
        let outside = &read.waiting.by_words[usize::from(matched.slips())];
        if !(outside.is_empty() && read.waiting.changed.is_empty()) {
            cases.extend(outside);
            cases.extend(&read.waiting.changed);
            cases = ascending(cases);
        }
        Ok(match &read.with_reference {
            Some(others) => postings::both(&cases, others),
            None => cases,
        })
    }

    /// For each word the words of the index that it may stand for. Lists of two words have little in common, so that
    /// those of similar words will be needed as well: they are looked for at once.
    fn meant(&self, matched: Matched, read: &mut Read) -> Vec<Vec<i64>> {
        let most = match self.words.words.len() {
            1 => matched.slips(),
            _ => matched.slips().max(1),
        };
        if read.meant.is_empty() || read.meant_with < most {
            let vocabulary = self.store.vocabulary.read().unwrap_or_else(PoisonError::into_inner);
            let words = self.words.words.iter();
            read.meant = words
                .map(|(place, word)| vocabulary.meant(*place, word, most))
                .collect();
            read.meant_with = most;
        }
        let fitting = |words: &Vec<(u8, i64)>| {
            let words = words.iter().filter(|(slips, _)| *slips <= matched.slips());
            words.map(|(_, id)| *id).collect()
        };
        read.meant.iter().map(fitting).collect()
    }

    async fn read_lists(&self, mut words: Vec<i64>, read: &mut Read) -> Result<(), StoreError> {
        words.retain(|word| !read.lists.contains_key(word));
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            return Ok(());
        }
        let mut values = vec![json(&words)];
        let query = self.of_client(sql::LISTS_OF_CLIENT, sql::LISTS, &mut values);
        let blocks: Vec<(i64, i64, String)> = Source::Db(&self.store.db).rows(query, &values).await?;
        read.lists.extend(words.into_iter().map(|word| (word, Vec::new())));
        for (word, first, text) in blocks {
            postings::decode(first, &text, read.lists.entry(word).or_default());
        }
        // Those of several clients are not in order.
        for list in read.lists.values_mut() {
            *list = ascending(std::mem::take(list));
        }
        Ok(())
    }

    /// Puts candidates (ascending) on the page, from the newest on, until one more is there than fits.
    async fn take(
        &self,
        matched: Matched,
        cases: &[i64],
        read: &mut Read,
        page: &mut Vec<Hit>,
    ) -> Result<(), StoreError> {
        let mut left = cases.iter().rev();
        // Most candidates are hits; where few are, more and more are looked at in one go.
        let mut size = (self.limit() + 1).saturating_sub(page.len());
        while page.len() <= self.limit() {
            let chunk: Vec<i64> = left.by_ref().take(size).copied().collect();
            if chunk.is_empty() {
                break;
            }
            size = (2 * size).clamp(FEWEST, CHUNK);
            self.look(chunk.clone(), read).await?;
            for case in chunk {
                if read.hits.get(&case).is_some_and(|hit| hit.matched == matched) {
                    page.extend(read.hits.remove(&case));
                }
            }
        }
        Ok(())
    }

    /// Looks at cases that were not looked at yet.
    async fn look(&self, mut cases: Vec<i64>, read: &mut Read) -> Result<(), StoreError> {
        cases.retain(|case| read.looked.insert(*case));
        if cases.is_empty() {
            return Ok(());
        }
        let Value::Text(ids) = json(&cases) else { return Ok(()) };
        let rows = rows!(self.store, sql::HITS, self.search, &ids);
        let hits = self.fitting(rows).await?.into_iter();
        read.hits.extend(hits.map(|hit| (hit.case.0, hit)));
        Ok(())
    }

    /// The rows that have what was asked, with how they do.
    async fn fitting(&self, mut rows: Vec<Row>) -> Result<Vec<Hit>, StoreError> {
        if let Some(reference) = self.reference.as_deref() {
            let is_it = |text: &str| reference_key(text).as_deref() == Some(reference);
            let others = rows.iter().filter(|row| !is_it(&row.debtor_number));
            let others: Vec<i64> = others.map(|row| row.id.0).collect();
            let claims: Vec<(i64, Option<String>, Option<String>)> = if others.is_empty() {
                Vec::new()
            } else {
                Source::Db(&self.store.db)
                    .rows(sql::CLAIMS_OF_CASES, &[json(&others)])
                    .await?
            };
            let by_claim: HashSet<i64> = claims
                .into_iter()
                .filter(|(_, invoice, contract)| [invoice, contract].into_iter().flatten().any(|text| is_it(text)))
                .map(|(case, ..)| case)
                .collect();
            rows.retain(|row| is_it(&row.debtor_number) || by_claim.contains(&row.id.0));
        }
        let hits = rows.into_iter().filter_map(|row| {
            let matched = Matched::with(self.words.slips(&row.known)?);
            Some(row.hit(matched))
        });
        Ok(hits.collect())
    }
}

impl Search {
    fn is_open(&self) -> Option<bool> {
        match self.status {
            CaseState::Open => Some(true),
            CaseState::Closed => Some(false),
            CaseState::Legal | CaseState::All => None,
        }
    }

    fn is_legal(&self) -> Option<bool> {
        (self.status == CaseState::Legal).then_some(true)
    }

    /// The country as addresses have it.
    pub(super) fn country(&self) -> Option<String> {
        let letters = given(&self.debtor_country)?.chars().take(8);
        Some(
            letters
                .filter(char::is_ascii_alphabetic)
                .collect::<String>()
                .to_ascii_uppercase(),
        )
    }
}

/// A text that has more than spaces.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The cases that have, for each of `meant`, one of its words; ascending.
fn in_common(meant: &[Vec<i64>], lists: &HashMap<i64, Vec<i64>>) -> Vec<i64> {
    let lists_of = |words: &Vec<i64>| words.iter().filter_map(|word| lists.get(word)).collect::<Vec<_>>();
    let mut meant: Vec<Vec<&Vec<i64>>> = meant.iter().map(lists_of).collect();
    // The fewest first: of the long lists only those are looked for.
    meant.sort_unstable_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
    let mut meant = meant.into_iter();
    let first = meant.next().unwrap_or_default();
    let first = ascending(first.into_iter().flatten().copied().collect());
    meant.fold(first, |cases, lists| {
        let found = lists.into_iter().flat_map(|list| postings::both(&cases, list));
        ascending(found.collect())
    })
}

/// Sorted, none twice.
fn ascending(mut cases: Vec<i64>) -> Vec<i64> {
    if !cases.is_sorted_by(|one, next| one < next) {
        cases.sort_unstable();
        cases.dedup();
    }
    cases
}
