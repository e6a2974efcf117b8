//! The account of a case: what a debtor owes on a day.

pub mod decimal;
pub mod fees;
