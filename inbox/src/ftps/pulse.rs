//! What one connection's parts tell its watcher: activity, TLS handshakes, and that it has to end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// A handshake of a data connection that is not followed by its transfer within this time has failed.
const HANDSHAKE: Duration = Duration::from_secs(15);

/// Shared by the certificate resolver, the login, the storage and the watcher of one connection.
#[derive(Debug)]
pub(super) struct Pulse {
    start: Instant,
    /// Milliseconds after `start` of the last activity.
    last: AtomicU64,
    /// TLS handshakes begun, on the control and on data connections.
    handshakes: AtomicU64,
    /// How many of them are accounted for: by the login, or by a transfer that used its data connection.
    used: AtomicU64,
    shaken: Notify,
    doomed: CancellationToken,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            last: AtomicU64::default(),
            handshakes: AtomicU64::default(),
            used: AtomicU64::default(),
            shaken: Notify::new(),
            doomed: CancellationToken::new(),
        }
    }

    /// Something was asked or moved.
    pub(super) fn touch(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Waits until nothing was asked or moved for `limit`.
    pub(super) async fn idle(&self, limit: Duration) {
        let idle = || {
            let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
            self.start.elapsed().saturating_sub(last)
        };
        while let Some(left) = limit.checked_sub(idle()).filter(|left| !left.is_zero()) {
            tokio::time::sleep(left).await;
        }
    }

    /// A TLS handshake began.
    pub(super) fn handshake(&self) {
        self.handshakes.fetch_add(1, Ordering::SeqCst);
        self.shaken.notify_one();
    }

    /// The handshakes so far were the control connection's.
    pub(super) fn logged_in(&self) {
        self.used
            .store(self.handshakes.load(Ordering::SeqCst), Ordering::SeqCst);
        self.touch();
    }

    /// Was the data connection that a transfer is about to use made with TLS? Asked once per transfer.
    pub(super) fn take_handshake(&self) -> bool {
        let begun = self.handshakes.load(Ordering::SeqCst);
        self.used.swap(begun, Ordering::SeqCst) < begun
    }

    /// Waits for a data connection's handshake that came to nothing.
    pub(super) async fn stuck(&self) {
        loop {
            self.shaken.notified().await;
            let begun = self.handshakes.load(Ordering::SeqCst);
            tokio::time::sleep(HANDSHAKE).await;
            if self.used.load(Ordering::SeqCst) < begun {
                return;
            }
        }
    }

    /// The connection cannot be trusted to go on; it ends as soon as the reply under way is out.
    pub(super) fn doom(&self) {
        self.doomed.cancel();
    }

    /// As said by [`Pulse::doom`].
    pub(super) fn doomed(&self) -> &CancellationToken {
        &self.doomed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_transfer_needs_a_handshake_of_its_own() {
        let pulse = Pulse::new();
        pulse.handshake();
        pulse.logged_in();
        assert!(
            !pulse.take_handshake(),
            "the control connection's handshake is not a data connection's"
        );
        pulse.handshake();
        assert!(pulse.take_handshake());
        assert!(!pulse.take_handshake());
    }

    #[tokio::test(start_paused = true)]
    async fn a_handshake_without_transfer_is_stuck() {
        let pulse = Pulse::new();
        pulse.handshake();
        tokio::time::timeout(HANDSHAKE * 2, pulse.stuck()).await.unwrap();
        pulse.handshake();
        assert!(pulse.take_handshake());
        assert!(tokio::time::timeout(HANDSHAKE * 2, pulse.stuck()).await.is_err());
    }
}
