//! Measures the import alone, from a staged file on disk into a database on disk, against `sqlite3 .import` of the
//! same rows: `cargo run --release -p dropcase-cases --features testing --example import_bench -- [ROWS] [URL]`.
//!
//! Prints seconds, the ratio to the floor, and the peak of memory. Without a URL it takes a new SQLite file.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use dropcase_cases::import::{ImportJob, Policy, import};
use dropcase_cases::model::{ActorKind, ClientSetting, Mode, NewDelivery};
use dropcase_cases::store::Store;
use dropcase_cases::testing::fixture;
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::{Cells, Position, Record, Value};
use dropcase_parsers::staged::{Frame, Part, Reader, Sink as _, Summary, Writer};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A column: the field, how its value is made of the row's number.
type Column = (Field, fn(u64) -> Value);

fn text(text: String) -> Value {
    Value::Text(text)
}

fn columns() -> Vec<Column> {
    vec![
        (Field::DebtorNumber, |n| text(format!("D{:09}", n * 7 / 10))),
        (Field::DebtorType, |_| text("person".to_owned())),
        (Field::ActsAs, |_| text("consumer".to_owned())),
        (Field::Salutation, |_| text("Frau".to_owned())),
        (Field::FirstName, |n| text(format!("Erika{}", n * 7 / 10 % 977))),
        (Field::LastName, |n| text(format!("Mustermann{}", n * 7 / 10 % 9_973))),
        (Field::BirthDate, |n| {
            Value::Date(fixture::day(1, 1 + u32::try_from(n % 28).unwrap_or(0)))
        }),
        (Field::Street, |n| text(format!("Musterstraße {}", n % 311))),
        (Field::HouseNumber, |n| text(format!("{}", n % 199))),
        (Field::AddressExtra, |_| text("Hinterhaus".to_owned())),
        (Field::PostalCode, |n| text(format!("{:05}", 1_067 + n % 90_000))),
        (Field::City, |n| text(format!("Musterstadt {}", n % 411))),
        (Field::Country, |_| text("DE".to_owned())),
        (Field::Email, |n| Value::List(vec![format!("erika.{n}@example.org")])),
        (Field::Phone, |n| {
            Value::List(vec![format!("+4930{:07}", n % 9_999_999)])
        }),
        (Field::Iban, |_| Value::List(vec!["DE02120300000000202051".to_owned()])),
        (Field::InvoiceNumber, |n| text(format!("R-2026-{n:08}"))),
        (Field::ContractNumber, |n| text(format!("V-{:08}", n / 3))),
        (Field::InvoiceDate, |n| {
            Value::Date(fixture::day(1, 1 + u32::try_from(n % 28).unwrap_or(0)))
        }),
        (Field::DueDate, |n| {
            Value::Date(fixture::day(2, 1 + u32::try_from(n % 28).unwrap_or(0)))
        }),
        (Field::ReminderDate, |_| Value::Date(fixture::day(3, 1))),
        (Field::OriginalAmount, |n| {
            Value::Money(20_000 + i64::try_from(n % 50_000).unwrap_or(0))
        }),
        (Field::PrincipalAmount, |n| {
            Value::Money(10_000 + i64::try_from(n % 50_000).unwrap_or(0))
        }),
        (Field::Currency, |_| text("EUR".to_owned())),
        (Field::DunningCosts, |n| Value::Money(500 * i64::from(n % 4 == 0))),
        (Field::InterestReason, |_| text("vertraglich vereinbart".to_owned())),
        (Field::ClaimReason, |n| {
            text(format!("Warenlieferung vom {}. Januar 2026 laut Auftrag", 1 + n % 28))
        }),
        (Field::ClaimTypeCode, |_| text("11".to_owned())),
        (Field::Memo, |n| {
            text(format!(
                "Kunde hat auf die Mahnung {} nicht geantwortet, Rücksprache mit Frau Beispiel",
                n % 7
            ))
        }),
        (Field::ContractDate, |_| Value::Date(fixture::day(1, 2))),
    ]
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.format("%d.%m.%Y").to_string(),
        Value::Money(minor) => format!("{},{:02}", minor / 100, minor % 100),
        Value::Percent(rate) => rate.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::List(items) => items.join(" "),
    }
}

/// Writes the rows as a staged file and as a CSV file.
fn generate(rows: u64, staged: &Path, csv: &Path) -> Result<()> {
    let columns = columns();
    let header: Vec<&str> = columns.iter().map(|(field, _)| field.as_str()).collect();
    let mut out = Writer::new(BufWriter::new(File::create(staged)?))?;
    let mut lines = BufWriter::new(File::create(csv)?);
    writeln!(lines, "{}", header.join(";"))?;
    let part = Part {
        header: Cells::from_iter(&header),
        columns: columns.iter().map(|(field, _)| vec![*field]).collect(),
        ..fixture::part()
    };
    out.put(Frame::Part(part))?;
    for row in 1..=rows {
        let values: Vec<(Field, Value)> = columns.iter().map(|(field, make)| (*field, make(row))).collect();
        let cells: Vec<String> = values.iter().map(|(_, value)| cell(value)).collect();
        writeln!(lines, "{}", cells.join(";"))?;
        let mut record = Record::new(
            Position {
                part: 0,
                sequence: row,
                row: row + 1,
            },
            Cells::from_iter(&cells),
        );
        for (field, value) in values {
            record.set(field, value);
        }
        out.put(Frame::Record(Box::new(record)))?;
    }
    out.put(Frame::End(Summary {
        records: rows,
        rejected: 0,
        parts: 1,
        file_rejected: false,
    }))?;
    out.finish()?;
    lines.flush()?;
    Ok(())
}

/// Seconds that `sqlite3` takes for the same rows into one flat table.
fn floor(folder: &Path, csv: &Path) -> Result<f64> {
    let start = Instant::now();
    let import = format!(".import '{}' flat", csv.display());
    let status = Command::new("sqlite3")
        .args([
            &folder.join("flat.sqlite").display().to_string(),
            "-cmd",
            ".mode csv",
            "-cmd",
            ".separator ;",
            &import,
        ])
        .status()?;
    if !status.success() {
        return Err("sqlite3 failed".into());
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Peak of this process's memory in MB.
fn peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse::<u64>()? / 1_024)
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "a measurement is read by people")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().map_or(Ok(1_000_000), |rows| rows.parse())?;
    let folder = tempfile::tempdir_in(".")?;
    let url = arguments
        .next()
        .unwrap_or_else(|| format!("sqlite://{}/cases.sqlite", folder.path().display()));
    let (staged, csv) = (folder.path().join("staged"), folder.path().join("rows.csv"));
    generate(rows, &staged, &csv)?;
    println!(
        "{rows} rows, csv {} MB, staged {} MB",
        csv.metadata()?.len() >> 20,
        staged.metadata()?.len() >> 20
    );
    let floor = floor(folder.path(), &csv)?;
    println!("floor: {floor:.1} s");

    let store = Store::connect(&url, 4).await?;
    store.migrate().await?;
    let client = ClientSetting {
        key: "muster".to_owned(),
        name: "Muster GmbH".to_owned(),
        creditors: Vec::new(),
    };
    store.sync_clients(&[client], fixture::now()).await?;
    let id = store.client("muster").await?.ok_or("no client")?.id;
    for round in ["first", "the same again"] {
        let actor = store.actor(ActorKind::User, Some(id), "muster").await?;
        let new = NewDelivery {
            upload_id: fixture::upload_id(),
            client_key: "muster".to_owned(),
            actor,
            mode: Mode::Import,
            name: "rows.csv".to_owned(),
            path: "inbox/rows.csv".to_owned(),
            protocol: "sftp".to_owned(),
            remote: None,
            size: 0,
            arrived_at: fixture::now(),
        };
        store.register(&new, false, fixture::now()).await?;
        let leased = store
            .next("bench", Duration::from_secs(60), fixture::now())
            .await?
            .ok_or("none waits")?;
        let start = Instant::now();
        let job = ImportJob {
            leased: &leased,
            sha256: "",
            policy: Policy::ValidRows,
            mandates: &fixture::mandates(),
            rules: fixture::rules(),
            papers: &dropcase_cases::papers::Papers::default(),
            today: fixture::today(),
            versions: None,
            work_dir: folder.path(),
            answers: &fixture::answers,
            clock: &fixture::now,
        };
        let outcome = import(&store, Reader::new(BufReader::new(File::open(&staged)?))?, &job, |_| ()).await?;
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{round}: {seconds:.1} s, {:.2} x the floor, peak {} MB, {outcome:?}",
            seconds / floor,
            peak()?
        );
    }
    store.close().await;
    Ok(())
}
