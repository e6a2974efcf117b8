//! Asks the running service, or does the same in this process while none runs.

use std::io::{Read, Take};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use dropcase_config::Service;
use serde::de::DeserializeOwned;
use tokio_util::io::SyncIoBridge;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{App, Doors};
use crate::commands::{self, Report};
use crate::control::{self, Actor, Failure, Heard, Kind, Request};
use crate::{lifecycle, owner, workers};

use super::settings;

/// What is logged on standard error while a command does the service's work.
const LOG_FILTER: &str = "error";

/// Bytes of files on their way to a command in this process.
const PIPE_BYTES: usize = 64 << 10;

/// A file that goes along with a request, as it was when the request was made.
#[derive(Debug)]
pub(super) struct Attached {
    path: PathBuf,
    /// Its name, without its folder.
    pub(super) name: String,
    /// Its bytes: so many are sent, or none of it counts.
    pub(super) size: u64,
}

/// Asks `request`; the answer has the shape that `--json` prints.
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn ask<T: DeserializeOwned>(
    named: Option<&Path>,
    request: Request,
    files: &[Attached],
    hear: &mut (dyn FnMut(Heard<'_>) + Send),
) -> Result<T, Failure> {
    let config = settings::find(named)?;
    let service = Service::load(&config).map_err(settings::mistakes)?;
    let answer = match running(&service, &request, files, hear)? {
        Some(answer) => answer,
        None => alone(&service, config, request, files, hear)?,
    };
    Ok(serde_json::from_value(answer).context("the answer; the running service is of another version")?)
}

/// Asks the running service alone.
///
/// # Errors
/// `Unavailable` when none runs.
pub(super) fn ask_service<T: DeserializeOwned>(named: Option<&Path>, request: &Request) -> Result<T, Failure> {
    let service = settings::load(named)?;
    let answer = running(&service, request, &[], &mut |_| {})?.ok_or_else(|| Failure {
        kind: Kind::Unavailable,
        message: format!(
            "no service runs on {}; start it with `dropcase serve`",
            service.home.display()
        ),
    })?;
    Ok(serde_json::from_value(answer).context("the answer; the running service is of another version")?)
}

/// The running service's answer; `None` when none runs.
fn running(
    service: &Service,
    request: &Request,
    files: &[Attached],
    hear: &mut dyn FnMut(Heard<'_>),
) -> Result<Option<serde_json::Value>, Failure> {
    let Some(stream) = control::client::connect(&service.data_dir)? else {
        return Ok(None);
    };
    control::client::ask(stream, request, &mut *bytes(files)?, hear).map(Some)
}

/// Does what the service would do, with its doors shut, as the owner of the home.
fn alone(
    service: &Service,
    config: PathBuf,
    request: Request,
    files: &[Attached],
    hear: &mut (dyn FnMut(Heard<'_>) + Send),
) -> Result<serde_json::Value, Failure> {
    owner::become_owner(&service.home)?;
    lifecycle::start_logging(LOG_FILTER)?;
    let mut bytes = bytes(files)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    runtime.block_on(async {
        let (app, streams) = App::open(config, Doors::Shut).await?;
        // Nobody claims what others drop meanwhile: it waits for the service.
        drop(streams);
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(workers::run(app.clone(), stop.clone()));
        tasks.spawn(leave(app.clone(), stop.clone()));
        tasks.close();
        let actor = Actor {
            name: owner::current_user(),
        };
        let (body, far_end) = tokio::io::duplex(PIPE_BYTES);
        // What is left over when the command does not want it goes with the pipe.
        tokio::task::spawn_blocking(move || std::io::copy(&mut bytes, &mut SyncIoBridge::new(far_end)));
        let answer = commands::run(&app, &actor, request, Box::new(body), &mut Told(hear)).await;
        emptied(&app).await;
        stop.cancel();
        app.work.notify_one();
        tasks.wait().await;
        app.inbox.shutdown().await;
        app.let_go().await;
        app.store.close().await;
        answer
    })
}

/// Delivers what leaves until `stop`.
async fn leave(app: Arc<App>, stop: CancellationToken) {
    app.outbox.run(stop.cancelled_owned()).await;
}

/// Waits until nothing is due to leave, or until the database fails: the service goes on at its next start.
async fn emptied(app: &App) {
    let mut look = tokio::time::interval(std::time::Duration::from_millis(100));
    loop {
        look.tick().await;
        match app.store.next_outgoing_time().await {
            Ok(Some(due)) if due <= app.now() => {}
            _ => return,
        }
    }
}

/// Tells how far a command in this process is, and hands on the files of its answer.
struct Told<'a>(&'a mut (dyn FnMut(Heard<'_>) + Send));

impl Report for Told<'_> {
    async fn progress(&mut self, records: u64) {
        (self.0)(Heard::Records(records));
    }

    async fn piece(&mut self, place: usize, bytes: &[u8]) -> anyhow::Result<()> {
        (self.0)(Heard::Piece { place, bytes });
        Ok(())
    }
}

fn open(path: &Path) -> Result<std::fs::File, Failure> {
    std::fs::File::open(path).map_err(|error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound {
            Kind::NotFound
        } else {
            Kind::Refused
        };
        let user = owner::current_user();
        Failure {
            kind,
            message: format!("{}: {error} (read as {user})", path.display()),
        }
    })
}

impl Attached {
    /// Looks at a file that is to go along.
    ///
    /// # Errors
    /// `NotFound` when it is not there, `Refused` when it is no plain file or has a name that is no text.
    pub(super) fn look_at(path: &Path) -> Result<Self, Failure> {
        let metadata = open(path)?.metadata().context("the file")?;
        if !metadata.is_file() {
            return Err(Failure::refused(format!("{} is not a file", path.display())));
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| Failure::refused(format!("{}: the name is not UTF-8", path.display())))?;
        Ok(Self {
            path: path.to_owned(),
            name: name.to_owned(),
            size: metadata.len(),
        })
    }
}

/// The bytes of all files, one behind the other.
fn bytes(files: &[Attached]) -> Result<Box<dyn Read + Send>, Failure> {
    let mut all: Box<dyn Read + Send> = Box::new(std::io::empty());
    for file in files {
        all = Box::new(all.chain(Exactly(open(&file.path)?.take(file.size))));
    }
    Ok(all)
}

/// As many bytes of a file as were announced; whoever counts on them does not get those of the next file instead.
struct Exactly(Take<std::fs::File>);

impl Read for Exactly {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(out)? {
            0 if self.0.limit() > 0 && !out.is_empty() => Err(std::io::Error::new(
                std::io::ErrorKind::UnexpectedEof,
                "the file became shorter while it was read",
            )),
            read => Ok(read),
        }
    }
}
