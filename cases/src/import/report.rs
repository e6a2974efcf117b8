//! What is told of a batch: results, findings and sums.

use std::collections::BTreeMap;

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::{Position, Record};

use super::Policy;
use super::effects::{Booked, sequence};
use super::mask::mask;
use super::plan::{Earlier, Verdict};
use super::sift::{Entry, reference};
use super::tables;
use crate::desk::{self, Told};
use crate::model::{Outcome, severity_text};
use crate::store::StoreError;
use crate::store::bulk::Common;
use crate::store::db::Tx;
use crate::store::rows::{Packed, Payload, Rows, place_in_groups};

/// Places in a spooled row of `results`.
const OUTCOME: usize = 4;
const CLAIM: usize = 5;
const CASE_NUMBER: usize = 6;
const RAW: usize = 11;

/// Counts and sums of a delivery per record type, currency and outcome.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    sums: BTreeMap<(String, String, Outcome), (i64, i64)>,
}

impl Tally {
    fn add(&mut self, record_type: &str, currency: &str, outcome: Outcome, amount: i64) {
        let key = (record_type.to_owned(), currency.to_owned(), outcome);
        let (records, sum) = self.sums.entry(key).or_default();
        *records += 1;
        *sum = sum.saturating_add(amount);
    }

    /// Records with this outcome.
    pub(super) fn count(&self, outcome: Outcome) -> i64 {
        self.sums
            .iter()
            .filter(|((.., of), _)| *of == outcome)
            .map(|(_, (records, _))| records)
            .sum()
    }

    /// Counts what was accepted as withheld.
    pub(super) fn withhold(&mut self) {
        for ((record_type, currency, outcome), (records, amount)) in std::mem::take(&mut self.sums) {
            let outcome = if outcome == Outcome::Accepted {
                Outcome::Withheld
            } else {
                outcome
            };
            let (count, sum) = self.sums.entry((record_type, currency, outcome)).or_default();
            *count += records;
            *sum = sum.saturating_add(amount);
        }
    }

    /// Writes the sums.
    pub(super) async fn write(&self, tx: &mut Tx, common: &Common) -> Result<(), StoreError> {
        let mut rows = Rows::default();
        for ((record_type, currency, outcome), (records, amount)) in &self.sums {
            rows.row().text(&**record_type).text(&**currency).text(outcome.as_str());
            rows.int(*records).int(*amount);
        }
        if rows.is_empty() {
            return Ok(());
        }
        tables::SUMS.insert(tx, common, rows.finish()).await
    }
}

/// What became of a record, for its row.
struct Line<'a> {
    outcome: Outcome,
    claim: Option<i64>,
    case_number: Option<&'a str>,
    reference: Option<&'a str>,
}

/// Rows of one batch for the spool.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Of `results`.
    pub(super) results: Rows,
    /// Of `findings`.
    pub(super) findings: Rows,
    /// The cells of the rows of `results` that have none there, should they be withheld; empty when none will be.
    pub(super) withheld: Rows,
    /// Under this policy good records may be withheld.
    keep_good: bool,
}

impl Report {
    /// An empty report; by `policy` the good records may yet go back.
    pub(super) fn new(policy: Policy) -> Self {
        Self {
            keep_good: policy == Policy::WholeFile,
            ..Self::default()
        }
    }

    /// Tells of one entry whose findings are complete.
    pub(super) fn entry(
        &mut self,
        (entry, verdict): (&Entry, &Verdict),
        booked: (&[Option<Booked>], usize),
        tally: &mut Tally,
    ) {
        let record = &entry.record;
        let (all, index) = booked;
        let (outcome, claim, case_number) = match verdict {
            Verdict::Accepted { .. } => (Outcome::Accepted, booked_id(all, index), booked_number(all, index)),
            Verdict::Rejected(_) => (Outcome::Rejected, None, None),
            Verdict::Duplicate(earlier) => {
                let (id, number) = earlier_claim(earlier, all);
                (Outcome::Duplicate, id, number)
            }
            Verdict::Differs(earlier, _) => {
                let (id, number) = earlier_claim(earlier, all);
                (Outcome::Rejected, id, number)
            }
        };
        let told = Line {
            outcome,
            claim,
            case_number,
            reference: entry.reference(),
        };
        self.line(record, &told, tally);
    }

    /// Tells of one record of the desk whose findings are complete.
    pub(super) fn told(&mut self, record: &Record, told: &Told, tally: &mut Tally) {
        let outcome = match told.verdict {
            desk::Verdict::Accepted => Outcome::Accepted,
            desk::Verdict::Rejected => Outcome::Rejected,
            desk::Verdict::Duplicate => Outcome::Duplicate,
        };
        let line = Line {
            outcome,
            claim: told.claim.map(|claim| claim.0),
            case_number: told.case_number.as_deref(),
            reference: reference(record),
        };
        self.line(record, &line, tally);
    }

    fn line(&mut self, record: &Record, line: &Line<'_>, tally: &mut Tally) {
        let outcome = line.outcome;
        let amount = record
            .money(Field::PrincipalAmount)
            .or_else(|| record.money(Field::Amount));
        let (record_type, currency) = (record_type(record), currency(record));
        tally.add(
            record_type,
            currency.unwrap_or_default(),
            outcome,
            amount.unwrap_or_default(),
        );

        let position = record.position;
        self.results
            .row()
            .int(i64::from(position.part))
            .int(sequence(record))
            .int(row(position));
        self.results
            .text(record_type)
            .text(outcome.as_str())
            .int(line.claim)
            .text(line.case_number);
        self.results
            .text(record.text(Field::DebtorNumber))
            .text(line.reference)
            .int(amount)
            .text(currency);
        let raw = (outcome == Outcome::Rejected).then(|| cells(record));
        self.results.text(raw.as_deref());
        if self.keep_good {
            let raw = (outcome == Outcome::Accepted).then(|| cells(record));
            self.withheld.row().text(raw.as_deref());
        }
        for finding in &record.findings {
            self.finding(
                Some(i64::from(position.part)),
                Some(sequence(record)),
                Some(row(position)),
                finding,
            );
        }
    }

    /// Adds a row of `findings`.
    pub(super) fn finding(&mut self, part: Option<i64>, sequence: Option<i64>, row: Option<i64>, finding: &Finding) {
        let rows = self.findings.row();
        rows.int(part).int(sequence).int(row).int(finding.column.map(i64::from));
        rows.text(finding.header.as_deref())
            .text(finding.field.map(Field::as_str))
            .text(finding.code.as_str());
        rows.text(severity_text(finding.severity));
        rows.text(
            finding
                .value
                .as_deref()
                .map(|value| mask(finding.field, value))
                .as_deref(),
        );
        let args: serde_json::Map<String, serde_json::Value> = finding
            .args
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        let args = (!args.is_empty()).then(|| serde_json::Value::Object(args).to_string());
        rows.text(args.as_deref());
    }
}

fn booked_id(all: &[Option<Booked>], index: usize) -> Option<i64> {
    all.get(index)?.as_ref().map(|booked| booked.claim)
}

fn booked_number(all: &[Option<Booked>], index: usize) -> Option<&str> {
    all.get(index)?.as_ref().map(|booked| &*booked.case_number)
}

fn earlier_claim<'a>(earlier: &'a Earlier, all: &'a [Option<Booked>]) -> (Option<i64>, Option<&'a str>) {
    match earlier {
        Earlier::Stored { id, case_number } => (Some(*id), Some(case_number)),
        Earlier::Entry(index) => (booked_id(all, *index), booked_number(all, *index)),
    }
}

/// The kind of record; empty when it could not be told.
fn record_type(record: &Record) -> &str {
    if record
        .findings
        .iter()
        .any(|finding| finding.code == Code::UnknownRecordType)
    {
        return "";
    }
    record.text(Field::RecordType).unwrap_or("new_claim")
}

/// The currency when it looks like one: anything else is no key for a sum.
fn currency(record: &Record) -> Option<&str> {
    record
        .text(Field::Currency)
        .filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
}

pub(super) fn row(position: Position) -> i64 {
    i64::try_from(position.row).unwrap_or(i64::MAX)
}

fn cells(record: &Record) -> String {
    serde_json::Value::Array(record.raw.iter().map(Into::into).collect()).to_string()
}

/// Changes spooled rows of `results` for an import whose effects were taken back: claims from `first_claim` on and
/// their cases do not exist; what was accepted is called `accepted`, and gets the cells of the spooled rows `cells`.
pub(super) fn take_back(
    rows: &mut Packed,
    first_claim: Option<i64>,
    accepted: Outcome,
    cells: Option<&Packed>,
) -> Result<(), serde_json::Error> {
    use serde_json::Value;

    type Values = Vec<Vec<Vec<Value>>>;
    let [outcome, claim, case_number, raw] = [OUTCOME, CLAIM, CASE_NUMBER, RAW].map(place_in_groups);
    let mut values: Values = serde_json::from_str(rows.text())?;
    for row in &mut values {
        let booked = row[claim.0][claim.1].as_i64().zip(first_claim);
        if booked.is_some_and(|(claim, first)| claim >= first) {
            row[claim.0][claim.1] = Value::Null;
            row[case_number.0][case_number.1] = Value::Null;
        }
        let outcome = &mut row[outcome.0][outcome.1];
        if *outcome == Outcome::Accepted.as_str() {
            *outcome = accepted.as_str().into();
        }
    }
    if let Some(cells) = cells {
        let cells: Values = serde_json::from_str(cells.text())?;
        for (row, cells) in values.iter_mut().zip(cells) {
            if let Some(text @ Value::String(_)) = cells.into_iter().flatten().next() {
                row[raw.0][raw.1] = text;
            }
        }
        rows.used |= 1 << RAW;
    }
    rows.payload = Payload::Text(serde_json::to_string(&values)?);
    Ok(())
}
