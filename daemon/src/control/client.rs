//! A command's end of the control socket.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use super::{Failure, Heard, Reply, Request};

/// Most bytes that the service sends at once.
const PIECE: usize = 1 << 20;

/// Connects to the running service.
///
/// Returns `None` when no service listens there.
///
/// # Errors
/// When the socket is there and may not be used.
pub(crate) fn connect(data_dir: &Path) -> anyhow::Result<Option<UnixStream>> {
    match UnixStream::connect(super::socket(data_dir)) {
        Ok(stream) => Ok(Some(stream)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(None),
        Err(error) => Err(error).context("connecting to the running service"),
    }
}

/// Sends `request` and its `body` and waits for the answer.
///
/// # Errors
/// What the service says, or `Unavailable` when it goes away.
pub(crate) fn ask(
    mut stream: UnixStream,
    request: &Request,
    body: &mut dyn Read,
    hear: &mut dyn FnMut(Heard<'_>),
) -> Result<Value, Failure> {
    send(&mut stream, request, body)?;
    let mut replies = BufReader::new(stream);
    let (mut line, mut piece) = (String::new(), Vec::new());
    loop {
        line.clear();
        let read = replies
            .read_line(&mut line)
            .context("the service's reply")
            .map_err(Failure::from)?;
        if read == 0 {
            return Err(Failure::from(anyhow::anyhow!("the service ended before it answered")));
        }
        match serde_json::from_str(&line)
            .context("the service's reply")
            .map_err(Failure::from)?
        {
            Reply::Progress { records } => hear(Heard::Records(records)),
            Reply::Piece { place, size } => {
                if size > PIECE {
                    return Err(Failure::from(anyhow::anyhow!("the service's reply is too long")));
                }
                piece.resize(size, 0);
                replies
                    .read_exact(&mut piece)
                    .context("the service's reply")
                    .map_err(Failure::from)?;
                hear(Heard::Piece { place, bytes: &piece });
            }
            Reply::Done { answer } => return Ok(answer),
            Reply::Failed { kind, message } => return Err(Failure { kind, message }),
        }
    }
}

fn send(stream: &mut UnixStream, request: &Request, body: &mut dyn Read) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line).context("asking the service")?;
    match io::copy(body, stream) {
        // The service may refuse early and close; its reply says more than a broken pipe.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("sending the file to the service")
        }
        _ => Ok(()),
    }
}
