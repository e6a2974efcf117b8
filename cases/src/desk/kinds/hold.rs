//! `hold`: the case rests, until a day or until somebody resumes it.

use super::super::matter::{Done, Matter};
use super::Kind;
use crate::model::Processing;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "hold",
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let until = matter.record.date(Field::Until);
    if until.is_some_and(|until| until < matter.today()) {
        return Err(Finding::new(Code::DatePassed).field(Field::Until).into());
    }
    let mut note = matter.reason();
    if let Some(until) = until {
        note["until"] = until.to_string().into();
    }
    matter.file.set_processing(Processing::Paused, until);
    matter.note("paused", note);
    Ok(())
}
