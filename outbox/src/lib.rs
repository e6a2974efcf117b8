//! Everything that leaves: acknowledgements, corrections, reports, mails, and the queue that delivers them.
//!
//! Whatever leaves is first a row of the outbox table; [`Outbox::run`] renders it from stored, unchanging results and
//! publishes it. Which rows a delivery gets is decided by [`plan_answers`] (queued in the import's transaction),
//! [`plan_receipt`], [`plan_paper`] and [`plan_quarantine`]; reports are asked for with [`Outbox::request_report`].
//! [`write_templates`] keeps README and templates of a client up to date.

pub mod answers;
pub mod context;
mod dispatch;
mod failure;
mod files;
pub mod language;
mod leftovers;
pub mod mail;
mod messages;
pub mod names;
mod post;
pub mod publish;
pub mod reports;
mod source;
pub mod templates;
pub mod writers;

use std::future::Future;
use std::sync::Arc;

use dropcase_cases::model::{ClientId, OutboxId};
use dropcase_cases::store::StoreError;
use tokio::sync::Notify;

pub use answers::plan::{plan_answers, plan_paper, plan_quarantine, plan_receipt};
pub use context::{Accounts, Clients, Clock, Context, PaperStore, client_folder};

pub use reports::{ReportRequest, plan_report};
pub use templates::write_templates;

/// The outbox of the service. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbox {
    context: Arc<Context>,
    wake: Arc<Notify>,
}

impl Outbox {
    /// An outbox that works with what `context` holds.
    pub fn new(context: Context) -> Self {
        Self {
            context: Arc::new(context),
            wake: Arc::new(Notify::new()),
        }
    }

    /// Something was queued: look now.
    pub fn notify(&self) {
        self.wake.notify_one();
    }

    /// Delivers until `shutdown` completes, then finishes what is on its way. Sweeps what earlier crashes left first.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        if let Err(error) = leftovers::sweep(&self.context).await {
            tracing::warn!(%error, "leftovers in the outboxes could not be removed");
        }
        dispatch::run(self.context.clone(), self.wake.clone(), shutdown).await;
    }

    /// Queues a report of `client`, one row a format, and wakes the loop.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request_report(&self, client: ClientId, request: &ReportRequest) -> Result<Vec<OutboxId>, StoreError> {
        let mut ids = Vec::new();
        for answer in plan_report(request) {
            ids.push(
                self.context
                    .store
                    .queue(client, None, &answer, self.context.now())
                    .await?,
            );
        }
        self.notify();
        Ok(ids)
    }
}
