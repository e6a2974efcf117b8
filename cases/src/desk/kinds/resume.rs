//! `resume`: a case that rests goes on.

use super::super::matter::{Done, Matter};
use super::Kind;
use crate::model::Processing;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "resume",
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    if matter.file.case.processing != Processing::Paused {
        return Err(Finding::new(Code::NotPaused).field(Field::CaseNumber).into());
    }
    let note = matter.reason();
    matter.file.set_processing(Processing::InProgress, None);
    matter.note("resumed", note);
    Ok(())
}
