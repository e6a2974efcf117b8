//! Measures searches beside exact look-ups in the same database:
//! `cargo run --release -p dropcase-cases --features testing --example search_bench -- [DEBTORS] [URL]`.
//!
//! Fills a new database with debtors whose names are as frequent as in real life, indexes them, and measures each kind
//! of search in turn, again and again, so that whatever else the machine does meets all of them alike. Prints medians,
//! the worst twentieth, and the ratio to an exact look-up. Without a URL it takes a new SQLite file; `postgres` starts a
//! server of its own.

#[path = "search_bench/names.rs"]
mod names;

use std::error::Error;
use std::time::{Duration, Instant};

use dropcase_cases::model::{ClientId, ClientSetting};
use dropcase_cases::search::Search;
use dropcase_cases::store::{Db, Store};
use dropcase_cases::testing::{Kind as Server, empty, fixture};
use sqlx::AssertSqlSafe;

use names::{Debtor, Names};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Rounds of all kinds of search.
const ROUNDS: usize = 400;

/// Debtors of one insert.
const BATCH: u64 = 20_000;

/// What an exact look-up costs at least: one statement that brings the columns of a hit.
const BARE: &str = "select c.id, c.number, k.key, r.code, d.number, d.company_name, d.first_name, d.last_name, \
    d.postal_code, d.city, d.country, c.stage, c.processing, c.payment, o.at, c.closed_at \
    from debtors d join cases c on c.debtor_id = d.id and c.closed_at is null join clients k on k.id = c.client_id \
    join creditors r on r.id = c.creditor_id join acts o on o.id = c.act_id \
    where d.creditor_id = (select id from creditors where client_id = $1 and code = '') and d.number = $2";

async fn execute(store: &Store, text: &str, json: Option<&str>) -> Result<()> {
    let text = AssertSqlSafe(text.to_owned());
    match (store.db(), json) {
        (Db::Sqlite(pool), Some(json)) => sqlx::query(text).bind(json).execute(pool).await.map(drop)?,
        (Db::Sqlite(pool), None) => sqlx::raw_sql(text).execute(pool).await.map(drop)?,
        (Db::Postgres(pool), Some(json)) => sqlx::query(text).bind(json).execute(pool).await.map(drop)?,
        (Db::Postgres(pool), None) => sqlx::raw_sql(text).execute(pool).await.map(drop)?,
    }
    Ok(())
}

/// Debtors with a case and a claim each.
async fn fill(store: &Store, names: &Names, debtors: u64) -> Result<()> {
    execute(
        store,
        "insert into actors (id, kind, name) values (100, 'service', 'bench');
        insert into acts (id, at, actor_id) values (100, '2026-03-09T12:00:00+00:00', 100)",
        None,
    )
    .await?;
    let (value, rows) = match store.db() {
        Db::Sqlite(_) => ("v.value->>", "json_each($1) v"),
        Db::Postgres(_) => (
            "v.value->>",
            "jsonb_array_elements(cast($1 as text)::jsonb) as v(value)",
        ),
    };
    let column = |index: usize| format!("{value}{index}");
    let id = format!("cast({} as bigint)", column(0));
    let debtor_columns: Vec<String> = (1..9).map(column).collect();
    let debtors_text = format!(
        "insert into debtors (id, client_id, creditor_id, kind, acts_as, number, company_name, first_name, last_name, \
         street, house_number, postal_code, city, country, name_key, act_id) \
         select {id}, 1, 1, 'person', 'consumer', {}, 'DE', '', 100 from {rows}",
        debtor_columns.join(", ")
    );
    let cases_text = format!(
        "insert into cases (id, number, client_id, creditor_id, debtor_id, currency, stage, processing, payment, \
         act_id) select {id}, cast({id} + 10000000 as text), 1, 1, {id}, 'EUR', 'extrajudicial', 'in_progress', \
         'unpaid', 100 from {rows}"
    );
    let claims_text = format!(
        "insert into claims (id, case_id, creditor_id, debtor_number, reference, invoice_number, principal_amount, \
         currency, act_id, part, sequence) select {id}, {id}, 1, {}, 'R' || {id}, 'R-2026-' || {id}, 10000, 'EUR', \
         100, 0, {id} from {rows}",
        column(1)
    );
    for first in (1..=debtors).step_by(usize::try_from(BATCH)?) {
        let rows: Vec<_> = (first..(first + BATCH).min(debtors + 1))
            .map(|id| {
                let debtor = names.debtor(id);
                let Debtor {
                    number,
                    company,
                    first,
                    last,
                    street,
                    house,
                    postcode,
                    city,
                } = debtor;
                (id, number, company, first, last, street, house, postcode, city)
            })
            .collect();
        let json = serde_json::to_string(&rows)?;
        for text in [&debtors_text, &cases_text, &claims_text] {
            execute(store, text, Some(&json)).await?;
        }
    }
    Ok(())
}

/// Kinds of search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bare,
    Number,
    Invoice,
    Name,
    Slip,
    City,
    Company,
    Frequent,
    Nothing,
}

const KINDS: [(Kind, &str); 9] = [
    (Kind::Bare, "exact look-up, one statement"),
    (Kind::Number, "(a) search by debtor number"),
    (Kind::Invoice, "    search by invoice number"),
    (Kind::Name, "(b) surname and first name"),
    (Kind::Slip, "(c) the same with a slip"),
    (Kind::City, "(d) surname and city"),
    (Kind::Company, "(e) company without its form"),
    (Kind::Frequent, "(f) a frequent surname alone"),
    (Kind::Nothing, "    a name that nobody has"),
];

/// A wrong letter in the middle of a word.
fn slip(word: &str) -> String {
    let middle = word.chars().count() / 2;
    let letters = word.chars().enumerate();
    letters
        .map(|(place, letter)| match (place == middle, letter) {
            (true, 'x') => 'y',
            (true, _) => 'x',
            _ => letter,
        })
        .collect()
}

/// A search that finds the debtor, or one like it.
fn search(kind: Kind, names: &Names, round: usize, debtors: u64) -> (Search, String) {
    let id = names.random(round as u64 * 7_919 + kind as u64) % debtors + 1;
    let person = (0..)
        .map(|step| (id + step - 1) % debtors + 1)
        .map(|id| names.debtor(id));
    let company = kind == Kind::Company;
    let Some(debtor) = person.take(10_000).find(|debtor| debtor.company.is_some() == company) else {
        return (Search::default(), String::new());
    };
    let mut search = Search {
        scope: Some(ClientId(1)),
        limit: 100,
        ..Search::default()
    };
    let (first, last) = (debtor.first.unwrap_or_default(), debtor.last.unwrap_or_default());
    search.debtor_name = match kind {
        Kind::Bare | Kind::Number | Kind::Invoice => None,
        Kind::Name => Some(format!("{last} {first}")),
        Kind::Slip => Some(format!("{} {first}", slip(&last))),
        Kind::City => Some(last),
        Kind::Company => debtor
            .company
            .map(|name| name.rsplit_once(' ').map_or(name.clone(), |(name, _)| name.to_owned())),
        Kind::Frequent => Some(names.frequent(round)),
        Kind::Nothing => Some(format!("Qx{last}xq {first}")),
    };
    match kind {
        Kind::Number => search.client_reference = Some(debtor.number.clone()),
        Kind::Invoice => search.client_reference = Some(format!("R-2026-{id}")),
        Kind::City => search.city = Some(debtor.city),
        _ => {}
    }
    (search, debtor.number)
}

async fn bare(store: &Store, number: &str) -> Result<usize> {
    macro_rules! fetch {
        ($pool:expr) => {
            sqlx::query(BARE)
                .bind(1_i64)
                .bind(number)
                .fetch_all($pool)
                .await?
                .len()
        };
    }
    Ok(match store.db() {
        Db::Sqlite(pool) => fetch!(pool),
        Db::Postgres(pool) => fetch!(pool),
    })
}

#[allow(clippy::print_stdout, reason = "a measurement is read by people")]
async fn measure(store: &Store, names: &Names, debtors: u64) -> Result<()> {
    let mut taken: Vec<Vec<Duration>> = vec![Vec::with_capacity(ROUNDS); KINDS.len()];
    let mut hits = vec![0; KINDS.len()];
    for round in 0..ROUNDS + 20 {
        for (index, (kind, name)) in KINDS.iter().enumerate() {
            let (search, number) = search(*kind, names, round, debtors);
            let start = Instant::now();
            let found = match kind {
                Kind::Bare => bare(store, &number).await?,
                _ => store.search(&search).await?.hits.len(),
            };
            let time = start.elapsed();
            if found == 0 && *kind != Kind::Nothing {
                return Err(format!("{name}: nothing found for {search:?}").into());
            }
            // The first rounds fill caches.
            if round >= 20 {
                taken[index].push(time);
                hits[index] += found;
            }
        }
    }
    for times in &mut taken {
        times.sort_unstable();
    }
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let (bare, exact) = (micros(taken[0][ROUNDS / 2]), micros(taken[1][ROUNDS / 2]));
    println!(
        "{:32} {:>9} {:>9} {:>9} {:>9} {:>6}",
        "", "median", "95 %", "x one st.", "x (a)", "hits"
    );
    for ((times, hits), (_, name)) in taken.iter().zip(hits).zip(KINDS) {
        let median = micros(times[ROUNDS / 2]);
        println!(
            "{name:32} {median:6.0} µs {:6.0} µs {:9.1} {:9.1} {:6.1}",
            micros(times[ROUNDS * 95 / 100]),
            median / bare,
            median / exact,
            hits as f64 / ROUNDS as f64
        );
    }
    Ok(())
}

/// Bytes of the index's tables: pages on SQLite, with their indexes on PostgreSQL.
async fn sizes(store: &Store) -> Result<Vec<(String, i64)>> {
    Ok(match store.db() {
        Db::Sqlite(pool) => {
            let text = "select name, sum(pgsize) from dbstat where name like '%search_%' group by name \
                union all select 'everything', sum(pgsize) from dbstat";
            sqlx::query_as(text).fetch_all(pool).await?
        }
        Db::Postgres(pool) => {
            let text = "select relname::text, pg_total_relation_size(oid) from pg_class \
                where relname like 'search_%' and relkind = 'r' \
                union all select 'everything', pg_database_size(current_database())";
            sqlx::query_as(text).fetch_all(pool).await?
        }
    })
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "a measurement is read by people")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let debtors: u64 = arguments.next().map_or(Ok(1_000_000), |debtors| debtors.parse())?;
    let folder = tempfile::tempdir_in(".")?;
    let url = match arguments.next() {
        Some(own) if own == "postgres" => empty(Server::Postgres).await.0,
        Some(url) => url,
        None => format!("sqlite://{}/cases.sqlite", folder.path().display()),
    };
    let store = Store::connect(&url, 4).await?;
    store.migrate().await?;
    let client = ClientSetting {
        key: "muster".to_owned(),
        name: "Muster GmbH".to_owned(),
        creditors: Vec::new(),
    };
    store.sync_clients(&[client], fixture::now()).await?;
    let names = Names::new();
    let start = Instant::now();
    fill(&store, &names, debtors).await?;
    println!("{debtors} debtors in {:.1} s", start.elapsed().as_secs_f64());

    let (start, early) = (
        Instant::now(),
        Search {
            debtor_name: Some(names.frequent(0)),
            ..Search::default()
        },
    );
    let complete = store.search(&early).await?.complete;
    let time = start.elapsed().as_secs_f64();
    println!("search without the index: {time:.2} s, complete: {complete}");

    let (start, mut steps) = (Instant::now(), Vec::new());
    loop {
        let step = Instant::now();
        if !store.index_some().await? {
            break;
        }
        steps.push(step.elapsed());
    }
    steps.sort_unstable();
    println!(
        "indexed in {:.1} s, {} steps of {:.0} ms (median), {:.0} ms (longest)",
        start.elapsed().as_secs_f64(),
        steps.len(),
        steps[steps.len() / 2].as_secs_f64() * 1e3,
        steps[steps.len() - 1].as_secs_f64() * 1e3
    );
    if let Db::Postgres(pool) = store.db() {
        // As its own housekeeping does sooner or later.
        sqlx::raw_sql("vacuum analyze").execute(pool).await?;
    }
    for (table, bytes) in sizes(&store).await.unwrap_or_default() {
        println!("  {table}: {:.1} MB", bytes as f64 / 1e6);
    }
    let start = Instant::now();
    store
        .search(&Search {
            debtor_name: Some("Müller".to_owned()),
            ..Search::default()
        })
        .await?;
    println!(
        "first search, reading the words: {:.0} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    measure(&store, &names, debtors).await?;
    store.close().await;
    Ok(())
}
