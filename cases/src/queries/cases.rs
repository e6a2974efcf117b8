//! Cases: a list with its totals, and one with all that belongs to it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::case_sql as sql;
use crate::checks::search_words;
use crate::model::{CaseDetail, CaseId, CaseRow, UnknownText, Visibility};
use crate::store::db::on;
use crate::store::{Store, StoreError, stamp};

/// Whether a case is still open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseStatus {
    /// Not closed.
    Open,
    /// Closed.
    Closed,
    /// Both.
    #[default]
    All,
}

impl std::str::FromStr for CaseStatus {
    type Err = UnknownText;

    /// Reads `open`, `closed` or `all`.
    fn from_str(word: &str) -> Result<Self, UnknownText> {
        match word {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            "all" => Ok(Self::All),
            _ => Err(UnknownText {
                what: "CaseStatus",
                text: word.to_owned(),
            }),
        }
    }
}

impl CaseStatus {
    /// `None`: both.
    fn is_open(self) -> Option<bool> {
        match self {
            Self::Open => Some(true),
            Self::Closed => Some(false),
            Self::All => None,
        }
    }
}

/// Which cases to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Key of the client.
    pub client: Option<String>,
    /// Words of the debtor's name in any order and spelling (the first four; all must occur), or the whole debtor
    /// number.
    pub debtor: Option<String>,
    /// Open, closed or both.
    pub status: CaseStatus,
    /// Opened then or later.
    pub since: Option<DateTime<Utc>>,
    /// Opened before.
    pub until: Option<DateTime<Utc>>,
}

/// Which page of a list, newest case first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CasePage {
    /// Only cases before this one: the last of the page before.
    pub before: Option<CaseId>,
    /// At most so many.
    pub limit: u32,
}

/// Totals of a list in one currency, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct CaseTotals {
    /// ISO 4217.
    pub currency: String,
    /// Number of cases.
    pub cases: i64,
    /// How many of them are open.
    pub open: i64,
    /// Sum of the principal bookings.
    pub principal: i64,
    /// Sum of the cost bookings.
    pub costs: i64,
    /// Sum of the payments (negative).
    pub payments: i64,
    /// What is open: the sum of all bookings.
    pub balance: i64,
}

/// Words of a debtor's name that a search looks at.
const WORDS: usize = 4;

/// Binds the nine values of a [`CaseFilter`].
macro_rules! bind_filter {
    ($query:expr, $filter:expr, $words:expr) => {
        $query
            .bind($filter.client.as_deref())
            .bind($filter.debtor.as_deref().map(str::trim))
            .bind(&$words[0])
            .bind(&$words[1])
            .bind(&$words[2])
            .bind(&$words[3])
            .bind($filter.status.is_open())
            .bind($filter.since.map(stamp))
            .bind($filter.until.map(stamp))
    };
}

impl Store {
    /// A page of the cases of `filter`, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases(&self, filter: &CaseFilter, page: CasePage) -> Result<Vec<CaseRow>, StoreError> {
        let words = patterns(filter.debtor.as_deref());
        let query = if filter.client.is_some() {
            sql::LIST_OF_CLIENT
        } else {
            sql::LIST
        };
        Ok(on!(&self.db, query, |pool, text| bind_filter!(
            sqlx::query_as(text),
            filter,
            words
        )
        .bind(page.before.map_or(i64::MAX, |case| case.0))
        .bind(i64::from(page.limit))
        .fetch_all(pool)
        .await)?)
    }

    /// The totals of all cases of `filter`, one a currency.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn case_totals(&self, filter: &CaseFilter) -> Result<Vec<CaseTotals>, StoreError> {
        let words = patterns(filter.debtor.as_deref());
        let query = if filter.client.is_some() {
            sql::TOTALS_OF_CLIENT
        } else {
            sql::TOTALS
        };
        Ok(on!(&self.db, query, |pool, text| bind_filter!(
            sqlx::query_as(text),
            filter,
            words
        )
        .fetch_all(pool)
        .await)?)
    }

    /// The case with this number (spaces and hyphens do not matter), with the history that `viewer` may see: `Client`
    /// sees what is marked for the client, `Internal` sees all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn case_by_number(&self, number: &str, viewer: Visibility) -> Result<Option<CaseDetail>, StoreError> {
        let number: String = number.chars().filter(|char| !matches!(char, ' ' | '-')).collect();
        let case: Option<CaseRow> = on!(&self.db, sql::BY_NUMBER, |pool, text| sqlx::query_as(text)
            .bind(number)
            .fetch_optional(pool)
            .await)?;
        match case {
            Some(case) => Ok(Some(self.case_detail(case, viewer).await?)),
            None => Ok(None),
        }
    }

    async fn case_detail(&self, case: CaseRow, viewer: Visibility) -> Result<CaseDetail, StoreError> {
        /// Rows of one query about the case or its debtor.
        macro_rules! rows {
            ($query:expr, $id:expr, $fetch:ident) => {
                on!(&self.db, $query, |pool, text| sqlx::query_as(text)
                    .bind($id)
                    .$fetch(pool)
                    .await)?
            };
        }
        Ok(CaseDetail {
            debtor: rows!(sql::DEBTOR, case.debtor_id, fetch_one),
            contacts: rows!(sql::CONTACTS, case.debtor_id, fetch_all),
            accounts: rows!(sql::ACCOUNTS, case.debtor_id, fetch_all),
            claims: rows!(sql::CLAIMS, case.id, fetch_all),
            bookings: rows!(sql::BOOKINGS, case.id, fetch_all),
            history: on!(&self.db, sql::HISTORY, |pool, text| sqlx::query_as(text)
                .bind(case.id)
                .bind(viewer == Visibility::Internal)
                .fetch_all(pool)
                .await)?,
            case,
        })
    }
}

/// A pattern for each word of a name, folded as the names in the database are; those left over match every name. A
/// text without any letter or digit matches none.
fn patterns(debtor: Option<&str>) -> [String; WORDS] {
    let words = debtor.map(search_words).unwrap_or_default();
    let nothing = debtor.is_some() && words.is_empty();
    // Folded words have neither `%` nor `_`.
    std::array::from_fn(|index| match words.get(index) {
        Some(word) => format!("%{word}%"),
        None if nothing => String::new(),
        None => "%".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::patterns;

    #[test]
    fn words_of_a_name() {
        assert_eq!(patterns(None), ["%", "%", "%", "%"]);
        assert_eq!(patterns(Some("Müller, Jörg")), ["%mueller%", "%joerg%", "%", "%"]);
        assert_eq!(patterns(Some("Frau Dr. Mustermann")), ["%mustermann%", "%", "%", "%"]);
        assert_eq!(patterns(Some("100% a_b")), ["%100%", "%ab%", "%", "%"]);
        assert_eq!(patterns(Some("a1 b2 c3 d4 e5")), ["%a1%", "%b2%", "%c3%", "%d4%"]);
        assert_eq!(patterns(Some("%%%")), ["", "", "", ""]);
    }
}
