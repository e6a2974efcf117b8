//! The import: everything that one delivery does to the case database, in one transaction.
//!
//! The staged file streams through in batches. For each batch the database is asked what it knows of its debtors and
//! claims, a pure [`plan`] says what becomes of each record, and a handful of set-based inserts write it. Results and
//! findings are spooled beside the database meanwhile and written at the end: as they are when the effects stay, or in
//! a second transaction when they were only tried (`validate`) or are withheld.
//!
//! The records come checked: see [`crate::checks::check`].

mod attached;
mod check_digit;
mod effects;
mod finish;
mod ids;
mod later;
mod lookup;
mod mask;
mod master;
mod money;
mod numbers;
mod plan;
mod report;
mod resubmit;
mod run;
mod sift;
mod spool;
mod stream;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
mod twins;
mod writer;

use std::io;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use check_digit::is_case_number;
pub(crate) use effects::set_payment;
pub(crate) use ids::booking_ids;
pub(crate) use lookup::scope;
pub use resubmit::resubmit;
pub use run::trial::{Trial, TrialJob, try_out};
pub use run::{answer_duplicate, import};

use crate::desk::Rules;
use crate::model::{Answer, Leased, Status};
use crate::papers::Papers;
use crate::store::StoreError;

/// What happens to the good records of a file with bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// They are imported.
    ValidRows,
    /// They are withheld, and go back with the bad ones: all or nothing.
    WholeFile,
}

/// A contract under which claims may be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandatePeriod {
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` is open-ended.
    pub to: Option<NaiveDate>,
    /// Creditor code it is for; `None` is all.
    pub creditor: Option<String>,
}

/// Decides by the outcome what is to be queued for the client.
pub type Answers<'a> = &'a (dyn Fn(&ImportOutcome) -> Vec<Answer> + Send + Sync);

/// What an import is told besides the records. The mode is the delivery's.
#[derive(Clone, Copy)]
pub struct ImportJob<'a> {
    /// The delivery.
    pub leased: &'a Leased,
    /// SHA-256 of the content, lower-case hexadecimal.
    pub sha256: &'a str,
    /// What happens to good records of a file with bad ones.
    pub policy: Policy,
    /// The client's contracts.
    pub mandates: &'a [MandatePeriod],
    /// What the case desk goes by.
    pub rules: Rules<'a>,
    /// The papers that came with it.
    pub papers: &'a Papers,
    /// The day in the client's time zone.
    pub today: NaiveDate,
    /// JSON object for the record: layout, rules and catalogue used.
    pub versions: Option<&'a str>,
    /// A folder for a temporary file of about the size of the results; it holds personal data and has no name.
    pub work_dir: &'a Path,
    /// What is to be queued, by the outcome; queued in the same transaction.
    pub answers: Answers<'a>,
    /// The clock.
    pub clock: &'a (dyn Fn() -> DateTime<Utc> + Send + Sync),
}

/// What became of a delivery: `submitted = accepted + rejected + duplicate + withheld`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// As a whole.
    pub status: Status,
    /// Records.
    pub submitted: i64,
    /// Taken over (of a validation: would have been).
    pub accepted: i64,
    /// To be corrected.
    pub rejected: i64,
    /// Handed over before.
    pub duplicate: i64,
    /// Good, but not taken over because others of the file were not.
    pub withheld: i64,
}

/// Why an import did not happen. In each case the database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The staged file cannot be read, or its parse broke off.
    #[error("the staged file cannot be read")]
    Staged(#[source] io::Error),
    /// The temporary file for results failed.
    #[error("the results cannot be kept beside the database")]
    Spool(#[source] io::Error),
    /// The lease ended and somebody else has taken the delivery over.
    #[error("the lease was lost")]
    Lost,
}

impl ImportError {
    /// Whether the same import may succeed later without anybody changing anything here.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Store(error) => error.is_temporary(),
            Self::Staged(_) | Self::Lost => false,
            Self::Spool(_) => true,
        }
    }
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The queries of the import, for the test that prepares each on both databases.
#[cfg(test)]
pub(crate) fn queries() -> &'static [&'static [(&'static str, crate::store::db::Sql)]] {
    &[
        effects::sql::ALL,
        finish::sql::ALL,
        ids::sql::ALL,
        lookup::sql::ALL,
        numbers::sql::ALL,
        resubmit::sql::ALL,
        run::trial::sql::ALL,
        twins::sql::ALL,
    ]
}

/// The bulk inserts of the import, for the same test.
#[cfg(test)]
pub(crate) fn bulk_inserts() -> &'static [&'static crate::store::bulk::Bulk] {
    &tables::ALL
}
