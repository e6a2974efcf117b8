//! Small requests, answered on the async thread that heard them.
//!
//! A client that waits for each answer before it asks again feels every hand-over to another thread, and small files are
//! little else. A disk that stalls must not stall the service with it, though: some async threads never take part.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A larger request is worth a hand-over, and bytes that go to the disk take the thread's time.
const SMALL: usize = 48 << 10;

/// Says which requests may be answered at once. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Prompt(Arc<Semaphore>);

impl Prompt {
    /// For the runtime that this is called in: half of its threads may wait for the disk at a time, on one thread none.
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(Handle::current().metrics().num_workers() / 2)))
    }

    /// May a request of so many bytes be answered at once? The turn ends when it is dropped.
    pub(super) fn turn(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        if bytes <= SMALL {
            Arc::clone(&self.0).try_acquire_owned().ok()
        } else {
            None
        }
    }
}
