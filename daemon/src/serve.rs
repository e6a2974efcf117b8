//! `dropcase serve`: the rooms at work until a signal ends it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::Days;
use dropcase_config::Client;
use dropcase_outbox::write_templates;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Doors};
use crate::lifecycle::{self, Signals, Wish};
use crate::{control, delivery, indexing, intake, papers, quarantine, schedule, workers};

/// How often the archives are looked through for days that are over.
const HOUSEKEEPING: Duration = Duration::from_secs(60 * 60);

/// The service in this process.
pub(crate) struct Running {
    /// What it works with.
    pub(crate) app: Arc<App>,
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Running {
    /// Opens the home of the settings file `config` and begins to work.
    ///
    /// # Errors
    /// Whatever cannot be opened.
    pub(crate) async fn start(config: PathBuf) -> anyhow::Result<Self> {
        let (app, streams) = App::open(config, Doors::Open).await?;
        write_papers(&app).await;
        delivery::finish_archiving(&app, app.now())
            .await
            .context("finishing what a crash left")?;
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(intake::run(app.clone(), streams, stop.clone()));
        tasks.spawn(workers::run(app.clone(), stop.clone()));
        tasks.spawn(indexing::run(app.clone(), stop.clone()));
        tasks.spawn(schedule::run(app.clone(), stop.clone()));
        tasks.spawn(keep_house(app.clone(), stop.clone()));
        tasks.spawn({
            let (app, stop) = (app.clone(), stop.clone());
            async move { app.outbox.run(stop.cancelled()).await }
        });
        let socket = control::socket(&app.service.data_dir);
        let listener = control::server::listen(&socket)?;
        tasks.spawn(control::server::serve(app.clone(), listener, stop.clone()));
        tasks.spawn(lifecycle::feed_watchdog(stop.clone()));
        Ok(Self { app, tasks, stop })
    }

    /// Shuts the doors, finishes what runs and ends. What takes longer than [`lifecycle::DRAIN`] is left to be taken up
    /// at the next start.
    pub(crate) async fn end(mut self) {
        self.stop.cancel();
        self.app.inbox.shutdown().await;
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(lifecycle::DRAIN, finished).await.is_err() {
            tracing::warn!("what still runs is taken up at the next start");
        }
        self.tasks.shutdown().await;
        self.app.let_go().await;
        self.app.store.close().await;
    }
}

/// Runs the service until a signal ends it.
///
/// # Errors
/// When it cannot start.
pub(crate) async fn serve(config: PathBuf) -> anyhow::Result<()> {
    let mut signals = Signals::take().context("the signals")?;
    let running = Running::start(config).await?;
    for address in running.app.inbox.sftp_addresses() {
        tracing::info!(%address, "SFTP listens");
    }
    lifecycle::ready();
    while signals.next().await == Wish::Reload {
        lifecycle::reloading();
        match reload(&running.app).await {
            Ok(()) => tracing::info!("settings taken up"),
            Err(error) => tracing::error!(error = format!("{error:#}"), "the old settings stay in force"),
        }
        lifecycle::ready();
    }
    lifecycle::stopping();
    tracing::info!("stopping");
    let app = running.app.clone();
    tokio::select! {
        () = running.end() => {}
        () = stopped_again(&mut signals) => {
            tracing::warn!("stopped at once");
            app.let_go().await;
        }
    }
    Ok(())
}

async fn stopped_again(signals: &mut Signals) {
    while signals.next().await == Wish::Reload {}
}

/// Takes up changed settings and rewrites what clients read about them.
///
/// # Errors
/// When they have mistakes; the old ones stay in force.
pub(crate) async fn reload(app: &Arc<App>) -> anyhow::Result<()> {
    app.reload().await?;
    tell_of_base_rates(app);
    write_papers(app).await;
    Ok(())
}

/// README and templates of every client, where they changed. A client whose papers cannot be written (a full disk)
/// keeps its old ones: that is no reason to keep the doors shut.
async fn write_papers(app: &Arc<App>) {
    let (clients, service) = (app.clients(), app.service.clone());
    let write = move || {
        for client in clients.values() {
            if let Err(error) = write_templates(client, &service) {
                tracing::warn!(client = %client.key, %error, "the papers of a client could not be written");
            }
        }
    };
    if tokio::task::spawn_blocking(write).await.is_err() {
        tracing::error!("writing the clients' papers panicked");
    }
}

/// Warns once a day, and when settings are taken up, while a base rate is missing.
fn tell_of_base_rates(app: &App) {
    if let Some(day) = app.old_base_rate(app.now().date_naive()) {
        tracing::warn!(
            newest = %day,
            "the newest base rate is older than seven months; name a newer one in [account] base_rates"
        );
    }
}

/// Archives what could not be archived at once, looks again for the claims of papers that wait, and clears archives,
/// quarantine and paper store of what they have kept long enough.
async fn keep_house(app: Arc<App>, stop: CancellationToken) {
    let mut interval = tokio::time::interval(HOUSEKEEPING);
    let mut told = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = interval.tick() => {}
        }
        let today = app.now().date_naive();
        if told.replace(today) != Some(today) {
            tell_of_base_rates(&app);
        }
        // A younger one may be on its way.
        if let Err(error) = delivery::finish_archiving(&app, app.now() - HOUSEKEEPING).await {
            tracing::warn!(error = format!("{error:#}"), "originals wait for the archive");
        }
        if let Err(error) = quarantine::keep_house(&app).await {
            tracing::warn!(error = format!("{error:#}"), "the quarantine waits to be cleared");
        }
        for client in app.clients().values() {
            purge_archive(&app, client).await;
            match papers::keep_house(&app, client).await {
                Ok(0) => {}
                Ok(swept) => tracing::info!(client = %client.key, swept, "papers of no case removed"),
                Err(error) => {
                    tracing::warn!(client = %client.key, error = format!("{error:#}"), "papers wait to be looked after")
                }
            }
            work_off_due(&app, client).await;
        }
    }
}

/// Pauses that have ended, payment plans that were kept or broken.
async fn work_off_due(app: &App, client: &Client) {
    match app
        .store
        .work_off_due(client.key.as_str(), app.today(client), app.now())
        .await
    {
        Ok(0) => {}
        Ok(cases) => tracing::info!(client = %client.key, cases, "cases fell due"),
        Err(error) => tracing::warn!(client = %client.key, %error, "what fell due waits"),
    }
}

async fn purge_archive(app: &App, client: &Client) {
    let first_kept = app.today(client) - Days::new(client.archive_days.into());
    let (claim, key) = (app.inbox.claim(), client.key.clone());
    let purged = tokio::task::spawn_blocking(move || claim.purge_archive(&key, first_kept)).await;
    match purged {
        Ok(Ok(0)) => {}
        Ok(Ok(days)) => tracing::info!(client = %client.key, days, "archive cleared"),
        Ok(Err(error)) => tracing::warn!(client = %client.key, %error, "archive not cleared"),
        Err(error) => tracing::error!(client = %client.key, %error, "archive not cleared"),
    }
}
