//! README.txt in the folder of a client or of the back office: how this works, in its language.

use dropcase_config::{Client, Completion, Locale, Policy, Service};

use super::office;
use crate::language::Language;
use crate::mail::notices::fill;

/// A delivery id as an example.
const EXAMPLE: &str = "06f3k2m9x4tq";
/// Characters in a line.
const WIDTH: usize = 79;
/// Where the meaning of a record type begins in its line.
const MEANING: usize = 27;

/// The text, with CR LF so that every editor shows lines.
pub(super) fn text(client: &Client, service: &Service) -> String {
    let language = Language::of(client.locale);
    let template = match (client.back_office, client.locale) {
        (false, Locale::De) => include_str!("../../language/readme.de.txt"),
        (false, Locale::En) => include_str!("../../language/readme.en.txt"),
        (false, Locale::Da) => include_str!("../../language/readme.da.txt"),
        (true, Locale::De) => include_str!("../../language/readme.office.de.txt"),
        (true, Locale::En) => include_str!("../../language/readme.office.en.txt"),
        (true, Locale::Da) => include_str!("../../language/readme.office.da.txt"),
    };
    let title = language.word("readme-title");
    let policy = match client.policy {
        Policy::ValidRows => language.word("readme-valid-rows"),
        Policy::WholeFile => language.word("readme-whole-file"),
    };
    let values = vec![
        ("title", format!("{title}\n{}", "=".repeat(title.chars().count()))),
        ("client", client.name.clone()),
        ("agency", service.agency.clone()),
        ("completion", wrapped(&completion(client, language), "   ")),
        ("example", EXAMPLE.to_owned()),
        ("policy", wrapped(&policy, "     ").trim_start().to_owned()),
        ("days", client.archive_days.to_string()),
        ("records", records(language)),
    ];
    fill(template, &values, |value, out| out.push_str(value)).replace('\n', "\r\n")
}

/// The record types of the back office, each with what it does.
fn records(language: &Language) -> String {
    let record = |name: &&str| {
        let (word, about) = (language.choice("record", name), language.choice("record-about", name));
        let about = wrapped(&about, &" ".repeat(MEANING));
        format!("   {word:<width$}{}", about.trim_start(), width = MEANING - 3)
    };
    office::OWN.iter().map(record).collect::<Vec<_>>().join("\n")
}

fn completion(client: &Client, language: &Language) -> String {
    language.word(match client.completion {
        Completion::Hold { .. } => "readme-completion-hold",
        Completion::Rename => "readme-completion-rename",
        Completion::Marker => "readme-completion-marker",
    })
}

/// Lines of at most [`WIDTH`] characters, each after `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = vec![String::from(indent)];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { continue };
        if line.chars().count() + word.chars().count() + 1 > WIDTH {
            lines.push(format!("{indent}{word}"));
        } else {
            if line.len() > indent.len() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}
