//! `close`: the case ends, with a reason.

use super::super::matter::{Done, Matter};
use super::{Kind, Phase};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "close",
    phase: Phase::Ends,
    for_clients: false,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let reason = matter.text(Field::ClosingReason).map(str::to_owned);
    let reason = reason.ok_or_else(|| Finding::new(Code::Required).field(Field::ClosingReason))?;
    let mut note = matter.reason();
    note["closing_reason"] = reason.clone().into();
    matter.file.close(&reason);
    matter.note("closed", note);
    Ok(())
}
