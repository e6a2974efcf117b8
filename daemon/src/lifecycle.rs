//! The service's life: logging, readiness, watchdog, signals.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Starts logging: for people on a terminal, to the journal under systemd, as JSON lines otherwise.
///
/// # Errors
/// When `filter` is not a filter.
pub(crate) fn start_logging(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(filter).context("log.filter")?;
    let layer = if std::io::stderr().is_terminal() {
        tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .compact()
            .boxed()
    } else if let Some(journal) = journal() {
        journal.boxed()
    } else {
        tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .json()
            .flatten_event(true)
            .boxed()
    };
    tracing_subscriber::registry()
        .with(layer.with_filter(filter))
        .try_init()
        .context("logging is started already")?;
    // What a panic says may quote a value of a client's file; where it happened does not.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, thread = std::thread::current().name(), "panicked");
    }));
    Ok(())
}

/// The journal, when systemd says that standard error goes there anyway.
fn journal() -> Option<tracing_journald::Layer> {
    std::env::var_os("JOURNAL_STREAM")?;
    tracing_journald::layer().ok()
}

/// Tells systemd; without systemd nothing happens.
fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd cannot be told");
    }
}

/// Everything runs.
pub(crate) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The settings are read anew; [`ready`] ends it. Says the time too, as `Type=notify-reload` wants it.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "systemd cannot be told"),
    }
}

/// The service ends.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Feeds the watchdog, when systemd wants it fed: from the runtime that does the work, so a runtime that hangs lets it starve.
pub(crate) async fn feed_watchdog(stop: CancellationToken) {
    let Some(interval) = sd_notify::watchdog_enabled() else {
        return;
    };
    let mut beat = tokio::time::interval(interval / 3);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = beat.tick() => tell(&[NotifyState::Watchdog]),
        }
    }
}

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Read the settings anew (SIGHUP).
    Reload,
    /// Finish what runs and end (SIGTERM, SIGINT); the second one ends at once.
    Stop,
}

/// The service's signals.
#[derive(Debug)]
pub(crate) struct Signals {
    hangup: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes the signals over.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn take() -> anyhow::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The next wish.
    pub(crate) async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = self.hangup.recv() => Wish::Reload,
            _ = self.terminate.recv() => Wish::Stop,
            _ = self.interrupt.recv() => Wish::Stop,
        }
    }
}

/// How long a stop may take before what still runs is left to be taken up at the next start.
pub(crate) const DRAIN: Duration = Duration::from_secs(60);
