//! `handler_change`: somebody else works on the case, or nobody.

use super::{Closed, Kind};
use dropcase_parsers::fields::Field;

pub(super) static KIND: Kind = Kind {
    name: "handler_change",
    for_clients: false,
    closed: Closed::Taken,
    apply: |matter| {
        let handler = matter.text(Field::Handler).map(str::to_owned);
        let mut note = matter.reason();
        note["to"] = handler.clone().into();
        matter.file.case.handler = handler;
        matter.file.changes.case = true;
        matter.note("handler", note);
        Ok(())
    },
    ..Kind::USUAL
};
