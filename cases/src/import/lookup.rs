//! What the database knows of the keys in a batch: one query for debtors with their open cases, one for claims.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::plan::{Known, KnownCase, KnownClaim, KnownDebtor, Terms};
use super::sift::Entry;
use crate::desk::{Scope, Side};
use crate::store::StoreError;
use crate::store::db::{Tx, from_json, in_tx, queries};
use crate::store::rows::{Form, Packed, Rows, bind_rows};

pub(crate) mod sql {
    use super::queries;

    /// The columns of a found debtor and of a found claim, in the order of the tuples below. They come as one JSON text:
    /// thousands of rows one by one cost more than the search for them.
    macro_rules! debtor {
        () => {
            "d.id, d.name_key, d.birth_date, c.id, c.number, c.currency, case when c.payment <> 'unpaid' then 1 else 0 end"
        };
    }
    macro_rules! claim {
        () => {
            "l.id, c.number, l.principal_amount, l.currency, l.invoice_date, l.due_date, l.contract_date"
        };
    }

    queries! {
        // What is known of debtors ($1) and of claims ($2): one question a batch. `cross join` keeps SQLite's planner from
        // walking over the table instead of the keys.
        LOOK_UP = , sqlite concat!(
                "select (select json_group_array(json_array(k.value->>'$[0][2]', ", debtor!(), ")) \
                 from jsonb_each($1) k \
                 cross join debtors d on d.creditor_id = k.value->>'$[0][0]' and d.number = k.value->>'$[0][1]' \
                 left join cases c on c.debtor_id = d.id and c.closed_at is null), \
                 (select json_group_array(json_array(k.value->>'$[0][3]', ", claim!(), ")) from jsonb_each($2) k \
                 cross join claims l on l.creditor_id = k.value->>'$[0][0]' \
                 and l.debtor_number = k.value->>'$[0][1]' and l.reference = k.value->>'$[0][2]' \
                 join cases c on c.id = l.case_id)"
            ),
            postgres concat!(
                "select (select coalesce(json_agg(json_build_array((k.v->0->>2)::bigint, ", debtor!(), ")), '[]')::text \
                 from jsonb_array_elements(cast($1 as text)::jsonb) as k(v) \
                 join debtors d on d.creditor_id = (k.v->0->>0)::bigint and d.number = k.v->0->>1 \
                 left join cases c on c.debtor_id = d.id and c.closed_at is null), \
                 (select coalesce(json_agg(json_build_array((k.v->0->>3)::bigint, ", claim!(), ")), '[]')::text \
                 from jsonb_array_elements(cast($2 as text)::jsonb) as k(v) \
                 join claims l on l.creditor_id = (k.v->0->>0)::bigint and l.debtor_number = k.v->0->>1 \
                 and l.reference = k.v->0->>2 join cases c on c.id = l.case_id)"
            );
        CREDITORS = both "select id, code from creditors where client_id = $1 and removed_at is null";
        // The cases of a client stay its own when a creditor or the client has left.
        SCOPE = both "select id, code from creditors where client_id = $1";
        ALL_CREDITORS = both "select id, code from creditors";
    }
}

/// Index of the key, debtor, name, birth date; an open case with number, currency and whether something was paid.
type DebtorFound = (
    usize,
    i64,
    String,
    Option<NaiveDate>,
    Option<i64>,
    Option<String>,
    Option<String>,
    i64,
);

/// Index of the key, claim, case number, principal, currency, dates.
type ClaimFound = (
    usize,
    i64,
    String,
    i64,
    String,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<NaiveDate>,
);

/// The keys of a batch, as JSON.
#[derive(Debug)]
pub(super) struct Keys {
    debtors: Packed,
    claims: Packed,
}

impl Keys {
    /// The keys of these entries, each once, numbered as they come; every entry is told the numbers of its own.
    pub(super) fn number(entries: &mut [Entry], form: Form) -> Self {
        let mut numbers = Vec::with_capacity(entries.len());
        let (mut debtors, mut claims) = (Rows::new(form), Rows::new(form));
        let mut debtor_of = HashMap::with_capacity(entries.len());
        let mut claim_of = HashMap::with_capacity(entries.len());
        for entry in &*entries {
            let Some(good) = &entry.good else {
                numbers.push((0, None));
                continue;
            };
            let next = debtor_of.len();
            let debtor = *debtor_of
                .entry((good.creditor, entry.debtor_number()))
                .or_insert_with(|| {
                    debtors
                        .row()
                        .int(good.creditor)
                        .text(entry.debtor_number())
                        .int(int(next));
                    next
                });
            let reference = entry.reference().filter(|_| good.sort.is_claim());
            let claim = reference.map(|reference| {
                let next = claim_of.len();
                *claim_of.entry((debtor, reference)).or_insert_with(|| {
                    claims.row().int(good.creditor).text(entry.debtor_number());
                    claims.text(reference).int(int(next));
                    next
                })
            });
            numbers.push((debtor, claim));
        }
        for (entry, keys) in entries.iter_mut().zip(numbers) {
            if let Some(good) = &mut entry.good {
                good.keys = keys;
            }
        }
        Self {
            debtors: debtors.finish(),
            claims: claims.finish(),
        }
    }
}

/// Looks up what is known of a batch's debtors and claims.
pub(super) async fn look_up(tx: &mut Tx, keys: Keys) -> Result<Known, StoreError> {
    let (debtors, claims): (String, String) = in_tx!(tx, sql::LOOK_UP, |conn, text| {
        let query = bind_rows!(sqlx::query_as(text), keys.debtors);
        bind_rows!(query, keys.claims).fetch_one(&mut *conn).await
    })?;
    Ok(Known {
        debtors: debtors_of(from_json(&debtors)?),
        claims: claims_of(from_json(&claims)?),
    })
}

fn int(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

fn debtors_of(found: Vec<DebtorFound>) -> HashMap<usize, KnownDebtor> {
    let mut known = HashMap::with_capacity(found.len());
    for (key, id, name_key, birth_date, case, number, currency, paid) in found {
        let debtor = known.entry(key).or_insert_with(|| KnownDebtor {
            id,
            name_key,
            birth_date,
            cases: Vec::new(),
        });
        if let (Some(id), Some(number), Some(currency)) = (case, number, currency) {
            debtor.cases.push(KnownCase {
                id,
                number,
                currency,
                paid: paid == 1,
            });
        }
    }
    for debtor in known.values_mut() {
        debtor.cases.sort_unstable_by_key(|case| case.id);
    }
    known
}

fn claims_of(found: Vec<ClaimFound>) -> HashMap<usize, KnownClaim> {
    let known = found
        .into_iter()
        .map(|(key, id, case_number, principal, currency, invoice, due, contract)| {
            let terms = Terms {
                principal,
                currency,
                dates: [invoice, due, contract],
            };
            (key, KnownClaim { id, case_number, terms })
        });
    known.collect()
}

/// The creditors of a client: row and code.
pub(super) async fn creditors(tx: &mut Tx, client: i64) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(in_tx!(tx, sql::CREDITORS, |conn, text| sqlx::query_as(text)
        .bind(client)
        .fetch_all(&mut *conn)
        .await)?)
}

/// Of whose cases a delivery may speak.
pub(crate) async fn scope(tx: &mut Tx, side: Side, client: i64) -> Result<Scope, StoreError> {
    let creditors = match side {
        Side::Client => in_tx!(tx, sql::SCOPE, |conn, text| sqlx::query_as(text)
            .bind(client)
            .fetch_all(&mut *conn)
            .await)?,
        Side::Office => in_tx!(tx, sql::ALL_CREDITORS, |conn, text| sqlx::query_as(text)
            .fetch_all(&mut *conn)
            .await)?,
    };
    Ok(Scope {
        creditors,
        office: side == Side::Office,
    })
}
