//! One case in full, as its client may see it: the shape for programs (`schema/case-1.schema.json`, and XML of the same
//! names), from which [`super::sheets`] makes the tables for people.
//!
//! Not in it: entries of the history that are internal, the agency's single costs and write-offs (the account tells their
//! sums), the keys of what the agency booked, the debtor's bank accounts.

use std::io::Write;

use chrono::NaiveDate;
use dropcase_cases::account::Account;
use dropcase_cases::model::{BookingKind, BookingRow, CaseDetail, ClaimRow, DebtorRow, HistoryRow};
use dropcase_cases::queries::MessageRow;
use serde::Serialize;
use serde_json::Value;

use super::listing::Head;
use super::tree::write_xml;
use super::utc;
use crate::language::{decimal, digits_of};
use crate::writers::WriteError;
use crate::writers::xml::XmlWriter;

/// The schema as shipped: JSON Schema of cases in full.
pub const JSON_SCHEMA: &str = include_str!("../../schema/case-1.schema.json");
/// The schema as shipped: XSD of cases in full.
pub const XML_SCHEMA: &str = include_str!("../../schema/case-1.xsd");

/// A case with everything that its client may see.
#[derive(Debug, Clone)]
pub(super) struct Full {
    pub(super) detail: CaseDetail,
    pub(super) messages: Vec<MessageRow>,
    /// `None` where it cannot be worked out.
    pub(super) account: Option<Account>,
    pub(super) as_of: NaiveDate,
}

impl Full {
    /// What was paid, credited and recalled, in the order of booking.
    pub(super) fn payments(&self) -> impl Iterator<Item = &BookingRow> {
        self.detail.bookings.iter().filter(|row| {
            matches!(
                row.kind,
                BookingKind::Payment
                    | BookingKind::DirectPayment
                    | BookingKind::AgencyPayment
                    | BookingKind::CreditNote
                    | BookingKind::Recall
            )
        })
    }

    /// The reference of a claim of the case.
    pub(super) fn reference(&self, claim: Option<i64>) -> Option<&str> {
        let claim = claim?;
        let row = self.detail.claims.iter().find(|row| row.id.0 == claim);
        row.map(|row| row.reference.as_str())
    }

    /// What a line of the history says, without rows of ours.
    pub(super) fn details(&self, row: &HistoryRow) -> serde_json::Map<String, Value> {
        let args = row.args.as_deref().and_then(|args| serde_json::from_str(args).ok());
        let Some(Value::Object(mut details)) = args else {
            return serde_json::Map::new();
        };
        let claim = details.remove("claim_id").and_then(|id| id.as_i64());
        if let Some(reference) = self.reference(claim) {
            details.insert("claim".to_owned(), reference.into());
        }
        details.retain(|name, _| !name.ends_with("_id"));
        details
    }
}

/// The number that the client gave a booking: what the agency calls its own is not told.
pub(super) fn number(row: &BookingRow) -> Option<&str> {
    row.key
        .as_deref()
        .filter(|_| matches!(row.kind, BookingKind::DirectPayment | BookingKind::CreditNote))
}

#[derive(Debug, Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    head: &'a Head,
    as_of: NaiveDate,
    found: usize,
    cases: Vec<Case<'a>>,
}

#[derive(Debug, Serialize)]
struct Case<'a> {
    case_number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    creditor: &'a str,
    currency: &'a str,
    stage: &'static str,
    processing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_until: Option<NaiveDate>,
    payment: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    handler: Option<&'a str>,
    opened: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closing_reason: Option<&'a str>,
    debtor: Debtor<'a>,
    claims: Vec<Claim<'a>>,
    account: Option<Sums>,
    payments: Vec<Payment<'a>>,
    history: Vec<Event<'a>>,
    messages: Vec<Message<'a>>,
}

#[derive(Debug, Serialize)]
struct Debtor<'a> {
    debtor_number: &'a str,
    kind: &'static str,
    acts_as: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    salutation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_form: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    street: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    house_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_extra: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    contacts: Vec<Contact<'a>>,
}

#[derive(Debug, Serialize)]
struct Contact<'a> {
    kind: &'static str,
    value: &'a str,
}

#[derive(Debug, Serialize)]
struct Claim<'a> {
    reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_date: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<NaiveDate>,
    principal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_reason: Option<&'a str>,
    disputed: bool,
    handed_over: String,
}

#[derive(Debug, Serialize)]
struct Sums {
    principal: String,
    interest: String,
    agency_costs: String,
    client_costs: String,
    paid: String,
    credit: String,
    balance: String,
}

#[derive(Debug, Serialize)]
struct Payment<'a> {
    kind: &'static str,
    value_date: NaiveDate,
    booked: String,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    cancels: bool,
}

#[derive(Debug, Serialize)]
struct Event<'a> {
    at: String,
    kind: &'a str,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    details: serde_json::Map<String, Value>,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    id: i64,
    at: String,
    kind: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<i64>,
}

impl<'a> Case<'a> {
    fn of(full: &'a Full) -> Self {
        let case = &full.detail.case;
        let digits = digits_of(&case.currency);
        Self {
            case_number: &case.number,
            creditor: &case.creditor,
            currency: &case.currency,
            stage: case.stage.as_str(),
            processing: case.processing.as_str(),
            paused_until: case.paused_until,
            payment: case.payment.as_str(),
            handler: case.handler.as_deref(),
            opened: utc(case.opened_at),
            closed: case.closed_at.map(utc),
            closing_reason: case.closing_reason.as_deref(),
            debtor: Debtor::of(full),
            claims: full.detail.claims.iter().map(|row| Claim::of(row, digits)).collect(),
            account: full.account.as_ref().map(|account| Sums::of(account, digits)),
            payments: full.payments().map(|row| Payment::of(full, row, digits)).collect(),
            history: full.detail.history.iter().map(|row| Event::of(full, row)).collect(),
            messages: full
                .messages
                .iter()
                .map(|message| Message::of(message, &full.messages))
                .collect(),
        }
    }
}

impl<'a> Debtor<'a> {
    fn of(full: &'a Full) -> Self {
        let debtor: &DebtorRow = &full.detail.debtor;
        let contacts = full.detail.contacts.iter().map(|contact| Contact {
            kind: contact.kind.as_str(),
            value: &contact.value,
        });
        Self {
            debtor_number: &debtor.number,
            kind: debtor.kind.as_str(),
            acts_as: debtor.acts_as.as_str(),
            salutation: debtor.salutation.as_deref(),
            title: debtor.title.as_deref(),
            first_name: debtor.first_name.as_deref(),
            last_name: debtor.last_name.as_deref(),
            company_name: debtor.company_name.as_deref(),
            legal_form: debtor.legal_form.as_deref(),
            birth_date: debtor.birth_date,
            street: debtor.street.as_deref(),
            house_number: debtor.house_number.as_deref(),
            address_extra: debtor.address_extra.as_deref(),
            postal_code: debtor.postal_code.as_deref(),
            city: debtor.city.as_deref(),
            country: debtor.country.as_deref(),
            contacts: contacts.collect(),
        }
    }
}

impl<'a> Claim<'a> {
    fn of(row: &'a ClaimRow, digits: u32) -> Self {
        Self {
            reference: &row.reference,
            invoice_number: row.invoice_number.as_deref(),
            contract_number: row.contract_number.as_deref(),
            invoice_date: row.invoice_date,
            due_date: row.due_date,
            principal: decimal(row.principal_amount, digits, '.'),
            claim_reason: row.claim_reason.as_deref(),
            disputed: row.disputed,
            handed_over: utc(row.created_at),
        }
    }
}

impl Sums {
    fn of(account: &Account, digits: u32) -> Self {
        let money = |minor| decimal(minor, digits, '.');
        Self {
            principal: money(account.principal),
            interest: money(account.interest),
            agency_costs: money(account.agency_costs),
            client_costs: money(account.client_costs),
            paid: money(account.paid),
            credit: money(account.credit),
            balance: money(account.balance),
        }
    }
}

impl<'a> Payment<'a> {
    fn of(full: &'a Full, row: &'a BookingRow, digits: u32) -> Self {
        Self {
            kind: row.kind.as_str(),
            value_date: row.value_date,
            booked: utc(row.booked_at),
            // Bookings of payments are negative; people read what was paid.
            amount: decimal(row.amount.saturating_neg(), digits, '.'),
            claim: full.reference(row.claim_id.map(|claim| claim.0)),
            number: number(row),
            cancels: row.reversal_of.is_some(),
        }
    }
}

impl<'a> Event<'a> {
    fn of(full: &'a Full, row: &'a HistoryRow) -> Self {
        Self {
            at: utc(row.at),
            kind: &row.kind,
            details: full.details(row),
        }
    }
}

impl<'a> Message<'a> {
    fn of(row: &'a MessageRow, all: &[MessageRow]) -> Self {
        let answered = all.iter().find(|other| row.answers == Some(other.id));
        Self {
            id: row.number,
            at: utc(row.at),
            kind: row.kind.as_str(),
            text: &row.text,
            answers: answered.map(|answered| answered.number),
        }
    }
}

fn page<'a>(cases: &'a [Full], head: &'a Head, as_of: NaiveDate) -> Page<'a> {
    Page {
        head,
        as_of,
        found: cases.len(),
        cases: cases.iter().map(Case::of).collect(),
    }
}

/// Writes cases as JSON.
pub(super) fn write_json<W: Write>(
    cases: &[Full],
    mut out: W,
    head: &Head,
    as_of: NaiveDate,
) -> Result<(), WriteError> {
    serde_json::to_writer_pretty(&mut out, &page(cases, head, as_of))?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Writes cases as XML: the same names as in JSON.
pub(super) fn write_case_xml<W: Write>(
    cases: &[Full],
    out: W,
    head: &Head,
    as_of: NaiveDate,
) -> Result<(), WriteError> {
    let mut xml = XmlWriter::new(out)?;
    let (as_of, found) = (as_of.to_string(), cases.len().to_string());
    xml.open(
        "cases",
        &[
            ("xmlns", Some("urn:dropcase:case:1")),
            ("client", Some(&head.client)),
            ("made", Some(&head.made)),
            ("as_of", Some(&as_of)),
            ("found", Some(&found)),
        ],
    )?;
    for case in cases {
        write_xml(&mut xml, "case", &serde_json::to_value(Case::of(case))?)?;
    }
    xml.close("cases")?;
    xml.finish()?;
    Ok(())
}
