//! How the service is, and the order to read its settings anew.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dropcase_cases::queries::Backlog;
use dropcase_cases::store::Db;
use dropcase_config::Mistakes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer;
use crate::app::App;
use crate::control::{Actor, Failure};
use crate::serve;

/// After this time nobody is about to rename a file any more or to put its marker beside it.
const INCOMPLETE_FOR: TimeDelta = TimeDelta::hours(1);

/// `status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StatusShape {
    /// Of the running program.
    pub(crate) version: String,
    /// The folder of `dropcase.toml`.
    pub(crate) home: String,
    /// SFTP addresses as bound.
    pub(crate) sftp: Vec<String>,
    /// FTPS address; null when FTPS is off.
    pub(crate) ftps: Option<String>,
    /// Sessions open now.
    pub(crate) sessions: usize,
    /// Clients in the settings in force.
    pub(crate) clients: usize,
    /// Files that have waited for a rename or a marker for more than an hour.
    #[serde(default)]
    pub(crate) incomplete: usize,
    /// The day from which the newest base rate is valid, when that is more than seven months ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) old_base_rate: Option<NaiveDate>,
    /// `sqlite` or `postgres`.
    pub(crate) database: String,
    /// Why the database cannot be read now; absent when it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) database_error: Option<String>,
    /// What waits; null while the database cannot be read.
    pub(crate) deliveries: Option<DeliveryBacklog>,
    /// What waits to leave; null while the database cannot be read.
    pub(crate) outbox: Option<OutboxBacklog>,
}

/// Deliveries that are not done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeliveryBacklog {
    /// For their turn or their next attempt.
    pub(crate) waiting: i64,
    /// When the oldest of them arrived.
    pub(crate) oldest: Option<DateTime<Utc>>,
    /// Being worked on.
    pub(crate) running: i64,
    /// Among those that wait: tried before.
    pub(crate) failing: i64,
    /// Lying in folders that are not worked yet.
    pub(crate) set_aside: i64,
    /// Given up for a fault of our own.
    pub(crate) quarantined: i64,
}

/// Files and mails that have not left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OutboxBacklog {
    /// To be made or sent.
    pub(crate) waiting: i64,
    /// When the oldest of them was queued.
    pub(crate) oldest: Option<DateTime<Utc>>,
    /// Given up.
    pub(crate) failed: i64,
}

/// How the service is. Answers also while the database is away: uploads go on then.
pub(super) async fn status(app: &App) -> Result<Value, Failure> {
    let backlog = app.store.backlog(app.now()).await;
    let (backlog, error) = match backlog {
        Ok(backlog) => (Some(backlog), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let incomplete = app
        .inbox
        .incomplete(app.now() - INCOMPLETE_FOR)
        .await
        .context("counting files")?;
    answer(&StatusShape {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        home: app.service.home.display().to_string(),
        sftp: app.inbox.sftp_addresses().iter().map(ToString::to_string).collect(),
        ftps: app.inbox.ftps_address().map(|address| address.to_string()),
        sessions: app.inbox.open_sessions(),
        clients: app.clients().len(),
        incomplete,
        old_base_rate: app.old_base_rate(app.now().date_naive()),
        database: match app.store.db() {
            Db::Sqlite(_) => "sqlite".to_owned(),
            Db::Postgres(_) => "postgres".to_owned(),
        },
        database_error: error,
        deliveries: backlog.as_ref().map(DeliveryBacklog::of),
        outbox: backlog.as_ref().map(OutboxBacklog::of),
    })
}

/// Reads the settings anew; with mistakes the old ones stay in force.
pub(super) async fn reload(app: &Arc<App>, actor: &Actor) -> Result<Value, Failure> {
    match serve::reload(app).await {
        Ok(()) => {
            tracing::info!(by = actor.name, "settings taken up");
            Ok(json!({ "clients": app.clients().len() }))
        }
        Err(error) => match error.downcast_ref::<Mistakes>() {
            Some(mistakes) => Err(Failure::refused(format!("the old settings stay in force: {mistakes}"))),
            None => Err(error.into()),
        },
    }
}

impl DeliveryBacklog {
    fn of(backlog: &Backlog) -> Self {
        Self {
            waiting: backlog.deliveries_waiting,
            oldest: backlog.oldest_delivery,
            running: backlog.deliveries_running,
            failing: backlog.deliveries_failing,
            set_aside: backlog.deliveries_set_aside,
            quarantined: backlog.deliveries_quarantined,
        }
    }
}

impl OutboxBacklog {
    fn of(backlog: &Backlog) -> Self {
        Self {
            waiting: backlog.outbox_waiting,
            oldest: backlog.oldest_outgoing,
            failed: backlog.outbox_failed,
        }
    }
}
