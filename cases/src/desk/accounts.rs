//! From the rows of a ledger to the account: which entry a booking is.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::file::{CaseFile, Changes};
use crate::account::decimal::Percent;
use crate::account::fees::FeeOrder;
use crate::account::{Account, AccountError, Booking, Claim, DebtorKind, Entry, Part, Side, Sources, Terms};
use crate::model::{ActsAs, BookingKind, BookingRow, CaseDetail};

/// The terms of an account by the client's key, the creditor's code, the account's currency, and when the case was opened: a
/// case keeps the mandate under which it was handed over.
pub type TermsOf<'a> = &'a (dyn Fn(&str, &str, &str, DateTime<Utc>) -> Terms + Send + Sync);

/// The terms of a client whose mandate says nothing: all defaults, no fees.
pub fn plain_terms(_client: &str, _creditor: &str, currency: &str, _opened: DateTime<Utc>) -> Terms {
    Terms {
        currency: currency.to_owned(),
        ..Terms::default()
    }
}

impl CaseFile {
    /// A case to be looked at.
    pub fn of(detail: &CaseDetail) -> Self {
        Self {
            case: detail.case.clone(),
            debtor: detail.debtor.clone(),
            claims: detail.claims.clone(),
            bookings: detail.bookings.clone(),
            open: Vec::new(),
            papers: HashSet::new(),
            has_plan: false,
            changes: Changes::default(),
        }
    }
}

/// The account of a case at the end of a day.
///
/// # Errors
/// [`AccountError`]
pub fn account_of(
    file: &CaseFile,
    sources: &Sources,
    terms: &Terms,
    as_of: NaiveDate,
) -> Result<Account, AccountError> {
    let (claims, bookings) = entries(file);
    Account::work_out(sources, terms, &claims, &bookings, as_of)
}

/// Claims and bookings as the account takes them.
pub(super) fn entries(file: &CaseFile) -> (Vec<Claim>, Vec<Booking>) {
    let claims = file.claims.iter().map(|row| claim(file, row)).collect();
    let bookings = file.bookings.iter().filter_map(|row| booking(file, row)).collect();
    (claims, bookings)
}

fn claim(file: &CaseFile, row: &crate::model::ClaimRow) -> Claim {
    // The ledger says what was booked: where payments came before the handover, that is more than what was handed over.
    let principal = file
        .bookings
        .iter()
        .find(|booking| booking.claim_id == Some(row.id) && booking.kind == BookingKind::Principal);
    Claim {
        reference: reference(row),
        principal: principal.map_or(row.principal_amount, |booking| booking.amount),
        value_date: principal.map(|booking| booking.value_date),
        invoice_date: row.invoice_date,
        due_date: row.due_date,
        reminder_date: row.reminder_date,
        default_date: row.default_date,
        contract_date: row.contract_date,
        debtor: match file.debtor.acts_as {
            ActsAs::Consumer => DebtorKind::Consumer,
            ActsAs::Business => DebtorKind::Business,
            ActsAs::Unknown => DebtorKind::Unknown,
        },
        interest_rate: row.interest_rate.map(Percent),
        ..Claim::default()
    }
}

/// The key of a claim on the account. A reference is one debtor's; a case has one debtor.
fn reference(row: &crate::model::ClaimRow) -> String {
    row.reference.clone()
}

/// The key of a booking on the account: what whoever ordered it calls it, so that the order of arrival does not count.
/// The id behind it keeps keys apart.
pub(super) fn key(row: &BookingRow) -> String {
    match &row.key {
        Some(key) => format!("{key} #{}", row.id),
        None => format!("#{:012}", row.id),
    }
}

fn booking(file: &CaseFile, row: &BookingRow) -> Option<Booking> {
    let part = match row.allocate_to.as_deref() {
        Some("principal") => Some(Part::Principal),
        Some("interest") => Some(Part::Interest),
        Some("costs") => Some(Part::Costs),
        _ => None,
    };
    let amount = row.amount.abs();
    let entry = match (row.reversal_of, row.kind) {
        (Some(of), _) => Entry::Reversal {
            of: file.bookings.iter().find(|other| other.id == of).map(key)?,
        },
        // The claim brings it.
        (None, BookingKind::Principal) => return None,
        (None, BookingKind::DunningCosts) => Entry::Cost {
            amount,
            side: Side::Client,
            legal: true,
        },
        (None, BookingKind::OtherCosts) => Entry::Cost {
            amount,
            side: Side::Client,
            legal: false,
        },
        (None, BookingKind::Payment | BookingKind::DirectPayment | BookingKind::AgencyPayment) => Entry::Payment {
            amount,
            allocate_to: part,
        },
        (None, BookingKind::CreditNote) => Entry::CreditNote {
            amount,
            from_start: false,
        },
        (None, BookingKind::Cost) => cost(row, amount),
        (None, BookingKind::WriteOff) => Entry::WriteOff {
            amount,
            allocate_to: part,
        },
        (None, BookingKind::Recall) => Entry::Recall,
    };
    let claim = row
        .claim_id
        .and_then(|id| file.claims.iter().find(|claim| claim.id == id));
    Some(Booking {
        id: key(row),
        value_date: row.value_date,
        claim: claim.map(reference),
        entry,
    })
}

/// A cost is the agency's unless its arguments say otherwise; those that name a rate are fees by the schedule.
fn cost(row: &BookingRow, amount: i64) -> Entry {
    let args = row
        .args
        .as_deref()
        .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let get = |name: &str| args.as_ref().and_then(|args| args.get(name));
    if let Some(value) = get("fee_value").and_then(serde_json::Value::as_i64) {
        return Entry::Fee(FeeOrder {
            value,
            rate: get("fee_rate").and_then(serde_json::Value::as_i64),
            mandated: get("mandated").and_then(|day| day.as_str()?.parse().ok()),
            disputed: get("disputed").and_then(serde_json::Value::as_bool).unwrap_or_default(),
            agreement: get("agreement")
                .and_then(serde_json::Value::as_bool)
                .unwrap_or_default(),
        });
    }
    let of_client = get("side").and_then(serde_json::Value::as_str) == Some("client");
    Entry::Cost {
        amount,
        side: if of_client { Side::Client } else { Side::Agency },
        legal: true,
    }
}
