//! What was handed over, and what became of it.

use chrono::{DateTime, Utc};
use dropcase_cases::model::{Delivery, DeliverySum, OutboxItem, Outcome};
use dropcase_cases::queries::{FindingCount, ResultFilter};
use dropcase_cases::store::DeliveryFilter;
use dropcase_config::Locale;
use dropcase_outbox::answers::facts::{Facts, Line};
use dropcase_outbox::language::{Language, decimal, digits_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::finding::FindingShape;
use super::{answer, known_client};
use crate::app::App;
use crate::control::Failure;

/// Findings of records that are shown; the counts say how many there are.
const FINDINGS: usize = 500;

/// A delivery in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeliveryLine {
    /// What people call it.
    pub(crate) id: String,
    /// Key of the client.
    pub(crate) client: String,
    /// The client's time zone.
    pub(crate) time_zone: String,
    /// The file's name.
    pub(crate) file: String,
    /// `import` or `validate`.
    pub(crate) mode: String,
    /// When the upload was complete.
    pub(crate) arrived: DateTime<Utc>,
    /// How far it is: `claimed`, `imported`, `archived`, `quarantined`, …
    pub(crate) state: String,
    /// `ACCP`, `PART`, `RJCT`, `DUPL`; null while it is not worked.
    pub(crate) status: Option<String>,
    /// Records.
    pub(crate) submitted: i64,
    /// Taken over.
    pub(crate) accepted: i64,
    /// To be corrected.
    pub(crate) rejected: i64,
    /// Handed over before.
    pub(crate) duplicate: i64,
    /// Good, but held back.
    pub(crate) withheld: i64,
}

/// `delivery list`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeliveryList {
    /// Newest first.
    pub(crate) deliveries: Vec<DeliveryLine>,
}

/// `delivery show`, `delivery resubmit` and `import`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeliveryShown {
    /// As in the list.
    #[serde(flatten)]
    pub(crate) line: DeliveryLine,
    /// Where it was dropped, below the client's folder.
    pub(crate) path: String,
    /// Who handed it over.
    pub(crate) by: String,
    /// `sftp`, `ftps`, `local`, …
    pub(crate) protocol: String,
    /// The peer's address.
    pub(crate) remote: Option<String>,
    /// Bytes.
    pub(crate) size: i64,
    /// SHA-256, once it was read.
    pub(crate) sha256: Option<String>,
    /// When work on it began.
    pub(crate) started: Option<DateTime<Utc>>,
    /// When its result was written.
    pub(crate) finished: Option<DateTime<Utc>>,
    /// Times that somebody began to work on it.
    pub(crate) attempts: i64,
    /// Of a `DUPL`: the delivery with the same content.
    pub(crate) first_delivery: Option<String>,
    /// The file, its sheets or members.
    pub(crate) parts: Vec<PartShape>,
    /// Records and money per record type, currency and outcome.
    pub(crate) sums: Vec<SumShape>,
    /// How often each code was found in the records.
    pub(crate) finding_counts: Vec<CountShape>,
    /// What was found: the file's findings, then those of records, the rejected ones first; at most 500 of records.
    pub(crate) findings: Vec<FindingShape>,
    /// What was or will be sent.
    pub(crate) outbox: Vec<OutboxShape>,
}

/// A part of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PartShape {
    /// From 0.
    pub(crate) part: i64,
    /// Its sheet, or member of a bundle.
    pub(crate) sheet: Option<String>,
    /// The layout by which it was read.
    pub(crate) layout: String,
}

/// A sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SumShape {
    /// `new_claim`, …
    pub(crate) record_type: String,
    /// `accepted`, `rejected`, `duplicate`, `withheld`.
    pub(crate) outcome: String,
    /// Records.
    pub(crate) records: i64,
    /// Decimal text with a point.
    pub(crate) amount: String,
    /// ISO 4217; empty where no amount is involved.
    pub(crate) currency: String,
}

/// How often a code was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CountShape {
    /// Stable code.
    pub(crate) code: String,
    /// `info`, `warning` or `error`.
    pub(crate) severity: String,
    /// Canonical field.
    pub(crate) field: Option<String>,
    /// How often.
    pub(crate) count: i64,
}

/// Something that leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OutboxShape {
    /// `acknowledgement`, `correction`, `mail`, …
    pub(crate) kind: String,
    /// `csv`, `xlsx`, `json`, `xml`, `mail`, …
    pub(crate) format: String,
    /// `queued`, `staged`, `done` or `failed`.
    pub(crate) state: String,
    /// The file below the client's folder.
    pub(crate) file: Option<String>,
    /// Times that somebody tried.
    pub(crate) attempts: i64,
    /// Code of the last failure.
    pub(crate) error: Option<String>,
    /// When it was out.
    pub(crate) done: Option<DateTime<Utc>>,
    /// When the client deleted it.
    pub(crate) picked_up: Option<DateTime<Utc>>,
}

/// Deliveries, newest first.
pub(super) async fn list(app: &App, client: Option<String>, limit: u32) -> Result<Value, Failure> {
    if let Some(key) = &client {
        known_client(app, key).await?;
    }
    let filter = DeliveryFilter {
        client,
        limit,
        ..DeliveryFilter::default()
    };
    let rows = app.store.deliveries(&filter).await?;
    answer(&DeliveryList {
        deliveries: rows.iter().map(|row| DeliveryLine::of(app, row)).collect(),
    })
}

/// One delivery.
pub(super) async fn show(app: &App, code: &str) -> Result<Value, Failure> {
    answer(&shown(app, code).await?)
}

/// All that is shown of the delivery `code`.
pub(super) async fn shown(app: &App, code: &str) -> Result<DeliveryShown, Failure> {
    let detail = app.store.delivery_by_code(code).await?;
    let detail = detail.ok_or_else(|| Failure::not_found(format!("there is no delivery {code}")))?;
    let counts = app.store.finding_counts(detail.delivery.id).await?;
    let facts = Facts::new(detail);
    let language = language(app, &facts.delivery().client_key);
    let mut findings: Vec<FindingShape> = facts
        .findings
        .iter()
        .map(|found| {
            let sheet = found.part.and_then(|part| facts.sheet(part));
            FindingShape::of(&found.finding, language, sheet, found.row)
        })
        .collect();
    findings.extend(record_findings(app, &facts, language).await?);
    let (delivery, detail) = (facts.delivery(), &facts.detail);
    Ok(DeliveryShown {
        line: DeliveryLine::of(app, delivery),
        path: delivery.path.clone(),
        by: delivery.actor_name.clone(),
        protocol: delivery.protocol.clone(),
        remote: delivery.remote.clone(),
        size: delivery.size,
        sha256: delivery.sha256.clone(),
        started: delivery.started_at,
        finished: delivery.finished_at,
        attempts: delivery.attempts,
        first_delivery: detail.duplicate_of_code.clone(),
        parts: detail.parts.iter().map(PartShape::of).collect(),
        sums: detail.sums.iter().map(SumShape::of).collect(),
        finding_counts: counts.into_iter().map(CountShape::of).collect(),
        findings,
        outbox: detail.outbox.iter().map(OutboxShape::of).collect(),
    })
}

/// Findings of records: of those that failed first, as many as are shown.
async fn record_findings(app: &App, facts: &Facts, language: &Language) -> Result<Vec<FindingShape>, Failure> {
    let mut findings = Vec::new();
    for outcome in [
        Outcome::Rejected,
        Outcome::Duplicate,
        Outcome::Withheld,
        Outcome::Accepted,
    ] {
        let filter = ResultFilter {
            outcome: Some(outcome),
            ..ResultFilter::default()
        };
        let mut results = app.store.results(facts.delivery().id, filter);
        while findings.len() < FINDINGS
            && let Some(record) = results.next().await?
        {
            let line = Line::new(record.result, &record.findings);
            let sheet = facts.sheet(line.result.part);
            let shapes = line
                .findings
                .iter()
                .map(|finding| FindingShape::of(finding, language, sheet, Some(line.row())).of_record(&line.result));
            findings.extend(shapes);
        }
    }
    findings.truncate(FINDINGS);
    Ok(findings)
}

/// The language of a client; of one that left the settings, English.
fn language(app: &App, key: &str) -> &'static Language {
    Language::of(app.client(key).map_or(Locale::En, |client| client.locale))
}

impl DeliveryLine {
    fn of(app: &App, delivery: &Delivery) -> Self {
        Self {
            id: delivery.code.clone(),
            client: delivery.client_key.clone(),
            time_zone: super::time_zone(app, &delivery.client_key),
            file: delivery.name.clone(),
            mode: delivery.mode.as_str().to_owned(),
            arrived: delivery.arrived_at,
            state: delivery.state.as_str().to_owned(),
            status: delivery.status.map(|status| status.as_str().to_owned()),
            submitted: delivery.submitted,
            accepted: delivery.accepted,
            rejected: delivery.rejected,
            duplicate: delivery.duplicate,
            withheld: delivery.withheld,
        }
    }
}

impl PartShape {
    fn of(part: &dropcase_cases::model::DeliveryPart) -> Self {
        let sheet = part.sheet.clone().or_else(|| part.member.clone());
        Self {
            part: part.part,
            sheet,
            layout: part.layout.clone(),
        }
    }
}

impl SumShape {
    fn of(sum: &DeliverySum) -> Self {
        Self {
            record_type: sum.record_type.clone(),
            outcome: sum.outcome.as_str().to_owned(),
            records: sum.records,
            amount: decimal(sum.amount, digits_of(&sum.currency), '.'),
            currency: sum.currency.clone(),
        }
    }
}

impl CountShape {
    fn of(count: FindingCount) -> Self {
        Self {
            code: count.code,
            severity: count.severity,
            field: count.field,
            count: count.count,
        }
    }
}

impl OutboxShape {
    fn of(item: &OutboxItem) -> Self {
        Self {
            kind: item.kind.as_str().to_owned(),
            format: item.format.clone(),
            state: item.state.as_str().to_owned(),
            file: item.file_name.clone(),
            attempts: item.attempts,
            error: item.error.clone(),
            done: item.done_at,
            picked_up: item.picked_up_at,
        }
    }
}
