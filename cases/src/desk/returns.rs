//! The payment that a return of the bank takes back, where the record has no number of it: by the bank's reference, where
//! that is the payment's own, else by the payer's reference; always with the amount, and never one of several.
//!
//! A return is known again by the bank's reference of the return itself, so that it takes nothing back a second time when
//! the same reference and amount have been paid anew.

use std::collections::{HashMap, HashSet};

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;
use dropcase_parsers::statement::number;

use super::Side;
use super::file::CaseFile;
use super::find::{LONGEST, sql::KEYS};
use super::kinds::{Kind, Target};
use super::matter::{KeyOf, Keys};
use super::work::Desk;
use crate::model::{BookingKind, BookingRow, CaseId};
use crate::store::StoreError;
use crate::store::db::{Tx, in_tx, queries};

pub(crate) mod sql {
    use super::queries;
    queries! {
        // The payments with these references of their payers ($1), with amount and currency.
        BY_REFERENCE = , sqlite "select r.reference, b.case_id, b.id, b.amount, b.currency from json_each($1) k \
                cross join booking_references r on r.reference = k.value \
                cross join bookings b on b.case_id = r.case_id and b.id = r.booking_id",
            postgres "select r.reference, b.case_id, b.id, b.amount, b.currency \
                from json_array_elements_text(cast($1 as json)) k (value) \
                join booking_references r on r.reference = k.value \
                join bookings b on b.case_id = r.case_id and b.id = r.booking_id";
    }
}

/// What the number of a payment is the key of, and that of a return. Both are the agency's own.
const PAYMENT: &str = "payment";
const RETURN: &str = "return";
const AGENCY: i64 = 0;

/// A booking and the case on which it is.
type Place = (CaseId, i64);

/// The end-to-end reference of a record, if it is one and an index takes it.
pub(super) fn payer_reference(record: &Record) -> Option<&str> {
    let text = record.text(Field::EndToEndId)?;
    (!number::is_none(text) && text.len() <= LONGEST).then_some(text)
}

/// The bank's reference of a return.
fn bank_reference(record: &Record) -> Option<&str> {
    record.text(Field::BankReference).filter(|text| text.len() <= LONGEST)
}

/// Whether a record is of the kind that takes payments back.
fn takes_payments_back(kind: &Kind) -> bool {
    kind.target == Target::Booking && kind.key == Some(PAYMENT)
}

/// Whether the payment of a record must be looked for here: the back office's, with a reference and without a number.
pub(super) fn is_unnumbered(desk: &Desk<'_>, kind: &Kind, record: &Record) -> bool {
    desk.rules.side == Side::Office
        && takes_payments_back(kind)
        && record.text(Field::PaymentNumber).is_none()
        && (payer_reference(record).is_some() || bank_reference(record).is_some())
}

/// The key under which a return is known once it has taken a payment back.
pub(super) fn key(side: Side, kind: &Kind, record: &Record) -> Option<KeyOf> {
    let is_return = side == Side::Office && takes_payments_back(kind);
    let reference = bank_reference(record).filter(|_| is_return)?;
    Some((AGENCY, RETURN, reference.to_owned()))
}

/// What the returns of a batch may take back.
#[derive(Debug, Default)]
pub(super) struct Returns {
    /// Payments by a reference of theirs: the bank's, or the payer's.
    payments: HashMap<(Field, String), Vec<Place>>,
    /// What was taken back under these keys.
    known: Vec<Place>,
}

/// Looks up what the returns of a batch may take back.
pub(super) async fn look_up(
    tx: &mut Tx,
    desk: &Desk<'_>,
    records: &[(&'static Kind, &Record)],
) -> Result<Returns, StoreError> {
    let mut returns = Returns::default();
    let wanted: Vec<&Record> = records
        .iter()
        .filter(|(kind, record)| is_unnumbered(desk, kind, record))
        .map(|(_, record)| *record)
        .collect();
    let of_bank: HashSet<&str> = wanted.iter().filter_map(|record| bank_reference(record)).collect();
    for (_, reference, case, id) in keys(tx, PAYMENT, &of_bank).await? {
        returns.add(Field::BankReference, reference, (case, id));
    }
    let known = keys(tx, RETURN, &of_bank).await?.into_iter();
    returns.known = known.map(|(.., case, id)| (case, id)).collect();

    let of_payer: HashSet<&str> = wanted.iter().filter_map(|record| payer_reference(record)).collect();
    // A reference may be that of many: only what a return can mean is read onto the desk.
    let meant: HashSet<(&str, i64, &str)> = wanted
        .iter()
        .filter_map(|record| {
            let amount = record.money(Field::Amount)?.abs();
            Some((payer_reference(record)?, -amount, record.text(Field::Currency)?))
        })
        .collect();
    for (reference, case, id, amount, currency) in by_reference(tx, &of_payer).await? {
        if meant.contains(&(&*reference, amount, &*currency)) {
            returns.add(Field::EndToEndId, reference, (case, id));
        }
    }
    Ok(returns)
}

/// Scope, key, case, booking.
type KeyRow = (i64, String, CaseId, i64);

async fn keys(tx: &mut Tx, kind: &str, texts: &HashSet<&str>) -> Result<Vec<KeyRow>, StoreError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let texts = serde_json::json!(texts).to_string();
    let scopes = serde_json::json!([AGENCY]).to_string();
    Ok(in_tx!(tx, KEYS, |conn, text| sqlx::query_as(text)
        .bind(&texts)
        .bind(kind)
        .bind(&scopes)
        .fetch_all(&mut *conn)
        .await)?)
}

/// Reference, case, booking, amount, currency.
type ReferenceRow = (String, CaseId, i64, i64, String);

async fn by_reference(tx: &mut Tx, texts: &HashSet<&str>) -> Result<Vec<ReferenceRow>, StoreError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let texts = serde_json::json!(texts).to_string();
    Ok(in_tx!(tx, sql::BY_REFERENCE, |conn, text| sqlx::query_as(text)
        .bind(&texts)
        .fetch_all(&mut *conn)
        .await)?)
}

impl Returns {
    fn add(&mut self, field: Field, reference: String, place: Place) {
        self.payments.entry((field, reference)).or_default().push(place);
    }

    /// Every case that was found.
    pub(super) fn cases(&self) -> impl Iterator<Item = CaseId> {
        let payments = self.payments.values().flatten();
        payments.chain(&self.known).map(|(case, _)| *case)
    }

    /// The one payment that a return takes back; one that is taken back already where it is the return that did.
    ///
    /// # Errors
    /// No payment fits, several do, or those that do are all taken back.
    pub(super) fn of(
        &self,
        (kind, record): (&Kind, &Record),
        only: Option<CaseId>,
        files: &HashMap<CaseId, CaseFile>,
        (desk, keys): (&Desk<'_>, &Keys),
    ) -> Result<Place, Finding> {
        let known = key(desk.rules.side, kind, record).and_then(|key| keys.known.get(&key));
        if let Some((case, id)) = known {
            let reversal = files.get(case).and_then(|file| booking(file, *id));
            let original = reversal.and_then(|row| row.reversal_of);
            return original.map(|id| (*case, id)).ok_or_else(|| already(record));
        }
        let day = record.date(Field::ValueDate).unwrap_or(desk.today);
        let fits = |row: &BookingRow| {
            row.kind == BookingKind::AgencyPayment
                && row.reversal_of.is_none()
                && record.money(Field::Amount).map(i64::abs) == Some(-row.amount)
                && record.text(Field::Currency) == Some(&*row.currency)
                // What came later is another payment.
                && row.value_date <= day
        };
        for place in references(record) {
            let found = self.payments.get(&place).into_iter().flatten();
            let found: Vec<(&CaseFile, Place)> = found
                .filter(|(case, _)| only.is_none_or(|only| only == *case))
                .filter_map(|(case, id)| Some((files.get(case)?, (*case, *id))))
                .filter(|(file, (_, id))| booking(file, *id).is_some_and(fits))
                .collect();
            let in_force = found.iter().filter(|(file, (_, id))| !file.is_reversed(*id));
            match in_force.collect::<Vec<_>>()[..] {
                [(_, place)] => return Ok(*place),
                [] if found.is_empty() => {}
                [] => return Err(already(record)),
                _ => return Err(Finding::new(Code::AmbiguousReturn).field(Field::PaymentNumber)),
            }
        }
        Err(Finding::new(Code::UnmatchedReturn).field(Field::PaymentNumber))
    }
}

/// By what a payment is looked for, in this order. The place in a batch (`/n`) says nothing of another file.
fn references(record: &Record) -> impl Iterator<Item = (Field, String)> {
    let of_batch = |reference: &str| {
        let place = reference.rsplit_once('/').map(|(_, place)| place);
        place.is_some_and(|place| place.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let of_bank = bank_reference(record).filter(|reference| !of_batch(reference));
    let of_bank = of_bank.map(|reference| (Field::BankReference, reference.to_owned()));
    let of_payer = payer_reference(record).map(|reference| (Field::EndToEndId, reference.to_owned()));
    of_bank.into_iter().chain(of_payer)
}

fn booking(file: &CaseFile, id: i64) -> Option<&BookingRow> {
    file.bookings.iter().find(|row| row.id == id)
}

/// That what a record takes back is taken back, by the best name that the record has for it.
pub(super) fn already(record: &Record) -> Finding {
    let names = [Field::PaymentNumber, Field::EndToEndId, Field::BankReference];
    let named = names.into_iter().find_map(|field| Some((field, record.text(field)?)));
    let finding = Finding::new(Code::AlreadyCancelled);
    match named {
        Some((field, value)) => finding.field(field).value(value),
        None => finding,
    }
}
