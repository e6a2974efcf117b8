//! A notice as an Internet message (RFC 5322): plain text and HTML, the same Message-ID and date at every attempt.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use sha2::{Digest as _, Sha256};

use super::notices::Letter;

/// Why a message could not be made; the reason lies in addresses, so that trying again does not help.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The sender or the recipient is not an address.
    #[error("not an e-mail address")]
    Address(#[from] lettre::address::AddressError),
    /// The parts do not make a message.
    #[error("not a message")]
    Message(#[from] lettre::error::Error),
}

/// `Auto-Submitted: auto-generated` (RFC 3834), so that absence notes do not answer.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The Message-ID of outbox row `id`, queued at `created`: stable over retries and restarts, different after a
/// database was made anew. The row counts what everybody is sent: without the database's `key` nobody can tell it.
pub fn message_id(id: i64, created: DateTime<Utc>, from: &str, key: &str) -> String {
    let domain = from
        .parse::<Mailbox>()
        .map_or_else(|_| "localhost".to_owned(), |m| m.email.domain().to_owned());
    let row = Sha256::new()
        .chain_update(created.timestamp_micros().to_be_bytes())
        .chain_update(id.to_be_bytes())
        .chain_update(key)
        .finalize();
    let row: String = row.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("<dropcase.{row}@{domain}>")
}

/// Puts a message together.
///
/// # Errors
/// When one of the addresses is none.
pub fn compose(
    letter: Letter,
    from: &str,
    to: &str,
    message_id: &str,
    created: DateTime<Utc>,
) -> Result<Message, MessageError> {
    let boundary: String = message_id.chars().filter(char::is_ascii_alphanumeric).collect();
    let body = MultiPart::alternative()
        .boundary(boundary)
        .singlepart(SinglePart::plain(letter.text))
        .singlepart(SinglePart::html(letter.html));
    Ok(Message::builder()
        .from(from.parse::<Mailbox>()?)
        .to(to.parse::<Mailbox>()?)
        .subject(letter.subject)
        .message_id(Some(message_id.to_owned()))
        .date(SystemTime::from(created))
        .header(AutoSubmitted)
        .multipart(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_is_the_same_message() {
        let make = || {
            let created = DateTime::from_timestamp(1_795_500_000, 123_456_000).unwrap();
            let from = "Muster Inkasso <service@example.com>";
            let id = message_id(42, created, from, "key");
            let letter = Letter {
                subject: "„Übergabe.csv“: 8 von 10 übernommen, 2 zu berichtigen".to_owned(),
                text: "Guten Tag".to_owned(),
                html: "<p>Guten Tag</p>".to_owned(),
            };
            String::from_utf8(
                compose(letter, from, "erika@example.org", &id, created)
                    .unwrap()
                    .formatted(),
            )
            .unwrap()
        };
        assert_eq!(make(), make());
        insta::assert_snapshot!(make().replace("\r\n", "\n"));
    }

    #[test]
    fn bad_addresses_are_errors() {
        let letter = Letter {
            subject: String::new(),
            text: String::new(),
            html: String::new(),
        };
        let at = DateTime::UNIX_EPOCH;
        for (from, to) in [
            ("", "a@example.org"),
            ("a@example.org", "nobody"),
            ("a@example.org", "a@b\r\nBcc: c@d.e"),
        ] {
            assert!(compose(letter.clone(), from, to, "<1@x>", at).is_err(), "{from} {to}");
        }
    }
}
