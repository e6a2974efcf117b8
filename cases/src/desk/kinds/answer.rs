//! `answer`: the client answers the oldest open query of its case handler.

use super::message::say;
use super::{Closed, Kind, Phase};
use crate::model::MessageKind;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "answer",
    phase: Phase::Requests,
    closed: Closed::Told,
    apply: |matter| {
        let query = matter.file.open.iter().find(|open| open.kind == MessageKind::Query);
        let query = query.map(|open| (open.id, false));
        if query.is_none() {
            matter.warnings.push(Finding::new(Code::NoOpenQuery));
        }
        say(matter, MessageKind::Answer, query)
    },
    ..Kind::USUAL
};
