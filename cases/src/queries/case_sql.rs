//! The texts of the queries about cases.

use crate::store::db::queries;

/// The columns of a case without its sums.
macro_rules! case_columns {
    () => {
        "c.id, c.number, c.client_id, k.key as client_key, r.code as creditor, c.debtor_id, \
         d.number as debtor_number, coalesce(d.company_name, \
         trim(coalesce(d.first_name, '') || ' ' || coalesce(d.last_name, ''))) as debtor_name, c.currency, c.stage, \
         c.processing, c.payment, c.handler, o.at as opened_at, c.closed_at, c.closing_reason, c.paused_until"
    };
}
pub(crate) use case_columns;

/// Cases with what names them.
macro_rules! case_tables {
    () => {
        "cases c join clients k on k.id = c.client_id join creditors r on r.id = c.creditor_id \
         join debtors d on d.id = c.debtor_id join acts o on o.id = c.act_id"
    };
}
pub(crate) use case_tables;

/// The conditions of a [`CaseFilter`] but for the client: `$2` to `$9`.
macro_rules! filtered {
    () => {
        "(cast($2 as text) is null or d.number = $2 or (d.name_key like $3 and d.name_key like $4 \
             and d.name_key like $5 and d.name_key like $6)) \
         and (cast($7 as boolean) is null or (c.closed_at is null) = $7) \
         and (cast($8 as timestamptz) is null or o.at >= $8) \
         and (cast($9 as timestamptz) is null or o.at < $9)"
    };
}

/// Sums of bookings.
macro_rules! booking_sums {
    () => {
        "cast(coalesce(sum(case when b.kind = 'principal' then b.amount end), 0) as bigint) as principal, \
         cast(coalesce(sum(case when b.kind in ('dunning_costs', 'other_costs', 'cost') then b.amount end), 0) as bigint) \
             as costs, \
         cast(coalesce(sum(case when b.kind in ('payment', 'direct_payment', 'agency_payment') \
             then b.amount end), 0) as bigint) as payments, \
         cast(coalesce(sum(b.amount), 0) as bigint) as balance"
    };
}

/// Cases of `chosen` (a select of `case_columns`) with their sums, newest first.
macro_rules! with_sums {
    ($chosen:expr) => {
        concat!(
            "with chosen as materialized (",
            $chosen,
            "), sums as (select b.case_id, ",
            booking_sums!(),
            " from bookings b where b.case_id in (select id from chosen) group by b.case_id) \
             select chosen.*, (select count(*) from claims m where m.case_id = chosen.id) as claims, \
             coalesce(principal, 0) as principal, coalesce(costs, 0) as costs, coalesce(payments, 0) as payments, \
             coalesce(balance, 0) as balance \
             from chosen left join sums on sums.case_id = chosen.id order by chosen.id desc"
        )
    };
}

/// A page of cases: `$1` to `$9` are the filter's.
macro_rules! list {
    ($client:literal) => {
        with_sums!(concat!(
            "select ",
            case_columns!(),
            " from ",
            case_tables!(),
            " where ",
            $client,
            " and ",
            filtered!(),
            " and c.id < $10 order by c.id desc limit $11"
        ))
    };
}

/// Totals of cases: `$1` to `$9` are the filter's.
macro_rules! totals {
    ($client:literal) => {
        concat!(
            "select c.currency, count(distinct c.id) as cases, \
             count(distinct case when c.closed_at is null then c.id end) as open, ",
            booking_sums!(),
            " from ",
            case_tables!(),
            " left join bookings b on b.case_id = c.id where ",
            $client,
            " and ",
            filtered!(),
            " group by c.currency order by c.currency"
        )
    };
}

queries! {
    // A query of its own for one client and for all, and no `$10 is null or …`: a page is found in an index
    // wherever it begins, and a small client's beside a large one's.
    LIST_OF_CLIENT = both list!("c.client_id = (select id from clients where key = $1)");
    LIST = both list!("cast($1 as text) is null");
    TOTALS_OF_CLIENT = both totals!("c.client_id = (select id from clients where key = $1)");
    TOTALS = both totals!("cast($1 as text) is null");
    BY_NUMBER = both with_sums!(concat!("select ", case_columns!(), " from ", case_tables!(), " where c.number = $1"));
    LISTED = , sqlite with_sums!(concat!("select ", case_columns!(), ", d.postal_code, d.city, d.country from ", case_tables!(),
            " where c.id in (select value from json_each($1))")),
        postgres with_sums!(concat!("select ", case_columns!(), ", d.postal_code, d.city, d.country from ", case_tables!(),
            " where c.id in (select cast(value as bigint) from json_array_elements_text(cast($1 as json)))"));
    DEBTOR = both "select d.*, a.at as created_at from debtors d join acts a on a.id = d.act_id where d.id = $1";
    CONTACTS = both "select kind, value from debtor_contacts where debtor_id = $1 order by kind, value";
    ACCOUNTS = both "select iban, bic, holder from debtor_accounts where debtor_id = $1 order by iban";
    CLAIMS = both "select m.*, a.delivery_id, a.at as created_at from claims m join acts a on a.id = m.act_id \
        where m.case_id = $1 order by m.id";
    BOOKINGS = both "select b.*, a.delivery_id, a.at as booked_at from bookings b join acts a on a.id = b.act_id \
        where b.case_id = $1 order by b.id";
    // What other tables tell is not written down a second time.
    HISTORY = both "select a.at, e.kind, e.visibility, e.args, a.delivery_id from ( \
            select 0 as place, id, act_id, 'opened' as kind, 'client' as visibility, cast(null as text) as args \
            from cases where id = $1 \
            union all select 1, id, act_id, 'claim_added', 'client', '{\"claim_id\":' || id || '}' \
            from claims where case_id = $1 \
            union all select 2, id, act_id, kind, 'client', '{\"message_id\":' || id || '}' \
            from messages where case_id = $1 \
            union all select 3, id, act_id, 'document', visibility, '{\"document_id\":' || id || '}' \
            from documents where case_id = $1 \
            union all select 4, id, act_id, kind, visibility, args from history where case_id = $1) e \
        join acts a on a.id = e.act_id where $2 or e.visibility = 'client' order by a.at, e.place, e.id";
}
