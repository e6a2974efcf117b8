//! The mails that the demo's client would have got: the transport writes each as a file.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use dropcase_config::MailTransport;
use mailparse::{MailHeaderMap, ParsedMail};

use super::home::Home;

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// A mail, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mail {
    /// Where it lies.
    pub(super) file: PathBuf,
    /// Recipient.
    pub(super) to: String,
    /// Subject.
    pub(super) subject: String,
    /// The text part.
    pub(super) text: String,
}

/// The mails that lie there.
pub(super) fn files(home: &Home) -> anyhow::Result<BTreeSet<PathBuf>> {
    let MailTransport::Folder(folder) = &home.service.mail.transport else {
        return Ok(BTreeSet::new());
    };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.context("the mails")?,
    };
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let is_mail = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "eml");
    Ok(paths.context("the mails")?.into_iter().filter(is_mail).collect())
}

/// Waits until `count` mails have come since `before`.
pub(super) async fn wait_for(home: &Home, before: &BTreeSet<PathBuf>, count: usize) -> anyhow::Result<Vec<Mail>> {
    let mut look = tokio::time::interval(LOOK);
    loop {
        look.tick().await;
        let new: Vec<PathBuf> = files(home)?.difference(before).cloned().collect();
        if new.len() >= count {
            let mut mails = new.into_iter().map(read).collect::<anyhow::Result<Vec<Mail>>>()?;
            mails.sort_by(|one, other| one.subject.cmp(&other.subject));
            return Ok(mails);
        }
    }
}

fn read(file: PathBuf) -> anyhow::Result<Mail> {
    let bytes = std::fs::read(&file).context("a mail")?;
    let mail = mailparse::parse_mail(&bytes).context("a mail")?;
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
    Ok(Mail {
        to: header("To"),
        subject: header("Subject"),
        text: text(&mail).context("a mail without text")?.replace("\r\n", "\n"),
        file,
    })
}

/// The first part of plain text.
fn text(part: &ParsedMail<'_>) -> Option<String> {
    match part.ctype.mimetype.as_str() {
        "text/plain" => part.get_body().ok(),
        _ => part.subparts.iter().find_map(text),
    }
}
