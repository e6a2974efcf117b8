//! What the checks know besides the record: the day, the client's defaults, the tables of the law.

use std::sync::Arc;

use chrono::NaiveDate;

use super::tables::Tables;

/// From this amount on in whole units of the currency a claim is asked about (`AMOUNT_TOO_HIGH`): one million,
/// far above what is handed over for collection in lists, low enough to notice a lost decimal comma.
pub const HIGH_AMOUNT: i64 = 1_000_000;

/// What the checks know besides the record. The same for all records of a delivery.
#[derive(Debug, Clone)]
pub struct CheckContext {
    /// The day in the client's time zone.
    pub today: NaiveDate,
    /// Currency of records that name none, ISO 4217.
    pub client_currency: String,
    /// Country of records that name none, ISO 3166-1 alpha-2; its law decides limitation and statutory interest.
    pub client_country: String,
    /// Claims below it are rejected, in minor units of `client_currency`; 0 takes all.
    pub minimum_amount: i64,
    /// Base rates and limitation periods.
    pub tables: Arc<Tables>,
}

impl CheckContext {
    /// A context with the built-in tables and no minimum amount.
    pub fn new(today: NaiveDate, client_country: &str, client_currency: &str) -> Self {
        Self {
            today,
            client_currency: client_currency.to_owned(),
            client_country: client_country.to_owned(),
            minimum_amount: 0,
            tables: Tables::built_in(),
        }
    }
}
