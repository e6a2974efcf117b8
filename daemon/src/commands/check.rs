//! `check`: what would become of a file. Nothing of it is kept, neither on disk nor in the database.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::os::fd::AsRawFd;
use std::path::Path;

use anyhow::Context;
use dropcase_cases::checks::locate;
use dropcase_cases::import::{self, Trial, TrialJob};
use dropcase_cases::model::{Mode, NewDelivery};
use dropcase_cases::papers::Papers;
use dropcase_outbox::answers::facts;
use dropcase_outbox::language::Language;
use dropcase_parsers::finding::Severity;
use dropcase_parsers::staged::{Frame, Part, Reader};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::finding::FindingShape;
use super::original::upload_id;
use super::{Body, Report, answer};
use crate::app::App;
use crate::control::{Actor, Failure};
use crate::delivery::{mandates, policy};
use crate::leftovers::CHECK;
use crate::reading::{self, Order};
use crate::{orders, papers, terms};

/// Findings that are shown; the rest is counted.
const FINDINGS: u32 = 1_000;

/// `check`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CheckShape {
    /// Key of the client; null when the file was checked without one.
    pub(crate) client: Option<String>,
    /// `ACCP`, `PART` or `RJCT`: the answer that the file would get.
    pub(crate) status: String,
    /// Records.
    pub(crate) submitted: u64,
    /// Would be taken over.
    pub(crate) accepted: u64,
    /// Would be rejected.
    pub(crate) rejected: u64,
    /// Were handed over before; always 0 without a client.
    pub(crate) duplicate: u64,
    /// Good, but would be held back because others are not.
    pub(crate) withheld: u64,
    /// What was found, in the order of the file; at most 1,000, errors first.
    pub(crate) findings: Vec<FindingShape>,
    /// Findings beyond those.
    pub(crate) findings_left_out: u64,
}

/// Keeps as many findings as are shown: those that reject before those that do not.
#[derive(Default)]
struct Shown {
    errors: Vec<(u64, FindingShape)>,
    others: Vec<(u64, FindingShape)>,
    found: u64,
}

impl Shown {
    fn add(&mut self, severity: Severity, finding: impl FnOnce() -> FindingShape) {
        let kept = if severity == Severity::Error {
            &mut self.errors
        } else {
            &mut self.others
        };
        if kept.len() < FINDINGS as usize {
            kept.push((self.found, finding()));
        }
        self.found += 1;
    }

    /// The findings in the order of the file, and how many are left out.
    fn end(mut self) -> (Vec<FindingShape>, u64) {
        self.others
            .truncate((FINDINGS as usize).saturating_sub(self.errors.len()));
        let mut shown = self.errors;
        shown.append(&mut self.others);
        shown.sort_by_key(|(index, _)| *index);
        let left_out = self.found - shown.len() as u64;
        (shown.into_iter().map(|(_, finding)| finding).collect(), left_out)
    }
}

impl CheckShape {
    /// Whether something would have to be corrected.
    pub(crate) fn has_errors(&self) -> bool {
        self.status != "ACCP"
    }
}

/// A file without a name: gone with the process, however it ends.
struct Nameless {
    file: File,
}

impl Nameless {
    /// A new one on the file system of `folder`.
    fn new(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile_in(folder).context("a temporary file")?,
        })
    }

    /// To write into it.
    fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// To read it from its beginning, and nothing else.
    fn read_only(&self) -> anyhow::Result<File> {
        File::open(format!("/proc/self/fd/{}", self.file.as_raw_fd())).context("a temporary file")
    }
}

/// Reads `source` in the limited process; returns the staged records, whose file has no name any more, and the papers
/// of a bundle, which are kept nowhere.
pub(crate) async fn stage(
    source: File,
    order: &Order,
    folder: &Path,
) -> anyhow::Result<(Reader<BufReader<File>>, Papers)> {
    let own = tempfile::Builder::new()
        .prefix(CHECK)
        .tempdir_in(folder)
        .context("a temporary folder")?;
    let staged = own.path().join("staged");
    reading::read(source, staged.clone(), order).await?;
    let seen = tokio::task::spawn_blocking({
        let staged = staged.clone();
        move || papers::seen(&staged)
    })
    .await??;
    Ok((reading::open(&staged)?, seen))
}

/// Sheet of a workbook, or member of a bundle.
fn sheet(part: &Part) -> Option<&str> {
    part.sheet.as_deref().or(part.member.as_deref())
}

/// What the file alone shows, without the database.
///
/// # Errors
/// When the staged file cannot be read.
pub(crate) fn by_itself(mut staged: Reader<BufReader<File>>, language: &Language) -> anyhow::Result<CheckShape> {
    let mut shape = CheckShape {
        client: None,
        status: "ACCP".to_owned(),
        submitted: 0,
        accepted: 0,
        rejected: 0,
        duplicate: 0,
        withheld: 0,
        findings: Vec::new(),
        findings_left_out: 0,
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut shown = Shown::default();
    while let Some(frame) = staged.next_frame()? {
        let part_of = |part: u32| usize::try_from(part).ok().and_then(|index| parts.get(index));
        match frame {
            Frame::Header { .. } | Frame::Paper { .. } | Frame::PaperBytes(_) => {}
            Frame::Part(part) => parts.push(part),
            Frame::Finding { part, row, finding } => {
                let sheet = part.and_then(part_of).and_then(sheet);
                shown.add(finding.severity, || FindingShape::of(&finding, language, sheet, row));
            }
            Frame::Record(mut record) => {
                let part = part_of(record.position.part);
                if let Some(part) = part {
                    locate(&mut record, part);
                }
                for finding in &record.findings {
                    let row = Some(record.position.row);
                    shown.add(finding.severity, || {
                        FindingShape::of(finding, language, part.and_then(sheet), row)
                    });
                }
            }
            Frame::End(summary) => {
                shape.submitted = summary.records;
                shape.rejected = summary.rejected;
                let good = summary.records - summary.rejected;
                (shape.accepted, shape.withheld) = if summary.file_rejected { (0, good) } else { (good, 0) };
                shape.status = match (summary.file_rejected, shape.rejected, good) {
                    (true, ..) | (_, 1.., 0) => "RJCT".to_owned(),
                    (_, 0, _) => "ACCP".to_owned(),
                    _ => "PART".to_owned(),
                };
                (shape.findings, shape.findings_left_out) = shown.end();
                return Ok(shape);
            }
        }
    }
    anyhow::bail!("the reader broke off")
}

/// What would become of `body` if the client dropped it.
pub(super) async fn check(
    app: &App,
    actor: &Actor,
    key: &str,
    size: u64,
    body: Body,
    report: &mut impl Report,
) -> Result<Value, Failure> {
    let client = app
        .client(key)
        .ok_or_else(|| Failure::not_found(format!("there is no client {key}")))?;
    let folder = app.service.data_dir.clone();
    let source = receive(&folder, body, size).await?;
    let order = orders::order(&app.service, &client, &app.layouts(), size, app.today(&client));
    let (staged, papers) = stage(source.read_only()?, &order, &folder).await?;
    let delivery = NewDelivery {
        upload_id: upload_id(app.now()),
        client_key: key.to_owned(),
        actor: app.operator(actor).await?,
        mode: Mode::Validate,
        name: "check".to_owned(),
        path: "validate/check".to_owned(),
        protocol: "operator".to_owned(),
        remote: None,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        arrived_at: app.now(),
    };
    let (mandates, desk) = (mandates(&client), app.desk());
    let job = TrialJob {
        delivery: &delivery,
        policy: policy(client.policy),
        mandates: &mandates,
        rules: desk.rules(terms::side(&client)),
        papers: &papers,
        today: app.today(&client),
        work_dir: &folder,
        findings: FINDINGS,
        clock: &|| app.now(),
    };
    let (way, mut done) = tokio::sync::watch::channel(0);
    let mut tried = std::pin::pin!(import::try_out(&app.store, staged, &job, move |records| {
        way.send_replace(records);
    }));
    let trial = loop {
        tokio::select! {
            trial = &mut tried => break trial.map_err(anyhow::Error::from)?,
            Ok(()) = done.changed() => {
                let records = *done.borrow_and_update();
                report.progress(records).await;
            }
        }
    };
    answer(&of_trial(key, &trial, Language::of(client.locale)))
}

/// The bytes of a request in a file without a name.
async fn receive(folder: &Path, body: Body, size: u64) -> Result<Nameless, Failure> {
    let source = Nameless::new(folder)?;
    let mut file = tokio::fs::File::from_std(source.file().context("a temporary file")?);
    let written = tokio::io::copy(&mut body.take(size), &mut file)
        .await
        .context("the file")?;
    file.flush().await.context("the file")?;
    match written == size {
        true => Ok(source),
        false => Err(Failure::refused(format!("only {written} of {size} bytes came"))),
    }
}

fn of_trial(key: &str, trial: &Trial, language: &Language) -> CheckShape {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let sheets: BTreeMap<i64, &str> = trial
        .parts
        .iter()
        .filter_map(|part| Some((part.part, part.sheet.as_deref().or(part.member.as_deref())?)))
        .collect();
    let findings = trial.findings.iter().filter_map(|stored| {
        let sheet = stored.part.and_then(|part| sheets.get(&part).copied());
        let row = stored.source_row.and_then(|row| u64::try_from(row).ok());
        Some(FindingShape::of(&facts::finding(stored)?, language, sheet, row))
    });
    let findings: Vec<FindingShape> = findings.collect();
    let outcome = &trial.outcome;
    CheckShape {
        client: Some(key.to_owned()),
        status: outcome.status.as_str().to_owned(),
        submitted: count(outcome.submitted),
        accepted: count(outcome.accepted),
        rejected: count(outcome.rejected),
        duplicate: count(outcome.duplicate),
        withheld: count(outcome.withheld),
        findings_left_out: count(trial.found).saturating_sub(findings.len() as u64),
        findings,
    }
}

#[cfg(test)]
mod tests {
    use dropcase_config::Locale;
    use dropcase_parsers::finding::{Code, Finding};

    use super::*;

    #[test]
    fn errors_are_never_hidden_behind_warnings() {
        let mut shown = Shown::default();
        let mut add = |code: Code, row: u64| {
            let finding = Finding::new(code);
            shown.add(finding.severity, || {
                FindingShape::of(&finding, Language::of(Locale::En), None, Some(row))
            });
        };
        for row in 0..u64::from(FINDINGS) {
            add(Code::NoDefaultDate, row);
        }
        add(Code::AmountNotPositive, 5_000);
        let (findings, left_out) = shown.end();
        assert_eq!((findings.len(), left_out), (FINDINGS as usize, 1));
        assert_eq!(findings.last().map(|finding| finding.row), Some(Some(5_000)));
        assert_eq!(findings.first().map(|finding| finding.row), Some(Some(0)));
    }
}
