//! One delivery's way through the database.

pub(crate) mod trial;

use std::collections::HashMap;
use std::io::{self, Read};

use dropcase_parsers::finding::{Code, Finding, Severity};
use dropcase_parsers::record::Record;
use dropcase_parsers::staged::{Part, Reader, Summary};
use tokio::sync::{mpsc, oneshot};

use super::attached::{self, Named};
use super::effects::{self, Booked};
use super::finish::{self, Effects, Final};
use super::ids::Ids;
use super::later::Later;
use super::lookup;
use super::plan::{Known, Plan, Recent, Verdict, plan};
use super::report::{Report, Tally};
use super::sift::{Entry, Sieve};
use super::spool::{Block, Spool};
use super::stream::{Piece, read_ahead};
use super::twins;
use super::writer::{Writer, broken};
use super::{Answers, ImportError, ImportJob, ImportOutcome};
use crate::checks::locate;
use crate::desk::{self, Desk, Kind, Which, bring_up_to_date};
use crate::model::{CaseId, DeliveryId, Leased, Outcome, Status};
use crate::store::bulk::Common;
use crate::store::db::Tx;
use crate::store::rows::{Form, Rows};
use crate::store::{Store, acts};

/// Imports a staged file as one transaction and yields what became of it. `progress` is called with the number of
/// records done so far.
///
/// On SQLite this holds the one write lock from the first record to the last.
///
/// # Errors
/// [`ImportError`]; the database is then as it was. Dropped before its end it changes nothing either.
pub async fn import<R: Read + Send + 'static>(
    store: &Store,
    staged: Reader<R>,
    job: &ImportJob<'_>,
    progress: impl Fn(u64),
) -> Result<ImportOutcome, ImportError> {
    import_in_pieces(store, staged, job, progress, None).await
}

pub(super) async fn import_in_pieces<R: Read + Send + 'static>(
    store: &Store,
    staged: Reader<R>,
    job: &ImportJob<'_>,
    progress: impl Fn(u64),
    size: Option<usize>,
) -> Result<ImportOutcome, ImportError> {
    let mut tx = store.begin_import().await?;
    let creditors = lookup::creditors(&mut tx, job.leased.delivery.client_id.0).await?;
    let sieve = Sieve::new(creditors, job);
    let mut run = Run::new(&mut tx, job).await?;
    let pieces = read_ahead(staged, sieve, (size, run.form));
    let writer = Writer::new(tx, run.common);
    let flusher = store.flusher();
    let read = run.read(&writer, pieces, progress).await;
    // What the writer says comes first: it knows why the rest failed.
    let mut tx = writer.end().await?;
    let outcome = match read {
        Ok(summary) => {
            run.twins(&mut tx).await?;
            run.desk(&mut tx).await?;
            run.end(store, tx, &summary).await?
        }
        Err(error) => {
            tx.rollback().await?;
            return Err(error);
        }
    };
    drop(flusher);
    Ok(outcome)
}

/// Answers a delivery whose content was imported before, with a reference to the first.
///
/// # Errors
/// [`ImportError`]; the database is then as it was.
pub async fn answer_duplicate(
    store: &Store,
    leased: &Leased,
    first: DeliveryId,
    sha256: &str,
    answers: Answers<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<ImportOutcome, ImportError> {
    let outcome = ImportOutcome {
        status: Status::Dupl,
        submitted: 0,
        accepted: 0,
        rejected: 0,
        duplicate: 0,
        withheld: 0,
    };
    let last = Final {
        sha256,
        versions: None,
        duplicate_of: Some(first),
        now,
    };
    let mut tx = store.db.begin().await?;
    finish::finish(&mut tx, leased, &last, &outcome, &answers(&outcome)).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// What is known while the records stream through.
struct Run<'a> {
    job: &'a ImportJob<'a>,
    common: Common,
    ids: Ids,
    part: Option<Part>,
    spool: Spool,
    later: Later,
    /// The parts in which records for the desk stand.
    later_parts: HashMap<u32, Part>,
    named: Named,
    tally: Tally,
    first_claim: Option<i64>,
    first_debtor: Option<i64>,
    joined: Vec<CaseId>,
    file_rejected: bool,
    recent: Recent,
    form: Form,
    done: u64,
}

/// A batch on its way: its records, and the answer to its lookup.
type Asked = (Vec<Entry>, oneshot::Receiver<Known>);

impl<'a> Run<'a> {
    async fn new(tx: &mut Tx, job: &'a ImportJob<'a>) -> Result<Self, ImportError> {
        let delivery = &job.leased.delivery;
        Ok(Self {
            job,
            common: Common {
                client: delivery.client_id.0,
                delivery: delivery.id.0,
                act: acts::add(tx, delivery.actor_id, Some(delivery.id), (job.clock)()).await?,
            },
            ids: Ids::new(tx, delivery.client_id.0).await?,
            part: None,
            spool: Spool::new(job.work_dir).map_err(ImportError::Spool)?,
            later: Later::new(job.work_dir),
            later_parts: HashMap::new(),
            named: Named::new(job.papers),
            tally: Tally::default(),
            first_claim: None,
            first_debtor: None,
            joined: Vec::new(),
            file_rejected: false,
            recent: Recent::default(),
            form: match tx {
                Tx::Sqlite(_) => Form::Binary,
                Tx::Postgres(_) => Form::Text,
            },
            done: 0,
        })
    }

    /// Reads to the end.
    async fn read(
        &mut self,
        writer: &Writer,
        mut pieces: mpsc::Receiver<io::Result<Piece>>,
        progress: impl Fn(u64),
    ) -> Result<Summary, ImportError> {
        let mut asked: Option<Asked> = None;
        loop {
            let piece = match pieces.recv().await {
                Some(piece) => piece.map_err(ImportError::Staged)?,
                None => return Err(ImportError::Staged(io::ErrorKind::UnexpectedEof.into())),
            };
            // The next batch is asked for before this one is written, so that the database never waits for a plan.
            let (ready, other) = match piece {
                later @ Piece::Later(..) => (None, Some(later)),
                Piece::Records(entries, keys) => (asked.replace((entries, writer.look_up(keys).await?)), None),
                other => (asked.take(), Some(other)),
            };
            if let Some((entries, known)) = ready {
                self.records(writer, entries, known).await?;
                progress(self.done);
            }
            match other {
                Some(Piece::Part(part)) => self.part(part)?,
                Some(Piece::Finding { part, row, finding }) => self.finding(part, row, &finding)?,
                Some(Piece::End(summary)) => {
                    for finding in self.named.findings(self.job.papers) {
                        self.finding(None, None, &finding)?;
                    }
                    return Ok(summary);
                }
                Some(Piece::Later(kind, record)) => self.later(kind, &record)?,
                Some(Piece::Records(..)) | None => {}
            }
        }
    }

    fn part(&mut self, part: Part) -> Result<(), ImportError> {
        let json = |value: serde_json::Result<String>| value.map_err(|error| ImportError::Staged(error.into()));
        let mut rows = Rows::default();
        rows.row().int(i64::from(part.part));
        rows.text(part.member.as_deref()).text(part.sheet.as_deref());
        rows.text(&*json(serde_json::to_string(&part.dialect))?);
        rows.text(&*json(serde_json::to_string(&part.header.iter().collect::<Vec<_>>()))?);
        rows.int(part.header_row.and_then(|row| i64::try_from(row).ok()));
        rows.text(&*json(serde_json::to_string(&part.columns))?)
            .text(&*part.layout);
        self.part = Some(part);
        self.spool.put(Block::Parts, &rows.finish()).map_err(ImportError::Spool)
    }

    fn finding(&mut self, part: Option<u32>, row: Option<u64>, finding: &Finding) -> Result<(), ImportError> {
        self.file_rejected |= finding.severity == Severity::Error;
        let mut report = Report::default();
        let row = row.and_then(|row| i64::try_from(row).ok());
        report.finding(part.map(i64::from), None, row, finding);
        self.spool
            .put(Block::Findings, &report.findings.finish())
            .map_err(ImportError::Spool)
    }

    /// Sets a record for the desk aside.
    fn later(&mut self, kind: &'static Kind, record: &Record) -> Result<(), ImportError> {
        self.named.see(self.job.papers, record);
        if let Some(part) = &self.part {
            self.later_parts.entry(part.part).or_insert_with(|| part.clone());
        }
        self.later.put(kind, record).map_err(ImportError::Spool)
    }

    /// Plans a batch and queues what it writes; the database works on the batch before meanwhile.
    async fn records(
        &mut self,
        writer: &Writer,
        mut entries: Vec<Entry>,
        known: oneshot::Receiver<Known>,
    ) -> Result<(), ImportError> {
        let mut known = known.await.map_err(|_| broken())?;
        known.update(&entries, &self.recent);
        for entry in &entries {
            self.named.see(self.job.papers, &entry.record);
        }
        attached::warn(&mut entries, self.job.papers);
        let plan = plan(&entries, known);
        let taken = self.ids.take(writer, effects::need(&plan)).await?;
        self.first_debtor = self.first_debtor.or_else(|| taken.debtors.iter().min().copied());
        let mut effects = effects::build(&entries, &plan, taken, (self.job.today, self.form))?;
        self.ids.booked(effects.bookings.len());
        self.recent = std::mem::take(&mut effects.recent);
        let booked = std::mem::take(&mut effects.booked);
        effects.documents = attached::rows(&entries, &booked, self.job.papers, self.form);
        self.joined.append(&mut effects.joined);
        writer.write(effects).await?;
        let first = || booked.iter().flatten().map(|booked| booked.claim).min();
        self.first_claim = self.first_claim.or_else(first);
        let Plan { verdicts, .. } = plan;
        self.report(entries, &verdicts, &booked)
    }

    /// Spools results and findings of a batch.
    fn report(
        &mut self,
        mut entries: Vec<Entry>,
        verdicts: &[Verdict],
        booked: &[Option<Booked>],
    ) -> Result<(), ImportError> {
        let mut report = Report::new(self.job.policy);
        for (index, (entry, verdict)) in entries.iter_mut().zip(verdicts).enumerate() {
            match verdict {
                Verdict::Rejected(Some(finding)) | Verdict::Differs(_, finding) => {
                    entry.record.findings.push(finding.clone());
                }
                Verdict::Duplicate(_) => entry.record.findings.push(Finding::new(Code::Duplicate)),
                Verdict::Accepted { .. } | Verdict::Rejected(None) => {}
            }
            if let (Some(part), false) = (&self.part, entry.record.findings.is_empty()) {
                locate(&mut entry.record, part);
            }
            report.entry((entry, verdict), (booked, index), &mut self.tally);
        }
        self.spool_report(report)
    }

    fn spool_report(&mut self, report: Report) -> Result<(), ImportError> {
        self.done += u64::try_from(report.results.len()).unwrap_or_default();
        if !report.withheld.is_empty() {
            self.spool
                .put(Block::Cells, &report.withheld.finish())
                .map_err(ImportError::Spool)?;
        }
        if !report.results.is_empty() {
            self.spool
                .put(Block::Results, &report.results.finish())
                .map_err(ImportError::Spool)?;
        }
        if !report.findings.is_empty() {
            self.spool
                .put(Block::Findings, &report.findings.finish())
                .map_err(ImportError::Spool)?;
        }
        Ok(())
    }

    /// Asks about new debtors who look like known ones.
    async fn twins(&mut self, tx: &mut Tx) -> Result<(), ImportError> {
        let Some(first) = self.first_debtor else { return Ok(()) };
        let report = twins::look(tx, &self.common, first).await?;
        self.spool_report(report)
    }

    /// Works off what was set aside for the desk, one phase after the other.
    async fn desk(&mut self, tx: &mut Tx) -> Result<(), ImportError> {
        self.ids.keep(tx).await?;
        let job = self.job;
        let delivery = &job.leased.delivery;
        // A claim may be older than what was paid before it came.
        let joined = std::mem::take(&mut self.joined);
        let day = (&job.rules, job.today);
        bring_up_to_date(tx, &joined, Which::Kept, day, self.common.act).await?;
        let mut batches = self.later.read().map_err(ImportError::Spool)?;
        if batches.is_empty() {
            return Ok(());
        }
        let desk = Desk {
            rules: job.rules,
            client: delivery.client_id.0,
            papers: job.papers,
            scope: lookup::scope(tx, job.rules.side, delivery.client_id.0).await?,
            today: job.today,
            asker: Some((delivery.client_id, delivery.id)),
            act: self.common.act,
            now: (job.clock)(),
        };
        while let Some(mut records) = batches.next().map_err(ImportError::Spool)? {
            let batch: Vec<_> = records.iter().map(|(kind, record)| (*kind, record)).collect();
            let told = desk::work(tx, &desk, &batch).await?;
            let mut report = Report::new(job.policy);
            for ((_, record), told) in records.iter_mut().zip(told) {
                record.findings.extend(told.findings.iter().cloned());
                if let Some(part) = self.later_parts.get(&record.position.part) {
                    locate(record, part);
                }
                report.told(record, &told, &mut self.tally);
            }
            self.spool_report(report)?;
        }
        Ok(())
    }

    /// Keeps the effects or takes them back, and writes what is told.
    async fn end(mut self, store: &Store, mut tx: Tx, summary: &Summary) -> Result<ImportOutcome, ImportError> {
        let job = self.job;
        let file_rejected = self.file_rejected || summary.file_rejected;
        let rejected = self.tally.count(Outcome::Rejected);
        let effects = Effects::of(job.leased.delivery.mode, job.policy, rejected, file_rejected);
        if effects.of_good() == Outcome::Withheld {
            self.tally.withhold();
        }
        if effects != Effects::Kept {
            tx.rollback().await?;
            tx = store.db.begin().await?;
        }
        let spool = self.spool.read().map_err(ImportError::Spool)?;
        finish::write_spool(&mut tx, &self.common, spool, effects, self.first_claim).await?;
        self.tally.write(&mut tx, &self.common).await?;
        let outcome = finish::outcome(&self.tally, file_rejected);
        let last = Final {
            sha256: job.sha256,
            versions: job.versions,
            duplicate_of: None,
            now: (job.clock)(),
        };
        finish::finish(&mut tx, job.leased, &last, &outcome, &(job.answers)(&outcome)).await?;
        tx.commit().await?;
        Ok(outcome)
    }
}
