//! The cases that a request looks for, page by page.

use chrono::{DateTime, Days, NaiveDate, TimeZone as _, Utc};
use dropcase_cases::model::{CaseId, RequestRow, RequestStatus, Stage, Visibility};
use dropcase_cases::queries::{CaseFilter, CasePage, CaseStatus, ListedCase};
use dropcase_cases::store::{Store, StoreError};
use dropcase_config::Client;

/// Cases in a page.
const PAGE: u32 = 500;

/// Looks for cases.
pub(super) struct Finder<'a> {
    store: &'a Store,
    client: &'a Client,
    request: &'a RequestRow,
    filter: CaseFilter,
    before: Option<CaseId>,
    ended: bool,
}

impl<'a> Finder<'a> {
    pub(super) fn new(store: &'a Store, client: &'a Client, request: &'a RequestRow) -> Self {
        let filter = CaseFilter {
            client: Some(client.key.as_str().to_owned()),
            debtor: request.client_reference.clone().or_else(|| request.debtor_name.clone()),
            status: match request.status {
                RequestStatus::Open => CaseStatus::Open,
                RequestStatus::Closed => CaseStatus::Closed,
                RequestStatus::Legal | RequestStatus::All => CaseStatus::All,
            },
            since: request.since.map(|day| midnight(client, day)),
            until: request.until.map(|day| midnight(client, next(day))),
        };
        Self {
            store,
            client,
            request,
            filter,
            before: None,
            ended: false,
        }
    }

    /// The next cases that fit; none at the end.
    pub(super) async fn next_page(&mut self) -> Result<Vec<ListedCase>, StoreError> {
        while !self.ended {
            let ids = self.ids().await?;
            let mut found = self.store.listed(&ids).await?;
            found.retain(|one| self.fits(one));
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    async fn ids(&mut self) -> Result<Vec<CaseId>, StoreError> {
        if let Some(number) = &self.request.case_number {
            self.ended = true;
            let detail = self.store.case_by_number(number, Visibility::Client).await?;
            let own = detail.filter(|detail| detail.case.client_key == self.client.key.as_str());
            return Ok(own.map(|detail| detail.case.id).into_iter().collect());
        }
        let page = CasePage {
            before: self.before,
            limit: PAGE,
        };
        let rows = self.store.cases(&self.filter, page).await?;
        self.before = rows.last().map(|row| row.id);
        self.ended = rows.is_empty();
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    fn fits(&self, one: &ListedCase) -> bool {
        let request = self.request;
        let case = &one.case;
        let legal = matches!(
            case.stage,
            Stage::JudicialDunning | Stage::Litigation | Stage::Enforcement
        );
        let same = |wanted: &Option<String>, text: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(text))
        };
        let is_of = |wanted: &Option<String>, text: &Option<String>| same(wanted, text.as_deref().unwrap_or_default());
        (request.status != RequestStatus::Legal || legal)
            && same(&request.creditor, &case.creditor)
            && is_of(&request.debtor_country, &one.country)
            && is_of(&request.postal_code, &one.postal_code)
            && is_of(&request.city, &one.city)
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
