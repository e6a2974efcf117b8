//! The service's end of the control socket.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rustix::fs::{Mode, chmod};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Actor, Failure, Reply, Request};
use crate::app::App;
use crate::commands::{self, Report};

/// Pause after a connection that could not be taken.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Longest request line.
const LINE_BYTES: u64 = 64 << 10;

/// Makes the socket at `path`. The home's lock is held, so one that lies there was left by a service that is gone.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn listen(path: &Path) -> anyhow::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).context("the old socket"),
        _ => {}
    }
    let listener = UnixListener::bind(path).context("the control socket")?;
    chmod(path, Mode::from_raw_mode(0o660)).context("the control socket")?;
    Ok(listener)
}

/// Answers commands until `stop`; those that are being answered are finished.
pub(crate) async fn serve(app: Arc<App>, listener: UnixListener, stop: CancellationToken) {
    let tracker = TaskTracker::new();
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of descriptors: later there are some again.
                    tracing::warn!(%error, "a command could not connect");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let app = app.clone();
        tracker.spawn(async move {
            if let Err(error) = answer(&app, stream).await {
                tracing::debug!(%error, "a command went away");
            }
        });
    }
    drop(listener);
    tracker.close();
    tracker.wait().await;
}

async fn answer(app: &Arc<App>, stream: UnixStream) -> anyhow::Result<()> {
    let actor = peer(&stream)?;
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading);
    let mut line = String::new();
    (&mut reading).take(LINE_BYTES).read_line(&mut line).await?;
    let request: Request = serde_json::from_str(&line).context("the request")?;
    let body = Box::new(reading.take(request.body_bytes()));
    let reply = {
        let mut report = Lines(&mut writing);
        commands::run(app, &actor, request, body, &mut report).await
    };
    let reply = match reply {
        Ok(answer) => Reply::Done { answer },
        Err(Failure { kind, message }) => Reply::Failed { kind, message },
    };
    send(&mut writing, &reply).await
}

/// Sends progress as reply lines.
struct Lines<'a>(&'a mut OwnedWriteHalf);

impl Report for Lines<'_> {
    async fn progress(&mut self, records: u64) {
        // A command that went away does not stop what it began.
        drop(send(self.0, &Reply::Progress { records }).await);
    }

    async fn piece(&mut self, place: usize, bytes: &[u8]) -> anyhow::Result<()> {
        let size = bytes.len();
        send(self.0, &Reply::Piece { place, size }).await?;
        Ok(self.0.write_all(bytes).await?)
    }
}

async fn send(writing: &mut OwnedWriteHalf, reply: &Reply) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    writing.write_all(&line).await?;
    Ok(())
}

/// The user at the other end, named as the system names it.
fn peer(stream: &UnixStream) -> anyhow::Result<Actor> {
    let uid = stream.peer_cred().context("the peer's credentials")?.uid();
    Ok(Actor {
        name: crate::owner::user_name(uid),
    })
}
