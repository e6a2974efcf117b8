//! The index, written behind the imports in small transactions: whoever waits for SQLite's lock gets it in between.
//!
//! What is to be done stands in the database: on SQLite, whose ids become visible in their order, the cases and claims
//! above the last that is indexed; on PostgreSQL a queue of ranges that a trigger writes with each batch of an import.
//! Debtors whose name or address changed are queued by a trigger on both, so that nobody who changes one need think of it.
//! Broken off at any moment, a transaction is done again from its beginning.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::source::{CaseText, ClaimText, Kind, Pending, Source, Value, json};
use super::words::{Place, reference_key};
use super::{postings, sql};
use crate::store::bulk::{Bulk, Common, Kind as Column, insert_all};
use crate::store::db::{Tx, in_tx};
use crate::store::rows::Rows;
use crate::store::{Store, StoreError};

/// Cases of a transaction, about a third of a second: each writes a page for nearly every word that occurs, so that smaller
/// ones cost more altogether.
const CASES: i64 = 5_000;

/// Claims of a transaction.
const CLAIMS: i64 = 10_000;

/// Changed debtors of a transaction.
const DEBTORS: usize = 1_000;

static WORDS: Bulk = Bulk {
    table: "search_words",
    columns: &[("id", Column::Int), ("place", Column::Text), ("word", Column::Text)],
    tail: "",
};

static POSTINGS: Bulk = Bulk {
    table: "search_postings",
    columns: &[
        ("word_id", Column::Int),
        ("client_id", Column::Int),
        ("first_case", Column::Int),
        ("cases", Column::Text),
    ],
    tail: "on conflict (word_id, client_id, first_case) do update set cases = excluded.cases",
};

static REFERENCES: Bulk = Bulk {
    table: "search_references",
    columns: &[
        ("reference", Column::Text),
        ("client_id", Column::Int),
        ("case_id", Column::Int),
    ],
    tail: "on conflict do nothing",
};

/// Every bulk insert, for the test that prepares each on both databases.
#[cfg(test)]
pub(crate) const BULKS: [&Bulk; 3] = [&WORDS, &POSTINGS, &REFERENCES];

/// The bulk inserts of this module name no column that all rows have in common.
const NOTHING_IN_COMMON: Common = Common {
    client: 0,
    delivery: 0,
    act: 0,
};

/// Rows of `search_references`.
type References = BTreeSet<(String, i64, i64)>;

impl Store {
    /// Takes some of what waits into the index, in one transaction of bounded size; `false` when nothing waited.
    ///
    /// # Errors
    /// When the database fails; what was not taken up waits still.
    pub async fn index_some(&self) -> Result<bool, StoreError> {
        // The look alone needs no lock.
        let waiting: Vec<Pending> = Source::Db(&self.db).rows(sql::PENDING, &[]).await?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let mut tx = self.db.begin().await?;
        let _: i64 = in_tx!(&mut tx, sql::LOCK, |conn, text| sqlx::query_scalar(text)
            .fetch_one(&mut *conn)
            .await)?;
        let waiting: Vec<Pending> = Source::Tx(&mut tx).rows(sql::PENDING, &[]).await?;
        let debtors: Vec<&Pending> = waiting
            .iter()
            .filter(|pending| pending.kind == Kind::Debtor)
            .take(DEBTORS)
            .collect();
        if debtors.is_empty() {
            if let Some(range) = waiting.first() {
                take_range(&mut tx, *range).await?;
            }
        } else {
            take_debtors(&mut tx, &debtors).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Takes everything that waits into the index.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn index_all(&self) -> Result<(), StoreError> {
        while self.index_some().await? {}
        Ok(())
    }
}

/// Takes the beginning of a range of cases or claims.
async fn take_range(tx: &mut Tx, range: Pending) -> Result<(), StoreError> {
    let most = if range.kind == Kind::Case { CASES } else { CLAIMS };
    let last = range.last.min(range.first.saturating_add(most - 1));
    let between = [Value::Id(range.first), Value::Id(last)];
    if range.kind == Kind::Case {
        let cases = Source::Tx(tx).rows(sql::CASES, &between).await?;
        add_cases(tx, cases).await?;
    } else {
        let claims: Vec<ClaimText> = Source::Tx(tx).rows(sql::CLAIMS, &between).await?;
        let references = claims.into_iter().flat_map(|(case, client, invoice, contract)| {
            let keys = [invoice, contract].into_iter().flatten();
            keys.filter_map(move |text| Some((reference_key(&text)?, client, case)))
        });
        add_references(tx, references.collect()).await?;
    }
    if range.row == 0 {
        run(
            tx,
            sql::ADVANCE,
            &[Value::Text(range.kind.as_str().to_owned()), Value::Id(last)],
        )
        .await
    } else if last < range.last {
        run(tx, sql::SHORTEN, &[Value::Id(range.row), Value::Id(last + 1)]).await
    } else {
        run(tx, sql::DONE, &[json(&[range.row])]).await
    }
}

async fn take_debtors(tx: &mut Tx, changed: &[&Pending]) -> Result<(), StoreError> {
    let debtors: BTreeSet<i64> = changed.iter().map(|pending| pending.first).collect();
    let debtors: Vec<i64> = debtors.into_iter().collect();
    let cases = Source::Tx(tx).cases_of_debtors(&debtors).await?;
    let cases = Source::Tx(tx).rows(sql::CASES_BY_ID, &[json(&cases)]).await?;
    add_cases(tx, cases).await?;
    let rows: Vec<i64> = changed.iter().map(|pending| pending.row).collect();
    run(tx, sql::DONE, &[json(&rows)]).await
}

async fn run(tx: &mut Tx, sql: crate::store::db::Sql, values: &[Value]) -> Result<(), StoreError> {
    in_tx!(tx, sql, |conn, text| {
        let query = values.iter().fold(sqlx::query(text), |query, value| match value {
            Value::Id(id) => query.bind(*id),
            Value::Text(text) => query.bind(text.as_str()),
        });
        query.execute(&mut *conn).await.map(|_| ())
    })?;
    Ok(())
}

/// Adds cases with the words and the number of their debtor.
async fn add_cases(tx: &mut Tx, cases: Vec<CaseText>) -> Result<(), StoreError> {
    let mut places: BTreeMap<(Place, String), BTreeSet<(i64, i64)>> = BTreeMap::new();
    let mut references = References::new();
    for case in cases {
        let place = (case.client, case.case);
        for word in case.known.words() {
            places.entry(word).or_default().insert(place);
        }
        references.extend(reference_key(&case.debtor_number).map(|key| (key, case.client, case.case)));
    }
    let words: Vec<&(Place, String)> = places.keys().collect();
    let ids = word_ids(tx, &words).await?;
    let mut lists: BTreeMap<(i64, i64), Vec<i64>> = BTreeMap::new();
    for (id, cases) in ids.into_iter().zip(places.into_values()) {
        for (client, case) in cases {
            lists.entry((id, client)).or_default().push(case);
        }
    }
    add_postings(tx, lists).await?;
    add_references(tx, references).await
}

/// The rows of words, made for those that are new.
async fn word_ids(tx: &mut Tx, words: &[&(Place, String)]) -> Result<Vec<i64>, StoreError> {
    let keys: Vec<(usize, Place, &str)> = words
        .iter()
        .enumerate()
        .map(|(index, (place, word))| (index, *place, word.as_str()))
        .collect();
    let known: Vec<(usize, i64)> = Source::Tx(tx).rows(sql::WORD_IDS, &[json(&keys)]).await?;
    let known: HashMap<usize, i64> = known.into_iter().collect();
    let mut last: i64 = in_tx!(tx, sql::LAST_WORD, |conn, text| sqlx::query_scalar(text)
        .fetch_one(&mut *conn)
        .await)?;
    let mut new = Rows::default();
    let ids = keys.iter().map(|(index, place, word)| {
        known.get(index).copied().unwrap_or_else(|| {
            last += 1;
            new.row().int(last).text(place.as_str()).text(*word);
            last
        })
    });
    let ids = ids.collect();
    insert(tx, &WORDS, new).await?;
    Ok(ids)
}

/// Adds ascending cases to the lists of words and clients.
async fn add_postings(tx: &mut Tx, lists: BTreeMap<(i64, i64), Vec<i64>>) -> Result<(), StoreError> {
    let keys: Vec<(i64, i64, i64, i64)> = lists
        .iter()
        .filter_map(|((word, client), cases)| Some((*word, *client, *cases.first()?, *cases.last()?)))
        .collect();
    let found: Vec<(i64, i64, i64, String)> = Source::Tx(tx).rows(sql::BLOCKS, &[json(&keys)]).await?;
    let mut blocks: HashMap<(i64, i64), BTreeMap<i64, Vec<i64>>> = HashMap::with_capacity(lists.len());
    for (word, client, first, text) in found {
        let mut cases = Vec::new();
        postings::decode(first, &text, &mut cases);
        blocks.entry((word, client)).or_default().insert(first, cases);
    }
    let mut rows = Rows::default();
    for ((word, client), new) in lists {
        for block in postings::add(blocks.remove(&(word, client)).unwrap_or_default(), &new) {
            let text = postings::encode(&block);
            rows.row().int(word).int(client).int(block[0]).text(&*text);
        }
    }
    insert(tx, &POSTINGS, rows).await
}

async fn add_references(tx: &mut Tx, references: References) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    for (reference, client, case) in &references {
        rows.row().text(&**reference).int(*client).int(*case);
    }
    insert(tx, &REFERENCES, rows).await
}

async fn insert(tx: &mut Tx, bulk: &'static Bulk, rows: Rows) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    insert_all(tx, &NOTHING_IN_COMMON, vec![(bulk, rows.finish())]).await
}
