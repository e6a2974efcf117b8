//! The settings of an account: what the service or a client's mandate says. `docs/account.md` defines each with its source.

use chrono::NaiveDate;
use serde::Deserialize;

/// Settings under the names of `docs/account.md`; what is not named has its default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// ISO 4217; every amount of the account is in its minor units.
    pub currency: String,
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
    /// In which order a claim takes a payment, where the claim does not say.
    pub allocation: Order,
    /// Whether flat sums for late payment are asked for; a claim may leave its own out.
    pub flat_sum: bool,
    /// The name of a fee schedule. A client without one gets no agency's fees.
    pub fee_schedule: Option<String>,
    /// Whether the client may deduct input tax (§ 15 UStG): without a default, needed where there is a schedule.
    pub input_tax_deductible: Option<bool>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            currency: "EUR".to_owned(),
            law: Law::default(),
            day_count: DayCount::default(),
            first_day: FirstDay::default(),
            payment_day: PaymentDay::default(),
            rest_days: RestDays::default(),
            holidays: Vec::new(),
            rounding: Rounding::default(),
            same_day: SameDay::default(),
            across_claims: AcrossClaims::default(),
            allocation: Order::default(),
            flat_sum: true,
            fee_schedule: None,
            input_tax_deductible: None,
        }
    }
}

/// The law of the claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// Germany.
    #[default]
    De,
    /// Netherlands.
    Nl,
    /// Denmark.
    Dk,
}

/// Days of a period and of the year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum DayCount {
    /// Calendar days, every one 1/365 of a year, 29 February too ("fixed").
    #[default]
    #[serde(rename = "actual/365")]
    Actual365,
    /// Calendar days; those of a leap year are 1/366 (ISDA 2006, 4.16(b)).
    #[serde(rename = "actual/actual")]
    ActualActual,
    /// 30E/360 (ISDA 2006, 4.16(g)), the German commercial method.
    #[serde(rename = "30/360")]
    Thirty360,
}

/// The first interest day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstDay {
    /// The day after the event (§ 187(1) BGB).
    #[default]
    AfterEvent,
    /// The day of the event (§ 187(2) BGB).
    Event,
}

/// The day of a payment bears interest on …
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentDay {
    /// … the balance before it (§ 187(1), § 188(1) BGB).
    #[default]
    OldBalance,
    /// … the balance after it; the payment meets the interest up to the day before.
    NewBalance,
}

/// A due day on a Saturday, Sunday or holiday …
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestDays {
    /// … is taken as it stands.
    #[default]
    AsGiven,
    /// … moves to the next working day (§ 193 BGB; BGH, 1 February 2007, III ZR 159/06).
    NextWorkingDay,
}

/// How exact interest becomes whole minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Half a minor unit is rounded up (§ 2(2) RVG by analogy).
    #[default]
    HalfUp,
    /// Parts of a minor unit are not asked for yet.
    Down,
}

/// Which of a day's bookings come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameDay {
    /// Claims and costs before payments.
    #[default]
    DebtsFirst,
    /// Payments before claims and costs.
    PaymentsFirst,
}

/// How a payment goes over several claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcrossClaims {
    /// § 366 BGB chooses the claim, § 367 BGB works inside it.
    #[default]
    ClaimByClaim,
    /// All costs, all interest, all principal; loans give their interest last.
    InterestFirst,
}

/// In which order a claim takes a payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Order {
    /// Costs, interest, principal (§ 367(1) BGB).
    #[default]
    #[serde(rename = "367")]
    InterestBeforePrincipal,
    /// Costs, principal, interest (§ 497(3) BGB, consumer loans).
    #[serde(rename = "497")]
    PrincipalBeforeInterest,
}
