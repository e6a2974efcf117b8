//! Reads `[limits]`.

use std::time::Duration;

use super::Limits;
use crate::quantities::{duration, positive_duration};
use crate::reader::Section;

/// A parser maps its own code and one buffer a column before it reads a byte: below this none starts.
const LEAST_PARSER_MEMORY: u64 = 64 << 20;

pub(super) fn read(mut section: Section<'_>) -> Limits {
    let limits = Limits {
        max_file_bytes: section.bytes("max_file", 1).unwrap_or(2 << 30),
        max_waiting_files: section.number("max_waiting_files", 1..=10_000_000).unwrap_or(100_000),
        disk_reserve_bytes: section.bytes("disk_reserve", 0).unwrap_or(1 << 30),
        parser_memory_bytes: section.bytes("parser_memory", LEAST_PARSER_MEMORY).unwrap_or(2 << 30),
        parser_cpu: section
            .parsed("parser_cpu", whole_seconds)
            .unwrap_or(Duration::from_secs(10 * 60)),
        workers: section.number("workers", 1..=256).unwrap_or(2),
        stat_grace: section
            .parsed("stat_grace", duration)
            .unwrap_or(Duration::from_secs(60)),
        partial_keep: section
            .parsed("partial_keep", positive_duration)
            .unwrap_or(Duration::from_secs(24 * 3600)),
        quarantine_keep: section
            .parsed("quarantine_keep", positive_duration)
            .unwrap_or(Duration::from_secs(90 * 24 * 3600)),
        scan_interval: section
            .parsed("scan_interval", positive_duration)
            .unwrap_or(Duration::from_secs(60)),
    };
    section.finish();
    limits
}

/// The operating system counts processor time of a process in whole seconds.
fn whole_seconds(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        time if time >= Duration::from_secs(1) => Ok(time),
        _ => Err(format!("`{text}` is too short; at least \"1s\" is needed")),
    }
}
