//! What is worth a word to client or case handler about an account that could be worked out.

/// A finding and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What was found.
    pub code: Code,
    /// The reference of a claim, or the key of a booking.
    pub about: String,
}

impl Finding {
    pub(super) fn new(code: Code, about: &str) -> Self {
        Self {
            code,
            about: about.to_owned(),
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// No day is known that puts the debtor in default: no interest.
    NoDefaultDate,
    /// Consumer or business is not known: counts as a consumer.
    ActsAsUnknown,
    /// Foreign law and no contractual rate: no interest.
    NoInterestRate,
    /// Days before the first entry of the base rates: no interest for them.
    NoBaseRate,
    /// The last entry of the base rates was more than seven months old on the day of the statement.
    OldBaseRate,
    /// An agency's fee, but the mandate names no schedule: no fee.
    NoFeeSchedule,
    /// A write-off exceeds what is open; only what is open was written off.
    WriteOffTooHigh,
}

impl Code {
    /// The stable code in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoDefaultDate => "NO_DEFAULT_DATE",
            Self::ActsAsUnknown => "ACTS_AS_UNKNOWN",
            Self::NoInterestRate => "NO_INTEREST_RATE",
            Self::NoBaseRate => "NO_BASE_RATE",
            Self::OldBaseRate => "OLD_BASE_RATE",
            Self::NoFeeSchedule => "NO_FEE_SCHEDULE",
            Self::WriteOffTooHigh => "WRITE_OFF_TOO_HIGH",
        }
    }
}
