//! Reads `[mail]` and `[mail.smtp]`.

use std::path::Path;
use std::time::Duration;

use email_address::{EmailAddress, Options};

use super::{Mail, MailTransport, Smtp, SmtpTls, sftp::host};
use crate::quantities::positive_duration;
use crate::reader::Section;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Off,
    Folder,
    Smtp,
}

pub(super) fn read(mut section: Section<'_>, data_dir: &Path) -> Mail {
    let kinds = [("off", Kind::Off), ("folder", Kind::Folder), ("smtp", Kind::Smtp)];
    let kind = section.choice("transport", &kinds).unwrap_or(Kind::Off);
    let from = section.parsed("from", sender).unwrap_or_default();
    let operator = section.parsed("operator", recipient);
    let folder = section.path("folder").unwrap_or_else(|| data_dir.join("mail"));
    let server = section.section("smtp");
    if kind == Kind::Smtp && !server.is_present() {
        section.mistake("transport", "\"smtp\" needs the section [mail.smtp] with a `host`");
    }
    let server = smtp(server);
    if kind == Kind::Smtp {
        section.require("from", "the sender, such as \"Muster Inkasso <no-reply@example.com>\"");
    }
    section.finish();
    let transport = match (kind, server) {
        (Kind::Folder, _) => MailTransport::Folder(folder),
        (Kind::Smtp, Some(server)) => MailTransport::Smtp(server),
        (Kind::Off | Kind::Smtp, _) => MailTransport::Off,
    };
    Mail {
        from,
        operator,
        transport,
    }
}

/// The mail server; `None` when its section or its host is missing.
fn smtp(mut section: Section<'_>) -> Option<Smtp> {
    let kinds = [
        ("starttls", SmtpTls::Starttls),
        ("tls", SmtpTls::Tls),
        ("none", SmtpTls::None),
    ];
    let host = section.parsed("host", host);
    let port = section.number("port", 1..=65_535);
    let tls = section.choice("tls", &kinds).unwrap_or(SmtpTls::Starttls);
    let user = section.text("user");
    let password = section.secret("password", "password_file");
    let has_password = section.has("password") || section.has("password_file");
    match section.has("user") {
        true if !has_password => section.mistake("user", "needs `password` or `password_file` beside it"),
        false if has_password => section.mistake("user", "is missing beside the password"),
        _ => {}
    }
    let local = host
        .as_deref()
        .is_none_or(|host| matches!(host, "localhost" | "127.0.0.1" | "::1"));
    if tls == SmtpTls::None && user.is_some() && !local {
        section.mistake(
            "tls",
            "would send the password in clear text over the network; write \"starttls\" or \"tls\"",
        );
    }
    let ca_file = section.existing_file("ca_file");
    let timeout = section
        .parsed("timeout", positive_duration)
        .unwrap_or(Duration::from_secs(60));
    section.require("host", "the mail server's name, such as \"mail.example.com\"");
    section.finish();
    let usual = match tls {
        SmtpTls::Starttls => 587,
        SmtpTls::Tls => 465,
        SmtpTls::None => 25,
    };
    Some(Smtp {
        host: host?,
        port: port.unwrap_or(usual),
        tls,
        credentials: user.zip(password),
        ca_file,
        timeout,
    })
}

fn sender(text: &str) -> Result<String, String> {
    mailbox(text)
        .ok_or_else(|| format!("`{text}` is not a sender; write it like \"Muster Inkasso <no-reply@example.com>\""))
}

fn recipient(text: &str) -> Result<String, String> {
    mailbox(text).ok_or_else(|| format!("`{text}` is not an address; write it like \"operator@example.com\""))
}

/// `Name <address>` or an address alone.
fn mailbox(text: &str) -> Option<String> {
    let options = Options::default().without_domain_literal().with_display_text();
    EmailAddress::parse_with_options(text, options)
        .ok()
        .map(|_| text.to_owned())
}
