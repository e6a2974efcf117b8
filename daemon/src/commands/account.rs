//! The account of a case and how it came to be.

use chrono::NaiveDate;
use dropcase_cases::account::decimal::show_money;
use dropcase_cases::account::{Account, Allocation, Line, Period, Side as CostSide, What};
use dropcase_cases::desk::{CaseFile, Side, account_of};
use dropcase_cases::model::Visibility;
use dropcase_outbox::language::digits_of;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer;
use crate::app::App;
use crate::control::Failure;

/// What is owed on a day. Amounts are decimal text with a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AccountShape {
    /// The case.
    pub(crate) case_number: String,
    /// The day; it counts.
    pub(crate) as_of: NaiveDate,
    /// ISO 4217.
    pub(crate) currency: String,
    /// Open principal.
    pub(crate) principal: String,
    /// Open interest.
    pub(crate) interest: String,
    /// Open costs of the agency.
    pub(crate) agency_costs: String,
    /// Open costs of the client.
    pub(crate) client_costs: String,
    /// What was paid, to the agency and to the client.
    pub(crate) paid: String,
    /// What is left of payments and credit notes.
    pub(crate) credit: String,
    /// Principal, interest and costs.
    pub(crate) balance: String,
    /// They sum to the balance.
    pub(crate) lines: Vec<LineShape>,
    /// How the interest came to be.
    pub(crate) periods: Vec<PeriodShape>,
    /// Where bookings went.
    pub(crate) allocations: Vec<AllocationShape>,
    /// What to ask or to tell.
    pub(crate) findings: Vec<FindingShape>,
}

/// A line of the explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LineShape {
    /// `claim`, `interest`, `agency_cost`, `client_cost`, `credited`, `allocated`.
    pub(crate) what: String,
    /// Reference of the claim, or key of the booking.
    pub(crate) of: String,
    /// Of `allocated`: what the booking met.
    pub(crate) to: Option<String>,
    /// Signed.
    pub(crate) amount: String,
}

/// Days of a claim with one principal and one rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PeriodShape {
    /// Reference of the claim.
    pub(crate) claim: String,
    /// First day.
    pub(crate) from: NaiveDate,
    /// Last day; it counts.
    pub(crate) to: NaiveDate,
    /// By the day count.
    pub(crate) days: i64,
    /// Percent a year.
    pub(crate) rate: String,
    /// What bears interest.
    pub(crate) principal: String,
    /// Not rounded, six digits.
    pub(crate) interest: String,
}

/// Where a sum of a booking went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AllocationShape {
    /// Key of the booking.
    pub(crate) booking: String,
    /// `principal`, `interest`, `agency_costs`, `client_costs`, `credit`.
    pub(crate) target: String,
    /// Reference of the claim.
    pub(crate) claim: Option<String>,
    /// How much.
    pub(crate) amount: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FindingShape {
    /// Stable code.
    pub(crate) code: String,
    /// Reference of a claim, or key of a booking.
    pub(crate) about: String,
}

/// The account of a case at the end of a day.
pub(super) async fn account(app: &App, number: &str, as_of: Option<NaiveDate>) -> Result<Value, Failure> {
    let detail = app.store.case_by_number(number, Visibility::Internal).await?;
    let detail = detail.ok_or_else(|| Failure::not_found(format!("there is no case {number}")))?;
    let case = &detail.case;
    let today = match app.client(&case.client_key) {
        Some(client) => app.today(&client),
        None => app.now().date_naive(),
    };
    let as_of = as_of.unwrap_or(today);
    let desk = app.desk();
    let rules = desk.rules(Side::Office);
    let terms = (rules.terms)(&case.client_key, &case.creditor, &case.currency);
    let account = account_of(&CaseFile::of(&detail), rules.sources, &terms, as_of)
        .map_err(|error| Failure::refused(format!("the account of case {number}: {error}")))?;
    answer(&AccountShape::of(number, as_of, &case.currency, &account))
}

impl AccountShape {
    fn of(number: &str, as_of: NaiveDate, currency: &str, account: &Account) -> Self {
        let money = |minor: i64| show_money(minor, currency);
        Self {
            case_number: number.to_owned(),
            as_of,
            currency: currency.to_owned(),
            principal: money(account.principal),
            interest: money(account.interest),
            agency_costs: money(account.agency_costs),
            client_costs: money(account.client_costs),
            paid: money(account.paid),
            credit: money(account.credit),
            balance: money(account.balance),
            lines: account.explain().map(|line| LineShape::of(&line, currency)).collect(),
            periods: account
                .periods
                .iter()
                .map(|period| PeriodShape::of(period, currency))
                .collect(),
            allocations: account
                .allocations
                .iter()
                .map(|allocation| AllocationShape::of(allocation, currency))
                .collect(),
            findings: account
                .findings
                .iter()
                .map(|finding| FindingShape {
                    code: finding.code.as_str().to_owned(),
                    about: finding.about.clone(),
                })
                .collect(),
        }
    }
}

impl LineShape {
    fn of(line: &Line, currency: &str) -> Self {
        let (what, of, to) = match &line.what {
            What::Claim(reference) => ("claim", reference.clone(), None),
            What::Interest(reference) => ("interest", reference.clone(), None),
            What::Cost { side, key } => match side {
                CostSide::Agency => ("agency_cost", key.clone(), None),
                CostSide::Client => ("client_cost", key.clone(), None),
            },
            What::Credited(reference) => ("credited", reference.clone(), None),
            What::Allocated(allocation) => (
                "allocated",
                allocation.booking.clone(),
                Some(match &allocation.claim {
                    Some(claim) => format!("{} of {claim}", allocation.target.as_str()),
                    None => allocation.target.as_str().to_owned(),
                }),
            ),
        };
        Self {
            what: what.to_owned(),
            of,
            to,
            amount: show_money(line.amount, currency),
        }
    }
}

impl PeriodShape {
    fn of(period: &Period, currency: &str) -> Self {
        Self {
            claim: period.claim.clone(),
            from: period.from,
            to: period.to,
            days: period.days,
            rate: period.rate.to_string(),
            principal: show_money(period.principal, currency),
            interest: period.interest.show(digits_of(currency)),
        }
    }
}

impl AllocationShape {
    fn of(allocation: &Allocation, currency: &str) -> Self {
        Self {
            booking: allocation.booking.clone(),
            target: allocation.target.as_str().to_owned(),
            claim: allocation.claim.clone(),
            amount: show_money(allocation.amount, currency),
        }
    }
}
