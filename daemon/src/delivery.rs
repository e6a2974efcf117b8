//! One file's way, from its claim to the archive. Reads like the list in ARCHITECTURE.md.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use dropcase_cases::import::{self, Answers, ImportJob, ImportOutcome, MandatePeriod};
use dropcase_cases::model::{Delivery, DeliveryId, Leased, Mode};
use dropcase_cases::papers::Papers;
use dropcase_config::{Client, ClientKey, Policy};
use dropcase_inbox::{Folder, WorkFile};
use dropcase_outbox::plan_answers;
use sha2::{Digest, Sha256};
use tracing::Instrument;

use crate::app::App;
use crate::{messages, orders, papers, reading, terms};

/// The staged file in the work folder. Clients' files never begin like this: such names are refused.
pub(crate) const STAGED: &str = ".dropcase-staged";

/// The row is written and the file has not been moved yet: whoever received the arrival is about to.
#[derive(Debug, thiserror::Error)]
#[error("the file is not in the work folder yet")]
pub(crate) struct NotTakenYet;

/// The row has no file, and none is on its way: the client replaced or removed it, or an operator's command broke off.
#[derive(Debug, thiserror::Error)]
#[error("no file belongs to the delivery")]
pub(crate) struct NeverComes;

/// How long an operator's command has to lay its file beside its row; after that a crash came between.
const PLACING: TimeDelta = TimeDelta::seconds(30);

/// Works one delivery. Done again after a crash at any moment it comes to the same end.
///
/// # Errors
/// Whatever stopped it; the delivery is as it was before. [`crate::workers`] decides whose fault it was.
pub(crate) async fn work(app: &Arc<App>, leased: &Leased) -> anyhow::Result<()> {
    let span = tracing::info_span!("delivery", code = %leased.delivery.code, client = %leased.delivery.client_key);
    let way = async {
        let client = app
            .client(&leased.delivery.client_key)
            .context("the client is in no settings file any more")?;
        let original = original(app, &leased.delivery).await?;
        let sha256 = digest(app, &original).await?;
        let task = Task {
            app,
            leased,
            client: &client,
            original: &original,
            sha256: &sha256,
        };
        let outcome = match Folder::of_noted(&leased.delivery.path) {
            Some(Folder::Documents) => papers::work(&task).await?,
            Some(Folder::Messages) => Some(messages::work(&task).await?),
            _ => Some(list(&task).await?),
        };
        let Some(outcome) = outcome else {
            tracing::info!("a paper waits for its claim");
            return Ok(());
        };
        say(&outcome);
        app.outbox.notify();
        app.imported.notify_one();
        archive(app, original, leased.delivery.id).await
    };
    way.instrument(span).await
}

/// A delivery in work.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    /// What it is worked with.
    pub(crate) app: &'a Arc<App>,
    /// The delivery.
    pub(crate) leased: &'a Leased,
    /// Whose it is.
    pub(crate) client: &'a Client,
    /// What was handed over.
    pub(crate) original: &'a WorkFile,
    /// SHA-256 of that.
    pub(crate) sha256: &'a str,
}

/// A list, or a bundle of a list and papers.
async fn list(task: &Task<'_>) -> anyhow::Result<ImportOutcome> {
    let Task {
        app, leased, client, ..
    } = *task;
    if let Some(first) = same_content(app, leased, task.sha256).await? {
        return answer_as_duplicate(app, leased, client, task.sha256, first).await;
    }
    let staged = read(app, leased, client, task.original).await?;
    let brought = papers::of_bundle(task, &staged).await?;
    let workbook = tokio::task::spawn_blocking({
        let staged = staged.clone();
        move || reading::is_workbook(&staged)
    })
    .await??;
    let answers = |outcome: &ImportOutcome| plan_answers(client, &app.service.mail, outcome, workbook);
    let outcome = import(task, staged, &brought, &answers).await?;
    if outcome.accepted > 0 {
        papers::claims_came(app, client).await?;
    }
    Ok(outcome)
}

/// The claimed file in the work folder.
async fn claimed(app: &App, delivery: &Delivery) -> anyhow::Result<WorkFile> {
    let (claim, client, code) = (app.inbox.claim(), client_key(delivery)?, delivery.code.clone());
    let taken = tokio::task::spawn_blocking(move || claim.taken(&client, &code)).await?;
    Ok(taken.context("the work folder")?.ok_or(NotTakenYet)?)
}

/// The claimed file, wherever a crash has left it. A row whose file never comes is withdrawn: it would hold up every
/// later delivery of its client.
async fn original(app: &App, delivery: &Delivery) -> anyhow::Result<WorkFile> {
    match claimed(app, delivery).await {
        Err(error) if error.is::<NotTakenYet>() => {}
        found => return found,
    }
    let (claim, client, row) = (app.inbox.claim(), client_key(delivery)?, delivery.clone());
    let late = delivery.claimed_at + PLACING < app.now();
    let look = move || -> io::Result<bool> {
        let expected = claim.is_expected(&client, row.upload_id)?;
        if expected && late && claim.has_incoming(&client, row.upload_id)? {
            claim.place(&client, row.upload_id, &row.code, &row.name)?;
        }
        Ok(expected)
    };
    let expected = tokio::task::spawn_blocking(look).await?.context("the work folder")?;
    // It may have been moved between the two looks.
    match claimed(app, delivery).await {
        Err(error) if error.is::<NotTakenYet>() && !expected => {
            app.store.withdraw(delivery.id, app.now()).await?;
            tracing::info!("no file belongs to the delivery; withdrawn");
            Err(NeverComes.into())
        }
        found => found,
    }
}

/// SHA-256 of what was handed over, lower-case hexadecimal; of a folder that of its files' digests, by name.
async fn digest(app: &App, original: &WorkFile) -> anyhow::Result<String> {
    let (claim, original) = (app.inbox.claim(), original.clone());
    let limit = app.service.papers.max_count.saturating_add(1);
    let hash = move || -> io::Result<String> {
        if !original.path.is_dir() {
            return digest_file(&original.path);
        }
        let mut hasher = Sha256::new();
        for file in claim.message_files(&original, limit)? {
            let name = file.strip_prefix(&original.path).unwrap_or(&file);
            hasher.update(name.as_os_str().as_encoded_bytes());
            hasher.update(format!("\0{}\n", digest_file(&file)?));
        }
        Ok(hex(&hasher.finalize()))
    };
    tokio::task::spawn_blocking(hash).await?.context("reading the original")
}

fn digest_file(file: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut bytes = File::open(file)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut bytes, &mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The delivery whose content this one repeats, if it is not to be worked all the same.
async fn same_content(app: &App, leased: &Leased, sha256: &str) -> anyhow::Result<Option<DeliveryId>> {
    let delivery = &leased.delivery;
    if delivery.forced || delivery.mode == Mode::Validate {
        return Ok(None);
    }
    Ok(app.store.find_same_content(delivery.client_id, sha256).await?)
}

async fn answer_as_duplicate(
    app: &App,
    leased: &Leased,
    client: &Client,
    sha256: &str,
    first: DeliveryId,
) -> anyhow::Result<ImportOutcome> {
    let answers = |outcome: &ImportOutcome| plan_answers(client, &app.service.mail, outcome, false);
    Ok(import::answer_duplicate(&app.store, leased, first, sha256, &answers, app.now()).await?)
}

/// Reads the original in a child process; returns the staged file.
async fn read(app: &App, leased: &Leased, client: &Client, original: &WorkFile) -> anyhow::Result<PathBuf> {
    let staged = original.path.with_file_name(STAGED);
    let source = File::open(&original.path).context("the original")?;
    let order = orders::order(&app.service, client, &app.layouts(), original.size, app.today(client));
    reading::read(source, staged.clone(), &order).await?;
    tracing::debug!(code = leased.delivery.code, "delivery read");
    Ok(staged)
}

/// Imports a staged file with the papers that came.
///
/// # Errors
/// Whatever stopped it; the database is as it was.
pub(crate) async fn import(
    task: &Task<'_>,
    staged: PathBuf,
    papers: &Papers,
    answers: Answers<'_>,
) -> anyhow::Result<ImportOutcome> {
    let Task {
        app,
        leased,
        client,
        sha256,
        ..
    } = *task;
    let reader = tokio::task::spawn_blocking({
        let staged = staged.clone();
        move || reading::open(&staged)
    })
    .await??;
    let (mandates, desk) = (mandates(client), app.desk());
    let versions = serde_json::json!({
        "dropcase": env!("CARGO_PKG_VERSION"),
        "catalogue": dropcase_parsers::catalogue::VERSION,
        "staged": dropcase_parsers::staged::VERSION,
    });
    let versions = versions.to_string();
    let job = ImportJob {
        leased,
        sha256,
        policy: policy(client.policy),
        mandates: &mandates,
        rules: desk.rules(terms::side(client)),
        papers,
        today: app.today(client),
        versions: Some(&versions),
        work_dir: staged.parent().context("the work folder")?,
        answers,
        clock: &|| app.now(),
    };
    let done = app.progress(leased.delivery.id);
    Ok(import::import(&app.store, reader, &job, |records| done.say(records)).await?)
}

fn say(outcome: &ImportOutcome) {
    tracing::info!(
        status = outcome.status.as_str(),
        submitted = outcome.submitted,
        accepted = outcome.accepted,
        rejected = outcome.rejected,
        duplicate = outcome.duplicate,
        withheld = outcome.withheld,
        "delivery worked"
    );
}

/// Moves the original into the client's archive and clears the work folder. What a crash leaves undone here is done at
/// the next start ([`finish_archiving`]).
async fn archive(app: &App, original: WorkFile, delivery: DeliveryId) -> anyhow::Result<()> {
    let client = app
        .client(original.client.as_str())
        .context("the client is in no settings file any more")?;
    let (claim, day) = (app.inbox.claim(), app.today(&client));
    tokio::task::spawn_blocking(move || {
        claim.archive(&original, day)?;
        claim.clear(&original.client, &original.delivery)
    })
    .await?
    .context("the archive")?;
    Ok(app.store.archived(delivery).await?)
}

/// Archives the originals of deliveries whose result was written before `before`: a crash or a full disk came between
/// the two.
///
/// # Errors
/// What the database reports.
pub(crate) async fn finish_archiving(app: &App, before: DateTime<Utc>) -> anyhow::Result<()> {
    let unarchived = app.store.unarchived().await?;
    for delivery in unarchived
        .into_iter()
        .filter(|delivery| delivery.finished_at.is_some_and(|at| at < before))
    {
        let code = delivery.code.clone();
        // One that cannot be archived must not hold up the others, nor the service.
        if let Err(error) = archive_late(app, delivery).await {
            tracing::warn!(code, error = format!("{error:#}"), "not archived");
        }
    }
    Ok(())
}

async fn archive_late(app: &App, delivery: Delivery) -> anyhow::Result<()> {
    match claimed(app, &delivery).await {
        Ok(original) => archive(app, original, delivery.id).await,
        // It was moved, and only the note is missing.
        Err(error) if error.is::<NotTakenYet>() => {
            let (claim, client) = (app.inbox.claim(), client_key(&delivery)?);
            tokio::task::spawn_blocking(move || claim.clear(&client, &delivery.code)).await??;
            Ok(app.store.archived(delivery.id).await?)
        }
        Err(error) => Err(error),
    }
}

/// The client's key of a delivery, as the settings write it.
///
/// # Errors
/// When the database holds a key that no settings file could have.
pub(crate) fn client_key(delivery: &Delivery) -> anyhow::Result<ClientKey> {
    ClientKey::new(&delivery.client_key).context("a client key of the database")
}

pub(crate) fn mandates(client: &Client) -> Vec<MandatePeriod> {
    let period = |mandate: &dropcase_config::Mandate| MandatePeriod {
        from: mandate.from,
        to: mandate.to,
        creditor: mandate.creditor.clone(),
    };
    client.mandates.iter().map(period).collect()
}

pub(crate) fn policy(policy: Policy) -> import::Policy {
    match policy {
        Policy::ValidRows => import::Policy::ValidRows,
        Policy::WholeFile => import::Policy::WholeFile,
    }
}

#[cfg(test)]
mod tests;
