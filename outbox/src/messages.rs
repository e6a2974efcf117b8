//! What the agency says to a client, as a file for people (`outbox/messages/`) with its papers beside it and, when the
//! client asked for it, as a mail.

mod papers;

use std::fs::File;
use std::io::{BufWriter, Write};

use dropcase_cases::model::{Answer, MessageKind, OutboxItem};
use dropcase_cases::queries::{MessagePaper, MessageRow};
use dropcase_config::{Client, Mail};
use dropcase_parsers::fields::Field;
use serde::{Deserialize, Serialize};

use crate::answers::plan::{MailParams, Notice, addresses};
use crate::context::Context;
use crate::failure::Failure;
use crate::files::blocking_write;
use crate::language::Language;
use crate::mail::notices::Values;
use crate::names::answer_name;
use crate::writers::WriteError;
use crate::writers::csv::{BOM, separator};

/// What a queued message is: its row, or one of its papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct MessageParams {
    message: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paper: Option<i64>,
}

impl MessageParams {
    fn of(item: &OutboxItem) -> Result<Self, Failure> {
        serde_json::from_str(&item.params).map_err(|_| Failure::Broken("PARAMS"))
    }
}

/// A message of the agency and what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    message: MessageRow,
    quoted: Option<MessageRow>,
    papers: Vec<MessagePaper>,
}

impl Said {
    /// The message `id`, where it is for the client of `item`.
    pub(crate) async fn read(context: &Context, item: &OutboxItem, id: i64) -> Result<Self, Failure> {
        let message = context.store.message(id).await?;
        let message = message
            .filter(|message| message.client_id == item.client_id)
            .ok_or(Failure::Broken("NO_MESSAGE"))?;
        let quoted = match message.answers {
            Some(id) => context.store.message(id).await?,
            None => None,
        };
        let papers = context.store.message_papers(message.id).await?;
        Ok(Self {
            message,
            quoted,
            papers,
        })
    }

    /// It says the case, the kind and its number on the case: `<case number>.<kind>.<number>.txt`.
    fn file_name(&self) -> String {
        let message = &self.message;
        answer_name(
            &message.case_number,
            &format!(".{}.{}.txt", message.kind, message.number),
        )
    }

    /// What it is, as a sentence.
    fn kind(&self, client: &Client, language: &Language) -> String {
        match (&self.quoted, self.message.kind) {
            (_, MessageKind::Query) => language.word("message-query"),
            (Some(quoted), _) => {
                let date = language.instant(quoted.at, client.time_zone);
                language.text("message-reply", &[("date", date.into())])
            }
            (None, _) => language.word("message-news"),
        }
    }

    /// The record type by which the client goes on.
    const fn record_type(&self) -> &'static str {
        match self.message.kind {
            MessageKind::Query => "answer",
            _ => "message",
        }
    }

    /// The whole file, with line feeds alone.
    fn text(&self, client: &Client, language: &Language) -> String {
        let message = &self.message;
        let handler = message.handler.as_deref().filter(|handler| !handler.is_empty());
        let head = [
            (language.heading("case_number"), Some(message.case_number.clone())),
            (language.heading("debtor_number"), Some(message.debtor_number.clone())),
            (
                language.word("message-date"),
                Some(language.instant(message.at, client.time_zone)),
            ),
            (language.field(Field::Handler), handler.map(str::to_owned)),
            (language.word("message-kind"), Some(self.kind(client, language))),
        ];
        let width = head.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for (label, value) in head {
            if let Some(value) = value {
                let pad = " ".repeat(width - label.chars().count());
                text.push_str(&format!("{label}:{pad} {}\n", readable(&value)));
            }
        }
        if let Some(quoted) = &self.quoted {
            text.push('\n');
            for line in readable(&quoted.text).lines() {
                text.push_str(format!("> {line}").trim_end());
                text.push('\n');
            }
        }
        text.push_str(&format!("\n{}\n", readable(&message.text).trim_end()));
        text.push_str(&papers::list(self, language));
        text.push_str("\n--\n");
        text.push_str(&self.how_to_go_on(language));
        text
    }

    /// How to answer by file, with lines that may be dropped as they are.
    fn how_to_go_on(&self, language: &Language) -> String {
        let separator = char::from(separator(language.locale())).to_string();
        let how = match self.message.kind {
            MessageKind::Query => "message-how-answer",
            _ => "message-how-more",
        };
        let header = [Field::RecordType, Field::CaseNumber, Field::Text].map(|field| language.field(field));
        let line = [
            self.record_type().to_owned(),
            self.message.case_number.clone(),
            // Quoted, so that what is written in its place may hold the separator and line ends.
            format!("\"{}\"", language.word("message-your-text")),
        ];
        format!(
            "{}\n\n{}\n{}\n",
            language.word(how),
            header.join(&separator),
            line.join(&separator)
        )
    }
}

/// A text as a plain editor shows it: line feeds and tabs, no other control character.
fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// Writes a queued message or a paper of one; returns the name it is to get.
pub(crate) async fn write(
    context: &Context,
    item: &OutboxItem,
    client: &Client,
    file: File,
) -> Result<String, Failure> {
    let params = MessageParams::of(item)?;
    if let Some(paper) = params.paper {
        return papers::write(context, item, (params.message, paper), file).await;
    }
    let said = Said::read(context, item, params.message).await?;
    let text = said.text(client, Language::of(client.locale)).replace('\n', "\r\n");
    blocking_write(move || -> Result<(), WriteError> {
        let mut out = BufWriter::new(file);
        // Without the mark, older editors take the text for the system's code page.
        out.write_all(BOM)?;
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    })
    .await?;
    Ok(said.file_name())
}

/// The mails that bring the message of `item`: one an address when its text lies there and the client asked for it.
pub(crate) async fn announcements(
    context: &Context,
    item: &OutboxItem,
    client: &Client,
    mail: &Mail,
) -> Result<Vec<Answer>, Failure> {
    let params = MessageParams::of(item)?;
    if params.paper.is_some() {
        return Ok(Vec::new());
    }
    let said = Said::read(context, item, params.message).await?;
    if !said.message.reply_by_mail {
        return Ok(Vec::new());
    }
    let letter = |to: &str| MailParams {
        message: Some(said.message.id),
        ..MailParams::new(Notice::Message, to)
    };
    Ok(addresses(client, mail).map(|to| letter(to).answer()).collect())
}

/// What the mail with a message says. Its subject names the case and nobody.
pub(crate) fn letter(said: &Said, language: &Language) -> Values {
    let message = &said.message;
    let args = [
        ("kind", message.kind.as_str().into()),
        ("case", message.case_number.as_str().into()),
        ("file", said.file_name().into()),
        ("papers", said.papers.len().into()),
    ];
    vec![
        ("headline", language.text("message-subject", &args)),
        ("summary", language.text("message-summary", &args)),
        ("text", readable(&message.text).trim_end().to_owned()),
        ("next", language.text("message-next", &args)),
    ]
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn control_characters_do_not_reach_an_editor() {
        assert_eq!(readable("a\r\nb\rc\td\u{1b}[2J\u{0}"), "a\nb\nc\td [2J ");
    }
}
