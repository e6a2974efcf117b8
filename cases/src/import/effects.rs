//! The rows that a planned batch writes.

use std::collections::HashSet;

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;

use super::ids::{Need, Taken};
use super::money;
use super::plan::{CasePlan, Plan, Verdict};
use super::sift::Entry;
use super::writer::Later;
use crate::model::BookingKind;
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
        SET_PAYMENT = , sqlite set_payment!("select value->>'$[0][0]' from json_each($1)"),
            postgres set_payment!("select (v->0->>0)::bigint from jsonb_array_elements(cast($1 as text)::jsonb) as t(v)");
    }
}

/// Where an accepted claim went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Booked {
    /// The claim's row.
    pub(super) claim: i64,
    /// Number of its case.
    pub(super) case_number: String,
}

/// The rows of a batch.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// Of `debtors`, new ones and known ones to be completed.
    pub(super) debtors: Rows,
    /// Of `cases`.
    pub(super) cases: Rows,
    /// Of `claims`.
    pub(super) claims: Rows,
    /// What the next batch is not held against.
    pub(super) later: Later,
    /// For each entry the claim that was booked.
    pub(super) booked: Vec<Option<Booked>>,
    /// The cases on which payments were booked.
    pub(super) paid: HashSet<i64>,
}

/// A case of a slot with its row.
struct OpenCase {
    id: i64,
    number: String,
    is_new: bool,
    paid: bool,
    claims: usize,
}

/// The new rows that a plan needs.
pub(super) fn need(plan: &Plan<'_>) -> Need {
    let is_claim = |verdict: &&Verdict| matches!(verdict, Verdict::Accepted { case: Some(_), .. });
    let is_new = |case: &&CasePlan| matches!(case, CasePlan::New { .. });
    Need {
        debtors: plan
            .slots
            .iter()
            .filter(|slot| slot.touched && slot.known.is_none())
            .count(),
        cases: plan.slots.iter().flat_map(|slot| &slot.cases).filter(is_new).count(),
        claims: plan.verdicts.iter().filter(is_claim).count(),
    }
}

/// The rows of a planned batch. `taken` holds at least what it [`need`]s; `paid` are the cases on which the batch before
/// booked payments, which this one's lookup has not seen.
pub(super) fn build(
    entries: &[Entry],
    plan: &Plan<'_>,
    taken: Taken,
    today: NaiveDate,
    paid: &HashSet<i64>,
) -> Result<Effects, StoreError> {
    let mut effects = Effects::default();
    let debtors = effects.debtors(plan, taken.debtors)?;
    let mut cases = effects.cases(plan, &debtors, taken.cases, taken.numbers)?;
    let mut claim_ids = taken.claims.into_iter();
    for (entry, verdict) in entries.iter().zip(&plan.verdicts) {
        let (Verdict::Accepted { slot, case: Some(case) }, Some(good)) = (verdict, &entry.good) else {
            effects.booked.push(None);
            continue;
        };
        let claim = claim_ids.next().ok_or(sqlx::Error::RowNotFound)?;
        let case = &mut cases[*slot][*case];
        write_claim(&mut effects.claims, entry, good.creditor, (case.id, claim));
        let pays = write_bookings(&mut effects.later.bookings, &entry.record, today, (case.id, claim));
        if pays || case.paid || paid.contains(&case.id) {
            effects.paid.insert(case.id);
        }
        write_history(&mut effects.later.history, case, claim);
        case.claims += 1;
        effects.booked.push(Some(Booked {
            claim,
            case_number: case.number.clone(),
        }));
    }
    for case in &effects.paid {
        effects.later.paid.row().int(*case);
    }
    Ok(effects)
}

impl Effects {
    /// Adds or completes the debtors that the batch speaks of; the row of each slot.
    fn debtors(&mut self, plan: &Plan<'_>, fresh: Vec<i64>) -> Result<Vec<i64>, StoreError> {
        let mut fresh = fresh.into_iter();
        let mut ids = Vec::with_capacity(plan.slots.len());
        for slot in &plan.slots {
            if !slot.touched {
                // Every record about it was turned away: nothing points to it.
                ids.push(slot.known.unwrap_or_default());
                continue;
            }
            let id = match slot.known {
                Some(id) => id,
                None => fresh.next().ok_or(sqlx::Error::RowNotFound)?,
            };
            ids.push(id);
            let (creditor, number) = slot.key;
            self.debtors.row().int(id).int(creditor).text(number);
            slot.master.write(&mut self.debtors);
            self.debtors.text(slot.name_key.as_deref().unwrap_or_default());
            for (kind, value) in &slot.master.contacts {
                self.later.contacts.row().int(id).text(kind.as_str()).text(*value);
            }
            for (iban, bic, holder) in &slot.master.accounts {
                self.later.accounts.row().int(id).text(*iban).text(*bic).text(*holder);
            }
        }
        Ok(ids)
    }

    /// Opens the new cases of the batch; the cases of each slot with their rows.
    fn cases(
        &mut self,
        plan: &Plan<'_>,
        debtors: &[i64],
        ids: Vec<i64>,
        numbers: Vec<String>,
    ) -> Result<Vec<Vec<OpenCase>>, StoreError> {
        let mut fresh = ids.into_iter().zip(numbers);
        let mut opened = Vec::with_capacity(plan.slots.len());
        for (slot, debtor) in plan.slots.iter().zip(debtors) {
            let mut cases = Vec::with_capacity(slot.cases.len());
            for case in &slot.cases {
                let (id, number, is_new, paid) = match case {
                    CasePlan::Known(case) => (case.id, case.number.clone(), false, case.paid),
                    CasePlan::New { currency } => {
                        let (id, number) = fresh.next().ok_or(sqlx::Error::RowNotFound)?;
                        self.cases
                            .row()
                            .int(id)
                            .text(&*number)
                            .int(slot.key.0)
                            .int(*debtor)
                            .text(&**currency);
                        (id, number, true, false)
                    }
                };
                cases.push(OpenCase {
                    id,
                    number,
                    is_new,
                    paid,
                    claims: 0,
                });
            }
            opened.push(cases);
        }
        Ok(opened)
    }
}

fn write_claim(rows: &mut Rows, entry: &Entry, creditor: i64, (case, claim): (i64, i64)) {
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
    rows.int(i64::from(position.part)).int(sequence(record));
}

/// Writes the bookings of a claim; says whether a payment is among them.
fn write_bookings(rows: &mut Rows, record: &Record, today: NaiveDate, (case, claim): (i64, i64)) -> bool {
    let mut paid = false;
    let currency = record.text(Field::Currency);
    for (kind, amount, value_date) in money::bookings(record, today) {
        paid |= kind == BookingKind::Payment;
        rows.row().int(case).int(claim).text(kind.as_str()).int(amount);
        rows.text(currency).date(value_date);
        rows.int(i64::from(record.position.part)).int(sequence(record));
    }
    paid
}

/// One entry for a case that was opened, one for each further claim.
fn write_history(rows: &mut Rows, case: &OpenCase, claim: i64) {
    let opened = case.is_new && case.claims == 0;
    rows.row()
        .int(case.id)
        .text(if opened { "opened" } else { "claim_added" });
    rows.text(format!("{{\"claim_id\":{claim}}}").as_str());
}

/// Sets what was paid on `cases`, JSON rows of one id.
pub(super) async fn set_payment(tx: &mut Tx, cases: String) -> Result<(), StoreError> {
    in_tx!(tx, sql::SET_PAYMENT, |conn, text| sqlx::query(text)
        .bind(cases)
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
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
