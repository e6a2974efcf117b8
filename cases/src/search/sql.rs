//! The texts of the queries about the index. Most bring their rows as one JSON text: thousands of rows one by one cost
//! more than the search for them.

use crate::store::db::queries;

/// What a search asks of a case itself: `$1` the client, `$2` to `$6` status, days and country.
macro_rules! filtered {
    () => {
        "(cast($1 as bigint) is null or c.client_id = $1) \
         and (cast($2 as boolean) is null or (c.closed_at is null) = $2) \
         and (cast($3 as boolean) is null or c.stage in ('judicial_dunning', 'litigation', 'enforcement')) \
         and (cast($4 as timestamptz) is null or o.at >= $4) and (cast($5 as timestamptz) is null or o.at < $5) \
         and (cast($6 as text) is null or d.country = $6)"
    };
}

/// Rows of these columns as one JSON text of SQLite.
macro_rules! lite {
    ($columns:expr, $from:expr) => {
        concat!("select json_group_array(json_array(", $columns, ")) from ", $from)
    };
}

/// Rows of these columns as one JSON text of PostgreSQL.
macro_rules! post {
    ($columns:expr, $from:expr) => {
        concat!(
            "select coalesce(json_agg(json_build_array(",
            $columns,
            ")), '[]')::text from ",
            $from
        )
    };
}

/// Elements of the JSON array `$1`, on PostgreSQL.
macro_rules! elements {
    () => {
        "jsonb_array_elements(cast($1 as text)::jsonb) as k(v)"
    };
}

/// What is searched of a debtor, as an array.
macro_rules! known {
    ($array:literal) => {
        concat!(
            $array,
            "(d.company_name, d.first_name, d.last_name, d.street, d.house_number, d.postal_code, d.city)"
        )
    };
}

/// The columns of a case with its debtor.
macro_rules! case_text {
    ($array:literal) => {
        concat!("c.id, c.client_id, d.number, ", known!($array))
    };
}

/// The columns of a hit.
macro_rules! hit {
    ($array:literal) => {
        concat!(
            "c.id, c.number, k.key, r.code, d.number, ",
            known!($array),
            ", d.country, c.stage, c.processing, c.payment, o.at, c.closed_at"
        )
    };
}

/// Cases that fit, of `$from`.
macro_rules! hits {
    ($from:expr, $rest:expr) => {
        concat!(
            $from,
            " join clients k on k.id = c.client_id join creditors r on r.id = c.creditor_id \
             join debtors d on d.id = c.debtor_id join acts o on o.id = c.act_id where ",
            filtered!(),
            $rest
        )
    };
}

/// Those of `$from`, newest first and only so many, each as the array that a hit is.
macro_rules! list_lite {
    ($rest:literal) => {
        concat!(
            "select json_group_array(json(h)) from (select json_array(",
            hit!("json_array"),
            ") as h from ",
            hits!("cases c", $rest),
            ")"
        )
    };
}
macro_rules! list_post {
    ($rest:literal) => {
        concat!(
            "select coalesce(json_agg(h), '[]')::text from (select json_build_array(",
            hit!("json_build_array"),
            ") as h from ",
            hits!("cases c", $rest),
            ") l"
        )
    };
}

macro_rules! cases_between {
    ($client:literal) => {
        concat!(
            "cases c join debtors d on d.id = c.debtor_id where c.id between $1 and $2",
            $client
        )
    };
}

macro_rules! claims_between {
    ($client:literal) => {
        concat!(
            "claims l join cases c on c.id = l.case_id where l.id between $1 and $2",
            $client
        )
    };
}

/// What waits for the index, as (row of the queue or 0, kind, first id, last id); no more than a search would look at.
macro_rules! pending_lite {
    () => {
        "(select * from (select id, kind, first_id, last_id from search_queue order by id limit 10000) \
         union all select 0, p.kind, p.indexed_to + 1, m.last from search_progress p \
         join (select 'case' as kind, max(id) as last from cases union all select 'claim', max(id) from claims) m \
         on m.kind = p.kind and m.last > p.indexed_to)"
    };
}
macro_rules! pending_post {
    () => {
        "(select id, kind, first_id, last_id from search_queue order by id limit 10000) q"
    };
}

queries! {
    // Words that are not known yet ($1: the last that is), and what waits for the index: one question, so that both are
    // of one moment.
    NEWS = , sqlite concat!("select (", lite!("id, place, word",
            "(select id, place, word from search_words where id > $1 order by id limit 50000)"),
            "), (", lite!("id, kind, first_id, last_id", pending_lite!()), ")"),
        postgres concat!("select (", post!("id, place, word",
            "(select id, place, word from search_words where id > $1 order by id limit 50000) w"),
            "), (", post!("id, kind, first_id, last_id", pending_post!()), ")");
    PENDING = , sqlite lite!("id, kind, first_id, last_id", pending_lite!()),
        postgres post!("id, kind, first_id, last_id", pending_post!());
    // One writer of the index at a time. On SQLite the transaction is that already.
    LOCK = , sqlite "select count(*) from search_progress",
        postgres "select count(*) from (select kind from search_progress order by kind for update) l";
    ADVANCE = both "update search_progress set indexed_to = $2 where kind = $1";
    SHORTEN = both "update search_queue set first_id = $2 where id = $1";
    DONE = , sqlite "delete from search_queue where id in (select value from json_each($1))",
        postgres concat!("delete from search_queue where id in (select v::bigint from ", elements!(), ")");

    CASES = , sqlite lite!(case_text!("json_array"), cases_between!("")), postgres post!(case_text!("json_build_array"), cases_between!(""));
    CASES_OF_CLIENT = , sqlite lite!(case_text!("json_array"), cases_between!(" and c.client_id = $3")),
        postgres post!(case_text!("json_build_array"), cases_between!(" and c.client_id = $3"));
    CASES_BY_ID = , sqlite lite!(case_text!("json_array"), "json_each($1) k cross join cases c on c.id = k.value \
            join debtors d on d.id = c.debtor_id"),
        postgres post!(case_text!("json_build_array"), concat!(elements!(), " join cases c on c.id = k.v::bigint \
            join debtors d on d.id = c.debtor_id"));
    CLAIMS = , sqlite lite!("l.case_id, c.client_id, l.invoice_number, l.contract_number", claims_between!("")),
        postgres post!("l.case_id, c.client_id, l.invoice_number, l.contract_number", claims_between!(""));
    CLAIMS_OF_CLIENT = , sqlite lite!("l.case_id, c.client_id, l.invoice_number, l.contract_number",
            claims_between!(" and c.client_id = $3")),
        postgres post!("l.case_id, c.client_id, l.invoice_number, l.contract_number",
            claims_between!(" and c.client_id = $3"));
    CLAIMS_OF_CASES = , sqlite lite!("l.case_id, l.invoice_number, l.contract_number",
            "json_each($1) k cross join claims l on l.case_id = k.value"),
        postgres post!("l.case_id, l.invoice_number, l.contract_number",
            concat!(elements!(), " join claims l on l.case_id = k.v::bigint"));
    DEBTORS = , sqlite lite!("d.id, d.client_id, d.number", "json_each($1) k cross join debtors d on d.id = k.value"),
        postgres post!("d.id, d.client_id, d.number",
            concat!(elements!(), " join debtors d on d.id = k.v::bigint"));
    // Cases by debtor: no index of `cases` leads there once they are closed, but the debtor's number does.
    CASES_OF_DEBTORS = , sqlite "select json_group_array(i.case_id) from json_each($1) k \
            cross join search_references i on i.client_id = k.value->>'$[1]' and i.reference = k.value->>'$[2]' \
            join cases c on c.id = i.case_id and c.debtor_id = k.value->>'$[0]'",
        postgres concat!("select coalesce(json_agg(i.case_id), '[]')::text from ", elements!(),
            " join search_references i on i.client_id = (k.v->>1)::bigint and i.reference = k.v->>2 \
            join cases c on c.id = i.case_id and c.debtor_id = (k.v->>0)::bigint");

    WORD_IDS = , sqlite lite!("k.value->>'$[0]', w.id",
            "json_each($1) k cross join search_words w on w.place = k.value->>'$[1]' and w.word = k.value->>'$[2]'"),
        postgres post!("(k.v->>0)::bigint, w.id",
            concat!(elements!(), " join search_words w on w.place = k.v->>1 and w.word = k.v->>2"));
    LAST_WORD = both "select coalesce(max(id), 0) from search_words";
    // The blocks that cases from $[2] to $[3] belong into: the last that begins before them, and those in between.
    BLOCKS = , sqlite lite!("p.word_id, p.client_id, p.first_case, p.cases",
            "json_each($1) k cross join search_postings p on p.word_id = k.value->>'$[0]' \
            and p.client_id = k.value->>'$[1]' and p.first_case <= k.value->>'$[3]' and p.first_case >= coalesce(( \
                select max(q.first_case) from search_postings q where q.word_id = k.value->>'$[0]' \
                and q.client_id = k.value->>'$[1]' and q.first_case <= k.value->>'$[2]'), 0)"),
        postgres post!("p.word_id, p.client_id, p.first_case, p.cases", concat!(elements!(),
            " join search_postings p on p.word_id = (k.v->>0)::bigint and p.client_id = (k.v->>1)::bigint \
            and p.first_case <= (k.v->>3)::bigint and p.first_case >= coalesce(( \
                select max(q.first_case) from search_postings q where q.word_id = (k.v->>0)::bigint \
                and q.client_id = (k.v->>1)::bigint and q.first_case <= (k.v->>2)::bigint), 0)"));
    LISTS = , sqlite lite!("p.word_id, p.first_case, p.cases",
            "json_each($1) k cross join search_postings p on p.word_id = k.value"),
        postgres post!("p.word_id, p.first_case, p.cases",
            concat!(elements!(), " join search_postings p on p.word_id = k.v::bigint"));
    LISTS_OF_CLIENT = , sqlite lite!("p.word_id, p.first_case, p.cases",
            "json_each($1) k cross join search_postings p on p.word_id = k.value and p.client_id = $2"),
        postgres post!("p.word_id, p.first_case, p.cases",
            concat!(elements!(), " join search_postings p on p.word_id = k.v::bigint and p.client_id = $2"));
    BY_REFERENCE = , sqlite "select json_group_array(case_id) from search_references where reference = $1",
        postgres "select coalesce(json_agg(case_id), '[]')::text from search_references where reference = $1";
    BY_REFERENCE_OF_CLIENT = , sqlite "select json_group_array(case_id) from search_references \
            where reference = $1 and client_id = $2",
        postgres "select coalesce(json_agg(case_id), '[]')::text from search_references \
            where reference = $1 and client_id = $2";

    HITS = , sqlite lite!(hit!("json_array"), hits!("json_each($7) i cross join cases c on c.id = i.value", "")),
        postgres post!(hit!("json_build_array"),
            hits!("jsonb_array_elements(cast($7 as text)::jsonb) as i(v) join cases c on c.id = i.v::bigint", ""));
    BY_NUMBER = , sqlite list_lite!(" and c.number = $7"), postgres list_post!(" and c.number = $7");
    LIST = , sqlite list_lite!(" and c.id < $7 order by c.id desc limit $8"),
        postgres list_post!(" and c.id < $7 order by c.id desc limit $8");
    LIST_OF_CLIENT = , sqlite list_lite!(" and c.client_id = $1 and c.id < $7 order by c.id desc limit $8"),
        postgres list_post!(" and c.client_id = $1 and c.id < $7 order by c.id desc limit $8");
}
