//! Asks the running service, or does the same in this process while none runs.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use dropcase_config::Service;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{App, Doors};
use crate::commands::{self, Body, Report};
use crate::control::{self, Actor, Failure, Kind, Request};
use crate::{lifecycle, owner, workers};

use super::settings;

/// What is logged on standard error while a command does the service's work.
const LOG_FILTER: &str = "error";

/// A file that goes along with a request.
pub(super) type File<'a> = Option<&'a Path>;

/// Asks `request`; the answer has the shape that `--json` prints.
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn ask<T: DeserializeOwned>(
    named: Option<&Path>,
    request: Request,
    file: File<'_>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<T, Failure> {
    let config = settings::find(named)?;
    let service = Service::load(&config).map_err(settings::mistakes)?;
    let answer = match running(&service, &request, file, progress)? {
        Some(answer) => answer,
        None => alone(&service, config, request, file, progress)?,
    };
    Ok(serde_json::from_value(answer).context("the answer; the running service is of another version")?)
}

/// Asks the running service alone.
///
/// # Errors
/// `Unavailable` when none runs.
pub(super) fn ask_service<T: DeserializeOwned>(named: Option<&Path>, request: &Request) -> Result<T, Failure> {
    let service = settings::load(named)?;
    let answer = running(&service, request, None, &mut |_| {})?.ok_or_else(|| Failure {
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
    file: File<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Option<serde_json::Value>, Failure> {
    let Some(stream) = control::client::connect(&service.data_dir)? else {
        return Ok(None);
    };
    let mut file = file.map(open).transpose()?;
    let body = file.as_mut().map(|file| file as &mut dyn Read);
    control::client::ask(stream, request, body, progress).map(Some)
}

/// Does what the service would do, with its doors shut, as the owner of the home.
fn alone(
    service: &Service,
    config: PathBuf,
    request: Request,
    file: File<'_>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<serde_json::Value, Failure> {
    owner::become_owner(&service.home)?;
    lifecycle::start_logging(LOG_FILTER)?;
    let body: Body = match file {
        Some(path) => Box::new(tokio::fs::File::from_std(open(path)?)),
        None => Box::new(tokio::io::empty()),
    };
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
        let answer = commands::run(&app, &actor, request, body, &mut Told(progress)).await;
        emptied(&app).await;
        stop.cancel();
        app.work.notify_one();
        tasks.wait().await;
        app.inbox.shutdown().await;
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

/// Tells how far a command in this process is.
struct Told<'a>(&'a mut (dyn FnMut(u64) + Send));

impl Report for Told<'_> {
    async fn progress(&mut self, records: u64) {
        (self.0)(records);
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

/// The size of a file that goes along, and its name.
///
/// # Errors
/// `NotFound` when it is not there, `Refused` when it is no plain file or has a name that is no text.
pub(super) fn look_at(path: &Path) -> Result<(String, u64), Failure> {
    let metadata = open(path)?.metadata().context("the file")?;
    if !metadata.is_file() {
        return Err(Failure::refused(format!("{} is not a file", path.display())));
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::refused(format!("{}: the name is not UTF-8", path.display())))?;
    Ok((name.to_owned(), metadata.len()))
}
