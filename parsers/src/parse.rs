//! Parsing: a file to staged records and findings, in two passes over each of its parts.
//!
//! Arguments of the findings' messages, by code:
//!
//! | code | arguments |
//! |---|---|
//! | `UNKNOWN_FORMAT` | `looks_like` |
//! | `FILE_TOO_LARGE`, `TOO_MANY_CELLS`, `FIELD_TOO_LONG` | `limit` |
//! | `NUL_BYTES`, `BAD_ENCODING` | `line`: the first one |
//! | `NO_HEADER` | `expected`: headers by which a list is known |
//! | `MISSING_COLUMN` | `expected`: headers that were looked for; `fields`: names of the catalogue |
//! | `TOO_FEW_FIELDS`, `TOO_MANY_FIELDS` | `expected`, `found`: numbers of fields (or `limit`: of columns) |
//! | `REQUIRED` | `or`: names of the catalogue that would do as well, if any |
//! | `AMOUNT_UNREADABLE`, `AMOUNT_AMBIGUOUS`, `AMOUNT_PRECISION` | `currency` of the record |
//! | `ENTRIES_LEFT_OUT` | `debits`, `pending`, `returned`: how many |
//! | `BATCH_DIFFERS` | `expected`, `found`: payments, or amounts with their currency |
//! | `INCORRECT_CURRENCY` | `expected`: currency of the record |

use std::fs::File;
use std::io;
use std::ops::ControlFlow;

use crate::bundle::{self, Bundle};
use crate::finding::{Code, Finding, Severity};
use crate::formats::{Row, Source, Unreadable};
use crate::job::Job;
use crate::layout::mapping::{self, Mapping, Target};
use crate::layout::profile::Profile;
use crate::needed;
use crate::read::RecordReader;
use crate::recognise;
use crate::record::{Cells, Position, Record};
use crate::staged::{Dialect, Frame, Part, Sink, Summary};
use crate::statement::Counts;
use crate::statement::columns;
use crate::statement::settle::{Line, Settling};
use crate::totals::{LAST_ROWS, Totals};

/// Rows among which the header is looked for; title lines may come before it.
const HEAD_ROWS: usize = 30;

/// Reads `file` and hands records and findings to `sink`, in order.
///
/// The last frame is [`Frame::End`] with the summary that is also returned. Memory does not grow with the file.
///
/// # Errors
/// When the file cannot be read or the sink cannot keep a frame; whatever is wrong with the content is a finding.
pub fn parse(file: File, job: &Job, sink: &mut dyn Sink) -> io::Result<Summary> {
    let mut output = Output {
        sink,
        summary: Summary::default(),
        findings_left: job.limits.findings,
        member: None,
    };
    match whole(file, job, &mut output) {
        Ok(()) => {}
        Err(Unreadable::Finding(finding)) => output.finding(None, None, *finding)?,
        Err(Unreadable::Io(error)) => return Err(error),
    }
    let summary = output.summary;
    output.sink.put(Frame::End(summary.clone()))?;
    Ok(summary)
}

/// What goes out, counted.
struct Output<'a> {
    sink: &'a mut dyn Sink,
    summary: Summary,
    findings_left: usize,
    /// The member of a bundle that is read.
    member: Option<String>,
}

impl Output<'_> {
    /// Hands a finding of the file on; an error among them rejects it.
    fn finding(&mut self, part: Option<u32>, row: Option<u64>, finding: Finding) -> io::Result<()> {
        self.summary.file_rejected |= finding.severity == Severity::Error;
        // The last place is for an error.
        let room = self.findings_left > usize::from(finding.severity != Severity::Error);
        if room {
            self.findings_left -= 1;
            self.sink.put(Frame::Finding { part, row, finding })?;
        }
        Ok(())
    }

    fn record(&mut self, record: Record) -> io::Result<()> {
        self.summary.records += 1;
        self.summary.rejected += u64::from(record.is_rejected());
        self.sink.put(Frame::Record(Box::new(record)))
    }
}

/// What the first pass found of one part.
enum Survey {
    /// No cell with a value.
    Empty,
    /// No header was recognised.
    NoHeader,
    Plan(Box<Plan>),
}

/// How a part is read in the second pass.
struct Plan {
    mapping: Mapping,
    profile: Profile,
    header: Cells,
    header_row: Option<u64>,
    /// Rows up to the header, which are passed over.
    skip: usize,
    /// Rows with a value after it.
    rows: u64,
    /// Needed columns that are not there.
    missing: Vec<Finding>,
}

impl Plan {
    fn is_whole(&self) -> bool {
        self.missing.is_empty()
            && self
                .mapping
                .findings
                .iter()
                .all(|finding| finding.severity != Severity::Error)
    }
}

fn whole(file: File, job: &Job, output: &mut Output<'_>) -> Result<(), Unreadable> {
    let Some(mut bundle) = bundle::open(&file, &job.limits)? else {
        return file_parts(file, job, output);
    };
    let list = list_of(&mut bundle, job)?;
    bundle.papers(Some(list), &job.limits, output.sink)?;
    output.member = Some(bundle.name(list).to_owned());
    file_parts(bundle.unpack(list)?, job, output)
}

/// How much of a list a member of a bundle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// Not at all.
    None,
    /// It has a header, and lacks columns.
    Half,
    /// All columns are there.
    Whole,
}

/// The one list of a bundle.
fn list_of(bundle: &mut Bundle, job: &Job) -> Result<usize, Unreadable> {
    let candidates = bundle.candidates();
    let mut likest = Vec::new();
    let mut most = Likeness::None;
    for place in &candidates {
        let like = likeness(bundle.unpack(*place)?, job)?;
        if like > most {
            likest.clear();
            most = like;
        }
        if like == most && like > Likeness::None {
            likest.push(*place);
        }
    }
    match (likest.as_slice(), candidates.as_slice()) {
        ([list], _) => Ok(*list),
        // What is wrong with it is better said than that there is none.
        ([], [only]) => Ok(*only),
        ([], _) => Err(Finding::new(Code::BundleWithoutList).into()),
        _ => Err(Finding::new(Code::BundleSeveralLists).into()),
    }
}

fn likeness(file: File, job: &Job) -> Result<Likeness, Unreadable> {
    let like = || -> Result<Likeness, Unreadable> {
        let mut source = recognise::open(file, &job.limits)?.source;
        let mut most = Likeness::None;
        for index in 0..source.parts().len() {
            most = most.max(match survey(source.as_mut(), index, job)? {
                Survey::Plan(plan) if plan.is_whole() => Likeness::Whole,
                Survey::Plan(_) => Likeness::Half,
                Survey::Empty | Survey::NoHeader => Likeness::None,
            });
        }
        Ok(most)
    };
    match like() {
        Err(Unreadable::Finding(_)) => Ok(Likeness::None),
        like => like,
    }
}

fn file_parts(file: File, job: &Job, output: &mut Output<'_>) -> Result<(), Unreadable> {
    let opened = recognise::open(file, &job.limits)?;
    for finding in opened.findings {
        output.finding(None, None, finding)?;
    }
    let mut source = opened.source;
    let mut surveys = Vec::with_capacity(source.parts().len());
    for index in 0..source.parts().len() {
        let mut survey = survey(source.as_mut(), index, job)?;
        if let (Survey::Plan(plan), Some(_)) = (&mut survey, source.statement()) {
            plan.mapping.statement.get_or_insert_default();
        }
        surveys.push(survey);
    }
    if surveys.iter().all(|survey| matches!(survey, Survey::Empty)) {
        output.finding(None, None, Finding::new(Code::EmptyFile))?;
        return Ok(());
    }
    // A workbook's sheet of notes is passed over where another sheet is a list.
    let any_whole = surveys
        .iter()
        .any(|survey| matches!(survey, Survey::Plan(plan) if plan.is_whole()));
    let severity = if any_whole { Severity::Warning } else { Severity::Error };
    for (index, survey) in surveys.iter().enumerate() {
        begin(source.as_ref(), index, survey, severity, output)?;
        if let Survey::Plan(plan) = survey
            && plan.is_whole()
            && !output.summary.file_rejected
        {
            records(source.as_mut(), index, plan, job, output)?;
        }
    }
    let rows: u64 = surveys
        .iter()
        .map(|survey| if let Survey::Plan(plan) = survey { plan.rows } else { 0 })
        .sum();
    let left_out = source.statement().and_then(Counts::finding).is_some();
    if rows == 0 && !left_out && !output.summary.file_rejected {
        output.finding(None, None, Finding::new(Code::HeaderOnly))?;
    }
    Ok(())
}

/// The first pass: header, mapping and how each column is written.
fn survey(source: &mut dyn Source, index: usize, job: &Job) -> Result<Survey, Unreadable> {
    let mut head: Vec<Row> = Vec::new();
    let mut plan: Option<Option<Plan>> = None;
    let mut seen = 0;
    source.rows(index, &mut |row| {
        match &mut plan {
            None => {
                head.push(row.clone());
                seen += usize::from(!is_blank(row));
                if seen == HEAD_ROWS || head.len() == HEAD_ROWS * 10 {
                    plan = Some(plan_of(&std::mem::take(&mut head), job));
                }
            }
            Some(None) => return Ok(ControlFlow::Break(())),
            Some(Some(plan)) => see(plan, row),
        }
        match &plan {
            Some(Some(plan)) if plan.rows > job.limits.records => Ok(ControlFlow::Break(())),
            _ => Ok(ControlFlow::Continue(())),
        }
    })?;
    if plan.is_none() && seen == 0 {
        return Ok(Survey::Empty);
    }
    let Some(mut plan) = plan.unwrap_or_else(|| plan_of(&head, job)) else {
        return Ok(Survey::NoHeader);
    };
    if plan.rows > job.limits.records {
        return Err(Finding::new(Code::TooManyCells).arg("limit", job.limits.records).into());
    }
    unknown_columns(&mut plan, job);
    Ok(Survey::Plan(Box::new(plan)))
}

fn plan_of(head: &[Row], job: &Job) -> Option<Plan> {
    let found = mapping::find(head, &job.layouts).map(|(at, mapping)| {
        let missing = needed::missing_columns(&mapping, job);
        (at, mapping, missing)
    });
    // Only what is no list of claims may be a bank statement.
    let statement = match &found {
        Some((_, mapping, missing)) if mapping.has_header && (missing.is_empty() || mapping.own.is_some()) => None,
        _ => columns::find(head),
    };
    let (at, mapping, missing) = match statement {
        Some((at, mapping)) => (Some(at), mapping, Vec::new()),
        None => found?,
    };
    let header = at.and_then(|at| head.get(at));
    let mut plan = Plan {
        profile: Profile::new(&mapping),
        header: header.map(|row| row.cells.clone()).unwrap_or_default(),
        // Formats without a header row of their own number it 0.
        header_row: header.map(|row| row.number).filter(|number| *number > 0),
        skip: at.map_or(0, |at| at + 1),
        rows: 0,
        missing,
        mapping,
    };
    for row in head.iter().skip(plan.skip) {
        see(&mut plan, row);
    }
    Some(plan)
}

fn see(plan: &mut Plan, row: &Row) {
    if !is_blank(row) {
        plan.rows += 1;
        plan.profile.see(row);
    }
}

/// No cell with a value, and nothing wrong; a control character alone (the end-of-file mark of old systems) is none.
fn is_blank(row: &Row) -> bool {
    row.defects.is_empty()
        && row
            .cells
            .iter()
            .all(|cell| cell.chars().all(|c| c.is_whitespace() || c.is_control()))
}

/// Unknown columns are said once; one without a header only if it has values.
fn unknown_columns(plan: &mut Plan, job: &Job) {
    if !plan.mapping.has_header {
        return;
    }
    let said: Vec<Option<u32>> = plan.mapping.findings.iter().map(|finding| finding.column).collect();
    for (index, column) in plan.mapping.columns.iter().enumerate() {
        let position = u32::try_from(index).unwrap_or(u32::MAX);
        let header = Some(column.header.as_str()).filter(|header| !header.is_empty());
        let speaks = header.is_some() || plan.profile.is_used(index);
        if column.target != Target::Unknown || !speaks || said.contains(&Some(position)) {
            continue;
        }
        if plan.mapping.findings.len() >= job.limits.findings {
            return;
        }
        plan.mapping
            .findings
            .push(Finding::new(Code::UnknownColumn).column(position, header));
    }
}

/// Hands a part's head and its findings on.
fn begin(
    source: &dyn Source,
    index: usize,
    survey: &Survey,
    severity: Severity,
    output: &mut Output<'_>,
) -> Result<(), Unreadable> {
    let part = u32::try_from(index).unwrap_or(u32::MAX);
    let head = &source.parts()[index];
    let plan = match survey {
        Survey::Empty => return Ok(()),
        Survey::NoHeader => None,
        Survey::Plan(plan) => Some(plan),
    };
    let columns = plan.map(|plan| {
        plan.mapping
            .columns
            .iter()
            .map(|c| c.target.fields().to_vec())
            .collect()
    });
    output.summary.parts += 1;
    output.sink.put(Frame::Part(Part {
        part,
        member: head.member.clone().or_else(|| output.member.clone()),
        sheet: head.sheet.clone(),
        dialect: head.dialect.clone(),
        header: plan.map(|plan| plan.header.clone()).unwrap_or_default(),
        header_row: plan.and_then(|plan| plan.header_row),
        columns: columns.unwrap_or_default(),
        layout: plan.map(|plan| plan.mapping.layout.clone()).unwrap_or_default(),
    }))?;
    let Some(plan) = plan else {
        let finding = Finding::new(Code::NoHeader)
            .severity(severity)
            .arg("expected", needed::looked_for());
        return Ok(output.finding(Some(part), None, finding)?);
    };
    for finding in &plan.missing {
        output.finding(Some(part), plan.header_row, finding.clone().severity(severity))?;
    }
    for finding in &plan.mapping.findings {
        let severity = finding.severity.min(severity);
        output.finding(Some(part), plan.header_row, finding.clone().severity(severity))?;
    }
    Ok(())
}

/// The second pass: the records.
fn records(
    source: &mut dyn Source,
    index: usize,
    plan: &Plan,
    job: &Job,
    output: &mut Output<'_>,
) -> Result<(), Unreadable> {
    let part = u32::try_from(index).unwrap_or(u32::MAX);
    let reader = RecordReader::new(&plan.mapping, &plan.profile, job);
    // Only in delimited text does the number of cells say anything.
    let ragged = matches!(source.parts()[index].dialect, Dialect::Delimited { .. });
    let mut totals = Totals::default();
    let mut settling = settling(source, index, plan, &reader)?;
    let mut passed = 0;
    let mut seen = 0;
    let mut sequence = 0;
    source.rows(index, &mut |row| {
        if passed < plan.skip {
            passed += 1;
            return Ok(ControlFlow::Continue(()));
        }
        if is_blank(row) {
            return Ok(ControlFlow::Continue(()));
        }
        seen += 1;
        let position = Position {
            part,
            sequence: sequence + 1,
            row: row.number,
        };
        let mut record = reader.read(row, position);
        let line = settling.as_mut().map(|settling| settling.settle(&mut record));
        if line == Some(Line::LeftOut) {
            return Ok(ControlFlow::Continue(()));
        }
        let last = line.is_none() && seen + LAST_ROWS > plan.rows;
        if line == Some(Line::Balance) || last && totals.is_totals_line(&record, &plan.mapping) {
            output.finding(Some(part), Some(row.number), Finding::new(Code::TotalsLine))?;
            return Ok(ControlFlow::Continue(()));
        }
        totals.add(&record);
        sequence += 1;
        needed::check(&mut record, job, &plan.mapping);
        if ragged {
            reader.width(&mut record);
        }
        output.record(record)?;
        Ok(ControlFlow::Continue(()))
    })?;
    let counts = settling.map(|settling| settling.counts.and(source.statement().unwrap_or_default()));
    if let Some(finding) = counts.and_then(Counts::finding) {
        output.finding(Some(part), None, finding)?;
    }
    Ok(())
}

/// Of a bank statement, what knows its equal lines: one more reading where the bank gives a payment no reference.
fn settling<'p>(
    source: &mut dyn Source,
    index: usize,
    plan: &'p Plan,
    reader: &RecordReader<'_>,
) -> Result<Option<Settling<'p>>, Unreadable> {
    let Some(columns) = &plan.mapping.statement else {
        return Ok(None);
    };
    let mut settling = Settling::new(columns);
    if source.statement().is_some_and(|counts| counts.unnumbered == 0) {
        return Ok(Some(settling));
    }
    let mut passed = 0;
    source.rows(index, &mut |row| {
        if passed < plan.skip {
            passed += 1;
        } else if !is_blank(row) {
            let position = Position {
                part: 0,
                sequence: 0,
                row: row.number,
            };
            settling.note(reader.read(row, position))?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Some(settling))
}
