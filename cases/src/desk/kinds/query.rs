//! `query`: the case handler asks the client.

use super::message::say;
use super::{Closed, Kind, Phase};
use crate::model::MessageKind;

pub(super) static KIND: Kind = Kind {
    name: "query",
    phase: Phase::Requests,
    for_clients: false,
    closed: Closed::Taken,
    apply: |matter| say(matter, MessageKind::Query, None),
    ..Kind::USUAL
};
