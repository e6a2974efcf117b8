//! The loop that empties the outbox table: leases rows, renders, publishes, sends; decides what a failure means.
//!
//! Files of one client leave in their order, those of several clients side by side; mails stand alone, and have their
//! own room: whatever a mail server does, files go out in time. Nothing is kept in memory that the table does not know: a
//! crash at any moment only makes a lease run out.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use dropcase_cases::model::{Lane, OutboxKind, OutboxState, OutgoingLeased};
use dropcase_cases::store::{Fault, StoreError};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::failure::Failure;
use crate::files;
use crate::post::Post;
use crate::source::LEASE;

/// Files written at once.
const FILES: usize = 3;
/// Mails held at once; at four connections and a minute each they fit into a lease.
const MAILS: usize = 24;
/// Attempts in a row that may fail for a reason of the row's own, or end with the process, before it is given up.
const ATTEMPTS: i64 = 8;
/// The same once its file is written: only the renaming is left, and what hinders it is mostly a folder that somebody
/// will mend. With the pauses some forty minutes.
const STAGED_ATTEMPTS: i64 = 16;
/// How long a mail that is put off by its server is tried.
const MAIL_DAYS: TimeDelta = TimeDelta::days(3);
/// The longest sleep: what another node queued is seen after this at the latest.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);
/// The shortest sleep, against clocks that are a hair apart.
const SHORTEST_SLEEP: Duration = Duration::from_millis(20);
/// The sleep while everything that is due waits for something else.
const BLOCKED_SLEEP: Duration = Duration::from_secs(1);
/// The pause while the database is away.
const AWAY_PAUSE: Duration = Duration::from_secs(2);
/// How long mails on their way may take when the service stops.
const STOP_WAIT: Duration = Duration::from_secs(15);

/// What runs beside the loop.
#[derive(Default)]
struct Busy {
    tasks: JoinSet<Lane>,
    files: usize,
    mails: usize,
}

impl Busy {
    fn has_room(&self, lane: Lane) -> bool {
        match lane {
            Lane::Files => self.files < FILES,
            Lane::Mails => self.mails < MAILS,
        }
    }

    fn in_lane(&mut self, lane: Lane) -> &mut usize {
        match lane {
            Lane::Files => &mut self.files,
            Lane::Mails => &mut self.mails,
        }
    }
}

/// Runs until `shutdown`; then finishes what it has begun.
pub(crate) async fn run(context: Arc<Context>, wake: Arc<Notify>, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let post = Arc::new(Post::new());
    let mut busy = Busy::default();
    loop {
        let files = fill(&context, &post, &mut busy, Lane::Files).await;
        let mails = fill(&context, &post, &mut busy, Lane::Mails).await;
        let sleep = files.min(mails);
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = busy.tasks.join_next(), if !busy.tasks.is_empty() => {
                // Tasks do not panic: rendering has its own thread, whose panic is a failure of the row.
                if let Ok(lane) = ended { *busy.in_lane(lane) -= 1 }
            }
            () = wake.notified() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
    let _ = tokio::time::timeout(STOP_WAIT, async { while busy.tasks.join_next().await.is_some() {} }).await;
}

/// Leases what is due in `lane` while it has room; says how long to sleep when nothing happens.
async fn fill(context: &Arc<Context>, post: &Arc<Post>, busy: &mut Busy, lane: Lane) -> Duration {
    while busy.has_room(lane) {
        match context
            .store
            .next_outgoing(lane, &context.node, LEASE, context.now())
            .await
        {
            Ok(Some(leased)) => {
                *busy.in_lane(lane) += 1;
                let (context, post) = (context.clone(), post.clone());
                busy.tasks.spawn(async move {
                    work(&context, &post, &leased).await;
                    lane
                });
            }
            Ok(None) => break,
            Err(error) => {
                tracing::warn!(%error, "the outbox could not be read");
                return Duration::from_secs(5);
            }
        }
    }
    if !busy.has_room(lane) {
        // Whatever ends makes room and wakes the loop.
        return LONGEST_SLEEP;
    }
    // Nothing is due now, or it waits for a row that is being worked on: its end wakes the loop.
    match context.store.next_time_in(lane).await {
        Ok(Some(at)) => match (at - context.now()).to_std() {
            Ok(until) => until.clamp(SHORTEST_SLEEP, LONGEST_SLEEP),
            // It is due and yet was not leased: an earlier file of its client waits.
            Err(_) => BLOCKED_SLEEP,
        },
        Ok(None) | Err(_) => LONGEST_SLEEP,
    }
}

/// Works one row and notes how it ended.
pub(crate) async fn work(context: &Context, post: &Post, leased: &OutgoingLeased) {
    let item = &leased.item;
    let result = if item.strikes > strikes(item.state) {
        // No attempt came to its end, not even to a failure: another one would hardly do better.
        Err(Failure::Refused("UNFINISHED".to_owned()))
    } else if item.kind == OutboxKind::Mail {
        match post.deliver(context, leased).await {
            // It is out: that the database is away for a moment is no reason to send it again.
            Ok(()) => noted(item.id.0, || context.store.done(leased, context.now()))
                .await
                .map_err(Failure::from),
            Err(failure) => Err(failure),
        }
    } else {
        files::deliver(context, leased).await
    };
    match result {
        Ok(()) => {
            tracing::info!(id = item.id.0, delivery = item.delivery_id.map(|d| d.0), kind = %item.kind, "sent");
        }
        Err(failure) => {
            if let Err(error) = noted(item.id.0, || note(context, leased, &failure)).await {
                // The lease runs out and the row is worked again.
                tracing::warn!(id = item.id.0, %error, "the end of an attempt could not be noted");
            }
        }
    }
}

/// Notes how an attempt ended, however long the database is away: nobody takes the row up before its lease is over, and
/// the client's later files wait behind it.
async fn noted<F: Future<Output = Result<(), StoreError>>>(id: i64, note: impl Fn() -> F) -> Result<(), StoreError> {
    loop {
        match note().await {
            Err(error) if error.is_temporary() => {
                tracing::warn!(id, %error, "the end of an attempt could not be noted; trying again");
            }
            ended => return ended,
        }
        tokio::time::sleep(AWAY_PAUSE).await;
    }
}

/// What a failed attempt means for its row.
async fn note(context: &Context, leased: &OutgoingLeased, failure: &Failure) -> Result<(), StoreError> {
    let item = &leased.item;
    let now = context.now();
    let later = async |fault: Fault, code: &str| {
        let at = now + backoff(item.kind, item.attempts);
        context.store.retry(leased, fault, at, code).await?;
        tracing::warn!(id = item.id.0, kind = %item.kind, attempts = item.attempts, code, "not sent, tried again later");
        Ok(())
    };
    let never = async |code: &str| {
        context.store.failed(leased, now, code).await?;
        tracing::error!(id = item.id.0, kind = %item.kind, attempts = item.attempts, code, "given up");
        Ok(())
    };
    match failure {
        Failure::Lost => Ok(()),
        Failure::Wait(rest) => {
            context
                .store
                .retry(leased, Fault::Circumstances, now + *rest, "WAITING")
                .await
        }
        Failure::Later(code) | Failure::MailDown(code)
            if item.kind == OutboxKind::Mail && now - item.created_at > MAIL_DAYS =>
        {
            never(code).await
        }
        Failure::Later(code) | Failure::MailDown(code) => later(Fault::Circumstances, code).await,
        Failure::Broken(code) if item.strikes < strikes(item.state) => later(Fault::Ours, code).await,
        Failure::Broken(code) => never(code).await,
        Failure::Refused(code) => never(code).await,
    }
}

/// Attempts in a row that may go wrong.
fn strikes(state: OutboxState) -> i64 {
    match state {
        OutboxState::Staged => STAGED_ATTEMPTS,
        _ => ATTEMPTS,
    }
}

/// The pause after so many attempts: doubling, for files from one second to five minutes, for mails from five seconds
/// to half an hour.
fn backoff(kind: OutboxKind, attempts: i64) -> Duration {
    let (first, longest) = if kind == OutboxKind::Mail { (5, 1_800) } else { (1, 300) };
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or_default();
    Duration::from_secs((first << doublings).min(longest))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use dropcase_cases::store::Store;

    use super::*;

    #[tokio::test]
    async fn how_an_attempt_ended_is_noted_when_the_database_is_back() {
        let store = Store::connect("sqlite::memory:", 1).await.unwrap();
        store.close().await;
        let calls = Cell::new(0);
        let note = async || {
            calls.set(calls.get() + 1);
            match calls.get() {
                1 => store.clients().await.map(drop),
                _ => Err(StoreError::Lost),
            }
        };
        assert!(matches!(noted(1, note).await, Err(StoreError::Lost)));
        assert_eq!(calls.get(), 2);
    }

    #[test]
    fn pauses_double_up_to_a_bound() {
        for (kind, attempts, seconds) in [
            (OutboxKind::Report, 1, 1),
            (OutboxKind::Report, 4, 8),
            (OutboxKind::Report, 100, 300),
            (OutboxKind::Mail, 1, 5),
            (OutboxKind::Mail, 3, 20),
            (OutboxKind::Mail, i64::MAX, 1_800),
            (OutboxKind::Mail, 0, 5),
        ] {
            assert_eq!(backoff(kind, attempts), Duration::from_secs(seconds));
        }
    }
}
