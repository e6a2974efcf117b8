//! What the tests of whole files share.

use std::io::{Seek, Write};

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::Finding;
use dropcase_parsers::job::Job;
use dropcase_parsers::limits::Limits;
use dropcase_parsers::parse::parse;
use dropcase_parsers::record::{Record, Value};
use dropcase_parsers::staged::{Frame, Part, Sink, Summary};

/// Everything that a parse handed on.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) parts: Vec<Part>,
    pub(crate) records: Vec<Record>,
    pub(crate) findings: Vec<Finding>,
    /// Names, bytes, and why not.
    pub(crate) papers: Vec<(String, Vec<u8>, Option<Finding>)>,
    pub(crate) summary: Summary,
}

impl Sink for Parsed {
    fn put(&mut self, frame: Frame) -> std::io::Result<()> {
        match frame {
            Frame::Header { .. } => {}
            Frame::Paper { name, refused } => self.papers.push((name, Vec::new(), refused)),
            Frame::PaperBytes(bytes) => self.papers.last_mut().unwrap().1.extend(bytes),
            Frame::Part(part) => self.parts.push(part),
            Frame::Record(record) => self.records.push(*record),
            Frame::Finding { finding, .. } => self.findings.push(finding),
            Frame::End(summary) => self.summary = summary,
        }
        Ok(())
    }
}

impl Parsed {
    /// Codes found in the file.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.findings.iter().map(|finding| finding.code.as_str()).collect()
    }

    /// Codes found in the record at `index`.
    pub(crate) fn record_codes(&self, index: usize) -> Vec<&'static str> {
        self.records[index]
            .findings
            .iter()
            .map(|finding| finding.code.as_str())
            .collect()
    }

    /// Codes found in the record at `index` that reject it.
    pub(crate) fn errors(&self, index: usize) -> Vec<&'static str> {
        use dropcase_parsers::finding::Severity;
        let findings = self.records[index].findings.iter();
        findings
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.code.as_str())
            .collect()
    }
}

/// A job of a German client without layouts.
pub(crate) fn job() -> Job {
    Job {
        currency: "EUR".into(),
        country: "DE".into(),
        number_format: None,
        date_order: None,
        debtor_number_from_invoice: false,
        creditor_required: false,
        layouts: Vec::new(),
        limits: Limits::default(),
    }
}

/// Parses `bytes` as a file.
pub(crate) fn parse_with(bytes: &[u8], job: &Job) -> Parsed {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("written");
    file.rewind().expect("rewound");
    let mut parsed = Parsed::default();
    let summary = parse(file, job, &mut parsed).expect("the machine works");
    assert_eq!(summary, parsed.summary);
    assert_eq!(summary.records, parsed.records.len() as u64);
    parsed
}

/// Parses `bytes` as a file of the usual client.
pub(crate) fn parse_bytes(bytes: &[u8]) -> Parsed {
    parse_with(bytes, &job())
}

/// A value as short text.
pub(crate) fn show(record: &Record, field: Field) -> String {
    match record.get(field) {
        None => String::new(),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Date(date)) => date.to_string(),
        Some(Value::Money(minor)) => minor.to_string(),
        Some(Value::Percent(rate)) => rate.to_string(),
        Some(Value::Bool(yes)) => yes.to_string(),
        Some(Value::List(items)) => items.join("|"),
    }
}
