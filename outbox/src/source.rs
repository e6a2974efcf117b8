//! Stored results on their way to a writer: pages are fetched by the runtime, lines are written by a blocking thread,
//! a small channel in between keeps memory flat.

use std::time::Duration;

use dropcase_cases::model::{DeliveryId, OutgoingLeased};
use dropcase_cases::queries::ResultFilter;
use dropcase_cases::store::StoreError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::answers::facts::Line;
use crate::context::Context;
use crate::writers::WriteError;

/// Lines that go through the channel together.
const BATCH: usize = 200;
/// Batches that may wait in the channel.
const WAITING: usize = 2;

/// What a blocking writer reads: an iterator over what the runtime sends.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    receiver: Receiver<Result<Vec<T>, WriteError>>,
    batch: std::vec::IntoIter<T>,
}

/// Where the runtime puts what the writer reads.
#[derive(Debug)]
pub(crate) struct RowSender<T> {
    sender: Sender<Result<Vec<T>, WriteError>>,
    batch: Vec<T>,
}

/// A channel from the runtime to a blocking writer.
pub(crate) fn rows<T>() -> (RowSender<T>, Rows<T>) {
    let (sender, receiver) = channel(WAITING);
    (
        RowSender {
            sender,
            batch: Vec::new(),
        },
        Rows {
            receiver,
            batch: Vec::new().into_iter(),
        },
    )
}

impl<T> Iterator for Rows<T> {
    type Item = Result<T, WriteError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(Ok(row));
            }
            match self.receiver.blocking_recv()? {
                Ok(batch) => self.batch = batch.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The writer ended early; its own error says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended;

impl<T> RowSender<T> {
    pub(crate) async fn send(&mut self, row: T) -> Result<(), Ended> {
        self.batch.push(row);
        if self.batch.len() < BATCH {
            Ok(())
        } else {
            self.flush().await
        }
    }

    /// Sends rows that were read together.
    async fn send_all(&mut self, rows: impl IntoIterator<Item = T>) -> Result<(), Ended> {
        self.batch.extend(rows);
        self.flush().await
    }

    async fn flush(&mut self) -> Result<(), Ended> {
        self.sender
            .send(Ok(std::mem::take(&mut self.batch)))
            .await
            .map_err(|_| Ended)
    }

    /// Hands over the rest. A sender that is dropped without looks like an end: always finish or fail.
    pub(crate) async fn finish(mut self) -> Result<(), Ended> {
        if self.batch.is_empty() {
            Ok(())
        } else {
            self.flush().await
        }
    }

    /// Tells the writer that the rows break off here.
    pub(crate) async fn fail(self, error: StoreError) {
        // A writer that is gone does not need to know.
        let _ = self.sender.send(Err(WriteError::Source(Box::new(error)))).await;
    }
}

/// Sends the results of `delivery` that `filter` takes; renews the lease now and then.
pub(crate) async fn pump_results(
    context: &Context,
    leased: &OutgoingLeased,
    delivery: DeliveryId,
    filter: ResultFilter,
    mut sender: RowSender<Line>,
) {
    let mut pages = context.store.results(delivery, filter);
    let mut since_renewed = 0;
    loop {
        if since_renewed >= RENEW {
            since_renewed = 0;
            if let Err(error) = renew(context, leased).await {
                return sender.fail(error).await;
            }
        }
        match pages.next_page().await {
            Ok(page) if page.is_empty() => {
                let _ = sender.finish().await;
                return;
            }
            Ok(page) => {
                since_renewed += page.len();
                let lines = page
                    .into_iter()
                    .map(|record| Line::new(record.result, &record.findings));
                if sender.send_all(lines).await.is_err() {
                    return;
                }
            }
            Err(error) => return sender.fail(error).await,
        }
    }
}

/// Keeps the lease.
pub(crate) async fn renew(context: &Context, leased: &OutgoingLeased) -> Result<(), StoreError> {
    context.store.renew_outgoing(leased, LEASE, context.now()).await
}

/// Results after which the lease is renewed.
const RENEW: usize = 20_000;

/// How long a row of the outbox is held; longer than any one step between two signs of life.
pub(crate) const LEASE: Duration = Duration::from_secs(600);
