//! What can go wrong in a client's folders; each protocol turns the kind into its own reply.

use std::borrow::Cow;
use std::io;

/// An error of the area. Its text is a sentence that a client may read; the cause stays chained underneath.
#[derive(Debug, thiserror::Error)]
pub enum AreaError {
    /// Nothing of this name exists, or nothing that this user may know of.
    #[error("There is no file or folder of this name.")]
    NotFound,
    /// Final: the same request will be refused again. The sentence says what to do instead.
    #[error("{0}")]
    Denied(Cow<'static, str>),
    /// Something of this name exists already.
    #[error("A file or folder of this name exists already.")]
    Exists,
    /// A file was named where a folder is needed.
    #[error("This is a file, not a folder.")]
    NotAFolder,
    /// A folder was named where a file is needed.
    #[error("This is a folder, not a file.")]
    IsAFolder,
    /// A folder that still holds something cannot be removed or replaced.
    #[error("The folder is not empty.")]
    NotEmpty,
    /// The name cannot be used.
    #[error("This name cannot be used: {0}.")]
    BadName(&'static str),
    /// The upload is larger than the client's limit, in bytes. Final.
    #[error("The file is larger than the agreed limit of {0} bytes. Please split it; sending it again will not help.")]
    TooLarge(u64),
    /// The data file system has no room beside its reserve.
    #[error("There is no room for this file at the moment. Please try again later.")]
    DiskFull,
    /// The client has this many files waiting; no more are taken.
    #[error("There are already {0} files waiting in your folders. Please wait until they were taken over.")]
    TooManyWaiting(u64),
    /// Another session of the client continued this upload.
    #[error("This upload was continued in another session.")]
    TakenOver,
    /// The bytes written leave a hole.
    #[error("Parts of the file are missing. Please upload it again from the start.")]
    Gap,
    /// Anything that the operating system reported.
    #[error("The file could not be processed at the moment. Please try again later.")]
    Io(#[source] io::Error),
}

impl AreaError {
    /// A final refusal with a sentence of its own.
    pub(crate) fn denied(sentence: &'static str) -> Self {
        Self::Denied(Cow::Borrowed(sentence))
    }

    /// A second value of the same kind, for an upload that answers every later request with its first error.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::NotFound => Self::NotFound,
            Self::Denied(sentence) => Self::Denied(sentence.clone()),
            Self::Exists => Self::Exists,
            Self::NotAFolder => Self::NotAFolder,
            Self::IsAFolder => Self::IsAFolder,
            Self::NotEmpty => Self::NotEmpty,
            Self::BadName(why) => Self::BadName(why),
            Self::TooLarge(limit) => Self::TooLarge(*limit),
            Self::DiskFull => Self::DiskFull,
            Self::TooManyWaiting(limit) => Self::TooManyWaiting(*limit),
            Self::TakenOver => Self::TakenOver,
            Self::Gap => Self::Gap,
            Self::Io(cause) => Self::Io(cause.kind().into()),
        }
    }
}

impl From<io::Error> for AreaError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::AlreadyExists => Self::Exists,
            io::ErrorKind::NotADirectory => Self::NotAFolder,
            io::ErrorKind::IsADirectory => Self::IsAFolder,
            io::ErrorKind::DirectoryNotEmpty => Self::NotEmpty,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::InvalidFilename => Self::BadName("it is too long"),
            // A symbolic link, which does not exist for a client.
            _ if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => Self::NotFound,
            _ => Self::Io(error),
        }
    }
}

impl From<rustix::io::Errno> for AreaError {
    fn from(error: rustix::io::Errno) -> Self {
        io::Error::from(error).into()
    }
}
