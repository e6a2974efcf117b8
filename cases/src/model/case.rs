//! Cases with their claims, ledger and history.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{CaseId, ClaimId, ClientId, DebtorAccount, DebtorContact, DebtorId, DebtorRow, DeliveryId, text_enum};

text_enum! {
    /// Where a case stands.
    Stage {
        /// Letters and calls.
        Extrajudicial = "extrajudicial",
        /// Court order for payment.
        JudicialDunning = "judicial_dunning",
        /// Lawsuit.
        Litigation = "litigation",
        /// Bailiff and attachments.
        Enforcement = "enforcement",
        /// The debtor is insolvent.
        Insolvency = "insolvency",
        /// Watched for years.
        LongTermMonitoring = "long_term_monitoring",
        /// Over.
        Ended = "ended",
    }
}

text_enum! {
    /// Whether a case is worked on.
    Processing {
        /// Yes.
        InProgress = "in_progress",
        /// On hold.
        Paused = "paused",
        /// No more.
        Ended = "ended",
    }
}

text_enum! {
    /// What was paid on a case.
    Payment {
        /// Nothing.
        Unpaid = "unpaid",
        /// Something.
        PartiallyPaid = "partially_paid",
        /// All.
        FullyPaid = "fully_paid",
    }
}

text_enum! {
    /// What a booking is. Amounts that the debtor owes are positive, payments negative: the sum is what is open.
    BookingKind {
        /// The principal amount of a claim.
        Principal = "principal",
        /// The client's dunning costs.
        DunningCosts = "dunning_costs",
        /// Other costs of the client.
        OtherCosts = "other_costs",
        /// A payment before the handover (negative).
        Payment = "payment",
        /// A payment to the client since then (negative).
        DirectPayment = "direct_payment",
        /// A payment to the agency (negative).
        AgencyPayment = "agency_payment",
        /// The client lowers a claim (negative).
        CreditNote = "credit_note",
        /// A cost of the agency.
        Cost = "cost",
        /// What is not asked for any more (negative).
        WriteOff = "write_off",
        /// A claim that the client took back (negative: what of it was open).
        Recall = "recall",
    }
}

text_enum! {
    /// Who speaks to whom.
    MessageKind {
        /// The client to its case handler.
        Message = "message",
        /// The client, to a query.
        Answer = "answer",
        /// The case handler, to a message or on their own account.
        Reply = "reply",
        /// The case handler asks the client.
        Query = "query",
    }
}

impl MessageKind {
    /// Whether the agency speaks: then it goes into the client's outbox.
    pub const fn is_from_agency(self) -> bool {
        matches!(self, Self::Reply | Self::Query)
    }
}

text_enum! {
    /// Who may see it.
    Visibility {
        /// The agency alone.
        Internal = "internal",
        /// The client as well.
        Client = "client",
    }
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct CaseRow {
    /// Its row.
    pub id: CaseId,
    /// What people call it, with a check digit.
    pub number: String,
    /// The client.
    pub client_id: ClientId,
    /// The client's key.
    pub client_key: String,
    /// Code of the creditor; empty for a client that is its own.
    pub creditor: String,
    /// The debtor.
    pub debtor_id: DebtorId,
    /// The creditor's number of the debtor.
    pub debtor_number: String,
    /// The debtor's name as one line.
    pub debtor_name: String,
    /// ISO 4217.
    pub currency: String,
    /// Where it stands.
    pub stage: Stage,
    /// Whether it is worked on.
    pub processing: Processing,
    /// What was paid.
    pub payment: Payment,
    /// Who works on it.
    pub handler: Option<String>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was closed.
    pub closing_reason: Option<String>,
    /// Paused: the last day of it; `None` until somebody resumes it.
    pub paused_until: Option<NaiveDate>,
    /// Number of claims.
    pub claims: i64,
    /// Sum of the principal bookings, in minor units.
    pub principal: i64,
    /// Sum of the cost bookings.
    pub costs: i64,
    /// Sum of the payments (negative).
    pub payments: i64,
    /// What is open: the sum of all bookings.
    pub balance: i64,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct ClaimRow {
    /// Its row.
    pub id: ClaimId,
    /// The case.
    pub case_id: CaseId,
    /// The creditor's number of the debtor.
    pub debtor_number: String,
    /// Invoice number, else contract number: with creditor and debtor number the key of the claim.
    pub reference: String,
    /// Invoice number.
    pub invoice_number: Option<String>,
    /// Contract number.
    pub contract_number: Option<String>,
    /// Invoice date.
    pub invoice_date: Option<NaiveDate>,
    /// Due date.
    pub due_date: Option<NaiveDate>,
    /// Last reminder.
    pub reminder_date: Option<NaiveDate>,
    /// In default since.
    pub default_date: Option<NaiveDate>,
    /// Contract date.
    pub contract_date: Option<NaiveDate>,
    /// Amount of the invoice, in minor units.
    pub original_amount: Option<i64>,
    /// Amount still open at handover.
    pub principal_amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// Ten-thousandths of a percent.
    pub interest_rate: Option<i64>,
    /// Why that rate.
    pub interest_reason: Option<String>,
    /// What the claim is for.
    pub claim_reason: Option<String>,
    /// Number in the court's catalogue.
    pub claim_type_code: Option<String>,
    /// Who had it first.
    pub original_creditor: Option<String>,
    /// Kind of title.
    pub title_kind: Option<String>,
    /// Date of the title.
    pub title_date: Option<NaiveDate>,
    /// Court.
    pub title_court: Option<String>,
    /// Its reference.
    pub title_reference: Option<String>,
    /// Debtor number of the joint debtor.
    pub joint_debtor_of: Option<String>,
    /// The debtor objects.
    pub disputed: bool,
    /// The client's remark.
    pub memo: Option<String>,
    /// JSON object of unknown columns.
    pub extra: Option<String>,
    /// The delivery it came with.
    pub delivery_id: DeliveryId,
    /// Part of that delivery.
    pub part: i64,
    /// Record in that part.
    pub sequence: i64,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct BookingRow {
    /// Its row.
    pub id: i64,
    /// The case.
    pub case_id: CaseId,
    /// The claim.
    pub claim_id: Option<ClaimId>,
    /// What it is.
    pub kind: BookingKind,
    /// Minor units: what is owed is positive, what was paid negative.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// The day on which it takes effect.
    pub value_date: NaiveDate,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
    /// The booking that it takes back.
    pub reversal_of: Option<i64>,
    /// What whoever ordered it calls it: payment number, number of a credit note, reference of the bank.
    pub key: Option<String>,
    /// What the payer names: `principal`, `interest`, `costs`.
    pub allocate_to: Option<String>,
    /// JSON object: what else its kind needs.
    pub args: Option<String>,
    /// The delivery it came with.
    pub delivery_id: Option<DeliveryId>,
}

/// Something that happened on a case.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct HistoryRow {
    /// When.
    pub at: DateTime<Utc>,
    /// What: `opened`, `claim_added`, …
    pub kind: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// JSON object.
    pub args: Option<String>,
    /// The delivery it came with.
    pub delivery_id: Option<DeliveryId>,
}

/// A case with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseDetail {
    /// The case and its totals.
    pub case: CaseRow,
    /// The debtor.
    pub debtor: DebtorRow,
    /// Ways to reach the debtor.
    pub contacts: Vec<DebtorContact>,
    /// The debtor's bank accounts.
    pub accounts: Vec<DebtorAccount>,
    /// Its claims, oldest first.
    pub claims: Vec<ClaimRow>,
    /// Its ledger in the order of booking.
    pub bookings: Vec<BookingRow>,
    /// What happened, oldest first.
    pub history: Vec<HistoryRow>,
}
