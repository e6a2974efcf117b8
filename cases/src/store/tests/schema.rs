//! Both schemas say the same, every migration runs from every earlier version, every query is one on both databases.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use crate::desk;
use crate::import::{bulk_inserts, queries as import_queries};
use crate::search;
use crate::store::bulk::Words;
use crate::store::db::Sql;
use crate::store::{
    Db, POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS, Store, acts, aside, audit, browse, clients, deliveries, outbox, papers,
    report_runs,
};
use crate::testing::{self, Kind};

/// Rows that a database of version 1 holds.
const ROWS: &str = include_str!("rows_0001.sql");

/// SQLite's counter is a sequence on PostgreSQL.
const SQLITE_ALONE: &str = "number_blocks";

const SQLITE_COLUMNS: &str = "select m.name || '.' || p.name || ' ' || p.type || \
    case when p.\"notnull\" or p.pk > 0 then ' not null' else '' end || coalesce(' default ' || p.dflt_value, '') \
    from sqlite_master m join pragma_table_xinfo(m.name) p where m.type = 'table'";

const POSTGRES_COLUMNS: &str = "select c.table_name || '.' || c.column_name || ' ' || c.data_type || \
    case when c.is_nullable = 'NO' then ' not null' else '' end || coalesce(' default ' || c.column_default, '') \
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name) \
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'";

const SQLITE_INDEXES: &str = "select m.name || ' (' || group_concat(c.name order by c.seqno) || ')' || \
    case when i.\"unique\" then ' unique' else '' end || case when i.partial then ' partial' else '' end \
    from sqlite_master m join pragma_index_list(m.name) i join pragma_index_info(i.name) c where m.type = 'table' \
    group by m.name, i.name";

const POSTGRES_INDEXES: &str = "select t.relname || ' (' || string_agg(a.attname, ',' order by k.place) || ')' || \
    case when i.indisunique then ' unique' else '' end || case when i.indpred is null then '' else ' partial' end \
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace \
    join lateral unnest(i.indkey) with ordinality as k(number, place) on true \
    join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number where n.nspname = 'public' \
    group by t.relname, i.indexrelid, i.indisunique, i.indpred";

async fn lines(store: &Store, sqlite: &'static str, postgres: &'static str) -> BTreeSet<String> {
    let lines: Vec<String> = match &store.db {
        Db::Sqlite(pool) => sqlx::query_scalar(sqlite).fetch_all(pool).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_scalar(postgres).fetch_all(pool).await.unwrap(),
    };
    let words = [
        (" timestamp with time zone", " timestamp"),
        (" integer", " bigint"),
        ("::text", ""),
        (" (id) unique", " (id)"),
    ];
    lines
        .into_iter()
        .filter(|line| !line.starts_with("_sqlx") && !line.starts_with("sqlite_") && !line.starts_with(SQLITE_ALONE))
        .map(|line| {
            words
                .iter()
                .fold(line.to_lowercase(), |line, (from, to)| line.replace(from, to))
        })
        // The key `id` needs no index of its own on SQLite.
        .filter(|line| !line.ends_with(" (id)"))
        .collect()
}

async fn columns(store: &Store) -> BTreeSet<String> {
    lines(store, SQLITE_COLUMNS, POSTGRES_COLUMNS).await
}

async fn indexes(store: &Store) -> BTreeSet<String> {
    lines(store, SQLITE_INDEXES, POSTGRES_INDEXES).await
}

#[tokio::test]
async fn both_schemas_are_the_same() {
    let (sqlite, postgres) = (
        testing::database(Kind::Sqlite).await,
        testing::database(Kind::Postgres).await,
    );
    let (one, other) = (columns(&sqlite.store).await, columns(&postgres.store).await);
    assert!(one.len() > 200, "{one:?}");
    assert_eq!(
        one.symmetric_difference(&other).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    let (one, other) = (indexes(&sqlite.store).await, indexes(&postgres.store).await);
    assert!(one.len() > 20, "{one:?}");
    assert_eq!(
        one.symmetric_difference(&other).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

/// Brings an empty database to `version`.
async fn migrate_to(store: &Store, version: i64) {
    match &store.db {
        Db::Sqlite(pool) => SQLITE_MIGRATIONS.run_to(version, pool).await.unwrap(),
        Db::Postgres(pool) => POSTGRES_MIGRATIONS.run_to(version, pool).await.unwrap(),
    }
}

async fn load(store: &Store, rows: &'static str) {
    match &store.db {
        Db::Sqlite(pool) => sqlx::raw_sql(rows).execute(pool).await.map(|_| ()).unwrap(),
        Db::Postgres(pool) => sqlx::raw_sql(rows).execute(pool).await.map(|_| ()).unwrap(),
    }
}

async fn count(store: &Store, table: &str) -> i64 {
    let text = AssertSqlSafe(format!("select count(*) from {table}")).into_sql_str();
    match &store.db {
        Db::Sqlite(pool) => sqlx::query_scalar(text).fetch_one(pool).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_scalar(text).fetch_one(pool).await.unwrap(),
    }
}

#[tokio::test]
async fn every_earlier_version_migrates() {
    let versions: Vec<i64> = SQLITE_MIGRATIONS.iter().map(|migration| migration.version).collect();
    assert_eq!(
        versions,
        POSTGRES_MIGRATIONS
            .iter()
            .map(|migration| migration.version)
            .collect::<Vec<_>>()
    );
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let new = testing::database(kind).await;
        let (wanted_columns, wanted_indexes) = (columns(&new.store).await, indexes(&new.store).await);
        for version in &versions {
            let (url, _folder) = testing::empty(kind).await;
            let store = Store::connect(&url, 2).await.unwrap();
            migrate_to(&store, *version).await;
            load(&store, ROWS).await;
            store.migrate().await.unwrap();
            store.migrate().await.unwrap();
            assert_eq!(columns(&store).await, wanted_columns, "{kind:?} from {version}");
            assert_eq!(indexes(&store).await, wanted_indexes, "{kind:?} from {version}");
            for table in [
                "clients",
                "debtors",
                "debtor_contacts",
                "cases",
                "claims",
                "bookings",
                "results",
                "audit",
            ] {
                assert_eq!(count(&store, table).await, 1, "{table} on {kind:?} from {version}");
            }
            store.close().await;
        }
    }
}

/// SQLite ignores `pragma foreign_keys` inside of a transaction; with foreign keys on, dropping the old table would
/// drop or refuse what points to it. So a rebuild stands outside of sqlx's transaction and brings its own.
#[test]
fn table_rebuilds_stand_outside_of_the_transaction() {
    for migration in SQLITE_MIGRATIONS.iter() {
        let text = migration.sql.as_str().to_lowercase();
        if text.contains("drop table") || text.contains(" rename to ") {
            assert!(
                migration.no_tx,
                "{}: begin it with `-- no-transaction`",
                migration.version
            );
            for part in [
                "pragma foreign_keys = off",
                "begin",
                "commit",
                "pragma foreign_keys = on",
            ] {
                assert!(text.contains(part), "{}: no `{part}`", migration.version);
            }
        }
    }
}

#[tokio::test]
async fn every_query_is_one_on_both_databases() {
    let (sqlite, postgres) = (
        testing::database(Kind::Sqlite).await,
        testing::database(Kind::Postgres).await,
    );
    let (Db::Sqlite(sqlite), Db::Postgres(postgres)) = (&sqlite.store.db, &postgres.store.db) else {
        panic!("the databases were mixed up");
    };
    let of_store: [&[(&str, Sql)]; 10] = [
        acts::sql::ALL,
        aside::sql::ALL,
        audit::sql::ALL,
        browse::sql::ALL,
        clients::sql::ALL,
        deliveries::sql::ALL,
        outbox::sql::ALL,
        papers::sql::ALL,
        report_runs::sql::ALL,
        search::sql::ALL,
    ];
    let bulks: Vec<(&str, String, String)> = bulk_inserts()
        .iter()
        .chain(desk::bulk_inserts())
        .chain(&search::BULKS)
        .map(|bulk| {
            (
                bulk.table,
                bulk.text(Words::Sqlite, u64::MAX, 1),
                bulk.text(Words::Postgres, u64::MAX, 1),
            )
        })
        .collect();
    let mut texts: Vec<(&str, &str, &str)> = bulks
        .iter()
        .map(|(table, one, other)| (*table, &**one, &**other))
        .collect();
    let queries = of_store
        .iter()
        .chain(import_queries())
        .chain(desk::queries())
        .chain(crate::queries::ALL);
    texts.extend(
        queries
            .flat_map(|queries| queries.iter())
            .map(|(name, sql)| (*name, sql.sqlite, sql.postgres)),
    );
    assert!(texts.len() > 60, "{}", texts.len());

    use sqlx::Executor as _;
    for (name, on_sqlite, on_postgres) in texts {
        let done = sqlite.prepare(AssertSqlSafe(on_sqlite).into_sql_str()).await;
        assert!(done.is_ok(), "{name} on SQLite: {on_sqlite}: {done:?}");
        let done = postgres.prepare(AssertSqlSafe(on_postgres).into_sql_str()).await;
        assert!(done.is_ok(), "{name} on PostgreSQL: {on_postgres}: {done:?}");
    }
}
