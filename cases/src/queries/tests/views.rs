//! The views against their description in `docs/schema.md`, on both databases.

use std::collections::{BTreeMap, BTreeSet};

use iso_currency::Currency;
use sqlx::{AssertSqlSafe, Row as _};

use super::seed;
use crate::on_both;
use crate::store::{Db, Store};

const DOCUMENT: &str = include_str!("../../../../docs/schema.md");
/// Tables that the migrator keeps for itself.
const NOT_OURS: [&str; 2] = ["_sqlx_migrations", "sqlite_sequence"];

/// Column and type, in order.
type Columns = Vec<(String, String)>;

/// Rows of texts.
async fn texts(store: &Store, query: &str) -> Vec<Vec<String>> {
    macro_rules! fetch {
        ($pool:expr) => {
            sqlx::query(AssertSqlSafe(query.to_owned()))
                .fetch_all($pool)
                .await
                .expect("the query runs")
                .iter()
                .map(|row| (0..row.len()).map(|index| row.get::<String, _>(index)).collect())
                .collect()
        };
    }
    match store.db() {
        Db::Sqlite(pool) => fetch!(pool),
        Db::Postgres(pool) => fetch!(pool),
    }
}

/// The tables or views of the database.
async fn relations(store: &Store, kind: &str) -> BTreeSet<String> {
    let query = match store.db() {
        Db::Sqlite(_) => format!("select name from sqlite_master where type = '{kind}'"),
        Db::Postgres(_) => format!(
            "select table_name::text from information_schema.tables where table_schema = 'public' \
             and table_type = '{}'",
            if kind == "view" { "VIEW" } else { "BASE TABLE" }
        ),
    };
    let names = texts(store, &query).await.into_iter().flatten();
    names
        .filter(|name| !NOT_OURS.contains(&name.as_str()) && !name.starts_with("sqlite_"))
        .collect()
}

/// The columns of a view with the types of the document; SQLite knows none of what it computes.
async fn columns(store: &Store, view: &str) -> Columns {
    match store.db() {
        Db::Sqlite(_) => {
            let columns = texts(store, &format!("select name, '' from pragma_table_info('{view}')")).await;
            columns
                .into_iter()
                .map(|mut column| (column.swap_remove(0), String::new()))
                .collect()
        }
        Db::Postgres(_) => {
            let query = format!(
                "select column_name::text, data_type::text from information_schema.columns \
                 where table_schema = 'public' and table_name = '{view}' order by ordinal_position"
            );
            let columns = texts(store, &query).await;
            columns
                .into_iter()
                .map(|column| (column[0].clone(), documented_type(&column[1]).to_owned()))
                .collect()
        }
    }
}

fn documented_type(postgres: &str) -> &str {
    match postgres {
        "bigint" | "integer" => "integer",
        "timestamp with time zone" => "time",
        other => other,
    }
}

/// The cells of a table's row in Markdown, without backquotes.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix("| `")?.strip_suffix('|')?;
    Some(
        inner
            .split(" | ")
            .map(|cell| cell.trim().trim_matches('`').to_owned())
            .collect(),
    )
}

/// What the document says under the heading of each view.
fn documented_views() -> BTreeMap<String, Columns> {
    let mut views = BTreeMap::new();
    for section in DOCUMENT.split("\n### `").skip(1) {
        let (name, body) = section.split_once('`').expect("a heading");
        let body = body.split("\n## ").next().unwrap_or_default();
        let rows = body.lines().filter_map(cells);
        let columns = rows.map(|row| {
            assert_eq!(row.len(), 3, "{name}: {row:?}");
            assert!(!row[2].is_empty(), "{name}.{} has no meaning", row[0]);
            (row[0].clone(), row[1].clone())
        });
        views.insert(name.to_owned(), columns.collect());
    }
    views
}

fn documented_tables() -> BTreeSet<String> {
    let section = DOCUMENT.split("\n## Tables").nth(1).expect("a section on tables");
    section
        .lines()
        .filter_map(cells)
        .map(|mut row| row.swap_remove(0))
        .collect()
}

on_both! {
    async fn every_view_is_documented_column_by_column(db: TestDb) {
        let documented = documented_views();
        assert_eq!(relations(&db.store, "view").await, documented.keys().cloned().collect());
        for (view, mut expected) in documented {
            let found = columns(&db.store, &view).await;
            if matches!(db.store.db(), Db::Sqlite(_)) {
                expected.iter_mut().for_each(|(_, kind)| kind.clear());
            }
            assert_eq!(found, expected, "{view}");
        }
    }

    async fn every_table_is_documented(db: TestDb) {
        let mut documented = documented_tables();
        if matches!(db.store.db(), Db::Postgres(_)) {
            documented.remove("number_blocks");
        }
        assert_eq!(relations(&db.store, "table").await, documented);
    }

    async fn the_role_of_the_document_sees_every_view(db: TestDb) {
        let grants = DOCUMENT.split("grant select on ").nth(1).and_then(|rest| rest.split(" to ").next());
        let granted = grants.expect("a grant").split(',').map(|view| view.trim().to_owned()).collect();
        assert_eq!(relations(&db.store, "view").await, granted);
    }

    async fn the_examples_run(db: TestDb) {
        seed::cases(&db.store).await;
        let examples = DOCUMENT.split("```sql\n").skip(1).filter_map(|block| block.split("\n```").next());
        let queries: Vec<_> = examples.filter(|query| query.starts_with("select")).collect();
        assert!(queries.len() >= 4, "{queries:?}");
        for query in queries {
            seed::run(&db.store, query).await;
        }
    }

    async fn nothing_is_written_through_a_view(db: TestDb) {
        seed::cases(&db.store).await;
        for (view, columns) in documented_views() {
            let column = &columns[0].0;
            let statements = [
                format!("delete from {view}"),
                format!("update {view} set {column} = {column}"),
                format!("insert into {view} ({column}) values (null)"),
            ];
            for statement in statements {
                let error = seed::try_run(&db.store, &statement).await.expect_err(&statement).to_string();
                assert!(error.contains("view"), "{statement}: {error}");
            }
        }
    }

    async fn sums_of_a_case_agree_with_the_list(db: TestDb) {
        seed::cases(&db.store).await;
        let query = "select case_number, cast(claims as text), cast(principal_minor as text), \
            cast(costs_minor as text), cast(payments_minor as text), cast(balance_minor as text), cast(minor_per_unit as text) \
            from v1_cases where client = 'demo' order by case_number";
        let expected = [
            ["10000017", "2", "15000", "500", "-3000", "12500", "100"],
            ["10000025", "1", "100000", "0", "0", "100000", "100"],
            ["10000033", "1", "7000", "0", "-7000", "0", "100"],
        ];
        assert_eq!(texts(&db.store, query).await, expected);
    }

    async fn minor_units_of_every_currency(db: TestDb) {
        let rows = texts(&db.store, "select currency, cast(minor_per_unit as text) from v1_currency_units").await;
        let listed: BTreeMap<_, _> = rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        let letters = || (b'A'..=b'Z').map(char::from);
        let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
        let unusual = codes.filter_map(|code| {
            let currency = Currency::from_code(&code)?;
            let digits = currency.exponent().filter(|digits| *digits != 2)?;
            (!currency.is_fund() && !currency.is_special()).then(|| (code, 10_u32.pow(digits.into()).to_string()))
        });
        assert_eq!(listed, unusual.collect());
    }
}

#[test]
fn both_databases_have_the_same_views() {
    let sqlite = include_str!("../../../migrations/sqlite/0002_views.sql");
    assert_eq!(sqlite, include_str!("../../../migrations/postgres/0002_views.sql"));
}
