//! Hosts SFTP and FTPS, jails each client, publishes uploads, notices and claims files.
//!
//! # One file's way through this room
//!
//! ```text
//! sftp/ ftps/ --> area (Visit, Upload) --> published in inbox/ or validate/, with a sidecar
//! others' files --> watch, scans ----------> taken up once quiet
//!                    arrivals: complete by the client's rule? --> Arrival --> the daemon writes its row
//!                    claim: Claim::take --> work/<client>/<delivery>/<name> --> ... --> Claim::archive
//! ```
//!
//! - [`area`] is the only code that touches client folders: jail, folders and rights, uploads. Blocking, and the same
//!   for every protocol.
//! - [`accounts`] knows who may come in, also the same for every protocol.
//! - [`sftp`] is the SSH door, [`ftps`] the FTP door with TLS.
//! - [`Arrival`]s come out of [`Streams::arrivals`]; [`Claim`] moves what they name.
//!
//! The database is not known here: accepting an upload needs the disk alone. An arrival is offered again every
//! `limits.scan_interval` until it is claimed, so whoever receives it may forget it at any time.
//!
//! Papers of cases lie in a store of their own, outside of the jails: [`papers`].
//!
//! Answers are published into `outbox/` by others with a temporary name that starts with `.dropcase-` and a rename;
//! clients never see such names. A client's deletion in `outbox/` comes out as [`Event::PickedUp`].

pub mod accounts;
pub mod area;
mod arrivals;
mod claim;
pub mod ftps;
pub mod host_keys;
mod inbox;
pub mod papers;
pub mod sftp;
mod watch;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use dropcase_config::ClientKey;

pub use area::{Protocol, RelativePath, ensure_client_folders};
pub use arrivals::{Arrival, Folder};
pub use claim::{Claim, WorkFile};
pub use inbox::{Inbox, StartError, Streams};

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
