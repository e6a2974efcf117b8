//! Reads `[[mandate]]`.

use super::{Creditor, Mandate};
use crate::reader::Section;

pub(super) fn read(root: &mut Section<'_>, creditors: &[Creditor]) -> Vec<Mandate> {
    let mut mandates = Vec::new();
    if !root.has("mandate") && root.is_present() {
        root.mistake(
            "mandate",
            "is missing; write [[mandate]] with `from = 2026-01-01`, else no claim may be handed over",
        );
    }
    for mut section in root.sections("mandate") {
        let from = section.date("from");
        let to = section.date("to");
        let creditor = section.text("creditor");
        section.require("from", "the first day, such as 2026-01-01");
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            section.mistake("to", format!("{to} lies before `from` ({from})"));
        }
        if let Some(code) = creditor.as_deref()
            && !creditors.iter().any(|c| c.code == code)
        {
            section.mistake(
                "creditor",
                format!("`{code}` is not the code of a [[creditor]] of this client"),
            );
        }
        section.finish();
        mandates.extend(from.map(|from| Mandate { from, to, creditor }));
    }
    mandates
}
