//! Reads cases onto the desk, with everything that a record may ask of them.

use std::collections::{HashMap, HashSet};

use super::file::{CaseFile, Changes, OpenMessage};
use crate::model::{BookingRow, CaseId, CaseRow, ClaimRow, DebtorRow, MessageKind};
use crate::queries::{case_columns, case_tables};
use crate::store::StoreError;
use crate::store::db::{Tx, in_tx, queries};

pub(crate) mod sql {
    use super::{case_columns, case_tables, queries};

    macro_rules! of_cases {
        ($head:expr, $column:literal, $tail:literal) => {
            (
                concat!(
                    $head,
                    " where ",
                    $column,
                    " in (select value from json_each($1)) ",
                    $tail
                ),
                concat!(
                    $head,
                    " where ",
                    $column,
                    " in (select cast(value as bigint) from json_array_elements_text(cast($1 as json))) ",
                    $tail
                ),
            )
        };
    }

    const LOCKED: (&str, &str) = of_cases!("select id from cases", "id", "order by id for update");
    const CASE: (&str, &str) = of_cases!(
        concat!(
            "select ",
            case_columns!(),
            ", cast(0 as bigint) as claims, cast(0 as bigint) as principal, \
             cast(0 as bigint) as costs, cast(0 as bigint) as payments, cast(0 as bigint) as balance from ",
            case_tables!()
        ),
        "c.id",
        ""
    );
    const DEBTOR: (&str, &str) = of_cases!(
        "select d.*, a.at as created_at from debtors d join acts a on a.id = d.act_id \
         join cases c on c.debtor_id = d.id",
        "c.id",
        ""
    );
    const CLAIM: (&str, &str) = of_cases!(
        "select m.*, a.delivery_id, a.at as created_at from claims m join acts a on a.id = m.act_id",
        "m.case_id",
        "order by m.id"
    );
    const BOOKING: (&str, &str) = of_cases!(
        "select b.*, a.delivery_id, a.at as booked_at from bookings b join acts a on a.id = b.act_id",
        "b.case_id",
        "order by b.id"
    );
    const MESSAGE: (&str, &str) = of_cases!(
        "select m.id, m.case_id, m.kind, m.reply_by_mail from messages m",
        "m.case_id",
        "and m.kind in ('message', 'query') \
         and not exists (select 1 from messages n where n.answers = m.id) order by m.id"
    );
    const PAPER: (&str, &str) = of_cases!("select case_id, sha256 from documents", "case_id", "");
    const PLAN: (&str, &str) = of_cases!("select case_id from payment_plans", "case_id", "and state = 'running'");

    queries! {
        /// SQLite has locked everything when the transaction began.
        LOCK = , sqlite "select id from cases where id in (select value from json_each($1))", postgres LOCKED.1;
        CASES = , sqlite CASE.0, postgres CASE.1;
        DEBTORS = , sqlite DEBTOR.0, postgres DEBTOR.1;
        CLAIMS = , sqlite CLAIM.0, postgres CLAIM.1;
        BOOKINGS = , sqlite BOOKING.0, postgres BOOKING.1;
        MESSAGES = , sqlite MESSAGE.0, postgres MESSAGE.1;
        PAPERS = , sqlite PAPER.0, postgres PAPER.1;
        PLANS = , sqlite PLAN.0, postgres PLAN.1;
    }
}

/// Reads cases and keeps others from changing them until the transaction ends.
pub(super) async fn load(tx: &mut Tx, cases: &HashSet<CaseId>) -> Result<HashMap<CaseId, CaseFile>, StoreError> {
    if cases.is_empty() {
        return Ok(HashMap::new());
    }
    let mut ids: Vec<i64> = cases.iter().map(|case| case.0).collect();
    ids.sort_unstable();
    let ids = serde_json::json!(ids).to_string();
    macro_rules! all {
        ($query:expr) => {
            in_tx!(tx, $query, |conn, text| sqlx::query_as(text)
                .bind(&ids)
                .fetch_all(&mut *conn)
                .await)?
        };
    }
    let _: Vec<(i64,)> = all!(sql::LOCK);
    let rows: Vec<CaseRow> = all!(sql::CASES);
    let debtors: Vec<DebtorRow> = all!(sql::DEBTORS);
    let claims: Vec<ClaimRow> = all!(sql::CLAIMS);
    let bookings: Vec<BookingRow> = all!(sql::BOOKINGS);
    let messages: Vec<(i64, CaseId, MessageKind, bool)> = all!(sql::MESSAGES);
    let papers: Vec<(CaseId, String)> = all!(sql::PAPERS);
    let plans: Vec<(CaseId,)> = all!(sql::PLANS);

    let debtors: HashMap<_, _> = debtors.into_iter().map(|debtor| (debtor.id, debtor)).collect();
    let mut files = HashMap::with_capacity(rows.len());
    for case in rows {
        // A case without its debtor cannot be: the rows refer to each other.
        let Some(debtor) = debtors.get(&case.debtor_id).cloned() else {
            continue;
        };
        let file = CaseFile {
            has_plan: plans.iter().any(|(id,)| *id == case.id),
            debtor,
            claims: Vec::new(),
            bookings: Vec::new(),
            open: Vec::new(),
            papers: HashSet::new(),
            changes: Changes::default(),
            case,
        };
        files.insert(file.case.id, file);
    }
    for claim in claims {
        if let Some(file) = files.get_mut(&claim.case_id) {
            file.claims.push(claim);
        }
    }
    for booking in bookings {
        if let Some(file) = files.get_mut(&booking.case_id) {
            file.bookings.push(booking);
        }
    }
    for (case, sha256) in papers {
        if let Some(file) = files.get_mut(&case) {
            file.papers.insert(sha256);
        }
    }
    for (id, case, kind, reply_by_mail) in messages {
        if let Some(file) = files.get_mut(&case) {
            file.open.push(OpenMessage {
                id,
                kind,
                reply_by_mail,
            });
        }
    }
    Ok(files)
}
