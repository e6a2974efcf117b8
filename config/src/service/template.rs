//! The commented `dropcase.toml` that `dropcase init` writes.

/// Lines that start with `#` and a key (no space between) are settings with their defaults; `# ` starts prose.
const TEXT: &str = include_str!("../templates/dropcase.toml");

pub(super) fn render(agency: &str) -> String {
    let quoted = toml_edit::Value::from(agency).to_string();
    TEXT.replacen("\"@AGENCY@\"", &quoted, 1)
}
