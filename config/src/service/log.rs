//! Reads `[log]`.

use super::Log;
use crate::reader::{Section, nearest};

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

pub(super) fn read(mut section: Section<'_>) -> Log {
    let log = Log {
        filter: section.parsed("filter", filter).unwrap_or_else(|| "info".to_owned()),
    };
    section.finish();
    log
}

/// Directives such as `info` or `warn,dropcase_inbox=debug`: each level must be one that exists.
fn filter(text: &str) -> Result<String, String> {
    for directive in text.split(',') {
        let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level).trim();
        if !LEVELS.contains(&level.to_ascii_lowercase().as_str()) {
            let near = nearest(level, &LEVELS).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(format!(
                "`{level}` is not a level (off, error, warn, info, debug, trace){near}"
            ));
        }
    }
    Ok(text.to_owned())
}
