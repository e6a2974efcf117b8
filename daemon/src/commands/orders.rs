//! Orders to a case from the command line: the record types of the desk, one record at a time.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use dropcase_cases::account::decimal;
use dropcase_cases::desk::{Ordering, Side, order as carry_out};
use dropcase_cases::model::Visibility;
use dropcase_outbox::language::Language;
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::record::{Cells, Position, Record, Value as FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::finding::FindingShape;
use super::{Body, answer, attached};
use crate::app::App;
use crate::control::{Actor, Attachment, Failure};

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OrderShape {
    /// The case.
    pub(crate) case_number: String,
    /// The record type.
    pub(crate) record_type: String,
    /// `done`, `duplicate` (it was done before), `refused`.
    pub(crate) outcome: String,
    /// Nothing was kept.
    pub(crate) dry_run: bool,
    /// What was found.
    pub(crate) findings: Vec<FindingShape>,
}

/// Carries an order out.
pub(super) async fn order(
    app: &App,
    actor: &Actor,
    (fields, attachments, body): (&BTreeMap<String, String>, &[Attachment], Body),
    dry_run: bool,
) -> Result<Value, Failure> {
    let number = fields.get(Field::CaseNumber.as_str()).cloned().unwrap_or_default();
    let detail = app.store.case_by_number(&number, Visibility::Internal).await?;
    let detail = detail.ok_or_else(|| Failure::not_found(format!("there is no case {number}")))?;
    let mut record = record(fields, &detail.case.currency)?;
    let papers = attached::keep(app, &detail.case.client_key, attachments, body, dry_run).await?;
    if !papers.is_empty() {
        let names = attachments.iter().map(|paper| paper.name.clone());
        record.set(Field::Attachment, FieldValue::List(names.collect()));
    }
    let client = app.client(&detail.case.client_key);
    let desk = app.desk();
    let given = Ordering {
        actor: app.operator(actor).await?,
        today: client.map_or_else(|| app.now().date_naive(), |client| app.today(&client)),
        now: app.now(),
        rules: desk.rules(Side::Office),
        papers: Some((&papers, detail.case.client_id)),
        dry_run,
    };
    let ordered = carry_out(&app.store, &record, &given).await?;
    if ordered.done && !dry_run {
        app.outbox.notify();
    }
    let language = Language::of(dropcase_config::Locale::En);
    let findings = ordered.findings.iter();
    let findings = findings.map(|finding| FindingShape::of(finding, language, None, None));
    answer(&OrderShape {
        case_number: number,
        record_type: record.text(Field::RecordType).unwrap_or_default().to_owned(),
        outcome: match (ordered.done, ordered.duplicate) {
            (true, _) => "done",
            (false, true) => "duplicate",
            (false, false) => "refused",
        }
        .to_owned(),
        dry_run,
        findings: findings.collect(),
    })
}

/// The record of an order. What the command line has checked already is checked again: others may speak to the socket.
fn record(fields: &BTreeMap<String, String>, currency: &str) -> Result<Record, Failure> {
    let position = Position {
        part: 0,
        sequence: 1,
        row: 1,
    };
    let mut record = Record::new(position, Cells::default());
    for (name, text) in fields {
        let field = Field::from_name(name).ok_or_else(|| Failure::refused(format!("there is no field {name}")))?;
        let wrong = |expected: &str| Failure::refused(format!("{name}: `{text}` is not {expected}"));
        if text.chars().count() > field.max_length() {
            return Err(Failure::refused(format!(
                "{name}: longer than {} characters",
                field.max_length()
            )));
        }
        let value = match field.kind() {
            Kind::Money => FieldValue::Money(decimal::money(text, currency).ok_or_else(|| wrong("an amount (12.50)"))?),
            Kind::Date => FieldValue::Date(text.parse::<NaiveDate>().map_err(|_| wrong("a day (2026-12-31)"))?),
            Kind::Bool => FieldValue::Bool(text.parse().map_err(|_| wrong("true or false"))?),
            Kind::List | Kind::Percent => return Err(wrong("taken from the command line")),
            Kind::Text | Kind::Code => FieldValue::Text(text.clone()),
        };
        record.set(field, value);
    }
    Ok(record)
}
