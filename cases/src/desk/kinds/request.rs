//! `request`: the client asks for a list of its cases or for one in full. It concerns no case of its own.

use super::{Kind, Phase, Target};

pub(super) static KIND: Kind = Kind {
    name: "request",
    phase: Phase::Requests,
    // The back office has the command line and the views.
    for_office: false,
    target: Target::Nothing,
    ..Kind::USUAL
};
