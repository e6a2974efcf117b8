//! The cases that a request looks for, page by page.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeZone as _, Utc};
use dropcase_cases::model::{CaseId, RequestRow};
use dropcase_cases::queries::ListedCase;
use dropcase_cases::search::Search;
use dropcase_cases::store::{Store, StoreError};
use dropcase_config::Client;

use crate::failure::Failure;

/// Cases in a page.
const PAGE: u32 = 500;
/// How long an answer waits while the index is too far behind for a search to be right.
const REST: Duration = Duration::from_secs(5);
/// So often; then what is found is better than nothing.
const RESTS: i64 = 60;

/// Looks for cases.
pub(super) struct Finder<'a> {
    store: &'a Store,
    request: &'a RequestRow,
    /// `None` at the end.
    search: Option<Search>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(store: &'a Store, client: &'a Client, request: &'a RequestRow) -> Self {
        let search = Search {
            scope: Some(request.client_id),
            case_number: request.case_number.clone(),
            client_reference: request.client_reference.clone(),
            debtor_name: request.debtor_name.clone(),
            street: request.street.clone(),
            postal_code: request.postal_code.clone(),
            city: request.city.clone(),
            debtor_country: request.debtor_country.clone(),
            status: request.status,
            from: request.since.map(|day| midnight(client, day)),
            to: request.until.map(|day| midnight(client, next(day))),
            limit: PAGE,
            ..Search::default()
        };
        Self {
            store,
            request,
            search: Some(search),
        }
    }

    /// Whether a search can be right now.
    ///
    /// # Errors
    /// [`Failure::Wait`] while the index is behind, so that no answer lacks a case; what the database reports.
    pub(super) async fn ready(&self, attempts: i64) -> Result<(), Failure> {
        let Some(search) = &self.search else { return Ok(()) };
        let first = Search {
            limit: 1,
            ..search.clone()
        };
        if attempts < RESTS && !self.store.search(&first).await?.complete {
            return Err(Failure::Wait(REST));
        }
        Ok(())
    }

    /// The next cases that fit; none at the end.
    pub(super) async fn next_page(&mut self) -> Result<Vec<ListedCase>, StoreError> {
        while let Some(search) = &mut self.search {
            let found = self.store.search(search).await?;
            search.after = found.next;
            if found.next.is_none() {
                self.search = None;
            }
            let of_creditor = |creditor: &str| {
                let wanted = self.request.creditor.as_deref();
                wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(creditor))
            };
            let hits = found.hits.into_iter().filter(|hit| of_creditor(&hit.creditor));
            let cases: Vec<CaseId> = hits.map(|hit| hit.case).collect();
            if !cases.is_empty() {
                return self.store.listed(&cases).await;
            }
        }
        Ok(Vec::new())
    }
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

/// When a day begins at the client's.
fn midnight(client: &Client, day: NaiveDate) -> DateTime<Utc> {
    let local = day.and_time(chrono::NaiveTime::MIN);
    let zoned = client.time_zone.from_local_datetime(&local).earliest();
    zoned.map_or_else(|| local.and_utc(), |zoned| zoned.with_timezone(&Utc))
}
