//! The acknowledgement for programs: JSON (`schema/acknowledgement-1.schema.json`) and XML (`…-1.xsd`).
//!
//! Names, codes and numbers do not depend on the language; `message` and `todo` do. Amounts are decimal texts with a
//! point, times are UTC (RFC 3339).

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use dropcase_cases::model::{DeliverySum, Outcome};
use dropcase_parsers::finding::Finding;
use serde::Serialize;

use super::acknowledgement::by_weight;
use super::facts::{Facts, FileFinding, Line, severity_name};
use super::sentences::Sentences;
use crate::language::{Advice, Language, decimal, digits_of};
use crate::writers::WriteError;
use crate::writers::json::JsonObject;
use crate::writers::xml::XmlWriter;

/// The schema as shipped: JSON Schema of the acknowledgement.
pub const JSON_SCHEMA: &str = include_str!("../../schema/acknowledgement-1.schema.json");
/// The schema as shipped: XSD of the acknowledgement.
pub const XML_SCHEMA: &str = include_str!("../../schema/acknowledgement-1.xsd");

/// Name of the JSON's version.
const JSON_VERSION: &str = "dropcase-acknowledgement-1";
/// Namespace of the XML's version.
const XML_NAMESPACE: &str = "urn:dropcase:acknowledgement:1";

#[derive(Serialize)]
struct Head<'a> {
    schema: &'static str,
    delivery: &'a str,
    client: &'a str,
    file: &'a str,
    size: i64,
    sha256: Option<&'a str>,
    validation: bool,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_delivery: Option<&'a str>,
    received: String,
    started: Option<String>,
    finished: Option<String>,
    submitted: i64,
    accepted: i64,
    rejected: i64,
    duplicate: i64,
    withheld: i64,
    sums: Vec<Sum<'a>>,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Sum<'a> {
    record_type: &'a str,
    currency: &'a str,
    outcome: Outcome,
    records: i64,
    amount: String,
}

#[derive(Serialize)]
struct Found<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    code: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    message: String,
    todo: String,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    row: u64,
    record_type: &'a str,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    case_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debtor_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    findings: Vec<Found<'a>>,
}

impl<'a> Head<'a> {
    fn new(facts: &'a Facts, language: &Language) -> Self {
        let delivery = facts.delivery();
        Self {
            schema: JSON_VERSION,
            delivery: &delivery.code,
            client: &delivery.client_key,
            file: &delivery.name,
            size: delivery.size,
            sha256: delivery.sha256.as_deref(),
            validation: facts.is_validation(),
            status: facts.status_name(),
            first_delivery: facts.detail.duplicate_of_code.as_deref(),
            received: time(delivery.arrived_at),
            started: delivery.started_at.map(time),
            finished: delivery.finished_at.map(time),
            submitted: delivery.submitted,
            accepted: delivery.accepted,
            rejected: delivery.rejected,
            duplicate: delivery.duplicate,
            withheld: delivery.withheld,
            sums: facts.detail.sums.iter().map(Sum::new).collect(),
            findings: facts
                .findings
                .iter()
                .map(|found| Found::of_file(facts, found, language))
                .collect(),
        }
    }
}

impl<'a> Sum<'a> {
    fn new(sum: &'a DeliverySum) -> Self {
        Self {
            record_type: &sum.record_type,
            currency: &sum.currency,
            outcome: sum.outcome,
            records: sum.records,
            amount: decimal(sum.amount, digits_of(&sum.currency), '.'),
        }
    }
}

impl<'a> Found<'a> {
    fn new(finding: &'a Finding, advice: Advice) -> Self {
        Self {
            sheet: None,
            row: None,
            code: finding.code.as_str(),
            severity: severity_name(finding.severity),
            column: finding.header.as_deref(),
            field: finding.field.map(|field| field.as_str()),
            value: finding.value.as_deref(),
            message: advice.message,
            todo: advice.fix,
        }
    }

    fn of_file(facts: &'a Facts, found: &'a FileFinding, language: &Language) -> Self {
        let sheet = found.part.and_then(|part| facts.sheet(part));
        Self {
            sheet,
            row: found.row,
            ..Self::new(&found.finding, facts.file_advice(found, language))
        }
    }
}

impl<'a> Row<'a> {
    fn new(facts: &'a Facts, line: &'a Line, sentences: &mut Sentences) -> Self {
        let result = &line.result;
        let digits = digits_of(result.currency.as_deref().unwrap_or_default());
        Self {
            sheet: facts.sheet(result.part),
            row: line.row(),
            record_type: &result.record_type,
            outcome: result.outcome,
            case_number: result.case_number.as_deref(),
            debtor_number: result.debtor_number.as_deref(),
            invoice_number: result.reference.as_deref(),
            amount: result.amount.map(|minor| decimal(minor, digits, '.')),
            currency: result.currency.as_deref(),
            findings: by_weight(line)
                .into_iter()
                .map(|finding| Found::new(finding, sentences.say(result.part, finding, |said| said.advice.clone())))
                .collect(),
        }
    }
}

/// Writes the acknowledgement as JSON.
///
/// # Errors
/// When `lines` or `out` fail.
pub fn write_json<W: Write>(
    facts: &Facts,
    lines: &mut dyn Iterator<Item = Result<Line, WriteError>>,
    out: W,
    language: &'static Language,
) -> Result<(), WriteError> {
    let mut sentences = Sentences::new(language);
    let mut json = JsonObject::new(out, &Head::new(facts, language), "records")?;
    for line in lines {
        json.element(&Row::new(facts, &line?, &mut sentences))?;
    }
    json.finish()?;
    Ok(())
}

/// Writes the acknowledgement as XML.
///
/// # Errors
/// When `lines` or `out` fail.
pub fn write_xml<W: Write>(
    facts: &Facts,
    lines: &mut dyn Iterator<Item = Result<Line, WriteError>>,
    out: W,
    language: &'static Language,
) -> Result<(), WriteError> {
    let mut sentences = Sentences::new(language);
    let head = Head::new(facts, language);
    let mut xml = XmlWriter::new(out)?;
    open_xml(&mut xml, &head)?;
    xml.open("sums", &[])?;
    for sum in &head.sums {
        xml.empty(
            "sum",
            &[
                ("record_type", Some(sum.record_type)),
                ("currency", Some(sum.currency)),
                ("outcome", Some(sum.outcome.as_str())),
                ("records", Some(&sum.records.to_string())),
                ("amount", Some(&sum.amount)),
            ],
        )?;
    }
    xml.close("sums")?;
    xml.open("findings", &[])?;
    for found in &head.findings {
        xml_finding(&mut xml, found)?;
    }
    xml.close("findings")?;
    xml.open("records", &[])?;
    for line in lines {
        xml_row(&mut xml, &Row::new(facts, &line?, &mut sentences))?;
    }
    xml.close("records")?;
    xml.close("acknowledgement")?;
    xml.finish()?;
    Ok(())
}

fn open_xml<W: Write>(xml: &mut XmlWriter<W>, head: &Head<'_>) -> Result<(), WriteError> {
    let count = |number: i64| number.to_string();
    let validation = head.validation.to_string();
    xml.open(
        "acknowledgement",
        &[
            ("xmlns", Some(XML_NAMESPACE)),
            ("delivery", Some(head.delivery)),
            ("client", Some(head.client)),
            ("file", Some(head.file)),
            ("size", Some(&count(head.size))),
            ("sha256", head.sha256),
            ("validation", Some(&validation)),
            ("status", Some(head.status)),
            ("first_delivery", head.first_delivery),
            ("received", Some(&head.received)),
            ("started", head.started.as_deref()),
            ("finished", head.finished.as_deref()),
            ("submitted", Some(&count(head.submitted))),
            ("accepted", Some(&count(head.accepted))),
            ("rejected", Some(&count(head.rejected))),
            ("duplicate", Some(&count(head.duplicate))),
            ("withheld", Some(&count(head.withheld))),
        ],
    )
}

fn xml_row<W: Write>(xml: &mut XmlWriter<W>, row: &Row<'_>) -> Result<(), WriteError> {
    let number = row.row.to_string();
    let attributes = [
        ("sheet", row.sheet),
        ("row", Some(number.as_str())),
        ("record_type", Some(row.record_type)),
        ("outcome", Some(row.outcome.as_str())),
        ("case_number", row.case_number),
        ("debtor_number", row.debtor_number),
        ("invoice_number", row.invoice_number),
        ("amount", row.amount.as_deref()),
        ("currency", row.currency),
    ];
    if row.findings.is_empty() {
        return xml.empty("record", &attributes);
    }
    xml.open("record", &attributes)?;
    for found in &row.findings {
        xml_finding(xml, found)?;
    }
    xml.close("record")
}

fn xml_finding<W: Write>(xml: &mut XmlWriter<W>, found: &Found<'_>) -> Result<(), WriteError> {
    let row = found.row.map(|row| row.to_string());
    xml.open(
        "finding",
        &[
            ("sheet", found.sheet),
            ("row", row.as_deref()),
            ("code", Some(found.code)),
            ("severity", Some(found.severity)),
            ("column", found.column),
            ("field", found.field),
            ("value", found.value),
        ],
    )?;
    xml.leaf("message", Some(&found.message))?;
    xml.leaf("todo", Some(&found.todo))?;
    xml.close("finding")
}

/// UTC to the second, RFC 3339.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
