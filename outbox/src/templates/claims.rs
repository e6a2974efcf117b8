//! The hand-over list of a client: claims.
//!
//! The example lines bear dates far in the future: left in by mistake they are rejected and never become cases.

use chrono::NaiveDate;
use dropcase_config::Client;
use dropcase_parsers::fields::Field;

use super::guide::Guide;
use super::list::Form;
use crate::language::{Language, digits_of};
use crate::writers::Cell;

/// The record type that the list is for.
const RECORD_TYPE: &str = "new_claim";

/// The record types that clients may send.
const RECORD_TYPES: [&str; 17] = [
    "new_claim",
    "additional_claim",
    "debtor",
    "direct_payment",
    "payment_cancellation",
    "credit_note",
    "credit_note_cancellation",
    "recall",
    "hold",
    "resume",
    "address_change",
    "address_search",
    "dispute",
    "document",
    "message",
    "answer",
    "request",
];

/// The columns; `creditor` comes first where a client has several.
const FIELDS: [Field; 24] = [
    Field::DebtorNumber,
    Field::ActsAs,
    Field::Salutation,
    Field::FirstName,
    Field::LastName,
    Field::CompanyName,
    Field::Street,
    Field::HouseNumber,
    Field::PostalCode,
    Field::City,
    Field::Country,
    Field::Email,
    Field::Phone,
    Field::BirthDate,
    Field::InvoiceNumber,
    Field::InvoiceDate,
    Field::DueDate,
    Field::ReminderDate,
    Field::PrincipalAmount,
    Field::Currency,
    Field::DunningCosts,
    Field::ClaimReason,
    Field::ContractDate,
    Field::Memo,
];

/// What explains it.
pub(super) fn guide() -> Guide {
    Guide {
        fields: Field::ALL.to_vec(),
        record_types: RECORD_TYPES.to_vec(),
        needed: Some(RECORD_TYPE),
        intro: "guide-records-intro",
    }
}

/// The list of a client.
pub(super) fn form(client: &Client) -> Form {
    let language = Language::of(client.locale);
    let fields = fields(client);
    let line = |line| {
        let cells = fields.iter().map(|field| example(client, language, *field, line));
        cells.collect()
    };
    Form {
        lines: vec![line(0), line(1)],
        fields,
        sheet: "list-sheet",
        guide: guide(),
    }
}

fn fields(client: &Client) -> Vec<Field> {
    let creditor = (!client.creditors.is_empty()).then_some(Field::Creditor);
    creditor.into_iter().chain(FIELDS).collect()
}

/// What example line `line` (0 a consumer, 1 a company) says in a field.
fn example(client: &Client, language: &Language, field: Field, line: usize) -> Cell<'static> {
    let text = |texts: [&str; 2]| Cell::text(Some(texts[line].to_owned()).filter(|text| !text.is_empty()));
    let word = |keys: [&str; 2]| Cell::text(Some(language.word(keys[line])));
    let date = |month, day| NaiveDate::from_ymd_opt(2099, month, day).map_or(Cell::Empty, Cell::Date);
    let money = |whole: [i64; 2]| {
        let digits = digits_of(&client.currency);
        Cell::Money {
            minor: whole[line] * 10_i64.pow(digits),
            digits,
        }
    };
    match field {
        Field::Creditor => Cell::text(client.creditors.first().map(|creditor| creditor.code.clone())),
        Field::DebtorNumber => Cell::text(Some(format!("{}-{}", language.word("example-number"), line + 1))),
        Field::ActsAs => word(["choice-acts_as-consumer", "choice-acts_as-business"]),
        Field::Salutation => word(["choice-salutation-ms", "choice-salutation-company"]),
        Field::FirstName => text(["Erika", ""]),
        Field::LastName => text(["Mustermann", ""]),
        Field::CompanyName => text(["", "Muster GmbH"]),
        Field::Street => text(["Musterstraße", "Beispielweg"]),
        Field::HouseNumber => text(["5a", "12"]),
        Field::PostalCode => text(["01067", "20095"]),
        Field::City => text(["Dresden", "Hamburg"]),
        Field::Country => text(["DE", "DE"]),
        Field::Email => text(["erika@example.com", "muster@example.org"]),
        Field::InvoiceNumber => Cell::text(Some(format!("{}-R-{}", language.word("example-number"), line + 1))),
        Field::InvoiceDate => date(1, 15),
        Field::DueDate => date(1, 31),
        Field::ReminderDate => date(2, 15),
        Field::ContractDate => date(1, 2),
        Field::PrincipalAmount => money([120, 1_250]),
        Field::DunningCosts => money([5, 10]),
        Field::Currency => Cell::text(Some(client.currency.clone())),
        Field::ClaimReason => word(["example-reason", "example-service"]),
        Field::Memo => Cell::text(Some(language.word("example-hint"))),
        _ => Cell::Empty,
    }
}
