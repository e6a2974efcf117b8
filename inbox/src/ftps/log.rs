//! The library's log and spans, kept away from ours: they hold file names, which count as personal data.
//!
//! libunftp logs through slog with names in the text, and opens tracing spans that carry every argument, paths included.
//! A session therefore runs without a subscriber, and what is ours to say goes through [`Outside`].

use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;

use slog::{Drain, Level, Never, OwnedKVList, Record};
use tracing::Dispatch;
use tracing::dispatcher;
use tracing::subscriber::NoSubscriber;

/// The subscriber of the thread that opened the door.
#[derive(Debug, Clone)]
pub(super) struct Outside(Dispatch);

impl Outside {
    /// The present thread's subscriber.
    pub(super) fn here() -> Self {
        Self(dispatcher::get_default(Clone::clone))
    }

    /// Does `work` with the log that the rest of the program has.
    pub(super) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        dispatcher::with_default(&self.0, work)
    }

    /// Silences this thread until the guard is dropped.
    pub(super) fn hush() -> dispatcher::DefaultGuard {
        // Registered, unlike `Dispatch::none()`: a place in the source that logs for the first time on such a thread
        // would else be taken as never of interest, for the whole process.
        static SILENCE: OnceLock<Dispatch> = OnceLock::new();
        dispatcher::set_default(SILENCE.get_or_init(|| Dispatch::new(NoSubscriber::default())))
    }
}

/// Passes the library's records on without what they name: the place in its source, and the text when it is fixed.
#[derive(Debug)]
pub(super) struct Bridge(AssertUnwindSafe<Outside>);

impl Bridge {
    /// The library's logger for one connection.
    pub(super) fn logger(outside: Outside) -> slog::Logger {
        // A subscriber that panics is no worse off for being asked again.
        slog::Logger::root(Self(AssertUnwindSafe(outside)), slog::o!())
    }
}

impl Drain for Bridge {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, _values: &OwnedKVList) -> Result<(), Never> {
        let (module, line) = (record.module(), record.line());
        let text = record.msg().as_str().unwrap_or("(text with names left out)");
        self.0.within(|| match record.level() {
            Level::Critical | Level::Error => tracing::warn!(module, line, "{text}"),
            Level::Warning => tracing::debug!(module, line, "{text}"),
            Level::Info | Level::Debug | Level::Trace => tracing::trace!(module, line, "{text}"),
        });
        Ok(())
    }
}
