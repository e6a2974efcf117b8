//! The rows that a planned batch writes.

use chrono::{DateTime, NaiveDate, Utc};
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;

use super::money;
use super::plan::{CasePlan, Plan, Verdict};
use super::sift::Entry;
use super::{ids, number, tables};
use crate::model::{BookingKind, Payment, Processing, Stage, Visibility};
use crate::store::StoreError;
use crate::store::bulk::Rows;
use crate::store::db::{Tx, in_tx, queries};

pub(crate) mod sql {
    use super::queries;

    macro_rules! set_payment {
        ($ids:literal) => {
            concat!(
                "update cases set payment = (select case when coalesce(sum(case when b.kind = 'payment' then b.amount \
                 else 0 end), 0) = 0 then 'unpaid' when sum(b.amount) > 0 then 'partially_paid' else 'fully_paid' end \
                 from bookings b where b.case_id = cases.id) where id in (",
                $ids,
                ")"
            )
        };
    }

    queries! {
        /// What was paid on cases, told by their ledger.
        SET_PAYMENT = , sqlite set_payment!("select value->>0 from json_each($1)"),
            postgres set_payment!("select (v->>0)::bigint from jsonb_array_elements(cast($1 as text)::jsonb) as t(v)");
    }
}

/// What all rows of an import have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common {
    /// The client.
    pub(super) client: i64,
    /// The delivery.
    pub(super) delivery: i64,
    /// Who handed it over.
    pub(super) actor: i64,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// The day.
    pub(super) today: NaiveDate,
}

/// Where an accepted claim went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Booked {
    /// The claim's row.
    pub(super) claim: i64,
    /// Number of its case.
    pub(super) case_number: String,
}

/// A case of a slot with its row.
struct OpenCase {
    id: i64,
    number: String,
    is_new: bool,
    paid: bool,
    claims: usize,
    payment: bool,
}

/// Writes what the plan says; for each entry the claim that was booked.
pub(super) async fn apply(
    tx: &mut Tx,
    common: &Common,
    entries: &[Entry],
    plan: &Plan<'_>,
) -> Result<Vec<Option<Booked>>, StoreError> {
    let debtors = write_debtors(tx, common, plan).await?;
    let mut cases = write_cases(tx, common, plan, &debtors).await?;
    let is_claim = |verdict: &&Verdict| matches!(verdict, Verdict::Accepted { case: Some(_), .. });
    let mut claim_ids = ids::take(tx, ids::Table::Claims, plan.verdicts.iter().filter(is_claim).count())
        .await?
        .into_iter();

    let (mut claims, mut bookings, mut history) = (Rows::default(), Rows::default(), Rows::default());
    let mut booked = Vec::with_capacity(entries.len());
    for (entry, verdict) in entries.iter().zip(&plan.verdicts) {
        let (Verdict::Accepted { slot, case: Some(case) }, Some(good)) = (verdict, &entry.good) else {
            booked.push(None);
            continue;
        };
        let claim = claim_ids.next().ok_or(sqlx::Error::RowNotFound)?;
        let case = &mut cases[*slot][*case];
        write_claim(&mut claims, common, entry, good.creditor, (case.id, claim));
        let paid = write_bookings(&mut bookings, common, &entry.record, (case.id, claim));
        case.payment |= paid || case.paid;
        write_history(&mut history, common, case, claim);
        case.claims += 1;
        booked.push(Some(Booked {
            claim,
            case_number: case.number.clone(),
        }));
    }
    tables::CLAIMS.insert(tx, claims).await?;
    tables::BOOKINGS.insert(tx, bookings).await?;
    tables::HISTORY.insert(tx, history).await?;
    set_payment(tx, cases.iter().flatten().filter(|case| case.payment)).await?;
    Ok(booked)
}

/// Adds or completes the debtors that the batch speaks of; the row of each slot.
async fn write_debtors(tx: &mut Tx, common: &Common, plan: &Plan<'_>) -> Result<Vec<i64>, StoreError> {
    let new = plan
        .slots
        .iter()
        .filter(|slot| slot.touched && slot.known.is_none())
        .count();
    let mut fresh = ids::take(tx, ids::Table::Debtors, new).await?.into_iter();
    let (mut debtors, mut contacts, mut accounts) = (Rows::default(), Rows::default(), Rows::default());
    let mut rows = Vec::with_capacity(plan.slots.len());
    for slot in &plan.slots {
        if !slot.touched {
            // Every record about it was turned away: nothing points to it.
            rows.push(slot.known.unwrap_or_default());
            continue;
        }
        let id = match slot.known {
            Some(id) => id,
            None => fresh.next().ok_or(sqlx::Error::RowNotFound)?,
        };
        rows.push(id);
        let (creditor, number) = slot.key;
        debtors.row().int(id).int(common.client).int(creditor).text(number);
        slot.master.write(&mut debtors);
        debtors
            .text(slot.name_key.as_deref().unwrap_or_default())
            .time(common.at);
        for (kind, value) in &slot.master.contacts {
            contacts.row().int(id).text(kind.as_str()).text(*value);
        }
        for (iban, bic, holder) in &slot.master.accounts {
            accounts.row().int(id).text(*iban).text(*bic).text(*holder);
        }
    }
    tables::DEBTORS.insert(tx, debtors).await?;
    tables::CONTACTS.insert(tx, contacts).await?;
    tables::ACCOUNTS.insert(tx, accounts).await?;
    Ok(rows)
}

/// Opens the new cases of the batch; the cases of each slot with their rows.
async fn write_cases(
    tx: &mut Tx,
    common: &Common,
    plan: &Plan<'_>,
    debtors: &[i64],
) -> Result<Vec<Vec<OpenCase>>, StoreError> {
    let is_new = |case: &&CasePlan| matches!(case, CasePlan::New { .. });
    let count = plan.slots.iter().flat_map(|slot| &slot.cases).filter(is_new).count();
    let mut ids = ids::take(tx, ids::Table::Cases, count).await?.into_iter();
    let mut numbers = number::take(tx, count).await?.into_iter();
    let mut rows = Rows::default();
    let mut opened = Vec::with_capacity(plan.slots.len());
    for (slot, debtor) in plan.slots.iter().zip(debtors) {
        let mut cases = Vec::with_capacity(slot.cases.len());
        for case in &slot.cases {
            cases.push(match case {
                CasePlan::Known(case) => OpenCase {
                    id: case.id,
                    number: case.number.clone(),
                    is_new: false,
                    paid: case.paid,
                    claims: 0,
                    payment: false,
                },
                CasePlan::New { currency } => {
                    let id = ids.next().ok_or(sqlx::Error::RowNotFound)?;
                    let number = numbers.next().ok_or(sqlx::Error::RowNotFound)?;
                    rows.row()
                        .int(id)
                        .text(&*number)
                        .int(common.client)
                        .int(slot.key.0)
                        .int(*debtor);
                    rows.text(&**currency)
                        .text(Stage::Extrajudicial.as_str())
                        .text(Processing::InProgress.as_str());
                    rows.text(Payment::Unpaid.as_str()).time(common.at);
                    OpenCase {
                        id,
                        number,
                        is_new: true,
                        paid: false,
                        claims: 0,
                        payment: false,
                    }
                }
            });
        }
        opened.push(cases);
    }
    tables::CASES.insert(tx, rows).await?;
    Ok(opened)
}

fn write_claim(rows: &mut Rows, common: &Common, entry: &Entry, creditor: i64, (case, claim): (i64, i64)) {
    let record = &entry.record;
    rows.row()
        .int(claim)
        .int(case)
        .int(creditor)
        .text(entry.debtor_number())
        .text(entry.reference());
    rows.text(record.text(Field::InvoiceNumber))
        .text(record.text(Field::ContractNumber));
    for field in [
        Field::InvoiceDate,
        Field::DueDate,
        Field::ReminderDate,
        Field::DefaultDate,
        Field::ContractDate,
    ] {
        rows.date(record.date(field));
    }
    rows.int(record.money(Field::OriginalAmount))
        .int(record.money(Field::PrincipalAmount))
        .text(entry.currency());
    rows.int(percent(record, Field::InterestRate));
    for field in [
        Field::InterestReason,
        Field::ClaimReason,
        Field::ClaimTypeCode,
        Field::OriginalCreditor,
        Field::TitleKind,
    ] {
        rows.text(record.text(field));
    }
    rows.date(record.date(Field::TitleDate));
    for field in [Field::TitleCourt, Field::TitleReference, Field::JointDebtorOf] {
        rows.text(record.text(field));
    }
    rows.bool(is_true(record, Field::Disputed))
        .text(record.text(Field::Memo))
        .text(extra(record).as_deref());
    let position = record.position;
    rows.int(common.delivery)
        .int(i64::from(position.part))
        .int(sequence(record))
        .time(common.at);
}

/// Writes the bookings of a claim; says whether a payment is among them.
fn write_bookings(rows: &mut Rows, common: &Common, record: &Record, (case, claim): (i64, i64)) -> bool {
    let mut paid = false;
    let currency = record.text(Field::Currency);
    for (kind, amount, value_date) in money::bookings(record, common.today) {
        paid |= kind == BookingKind::Payment;
        rows.row()
            .int(case)
            .int(claim)
            .text(kind.as_str())
            .int(amount)
            .text(currency)
            .date(value_date);
        rows.time(common.at)
            .int(common.delivery)
            .int(i64::from(record.position.part))
            .int(sequence(record));
        rows.int(common.actor);
    }
    paid
}

/// One entry for a case that was opened, one for each further claim.
fn write_history(rows: &mut Rows, common: &Common, case: &OpenCase, claim: i64) {
    let kind = if case.is_new && case.claims == 0 {
        "opened"
    } else {
        "claim_added"
    };
    rows.row()
        .int(case.id)
        .time(common.at)
        .text(kind)
        .text(Visibility::Client.as_str());
    rows.text(format!("{{\"claim_id\":{claim}}}").as_str())
        .int(common.delivery)
        .int(common.actor);
}

async fn set_payment(tx: &mut Tx, cases: impl Iterator<Item = &OpenCase>) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    for case in cases {
        rows.row().int(case.id);
    }
    if !rows.is_empty() {
        in_tx!(tx, sql::SET_PAYMENT, |conn, text| sqlx::query(text)
            .bind(rows.finish())
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

fn percent(record: &Record, field: Field) -> Option<i64> {
    match record.get(field)? {
        dropcase_parsers::record::Value::Percent(rate) => Some(*rate),
        _ => None,
    }
}

fn is_true(record: &Record, field: Field) -> bool {
    matches!(record.get(field), Some(dropcase_parsers::record::Value::Bool(true)))
}

pub(super) fn sequence(record: &Record) -> i64 {
    i64::try_from(record.position.sequence).unwrap_or(i64::MAX)
}

/// Unknown columns as a JSON object; of two columns with one header the last counts.
fn extra(record: &Record) -> Option<String> {
    if record.extra.is_empty() {
        return None;
    }
    let object: serde_json::Map<String, serde_json::Value> = record
        .extra
        .iter()
        .map(|(header, value)| (header.clone(), value.clone().into()))
        .collect();
    Some(serde_json::Value::Object(object).to_string())
}
