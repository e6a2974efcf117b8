//! `reply`: the case handler answers the client's oldest open message, or writes on their own account.

use super::message::say;
use super::{Closed, Kind, Phase};
use crate::model::MessageKind;

pub(super) static KIND: Kind = Kind {
    name: "reply",
    phase: Phase::Requests,
    for_clients: false,
    closed: Closed::Taken,
    apply: |matter| {
        let message = matter.file.open.iter().find(|open| open.kind == MessageKind::Message);
        let message = message.map(|open| (open.id, open.reply_by_mail));
        say(matter, MessageKind::Reply, message)
    },
    ..Kind::USUAL
};
