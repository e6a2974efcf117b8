//! The list of the back office: records on cases, one example of each type.
//!
//! The example lines name a case that does not exist: left in by mistake they are rejected.

use chrono::NaiveDate;
use dropcase_config::Client;
use dropcase_parsers::fields::Field;

use super::guide::Guide;
use super::list::Form;
use crate::language::{Language, digits_of};
use crate::writers::Cell;

/// The record types of the back office.
pub(super) const OWN: [&str; 11] = [
    "agency_payment",
    "cost",
    "write_off",
    "history_entry",
    "status_change",
    "handler_change",
    "reply",
    "query",
    "payment_plan",
    "payout",
    "close",
];

/// Those of clients that mean the same from either side.
const SHARED: [&str; 9] = [
    "document",
    "credit_note",
    "credit_note_cancellation",
    "recall",
    "hold",
    "resume",
    "address_change",
    "address_search",
    "dispute",
];

/// The columns of the list.
const FIELDS: [Field; 17] = [
    Field::RecordType,
    Field::CaseNumber,
    Field::InvoiceNumber,
    Field::Amount,
    Field::Currency,
    Field::ValueDate,
    Field::PaymentNumber,
    Field::AllocateTo,
    Field::FeeRate,
    Field::Reason,
    Field::Text,
    Field::ReplyByMail,
    Field::EntryKind,
    Field::Visibility,
    Field::Stage,
    Field::Handler,
    Field::ClosingReason,
];

/// What else its records may say.
const OTHERS: [Field; 14] = [
    Field::DebtorNumber,
    Field::ContractNumber,
    Field::EndToEndId,
    Field::Attachment,
    Field::Until,
    Field::Street,
    Field::HouseNumber,
    Field::AddressExtra,
    Field::PostalCode,
    Field::City,
    Field::Country,
    Field::Email,
    Field::Phone,
    Field::Mobile,
];

/// What explains it.
pub(super) fn guide() -> Guide {
    Guide {
        fields: FIELDS.into_iter().chain(OTHERS).collect(),
        record_types: [OWN.as_slice(), &SHARED].concat(),
        needed: None,
        intro: "office-records-intro",
    }
}

/// The list of a back-office account.
pub(super) fn form(client: &Client) -> Form {
    let language = Language::of(client.locale);
    let line = |record_type: &&str| {
        let cells = FIELDS
            .iter()
            .map(|field| example(client, language, record_type, *field));
        cells.collect()
    };
    Form {
        fields: FIELDS.to_vec(),
        lines: OWN.iter().map(line).collect(),
        sheet: "office-list-sheet",
        guide: guide(),
    }
}

/// What the example of a record type says in a field.
fn example(client: &Client, language: &Language, record_type: &str, field: Field) -> Cell<'static> {
    let text = |text: String| Cell::text(Some(text));
    let choice = |list: &str, code: &str| text(language.choice(list, code));
    let numbered = |letter: &str| text(format!("{}-{letter}-1", language.word("example-number")));
    let money = |whole: i64| {
        let digits = digits_of(&client.currency);
        Cell::Money {
            minor: whole * 10_i64.pow(digits),
            digits,
        }
    };
    let amount = match record_type {
        "agency_payment" | "payment_plan" => Some(50),
        "cost" => Some(12),
        "payout" => Some(45),
        _ => None,
    };
    match (field, record_type) {
        (Field::RecordType, _) => choice("record", record_type),
        (Field::CaseNumber, _) => text(format!("{}-1", language.word("example-number"))),
        (Field::Amount, _) => amount.map_or(Cell::Empty, money),
        (Field::Currency, _) if amount.is_some() => text(client.currency.clone()),
        (Field::ValueDate, _) if amount.is_some() => {
            NaiveDate::from_ymd_opt(2099, 2, 1).map_or(Cell::Empty, Cell::Date)
        }
        (Field::PaymentNumber, "agency_payment") => numbered("B"),
        (Field::PaymentNumber, "cost") => numbered("K"),
        (Field::Text, "history_entry" | "reply" | "query") | (Field::Reason, _) => text(language.word("example-hint")),
        (Field::EntryKind, "history_entry") => choice("history", "call"),
        (Field::Visibility, "history_entry") => choice("choice-visibility", "client"),
        (Field::Stage, "status_change") => choice("stage", "judicial_dunning"),
        (Field::Handler, "handler_change") => text(language.word("example-handler")),
        (Field::ClosingReason, "close") => text("FULL_PAYMENT".to_owned()),
        _ => Cell::Empty,
    }
}
