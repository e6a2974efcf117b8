//! Reads `[papers]`.

use std::time::Duration;

use super::Papers;
use crate::quantities::duration;
use crate::reader::Section;

pub(super) fn read(mut section: Section<'_>) -> Papers {
    let papers = Papers {
        max_bytes: section.bytes("max_paper", 1).unwrap_or(25_000_000),
        max_count: section.number("max_papers", 1..=10_000).unwrap_or(200),
        wait: section
            .parsed("wait", duration)
            .unwrap_or(Duration::from_secs(7 * 24 * 3600)),
    };
    section.finish();
    papers
}
