//! How the service is.

use chrono::{DateTime, NaiveDate, Utc};

use crate::cli::table::pairs;
use crate::cli::words::ago;
use crate::commands::status::{DeliveryBacklog, OutboxBacklog, StatusShape};

/// The status at `now`.
pub(crate) fn status(status: &StatusShape, now: DateTime<Utc>) -> String {
    let database = match &status.database_error {
        Some(error) => format!("{}: {error}", status.database),
        None => status.database.clone(),
    };
    pairs([
        ("Service", format!("running, version {}", status.version)),
        ("Home", status.home.clone()),
        ("SFTP", status.sftp.join(", ")),
        ("FTPS", status.ftps.clone().unwrap_or_else(|| "off".to_owned())),
        ("Sessions", status.sessions.to_string()),
        ("Clients", status.clients.to_string()),
        ("Incomplete", incomplete(status.incomplete)),
        (
            "Base rates",
            status.old_base_rate.map(old_base_rate).unwrap_or_default(),
        ),
        ("Database", database),
        (
            "Deliveries",
            status
                .deliveries
                .as_ref()
                .map(|backlog| deliveries(backlog, now))
                .unwrap_or_default(),
        ),
        (
            "Outbox",
            status
                .outbox
                .as_ref()
                .map(|backlog| outbox(backlog, now))
                .unwrap_or_default(),
        ),
    ])
}

fn old_base_rate(day: NaiveDate) -> String {
    format!("WARNING: the newest is of {day}; name a newer one in [account] base_rates")
}

fn incomplete(files: usize) -> String {
    match files {
        0 => "nothing".to_owned(),
        files => format!("{files} files wait for a rename or a marker for more than an hour"),
    }
}

fn deliveries(backlog: &DeliveryBacklog, now: DateTime<Utc>) -> String {
    let mut text = format!(
        "{} waiting{}, {} running",
        backlog.waiting,
        since(backlog.oldest, now),
        backlog.running
    );
    for (number, word) in [
        (backlog.failing, "to be tried again"),
        (backlog.set_aside, "set aside"),
        (backlog.quarantined, "in quarantine"),
    ] {
        if number > 0 {
            text += &format!(", {number} {word}");
        }
    }
    text
}

fn outbox(backlog: &OutboxBacklog, now: DateTime<Utc>) -> String {
    let text = format!("{} waiting{}", backlog.waiting, since(backlog.oldest, now));
    match backlog.failed {
        0 => text,
        failed => format!("{text}, {failed} given up"),
    }
}

fn since(oldest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    oldest.map_or_else(String::new, |oldest| format!(" (oldest {})", ago(oldest, now)))
}
