//! `history_entry`: a letter, a text message, a call, a visit, an agreement, a note. Internal unless it is marked for the
//! client.

use super::{Closed, Kind};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

/// What an entry may be, with its kind in the history.
const KINDS: [(&str, &str); 6] = [
    ("letter", "letter"),
    ("sms", "sms"),
    ("call", "call"),
    ("visit", "visit"),
    ("agreement", "agreement"),
    ("note", "note"),
];

pub(super) static KIND: Kind = Kind {
    name: "history_entry",
    for_clients: false,
    closed: Closed::Taken,
    apply: |matter| {
        let text = matter
            .text(Field::Text)
            .ok_or_else(|| Finding::new(Code::Required).field(Field::Text))?;
        let named = matter.text(Field::EntryKind).unwrap_or("note");
        let Some((_, kind)) = KINDS.into_iter().find(|(name, _)| *name == named) else {
            return Err(Finding::new(Code::ValueNotAllowed)
                .field(Field::EntryKind)
                .value(named)
                .into());
        };
        let mut note = serde_json::json!({ "text": text });
        if let Some(day) = matter.record.date(Field::ValueDate) {
            note["day"] = day.to_string().into();
        }
        let visibility = matter.visibility();
        matter.file.note(kind, visibility, note);
        Ok(())
    },
    ..Kind::USUAL
};
