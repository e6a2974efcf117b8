//! Reads `[[creditor]]` of a master client.

use super::Creditor;
use crate::reader::Section;

/// Longest code; the field `creditor` of a record has the same bound.
const LONGEST_CODE: usize = 40;

pub(super) fn read(root: &mut Section<'_>, back_office: bool) -> Vec<Creditor> {
    if back_office && root.has("creditor") {
        root.mistake(
            "creditor",
            "belongs to a client that hands claims over; remove it or back_office",
        );
    }
    let mut creditors: Vec<Creditor> = Vec::new();
    for mut section in root.sections("creditor") {
        let code = section.parsed("code", |text| match text.trim() {
            "" => Err("is empty".to_owned()),
            code if code.chars().count() > LONGEST_CODE => Err(format!("is longer than {LONGEST_CODE} characters")),
            code => Ok(code.to_owned()),
        });
        let name = section.text("name");
        if code
            .as_ref()
            .is_some_and(|code| creditors.iter().any(|c| c.code == *code))
        {
            section.mistake("code", "stands at another creditor already; codes are unique");
        }
        section.require("code", "what the records say in their field `creditor`");
        section.require("name", "the creditor's name as it stands on letters");
        section.finish();
        // A creditor whose name is wrong still counts for the mandates that name its code.
        if let Some(code) = code {
            creditors.push(Creditor {
                code,
                name: name.unwrap_or_default(),
            });
        }
    }
    creditors
}
