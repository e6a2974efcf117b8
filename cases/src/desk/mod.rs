//! The case desk: what clients and the agency do to a case besides handing claims over. Payments, credit notes, recalls,
//! messages, … One record type is one file of [`kinds`]: its checks and its effect.
//!
//! The same way for a client's file, a back-office file and the command line: records are [assigned](find) to cases, the
//! cases [read](load) as they are, each record in its turn changes its case [in memory](file), and what changed is
//! [written](write). Between reading and writing there is no database and no clock.

mod accounts;
mod allocations;
mod due;
mod file;
mod find;
mod kinds;
mod load;
mod matter;
mod order;
mod remittance;
mod requests;
mod returns;
#[cfg(test)]
mod tests;
mod work;
mod write;

use crate::account::Sources;
pub use accounts::{TermsOf, account_of, plain_terms};
pub(crate) use allocations::{Which, bring_up_to_date};
pub use file::CaseFile;
pub(crate) use find::Scope;
pub(crate) use kinds::{Kind, Phase, kind};
pub use order::{Ordered, Ordering, order};
pub(crate) use work::{Desk, Told, Verdict, work};

/// What the desk goes by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// Whose cases the records may speak of.
    pub side: Side,
    /// The terms of the accounts.
    pub terms: TermsOf<'a>,
    /// Base rates and fees.
    pub sources: &'a Sources,
}

/// On which side of the desk somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A client: its own cases, the record types for clients.
    Client,
    /// The agency's back office: every client's cases, every record type that concerns a case.
    Office,
}

/// The queries of the desk, for the test that prepares each on both databases.
#[cfg(test)]
pub(crate) fn queries() -> &'static [&'static [(&'static str, crate::store::db::Sql)]] {
    &[
        allocations::sql::ALL,
        due::sql::ALL,
        find::sql::ALL,
        load::sql::ALL,
        write::sql::ALL,
        requests::sql::ALL,
        returns::sql::ALL,
    ]
}

/// The bulk inserts of the desk, for the same test.
#[cfg(test)]
pub(crate) fn bulk_inserts() -> &'static [&'static crate::store::bulk::Bulk] {
    &write::ALL
}
