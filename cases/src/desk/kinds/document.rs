//! `document`: papers for a case. The same content is one paper of a case, however often it comes.

use super::super::matter::{Done, Matter, Refusal};
use super::{Closed, Kind, Phase};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "document",
    phase: Phase::Requests,
    closed: Closed::Told,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let (papers, findings) = matter.desk.papers.of(matter.record);
    if let Some(finding) = findings.into_iter().next() {
        return Err(finding.into());
    }
    if papers.is_empty() {
        return Err(Finding::new(Code::Required).field(Field::Attachment).into());
    }
    match matter.file_papers(&papers, matter.visibility()) {
        0 => Err(Refusal::Duplicate),
        _ => Ok(()),
    }
}
