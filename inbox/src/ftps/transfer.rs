//! The bytes of one upload or download.

use std::io;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, BufReader, ReadBuf};

use super::log::Outside;
use super::pulse::Pulse;
use crate::area::{AreaError, OpenMode, Reader, RelativePath, Upload, Visit};

/// Bytes moved at a time.
const PIECE: usize = 256 * 1024;

/// What a refused upload may still send before its connection is cut.
const DRAIN: u64 = 64 << 20;
/// For how long.
const DRAIN_TIME: Duration = Duration::from_secs(20);

/// Why a transfer did not come to its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// The folders refused it.
    Area(AreaError),
    /// The data connection ended without TLS's goodbye, or failed.
    Connection(io::Error),
}

impl From<AreaError> for Broken {
    fn from(error: AreaError) -> Self {
        Self::Area(error)
    }
}

/// Opens the upload: anew, or to continue at `offset` (REST, APPE) what lies there.
pub(super) fn begin(visit: &Visit, path: &RelativePath, offset: u64) -> Result<Upload, AreaError> {
    let mut mode = OpenMode {
        create: true,
        truncate: offset == 0,
        ..OpenMode::default()
    };
    if offset > 0 {
        // Looked at first: opening a complete file to continue it makes it a partial.
        let size = match visit.attributes(path) {
            Ok(attributes) => attributes.size,
            Err(AreaError::NotFound) => 0,
            Err(other) => return Err(other),
        };
        if size < offset {
            return Err(AreaError::Gap);
        }
        mode.create = false;
    }
    let mut upload = visit.write(path, mode)?;
    if offset > 0 {
        upload.set_size(offset)?;
    }
    Ok(upload)
}

/// Takes all bytes and publishes the upload. When the connection breaks, what came stays as a partial.
pub(super) async fn receive<R: AsyncRead + Unpin>(
    mut upload: Upload,
    mut offset: u64,
    input: &mut R,
    pulse: &Pulse,
    outside: &Outside,
) -> Result<u64, Broken> {
    let mut total = 0;
    let mut piece = Vec::with_capacity(PIECE);
    loop {
        let end = fill(input, &mut piece, pulse).await;
        let length = piece.len() as u64;
        outside.within(|| upload.write_at(offset, &piece))?;
        offset += length;
        total += length;
        piece.clear();
        match end {
            Ok(false) => {}
            Ok(true) => {
                outside.within(|| upload.publish())?;
                return Ok(total);
            }
            Err(error) => {
                outside.within(|| drop(upload));
                return Err(Broken::Connection(error));
            }
        }
    }
}

/// Lets a refused upload run out: cut off in the middle, its sender sees a reset instead of the reply, and tries again.
pub(super) async fn drain<R: AsyncRead + Unpin>(input: &mut R) {
    let mut rest = BufReader::with_capacity(PIECE, input.take(DRAIN));
    let mut nowhere = tokio::io::sink();
    // However it ends, the upload was refused already.
    let _ = tokio::time::timeout(DRAIN_TIME, tokio::io::copy_buf(&mut rest, &mut nowhere)).await;
}

/// Reads until the piece is full; true at the end of the stream.
async fn fill<R: AsyncRead + Unpin>(input: &mut R, piece: &mut Vec<u8>, pulse: &Pulse) -> io::Result<bool> {
    let mut room = PIECE;
    while room > 0 {
        let got = (&mut *input).take(room as u64).read_buf(piece).await?;
        if got == 0 {
            return Ok(true);
        }
        pulse.touch();
        room -= got;
    }
    Ok(false)
}

/// Sends the file from `offset` on.
pub(super) async fn send<W: AsyncWrite + Unpin + ?Sized>(bytes: Bytes, output: &mut W) -> Result<u64, Broken> {
    let mut pieces = BufReader::with_capacity(PIECE, bytes);
    tokio::io::copy_buf(&mut pieces, output)
        .await
        .map_err(Broken::Connection)
}

/// A file's bytes in order, read in place.
#[derive(Debug)]
pub(super) struct Bytes {
    reader: Reader,
    offset: u64,
    pulse: Arc<Pulse>,
}

impl Bytes {
    /// From `offset` on.
    pub(super) fn new(reader: Reader, offset: u64, pulse: Arc<Pulse>) -> Self {
        Self { reader, offset, pulse }
    }
}

impl AsyncRead for Bytes {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let got = self.reader.file().read_at(buffer.initialize_unfilled(), self.offset)?;
        buffer.advance(got);
        self.offset = self.offset.saturating_add(got as u64);
        self.pulse.touch();
        Poll::Ready(Ok(()))
    }
}
