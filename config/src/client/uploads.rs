//! Reads when an upload counts as finished, and whether plain FTP is allowed.

use super::Completion;
use crate::quantities::positive_duration;
use crate::reader::Section;

/// Quiet time after a close that `hold` waits for.
const SETTLE_MS: u64 = 3_000;

#[derive(Clone, Copy, PartialEq)]
enum Rule {
    Hold,
    Rename,
    Marker,
}

pub(super) fn read(root: &mut Section<'_>) -> (Completion, bool) {
    let rules = [("hold", Rule::Hold), ("rename", Rule::Rename), ("marker", Rule::Marker)];
    let rule = root.choice("completion", &rules).unwrap_or(Rule::Hold);
    let settle = root.parsed("settle", positive_duration);
    let plain_ftp = root.flag("plain_ftp").unwrap_or(false);
    if rule != Rule::Hold && settle.is_some() {
        root.mistake("settle", "belongs to completion = \"hold\" alone; remove it");
    }
    if rule == Rule::Hold && plain_ftp {
        let message =
            "plain FTP cannot tell an end from a break; write completion = \"rename\" or \"marker\" beside it";
        root.mistake("plain_ftp", message);
    }
    let settle_ms = settle.map_or(SETTLE_MS, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX));
    let completion = match rule {
        Rule::Hold => Completion::Hold { settle_ms },
        Rule::Rename => Completion::Rename,
        Rule::Marker => Completion::Marker,
    };
    (completion, plain_ftp)
}
