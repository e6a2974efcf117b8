//! Likely twins: a new debtor who has the name and the address of one that the client handed over under another number.
//! The record is taken; the client is asked. Only the client's own debtors are looked at.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

use super::report::Report;
use crate::store::StoreError;
use crate::store::bulk::Common;
use crate::store::db::{Tx, in_tx, queries};

pub(crate) mod sql {
    use super::queries;
    queries! {
        // The first $2 debtors that the act $1 has made, from the row $3 on, each held against the oldest twenty of its name
        // and postcode: whatever a file holds, the work is bounded. A street is written in many ways; its beginning and the
        // house number tell. Two people with different birth dates are no twins.
        // The few that have one are found first: a plan that begins with claims would read them all.
        TWINS = both "with new as materialized (select d.id, (select c.number from ( \
                        select o.number, o.street, o.house_number, o.birth_date, o.creditor_id \
                        from debtors o where o.client_id = d.client_id and o.name_key = d.name_key \
                        and o.postal_code = d.postal_code and o.id < d.id order by o.id limit 20) c \
                    where c.creditor_id = d.creditor_id and c.number <> d.number \
                    and lower(substr(c.street, 1, 4)) = lower(substr(d.street, 1, 4)) \
                    and coalesce(c.house_number, '') = coalesce(d.house_number, '') \
                    and (c.birth_date is null or d.birth_date is null or c.birth_date = d.birth_date) limit 1) as twin \
                from (select * from debtors where id >= $3 and act_id = $1 order by id limit $2) d), \
            twins as materialized (select id, twin from new where twin is not null) \
            select l.part, l.sequence, n.twin from twins n cross join cases k cross join claims l \
            where k.debtor_id = n.id and k.closed_at is null and l.case_id = k.id and l.act_id = $1 order by l.id";
    }
}

/// New debtors that are looked at: who hands a whole stock over is not asked line by line.
const LOOKED_AT: i64 = 10_000;

/// The findings about twins among the debtors that this import has made, the first of them with the row `first`.
pub(super) async fn look(tx: &mut Tx, common: &Common, first: i64) -> Result<Report, StoreError> {
    let found: Vec<(i64, i64, String)> = in_tx!(tx, sql::TWINS, |conn, text| sqlx::query_as(text)
        .bind(common.act)
        .bind(LOOKED_AT)
        .bind(first)
        .fetch_all(&mut *conn)
        .await)?;
    let mut report = Report::default();
    for (part, sequence, twin) in found {
        let finding = Finding::new(Code::LikelyTwin).field(Field::DebtorNumber).value(&twin);
        report.finding(Some(part), Some(sequence), None, &finding);
    }
    Ok(report)
}
