//! What clients ask for by file.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{ClientId, text_enum};
use crate::search::CaseState;

text_enum! {
    /// What a request asks for.
    RequestKind {
        /// The list of the cases that are found.
        Cases = "cases",
        /// Each case that is found in full.
        Case = "case",
    }
}

/// A request of a client, as it is kept. Its words are personal data.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct RequestRow {
    /// Its row.
    pub id: i64,
    /// Who asks.
    pub client_id: ClientId,
    /// What for.
    pub kind: RequestKind,
    /// Code of the creditor, of a client that has several.
    pub creditor: Option<String>,
    /// Number of the case.
    pub case_number: Option<String>,
    /// A debtor number, an invoice or a contract number.
    pub client_reference: Option<String>,
    /// Words of the debtor's name.
    pub debtor_name: Option<String>,
    /// Words of the street.
    pub street: Option<String>,
    /// The postcode.
    pub postal_code: Option<String>,
    /// Words of the city.
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub debtor_country: Option<String>,
    /// Which cases.
    pub status: CaseState,
    /// Opened on this day or later, in the client's time zone.
    pub since: Option<NaiveDate>,
    /// Opened on this day or earlier.
    pub until: Option<NaiveDate>,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// Code of the delivery that it came with.
    pub delivery: Option<String>,
    /// Record in that delivery.
    pub sequence: i64,
}
