//! Papers by file: which case a file name means, papers that wait for their claim, which stored papers are known.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use dropcase_parsers::fields::Field;
use serde_json::json;

use super::db::{on, queries};
use super::deliveries::held;
use super::{Store, StoreError, stamp};
use crate::desk::Side;
use crate::model::{ClientId, DeliveryId, Leased};
use crate::papers::Meant;
use crate::papers::names::{Candidates, is_written, without_separators};

pub(crate) mod sql {
    use super::queries;

    // `cross join` keeps SQLite's planner from walking over the table instead of the texts. `$2` are the creditors.
    queries! {
        CASES = , sqlite "select c.number, '' from json_each($1) k cross join cases c on c.number = k.value \
                where c.creditor_id in (select value from json_each($2))",
            postgres "select c.number, '' from json_array_elements_text(cast($1 as json)) k (value) \
                join cases c on c.number = k.value \
                where c.creditor_id in (select cast(value as bigint) from json_array_elements_text(cast($2 as json)))";
        CLAIMS = , sqlite "select distinct k.value, l.reference from json_each($1) k cross join json_each($2) r \
                cross join claims l on l.creditor_id = r.value and l.reference = k.value",
            postgres "select distinct k.value, l.reference from json_array_elements_text(cast($1 as json)) k (value) \
                cross join json_array_elements_text(cast($2 as json)) r (value) \
                join claims l on l.creditor_id = cast(r.value as bigint) and l.reference = k.value";
        /// Invoice numbers with a slash: the index `claims_slashed` has the same words.
        SLASHED = , sqlite "select distinct k.value, l.reference from json_each($1) k cross join json_each($2) r \
                cross join claims l on l.creditor_id = r.value \
                and replace(replace(replace(l.reference, '/', ''), '_', ''), '-', '') = k.value \
                where instr(l.reference, '/') > 0 limit 1000",
            postgres "select distinct k.value, l.reference from json_array_elements_text(cast($1 as json)) k (value) \
                cross join json_array_elements_text(cast($2 as json)) r (value) \
                join claims l on l.creditor_id = cast(r.value as bigint) \
                and replace(replace(replace(l.reference, '/', ''), '_', ''), '-', '') = k.value \
                where strpos(l.reference, '/') > 0 limit 1000";
        OWN_CREDITORS = both "select id from creditors where client_id = $1";
        ALL_CREDITORS = both "select id from creditors";
        SET_ASIDE = both "update deliveries set state = 'waiting', owner = null, lease_until = null, \
            attempts = 0 where id = $1 and fence = $2 and state = 'claimed'";
        WAITING = both "select id, name, arrived_at from deliveries where client_id = $1 and state = 'waiting' order by id";
        WAKE = both "update deliveries set state = 'claimed', next_attempt_at = $2 where id = $1 and state = 'waiting'";
        KNOWN = , sqlite "select distinct d.sha256 from json_each($1) k \
                cross join documents d on d.client_id = $2 and d.sha256 = k.value",
            postgres "select distinct d.sha256 from json_array_elements_text(cast($1 as json)) k (value) \
                join documents d on d.client_id = $2 and d.sha256 = k.value";
    }
}

impl Store {
    /// The number that the paper called `name` begins with; `None` when no case and no claim in reach of the side is known
    /// by any beginning of it. A client reaches its own, the back office those of all clients: there a number that is
    /// written in the very same way has no precedence, since it may be another client's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meant_by_name(&self, side: Side, client: ClientId, name: &str) -> Result<Option<Meant>, StoreError> {
        let creditors = self.creditors_of(side, client).await?;
        let candidates = Candidates::of(name);
        let numbers: Vec<(&str, String)> = candidates.case_numbers().collect();
        let digits: Vec<&String> = numbers.iter().map(|(_, number)| number).collect();
        let texts: Vec<&str> = candidates.iter().collect();
        let bare: Vec<String> = texts.iter().map(|text| without_separators(text)).collect();
        let cases = self.references(sql::CASES, &json!(digits), &creditors).await?;
        let claims = self.references(sql::CLAIMS, &json!(texts), &creditors).await?;
        let slashed = self.references(sql::SLASHED, &json!(bare), &creditors).await?;
        for text in texts {
            let number = numbers.iter().find(|(candidate, _)| *candidate == text);
            if let Some((_, number)) = number.filter(|(_, number)| cases.iter().any(|(known, _)| known == number)) {
                return Ok(Some(Meant::One(Field::CaseNumber, number.clone())));
            }
            let same = claims.iter().find(|(known, _)| known == text).map(|_| text);
            if let (Some(same), Side::Client) = (same, side) {
                return Ok(Some(Meant::One(Field::InvoiceNumber, same.to_owned())));
            }
            let written = slashed.iter().map(|(_, reference)| reference.as_str());
            let mut written: Vec<&str> = written
                .filter(|reference| is_written(reference, text))
                .chain(same)
                .collect();
            written.sort_unstable();
            written.dedup();
            match written.as_slice() {
                [] => {}
                [one] => return Ok(Some(Meant::One(Field::InvoiceNumber, (*one).to_owned()))),
                _ => return Ok(Some(Meant::Several(text.to_owned()))),
            }
        }
        Ok(None)
    }

    /// The creditors whose cases are in reach, as a JSON array.
    async fn creditors_of(&self, side: Side, client: ClientId) -> Result<String, StoreError> {
        let creditors: Vec<i64> = match side {
            Side::Client => on!(&self.db, sql::OWN_CREDITORS, |pool, text| sqlx::query_scalar(text)
                .bind(client)
                .fetch_all(pool)
                .await)?,
            Side::Office => on!(&self.db, sql::ALL_CREDITORS, |pool, text| sqlx::query_scalar(text)
                .fetch_all(pool)
                .await)?,
        };
        Ok(json!(creditors).to_string())
    }

    async fn references(
        &self,
        query: super::db::Sql,
        texts: &serde_json::Value,
        creditors: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let texts = texts.to_string();
        Ok(on!(&self.db, query, |pool, text| sqlx::query_as(text)
            .bind(&texts)
            .bind(creditors)
            .fetch_all(pool)
            .await)?)
    }

    /// Takes a delivery out of the queue until it is woken: its claim may yet come. Others of its client go on.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has it, or when the database fails.
    pub async fn set_aside(&self, leased: &Leased) -> Result<(), StoreError> {
        let rows = on!(&self.db, sql::SET_ASIDE, |pool, text| sqlx::query(text)
            .bind(leased.delivery.id)
            .bind(leased.fence)
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))?;
        held(rows)
    }

    /// What was set aside of a client: row, name, when it arrived.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self, client: ClientId) -> Result<Vec<(DeliveryId, String, DateTime<Utc>)>, StoreError> {
        Ok(on!(&self.db, sql::WAITING, |pool, text| sqlx::query_as(text)
            .bind(client)
            .fetch_all(pool)
            .await)?)
    }

    /// Puts a delivery that was set aside back into the queue; another one is left as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wake(&self, delivery: DeliveryId, now: DateTime<Utc>) -> Result<(), StoreError> {
        on!(&self.db, sql::WAKE, |pool, text| sqlx::query(text)
            .bind(delivery)
            .bind(stamp(now))
            .execute(pool)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Those of `papers` (SHA-256) that lie on a case of the client.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_papers(&self, client: ClientId, papers: &[String]) -> Result<HashSet<String>, StoreError> {
        let papers = json!(papers).to_string();
        let known: Vec<String> = on!(&self.db, sql::KNOWN, |pool, text| sqlx::query_scalar(text)
            .bind(&papers)
            .bind(client)
            .fetch_all(pool)
            .await)?;
        Ok(known.into_iter().collect())
    }
}
