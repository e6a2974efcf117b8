//! What can go wrong with the database, by what the caller should do about it.

use std::fmt;

use sqlx::error::ErrorKind;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

/// A failure of the case database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds what is needed; try again.
    #[error("the database is busy")]
    Busy(#[source] Cause),
    /// The database cannot be reached or written now (down, read-only, disk full); try again later.
    #[error("the database is away")]
    Away(#[source] Cause),
    /// A statement failed for a reason of our own; trying again changes nothing.
    #[error("the database refused a statement")]
    Broken(#[source] Cause),
    /// The schema could not be brought to this version.
    #[error("the database could not be migrated")]
    Migration(#[from] MigrateError),
    /// The address is neither SQLite's nor PostgreSQL's.
    #[error("not an address of a database: it begins with neither `sqlite:` nor `postgres:`")]
    Address,
    /// The lease ended and somebody else has taken the work over.
    #[error("the lease was lost")]
    Lost,
    /// No such client.
    #[error("no client has this key")]
    UnknownClient,
}

impl StoreError {
    /// Whether the same call may succeed later without anybody changing anything here.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Away(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let judgement = match &error {
            sqlx::Error::PoolTimedOut => Judgement::Busy,
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) => {
                Judgement::Away
            }
            sqlx::Error::Database(cause) => judge(cause.as_ref()),
            _ => Judgement::Broken,
        };
        match judgement {
            Judgement::Busy => Self::Busy(Cause(error)),
            Judgement::Away => Self::Away(Cause(error)),
            Judgement::Broken => Self::Broken(Cause(error)),
        }
    }
}

/// What the database said, fit for the log: PostgreSQL's messages and those of decoding quote values, and values are
/// personal data.
pub struct Cause(sqlx::Error);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
                Some(postgres) => {
                    write!(f, "SQLSTATE {}", postgres.code())?;
                    let place = [postgres.table(), postgres.constraint()];
                    place.iter().flatten().try_for_each(|name| write!(f, ", {name}"))
                }
                None => self.0.fmt(f),
            },
            sqlx::Error::Decode(_) => f.write_str("a value could not be read"),
            sqlx::Error::ColumnDecode { index, .. } => write!(f, "the value of column {index} could not be read"),
            other => other.fmt(f),
        }
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Cause {}

enum Judgement {
    Busy,
    Away,
    Broken,
}

/// Reads SQLite's (extended) result codes and PostgreSQL's SQLSTATE.
fn judge(error: &dyn sqlx::error::DatabaseError) -> Judgement {
    if !matches!(error.kind(), ErrorKind::Other) {
        return Judgement::Broken;
    }
    let code = error.code().unwrap_or_default();
    if let Some(postgres) = error.try_downcast_ref::<PgDatabaseError>() {
        return match postgres.code() {
            // serialization failure, deadlock, lock not available
            "40001" | "40P01" | "55P03" => Judgement::Busy,
            // read-only transaction: a standby, or the disk is full
            "25006" => Judgement::Away,
            // connection, resources (memory, disk, connections), operator intervention, system error
            code if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Judgement::Away,
            _ => Judgement::Broken,
        };
    }
    // https://sqlite.org/rescode.html: the low byte is the primary code.
    match code.parse::<i32>().map(|code| code & 0xff) {
        Ok(5 | 6) => Judgement::Busy,                // BUSY, LOCKED
        Ok(7 | 8 | 10 | 13 | 14) => Judgement::Away, // NOMEM, READONLY, IOERR, FULL, CANTOPEN
        _ => Judgement::Broken,
    }
}
