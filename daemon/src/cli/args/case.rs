//! Commands about cases.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use dropcase_parsers::fields::Field;
use dropcase_parsers::values::code::choices;

use super::Json;
use super::data::LIST_ROWS;

/// Which cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CaseStatus {
    /// Being worked on.
    Open,
    /// Closed ones.
    Closed,
    /// Both.
    All,
}

impl CaseStatus {
    /// The word for it, in requests and settings.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }
}

/// `dropcase case …`
#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    /// List cases, newest first.
    List {
        /// Of this client only.
        #[arg(long, value_name = "KEY")]
        client: Option<String>,
        /// The debtor's number, or part of the debtor's name.
        #[arg(long, value_name = "TEXT")]
        debtor: Option<String>,
        /// Which cases.
        #[arg(long, value_enum, default_value_t = CaseStatus::Open)]
        status: CaseStatus,
        /// At most so many.
        #[arg(long, value_name = "ROWS", default_value_t = LIST_ROWS, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        #[command(flatten)]
        json: Json,
    },
    /// Show a case: debtor, claims, ledger, history.
    Show {
        /// The case's number.
        number: String,
        #[command(flatten)]
        json: Json,
    },
    /// List the papers of a case; with --save also write them into a folder.
    Papers {
        /// The case's number.
        number: String,
        /// Write each paper into this folder, checked, under a name that is free; the folder is made when it is missing.
        #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
        save: Option<PathBuf>,
        #[command(flatten)]
        json: Json,
    },
    /// Show what is owed on a case, and with --explain how it came to be.
    Account {
        /// The case's number.
        number: String,
        /// At the end of that day; today without it.
        #[arg(long, value_name = "DATE")]
        as_of: Option<NaiveDate>,
        /// Periods, rates, days, and where each booking went.
        #[arg(long)]
        explain: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Book something on a case.
    Book {
        /// The case's number.
        number: String,
        /// What.
        #[arg(value_enum)]
        what: Booking,
        /// How much, in the case's currency, with a point: 12.50. A write-off without it is of all that is open; a
        /// cancellation needs none.
        amount: Option<String>,
        #[command(flatten)]
        terms: Box<BookingTerms>,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Write a line into a case's history.
    Note {
        /// The case's number.
        number: String,
        /// What happened.
        text: String,
        /// What it was: letter, sms, call, visit, agreement, note.
        #[arg(long, value_name = "KIND", default_value = "note", value_parser = ["letter", "sms", "call", "visit", "agreement", "note"])]
        kind: String,
        /// When it was.
        #[arg(long, value_name = "DATE")]
        on: Option<NaiveDate>,
        /// The client may see it.
        #[arg(long)]
        visible: bool,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Write to the client: answers the oldest message that nobody has answered.
    Reply {
        /// The case's number.
        number: String,
        /// The words.
        text: String,
        /// Ask instead of answering: the client's answer is awaited.
        #[arg(long)]
        query: bool,
        /// By e-mail as well, also when the client did not ask for it.
        #[arg(long)]
        mail: bool,
        /// A paper for the client; may be given several times.
        #[arg(long = "paper", value_name = "FILE")]
        papers: Vec<PathBuf>,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Move a case to another stage.
    Status {
        /// The case's number.
        number: String,
        /// Where to.
        #[arg(value_parser = ["extrajudicial", "judicial_dunning", "litigation", "enforcement", "insolvency",
            "long_term_monitoring"])]
        stage: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Let a case rest, until a day or until it is resumed.
    Hold {
        /// The case's number.
        number: String,
        /// The last day of it.
        #[arg(long, value_name = "DATE")]
        until: Option<NaiveDate>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Let a case that rests go on.
    Resume {
        /// The case's number.
        number: String,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// End a case.
    Close {
        /// The case's number.
        number: String,
        /// Why: FULL_PAYMENT, IRRECOVERABLE, …
        #[arg(value_parser = closing_reason)]
        closing_reason: String,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Say who works on a case.
    Assign {
        /// The case's number.
        number: String,
        /// Who; nobody without it.
        handler: Option<String>,
        #[command(flatten)]
        order: OrderArgs,
    },
}

/// What every order to a case may be told.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct OrderArgs {
    /// Only say what would happen.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// What a booking may be told.
#[derive(Debug, Clone, Args)]
pub(crate) struct BookingTerms {
    /// The day on which it takes effect; today without it. Of a payment plan: when the first instalment is due.
    #[arg(long, value_name = "DATE")]
    pub(crate) value_date: Option<NaiveDate>,
    /// Its number: the same number is booked once. A cancellation names the one that it takes back.
    #[arg(long, value_name = "TEXT")]
    pub(crate) key: Option<String>,
    /// The claim that it is for, by its invoice number.
    #[arg(long, value_name = "INVOICE")]
    pub(crate) claim: Option<String>,
    /// What the payer names: principal, interest, costs.
    #[arg(long, value_name = "PART", value_parser = ["principal", "interest", "costs"])]
    pub(crate) allocate_to: Option<String>,
    /// Of a cost without an amount: a fee at this rate (0.9) by the schedule of the client's mandate.
    #[arg(long, value_name = "RATE")]
    pub(crate) fee_rate: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The client may see it in the history (costs and write-offs; the rest it always sees).
    #[arg(long)]
    pub(crate) visible: bool,
}

/// What may be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Booking {
    /// The debtor paid the agency.
    Payment,
    /// The debtor paid the client.
    DirectPayment,
    /// A payment did not stay.
    PaymentCancellation,
    /// The client lowers a claim.
    CreditNote,
    /// A credit note does not hold.
    CreditNoteCancellation,
    /// A cost of the agency.
    Cost,
    /// What is not asked for any more.
    WriteOff,
    /// Instalments of this amount a month.
    PaymentPlan,
    /// The agency paid on to the client.
    Payout,
}

impl Booking {
    /// The record type that books it.
    pub(crate) const fn record_type(self) -> &'static str {
        match self {
            Self::Payment => "agency_payment",
            Self::DirectPayment => "direct_payment",
            Self::PaymentCancellation => "payment_cancellation",
            Self::CreditNote => "credit_note",
            Self::CreditNoteCancellation => "credit_note_cancellation",
            Self::Cost => "cost",
            Self::WriteOff => "write_off",
            Self::PaymentPlan => "payment_plan",
            Self::Payout => "payout",
        }
    }
}

fn closing_reason(text: &str) -> Result<String, String> {
    let known = choices(Field::ClosingReason);
    let wanted = text.to_uppercase().replace('-', "_");
    match known.contains(&&*wanted) {
        true => Ok(wanted),
        false => Err(format!("known reasons are {}", known.join(", "))),
    }
}
