//! What clients ask for: kept as a row, answered by a report that is queued with it.

#[cfg(test)]
mod tests;

use std::str::FromStr;

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding, Severity};
use dropcase_parsers::record::{Record, Value};

use super::work::Desk;
use crate::checks::alpha2;
use crate::model::{Answer, OutboxKind, RequestKind};
use crate::search::CaseState;
use crate::store::StoreError;
use crate::store::db::{Tx, in_tx, queries};
use crate::store::outbox;

pub(crate) mod sql {
    use super::queries;
    queries! {
        REQUEST = both "insert into requests (client_id, kind, creditor, case_number, client_reference, debtor_name, \
            street, postal_code, city, debtor_country, status, since, until, act_id, part, sequence) \
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id";
        ASKED = both "select count(*) from requests where act_id = $1";
    }
}

/// Requests of one file that are answered: each costs a search and a file.
const MOST: i64 = 200;

/// Formats of an answer.
const FORMATS: [&str; 5] = ["csv", "xlsx", "xml", "json", "html"];

/// The fields of which one must name the case that is wanted in full.
const REFERENCES: [Field; 5] = [
    Field::CaseNumber,
    Field::ClientReference,
    Field::DebtorNumber,
    Field::InvoiceNumber,
    Field::ContractNumber,
];

/// A request that a record makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewRequest {
    kind: RequestKind,
    creditor: Option<String>,
    case_number: Option<String>,
    client_reference: Option<String>,
    debtor_name: Option<String>,
    street: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    debtor_country: Option<String>,
    status: CaseState,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    format: &'static str,
    by_mail: bool,
    /// Part and sequence of the record.
    place: (i64, i64),
}

/// Reads what a record asks for; `before` requests of its file were taken.
///
/// # Errors
/// A word that is not understood is refused: whoever asks for something else than is answered is misled. So is a request
/// for one case that names none, and any of somebody who has no cases of their own.
pub(super) fn ask(desk: &Desk<'_>, record: &Record, before: i64) -> Result<NewRequest, Finding> {
    if desk.asker.is_none() {
        return Err(Finding::new(Code::RecordTypeNotTaken).field(Field::RecordType));
    }
    if before >= MOST {
        return Err(Finding::new(Code::TooManyRequests).arg("limit", MOST));
    }
    let kind = choice(record, Field::RequestKind)?.unwrap_or(RequestKind::Cases);
    let text = |field| record.text(field).map(str::to_owned);
    let reference = REFERENCES[1..].iter().find_map(|field| text(*field));
    let case_number = text(Field::CaseNumber);
    if kind == RequestKind::Case && case_number.is_none() && reference.is_none() {
        let others: Vec<&str> = REFERENCES[1..].iter().map(|field| field.as_str()).collect();
        let finding = Finding::new(Code::Required).field(Field::CaseNumber);
        return Err(finding.arg("or", others.join(", ")));
    }
    let status = choice(record, Field::Status)?;
    let format = record.text(Field::Format).unwrap_or("csv");
    let format = FORMATS.into_iter().find(|known| *known == format);
    Ok(NewRequest {
        kind,
        creditor: creditor(desk, record)?,
        case_number,
        client_reference: reference,
        debtor_name: name(record),
        street: street(record),
        postal_code: text(Field::PostalCode),
        city: text(Field::City),
        debtor_country: country(record)?,
        // Who names one case wants it, closed or not.
        status: status.unwrap_or(match kind {
            RequestKind::Cases => CaseState::Open,
            RequestKind::Case => CaseState::All,
        }),
        since: record.date(Field::From),
        until: record.date(Field::To).or_else(|| record.date(Field::Until)),
        format: format.ok_or_else(|| not_allowed(record, Field::Format))?,
        by_mail: matches!(record.get(Field::ReplyByMail), Some(Value::Bool(true))),
        place: (
            i64::from(record.position.part),
            i64::try_from(record.position.sequence).unwrap_or(i64::MAX),
        ),
    })
}

fn not_allowed(record: &Record, field: Field) -> Finding {
    let finding = Finding::new(Code::ValueNotAllowed).field(field);
    match record.text(field) {
        Some(text) => finding.value(text),
        None => finding,
    }
}

/// A word out of a list.
fn choice<T: FromStr>(record: &Record, field: Field) -> Result<Option<T>, Finding> {
    let word = record.text(field).map(str::parse).transpose();
    word.map_err(|_| not_allowed(record, field))
}

/// The creditor, where the client has several and the record names one.
fn creditor(desk: &Desk<'_>, record: &Record) -> Result<Option<String>, Finding> {
    match record.text(Field::Creditor) {
        Some(code) if desk.scope.creditors.len() > 1 => {
            if desk.scope.knows(code) {
                Ok(Some(code.to_owned()))
            } else {
                Err(Finding::new(Code::UnknownCreditor).field(Field::Creditor).value(code))
            }
        }
        _ => Ok(None),
    }
}

/// The name that is looked for: a column `Name` was taken for the debtor's own.
fn name(record: &Record) -> Option<String> {
    let fields = [Field::DebtorName, Field::CompanyName, Field::FirstName, Field::LastName];
    join(record, &fields)
}

fn street(record: &Record) -> Option<String> {
    join(record, &[Field::Street, Field::HouseNumber])
}

fn join(record: &Record, fields: &[Field]) -> Option<String> {
    let words: Vec<&str> = fields.iter().filter_map(|field| record.text(*field)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn country(record: &Record) -> Result<Option<String>, Finding> {
    let found = [Field::DebtorCountry, Field::Country]
        .into_iter()
        .find_map(|field| Some((field, record.text(field)?)));
    let Some((field, text)) = found else { return Ok(None) };
    let code = alpha2(text).ok_or_else(|| {
        let finding = Finding::new(Code::UnknownCountry).severity(Severity::Error);
        finding.field(field).value(text)
    })?;
    Ok(Some(code.to_owned()))
}

/// How many requests this act has kept.
pub(super) async fn kept(tx: &mut Tx, desk: &Desk<'_>) -> Result<i64, StoreError> {
    Ok(in_tx!(tx, sql::ASKED, |conn, text| sqlx::query_scalar(text)
        .bind(desk.act)
        .fetch_one(&mut *conn)
        .await)?)
}

/// Keeps requests and queues their answers.
pub(super) async fn write(tx: &mut Tx, desk: &Desk<'_>, requests: &[NewRequest]) -> Result<(), StoreError> {
    let Some((client, delivery)) = desk.asker else {
        return Ok(());
    };
    for new in requests {
        let id: i64 = in_tx!(tx, sql::REQUEST, |conn, text| sqlx::query_scalar(text)
            .bind(client)
            .bind(new.kind)
            .bind(new.creditor.as_deref())
            .bind(new.case_number.as_deref())
            .bind(new.client_reference.as_deref())
            .bind(new.debtor_name.as_deref())
            .bind(new.street.as_deref())
            .bind(new.postal_code.as_deref())
            .bind(new.city.as_deref())
            .bind(new.debtor_country.as_deref())
            .bind(new.status)
            .bind(new.since)
            .bind(new.until)
            .bind(desk.act)
            .bind(new.place.0)
            .bind(new.place.1)
            .fetch_one(&mut *conn)
            .await)?;
        let mut answer = Answer::new(OutboxKind::Report, new.format);
        let announce = if new.by_mail {
            vec![new.format.to_uppercase()]
        } else {
            Vec::new()
        };
        answer.params = serde_json::json!({ "report": "request", "request": id, "announce": announce }).to_string();
        outbox::add(tx, client, Some(delivery), &answer, desk.now).await?;
    }
    Ok(())
}
