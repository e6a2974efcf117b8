//! Messages by file: a text in `inbox/messages/`, or a folder with a text and papers. Its name says which case it is
//! about, as that of a paper does. From a client it is a message to its case handler, from the back office a reply to the
//! client.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use dropcase_cases::desk::Side;
use dropcase_cases::import::ImportOutcome;
use dropcase_cases::papers::{Meant, Paper, Papers, With};
use dropcase_outbox::plan_paper;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::paper;
use dropcase_parsers::record::{Record, Value};

use crate::delivery::{self, STAGED, Task};
use crate::{papers, terms};

/// Bytes of a message's text.
const TEXT_BYTES: u64 = 64 << 10;

/// Endings of texts.
const TEXTS: [&str; 2] = ["txt", "md"];

/// What lay in a message.
struct Content {
    text: Result<String, Finding>,
    papers: Vec<Paper>,
}

/// Works a message.
///
/// # Errors
/// Whatever stopped it; the delivery is as it was before.
pub(crate) async fn work(task: &Task<'_>) -> anyhow::Result<ImportOutcome> {
    let (app, delivery) = (task.app, &task.leased.delivery);
    let side = terms::side(task.client);
    let meant = app
        .store
        .meant_by_name(side, delivery.client_id, &delivery.name)
        .await?;
    let content = content(task).await?;
    let kind = match side {
        Side::Client => "message",
        Side::Office => "reply",
    };
    let record = message(kind, &delivery.name, &content, meant);
    let staged = task.original.path.with_file_name(STAGED);
    let write = {
        let staged = staged.clone();
        move || papers::write(&staged, record)
    };
    tokio::task::spawn_blocking(write).await?.context("the staged file")?;
    let answers = |_: &ImportOutcome| plan_paper(task.client, &app.service.mail);
    let papers = Papers::new(content.papers, With::Message);
    delivery::import(task, staged, &papers, &answers).await
}

/// The record of a message.
fn message(kind: &str, name: &str, content: &Content, meant: Option<Meant>) -> Record {
    let mut record = papers::record(kind, name);
    let names: Vec<String> = content.papers.iter().map(|paper| paper.name.clone()).collect();
    if !names.is_empty() {
        record.set(Field::Attachment, Value::List(names));
    }
    match &content.text {
        Ok(text) => record.set(Field::Text, Value::Text(text.clone())),
        Err(finding) => record.findings.push(finding.clone()),
    }
    match meant {
        Some(Meant::One(field, text)) => record.set(field, Value::Text(text)),
        Some(Meant::Several(text)) => record
            .findings
            .push(Finding::new(Code::AmbiguousReference).value(&text)),
        None => record
            .findings
            .push(Finding::new(Code::PaperWithoutCase).arg("paper", name)),
    }
    record
}

/// Reads the text and keeps the papers.
async fn content(task: &Task<'_>) -> anyhow::Result<Content> {
    let (claim, original, limit) = (
        task.app.inbox.claim(),
        task.original.clone(),
        task.app.service.papers.max_count,
    );
    let files = tokio::task::spawn_blocking(move || match original.path.is_dir() {
        // The text is no paper.
        true => claim.message_files(&original, limit + 1),
        false => Ok(vec![original.path]),
    })
    .await?
    .context("the message")?;
    if files.len() > limit + 1 {
        return Ok(Content {
            text: Err(Finding::new(Code::TooManyPapers).arg("limit", limit)),
            papers: Vec::new(),
        });
    }
    let text = files.iter().position(|file| is_text(file));
    let mut papers = Vec::new();
    for (place, file) in files.iter().enumerate().filter(|(place, _)| Some(*place) != text) {
        let within = file.strip_prefix(&task.original.path).unwrap_or(file);
        let name = match within.as_os_str().is_empty() {
            true => task.leased.delivery.name.clone(),
            false => within.to_string_lossy().into_owned(),
        };
        // Papers of one name in two spellings are told apart by their place.
        let name = if papers
            .iter()
            .any(|paper: &Paper| paper.name.eq_ignore_ascii_case(&name))
        {
            format!("{place} {name}")
        } else {
            name
        };
        papers.push(tokio::task::spawn_blocking(papers::keep_file(task, file.clone(), name)).await??);
    }
    let text = match text.map(|place| files[place].clone()) {
        Some(file) => tokio::task::spawn_blocking(move || read_text(&file)).await??,
        None => Err(Finding::new(Code::MessageWithoutText)),
    };
    Ok(Content { text, papers })
}

fn is_text(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| TEXTS.iter().any(|text| text.eq_ignore_ascii_case(ending)))
}

fn read_text(file: &Path) -> anyhow::Result<Result<String, Finding>> {
    let mut bytes = Vec::new();
    let file = File::open(file).context("the text")?;
    file.take(TEXT_BYTES + 1).read_to_end(&mut bytes).context("the text")?;
    if bytes.len() as u64 > TEXT_BYTES {
        return Ok(Err(Finding::new(Code::FieldTooLong)
            .field(Field::Text)
            .arg("limit", TEXT_BYTES)));
    }
    Ok(paper::text(&bytes).map_err(|finding| match finding.code {
        Code::EmptyFile => Finding::new(Code::MessageWithoutText),
        _ => finding,
    }))
}

#[cfg(test)]
pub(crate) mod tests;
