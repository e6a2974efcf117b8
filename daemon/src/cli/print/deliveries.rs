//! Deliveries.

use super::findings::findings;
use crate::cli::table::{Column, pairs, table};
use crate::cli::words::{money, time};
use crate::commands::deliveries::{DeliveryLine, DeliveryList, DeliveryShown, OutboxShape};

/// The list.
pub(crate) fn list(list: &DeliveryList) -> String {
    const COLUMNS: [Column; 10] = [
        Column::Left("ID"),
        Column::Left("CLIENT"),
        Column::Left("ARRIVED"),
        Column::Left("FILE"),
        Column::Left("STATUS"),
        Column::Right("RECORDS"),
        Column::Right("ACCEPTED"),
        Column::Right("REJECTED"),
        Column::Right("DUPLICATE"),
        Column::Right("WITHHELD"),
    ];
    table(&COLUMNS, list.deliveries.iter().map(row), "There are no deliveries.")
}

fn row(delivery: &DeliveryLine) -> Vec<String> {
    let number = |number: i64| number.to_string();
    vec![
        delivery.id.clone(),
        delivery.client.clone(),
        time(delivery.arrived, &delivery.time_zone),
        delivery.file.clone(),
        status(delivery),
        number(delivery.submitted),
        number(delivery.accepted),
        number(delivery.rejected),
        number(delivery.duplicate),
        number(delivery.withheld),
    ]
}

/// The result, else how far it is; a validation says so.
fn status(delivery: &DeliveryLine) -> String {
    let status = match (&delivery.status, delivery.state.as_str()) {
        (_, "quarantined") => "in quarantine",
        (_, "dropped") => "dropped",
        (Some(status), _) => status,
        (None, "claimed") => "in work",
        (None, state) => state,
    };
    match delivery.mode.as_str() {
        "validate" => format!("{status} (validation)"),
        _ => status.to_owned(),
    }
}

/// One delivery with its findings.
pub(crate) fn show(shown: &DeliveryShown) -> String {
    let line = &shown.line;
    let at = |moment: Option<_>| moment.map(|moment| time(moment, &line.time_zone)).unwrap_or_default();
    let from = shown
        .remote
        .as_ref()
        .map_or_else(String::new, |remote| format!(" from {remote}"));
    let mut text = pairs([
        ("Delivery", line.id.clone()),
        ("Client", line.client.clone()),
        ("File", line.file.clone()),
        ("Path", shown.path.clone()),
        ("Size", format!("{} bytes", shown.size)),
        ("SHA-256", shown.sha256.clone().unwrap_or_default()),
        (
            "Handed over",
            format!("{} by {} ({}{from})", at(Some(line.arrived)), shown.by, shown.protocol),
        ),
        ("Status", status(line)),
        ("First delivery", shown.first_delivery.clone().unwrap_or_default()),
        ("Records", records(line)),
        (
            "Attempts",
            if shown.attempts > 1 {
                shown.attempts.to_string()
            } else {
                String::new()
            },
        ),
        ("Answered", at(shown.finished)),
    ]);
    text += &sums(shown);
    let listed = findings(&shown.findings);
    if !listed.is_empty() {
        text += &format!("\n{listed}");
    }
    let counted: i64 = shown.finding_counts.iter().map(|count| count.count).sum();
    let of_records = shown
        .findings
        .iter()
        .filter(|finding| finding.outcome.is_some())
        .count();
    if usize::try_from(counted).is_ok_and(|counted| counted > of_records) {
        text += &format!("\n{of_records} of {counted} findings of records are shown.\n");
    }
    text + &outbox(&shown.outbox)
}

fn records(line: &DeliveryLine) -> String {
    let mut text = format!("{} handed over: {} accepted", line.submitted, line.accepted);
    for (number, word) in [
        (line.rejected, "rejected"),
        (line.duplicate, "duplicate"),
        (line.withheld, "withheld"),
    ] {
        if number > 0 {
            text += &format!(", {number} {word}");
        }
    }
    text
}

fn sums(shown: &DeliveryShown) -> String {
    if shown.sums.is_empty() {
        return String::new();
    }
    const COLUMNS: [Column; 4] = [
        Column::Left("RECORD TYPE"),
        Column::Left("OUTCOME"),
        Column::Right("RECORDS"),
        Column::Right("AMOUNT"),
    ];
    let rows = shown.sums.iter().map(|sum| {
        let amount = if sum.currency.is_empty() {
            String::new()
        } else {
            money(&sum.amount, &sum.currency)
        };
        vec![
            sum.record_type.clone(),
            sum.outcome.clone(),
            sum.records.to_string(),
            amount,
        ]
    });
    format!("\n{}", table(&COLUMNS, rows, ""))
}

fn outbox(outbox: &[OutboxShape]) -> String {
    if outbox.is_empty() {
        return String::new();
    }
    const COLUMNS: [Column; 4] = [
        Column::Left("ANSWER"),
        Column::Left("FORMAT"),
        Column::Left("STATE"),
        Column::Left("FILE"),
    ];
    let rows = outbox.iter().map(|item| {
        let state = match (&item.error, item.picked_up.is_some()) {
            (_, true) => "picked up".to_owned(),
            (Some(error), _) if item.state != "done" => format!("{} ({error}, {} attempts)", item.state, item.attempts),
            _ => item.state.clone(),
        };
        // A mail's name is its Message-ID, which tells people nothing.
        let file = item.file.clone().filter(|_| item.kind != "mail").unwrap_or_default();
        vec![item.kind.clone(), item.format.clone(), state, file]
    });
    format!("\n{}", table(&COLUMNS, rows, ""))
}
