//! Hits and pages of them.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::words::Known;
use super::{Cursor, Found, Hit, Matched};
use crate::model::{CaseId, Payment, Processing, Stage};

/// A case with its debtor.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    pub(super) id: CaseId,
    pub(super) number: String,
    pub(super) client_key: String,
    pub(super) creditor: String,
    pub(super) debtor_number: String,
    pub(super) known: Known,
    pub(super) country: Option<String>,
    pub(super) stage: Stage,
    pub(super) processing: Processing,
    pub(super) payment: Payment,
    pub(super) opened_at: DateTime<Utc>,
    pub(super) closed_at: Option<DateTime<Utc>>,
}

impl Row {
    pub(super) fn hit(self, matched: Matched) -> Hit {
        let Known {
            company_name,
            first_name,
            last_name,
            postal_code,
            city,
            ..
        } = self.known;
        let person = || {
            let names = [first_name, last_name];
            names.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        Hit {
            case: self.id,
            debtor_name: company_name.unwrap_or_else(person),
            number: self.number,
            client_key: self.client_key,
            creditor: self.creditor,
            debtor_number: self.debtor_number,
            postal_code,
            city,
            country: self.country,
            stage: self.stage,
            processing: self.processing,
            payment: self.payment,
            opened_at: self.opened_at,
            closed_at: self.closed_at,
            matched,
        }
    }
}

impl Hit {
    pub(super) fn comes_after(&self, cursor: Cursor) -> bool {
        (self.matched, Reverse(self.case)) > (cursor.matched, Reverse(cursor.case))
    }
}

impl Found {
    pub(super) fn all(hits: Vec<Hit>) -> Self {
        Self {
            hits,
            next: None,
            complete: true,
        }
    }

    /// The first `limit` of the hits; one more says that another page follows.
    pub(super) fn page(mut hits: Vec<Hit>, limit: usize) -> Self {
        let more = hits.len() > limit;
        hits.truncate(limit);
        let last = hits.last().filter(|_| more);
        let next = last.map(|hit| Cursor {
            matched: hit.matched,
            case: hit.case,
        });
        Self {
            next,
            ..Self::all(hits)
        }
    }
}

impl Matched {
    pub(super) fn slips(self) -> u8 {
        match self {
            Self::Exact => 0,
            Self::Slip => 1,
            Self::Slips => 2,
        }
    }

    pub(super) fn with(slips: u8) -> Self {
        match slips {
            0 => Self::Exact,
            1 => Self::Slip,
            _ => Self::Slips,
        }
    }
}
