//! From a row of the outbox to a file in a client's outbox: what is written where, and the steps of publishing it.

use std::io::{self, BufWriter};
use std::sync::Arc;

use dropcase_cases::model::{DeliveryId, OutboxItem, OutboxKind, OutboxState, OutgoingLeased};
use dropcase_cases::queries::ResultFilter;
use dropcase_config::Client;

use crate::answers::facts::{Facts, Line};
use crate::answers::{acknowledgement, correction, program, receipt};
use crate::context::Context;
use crate::failure::Failure;
use crate::language::Language;
use crate::names::numbered;
use crate::publish::{Folder, Temp};
use crate::source::{Rows, pump_results, rows};
use crate::writers::csv::CsvTable;
use crate::writers::xlsx::XlsxTable;
use crate::writers::{TableWriter, WriteError};
use crate::{messages, reports};

/// Records up to which an acknowledgement reads the cells of those that go back.
const RAW_RECORDS: i64 = 20_000;
/// Names that are tried before a folder is given up.
const NAMES: u32 = 1_000;

/// Takes a leased file to its end: finishes what an earlier attempt staged, or makes and publishes it.
pub(crate) async fn deliver(context: &Context, leased: &OutgoingLeased) -> Result<(), Failure> {
    let item = &leased.item;
    let folder = open(context, item).await?;
    if item.state == OutboxState::Staged {
        return finish(context, leased, &folder).await;
    }
    let client = (context.clients)(&item.client_key).ok_or(Failure::Broken("CLIENT_WITHOUT_SETTINGS"))?;
    let Some((temp, wanted)) = make(context, leased, &client, &folder).await? else {
        context.store.done(leased, context.now()).await?;
        return Ok(());
    };
    publish(context, leased, &folder, &temp.name, &wanted).await
}

/// The folder for a kind of file, below the client's own.
fn subfolder(kind: OutboxKind) -> &'static str {
    match kind {
        OutboxKind::Correction => "outbox/corrections",
        OutboxKind::Report => "outbox/reports",
        OutboxKind::Settlement => "outbox/settlements",
        OutboxKind::Message => "outbox/messages",
        OutboxKind::Acknowledgement | OutboxKind::Receipt | OutboxKind::Mail => "outbox/acknowledgements",
    }
}

async fn open(context: &Context, item: &OutboxItem) -> Result<Arc<Folder>, Failure> {
    let client = context.client_folder(&item.client_key);
    let below = subfolder(item.kind);
    Ok(Arc::new(blocking(move || Folder::open(&client, below)).await?))
}

/// Writes and syncs the temporary file; returns it with the name it is to get. `None`: there is nothing to say.
async fn make(
    context: &Context,
    leased: &OutgoingLeased,
    client: &Arc<Client>,
    folder: &Arc<Folder>,
) -> Result<Option<(Temp, String)>, Failure> {
    let (id, fence) = (leased.item.id.0, leased.fence);
    let place = folder.clone();
    let temp = blocking(move || place.create(id, fence)).await?;
    let file = temp.file.try_clone().map_err(Failure::from)?;
    let made = match leased.item.kind {
        OutboxKind::Acknowledgement => acknowledge(context, leased, client, file).await,
        OutboxKind::Correction => correct(context, leased, client, file).await,
        OutboxKind::Receipt => confirm(context, leased, file).await,
        OutboxKind::Report => reports::write(context, leased, client, file).await.map(Some),
        OutboxKind::Message => messages::write(context, &leased.item, client, file).await.map(Some),
        OutboxKind::Settlement | OutboxKind::Mail => Err(Failure::Broken("KIND_NOT_WRITTEN")),
    };
    match made {
        Ok(Some(wanted)) => {
            let temp = blocking(move || temp.sync().map(|()| temp)).await?;
            Ok(Some((temp, wanted)))
        }
        other => {
            let (place, name) = (folder.clone(), temp.name);
            blocking(move || place.remove(&name)).await?;
            other.map(|_| None)
        }
    }
}

/// Renames the synced file to `wanted` or the next name that is free, and notes each step.
async fn publish(
    context: &Context,
    leased: &OutgoingLeased,
    folder: &Arc<Folder>,
    temp: &str,
    wanted: &str,
) -> Result<(), Failure> {
    for number in 1..=NAMES {
        let name = if number == 1 {
            wanted.to_owned()
        } else {
            numbered(wanted, number)
        };
        let (place, look) = (folder.clone(), name.clone());
        if blocking(move || place.has(&look)).await? {
            continue;
        }
        let path = format!("{}/{name}", subfolder(leased.item.kind));
        context.store.staged(leased, temp, &path).await?;
        let (place, temp) = (folder.clone(), temp.to_owned());
        match blocking_io(move || place.publish(&temp, &name).and_then(|()| place.sync())).await? {
            // Somebody took the name in between: the row is staged anew under the next one.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => {
                other.map_err(Failure::from)?;
                return settle(context, leased, &path).await;
            }
        }
    }
    Err(Failure::Broken("NO_NAME_LEFT"))
}

/// Goes on after a crash: a missing temporary file means that it was published, and perhaps taken, before.
async fn finish(context: &Context, leased: &OutgoingLeased, folder: &Arc<Folder>) -> Result<(), Failure> {
    let (Some(temp), Some(path)) = (leased.item.temp_name.clone(), leased.item.file_name.clone()) else {
        return Err(Failure::Broken("STAGED_WITHOUT_NAMES"));
    };
    let (place, look) = (folder.clone(), temp.clone());
    if blocking(move || place.has(&look)).await? {
        let wanted = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name);
        return publish(context, leased, folder, &temp, wanted).await;
    }
    let place = folder.clone();
    blocking(move || place.sync()).await?;
    settle(context, leased, &path).await
}

/// The file lies there: the row is done, and the mails that tell of it are queued with that.
async fn settle(context: &Context, leased: &OutgoingLeased, path: &str) -> Result<(), Failure> {
    let (item, mail) = (&leased.item, &context.service.mail);
    let mails = match ((context.clients)(&item.client_key), item.kind) {
        (Some(client), OutboxKind::Report) => reports::announcements(item, &client, mail, path)?,
        (Some(client), OutboxKind::Message) => messages::announcements(context, item, &client, mail).await?,
        _ => Vec::new(),
    };
    context.store.done_and_told(leased, &mails, context.now()).await?;
    Ok(())
}

/// The delivery that a row answers.
pub(crate) async fn facts(context: &Context, item: &OutboxItem) -> Result<Facts, Failure> {
    let id = item.delivery_id.ok_or(Failure::Broken("NO_DELIVERY"))?;
    let detail = context
        .store
        .delivery_detail(id)
        .await?
        .ok_or(Failure::Broken("NO_DELIVERY"))?;
    let facts = Facts::new(detail);
    if facts.records_of() == id {
        return Ok(facts);
    }
    match context.store.delivery_detail(facts.records_of()).await? {
        Some(first) => Ok(facts.with_first(first)),
        None => Ok(facts),
    }
}

async fn acknowledge(
    context: &Context,
    leased: &OutgoingLeased,
    client: &Client,
    file: std::fs::File,
) -> Result<Option<String>, Failure> {
    let facts = facts(context, &leased.item).await?;
    let language = Language::of(client.locale);
    let format = leased.item.format.clone();
    let temp = context.temp_folder();
    let name = acknowledgement::file_name(&facts, extension(&format)?);
    let delivery = facts.delivery();
    // The client sees its values as it wrote them; only records that go back keep them. Reading them makes small
    // pages: in a large list the messages show masked values, and the correction file the cells.
    let filter = ResultFilter {
        raw: delivery.rejected > 0 && delivery.submitted <= RAW_RECORDS,
        ..ResultFilter::default()
    };
    let (id, made_at) = (facts.records_of(), facts.finished());
    with_lines(context, leased, id, filter, move |mut lines| {
        let out = BufWriter::with_capacity(1 << 16, &file);
        match format.as_str() {
            "json" => program::write_json(&facts, &mut lines, out, language),
            "xml" => program::write_xml(&facts, &mut lines, out, language),
            "xlsx" => {
                let columns = acknowledgement::columns(language);
                let title = language.word("ack-sheet");
                let mut table = XlsxTable::new(out, &temp, made_at, language, &title, &columns)?;
                acknowledgement::write(&facts, &mut lines, &mut table, language)
            }
            _ => {
                let mut table = CsvTable::new(out, language, &acknowledgement::columns(language))?;
                acknowledgement::write(&facts, &mut lines, &mut table as &mut dyn TableWriter, language)
            }
        }
    })
    .await?;
    Ok(Some(name))
}

async fn correct(
    context: &Context,
    leased: &OutgoingLeased,
    client: &Client,
    file: std::fs::File,
) -> Result<Option<String>, Failure> {
    let facts = facts(context, &leased.item).await?;
    let language = Language::of(client.locale);
    let temp = context.temp_folder();
    let name = correction::file_name(&facts);
    let id = facts.delivery().id;
    let filter = ResultFilter {
        goes_back: true,
        raw: true,
        ..ResultFilter::default()
    };
    let count = with_lines(context, leased, id, filter, move |mut lines| {
        correction::write(&facts, &mut lines, &file, &temp, language)
    })
    .await?;
    Ok((count > 0).then_some(name))
}

async fn confirm(context: &Context, leased: &OutgoingLeased, file: std::fs::File) -> Result<Option<String>, Failure> {
    let facts = facts(context, &leased.item).await?;
    let name = receipt::file_name(&facts);
    blocking_write(move || receipt::write(&facts, BufWriter::new(&file))).await?;
    Ok(Some(name))
}

fn extension(format: &str) -> Result<&'static str, Failure> {
    ["csv", "xlsx", "json", "xml"]
        .into_iter()
        .find(|known| *known == format)
        .ok_or(Failure::Broken("UNKNOWN_FORMAT"))
}

/// Runs a blocking writer over the results of a delivery and keeps the lease meanwhile.
async fn with_lines<T: Send + 'static>(
    context: &Context,
    leased: &OutgoingLeased,
    delivery: DeliveryId,
    filter: ResultFilter,
    write: impl FnOnce(Rows<Line>) -> Result<T, WriteError> + Send + 'static,
) -> Result<T, Failure> {
    let temp = context.temp_folder();
    let (sender, lines) = rows();
    let writer = blocking_write(move || {
        std::fs::create_dir_all(&temp)?;
        write(lines)
    });
    let pump = pump_results(context, leased, delivery, filter, sender);
    let (written, ()) = tokio::join!(writer, pump);
    written
}

/// Runs file work off the runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Failure> {
    Ok(blocking_io(work).await??)
}

async fn blocking_io<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<io::Result<T>, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::Broken("PANIC"))
}

pub(crate) async fn blocking_write<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WriteError> + Send + 'static,
) -> Result<T, Failure> {
    Ok(tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::Broken("PANIC"))??)
}
