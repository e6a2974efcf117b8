//! What an account is worked out from: claims and bookings.

use chrono::NaiveDate;

use super::decimal::Percent;
use super::fees::FeeOrder;
use super::terms::Order;

/// A claim as it was handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// The business key; claims of the same age go by it.
    pub reference: String,
    /// As handed over, in minor units.
    pub principal: i64,
    /// From when on it is on the account; where absent, see [`Claim::on_account_from`].
    pub value_date: Option<NaiveDate>,
    /// Day of the invoice.
    pub invoice_date: Option<NaiveDate>,
    /// Day on which the debtor got it.
    pub received_date: Option<NaiveDate>,
    /// The last day to pay.
    pub due_date: Option<NaiveDate>,
    /// Day of the reminder.
    pub reminder_date: Option<NaiveDate>,
    /// "In default since", by the client: itself the first interest day.
    pub default_date: Option<NaiveDate>,
    /// Day of the contract.
    pub contract_date: Option<NaiveDate>,
    /// When the obligation arose, where it was not with the contract.
    pub concluded: Option<NaiveDate>,
    /// As what the debtor acts.
    pub debtor: DebtorKind,
    /// Whether it is no payment for goods or services: damages, refunds (§ 288(2) BGB).
    pub no_goods_or_services: bool,
    /// A contractual rate a year, instead of the statutory one (§ 288(3) BGB).
    pub interest_rate: Option<Percent>,
    /// Points over the base rate, instead of 5, 8 or 9.
    pub interest_points: Option<Percent>,
    /// How it takes a payment, where it is not as in the terms.
    pub allocation: Option<Order>,
    /// Whether the flat sum is left out for this claim, whatever the terms say.
    pub without_flat_sum: bool,
}

impl Claim {
    /// From when on the claim is on the account: its value date, else the earliest of invoice, due and default date,
    /// else the contract date.
    pub fn on_account_from(&self) -> Option<NaiveDate> {
        let earliest = [self.invoice_date, self.due_date, self.default_date]
            .into_iter()
            .flatten()
            .min();
        self.value_date.or(earliest).or(self.contract_date)
    }

    /// The day that decides which law an obligation is under (Art. 229 § 34 EGBGB).
    pub(super) fn obligation_of(&self) -> Option<NaiveDate> {
        self.concluded
            .or(self.contract_date)
            .or(self.invoice_date)
            .or(self.due_date)
            .or_else(|| self.on_account_from())
    }

    /// Since when it is due, for § 366(2) BGB.
    pub(super) fn age(&self) -> Option<NaiveDate> {
        self.due_date
            .or(self.invoice_date)
            .or(self.default_date)
            .or_else(|| self.on_account_from())
    }

    /// Whether § 288(2) and (5) BGB reach it: a business owes a payment for goods or services.
    pub(super) fn is_trade(&self) -> bool {
        self.debtor == DebtorKind::Business && !self.no_goods_or_services
    }
}

/// As what a debtor acts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DebtorKind {
    /// § 13 BGB.
    Consumer,
    /// § 14 BGB.
    Business,
    /// Counts as a consumer, with a finding.
    #[default]
    Unknown,
}

/// Something that changes an account on its value date, whenever it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The business key.
    pub id: String,
    /// When it counts.
    pub value_date: NaiveDate,
    /// The claim that it names; a recall without one is of the whole case.
    pub claim: Option<String>,
    /// What it does.
    pub entry: Entry,
}

/// What a booking does; amounts in minor units, above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A payment, to the agency or to the client.
    Payment {
        /// How much.
        amount: i64,
        /// What the payer names (§ 367(2) BGB).
        allocate_to: Option<Part>,
    },
    /// A waiver; what exceeds the open sums has no effect.
    WriteOff {
        /// How much.
        amount: i64,
        /// What is waived first.
        allocate_to: Option<Part>,
    },
    /// A credit note for the claim that the booking names.
    CreditNote {
        /// How much.
        amount: i64,
        /// Whether the claim was never owed so far: the note then counts from the claim's first day on.
        from_start: bool,
    },
    /// A cost.
    Cost {
        /// How much.
        amount: i64,
        /// Whose.
        side: Side,
        /// Whether it is a cost of pursuing the claim (§ 288(5) sentence 3 BGB); those of the agency are.
        legal: bool,
    },
    /// The agency's fee by the schedule of the terms.
    Fee(FeeOrder),
    /// Takes another booking back, as if it had never been made.
    Reversal {
        /// The key of the booking.
        of: String,
    },
    /// Takes a claim, or the whole case, off the account.
    Recall,
}

impl Entry {
    /// The place within a day (`docs/account.md`, "The order of a day").
    pub(super) const fn place(&self) -> u8 {
        match self {
            Self::Cost { .. } | Self::Fee(_) => 0,
            Self::Reversal { .. } => 1,
            Self::CreditNote { .. } => 2,
            Self::Payment { .. } => 3,
            Self::WriteOff { .. } => 4,
            Self::Recall => 5,
        }
    }

    /// The sum that the booking itself names, or the value that its fee goes by.
    pub(super) const fn amount(&self) -> Option<i64> {
        match self {
            Self::Payment { amount, .. }
            | Self::WriteOff { amount, .. }
            | Self::CreditNote { amount, .. }
            | Self::Cost { amount, .. } => Some(*amount),
            Self::Fee(order) => Some(order.value),
            Self::Reversal { .. } | Self::Recall => None,
        }
    }
}

/// What a payer may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Principal alone.
    Principal,
    /// Interest alone.
    Interest,
    /// Costs alone.
    Costs,
}

/// Whose costs. The client's come before the agency's of the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The client's: reminders, returned debits, flat sums.
    Client,
    /// The agency's: fees, searches.
    Agency,
}
