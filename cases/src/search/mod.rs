//! Searching cases by what people know of a debtor: name, address, numbers; with small slips, and fast on a million.
//!
//! - Words are compared folded ([`crate::checks::fold`]), in any order, any of them; legal forms do not matter.
//! - A word of four letters or more may have one slip (a wrong, missing or extra letter, two swapped). Where nothing is
//!   found like this, words of eight letters or more may have two. Exact hits come first.
//! - Words lead to cases through an index ([`index`]) of a few megabytes that is written in the background. What has not
//!   been taken up yet is read from the cases themselves ([`pending`]), so that a search is right at any moment.
//! - The index only proposes: each hit is compared with its debtor as he is now, and belongs to the client who asks.

mod find;
mod hits;
mod index;
mod pending;
mod postings;
mod slips;
mod source;
pub(crate) mod sql;
#[cfg(test)]
mod tests;
mod vocabulary;
mod words;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{CaseId, ClientId, Payment, Processing, Stage, text_enum};

#[cfg(test)]
pub(crate) use index::BULKS;
pub(crate) use vocabulary::Vocabulary;

text_enum! {
    /// Which cases count.
    CaseState {
        /// Those that are not closed.
        Open = "open",
        /// Those that are.
        Closed = "closed",
        /// Those before a court or with a bailiff: judicial dunning, litigation, enforcement.
        Legal = "legal",
        /// All.
        All = "all",
    }
}

text_enum! {
    /// How a hit fits what was asked, best first.
    Matched {
        /// Each word as it was asked.
        Exact = "exact",
        /// With one slip in one or more of the words.
        Slip = "slip",
        /// With two slips in at least one of the words.
        Slips = "slips",
    }
}

/// What is looked for. Whatever is given must fit; with nothing given all open cases do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The client who asks and sees nothing of others; `None`: the back office, which sees all.
    pub scope: Option<ClientId>,
    /// Number of the case; spaces and hyphens do not matter.
    pub case_number: Option<String>,
    /// A debtor number, an invoice or a contract number, whole; case and signs do not matter.
    pub client_reference: Option<String>,
    /// Words of the debtor's name; of this and each text below the first eight count.
    pub debtor_name: Option<String>,
    /// Words of the street; house numbers must be right.
    pub street: Option<String>,
    /// The postcode, whole.
    pub postal_code: Option<String>,
    /// Words of the city.
    pub city: Option<String>,
    /// Country of the debtor's address, ISO 3166-1 alpha-2.
    pub debtor_country: Option<String>,
    /// Which cases count.
    pub status: CaseState,
    /// Opened then or later: the day's beginning in the time zone of whoever asks.
    pub from: Option<DateTime<Utc>>,
    /// Opened before.
    pub to: Option<DateTime<Utc>>,
    /// At most so many hits, up to [`Search::LARGEST_PAGE`].
    pub limit: u32,
    /// Only what follows: [`Found::next`] of the page before.
    pub after: Option<Cursor>,
}

impl Search {
    /// Most hits of a page.
    pub const LARGEST_PAGE: u32 = 1_000;
}

impl Default for Search {
    /// The first hundred open cases of all clients.
    fn default() -> Self {
        Self {
            scope: None,
            case_number: None,
            client_reference: None,
            debtor_name: None,
            street: None,
            postal_code: None,
            city: None,
            debtor_country: None,
            status: CaseState::Open,
            from: None,
            to: None,
            limit: 100,
            after: None,
        }
    }
}

/// The last hit of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// How it fits.
    pub matched: Matched,
    /// Its case.
    pub case: CaseId,
}

/// A page of hits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Exact ones first, among them the newest case first.
    pub hits: Vec<Hit>,
    /// For the next page; `None` when this is the last.
    pub next: Option<Cursor>,
    /// Whether everything was looked at: `false` only for a while after a very large import, when the index is so far
    /// behind that not all of what it lacks was read.
    pub complete: bool,
}

/// A case that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its row.
    pub case: CaseId,
    /// What people call it.
    pub number: String,
    /// The client's key.
    pub client_key: String,
    /// Code of the creditor; empty for a client that is its own.
    pub creditor: String,
    /// The creditor's number of the debtor.
    pub debtor_number: String,
    /// The debtor's name as one line.
    pub debtor_name: String,
    /// Of the debtor's address.
    pub postal_code: Option<String>,
    /// Of the debtor's address.
    pub city: Option<String>,
    /// Of the debtor's address, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Where the case stands.
    pub stage: Stage,
    /// Whether it is worked on.
    pub processing: Processing,
    /// What was paid.
    pub payment: Payment,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How it fits what was asked.
    pub matched: Matched,
}
