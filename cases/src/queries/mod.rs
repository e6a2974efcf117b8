//! What the command line, answers and reports read: cases, results, the backlog.
//!
//! Lists are read in pages by the key of the last row, so that a page costs the same wherever it begins and memory
//! does not grow with the table. (Deliveries are read in [`crate::store`], beside their queue.)

mod backlog;
mod case_sql;
mod cases;
mod listed;
mod messages;
mod papers;
mod requests;
mod results;

#[cfg(test)]
mod tests;

pub use backlog::Backlog;
pub(crate) use case_sql::{case_columns, case_tables};
pub use cases::{CaseFilter, CasePage, CaseStatus, CaseTotals};
pub use listed::ListedCase;
pub use messages::{MessagePaper, MessageRow};
pub use papers::PaperRow;
pub use results::{FindingCount, RecordResult, ResultFilter, ResultPages};

/// The queries of all modules, for the test that prepares each on both databases.
#[cfg(test)]
pub(crate) const ALL: &[&[(&str, crate::store::db::Sql)]] = &[
    backlog::sql::ALL,
    case_sql::ALL,
    messages::sql::ALL,
    papers::sql::ALL,
    requests::sql::ALL,
    results::sql::ALL,
];
