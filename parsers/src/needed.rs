//! What a record needs: group B rejects it, group L is asked for before the first letter.

use crate::catalogue::Language;
use crate::fields::Field;
use crate::finding::{Code, Finding};
use crate::job::Job;
use crate::layout::mapping::Mapping;
use crate::record::Record;
use crate::statement::settle::RETURN;

/// One of these fields must be there.
type AnyOf = &'static [Field];

/// The claim, the case or the debtor that a record is about.
const REFERENCE: AnyOf = &[
    Field::CaseNumber,
    Field::DebtorNumber,
    Field::InvoiceNumber,
    Field::ContractNumber,
];
const DEBTOR: AnyOf = &[Field::CaseNumber, Field::DebtorNumber];
const NAME: AnyOf = &[Field::LastName, Field::CompanyName];
const CLAIM: AnyOf = &[Field::InvoiceNumber, Field::ContractNumber];
const CLAIM_DATE: AnyOf = &[Field::InvoiceDate, Field::DueDate, Field::ContractDate];
/// A payment on the agency's account: its case, or what its case can be found by.
const PAYMENT: AnyOf = &[
    Field::CaseNumber,
    Field::DebtorNumber,
    Field::InvoiceNumber,
    Field::ContractNumber,
    Field::Text,
    Field::EndToEndId,
    Field::PaymentNumber,
];
const AMOUNT: AnyOf = &[Field::Amount];
const TEXT: AnyOf = &[Field::Text];

const NEW_CLAIM: &[AnyOf] = &[
    &[Field::DebtorNumber],
    NAME,
    CLAIM,
    CLAIM_DATE,
    &[Field::PrincipalAmount],
];
const ADDITIONAL_CLAIM: &[AnyOf] = &[DEBTOR, CLAIM, CLAIM_DATE, &[Field::PrincipalAmount]];

/// Group B by record type (DOMAIN, "Canonical handover record" and "Record types").
fn groups(record_type: &str) -> &'static [AnyOf] {
    match record_type {
        "new_claim" => NEW_CLAIM,
        "additional_claim" => ADDITIONAL_CLAIM,
        "direct_payment" => &[REFERENCE, AMOUNT, &[Field::ValueDate]],
        "payment_cancellation" | "credit_note_cancellation" => &[&[Field::PaymentNumber]],
        "credit_note" => &[REFERENCE, AMOUNT],
        "recall" | "hold" | "resume" | "dispute" | "write_off" | "handler_change" => &[REFERENCE],
        "status_change" => &[REFERENCE, &[Field::Stage]],
        "address_change" | "address_search" => &[DEBTOR],
        "message" | "answer" => &[REFERENCE, TEXT],
        "document" => &[REFERENCE, &[Field::Attachment]],
        "debtor" => &[&[Field::DebtorNumber], NAME],
        "agency_payment" => &[PAYMENT, AMOUNT, &[Field::ValueDate]],
        "cost" => &[REFERENCE, &[Field::Amount, Field::FeeRate]],
        "payment_plan" | "payout" => &[REFERENCE, AMOUNT],
        "history_entry" | "reply" | "query" => &[REFERENCE, TEXT],
        "close" => &[REFERENCE, &[Field::ClosingReason]],
        // An empty search finds all open cases.
        "request" => &[],
        _ => &[],
    }
}

/// The groups of fields that records of `record_type` need: of each group one (a master client's `creditor` aside).
pub fn needed_by(record_type: &str) -> &'static [&'static [Field]] {
    groups(record_type)
}

/// How a record of a type needs a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Group B: the record is rejected without it.
    Record,
    /// Group B: this or another field of its group is needed.
    OneOf,
    /// Group L: needed before the first letter.
    Letter,
    /// Optional.
    Optional,
}

impl Field {
    /// How records of `record_type` need this field (a master client's `creditor` aside).
    pub fn needed(self, record_type: &str) -> Need {
        match groups(record_type).iter().find(|group| group.contains(&self)) {
            Some(group) if group.len() == 1 => Need::Record,
            Some(_) => Need::OneOf,
            None if is_claim(record_type) && LETTER.contains(&self) => Need::Letter,
            None => Need::Optional,
        }
    }
}

/// Group L of a claim.
const LETTER: &[Field] = &[
    Field::FirstName,
    Field::Street,
    Field::HouseNumber,
    Field::PostalCode,
    Field::City,
    Field::ClaimReason,
    Field::ContractDate,
];

/// The record types that hand a claim over.
pub fn is_claim(record_type: &str) -> bool {
    matches!(record_type, "new_claim" | "additional_claim")
}

/// Whether two columns for `field` make the file unreadable: a claim is known by it or counts on it.
pub fn identifies(field: Field) -> bool {
    field == Field::Creditor || NEW_CLAIM.iter().any(|group| group.contains(&field))
}

/// Adds what `record` lacks to its findings; nothing where its type is unknown.
pub fn check(record: &mut Record, job: &Job, mapping: &Mapping) {
    let Some(record_type) = record.text(Field::RecordType) else {
        return;
    };
    let groups = groups(record_type);
    let claim = is_claim(record_type);
    // An additional claim goes to a debtor whose address is known.
    let new = record_type == "new_claim";
    let creditor: AnyOf = &[Field::Creditor];
    let creditor = (claim && job.creditor_required).then_some(creditor);
    // A bank does not know our numbers: the case desk looks for the payment of a return.
    let groups = if is_return(record) { &[] } else { groups };
    for group in groups.iter().copied().chain(creditor) {
        // A value that is there and cannot be read has a finding of its own.
        let unread = |field: &Field| record.findings.iter().any(|finding| finding.field == Some(*field));
        if !group.iter().any(|field| record.get(*field).is_some() || unread(field)) {
            record.findings.push(lacking(Code::Required, group, mapping));
        }
    }
    if new {
        letter(record, mapping);
    }
}

/// Whether a record takes a payment back as a bank does: by its amount and a reference other than the payment's number.
fn is_return(record: &Record) -> bool {
    let referred = [Field::EndToEndId, Field::BankReference];
    record.text(Field::RecordType) == Some(RETURN)
        && record.get(Field::Amount).is_some()
        && referred.iter().any(|field| record.get(*field).is_some())
}

/// What the first letter lacks.
fn letter(record: &mut Record, mapping: &Mapping) {
    let company = record.get(Field::CompanyName).is_some();
    let number_in_street = record
        .text(Field::Street)
        .is_some_and(|street| street.bytes().any(|byte| byte.is_ascii_digit()));
    for field in LETTER {
        let not_asked = match field {
            Field::FirstName => company || record.get(Field::LastName).is_none(),
            // A post office box, or a place without house numbers, stands in the street.
            Field::HouseNumber => number_in_street || record.get(Field::Street).is_none(),
            _ => false,
        };
        if !not_asked && record.get(*field).is_none() {
            record
                .findings
                .push(lacking(Code::NeededBeforeLetter, std::slice::from_ref(field), mapping));
        }
    }
}

fn lacking(code: Code, group: &[Field], mapping: &Mapping) -> Finding {
    let mut finding = Finding::new(code);
    if let [first, others @ ..] = group {
        finding = finding.field(*first);
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(|field| field.as_str()).collect();
            finding = finding.arg("or", names.join(", "));
        }
    }
    let column = group.iter().find_map(|field| mapping.column_of(*field));
    match column.and_then(|index| Some((u32::try_from(index).ok()?, mapping.columns.get(index)?))) {
        Some((index, column)) => finding.column(index, Some(&column.header).filter(|h| !h.is_empty()).map(|h| &**h)),
        None => finding,
    }
}

/// The groups of needed columns that a list of new claims lacks altogether, as findings of the file.
///
/// Lists with a column for the record type are judged record by record.
pub fn missing_columns(mapping: &Mapping, job: &Job) -> Vec<Finding> {
    let own = mapping.own.and_then(|own| job.layouts.get(own));
    let supplied = |field: Field| own.is_some_and(|layout| layout.defaults.contains_key(&field));
    let brings = |field: Field| mapping.brings(field) || supplied(field);
    if brings(Field::RecordType) || mapping.requests {
        return Vec::new();
    }
    let has = |group: &[Field]| {
        group.iter().any(|field| match field {
            Field::PrincipalAmount => brings(*field) || brings(Field::Amount),
            Field::DebtorNumber => brings(*field) || (job.debtor_number_from_invoice && brings(Field::InvoiceNumber)),
            field => brings(*field),
        })
    };
    let creditor: AnyOf = &[Field::Creditor];
    let creditor = job.creditor_required.then_some(creditor);
    NEW_CLAIM
        .iter()
        .copied()
        .chain(creditor)
        .filter(|group| !has(group))
        .map(missing_column)
        .collect()
}

/// The headers by which a list of claims is known, for the finding that none was recognised.
pub fn looked_for() -> String {
    let fields = NEW_CLAIM.iter().filter_map(|group| group.first());
    let headers = fields.flat_map(|field| Language::ALL.iter().map(|language| field.header(*language)));
    headers.collect::<Vec<_>>().join(", ")
}

fn missing_column(group: AnyOf) -> Finding {
    let headers: Vec<&str> = group
        .iter()
        .flat_map(|field| Language::ALL.iter().map(|language| field.header(*language)))
        .collect();
    let finding = Finding::new(Code::MissingColumn).arg("expected", headers.join(", "));
    let fields: Vec<&str> = group.iter().map(|field| field.as_str()).collect();
    let finding = finding.arg("fields", fields.join(", "));
    match group.first() {
        Some(field) => finding.field(*field),
        None => finding,
    }
}
