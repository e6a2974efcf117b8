//! The rows that a planned batch writes.

use std::collections::HashMap;

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;

use super::ids::{Need, Taken};
use super::money;
use super::plan::{CasePlan, KnownCase, KnownClaim, KnownDebtor, Plan, Recent, RecentDebtor, Slot, Terms, Verdict};
use super::sift::Entry;
use crate::model::{BookingKind, CaseId};
use crate::store::StoreError;
use crate::store::db::{Tx, in_tx, queries};
use crate::store::rows::{Form, Packed, Rows};

pub(crate) mod sql {
    use super::queries;

    macro_rules! set_payment {
        ($ids:literal) => {
            concat!(
                "update cases set payment = (select case when coalesce(sum(case when b.kind in ('payment', \
                 'direct_payment', 'agency_payment') then b.amount else 0 end), 0) = 0 then 'unpaid' when sum(b.amount) > 0 then 'partially_paid' else 'fully_paid' end \
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
    /// The case's row.
    pub(super) case: i64,
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
    /// Of `debtor_contacts`.
    pub(super) contacts: Rows,
    /// Of `debtor_accounts`.
    pub(super) accounts: Rows,
    /// Of `bookings`.
    pub(super) bookings: Rows,
    /// Of `documents`.
    pub(super) documents: Rows,
    /// Cases whose payments changed.
    pub(super) paid: Rows,
    /// Cases that were there before and got a claim.
    pub(super) joined: Vec<CaseId>,
    /// For each entry the claim that was booked.
    pub(super) booked: Vec<Option<Booked>>,
    /// What the next batch has to know.
    pub(super) recent: Recent,
}

/// A case of a slot with its row.
struct OpenCase {
    id: i64,
    number: String,
    paid: bool,
    /// A claim of this batch was booked on it.
    booked: bool,
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

/// The rows of a planned batch. `taken` holds at least what it [`need`]s.
pub(super) fn build(
    entries: &[Entry],
    plan: &Plan<'_>,
    taken: Taken,
    (today, form): (NaiveDate, Form),
) -> Result<Effects, StoreError> {
    let mut effects = Effects::new(form);
    let debtors = effects.debtors(plan, taken.debtors)?;
    let mut cases = effects.cases(plan, &debtors, taken.cases, taken.numbers)?;
    let mut claim_ids = taken.claims.into_iter();
    let mut claims: Vec<HashMap<String, KnownClaim>> = vec![HashMap::new(); plan.slots.len()];
    for (entry, verdict) in entries.iter().zip(&plan.verdicts) {
        let (Verdict::Accepted { slot, case: Some(case) }, Some(good)) = (verdict, &entry.good) else {
            effects.booked.push(None);
            continue;
        };
        let claim = claim_ids.next().ok_or(sqlx::Error::RowNotFound)?;
        let case = &mut cases[*slot][*case];
        write_claim(&mut effects.claims, entry, good.creditor, (case.id, claim));
        let id = taken.booking.map(|first| first + count(effects.bookings.len()));
        case.paid |= write_bookings(&mut effects.bookings, &entry.record, today, (case.id, claim), id);
        case.booked = true;
        let known = KnownClaim {
            id: claim,
            case_number: case.number.clone(),
            terms: Terms::of(entry),
        };
        let reference = entry.reference().unwrap_or_default().to_owned();
        claims[*slot].insert(reference, known);
        effects.booked.push(Some(Booked {
            case: case.id,
            claim,
            case_number: case.number.clone(),
        }));
    }
    for (slot, cases) in plan.slots.iter().zip(&cases) {
        let joined = slot.cases.iter().zip(cases);
        let joined = joined.filter(|(plan, case)| matches!(plan, CasePlan::Known(_)) && case.booked);
        effects.joined.extend(joined.map(|(_, case)| CaseId(case.id)));
    }
    for (((slot, id), cases), claims) in plan.slots.iter().zip(debtors).zip(cases).zip(claims) {
        effects.remember(slot, id, cases, claims);
    }
    Ok(effects)
}

impl Effects {
    fn new(form: Form) -> Self {
        let rows = || Rows::new(form);
        Self {
            debtors: rows(),
            contacts: rows(),
            accounts: rows(),
            cases: rows(),
            claims: rows(),
            bookings: rows(),
            ..Self::default()
        }
    }

    /// Keeps what the next batch has to know of a debtor, and the cases whose payments are to be told anew.
    fn remember(&mut self, slot: &Slot<'_>, id: i64, cases: Vec<OpenCase>, claims: HashMap<String, KnownClaim>) {
        let (true, Some(name_key)) = (slot.touched, &slot.name_key) else {
            return;
        };
        for case in cases.iter().filter(|case| case.booked && case.paid) {
            self.paid.row().int(case.id);
        }
        let cases = cases.into_iter().zip(&slot.cases).map(|(case, plan)| KnownCase {
            id: case.id,
            number: case.number,
            currency: plan.currency().to_owned(),
            paid: case.paid,
        });
        let debtor = KnownDebtor {
            id,
            name_key: name_key.clone(),
            birth_date: slot.birth_date,
            cases: cases.collect(),
        };
        let of_creditor = self.recent.debtors.entry(slot.key.0).or_default();
        of_creditor.insert(slot.key.1.to_owned(), RecentDebtor { debtor, claims });
    }

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
                self.contacts.row().int(id).text(kind.as_str()).text(*value);
            }
            for (iban, bic, holder) in &slot.master.accounts {
                self.accounts.row().int(id).text(*iban).text(*bic).text(*holder);
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
                let (id, number, paid) = match case {
                    CasePlan::Known(case) => (case.id, case.number.clone(), case.paid),
                    CasePlan::New { currency } => {
                        let (id, number) = fresh.next().ok_or(sqlx::Error::RowNotFound)?;
                        self.cases
                            .row()
                            .int(id)
                            .text(&*number)
                            .int(slot.key.0)
                            .int(*debtor)
                            .text(&**currency);
                        (id, number, false)
                    }
                };
                cases.push(OpenCase {
                    id,
                    number,
                    paid,
                    booked: false,
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

/// Writes the bookings of a claim, the first under `id`; says whether a payment is among them.
fn write_bookings(
    rows: &mut Rows,
    record: &Record,
    today: NaiveDate,
    (case, claim): (i64, i64),
    mut id: Option<i64>,
) -> bool {
    let mut paid = false;
    let currency = record.text(Field::Currency);
    for (kind, amount, value_date) in money::bookings(record, today) {
        paid |= kind == BookingKind::Payment;
        rows.row().int(case).int(id).int(claim).text(kind.as_str()).int(amount);
        id = id.map(|id| id + 1);
        rows.text(currency).date(value_date);
        rows.int(i64::from(record.position.part)).int(sequence(record));
    }
    paid
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Sets what was paid on `cases`, rows of one id.
pub(crate) async fn set_payment(tx: &mut Tx, cases: &Packed) -> Result<(), StoreError> {
    in_tx!(tx, sql::SET_PAYMENT, |conn, text| sqlx::query(text)
        .bind(cases.text())
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
