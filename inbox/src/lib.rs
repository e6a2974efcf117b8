//! Hosts SFTP and FTPS, jails each client, publishes uploads, notices and claims files

pub mod area;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use dropcase_config::ClientKey;

use area::RelativePath;

/// The clock that is passed in. Tests turn it by hand.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Something that happened in a client's folders and that the books may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The client deleted an answer, which counts as picked up.
    PickedUp {
        /// Whose.
        client: ClientKey,
        /// Where it lay, such as `outbox/reports/x.csv`.
        path: RelativePath,
    },
}
