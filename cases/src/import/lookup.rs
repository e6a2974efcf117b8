//! What the database knows of the keys in a batch: one query for debtors with their open cases, one for claims.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sqlx::FromRow;

use super::plan::{Known, KnownCase, KnownClaim, KnownDebtor, Terms};
use super::sift::Entry;
use crate::store::StoreError;
use crate::store::bulk::Rows;
use crate::store::db::{Tx, in_tx, queries};

pub(crate) mod sql {
    use super::queries;

    queries! {
        // `cross join` keeps SQLite's planner from walking over the table instead of the keys.
        DEBTORS = , sqlite "select d.id, d.creditor_id, d.number, d.name_key, c.id as case_id, \
                c.number as case_number, c.currency, c.payment <> 'unpaid' as paid \
                from json_each($1) k cross join debtors d on d.creditor_id = k.value->>'$[0][0]' and d.number = k.value->>'$[0][1]' \
                left join cases c on c.debtor_id = d.id and c.closed_at is null order by d.id, c.id",
            postgres "select d.id, d.creditor_id, d.number, d.name_key, c.id as case_id, \
                c.number as case_number, c.currency, c.payment <> 'unpaid' as paid \
                from jsonb_array_elements(cast($1 as text)::jsonb) as k(v) \
                join debtors d on d.creditor_id = (k.v->0->>0)::bigint and d.number = k.v->0->>1 \
                left join cases c on c.debtor_id = d.id and c.closed_at is null order by d.id, c.id";
        CLAIMS = , sqlite "select k.value->>'$[0][3]' as entry, l.id, c.number as case_number, l.principal_amount, l.currency, \
                l.invoice_date, l.due_date, l.contract_date \
                from json_each($1) k cross join claims l on l.creditor_id = k.value->>'$[0][0]' \
                and l.debtor_number = k.value->>'$[0][1]' and l.reference = k.value->>'$[0][2]' join cases c on c.id = l.case_id",
            postgres "select (k.v->0->>3)::bigint as entry, l.id, c.number as case_number, l.principal_amount, \
                l.currency, l.invoice_date, l.due_date, l.contract_date \
                from jsonb_array_elements(cast($1 as text)::jsonb) as k(v) \
                join claims l on l.creditor_id = (k.v->0->>0)::bigint and l.debtor_number = k.v->0->>1 \
                and l.reference = k.v->0->>2 join cases c on c.id = l.case_id";
        CREDITORS = both "select id, code from creditors where client_id = $1 and removed_at is null";
    }
}

#[derive(FromRow)]
struct DebtorFound {
    id: i64,
    creditor_id: i64,
    number: String,
    name_key: String,
    case_id: Option<i64>,
    case_number: Option<String>,
    currency: Option<String>,
    paid: Option<bool>,
}

#[derive(FromRow)]
struct ClaimFound {
    entry: i64,
    id: i64,
    case_number: String,
    principal_amount: i64,
    currency: String,
    invoice_date: Option<NaiveDate>,
    due_date: Option<NaiveDate>,
    contract_date: Option<NaiveDate>,
}

/// The keys of a batch, as JSON.
#[derive(Debug)]
pub(super) struct Keys {
    debtors: String,
    claims: String,
}

impl Keys {
    /// The keys of these entries.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut seen = HashSet::with_capacity(entries.len());
        let (mut debtors, mut claims) = (Rows::default(), Rows::default());
        for (index, entry) in entries.iter().enumerate() {
            let Some(good) = &entry.good else { continue };
            if seen.insert((good.creditor, entry.debtor_number())) {
                debtors.row().int(good.creditor).text(entry.debtor_number());
            }
            if let (true, Some(reference)) = (good.sort.is_claim(), entry.reference()) {
                let index = i64::try_from(index).unwrap_or(i64::MAX);
                claims
                    .row()
                    .int(good.creditor)
                    .text(entry.debtor_number())
                    .text(reference)
                    .int(index);
            }
        }
        Self {
            debtors: debtors.finish().json,
            claims: claims.finish().json,
        }
    }
}

/// Looks up what is known of a batch's debtors and claims.
pub(super) async fn look_up(tx: &mut Tx, keys: Keys) -> Result<Known, StoreError> {
    Ok(Known {
        debtors: debtors_of(tx, keys.debtors).await?,
        claims: claims_of(tx, keys.claims).await?,
    })
}

async fn debtors_of(tx: &mut Tx, keys: String) -> Result<HashMap<(i64, String), KnownDebtor>, StoreError> {
    let found: Vec<DebtorFound> = in_tx!(tx, sql::DEBTORS, |conn, text| sqlx::query_as(text)
        .bind(keys)
        .fetch_all(&mut *conn)
        .await)?;
    let mut known = HashMap::with_capacity(found.len());
    for row in found {
        let debtor = known
            .entry((row.creditor_id, row.number))
            .or_insert_with(|| KnownDebtor {
                id: row.id,
                name_key: row.name_key,
                cases: Vec::new(),
            });
        if let (Some(id), Some(number), Some(currency)) = (row.case_id, row.case_number, row.currency) {
            debtor.cases.push(KnownCase {
                id,
                number,
                currency,
                paid: row.paid.unwrap_or_default(),
            });
        }
    }
    Ok(known)
}

async fn claims_of(tx: &mut Tx, keys: String) -> Result<HashMap<usize, KnownClaim>, StoreError> {
    let found: Vec<ClaimFound> = in_tx!(tx, sql::CLAIMS, |conn, text| sqlx::query_as(text)
        .bind(keys)
        .fetch_all(&mut *conn)
        .await)?;
    let known = found.into_iter().filter_map(|row| {
        let terms = Terms {
            principal: row.principal_amount,
            currency: row.currency,
            dates: [row.invoice_date, row.due_date, row.contract_date],
        };
        Some((
            usize::try_from(row.entry).ok()?,
            KnownClaim {
                id: row.id,
                case_number: row.case_number,
                terms,
            },
        ))
    });
    Ok(known.collect())
}

/// The creditors of a client: row and code.
pub(super) async fn creditors(tx: &mut Tx, client: i64) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(in_tx!(tx, sql::CREDITORS, |conn, text| sqlx::query_as(text)
        .bind(client)
        .fetch_all(&mut *conn)
        .await)?)
}
