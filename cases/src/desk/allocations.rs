//! Where the sums of bookings went, as lines that are only ever added. A late or backdated booking, a cancellation, an older
//! claim changes where others went: then the difference is written as new lines with the act that brought it, so that
//! what was true at a settlement can still be read.
//!
//! Lines are kept for cases on which the desk has booked; the sum of the lines of a booking is its allocation today.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::Rules;
use super::accounts::{account_of, key};
use super::file::CaseFile;
use super::load::load;
use crate::account::Target;
use crate::model::{CaseId, ClaimId};
use crate::store::StoreError;
use crate::store::bulk::Kind::{Int, Text};
use crate::store::bulk::{Bulk, Common};
use crate::store::db::{Tx, in_tx, queries};
use crate::store::rows::Rows;

pub(crate) mod sql {
    use super::queries;
    queries! {
        STORED = , sqlite "select case_id, booking_id, target, claim_id, cast(sum(amount) as bigint) from allocations \
                where case_id in (select value from json_each($1)) group by case_id, booking_id, target, claim_id",
            postgres "select case_id, booking_id, target, claim_id, cast(sum(amount) as bigint) from allocations \
                where case_id in (select cast(value as bigint) from json_array_elements_text(cast($1 as json))) \
                group by case_id, booking_id, target, claim_id";
    }
}

/// The lines.
pub(super) static ALLOCATIONS: Bulk = Bulk {
    table: "allocations",
    columns: &[
        ("case_id", Int),
        ("booking_id", Int),
        ("target", Text),
        ("claim_id", Int),
        ("amount", Int),
        ("act_id", Int),
    ],
    tail: "",
};

/// Cases that are brought up to date together.
const TOGETHER: usize = 500;

/// Booking, what it met, the claim.
type Line = (i64, &'static str, Option<ClaimId>);

/// Which of the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// All.
    All,
    /// Those for which lines are kept: a list of claims may join many cases that nothing was paid on.
    Kept,
}

/// Writes what has changed in the allocations of cases up to `today`.
pub(crate) async fn bring_up_to_date(
    tx: &mut Tx,
    cases: &[CaseId],
    which: Which,
    (rules, today): (&Rules<'_>, NaiveDate),
    act: i64,
) -> Result<(), StoreError> {
    for cases in cases.chunks(TOGETHER) {
        let stored = stored(tx, cases).await?;
        let wanted: HashSet<CaseId> = cases
            .iter()
            .copied()
            .filter(|case| which == Which::All || stored.contains_key(case))
            .collect();
        let mut files: Vec<CaseFile> = load(tx, &wanted).await?.into_values().collect();
        files.sort_by_key(|file| file.case.id);
        let mut rows = Rows::default();
        for file in &files {
            let nothing = BTreeMap::new();
            let before = stored.get(&file.case.id).unwrap_or(&nothing);
            for ((booking, target, claim), amount) in changed(before, &now(file, rules, today)) {
                let claim = claim.map(|claim| claim.0);
                rows.row().int(file.case.id.0).int(booking).text(target).int(claim);
                rows.int(amount).int(act);
            }
        }
        if !rows.is_empty() {
            let nothing = Common {
                client: 0,
                delivery: 0,
                act: 0,
            };
            ALLOCATIONS.insert(tx, &nothing, rows.finish()).await?;
        }
    }
    Ok(())
}

/// The sums of the lines that are kept.
async fn stored(tx: &mut Tx, cases: &[CaseId]) -> Result<HashMap<CaseId, BTreeMap<Line, i64>>, StoreError> {
    let ids: Vec<i64> = cases.iter().map(|case| case.0).collect();
    let ids = serde_json::json!(ids).to_string();
    let rows: Vec<(CaseId, i64, String, Option<ClaimId>, i64)> = in_tx!(tx, sql::STORED, |conn, text| {
        sqlx::query_as(text).bind(&ids).fetch_all(&mut *conn).await
    })?;
    let mut stored: HashMap<CaseId, BTreeMap<Line, i64>> = HashMap::new();
    for (case, booking, target, claim, amount) in rows {
        if let Some(target) = TARGETS.into_iter().map(Target::as_str).find(|name| *name == target) {
            stored.entry(case).or_default().insert((booking, target, claim), amount);
        }
    }
    Ok(stored)
}

const TARGETS: [Target; 5] = [
    Target::Principal,
    Target::Interest,
    Target::AgencyCosts,
    Target::ClientCosts,
    Target::Credit,
];

/// The allocations as they are; none where the account cannot be worked out.
fn now(file: &CaseFile, rules: &Rules<'_>, today: NaiveDate) -> BTreeMap<Line, i64> {
    let case = &file.case;
    let terms = (rules.terms)(&case.client_key, &case.creditor, &case.currency);
    let Ok(account) = account_of(file, rules.sources, &terms, today) else {
        return BTreeMap::new();
    };
    let bookings: HashMap<String, i64> = file.bookings.iter().map(|row| (key(row), row.id)).collect();
    let claims: HashMap<&str, ClaimId> = file.claims.iter().map(|row| (&*row.reference, row.id)).collect();
    let mut lines = BTreeMap::new();
    for allocation in &account.allocations {
        // Every allocation is of a booking of the case.
        let Some(booking) = bookings.get(&allocation.booking) else {
            continue;
        };
        let claim = allocation.claim.as_deref().and_then(|claim| claims.get(claim)).copied();
        *lines.entry((*booking, allocation.target.as_str(), claim)).or_default() += allocation.amount;
    }
    lines
}

/// What turns the lines `before` into those `after`.
fn changed(before: &BTreeMap<Line, i64>, after: &BTreeMap<Line, i64>) -> BTreeMap<Line, i64> {
    let mut lines = after.clone();
    for (line, amount) in before {
        *lines.entry(*line).or_default() -= amount;
    }
    lines.retain(|_, amount| *amount != 0);
    lines
}
