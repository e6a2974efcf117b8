//! The client's folders as the library asks for them: RFC 959's and RFC 3659's verbs on [`Visit`].
//!
//! Each session has a thread of its own, so the disk is used in place: nothing else waits for it.

use std::fmt::Debug;
use std::net::IpAddr;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};
use unftp_core::storage::{Error, ErrorKind, FEATURE_RESTART, Fileinfo, Metadata, Permissions, Result, StorageBackend};

use super::log::Outside;
use super::login::Guest;
use super::pulse::Pulse;
use super::transfer::{self, Broken, Bytes};
use crate::area::{AreaError, Attributes, Kind, RelativePath, Visit};

/// Entries taken from a folder at a time.
const ENTRIES: usize = 256;

/// One connection's way to the folders.
#[derive(Debug, Clone)]
pub(super) struct Folders {
    pub(super) pulse: Arc<Pulse>,
    pub(super) outside: Outside,
    pub(super) remote: IpAddr,
}

/// What a client is told of a file or folder.
#[derive(Debug)]
pub(super) struct Facts(Attributes);

impl Metadata for Facts {
    fn len(&self) -> u64 {
        self.0.size
    }

    fn is_dir(&self) -> bool {
        self.0.kind == Kind::Folder
    }

    fn is_file(&self) -> bool {
        self.0.kind == Kind::File
    }

    fn is_symlink(&self) -> bool {
        false
    }

    fn modified(&self) -> Result<SystemTime> {
        let seconds = u64::try_from(self.0.modified).unwrap_or_default();
        Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    }

    // Who owns the files on the server is nobody's business.

    fn gid(&self) -> u32 {
        0
    }

    fn uid(&self) -> u32 {
        0
    }

    fn permissions(&self) -> Permissions {
        Permissions(self.0.permissions)
    }
}

impl Folders {
    /// Does disk work for the control connection.
    fn at<T>(
        &self,
        user: &Guest,
        path: &Path,
        work: impl FnOnce(&Visit, &RelativePath) -> std::result::Result<T, AreaError>,
    ) -> Result<T> {
        self.pulse.touch();
        self.outside.within(|| {
            let visit = user.control();
            resolve(path)
                .and_then(|path| work(visit, &path))
                .map_err(|error| self.refuse(visit, Broken::Area(error)))
        })
    }

    /// The visit for a transfer that begins; refused when its data connection had to use TLS and does not.
    fn data<'a>(&self, user: &'a Guest) -> Result<&'a Visit> {
        self.pulse.touch();
        let secure = self.pulse.take_handshake();
        user.data(secure).ok_or_else(|| {
            self.outside.within(|| {
                let client = user.control().client();
                tracing::warn!(%client, remote = %self.remote, "refused a data connection without TLS");
            });
            Error::from(ErrorKind::PermissionDenied)
        })
    }

    /// Says in the log why, as the library's replies are fixed sentences. Call it with our log.
    fn refuse(&self, visit: &Visit, broken: Broken) -> Error {
        let (client, remote) = (visit.client(), self.remote);
        match broken {
            Broken::Area(AreaError::Io(cause)) => {
                tracing::warn!(%client, error = %cause, "the disk failed a request");
                Error::from(ErrorKind::LocalError)
            }
            // Looking for a name that is not there is how programs ask whether it is.
            Broken::Area(AreaError::NotFound) => Error::from(ErrorKind::PermanentFileNotAvailable),
            Broken::Area(error) => {
                tracing::info!(%client, %remote, reason = %error, "refused over FTPS");
                Error::from(kind(&error))
            }
            Broken::Connection(cause) => {
                tracing::info!(%client, %remote, error = %cause, "a transfer broke off");
                Error::from(ErrorKind::LocalError)
            }
        }
    }

    /// Ends a transfer: its bytes, or why not.
    fn finish(&self, visit: &Visit, offset: u64, result: std::result::Result<u64, Broken>) -> Result<u64> {
        result.map_err(|broken| {
            if offset > 0 {
                // The library keeps the offset of REST after a failure and would apply it to the next transfer.
                self.pulse.doom();
            }
            self.outside.within(|| self.refuse(visit, broken))
        })
    }

    fn entries(&self, visit: &Visit, path: &Path) -> Result<Vec<Fileinfo<PathBuf, Facts>>> {
        self.outside.within(|| {
            resolve(path)
                .and_then(|path| entries(visit, &path))
                .map_err(|error| self.refuse(visit, Broken::Area(error)))
        })
    }

    fn open(&self, visit: &Visit, path: &Path, offset: u64) -> std::result::Result<Bytes, AreaError> {
        let reader = visit.read(&resolve(path)?)?;
        Ok(Bytes::new(reader, offset, Arc::clone(&self.pulse)))
    }

    /// May this connection begin anything? Not after a failure that the library does not recover from.
    fn alive(&self) -> Result<()> {
        if self.pulse.doomed().is_cancelled() {
            return Err(Error::from(ErrorKind::ConnectionClosed));
        }
        Ok(())
    }
}

/// The reply that a client gets; programs give up on 5xx and repeat on 4xx.
fn kind(error: &AreaError) -> ErrorKind {
    match error {
        AreaError::NotFound => ErrorKind::PermanentFileNotAvailable,
        AreaError::Denied(_) => ErrorKind::PermissionDenied,
        AreaError::NotAFolder => ErrorKind::PermanentDirectoryNotAvailable,
        AreaError::NotEmpty => ErrorKind::PermanentDirectoryNotEmpty,
        AreaError::Exists | AreaError::IsAFolder | AreaError::BadName(_) => ErrorKind::FileNameNotAllowedError,
        AreaError::TooLarge(_) => ErrorKind::ExceededStorageAllocationError,
        AreaError::DiskFull | AreaError::TooManyWaiting(_) => ErrorKind::InsufficientStorageSpaceError,
        AreaError::TakenOver => ErrorKind::ConnectionClosed,
        AreaError::Gap | AreaError::Io(_) => ErrorKind::LocalError,
    }
}

/// The library joins names without looking at `..`; here it is resolved by name, and the top is the top.
fn resolve(path: &Path) -> std::result::Result<RelativePath, AreaError> {
    RelativePath::resolve_clamped(path.as_os_str().as_bytes())
}

/// What a folder holds; a file is listed as itself, as `LIST name` and `STAT name` ask for it.
fn entries(visit: &Visit, path: &RelativePath) -> std::result::Result<Vec<Fileinfo<PathBuf, Facts>>, AreaError> {
    let attributes = visit.attributes(path)?;
    if attributes.kind == Kind::File {
        return Ok(vec![entry(path.name().to_vec(), attributes)]);
    }
    let mut listing = visit.list(path)?;
    let mut all = Vec::new();
    loop {
        let some = listing.next(ENTRIES)?;
        if some.is_empty() {
            return Ok(all);
        }
        all.extend(some.into_iter().map(|found| entry(found.name, found.attributes)));
    }
}

fn entry(name: Vec<u8>, attributes: Attributes) -> Fileinfo<PathBuf, Facts> {
    Fileinfo {
        path: PathBuf::from(std::ffi::OsString::from_vec(name)),
        metadata: Facts(attributes),
    }
}

#[async_trait]
impl StorageBackend<Guest> for Folders {
    type Metadata = Facts;

    fn name(&self) -> &str {
        "folders"
    }

    fn supported_features(&self) -> u32 {
        FEATURE_RESTART
    }

    async fn metadata<P: AsRef<Path> + Send + Debug>(&self, user: &Guest, path: P) -> Result<Facts> {
        self.at(user, path.as_ref(), |visit, path| visit.attributes(path).map(Facts))
    }

    /// MLSD, LIST and NLST, over a data connection.
    async fn list<P: AsRef<Path> + Send + Debug>(
        &self,
        user: &Guest,
        path: P,
    ) -> Result<Vec<Fileinfo<PathBuf, Facts>>> {
        self.alive()?;
        let visit = self.data(user)?;
        self.entries(visit, path.as_ref())
    }

    /// STAT, over the control connection.
    async fn list_vec<P>(&self, user: &Guest, path: P) -> Result<Vec<String>>
    where
        P: AsRef<Path> + Send + Debug,
    {
        self.pulse.touch();
        let found = self.entries(user.control(), path.as_ref())?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    async fn get_into<'a, P, W: ?Sized>(&self, user: &Guest, path: P, start_pos: u64, output: &'a mut W) -> Result<u64>
    where
        W: AsyncWrite + Unpin + Sync + Send,
        P: AsRef<Path> + Send + Debug,
    {
        self.alive()?;
        let visit = self.data(user)?;
        let opened = self.outside.within(|| self.open(visit, path.as_ref(), start_pos));
        let result = match opened {
            Ok(bytes) => transfer::send(bytes, output).await,
            Err(error) => Err(Broken::Area(error)),
        };
        self.finish(visit, start_pos, result)
    }

    async fn get<P: AsRef<Path> + Send + Debug>(
        &self,
        user: &Guest,
        path: P,
        start_pos: u64,
    ) -> Result<Box<dyn AsyncRead + Send + Sync + Unpin>> {
        self.alive()?;
        let visit = self.data(user)?;
        self.outside.within(|| {
            let bytes = self
                .open(visit, path.as_ref(), start_pos)
                .map_err(|error| self.refuse(visit, Broken::Area(error)))?;
            Ok(Box::new(bytes) as Box<dyn AsyncRead + Send + Sync + Unpin>)
        })
    }

    async fn put<P: AsRef<Path> + Send + Debug, R: AsyncRead + Send + Sync + Unpin + 'static>(
        &self,
        user: &Guest,
        mut input: R,
        path: P,
        start_pos: u64,
    ) -> Result<u64> {
        self.alive()?;
        let visit = self.data(user)?;
        let begun = self
            .outside
            .within(|| resolve(path.as_ref()).and_then(|path| transfer::begin(visit, &path, start_pos)));
        let result = match begun {
            Ok(upload) => transfer::receive(upload, start_pos, &mut input, &self.pulse, &self.outside).await,
            Err(error) => Err(Broken::Area(error)),
        };
        if let Err(Broken::Area(_)) = &result {
            transfer::drain(&mut input).await;
        }
        self.finish(visit, start_pos, result)
    }

    async fn del<P: AsRef<Path> + Send + Debug>(&self, user: &Guest, path: P) -> Result<()> {
        self.at(user, path.as_ref(), Visit::remove_file)
    }

    async fn mkd<P: AsRef<Path> + Send + Debug>(&self, user: &Guest, path: P) -> Result<()> {
        self.at(user, path.as_ref(), Visit::make_folder)
    }

    async fn rename<P: AsRef<Path> + Send + Debug>(&self, user: &Guest, from: P, to: P) -> Result<()> {
        self.at(user, from.as_ref(), |visit, from| {
            visit.rename(from, &resolve(to.as_ref())?)
        })
    }

    async fn rmd<P: AsRef<Path> + Send + Debug>(&self, user: &Guest, path: P) -> Result<()> {
        self.at(user, path.as_ref(), Visit::remove_folder)
    }

    async fn cwd<P: AsRef<Path> + Send + Debug>(&self, user: &Guest, path: P) -> Result<()> {
        self.at(user, path.as_ref(), |visit, path| match visit.attributes(path)?.kind {
            Kind::Folder => Ok(()),
            Kind::File => Err(AreaError::NotAFolder),
        })
    }
}
