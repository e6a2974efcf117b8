//! Nothing is missing in any language.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

use super::arguments::ARGUMENTS;
use super::*;

/// All variables that a message or its attributes name, by their text.
fn variables(text: &str) -> Vec<String> {
    let name = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect()
    };
    text.match_indices('$').map(|(at, _)| name(&text[at + 1..])).collect()
}

/// The lines of each message of a language file.
fn messages(locale: Locale) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in source(locale).lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(" = ") {
            Some((key, rest)) if !line.starts_with(' ') => found.push((key.to_owned(), rest.to_owned())),
            _ => {
                if let Some((_, text)) = found.last_mut() {
                    text.push_str(line);
                }
            }
        }
    }
    found
}

#[test]
fn language_files_have_no_mistake() {
    for locale in LOCALES {
        if let Err((_, errors)) = FluentResource::try_new(source(locale).to_owned()) {
            panic!("{}: {errors:?}", code(locale));
        }
        let mut keys: Vec<String> = messages(locale).into_iter().map(|(key, _)| key).collect();
        keys.sort();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count, "{}: a message stands twice", code(locale));
    }
}

#[test]
fn languages_have_the_same_messages_with_the_same_arguments() {
    let shape = |locale| {
        let mut all: Vec<(String, Vec<String>)> = messages(locale)
            .into_iter()
            .map(|(key, text)| {
                let mut names = variables(&text);
                names.sort();
                names.dedup();
                (key, names)
            })
            .collect();
        all.sort();
        all
    };
    let german = shape(Locale::De);
    for locale in [Locale::En, Locale::Da] {
        let other = shape(locale);
        for (one, two) in german.iter().zip(&other) {
            assert_eq!(one, two, "{}", code(locale));
        }
        assert_eq!(german.len(), other.len());
    }
}

#[test]
fn every_code_has_a_message_and_says_what_to_do() {
    for locale in LOCALES {
        let language = Language::of(locale);
        let texts: std::collections::HashMap<_, _> = messages(locale).into_iter().collect();
        for code in Code::ALL {
            let message = &texts[code.as_str()];
            for name in variables(message) {
                let known = ["value", "column", "field"].contains(&name.as_str());
                assert!(
                    known || ARGUMENTS.contains(&name.as_str()),
                    "{} uses ${name}",
                    code.as_str()
                );
            }
            let advice = language.advice(&Finding::new(*code));
            assert_ne!(advice.message, code.as_str());
            assert!(!advice.fix.is_empty(), "{} does not say what to do", code.as_str());
            let mut full = Finding::new(*code)
                .field(Field::DueDate)
                .column(3, Some("Fälligkeit"))
                .value("31.02.2026");
            for name in ARGUMENTS {
                full = full.arg(name, "7");
            }
            for text in [
                language.sentence(
                    &full,
                    Place {
                        sheet: Some("Blatt 1"),
                        row: Some(7),
                    },
                ),
                advice.message,
            ] {
                assert!(!text.contains(['{', '}', '$']), "{text}");
            }
        }
    }
}

/// The arguments that the checks document, by code.
fn arguments_of_checks() -> Vec<(&'static str, Vec<&'static str>)> {
    let quoted = |text: &'static str| text.split('`').skip(1).step_by(2);
    include_str!("../../../cases/src/checks/mod.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | ")?.split_once(" | "))
        .flat_map(|(codes, arguments)| {
            let names: Vec<_> = quoted(arguments.split(": ").next().unwrap_or_default()).collect();
            quoted(codes).map(move |code| (code, names.clone())).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn what_the_checks_tell_is_told() {
    let documented = arguments_of_checks();
    assert!(documented.len() > 8, "{documented:?}");
    let texts: std::collections::HashMap<_, _> = messages(Locale::De).into_iter().collect();
    for (code, names) in documented {
        let used = variables(&texts[code]);
        for name in names {
            assert!(used.iter().any(|one| one == name), "{code} does not tell ${name}");
        }
    }
}

#[test]
fn a_birth_date_is_odd_for_one_reason_or_another() {
    let check = |reason: &str, expected: &str| {
        let finding = Finding::new(Code::BirthDateImplausible)
            .field(Field::BirthDate)
            .value("2015-03-01")
            .arg("reason", reason);
        let sentence = Language::of(Locale::En).sentence(&finding, Place::default());
        assert_eq!(sentence, expected);
    };
    check(
        "minor",
        "By the date of birth “2015-03-01” the debtor is a minor. If the date is right, there is nothing to correct; \
         please tell us who represents the debtor by law (column “Representative”).",
    );
    check(
        "future",
        "The date of birth “2015-03-01” is in the future. Please check the year and write it with four digits, or \
         leave the field empty.",
    );
    check(
        "too_old",
        "By the date of birth “2015-03-01” the debtor would be older than 120 years. Please check the year and write \
         it with four digits, or leave the field empty.",
    );
}

#[test]
fn an_amount_is_too_high_to_be_believed_or_to_be_booked() {
    let high = Finding::new(Code::AmountTooHigh)
        .value("x")
        .arg("limit", "100000.00 EUR");
    let check = |finding: &Finding, expected: &str| {
        assert_eq!(Language::of(Locale::De).advice(finding).message, expected);
    };
    check(
        &high,
        "Der Betrag „x“ ist ungewöhnlich hoch (ab 100.000,00 EUR wird nachgefragt).",
    );
    check(
        &high.arg("reason", "beyond"),
        "Der Betrag ist höher als 100.000,00 EUR und kann nicht gebucht werden.",
    );
}

#[test]
fn a_sentence_reads_well() {
    let finding = Finding::new(Code::DateUnreadable)
        .column(5, Some("Fälligkeit"))
        .value("31.02.2026");
    let check = |locale, expected: &str| {
        let place = Place {
            sheet: None,
            row: Some(7),
        };
        assert_eq!(Language::of(locale).sentence(&finding, place), expected);
    };
    check(
        Locale::De,
        "Zeile 7, Spalte „Fälligkeit“: „31.02.2026“ ist kein Datum. Bitte als TT.MM.JJJJ schreiben, zum Beispiel 31.12.2026.",
    );
    check(
        Locale::En,
        "Row 7, column “Fälligkeit”: “31.02.2026” is not a date. Please write it as YYYY-MM-DD, for example 2026-12-31.",
    );
    check(
        Locale::Da,
        "Række 7, kolonne “Fälligkeit”: “31.02.2026” er ikke en dato. Skriv den som ÅÅÅÅ-MM-DD, for eksempel 2026-12-31.",
    );
}

#[test]
fn dates_and_amounts_follow_the_language() {
    let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    for (locale, day, amount) in [
        (Locale::De, "24.11.2026", "1.234,50 EUR"),
        (Locale::En, "2026-11-24", "1,234.50 EUR"),
        (Locale::Da, "24-11-2026", "1.234,50 EUR"),
    ] {
        assert_eq!(Language::of(locale).date(date), day);
        assert_eq!(Language::of(locale).money(123_450, "EUR"), amount);
    }
}
