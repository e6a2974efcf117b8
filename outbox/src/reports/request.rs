//! The answer to a request: which cases are found, and in which shape they are written.

use std::fs::File;
use std::io::BufWriter;

use dropcase_cases::desk::CaseFile;
use dropcase_cases::model::{RequestKind, RequestRow, Visibility};
use dropcase_cases::queries::ListedCase;
use dropcase_config::Client;

use super::found::Finder;
use super::full::{self, Full};
use super::listing::{self, Head};
use super::{Job, View, sheets, utc};
use crate::failure::Failure;
use crate::files::blocking_write;
use crate::names::answer_name;
use crate::source::{RowSender, renew, rows};
use crate::writers::csv::{self, CsvTable};
use crate::writers::html::{self, HtmlTable};
use crate::writers::xlsx::{self, XlsxTable};

/// Cases in full of one answer: a request for one case that means more is answered with the first so many.
const CASES: usize = 100;

/// The extension of an answer's format.
fn extension(format: &str) -> Result<&'static str, Failure> {
    ["csv", "xlsx", "json", "xml", "html"]
        .into_iter()
        .find(|known| *known == format)
        .ok_or(Failure::Broken("UNKNOWN_FORMAT"))
}

/// Writes the answer to the request of this row; returns the name it is to get:
/// `<kind>.<n>-found.<delivery>-<sequence>.<extension>`.
pub(super) async fn write(job: &Job<'_>, id: i64, file: File) -> Result<String, Failure> {
    let request = job.context.store.request(id).await?;
    let request = request
        .filter(|request| request.client_id == job.leased.item.client_id)
        .ok_or(Failure::Broken("NO_REQUEST"))?;
    let extension = extension(&job.leased.item.format)?;
    let finder = Finder::new(&job.context.store, job.client, &request);
    finder.ready(job.leased.item.attempts).await?;
    let found = match request.kind {
        RequestKind::Cases => list(job, &request, file, extension).await?,
        RequestKind::Case => in_full(job, &request, file, extension).await?,
    };
    let delivery = request.delivery.as_deref().unwrap_or("request");
    let name = format!("{}.{found}-found", request.kind);
    Ok(answer_name(
        &name,
        &format!(".{delivery}-{}.{extension}", request.sequence),
    ))
}

/// Sends what is found to a writer.
async fn pump(job: &Job<'_>, request: &RequestRow, mut sender: RowSender<ListedCase>) {
    let mut finder = Finder::new(&job.context.store, job.client, request);
    loop {
        let page = match renew(job.context, job.leased).await {
            Ok(()) => finder.next_page().await,
            Err(error) => Err(error),
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => return sender.fail(error).await,
        };
        if page.is_empty() {
            break;
        }
        for row in page {
            if sender.send(row).await.is_err() {
                return;
            }
        }
    }
    // A writer that ended early says itself why.
    let _ = sender.finish().await;
}

fn head(job: &Job<'_>, schema: &'static str) -> Head {
    Head {
        schema,
        client: job.client.key.as_str().to_owned(),
        made: utc(job.until),
    }
}

fn view(job: &Job<'_>) -> View {
    View {
        language: job.language,
        zone: job.client.time_zone,
    }
}

/// The line below a title: whose cases, and when.
fn about(job: &Job<'_>, client: &Client) -> String {
    let at = job.language.instant(job.until, client.time_zone);
    format!("{} · {at}", client.name)
}

async fn list(job: &Job<'_>, request: &RequestRow, file: File, extension: &'static str) -> Result<u64, Failure> {
    let (sender, mut rows) = rows();
    let (language, until, temp) = (job.language, job.until, job.context.temp_folder());
    let (view, head, about) = (view(job), head(job, "dropcase-cases-1"), about(job, job.client));
    let writer = blocking_write(move || {
        let columns = listing::columns(language);
        let title = language.choice("report", "cases");
        let out = BufWriter::with_capacity(1 << 16, file);
        match extension {
            "json" => listing::write_json(&mut rows, out, &head),
            "xml" => listing::write_list_xml(&mut rows, out, &head),
            "html" => {
                let mut table = HtmlTable::new(out, language, (&title, &about), &columns)?;
                listing::write_table(&mut rows, &mut table, view)
            }
            "xlsx" => {
                std::fs::create_dir_all(&temp)?;
                let mut table = XlsxTable::new(out, &temp, until, language, &title, &columns)?;
                listing::write_table(&mut rows, &mut table, view)
            }
            _ => listing::write_table(&mut rows, &mut CsvTable::new(out, language, &columns)?, view),
        }
    });
    let (written, ()) = tokio::join!(writer, pump(job, request, sender));
    written
}

/// The cases that are found with all that their client may see, as they stand today.
async fn cases(job: &Job<'_>, request: &RequestRow) -> Result<Vec<Full>, Failure> {
    let context = job.context;
    let as_of = job.until.with_timezone(&job.client.time_zone).date_naive();
    let mut finder = Finder::new(&context.store, job.client, request);
    let mut cases = Vec::new();
    loop {
        let page = finder.next_page().await?;
        if page.is_empty() {
            return Ok(cases);
        }
        for row in page {
            if cases.len() == CASES {
                return Ok(cases);
            }
            let case = row.case;
            let detail = context.store.case_by_number(&case.number, Visibility::Client).await?;
            let Some(detail) = detail else { continue };
            let messages = context.store.messages(case.id).await?;
            let account = (context.accounts)(&CaseFile::of(&detail), as_of);
            cases.push(Full {
                detail,
                messages,
                account,
                as_of,
            });
        }
        renew(context, job.leased).await?;
    }
}

async fn in_full(job: &Job<'_>, request: &RequestRow, file: File, extension: &'static str) -> Result<u64, Failure> {
    let cases = cases(job, request).await?;
    let count = u64::try_from(cases.len()).unwrap_or(u64::MAX);
    let as_of = job.until.with_timezone(&job.client.time_zone).date_naive();
    let (language, until, temp) = (job.language, job.until, job.context.temp_folder());
    let (view, head, about) = (view(job), head(job, "dropcase-case-1"), about(job, job.client));
    blocking_write(move || {
        let out = BufWriter::with_capacity(1 << 16, file);
        let tables = || sheets::sections(&cases, view);
        match extension {
            "json" => full::write_json(&cases, out, &head, as_of),
            "xml" => full::write_case_xml(&cases, out, &head, as_of),
            "html" => html::write_sections(out, language, (&language.word("case-title"), &about), &tables()),
            "xlsx" => {
                std::fs::create_dir_all(&temp)?;
                xlsx::write_sections(out, &temp, until, language, &tables())
            }
            _ => csv::write_sections(out, language, &tables()),
        }
    })
    .await?;
    Ok(count)
}
