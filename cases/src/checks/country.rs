//! Countries: codes and names as they are written in handovers to ISO 3166-1 alpha-2.

use std::collections::HashMap;
use std::sync::LazyLock;

use isocountry::CountryCode;

use super::fold::fold;

/// Kosovo has no code in ISO 3166-1; this one is in general use, by the EU as well.
const KOSOVO: &str = "XK";

/// The alpha-2 code that `text` means: a code of two or three letters, or a name in German, English or Danish.
pub(crate) fn alpha2(text: &str) -> Option<&'static str> {
    if let Some(country) = by_code(text) {
        return Some(country);
    }
    let folded = fold(text);
    if let Some(country) = NAMES.get(folded.as_str()) {
        return Some(country);
    }
    by_code(&text.to_ascii_uppercase())
}

fn by_code(text: &str) -> Option<&'static str> {
    match text.len() {
        2 if text == KOSOVO => Some(KOSOVO),
        2 => CountryCode::for_alpha2(text).ok().map(|country| country.alpha2()),
        3 => CountryCode::for_alpha3(text).ok().map(|country| country.alpha2()),
        _ => None,
    }
}

/// Folded names with their codes.
static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let official = CountryCode::iter().map(|country| (fold(country.name()), country.alpha2()));
    official
        .chain(listed_names().map(|(code, name)| (fold(name), code)))
        .collect()
});

/// The shipped names: (code, name).
fn listed_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("../../data/country_names.csv")
        .lines()
        .filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(';'))
        .flat_map(|(code, names)| names.split(';').map(move |name| (code, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names() {
        for (text, expected) in [
            ("DE", Some("DE")),
            ("de", Some("DE")),
            ("DEU", Some("DE")),
            ("dnk", Some("DK")),
            ("D", Some("DE")),
            ("A", Some("AT")),
            ("UK", Some("GB")),
            ("EL", Some("GR")),
            ("XK", Some("XK")),
            ("Deutschland", Some("DE")),
            ("DEUTSCHLAND", Some("DE")),
            ("Tyskland", Some("DE")),
            ("Österreich", Some("AT")),
            ("Oesterreich", Some("AT")),
            ("Denmark", Some("DK")),
            ("The Netherlands", Some("NL")),
            ("Bosnien-Herzegowina", None),
            ("Japan", Some("JP")),
            ("Absurdistan", None),
            ("QQ", None),
            ("1", None),
            ("", None),
        ] {
            assert_eq!(alpha2(text), expected, "{text}");
        }
    }

    #[test]
    fn listed_names_are_countries() {
        let listed: Vec<_> = listed_names().collect();
        assert!(listed.len() > 150, "{}", listed.len());
        for (code, name) in listed {
            assert_eq!(by_code(code), Some(code), "{name}");
            assert_eq!(alpha2(name), Some(code), "{name} is another country's code or name");
        }
    }
}
