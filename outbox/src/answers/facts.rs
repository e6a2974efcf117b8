//! The stored results of a delivery as answers need them: what every writer reads, however it came here.

use chrono::{DateTime, Utc};
use dropcase_cases::model::{
    Delivery, DeliveryDetail, DeliveryId, DeliveryPart, DeliveryState, Mode, Outcome, ResultRow, Status, StoredFinding,
};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding, Severity};
use dropcase_parsers::staged::Dialect;
use serde::de::DeserializeOwned;

use crate::language::{Advice, Language};

/// A delivery as its answers show it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The delivery, its sums, what was said of the file as a whole.
    pub detail: DeliveryDetail,
    /// The parts, readable.
    pub parts: Vec<PartFacts>,
    /// Findings that belong to no record.
    pub findings: Vec<FileFinding>,
}

/// A part of a delivery.
#[derive(Debug, Clone)]
pub struct PartFacts {
    /// From 0.
    pub part: i64,
    /// Sheet of a workbook, or member of a bundle.
    pub name: Option<String>,
    /// How it was written; `None` when it was written by a version that knew others.
    pub dialect: Option<Dialect>,
    /// The header cells as they came.
    pub header: Vec<String>,
    /// The fields of each column.
    pub columns: Vec<Vec<Field>>,
}

/// A finding about the file or a part.
#[derive(Debug, Clone)]
pub struct FileFinding {
    /// The part.
    pub part: Option<i64>,
    /// Row as the client sees it.
    pub row: Option<u64>,
    /// The finding.
    pub finding: Finding,
}

/// What became of one record.
#[derive(Debug, Clone)]
pub struct Line {
    /// The stored result.
    pub result: ResultRow,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The cells as they came, of a record that goes back.
    pub raw: Option<Vec<String>>,
}

impl Facts {
    /// Makes a stored delivery readable.
    pub fn new(detail: DeliveryDetail) -> Self {
        let parts = detail.parts.iter().map(PartFacts::new).collect();
        let findings = detail
            .findings
            .iter()
            .filter_map(|stored| {
                Some(FileFinding {
                    part: stored.part,
                    row: stored
                        .source_row
                        .and_then(|row| u64::try_from(row).ok())
                        .or_else(|| line(stored)),
                    finding: finding(stored)?,
                })
            })
            .collect();
        Self {
            detail,
            parts,
            findings,
        }
    }

    /// The delivery itself.
    pub fn delivery(&self) -> &Delivery {
        &self.detail.delivery
    }

    /// Was it only checked?
    pub fn is_validation(&self) -> bool {
        self.delivery().mode == Mode::Validate
    }

    /// The result as a whole; a quarantined delivery has none and is rejected.
    pub fn status(&self) -> Status {
        self.delivery().status.unwrap_or(Status::Rjct)
    }

    /// The result for programs: `RCVD` for a file that was received and waits.
    pub fn status_name(&self) -> &'static str {
        match self.delivery().state {
            DeliveryState::Waiting => "RCVD",
            _ => self.status().as_str(),
        }
    }

    /// When the result was written; for one without, when it was claimed.
    pub fn finished(&self) -> DateTime<Utc> {
        self.delivery().finished_at.unwrap_or(self.delivery().claimed_at)
    }

    /// The name of a part, when there are names to tell parts apart.
    pub fn sheet(&self, part: i64) -> Option<&str> {
        self.parts.iter().find(|facts| facts.part == part)?.name.as_deref()
    }

    /// The delivery whose records are shown: of a `DUPL`, the first one.
    pub fn records_of(&self) -> DeliveryId {
        match (self.status(), self.delivery().duplicate_of) {
            (Status::Dupl, Some(first)) => first,
            _ => self.delivery().id,
        }
    }

    /// Shows the result of `first`, the same content that came before: its counts, sums, parts and findings.
    #[must_use]
    pub fn with_first(mut self, first: DeliveryDetail) -> Self {
        let first = Self::new(first);
        let (own, other) = (&mut self.detail.delivery, &first.detail.delivery);
        (own.submitted, own.accepted, own.rejected) = (other.submitted, other.accepted, other.rejected);
        (own.duplicate, own.withheld) = (other.duplicate, other.withheld);
        self.detail.sums = first.detail.sums;
        self.detail.parts = first.detail.parts;
        self.parts = first.parts;
        let said = FileFinding {
            part: None,
            row: None,
            finding: Finding::new(Code::Duplicate),
        };
        self.findings = std::iter::once(said).chain(first.findings).collect();
        self
    }

    /// What a finding about the file says.
    pub fn file_advice(&self, found: &FileFinding, language: &Language) -> Advice {
        if self.status() == Status::Dupl && found.finding.code == Code::Duplicate && found.row.is_none() {
            let first = self.detail.duplicate_of_code.as_deref().unwrap_or_default();
            let args = [
                ("mode", "import".into()),
                ("status", "DUPL".into()),
                ("file", self.delivery().name.as_str().into()),
                ("first", first.into()),
            ];
            return Advice {
                message: language.text("delivery-summary", &args),
                fix: language.word("duplicate-file-fix"),
            };
        }
        language.advice(&found.finding)
    }
}

impl PartFacts {
    fn new(part: &DeliveryPart) -> Self {
        let names: Vec<Vec<String>> = read(&part.columns).unwrap_or_default();
        Self {
            part: part.part,
            name: part.sheet.clone().or_else(|| part.member.clone()),
            dialect: read(&part.dialect),
            header: read(&part.header).unwrap_or_default(),
            columns: names
                .into_iter()
                .map(|fields| fields.iter().filter_map(|name| Field::from_name(name)).collect())
                .collect(),
        }
    }
}

impl Line {
    /// Puts a result and its findings together. A value that the client sees is the cell as it came where that is
    /// kept: the stored one is masked.
    pub fn new(result: ResultRow, stored: &[StoredFinding]) -> Self {
        let raw: Option<Vec<String>> = result.raw.as_deref().and_then(read);
        let findings = stored
            .iter()
            .filter_map(|stored| {
                let mut finding = finding(stored)?;
                let cell = finding
                    .column
                    .and_then(|column| raw.as_ref()?.get(usize::try_from(column).ok()?));
                if let Some(cell) = cell.filter(|cell| !cell.is_empty() && finding.value.is_some()) {
                    finding.value = Some(cell.chars().take(80).collect());
                }
                Some(finding)
            })
            .collect();
        Self { result, findings, raw }
    }

    /// Goes back to be corrected?
    pub fn goes_back(&self) -> bool {
        self.raw.is_some() && matches!(self.result.outcome, Outcome::Rejected | Outcome::Withheld)
    }

    /// Row as the client sees it.
    pub fn row(&self) -> u64 {
        u64::try_from(self.result.source_row).unwrap_or_default()
    }
}

/// The name of a severity for programs.
pub const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A stored finding with its types; `None` for a code that this version does not know.
pub fn finding(stored: &StoredFinding) -> Option<Finding> {
    let code = Code::ALL.iter().copied().find(|code| code.as_str() == stored.code)?;
    let severity = match stored.severity.as_str() {
        "info" => Severity::Info,
        "warning" => Severity::Warning,
        _ => Severity::Error,
    };
    let args: serde_json::Map<String, serde_json::Value> = stored.args.as_deref().and_then(read).unwrap_or_default();
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Some(Finding {
        code,
        severity,
        column: stored.source_column.and_then(|column| u32::try_from(column).ok()),
        header: stored.header.clone(),
        field: stored.field.as_deref().and_then(Field::from_name),
        value: stored.value.clone(),
        args: args.into_iter().map(|(name, value)| (name, text(value))).collect(),
    })
}

/// The line that a finding about the file names among its arguments.
fn line(stored: &StoredFinding) -> Option<u64> {
    let args: serde_json::Map<String, serde_json::Value> = read(stored.args.as_deref()?)?;
    match args.get("line")? {
        serde_json::Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}
