//! What a parser is told besides the bytes.

use serde::{Deserialize, Serialize};

use crate::layout::Layout;
use crate::limits::Limits;

/// How amounts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberFormat {
    /// `1.234,56`
    DecimalComma,
    /// `1,234.56`
    DecimalPoint,
}

/// The order of a date's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `31/12/2026`
    DayMonthYear,
    /// `12/31/2026`
    MonthDayYear,
    /// `2026/12/31`
    YearMonthDay,
}

/// What a parser is told besides the bytes; sent to the child process as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Currency of records that name none, ISO 4217.
    pub currency: String,
    /// Country of records that name none, ISO 3166-1 alpha-2.
    pub country: String,
    /// How the client writes amounts where the column does not show it.
    pub number_format: Option<NumberFormat>,
    /// How the client writes dates where the column does not show it.
    pub date_order: Option<DateOrder>,
    /// Take the invoice number as debtor number of records that bring none.
    pub debtor_number_from_invoice: bool,
    /// The creditor must be named in each record (a master client).
    pub creditor_required: bool,
    /// The client's own layouts, tried first, then the built-in one.
    pub layouts: Vec<Layout>,
    /// What the file may cost.
    pub limits: Limits,
}
