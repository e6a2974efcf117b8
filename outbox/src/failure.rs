//! Why something did not leave, by what to do about it. Codes only: nothing personal reaches the table or the log.

use std::io;
use std::time::Duration;

use dropcase_cases::store::StoreError;

use crate::mail::sender::SendError;
use crate::writers::WriteError;

/// Why something did not leave.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Somebody else has it now: leave it alone.
    Lost,
    /// Its turn has not come.
    Wait(Duration),
    /// The machine, the database or the mail server: will be better later, however long it takes.
    Later(String),
    /// The mail server as a whole: no other mail needs to try now.
    MailDown(String),
    /// This one: tried a few times more in case of bad luck, then given up, so that it does not hold the others. Somebody
    /// may take it up again.
    Broken(&'static str),
    /// This one, for good.
    Refused(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Lost => Self::Lost,
            error if error.is_temporary() => Self::Later("DATABASE".to_owned()),
            error => {
                tracing::error!(%error, "the outbox could not use the database");
                Self::Broken("DATABASE")
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded | Kind::ReadOnlyFilesystem | Kind::OutOfMemory => {
                Self::Later(format!("DISK {:?}", error.kind()))
            }
            Kind::Interrupted
            | Kind::TimedOut
            | Kind::WouldBlock
            | Kind::ResourceBusy
            | Kind::StaleNetworkFileHandle => Self::Later(format!("DISK {:?}", error.kind())),
            // EMFILE and EIO have no kind of their own.
            _ if matches!(error.raw_os_error(), Some(5 | 23 | 24)) => Self::Later("DISK".to_owned()),
            kind => {
                tracing::error!(?kind, "the outbox could not write a file");
                Self::Broken("FILE")
            }
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Io(error) => error.into(),
            WriteError::Source(error) => match error.downcast::<StoreError>() {
                Ok(error) => (*error).into(),
                Err(_) => Self::Broken("SOURCE"),
            },
            WriteError::Workbook(rust_xlsxwriter::XlsxError::IoError(error)) => error.into(),
            WriteError::Workbook(error) => {
                tracing::error!(kind = ?std::mem::discriminant(&error), "a workbook could not be written");
                Self::Broken("WORKBOOK")
            }
            WriteError::Json(error) if error.is_io() => io::Error::from(error).into(),
            WriteError::Json(_) => Self::Broken("JSON"),
        }
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Refused(code) => Self::Refused(code),
            SendError::Later(code) => Self::Later(code),
            SendError::Down(code) => Self::MailDown(code),
        }
    }
}
