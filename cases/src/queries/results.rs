//! The results of a delivery, read in pages: a million of them take the memory of one page.

use std::collections::VecDeque;

use serde::Serialize;
use sqlx::FromRow;
use tokio::task::JoinHandle;

use crate::model::{DeliveryId, Outcome, ResultRow, StoredFinding};
use crate::store::db::{from_json, on, queries};
use crate::store::{Store, StoreError};

/// Results in a page.
const PAGE: usize = 2_000;
/// Results in a page with their raw cells: a row may have a megabyte.
const RAW_PAGE: usize = 40;

/// What became of a record, and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordResult {
    /// The result.
    pub result: ResultRow,
    /// Its findings in the order in which they were made.
    pub findings: Vec<StoredFinding>,
}

/// Which results to read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResultFilter {
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// Only what is to be handed over again: rejected records, and those that were withheld because of them.
    pub goes_back: bool,
    /// With the cells as they came (records that go back have them).
    pub raw: bool,
}

/// How often a code was found in the records of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct FindingCount {
    /// Stable code.
    pub code: String,
    /// `info`, `warning` or `error`.
    pub severity: String,
    /// Canonical field.
    pub field: Option<String>,
    /// How often.
    pub count: i64,
}

pub(crate) mod sql {
    use super::queries;

    // The rows of a page come as one JSON text, in the order of the fields of `ResultRow` and `StoredFinding`: row by
    // row they cost several times as much.
    macro_rules! page {
        ($open:literal, $close:literal) => {
            concat!(
                "select ",
                $open,
                "delivery_id, part, sequence, source_row, record_type, outcome, claim_id, case_number, debtor_number, \
                 reference, amount, currency, raw",
                $close,
                " from (select delivery_id, part, sequence, source_row, record_type, outcome, claim_id, case_number, \
                 debtor_number, reference, amount, currency, case when $5 then raw end as raw \
                 from results where delivery_id = $1 and (part, sequence) > ($2, $3) \
                 and (cast($4 as text) is null or outcome = $4) and (not $7 or raw is not null) \
                 order by part, sequence limit $6) page"
            )
        };
    }
    macro_rules! findings {
        ($open:literal, $close:literal) => {
            concat!(
                "select ",
                $open,
                "f.id, f.delivery_id, f.part, f.sequence, f.source_row, f.source_column, f.header, f.field, f.code, \
                 f.severity, f.value, f.args",
                $close,
                " from findings f where f.delivery_id = $1 and f.part = $2 and f.sequence >= $3 and f.sequence <= $4 \
                 and ((cast($5 as text) is null and not $6) or exists (select 1 from results r \
                     where r.delivery_id = f.delivery_id and r.part = f.part and r.sequence = f.sequence \
                     and (cast($5 as text) is null or r.outcome = $5) and (not $6 or r.raw is not null)))"
            )
        };
    }

    queries! {
        // Records that go back, and no others, have their cells.
        PAGE = , sqlite page!("json_group_array(json_array(", "))"),
            postgres page!("coalesce(json_agg(json_build_array(", ")), '[]')::text");
        // Of the records of one part, so that both ends bound the search in the index (PostgreSQL reads on to the end
        // behind a pair of row comparisons); and only of those on the page: between two rejected records there may be
        // a million warnings.
        FINDINGS = , sqlite findings!("json_group_array(json_array(", "))"),
            postgres findings!("coalesce(json_agg(json_build_array(", ")), '[]')::text");
        COUNTS = both "select code, severity, field, count(*) as count from findings \
            where delivery_id = $1 and sequence is not null group by code, severity, field \
            order by 4 desc, 1, 2, 3";
    }
}

/// Reads the results of a delivery in their order, a page at a time and one page ahead. Results never change once
/// written, so pages read at different times fit together.
#[derive(Debug)]
pub struct ResultPages {
    query: PageQuery,
    /// Part and sequence of the last result that was read; `None` at the end.
    after: Option<(i64, i64)>,
    page: VecDeque<RecordResult>,
    ahead: Option<JoinHandle<Result<VecDeque<RecordResult>, StoreError>>>,
}

impl ResultPages {
    /// The next result, `None` after the last.
    ///
    /// # Errors
    /// When the database fails; the same call may be repeated.
    pub async fn next(&mut self) -> Result<Option<RecordResult>, StoreError> {
        if self.page.is_empty() {
            self.turn().await?;
        }
        Ok(self.page.pop_front())
    }

    /// All results of the next page, none after the last.
    ///
    /// # Errors
    /// When the database fails; the same call may be repeated.
    pub async fn next_page(&mut self) -> Result<VecDeque<RecordResult>, StoreError> {
        if self.page.is_empty() {
            self.turn().await?;
        }
        Ok(std::mem::take(&mut self.page))
    }

    /// Reads the next page, and begins with the one behind it.
    async fn turn(&mut self) -> Result<(), StoreError> {
        let Some(after) = self.after else { return Ok(()) };
        self.page = match self.ahead.take() {
            Some(ahead) => ahead.await.map_err(|_| sqlx::Error::WorkerCrashed)??,
            None => self.query.page(after).await?,
        };
        let last = self.page.back().map(|last| (last.result.part, last.result.sequence));
        self.after = last.filter(|_| self.page.len() >= self.query.limit());
        if let Some(after) = self.after {
            let query = self.query.clone();
            self.ahead = Some(tokio::spawn(async move { query.page(after).await }));
        }
        Ok(())
    }
}

/// Which results, and where they are.
#[derive(Debug, Clone)]
struct PageQuery {
    store: Store,
    delivery: DeliveryId,
    filter: ResultFilter,
}

impl PageQuery {
    /// Results in a page.
    fn limit(&self) -> usize {
        if self.filter.raw { RAW_PAGE } else { PAGE }
    }

    /// The results that follow this part and sequence.
    async fn page(&self, after: (i64, i64)) -> Result<VecDeque<RecordResult>, StoreError> {
        let page: String = on!(&self.store.db, sql::PAGE, |pool, text| sqlx::query_scalar(text)
            .bind(self.delivery)
            .bind(after.0)
            .bind(after.1)
            .bind(self.filter.outcome)
            .bind(self.filter.raw)
            .bind(i64::try_from(self.limit()).unwrap_or(i64::MAX))
            .bind(self.filter.goes_back)
            .fetch_one(pool)
            .await)?;
        let mut results: Vec<ResultRow> = from_json(&page)?;
        results.sort_by_key(|row| (row.part, row.sequence));
        let mut findings = Vec::new();
        for of_part in results.chunk_by(|a, b| a.part == b.part) {
            findings.extend(self.findings(of_part).await?);
        }
        Ok(join(results, findings))
    }

    /// The findings of `results`, which are of one part.
    async fn findings(&self, results: &[ResultRow]) -> Result<Vec<StoredFinding>, StoreError> {
        let (Some(first), Some(last)) = (results.first(), results.last()) else {
            return Ok(Vec::new());
        };
        let found: String = on!(&self.store.db, sql::FINDINGS, |pool, text| sqlx::query_scalar(text)
            .bind(self.delivery)
            .bind(first.part)
            .bind(first.sequence)
            .bind(last.sequence)
            .bind(self.filter.outcome)
            .bind(self.filter.goes_back)
            .fetch_one(pool)
            .await)?;
        let mut found: Vec<StoredFinding> = from_json(&found)?;
        found.sort_by_key(|finding| (finding.sequence, finding.id));
        Ok(found)
    }
}

/// Gives each result its findings; both come in the same order.
fn join(results: Vec<ResultRow>, findings: Vec<StoredFinding>) -> VecDeque<RecordResult> {
    let mut findings = findings.into_iter().peekable();
    let with_findings = results.into_iter().map(|result| {
        let here = (Some(result.part), Some(result.sequence));
        let findings = std::iter::from_fn(|| findings.next_if(|finding| (finding.part, finding.sequence) == here));
        RecordResult {
            findings: findings.collect(),
            result,
        }
    });
    with_findings.collect()
}

impl Store {
    /// The results of `delivery` in the order of its records.
    pub fn results(&self, delivery: DeliveryId, filter: ResultFilter) -> ResultPages {
        ResultPages {
            query: PageQuery {
                store: self.clone(),
                delivery,
                filter,
            },
            // Parts count from 0, records of a part from 1.
            after: Some((0, 0)),
            page: VecDeque::new(),
            ahead: None,
        }
    }

    /// What was found in the records of `delivery`, the most frequent first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finding_counts(&self, delivery: DeliveryId) -> Result<Vec<FindingCount>, StoreError> {
        Ok(on!(&self.db, sql::COUNTS, |pool, text| sqlx::query_as(text)
            .bind(delivery)
            .fetch_all(pool)
            .await)?)
    }
}
