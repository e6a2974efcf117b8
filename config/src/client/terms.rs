//! What a mandate says of accounts and of what the client owes the agency, under the names of `docs/account.md`.

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// A contract: a period in which claims may be handed over (outside of every one they are findings, `NO_MANDATE`), and
/// the terms of what is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` is open-ended.
    pub to: Option<NaiveDate>,
    /// Creditor code it is for; `None` is all.
    pub creditor: Option<String>,
    /// How the accounts of its cases are worked out.
    pub terms: Terms,
    /// What the client owes the agency, and who keeps what debtors pay.
    pub settlement: Settlement,
}

/// The settings of an account; what is not said has its default. `docs/account.md` gives each its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Chooses statutory interest and flat sum.
    pub law: Law,
    /// How days and years are counted.
    pub day_count: DayCount,
    /// Whether the day of the event bears interest.
    pub first_day: FirstDay,
    /// Which balance the day of a payment bears interest on.
    pub payment_day: PaymentDay,
    /// What becomes of a due day on a Saturday, Sunday or holiday.
    pub rest_days: RestDays,
    /// Holidays for [`RestDays::NextWorkingDay`].
    pub holidays: Vec<NaiveDate>,
    /// How interest becomes whole minor units.
    pub rounding: Rounding,
    /// Which of a day's bookings come first.
    pub same_day: SameDay,
    /// How a payment goes over several claims.
    pub across_claims: AcrossClaims,
    /// In which order a claim takes a payment.
    pub allocation: Order,
    /// Whether the flat sum for late payment is asked for (§ 288(5) BGB, renteloven § 9 a(3)).
    pub flat_sum: bool,
    /// Name of the fee schedule; a client without one gets no agency fees.
    pub fee_schedule: Option<String>,
    /// Whether the client may deduct input tax (§ 15 UStG). Said wherever there is a schedule or a commission.
    pub input_tax_deductible: Option<bool>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            law: Law::De,
            day_count: DayCount::Actual365,
            first_day: FirstDay::AfterEvent,
            payment_day: PaymentDay::OldBalance,
            rest_days: RestDays::AsGiven,
            holidays: Vec::new(),
            rounding: Rounding::HalfUp,
            same_day: SameDay::DebtsFirst,
            across_claims: AcrossClaims::ClaimByClaim,
            allocation: Order::InterestBeforePrincipal,
            flat_sum: true,
            fee_schedule: None,
            input_tax_deductible: None,
        }
    }
}

/// What the client owes the agency, and who keeps what debtors pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The agency's share of what comes in; `None` is none.
    pub commission: Option<Commission>,
    /// Who keeps interest that debtors pay.
    pub interest_to: Keeper,
    /// Who keeps the agency's fees that debtors pay.
    pub fees_to: Keeper,
    /// What the client pays for a case that is closed as irrecoverable, in minor units of its currency.
    pub fee_irrecoverable: i64,
    /// What the client pays for a case that it recalls, in minor units of its currency.
    pub fee_recalled: i64,
}

impl Default for Settlement {
    fn default() -> Self {
        Self {
            commission: None,
            interest_to: Keeper::Client,
            fees_to: Keeper::Agency,
            fee_irrecoverable: 0,
            fee_recalled: 0,
        }
    }
}

/// A share of what comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commission {
    /// What it is a share of; never empty.
    pub base: BTreeSet<Part>,
    /// The share in ten-thousandths of a percent: 25 % are 250,000.
    pub rate: i64,
    /// Whether payments to the client itself count too.
    pub on_direct_payments: bool,
}

/// The law of the claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Germany.
    De,
    /// Netherlands.
    Nl,
    /// Denmark.
    Dk,
}

/// Days of a period and of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayCount {
    /// Calendar days, each 1/365 of a year.
    Actual365,
    /// Calendar days; those of a leap year are 1/366.
    ActualActual,
    /// 30E/360.
    Thirty360,
}

/// The first interest day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstDay {
    /// The day after the event (§ 187(1) BGB).
    AfterEvent,
    /// The day of the event (§ 187(2) BGB).
    Event,
}

/// The day of a payment bears interest on …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentDay {
    /// … the balance before it.
    OldBalance,
    /// … the balance after it.
    NewBalance,
}

/// A due day on a Saturday, Sunday or holiday …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestDays {
    /// … is taken as it stands.
    AsGiven,
    /// … moves to the next working day (§ 193 BGB).
    NextWorkingDay,
}

/// How exact interest becomes whole minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Half a minor unit is rounded up.
    HalfUp,
    /// Parts of a minor unit are left out.
    Down,
}

/// Which of a day's bookings come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameDay {
    /// Claims and costs before payments.
    DebtsFirst,
    /// Payments before claims and costs.
    PaymentsFirst,
}

/// How a payment goes over several claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcrossClaims {
    /// One claim after the other.
    ClaimByClaim,
    /// All costs, all interest, all principal.
    InterestFirst,
}

/// In which order a claim takes a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Costs, interest, principal (§ 367(1) BGB).
    InterestBeforePrincipal,
    /// Costs, principal, interest (§ 497(3) BGB).
    PrincipalBeforeInterest,
}

/// A part of what a debtor pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Principal.
    Principal,
    /// Interest.
    Interest,
    /// Costs.
    Costs,
}

/// Who keeps a part of what a debtor pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// The client.
    Client,
    /// The agency.
    Agency,
}
