//! What has not left.

use crate::cli::table::{Column, table};
use crate::cli::words::time;
use crate::commands::outbox::{OutboxLine, OutboxList};

/// The list.
pub(crate) fn list(list: &OutboxList) -> String {
    const COLUMNS: [Column; 8] = [
        Column::Right("ID"),
        Column::Left("CLIENT"),
        Column::Left("QUEUED"),
        Column::Left("ANSWER"),
        Column::Left("FORMAT"),
        Column::Left("DELIVERY"),
        Column::Right("ATTEMPTS"),
        Column::Left("STATE"),
    ];
    table(&COLUMNS, list.outbox.iter().map(row), "Everything has left.")
}

fn row(line: &OutboxLine) -> Vec<String> {
    vec![
        line.id.to_string(),
        line.client.clone(),
        time(line.queued, &line.time_zone),
        line.kind.clone(),
        line.format.clone(),
        line.delivery.clone().unwrap_or_default(),
        line.attempts.to_string(),
        state(line),
    ]
}

fn state(line: &OutboxLine) -> String {
    let state = match line.state.as_str() {
        "failed" => "given up",
        _ => "waiting",
    };
    match &line.error {
        Some(error) => format!("{state} ({error})"),
        None => state.to_owned(),
    }
}

/// What is tried again.
pub(crate) fn retried(line: &OutboxLine) -> String {
    format!("It is tried again: {} {} of {}.\n", line.kind, line.id, line.client)
}
