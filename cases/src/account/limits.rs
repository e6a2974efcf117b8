//! What an account may hold, so that no sum can overflow, and what must be true of it before it is worked out.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::entry::{Booking, Claim, Entry};

/// Minor units of one claim or booking.
const MOST: i64 = 1_000_000_000_000;
/// Days from the first claim or booking to the statement: a hundred years.
const MOST_DAYS: i64 = 36_600;
/// 200 percent a year, in ten-thousandths.
const MOST_PERCENT: i64 = 2_000_000;
/// A rate of 1,000, in ten-thousandths.
const MOST_RATE: i64 = 10_000_000;
const MOST_CLAIMS: usize = 10_000;
const MOST_BOOKINGS: usize = 100_000;

/// Why an account cannot be worked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// More claims or bookings than an account may hold.
    #[error("more than {MOST_CLAIMS} claims or {MOST_BOOKINGS} bookings")]
    TooMany,
    /// An amount that is not above zero, or above 10^12 minor units.
    #[error("{0}: the amount is not above zero or too large")]
    Amount(String),
    /// A rate below zero or above 200 percent, or the rate of a fee.
    #[error("{0}: the rate is below zero or too large")]
    Rate(String),
    /// A claim without any date, or more than a hundred years to the statement.
    #[error("{0}: no date, or one more than a hundred years ago")]
    Date(String),
    /// Two claims or two bookings have this key.
    #[error("{0}: the key stands twice")]
    Twice(String),
    /// A booking names a claim that is not there, or should name one and does not.
    #[error("{0}: names no claim of this account")]
    UnknownClaim(String),
    /// A reversal names a booking that is not there, or a reversal.
    #[error("{0}: names no booking that can be reversed")]
    UnknownBooking(String),
    /// The terms name a fee schedule that is not there, or one of another currency.
    #[error("fee schedule {0}: unknown, or of another currency than the account")]
    Schedule(String),
    /// The terms do not say whether the client may deduct input tax, and there is a fee.
    #[error("input_tax_deductible must be said where there is a fee schedule")]
    InputTax,
    /// A fee for which the schedule has no version, needs a rate, or knows no agreement.
    #[error("{0}: the fee schedule has no such fee")]
    Fee(String),
}

/// Checks claims and bookings; what the terms must say is checked where it is needed.
pub(super) fn check(claims: &[Claim], bookings: &[Booking], as_of: NaiveDate) -> Result<(), AccountError> {
    if claims.len() > MOST_CLAIMS || bookings.len() > MOST_BOOKINGS {
        return Err(AccountError::TooMany);
    }
    let mut references = HashMap::with_capacity(claims.len());
    for claim in claims {
        check_claim(claim, as_of)?;
        if references.insert(claim.reference.as_str(), ()).is_some() {
            return Err(AccountError::Twice(claim.reference.clone()));
        }
    }
    let mut entries = HashMap::with_capacity(bookings.len());
    for booking in bookings {
        check_booking(booking, as_of)?;
        if entries.insert(booking.id.as_str(), &booking.entry).is_some() {
            return Err(AccountError::Twice(booking.id.clone()));
        }
        let is_note = matches!(booking.entry, Entry::CreditNote { .. });
        let is_known = |claim: &String| references.contains_key(claim.as_str());
        if !booking.claim.as_ref().map_or(!is_note, is_known) {
            return Err(AccountError::UnknownClaim(booking.id.clone()));
        }
    }
    for booking in bookings {
        if let Entry::Reversal { of } = &booking.entry
            && entries
                .get(of.as_str())
                .is_none_or(|entry| matches!(entry, Entry::Reversal { .. }))
        {
            return Err(AccountError::UnknownBooking(booking.id.clone()));
        }
    }
    Ok(())
}

fn check_claim(claim: &Claim, as_of: NaiveDate) -> Result<(), AccountError> {
    if !(1..=MOST).contains(&claim.principal) {
        return Err(AccountError::Amount(claim.reference.clone()));
    }
    let is_rate = |percent: i64| (0..=MOST_PERCENT).contains(&percent);
    let points = claim.interest_points.map_or(0, |points| points.0);
    if !claim.interest_rate.is_none_or(|rate| is_rate(rate.0)) || !is_rate(points.abs()) {
        return Err(AccountError::Rate(claim.reference.clone()));
    }
    if !claim.on_account_from().is_some_and(|day| is_near(day, as_of)) {
        return Err(AccountError::Date(claim.reference.clone()));
    }
    Ok(())
}

fn check_booking(booking: &Booking, as_of: NaiveDate) -> Result<(), AccountError> {
    if !booking.entry.amount().is_none_or(|amount| (1..=MOST).contains(&amount)) {
        return Err(AccountError::Amount(booking.id.clone()));
    }
    if let Entry::Fee(order) = &booking.entry
        && !order.rate.is_none_or(|rate| (0..=MOST_RATE).contains(&rate))
    {
        return Err(AccountError::Rate(booking.id.clone()));
    }
    if !is_near(booking.value_date, as_of) {
        return Err(AccountError::Date(booking.id.clone()));
    }
    Ok(())
}

fn is_near(day: NaiveDate, as_of: NaiveDate) -> bool {
    (as_of - day).num_days() <= MOST_DAYS
}
