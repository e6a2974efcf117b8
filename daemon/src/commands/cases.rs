//! Cases.

use chrono::{DateTime, NaiveDate, Utc};
use dropcase_cases::model::{
    BookingRow, CaseDetail, CaseRow, ClaimRow, DebtorRow, HistoryRow, MessageKind, Visibility,
};
use dropcase_cases::queries::{CaseFilter, CasePage, CaseStatus, CaseTotals, MessageRow};
use dropcase_outbox::language::{decimal, digits_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{answer, known_client};
use crate::app::App;
use crate::control::Failure;

/// A case in a list. Amounts are decimal text with a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CaseLine {
    /// What people call it.
    pub(crate) number: String,
    /// Key of the client.
    pub(crate) client: String,
    /// The client's time zone.
    pub(crate) time_zone: String,
    /// Code of the creditor; empty for a client that is its own.
    pub(crate) creditor: String,
    /// The creditor's number of the debtor.
    pub(crate) debtor_number: String,
    /// The debtor's name as one line.
    pub(crate) debtor: String,
    /// `extrajudicial`, …
    pub(crate) stage: String,
    /// `in_progress`, `paused`, `ended`.
    pub(crate) processing: String,
    /// `unpaid`, `partially_paid`, `fully_paid`.
    pub(crate) payment: String,
    /// When it was opened.
    pub(crate) opened: DateTime<Utc>,
    /// When it was closed.
    pub(crate) closed: Option<DateTime<Utc>>,
    /// Why it was closed.
    pub(crate) closing_reason: Option<String>,
    /// Number of claims.
    pub(crate) claims: i64,
    /// Sum of the principal amounts.
    pub(crate) principal: String,
    /// Sum of the costs.
    pub(crate) costs: String,
    /// What was paid.
    pub(crate) paid: String,
    /// What is open.
    pub(crate) balance: String,
    /// ISO 4217.
    pub(crate) currency: String,
}

/// `case list`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CaseList {
    /// Newest first.
    pub(crate) cases: Vec<CaseLine>,
    /// Over all cases that were asked for, also those that are not on the list.
    pub(crate) totals: Vec<TotalShape>,
}

/// Totals in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TotalShape {
    /// ISO 4217.
    pub(crate) currency: String,
    /// Cases.
    pub(crate) cases: i64,
    /// Sum of the principal amounts.
    pub(crate) principal: String,
    /// Sum of the costs.
    pub(crate) costs: String,
    /// What was paid.
    pub(crate) paid: String,
    /// What is open.
    pub(crate) balance: String,
}

/// `case show`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CaseShown {
    /// As in the list.
    #[serde(flatten)]
    pub(crate) line: CaseLine,
    /// Who owes.
    pub(crate) debtor_details: DebtorShape,
    /// Oldest first.
    pub(crate) claim_list: Vec<ClaimShape>,
    /// In the order of booking.
    pub(crate) bookings: Vec<BookingShape>,
    /// What happened, oldest first.
    pub(crate) history: Vec<HistoryShape>,
    /// What client and case handler wrote to each other, oldest first.
    pub(crate) messages: Vec<MessageShape>,
    /// Who works on it.
    pub(crate) handler: Option<String>,
    /// It rests until the end of that day.
    pub(crate) paused_until: Option<NaiveDate>,
}

/// A debtor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DebtorShape {
    /// `person` or `company`.
    pub(crate) kind: String,
    /// `consumer`, `business` or `unknown`.
    pub(crate) acts_as: String,
    /// Name with title and legal form.
    pub(crate) name: String,
    /// Street and house number.
    pub(crate) street: Option<String>,
    /// c/o, floor, …
    pub(crate) address_extra: Option<String>,
    /// Postcode.
    pub(crate) postal_code: Option<String>,
    /// Town.
    pub(crate) city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: Option<String>,
    /// Date of birth.
    pub(crate) birth_date: Option<NaiveDate>,
    /// `kind: value` of each way to reach the debtor.
    pub(crate) contacts: Vec<ContactShape>,
    /// IBANs.
    pub(crate) ibans: Vec<String>,
}

/// A way to reach a debtor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ContactShape {
    /// `email`, `phone`, `mobile`, `fax`.
    pub(crate) kind: String,
    /// Address or number.
    pub(crate) value: String,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClaimShape {
    /// Invoice number.
    pub(crate) invoice_number: Option<String>,
    /// Contract number.
    pub(crate) contract_number: Option<String>,
    /// Invoice date.
    pub(crate) invoice_date: Option<NaiveDate>,
    /// Due date.
    pub(crate) due_date: Option<NaiveDate>,
    /// Open at handover.
    pub(crate) principal: String,
    /// ISO 4217.
    pub(crate) currency: String,
    /// What it is for.
    pub(crate) reason: Option<String>,
    /// The debtor objects.
    pub(crate) disputed: bool,
    /// When it was booked.
    pub(crate) booked: DateTime<Utc>,
}

/// A booking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BookingShape {
    /// `principal`, `dunning_costs`, `other_costs`, `payment`.
    pub(crate) kind: String,
    /// What is owed is positive, what was paid negative.
    pub(crate) amount: String,
    /// ISO 4217.
    pub(crate) currency: String,
    /// The day on which it takes effect.
    pub(crate) value_date: NaiveDate,
    /// When it was booked.
    pub(crate) booked: DateTime<Utc>,
    /// It takes another booking back.
    pub(crate) reversal: bool,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct HistoryShape {
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// `opened`, `claim_added`, …
    pub(crate) kind: String,
    /// `client` or `internal`.
    pub(crate) visibility: String,
    /// More about it, by the kind (docs/schema.md).
    pub(crate) details: Option<Value>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MessageShape {
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// `message`, `answer` of the client; `reply`, `query` of the agency.
    pub(crate) kind: String,
    /// The words.
    pub(crate) text: String,
    /// The client wants the answer by mail, or got it so.
    pub(crate) by_mail: bool,
    /// Nobody has answered it.
    pub(crate) open: bool,
}

/// Cases, newest first.
pub(super) async fn list(
    app: &App,
    client: Option<String>,
    debtor: Option<String>,
    status: &str,
    limit: u32,
) -> Result<Value, Failure> {
    if let Some(key) = &client {
        known_client(app, key).await?;
    }
    let filter = CaseFilter {
        client,
        debtor,
        status: self::status(status)?,
        ..CaseFilter::default()
    };
    let rows = app.store.cases(&filter, CasePage { before: None, limit }).await?;
    let totals = app.store.case_totals(&filter).await?;
    answer(&CaseList {
        cases: rows.iter().map(|row| CaseLine::of(app, row)).collect(),
        totals: totals.iter().map(TotalShape::of).collect(),
    })
}

/// One case.
pub(super) async fn show(app: &App, number: &str) -> Result<Value, Failure> {
    let detail = app.store.case_by_number(number, Visibility::Internal).await?;
    let detail = detail.ok_or_else(|| Failure::not_found(format!("there is no case {number}")))?;
    let messages = app.store.messages(detail.case.id).await?;
    answer(&CaseShown::of(app, &detail, &messages))
}

/// `open`, `closed` or `all`.
pub(super) fn status(word: &str) -> Result<CaseStatus, Failure> {
    match word {
        "open" => Ok(CaseStatus::Open),
        "closed" => Ok(CaseStatus::Closed),
        "all" => Ok(CaseStatus::All),
        other => Err(Failure::refused(format!(
            "`{other}` is not a status; write open, closed or all"
        ))),
    }
}

/// Decimal text with a point.
fn amount(minor: i64, currency: &str) -> String {
    decimal(minor, digits_of(currency), '.')
}

impl CaseLine {
    fn of(app: &App, case: &CaseRow) -> Self {
        Self {
            number: case.number.clone(),
            client: case.client_key.clone(),
            time_zone: super::time_zone(app, &case.client_key),
            creditor: case.creditor.clone(),
            debtor_number: case.debtor_number.clone(),
            debtor: case.debtor_name.clone(),
            stage: case.stage.as_str().to_owned(),
            processing: case.processing.as_str().to_owned(),
            payment: case.payment.as_str().to_owned(),
            opened: case.opened_at,
            closed: case.closed_at,
            closing_reason: case.closing_reason.clone(),
            claims: case.claims,
            principal: amount(case.principal, &case.currency),
            costs: amount(case.costs, &case.currency),
            // Bookings of payments are negative; people read what was paid.
            paid: amount(case.payments.saturating_neg(), &case.currency),
            balance: amount(case.balance, &case.currency),
            currency: case.currency.clone(),
        }
    }
}

impl TotalShape {
    fn of(totals: &CaseTotals) -> Self {
        Self {
            cases: totals.cases,
            principal: amount(totals.principal, &totals.currency),
            costs: amount(totals.costs, &totals.currency),
            paid: amount(totals.payments.saturating_neg(), &totals.currency),
            balance: amount(totals.balance, &totals.currency),
            currency: totals.currency.clone(),
        }
    }
}

impl CaseShown {
    fn of(app: &App, detail: &CaseDetail, messages: &[MessageRow]) -> Self {
        let mut person = DebtorShape::of(&detail.debtor);
        let contact = |contact: &dropcase_cases::model::DebtorContact| ContactShape {
            kind: contact.kind.as_str().to_owned(),
            value: contact.value.clone(),
        };
        person.contacts = detail.contacts.iter().map(contact).collect();
        person.ibans = detail.accounts.iter().map(|account| account.iban.clone()).collect();
        Self {
            line: CaseLine::of(app, &detail.case),
            debtor_details: person,
            claim_list: detail.claims.iter().map(ClaimShape::of).collect(),
            bookings: detail.bookings.iter().map(BookingShape::of).collect(),
            history: detail.history.iter().map(HistoryShape::of).collect(),
            messages: messages
                .iter()
                .map(|message| MessageShape::of(message, messages))
                .collect(),
            handler: detail.case.handler.clone(),
            paused_until: detail.case.paused_until,
        }
    }
}

impl DebtorShape {
    fn of(debtor: &DebtorRow) -> Self {
        let joined = |parts: [&Option<String>; 2]| {
            let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        };
        let name = debtor.display_name();
        let titled = debtor
            .title
            .as_ref()
            .map_or_else(|| name.clone(), |title| format!("{title} {name}"));
        Self {
            kind: debtor.kind.as_str().to_owned(),
            acts_as: debtor.acts_as.as_str().to_owned(),
            name: titled,
            street: joined([&debtor.street, &debtor.house_number]),
            address_extra: debtor.address_extra.clone(),
            postal_code: debtor.postal_code.clone(),
            city: debtor.city.clone(),
            country: debtor.country.clone(),
            birth_date: debtor.birth_date,
            contacts: Vec::new(),
            ibans: Vec::new(),
        }
    }
}

impl ClaimShape {
    fn of(claim: &ClaimRow) -> Self {
        Self {
            invoice_number: claim.invoice_number.clone(),
            contract_number: claim.contract_number.clone(),
            invoice_date: claim.invoice_date,
            due_date: claim.due_date,
            principal: amount(claim.principal_amount, &claim.currency),
            currency: claim.currency.clone(),
            reason: claim.claim_reason.clone(),
            disputed: claim.disputed,
            booked: claim.created_at,
        }
    }
}

impl BookingShape {
    fn of(booking: &BookingRow) -> Self {
        Self {
            kind: booking.kind.as_str().to_owned(),
            amount: amount(booking.amount, &booking.currency),
            currency: booking.currency.clone(),
            value_date: booking.value_date,
            booked: booking.booked_at,
            reversal: booking.reversal_of.is_some(),
        }
    }
}

impl HistoryShape {
    fn of(row: &HistoryRow) -> Self {
        let visibility = row.visibility.as_str().to_owned();
        Self {
            at: row.at,
            kind: row.kind.clone(),
            visibility,
            details: row.args.as_deref().and_then(|args| serde_json::from_str(args).ok()),
        }
    }
}

impl MessageShape {
    fn of(row: &MessageRow, all: &[MessageRow]) -> Self {
        let waits = matches!(row.kind, MessageKind::Message | MessageKind::Query);
        Self {
            at: row.at,
            kind: row.kind.as_str().to_owned(),
            text: row.text.clone(),
            by_mail: row.reply_by_mail,
            open: waits && !all.iter().any(|other| other.answers == Some(row.id)),
        }
    }
}
