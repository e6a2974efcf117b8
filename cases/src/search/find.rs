//! A search on its way: from words to lists of cases, from what the lists have in common to hits.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::pending::{Waiting, Wanted};
use super::source::{Pending, Source, Value, json};
use super::words::{Asked, Known, Place, reference_key};
use super::{CaseState, Cursor, Found, Hit, Matched, Search, postings, sql};
use crate::model::{CaseId, Payment, Processing, Stage};
use crate::store::db::{Sql, from_json, on};
use crate::store::{Store, StoreError, stamp};

/// Words that are read at once when a process searches for the first time.
const WORDS: usize = 50_000;

/// Candidates that are looked at in one go, once the first did not do.
const FEWEST: usize = 50;
const CHUNK: usize = 1_000;

/// A case with its debtor.
#[derive(Debug, FromRow)]
struct Row {
    id: CaseId,
    number: String,
    client_key: String,
    creditor: String,
    debtor_number: String,
    #[sqlx(flatten)]
    known: Known,
    country: Option<String>,
    stage: Stage,
    processing: Processing,
    payment: Payment,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
}

/// Rows of a query whose first parameters are the conditions of a search.
macro_rules! rows {
    ($store:expr, $query:expr, $search:expr $(, $more:expr)*) => {
        on!(&$store.db, $query, |pool, text| sqlx::query_as::<_, Row>(text)
            .bind($search.scope)
            .bind($search.is_open())
            .bind($search.is_legal())
            .bind($search.from.map(stamp))
            .bind($search.to.map(stamp))
            .bind($search.country())
            $(.bind($more))*
            .fetch_all(pool)
            .await)
    };
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

impl Run<'_> {
    fn limit(&self) -> usize {
        self.search.limit.clamp(1, Search::LARGEST_PAGE) as usize
    }

    async fn by_number(&self, number: &str) -> Result<Found, StoreError> {
        let signs = number.chars().take(60).filter(char::is_ascii_alphanumeric);
        let number: String = signs.collect();
        let rows = rows!(self.store, sql::BY_NUMBER, self.search, &number)?;
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
        let rows = rows!(self.store, query, self.search, before, limit)?;
        let hits = rows.into_iter().map(|row| row.hit(Matched::Exact));
        Ok(Found::page(hits.collect(), self.limit()))
    }

    async fn by_index(&self) -> Result<Found, StoreError> {
        let pending = self.store.search_news().await?;
        let mut waiting = if pending.is_empty() {
            Waiting::default()
        } else {
            let wanted = Wanted {
                scope: self.search.scope,
                words: &self.words,
                reference: self.reference.as_deref(),
            };
            self.store.search_waiting(&pending, wanted).await?
        };
        let with_reference = match &self.reference {
            Some(reference) => Some(self.with_reference(reference, &waiting).await?),
            None => None,
        };
        let mut hits: Vec<Hit> = Vec::new();
        for matched in Matched::ALL.iter().copied() {
            let before = match self.search.after {
                Some(after) if after.matched > matched => continue,
                Some(after) if after.matched == matched => after.case.0,
                _ => i64::MAX,
            };
            let came = self.search.after.is_some_and(|after| after.matched < matched);
            // Two slips are guessed only when there is nothing better.
            let better = came || !hits.is_empty();
            if (matched == Matched::Slips && better) || (self.words.words.is_empty() && matched != Matched::Exact) {
                break;
            }
            let mut cases = self.with_words(matched, &mut waiting).await?;
            if let Some(other) = &with_reference {
                cases = match cases {
                    Some(cases) => Some(postings::both(&cases, other)),
                    None => Some(other.clone()),
                };
            }
            let cases = cases.unwrap_or_default();
            self.take(matched, &cases, before, &mut hits).await?;
            if hits.len() > self.limit() {
                break;
            }
        }
        let mut found = Found::page(hits, self.limit());
        found.complete = !waiting.cut;
        Ok(found)
    }

    /// The cases that may have the reference, ascending.
    async fn with_reference(&self, reference: &str, waiting: &Waiting) -> Result<Vec<i64>, StoreError> {
        let mut values = vec![Value::Text(reference.to_owned())];
        let query = self.of_client(sql::BY_REFERENCE_OF_CLIENT, sql::BY_REFERENCE, &mut values);
        let cases: Vec<i64> = Source::Db(&self.store.db).rows(query, &values).await?;
        Ok(ascending([&cases[..], &waiting.by_reference].concat()))
    }

    fn of_client(&self, one: Sql, all: Sql, values: &mut Vec<Value>) -> Sql {
        match self.search.scope {
            Some(client) => {
                values.push(Value::Id(client.0));
                one
            }
            None => all,
        }
    }

    /// The cases whose debtor may have the words with so many slips, ascending; `None` when no words are asked for.
    async fn with_words(&self, matched: Matched, waiting: &mut Waiting) -> Result<Option<Vec<i64>>, StoreError> {
        if self.words.words.is_empty() {
            return Ok(None);
        }
        let meant: Vec<Vec<i64>> = {
            let vocabulary = self.store.vocabulary.read().unwrap_or_else(PoisonError::into_inner);
            let words = self.words.words.iter();
            words
                .map(|(place, word)| vocabulary.meant(*place, word, matched.slips()))
                .collect()
        };
        let mut outside = std::mem::take(&mut waiting.by_words[usize::from(matched.slips())]);
        outside.extend(&waiting.changed);
        if meant.iter().any(Vec::is_empty) {
            return Ok(Some(ascending(outside)));
        }
        let mut values = vec![json(&meant.concat())];
        let query = self.of_client(sql::LISTS_OF_CLIENT, sql::LISTS, &mut values);
        let blocks: Vec<(i64, i64, String)> = Source::Db(&self.store.db).rows(query, &values).await?;
        let mut lists: HashMap<i64, Vec<i64>> = HashMap::new();
        for (word, first, text) in blocks {
            postings::decode(first, &text, lists.entry(word).or_default());
        }
        let mut of_words: Vec<Vec<i64>> = meant
            .iter()
            .map(|ids| {
                let lists = ids.iter().filter_map(|id| lists.get(id));
                ascending(lists.flatten().copied().collect())
            })
            .collect();
        of_words.sort_unstable_by_key(Vec::len);
        let common = of_words.into_iter().reduce(|one, other| postings::both(&one, &other));
        let common = common.unwrap_or_default();
        Ok(Some(if outside.is_empty() {
            common
        } else {
            ascending([common, outside].concat())
        }))
    }

    /// Looks at candidates (ascending) before a case, from the newest on, until the page and one more hit are there.
    async fn take(&self, matched: Matched, cases: &[i64], before: i64, hits: &mut Vec<Hit>) -> Result<(), StoreError> {
        let seen: HashSet<i64> = hits.iter().map(|hit| hit.case.0).collect();
        let end = cases.partition_point(|case| *case < before);
        let mut left = cases[..end].iter().rev().filter(|case| !seen.contains(case)).peekable();
        // Most candidates are hits; where few are, more and more are looked at in one go.
        let mut size = self.limit() + 1 - hits.len();
        while left.peek().is_some() && hits.len() <= self.limit() {
            let chunk: Vec<i64> = left.by_ref().take(size).copied().collect();
            size = (2 * size).clamp(FEWEST, CHUNK);
            let Value::Text(ids) = json(&chunk) else { return Ok(()) };
            let mut rows = rows!(self.store, sql::HITS, self.search, &ids)?;
            rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
            let fitting = self.fitting(rows).await?.into_iter();
            hits.extend(fitting.filter(|hit| hit.matched == matched));
        }
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

impl Row {
    fn hit(self, matched: Matched) -> Hit {
        let Known {
            company_name,
            first_name,
            last_name,
            postal_code,
            city,
            ..
        } = self.known;
        let person = || {
            let names = [first_name, last_name];
            names.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        Hit {
            case: self.id,
            debtor_name: company_name.unwrap_or_else(person),
            number: self.number,
            client_key: self.client_key,
            creditor: self.creditor,
            debtor_number: self.debtor_number,
            postal_code,
            city,
            country: self.country,
            stage: self.stage,
            processing: self.processing,
            payment: self.payment,
            opened_at: self.opened_at,
            closed_at: self.closed_at,
            matched,
        }
    }
}

impl Hit {
    fn comes_after(&self, cursor: Cursor) -> bool {
        (self.matched, std::cmp::Reverse(self.case)) > (cursor.matched, std::cmp::Reverse(cursor.case))
    }
}

impl Found {
    fn all(hits: Vec<Hit>) -> Self {
        Self {
            hits,
            next: None,
            complete: true,
        }
    }

    /// The first `limit` of the hits; one more says that another page follows.
    fn page(mut hits: Vec<Hit>, limit: usize) -> Self {
        let more = hits.len() > limit;
        hits.truncate(limit);
        let last = hits.last().filter(|_| more);
        let next = last.map(|hit| Cursor {
            matched: hit.matched,
            case: hit.case,
        });
        Self {
            next,
            ..Self::all(hits)
        }
    }
}

impl Matched {
    fn slips(self) -> u8 {
        match self {
            Self::Exact => 0,
            Self::Slip => 1,
            Self::Slips => 2,
        }
    }

    fn with(slips: u8) -> Self {
        match slips {
            0 => Self::Exact,
            1 => Self::Slip,
            _ => Self::Slips,
        }
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

/// Sorted, none twice.
fn ascending(mut cases: Vec<i64>) -> Vec<i64> {
    if !cases.is_sorted_by(|one, next| one < next) {
        cases.sort_unstable();
        cases.dedup();
    }
    cases
}
