//! From a row of the outbox to a mail on its way.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dropcase_cases::model::{DeliveryState, Mode, OutboxItem, OutboxKind, OutboxState, OutgoingLeased, Status};
use dropcase_config::{Client, Locale, MailTransport};
use fluent_bundle::FluentValue;
use tokio::sync::Semaphore;

use crate::answers::facts::Facts;
use crate::answers::plan::{MailParams, Notice};
use crate::context::Context;
use crate::failure::Failure;
use crate::files::facts;
use crate::language::Language;
use crate::mail::message::{compose, message_id};
use crate::mail::notices::{Letter, Values, render};
use crate::mail::sender::send;
use crate::messages::{self, Said};

/// Mails on their way at once.
const CONNECTIONS: usize = 4;
/// How long a mail waits for the files that it announces before it looks again: doubling with each look.
const FILES_WAIT: Duration = Duration::from_millis(300);
/// The longest such wait.
const FILES_WAIT_LONGEST: Duration = Duration::from_secs(60);
/// How long no mail is tried after the server turned out to be away.
const SERVER_REST: TimeDelta = TimeDelta::seconds(30);

/// Sends mails; knows when the server is away, so that a thousand mails do not each wait for its timeout.
#[derive(Debug)]
pub(crate) struct Post {
    connections: Semaphore,
    down_until: Mutex<Option<DateTime<Utc>>>,
}

impl Post {
    pub(crate) fn new() -> Self {
        Self {
            connections: Semaphore::new(CONNECTIONS),
            down_until: Mutex::new(None),
        }
    }

    /// Sends the mail of a leased row.
    pub(crate) async fn deliver(&self, context: &Context, leased: &OutgoingLeased) -> Result<(), Failure> {
        let mail = &context.service.mail;
        let item = &leased.item;
        if mail.transport == MailTransport::Off {
            return Err(Failure::Refused("MAIL_OFF".to_owned()));
        }
        let params: MailParams = serde_json::from_str(&item.params).map_err(|_| Failure::Broken("PARAMS"))?;
        let client = (context.clients)(&item.client_key);
        let letter = letter(context, item, &params, client.as_deref()).await?;
        let key = context.store.key().await?;
        let id = message_id(item.id.0, item.created_at, &mail.from, &key);
        let message = compose(letter, &mail.from, &params.to, &id, item.created_at)
            .map_err(|_| Failure::Refused("ADDRESS".to_owned()))?;
        if item.file_name.as_deref() != Some(&id) {
            context.store.named(leased, &id).await?;
        }
        // The semaphore is never closed.
        let _slot = self
            .connections
            .acquire()
            .await
            .map_err(|_| Failure::Wait(FILES_WAIT))?;
        self.rest(context.now())?;
        match send(&mail.transport, &message, &eml_name(item))
            .await
            .map_err(Failure::from)
        {
            Err(Failure::MailDown(code)) => {
                *self.down_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.now() + SERVER_REST);
                Err(Failure::MailDown(code))
            }
            other => other,
        }
    }

    /// Not now, when the server was away a moment ago.
    fn rest(&self, now: DateTime<Utc>) -> Result<(), Failure> {
        let until = *self.down_until.lock().unwrap_or_else(PoisonError::into_inner);
        match until.map(|until| until - now).and_then(|rest| rest.to_std().ok()) {
            Some(rest) if !rest.is_zero() => Err(Failure::Wait(rest)),
            _ => Ok(()),
        }
    }
}

/// The name of the mail in a folder of mails: sorted by time, the same at every attempt.
fn eml_name(item: &OutboxItem) -> String {
    format!("{}-{}.eml", item.created_at.format("%Y%m%dT%H%M%S"), item.id)
}

async fn letter(
    context: &Context,
    item: &OutboxItem,
    params: &MailParams,
    client: Option<&Client>,
) -> Result<Letter, Failure> {
    let language = Language::of(client.map_or(Locale::En, |client| client.locale));
    let zone = client.map_or(chrono_tz::UTC, |client| client.time_zone);
    let mut values = common(language, &context.service.agency);
    match params.notice {
        Notice::DeliveryResult => {
            let facts = facts(context, item).await?;
            if has_files_on_their_way(&facts) {
                return Err(Failure::Wait(files_wait(item.attempts)));
            }
            values.extend(delivery(&facts, language, zone));
        }
        Notice::Quarantine => {
            let facts = facts(context, item).await?;
            values.extend(quarantine(&facts, language, zone));
        }
        Notice::ReportReady => values.extend(report(params, language)),
        Notice::Message => {
            let id = params.message.ok_or(Failure::Broken("PARAMS"))?;
            let said = Said::read(context, item, id).await?;
            values.extend(messages::letter(&said, language));
        }
    }
    Ok(render(params.notice, language.locale(), &values))
}

fn common(language: &Language, agency: &str) -> Values {
    vec![
        ("greeting", language.word("greeting")),
        ("regards", language.word("regards")),
        ("agency", agency.to_owned()),
        ("automatic", language.word("automatic")),
    ]
}

/// The files that a mail announces must lie there first.
fn has_files_on_their_way(facts: &Facts) -> bool {
    let mut files = facts.detail.outbox.iter().filter(|item| item.kind != OutboxKind::Mail);
    files.any(|item| matches!(item.state, OutboxState::Queued | OutboxState::Staged))
}

fn files_wait(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or_default();
    (FILES_WAIT * 2_u32.pow(doublings)).min(FILES_WAIT_LONGEST)
}

/// What the mail about a delivery says.
fn delivery(facts: &Facts, language: &Language, zone: chrono_tz::Tz) -> Values {
    let files = facts.detail.outbox.iter();
    let names: Vec<&str> = files
        .filter(|item| !matches!(item.kind, OutboxKind::Mail | OutboxKind::Receipt))
        .filter(|item| item.state == OutboxState::Done)
        .filter_map(|item| item.file_name.as_deref())
        .collect();
    let delivery = facts.delivery();
    let args = numbers(facts);
    let suffix = if facts.is_validation() { "-validate" } else { "" };
    vec![
        ("headline", language.text("delivery-subject", &args)),
        ("summary", language.text("delivery-summary", &args)),
        ("counts", language.text(&format!("delivery-counts{suffix}"), &args)),
        ("next", language.text(&format!("delivery-next{suffix}"), &args)),
        ("delivery", delivery.code.clone()),
        ("received", language.instant(delivery.arrived_at, zone)),
        ("files", names.join(", ")),
    ]
}

/// The arguments of the texts about a delivery.
fn numbers(facts: &Facts) -> Vec<(&'static str, FluentValue<'_>)> {
    let delivery = facts.delivery();
    // A fault of our own is not the file's.
    let waits = delivery.status.is_none() || delivery.state == DeliveryState::Quarantined;
    let unreadable = delivery.submitted == 0 && facts.status() == Status::Rjct;
    let next = match facts.status() {
        _ if waits => "wait",
        Status::Dupl => "nothing",
        _ if unreadable => "file",
        _ if delivery.rejected > 0 => "correct",
        _ => "nothing",
    };
    vec![
        (
            "mode",
            if delivery.mode == Mode::Validate {
                "validate"
            } else {
                "import"
            }
            .into(),
        ),
        ("status", if waits { "WAIT" } else { facts.status().as_str() }.into()),
        ("file", delivery.name.as_str().into()),
        (
            "first",
            facts.detail.duplicate_of_code.as_deref().unwrap_or_default().into(),
        ),
        ("submitted", delivery.submitted.into()),
        ("accepted", delivery.accepted.into()),
        ("rejected", delivery.rejected.into()),
        ("duplicate", delivery.duplicate.into()),
        ("withheld", delivery.withheld.into()),
        ("faulty", if unreadable { 1.into() } else { delivery.rejected.into() }),
        ("next", next.into()),
    ]
}

fn quarantine(facts: &Facts, language: &Language, zone: chrono_tz::Tz) -> Values {
    let delivery = facts.delivery();
    let args = [
        ("delivery", delivery.code.as_str().into()),
        ("client", delivery.client_key.as_str().into()),
    ];
    vec![
        ("headline", language.text("quarantine-subject", &args)),
        ("summary", language.text("quarantine-summary", &args)),
        ("next", language.text("quarantine-next", &args)),
        ("received", language.instant(delivery.arrived_at, zone)),
    ]
}

fn report(params: &MailParams, language: &Language) -> Values {
    let name = language.choice("report", params.report.as_deref().unwrap_or_default());
    let file = params.file.as_deref().unwrap_or_default();
    let args = [("report", name.into()), ("file", file.into())];
    vec![
        ("headline", language.text("report-subject", &args)),
        ("summary", language.text("report-summary", &args)),
    ]
}
