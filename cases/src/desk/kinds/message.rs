//! `message`: the client writes to its case handler. Papers that it names are filed on the case and tied to it; those of
//! the agency go to the client with it. A message by file (`inbox/messages/`) answers the oldest open query of the case,
//! if there is one.

use super::super::file::NewMessage;
use super::super::matter::{Done, Matter};
use super::{Closed, Kind, Phase};
use crate::model::{MessageKind, Visibility};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding, Severity};

pub(super) static KIND: Kind = Kind {
    name: "message",
    phase: Phase::Requests,
    closed: Closed::Told,
    apply: |matter| {
        // Who sends a file has no other way to say that it answers what was asked.
        let query = matter.file.open.iter().find(|open| open.kind == MessageKind::Query);
        match query.filter(|_| matter.desk.papers.is_message()) {
            Some(query) => {
                let query = (query.id, false);
                say(matter, MessageKind::Answer, Some(query))
            }
            None => say(matter, MessageKind::Message, None),
        }
    },
    ..Kind::USUAL
};

/// Writes a message down.
pub(super) fn say(matter: &mut Matter<'_>, kind: MessageKind, answers: Option<(i64, bool)>) -> Done {
    let text = matter
        .text(Field::Text)
        .ok_or_else(|| Finding::new(Code::Required).field(Field::Text))?;
    let text = text.to_owned();
    let (papers, findings) = matter.desk.papers.of(matter.record);
    let visibility = match kind.is_from_agency() {
        // Whatever else the record says: it is sent to the client.
        true => Visibility::Client,
        false => matter.visibility(),
    };
    if let (true, Some(finding)) = (kind.is_from_agency(), findings.first()) {
        // What the agency says leaves as it was meant, or not at all.
        return Err(finding.clone().into());
    }
    matter.file_papers(&papers, visibility);
    let warning = |finding: Finding| finding.severity(Severity::Warning);
    matter.warnings.extend(findings.into_iter().map(warning));
    let message = NewMessage {
        kind,
        papers: papers.iter().map(|(_, stored)| stored.sha256.clone()).collect(),
        text,
        reply_by_mail: matter.is_true(Field::ReplyByMail) || answers.is_some_and(|(_, by_mail)| by_mail),
        answers: answers.map(|(id, _)| id),
    };
    if let Some((id, _)) = answers {
        matter.file.open.retain(|open| open.id != id);
    }
    matter.file.changes.messages.push(message);
    Ok(())
}
