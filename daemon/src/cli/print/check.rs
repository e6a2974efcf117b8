//! What `check` says.

use super::findings::findings;
use crate::commands::check::CheckShape;

/// The outcome in one sentence, then the findings.
pub(crate) fn check(name: &str, shape: &CheckShape) -> String {
    let mut text = format!("{name}: {}\n", sentence(shape));
    let listed = findings(&shape.findings);
    if !listed.is_empty() {
        text += &format!("\n{listed}");
    }
    if shape.findings_left_out > 0 {
        text += &format!("\n{} more findings are not shown.\n", shape.findings_left_out);
    }
    text
}

fn sentence(shape: &CheckShape) -> String {
    let mut parts = vec![format!("{} of {} would be taken over", shape.accepted, shape.submitted)];
    for (number, word) in [
        (shape.rejected, "rejected"),
        (shape.duplicate, "handed over before"),
        (shape.withheld, "good, but held back"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    format!("{} ({})", parts.join(", "), shape.status)
}
