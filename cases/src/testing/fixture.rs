//! Clients, deliveries and records for tests.

use std::io::Cursor;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Finding, Severity};
use dropcase_parsers::record::{Cells, Position, Record, Value};
use dropcase_parsers::staged::{Dialect, Frame, Part, Reader, Sink as _, Summary, Writer};
use uuid::Uuid;

use super::TestDb;
use crate::account::Sources;
use crate::desk::{Rules, Side, plain_terms};
use crate::import::{ImportError, ImportJob, ImportOutcome, MandatePeriod, Policy, import};
use crate::model::{ActorKind, Answer, ClientSetting, CreditorSetting, Leased, Mode, NewDelivery, OutboxKind};
use crate::papers::{Paper, Papers, StoredPaper, With};

/// A staged file in memory.
pub type Staged = Reader<Cursor<Vec<u8>>>;

static UPLOADS: AtomicU64 = AtomicU64::new(1);

/// The tests' day, at noon.
///
/// # Panics
/// Never: the day exists.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 9, 12, 0, 0).single().expect("a day")
}

/// The tests' day.
pub fn today() -> NaiveDate {
    now().date_naive()
}

/// A day of 2026.
///
/// # Panics
/// When there is no such day.
pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

/// A mandate without end for all creditors.
pub fn mandates() -> Vec<MandatePeriod> {
    vec![MandatePeriod {
        from: day(1, 1),
        to: None,
        creditor: None,
    }]
}

/// A client at the desk, whose mandate says nothing of its terms.
///
/// # Panics
/// Never: the tables are part of the program.
pub fn rules() -> Rules<'static> {
    static SOURCES: LazyLock<Sources> = LazyLock::new(Sources::built_in);
    Rules {
        side: Side::Client,
        terms: &plain_terms,
        sources: &SOURCES,
    }
}

/// Upload ids that follow each other, one millisecond apart.
pub fn upload_id() -> Uuid {
    let milliseconds = u128::from(0x0198_0000_0000 + UPLOADS.fetch_add(1, Ordering::Relaxed));
    Uuid::from_u128(milliseconds << 80 | 0x7000_8000_0000_0000_0000)
}

/// Makes clients that are their own creditors, and one more for each `key:creditor,creditor`.
///
/// # Panics
/// When the database fails.
pub async fn clients(db: &TestDb, keys: &[&str]) {
    let settings: Vec<ClientSetting> = keys
        .iter()
        .map(|key| {
            let (key, creditors) = key.split_once(':').unwrap_or((key, ""));
            let creditor = |code: &str| CreditorSetting {
                code: code.to_owned(),
                name: format!("Muster {code}"),
            };
            let creditors = creditors
                .split(',')
                .filter(|code| !code.is_empty())
                .map(creditor)
                .collect();
            ClientSetting {
                key: key.to_owned(),
                name: format!("Muster {key}"),
                creditors,
            }
        })
        .collect();
    db.store
        .sync_clients(&settings, now())
        .await
        .expect("the clients are written");
}

/// An upload of a client.
///
/// # Panics
/// When the database fails.
pub async fn upload(db: &TestDb, client: &str, mode: Mode) -> NewDelivery {
    let row = db
        .store
        .client(client)
        .await
        .expect("the database answers")
        .expect("the client exists");
    let actor = db
        .store
        .actor(ActorKind::User, Some(row.id), client)
        .await
        .expect("the actor is written");
    NewDelivery {
        upload_id: upload_id(),
        client_key: client.to_owned(),
        actor,
        mode,
        name: "uebergabe.csv".to_owned(),
        path: "inbox/uebergabe.csv".to_owned(),
        protocol: "sftp".to_owned(),
        remote: Some("192.0.2.1".to_owned()),
        size: 1_000,
        arrived_at: now(),
    }
}

/// A delivery of a client, leased: the only one that waits.
///
/// # Panics
/// When the database fails.
pub async fn lease(db: &TestDb, client: &str, mode: Mode) -> Leased {
    let new = upload(db, client, mode).await;
    db.store
        .register(&new, false, now())
        .await
        .expect("the delivery is written");
    db.store
        .next("node-1", Duration::from_secs(60), now())
        .await
        .expect("the database answers")
        .expect("one waits")
}

/// A claim: `sequence` in the file, debtor number, last name, invoice number, principal in cents.
pub fn claim(sequence: u64, debtor: &str, name: &str, invoice: &str, cents: i64) -> Record {
    let text = |text: &str| Value::Text(text.to_owned());
    let raw = Cells::from_iter([debtor, name, invoice, &cents.to_string()]);
    let mut record = Record::new(
        Position {
            part: 0,
            sequence,
            row: sequence + 1,
        },
        raw,
    );
    record.set(Field::DebtorNumber, text(debtor));
    record.set(Field::DebtorType, text("person"));
    record.set(Field::LastName, text(name));
    record.set(Field::InvoiceNumber, text(invoice));
    record.set(Field::InvoiceDate, Value::Date(day(1, 15)));
    record.set(Field::PrincipalAmount, Value::Money(cents));
    record.set(Field::Currency, text("EUR"));
    record
}

/// Sets a text.
#[must_use]
pub fn with(mut record: Record, field: Field, text: &str) -> Record {
    record.set(field, Value::Text(text.to_owned()));
    record
}

/// Adds a finding.
#[must_use]
pub fn finding(mut record: Record, finding: Finding) -> Record {
    record.findings.push(finding);
    record
}

/// The part that the records of [`claim`] stand in.
pub fn part() -> Part {
    Part {
        part: 0,
        member: None,
        sheet: None,
        dialect: Dialect::Delimited {
            separator: ';',
            quote: '"',
            sep_line: false,
            encoding: "UTF-8".to_owned(),
            bom: false,
            crlf: true,
        },
        header: Cells::from_iter(["Kundennummer", "Name", "Rechnungsnummer", "Hauptforderung"]),
        header_row: Some(1),
        columns: vec![
            vec![Field::DebtorNumber],
            vec![Field::LastName],
            vec![Field::InvoiceNumber],
            vec![Field::PrincipalAmount],
        ],
        layout: "built-in 1".to_owned(),
    }
}

/// A staged file of one part.
///
/// # Panics
/// Never: memory takes it.
pub fn staged(records: &[Record]) -> Staged {
    let mut frames = vec![Frame::Part(part())];
    frames.extend(records.iter().map(|record| Frame::Record(Box::new(record.clone()))));
    let rejected = records.iter().filter(|record| record.is_rejected()).count();
    frames.push(Frame::End(Summary {
        records: u64::try_from(records.len()).unwrap_or_default(),
        rejected: u64::try_from(rejected).unwrap_or_default(),
        parts: 1,
        file_rejected: false,
    }));
    staged_frames(frames)
}

/// A staged file of these frames.
///
/// # Panics
/// Never: memory takes it.
pub fn staged_frames(frames: Vec<Frame>) -> Staged {
    let mut writer = Writer::new(Vec::new()).expect("memory takes it");
    for frame in frames {
        writer.put(frame).expect("memory takes it");
    }
    Reader::new(Cursor::new(writer.finish().expect("memory takes it"))).expect("a staged file")
}

/// Queues an acknowledgement always and a correction when something was rejected.
pub fn answers(outcome: &ImportOutcome) -> Vec<Answer> {
    let mut answers = vec![Answer::new(OutboxKind::Acknowledgement, "csv")];
    if outcome.rejected > 0 {
        answers.push(Answer::new(OutboxKind::Correction, ""));
    }
    answers
}

/// Imports a staged file for a leased delivery.
///
/// # Errors
/// As [`import`].
pub async fn import_staged(
    db: &TestDb,
    leased: &Leased,
    staged: Staged,
    policy: Policy,
) -> Result<ImportOutcome, ImportError> {
    import_with_papers(db, leased, staged, (policy, &Papers::default())).await
}

/// As [`import_staged`], with the papers that came.
///
/// # Errors
/// As [`import`].
pub async fn import_with_papers(
    db: &TestDb,
    leased: &Leased,
    staged: Staged,
    (policy, papers): (Policy, &Papers),
) -> Result<ImportOutcome, ImportError> {
    let mandates = mandates();
    let job = ImportJob {
        leased,
        sha256: "5e88",
        policy,
        mandates: &mandates,
        rules: rules(),
        papers,
        today: today(),
        versions: Some("{\"rules\":1}"),
        work_dir: db.folder(),
        answers: &answers,
        clock: &now,
    };
    import(&db.store, staged, &job, |_| ()).await
}

/// Papers of a bundle: name and content, which stands for its own digest.
pub fn bundle(papers: &[(&str, &str)]) -> Papers {
    let paper = |(name, content): &(&str, &str)| Paper {
        name: (*name).to_owned(),
        stored: Ok(StoredPaper {
            sha256: (*content).to_owned(),
            content_type: "application/pdf",
            size: 7,
        }),
    };
    Papers::new(papers.iter().map(paper).collect(), With::List)
}

/// Leases a delivery of `client` and imports the records by `valid-rows`.
///
/// # Panics
/// When the import fails.
pub async fn deliver(db: &TestDb, client: &str, records: &[Record]) -> (Leased, ImportOutcome) {
    let leased = lease(db, client, Mode::Import).await;
    let outcome = import_staged(db, &leased, staged(records), Policy::ValidRows)
        .await
        .expect("the import runs");
    (leased, outcome)
}

/// A finding of this code with the severity error.
pub fn error(code: dropcase_parsers::finding::Code) -> Finding {
    Finding::new(code).severity(Severity::Error)
}
