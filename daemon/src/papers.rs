//! Papers on their way: those of a bundle, and those that come by themselves into `inbox/documents/`.
//!
//! A paper lies in the paper store before the transaction that files it; one that is filed in the end by nobody is swept
//! after a day.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta, Utc};
use dropcase_cases::import::ImportOutcome;
use dropcase_cases::model::ClientId;
use dropcase_cases::papers::{Meant, Paper, Papers, StoredPaper, With};
use dropcase_cases::store::StoreError;
use dropcase_config::Client;
use dropcase_inbox::papers::Kept;
use dropcase_outbox::plan_paper;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::paper::{PaperKind, Sniffer};
use dropcase_parsers::record::{Cells, Position, Record, Value};
use dropcase_parsers::staged::{Dialect, Frame, Part, Reader, Sink, Summary, Writer};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::delivery::{self, STAGED, Task};
use crate::{reading, terms};

/// Papers that are asked about at once when the store is swept.
const TOGETHER: usize = 1_000;

/// Works a paper of `inbox/documents/`; `None` while it waits for its claim.
///
/// # Errors
/// Whatever stopped it; the delivery is as it was before.
pub(crate) async fn work(task: &Task<'_>) -> anyhow::Result<Option<ImportOutcome>> {
    let (app, delivery) = (task.app, &task.leased.delivery);
    let side = terms::side(task.client);
    let meant = app
        .store
        .meant_by_name(side, delivery.client_id, &delivery.name)
        .await?;
    let paper = match meant {
        // Nothing is kept of what may wait for days, or for ever.
        None => tokio::task::spawn_blocking(look(task)).await??,
        Some(_) => tokio::task::spawn_blocking(keep(task)).await??,
    };
    if meant.is_none() && paper.stored.is_ok() && has_patience(app, delivery.arrived_at) {
        app.store.set_aside(task.leased).await?;
        return Ok(None);
    }
    let record = document(&paper, meant);
    let staged = task.original.path.with_file_name(STAGED);
    let write = {
        let staged = staged.clone();
        move || write(&staged, record)
    };
    tokio::task::spawn_blocking(write).await?.context("the staged file")?;
    let answers = |_: &ImportOutcome| plan_paper(task.client, &app.service.mail);
    let papers = Papers::new(vec![paper], With::Nothing);
    Ok(Some(delivery::import(task, staged, &papers, &answers).await?))
}

/// The record that files a paper on the case that its name means.
fn document(paper: &Paper, meant: Option<Meant>) -> Record {
    let mut record = record("document", &paper.name);
    record.set(Field::Attachment, Value::List(vec![paper.name.clone()]));
    let finding = match (&paper.stored, meant) {
        (Err(finding), _) => Some(finding.clone().arg("paper", &paper.name)),
        (_, Some(Meant::One(field, text))) => {
            record.set(field, Value::Text(text));
            None
        }
        (_, Some(Meant::Several(text))) => Some(Finding::new(Code::AmbiguousReference).value(&text)),
        (_, None) => Some(Finding::new(Code::PaperWithoutCase).arg("paper", &paper.name)),
    };
    record.findings.extend(finding);
    record
}

/// The only record of a delivery that is no list.
pub(crate) fn record(kind: &str, name: &str) -> Record {
    let position = Position {
        part: 0,
        sequence: 1,
        row: 1,
    };
    let mut record = Record::new(position, Cells::from_iter([name]));
    record.set(Field::RecordType, Value::Text(kind.to_owned()));
    record
}

/// Writes a staged file of one record.
///
/// # Errors
/// What the disk reports.
pub(crate) fn write(staged: &Path, record: Record) -> io::Result<()> {
    let part = Part {
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
        header: Cells::default(),
        header_row: None,
        columns: vec![vec![Field::Attachment]],
        layout: "file name".to_owned(),
    };
    let rejected = u64::from(record.is_rejected());
    let mut writer = Writer::new(BufWriter::new(File::create(staged)?))?;
    writer.put(Frame::Part(part))?;
    writer.put(Frame::Record(Box::new(record)))?;
    writer.put(Frame::End(Summary {
        records: 1,
        rejected,
        parts: 1,
        file_rejected: false,
    }))?;
    writer.finish()?;
    Ok(())
}

/// Looks at the original without keeping it.
fn look(task: &Task<'_>) -> impl FnOnce() -> anyhow::Result<Paper> + Send + 'static {
    let (path, name) = (task.original.path.clone(), task.leased.delivery.name.clone());
    let limit = task.app.service.papers.max_bytes;
    move || {
        let file = File::open(path).context("the original")?;
        take(
            &name,
            (file.metadata()?.len(), limit),
            &mut BufReader::new(file),
            &mut digest,
        )
    }
}

/// Keeps the original in the paper store.
fn keep(task: &Task<'_>) -> impl FnOnce() -> anyhow::Result<Paper> + Send + 'static {
    let name = task.leased.delivery.name.clone();
    keep_file(task, task.original.path.clone(), name)
}

/// Keeps a file in the paper store, under its content.
///
/// # Errors
/// What the disk reports; a file that is not taken is no error.
pub(crate) fn keep_file(
    task: &Task<'_>,
    path: PathBuf,
    name: String,
) -> impl FnOnce() -> anyhow::Result<Paper> + Send + 'static {
    let (store, client, code) = (
        task.app.inbox.papers(),
        task.client.key.clone(),
        task.leased.delivery.code.clone(),
    );
    let limit = task.app.service.papers.max_bytes;
    move || {
        let file = File::open(path).context("a paper")?;
        let size = file.metadata()?.len();
        take(&name, (size, limit), &mut BufReader::new(file), &mut |source| {
            store.keep(&client, &code, source)
        })
    }
}

/// Where the bytes of a paper go.
pub(crate) type Keep<'a> = &'a mut dyn FnMut(&mut dyn Read) -> io::Result<Kept>;

/// A paper of these bytes, sniffed on their way.
///
/// # Errors
/// When `source` or the store fails; bytes that are no paper that is taken are no error.
pub(crate) fn take(
    name: &str,
    (size, limit): (u64, u64),
    source: &mut dyn Read,
    keep: Keep<'_>,
) -> anyhow::Result<Paper> {
    let name = name.to_owned();
    if size > limit {
        let stored = Err(Finding::new(Code::PaperTooLarge).arg("limit", limit));
        return Ok(Paper { name, stored });
    }
    let mut sniffed = Sniffed {
        source,
        name: &name,
        sniffer: Sniffer::new(),
        kind: None,
    };
    let kept = keep(&mut sniffed);
    let stored = match (sniffed.kind.take(), kept) {
        // Nothing was kept of it.
        (Some(Err(finding)), _) => Err(finding),
        (Some(Ok(kind)), Ok(kept)) => Ok(StoredPaper {
            sha256: kept.sha256,
            content_type: kind.content_type(),
            size: kept.size,
        }),
        (_, Err(error)) => return Err(error).context("the paper store"),
        (None, Ok(_)) => bail!("the paper store did not read to the end"),
    };
    Ok(Paper { name, stored })
}

/// Where bytes go that are kept nowhere.
///
/// # Errors
/// What `source` reports.
pub(crate) fn digest(source: &mut dyn Read) -> io::Result<Kept> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        match source.read(&mut buffer)? {
            0 => break,
            read => {
                hasher.update(&buffer[..read]);
                size += read as u64;
            }
        }
    }
    let sha256 = delivery::hex(&hasher.finalize());
    Ok(Kept { sha256, size })
}

/// Bytes that are looked at as they pass by. What is no paper that is taken ends in an error, so that it is not kept.
struct Sniffed<'a> {
    source: &'a mut dyn Read,
    name: &'a str,
    sniffer: Sniffer,
    /// What it is, once all of it has passed.
    kind: Option<Result<PaperKind, Finding>>,
}

impl Read for Sniffed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out)?;
        self.sniffer.update(&out[..read]);
        if read == 0 && !out.is_empty() {
            let kind = self.kind.insert(std::mem::take(&mut self.sniffer).finish(self.name));
            if kind.is_err() {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(read)
    }
}

/// Keeps the papers of a bundle in the paper store; none where the staged file is of no bundle.
///
/// # Errors
/// When the staged file cannot be read or the store not be written.
pub(crate) async fn of_bundle(task: &Task<'_>, staged: &Path) -> anyhow::Result<Papers> {
    let (store, client, code) = (
        task.app.inbox.papers(),
        task.client.key.clone(),
        task.leased.delivery.code.clone(),
    );
    let (staged, limit) = (staged.to_owned(), task.app.service.papers.max_bytes);
    let keep = move || from_staged(&staged, limit, &mut |source| store.keep(&client, &code, source));
    tokio::task::spawn_blocking(keep).await?
}

/// The papers of a staged bundle, kept nowhere.
///
/// # Errors
/// When the staged file cannot be read.
pub(crate) fn seen(staged: &Path) -> anyhow::Result<Papers> {
    from_staged(staged, u64::MAX, &mut digest)
}

fn from_staged(staged: &Path, limit: u64, keep: Keep<'_>) -> anyhow::Result<Papers> {
    let mut reader = reading::open(staged)?;
    let mut papers = Vec::new();
    let mut next = reader.next_frame()?;
    let mut with = With::Nothing;
    while let Some(frame) = next.take() {
        match frame {
            Frame::Paper {
                name,
                refused: Some(finding),
            } => {
                papers.push(Paper {
                    name,
                    stored: Err(finding),
                });
                next = reader.next_frame()?;
            }
            Frame::Paper { name, refused: None } => {
                let mut bytes = StagedBytes {
                    reader: &mut reader,
                    rest: Vec::new(),
                    place: 0,
                    next: None,
                };
                papers.push(take(&name, (0, limit), &mut bytes, keep)?);
                next = bytes.next;
            }
            Frame::Finding { .. } | Frame::PaperBytes(_) | Frame::Header { .. } => next = reader.next_frame()?,
            Frame::Part(part) if part.member.is_some() => with = With::List,
            Frame::Part(_) | Frame::Record(_) | Frame::End(_) => {}
        }
    }
    Ok(Papers::new(papers, with))
}

/// The bytes of one paper in a staged file, up to the frame behind them.
struct StagedBytes<'a> {
    reader: &'a mut Reader<BufReader<File>>,
    rest: Vec<u8>,
    place: usize,
    next: Option<Frame>,
}

impl Read for StagedBytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.place == self.rest.len() && self.next.is_none() {
            match self.reader.next_frame()?.ok_or(io::ErrorKind::UnexpectedEof)? {
                Frame::PaperBytes(bytes) => (self.rest, self.place) = (bytes, 0),
                other => self.next = Some(other),
            }
        }
        let rest = &self.rest[self.place..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.place += count;
        Ok(count)
    }
}

/// Looks again for the cases of papers that wait, when records of `client` were taken over, which may be claims: its own
/// papers, and those of the back office, which may be for anybody's cases.
///
/// # Errors
/// When the database fails.
pub(crate) async fn claims_came(app: &App, client: &Client) -> Result<(), StoreError> {
    let clients = app.clients();
    for waiting in clients
        .values()
        .filter(|other| other.back_office || other.key == client.key)
    {
        if let Some(row) = app.store.client(waiting.key.as_str()).await? {
            look_again(app, waiting, row.id).await?;
        }
    }
    Ok(())
}

/// Looks again for the cases of papers that wait, and puts those back into the queue that have one now, or have waited
/// long enough. The others stay out of it: papers are many, and lists wait behind them.
async fn look_again(app: &App, client: &Client, id: ClientId) -> Result<(), StoreError> {
    let mut woken = false;
    for (delivery, name, arrived_at) in app.store.waiting(id).await? {
        let side = terms::side(client);
        if !has_patience(app, arrived_at) || app.store.meant_by_name(side, id, &name).await?.is_some() {
            app.store.wake(delivery, app.now()).await?;
            woken = true;
        }
    }
    if woken {
        app.work.notify_one();
    }
    Ok(())
}

/// Whether a paper that came then may still wait.
fn has_patience(app: &App, arrived_at: DateTime<Utc>) -> bool {
    let patience = TimeDelta::from_std(app.service.papers.wait).unwrap_or(TimeDelta::MAX);
    let until = arrived_at.checked_add_signed(patience);
    until.is_none_or(|until| app.now() < until)
}

/// What is done for the papers of a client every hour: those that wait are looked at, those that no case has are removed.
/// Says how many were.
///
/// # Errors
/// What the disk or the database reports.
pub(crate) async fn keep_house(app: &App, client: &Client) -> anyhow::Result<usize> {
    if let Some(row) = app.store.client(client.key.as_str()).await? {
        look_again(app, client, row.id).await?;
    }
    sweep(app, client).await
}

/// Removes papers of a client that no case has, a day after they came.
///
/// # Errors
/// What the disk or the database reports.
async fn sweep(app: &App, client: &Client) -> anyhow::Result<usize> {
    let Some(row) = app.store.client(client.key.as_str()).await? else {
        return Ok(0);
    };
    let (store, key, now) = (app.inbox.papers(), client.key.clone(), app.now());
    let settled = tokio::task::spawn_blocking(move || store.settled(&key, now)).await??;
    let mut swept = 0;
    for some in settled.chunks(TOGETHER) {
        let digests: Vec<String> = some.iter().map(|paper| paper.sha256.clone()).collect();
        let known = app.store.known_papers(row.id, &digests).await?;
        let unknown: Vec<_> = some
            .iter()
            .filter(|paper| !known.contains(&paper.sha256))
            .cloned()
            .collect();
        let store = app.inbox.papers();
        let remove = move || -> io::Result<usize> {
            let mut removed = 0;
            for paper in &unknown {
                removed += usize::from(store.sweep(paper, now)?);
            }
            Ok(removed)
        };
        swept += tokio::task::spawn_blocking(remove).await??;
    }
    Ok(swept)
}

#[cfg(test)]
pub(crate) mod tests;
