//! The words by which debtors are found: those of a debtor, and those that a search asks for.

use serde::{Deserialize, Serialize};

use super::Search;
use super::slips::slips;
use crate::checks::{fold, search_words, without_legal_form};

/// Most bytes of a text that a search looks at, and most words of them.
const ASKED_BYTES: usize = 400;
const ASKED_WORDS: usize = 8;

/// Most words of a debtor in one place, and most letters of a word.
const KNOWN_WORDS: usize = 24;
const LETTERS: usize = 40;

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// In the name of a person or company.
    Name,
    /// In the street; house numbers are no words.
    Street,
    /// In the city.
    City,
    /// It is the postcode, without spaces.
    PostalCode,
}

impl Place {
    /// The text in the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Street => "street",
            Self::City => "city",
            Self::PostalCode => "postal_code",
        }
    }
}

/// What is known of a debtor, as far as it is searched.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Known {
    pub(super) company_name: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) street: Option<String>,
    pub(super) house_number: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) city: Option<String>,
}

impl Known {
    /// Its words, house numbers aside.
    pub(super) fn words(&self) -> Vec<(Place, String)> {
        let places = [Place::Name, Place::Street, Place::City, Place::PostalCode];
        let words = places.into_iter().flat_map(|place| {
            let words = self.words_in(place).into_iter();
            words
                .filter(move |word| is_word(place, word))
                .map(move |word| (place, word))
        });
        words.collect()
    }

    fn words_in(&self, place: Place) -> Vec<String> {
        let texts = match place {
            Place::Name => vec![&self.company_name, &self.first_name, &self.last_name],
            Place::Street => vec![&self.street, &self.house_number],
            Place::City => vec![&self.city],
            Place::PostalCode => vec![&self.postal_code],
        };
        let texts = texts.into_iter().flatten();
        let words = texts.flat_map(|text| folded_words(place, text)).take(KNOWN_WORDS);
        words.collect()
    }
}

/// What a search asks of a debtor.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Words that all must occur, each with its place; none twice.
    pub(super) words: Vec<(Place, String)>,
    /// House numbers that must occur as well.
    numbers: Vec<String>,
    /// A text was given that has no word to search by: nothing is found.
    pub(super) nothing: bool,
}

impl Asked {
    /// The words of a search. Of each text the first eight count.
    pub(super) fn of(search: &Search) -> Self {
        let mut asked = Self::default();
        let country = search.country();
        let name = |text: &str| -> Vec<String> {
            let words = without_legal_form(&search_words(text).join(" "), country.as_deref());
            folded_words(Place::Name, &words).collect()
        };
        for (place, text) in [
            (Place::Name, &search.debtor_name),
            (Place::Street, &search.street),
            (Place::City, &search.city),
            (Place::PostalCode, &search.postal_code),
        ] {
            let Some(text) = text.as_deref().map(beginning).filter(|text| !text.trim().is_empty()) else {
                continue;
            };
            let words = match place {
                Place::Name => name(text),
                _ => folded_words(place, text).collect(),
            };
            let (words, numbers) = words
                .into_iter()
                .take(ASKED_WORDS)
                .partition::<Vec<_>, _>(|word| is_word(place, word));
            asked.nothing |= words.is_empty();
            asked.numbers.extend(numbers);
            for word in words {
                if !asked.words.contains(&(place, word.clone())) {
                    asked.words.push((place, word));
                }
            }
        }
        asked
    }

    /// The most slips in one word by which a debtor is what was asked for; `None` when it is not.
    pub(super) fn slips(&self, debtor: &Known) -> Option<u8> {
        let mut most = 0;
        let mut there: Option<(Place, Vec<String>)> = None;
        for (place, word) in &self.words {
            if there.as_ref().is_none_or(|(of, _)| of != place) {
                there = Some((*place, debtor.words_in(*place)));
            }
            let there = there.as_ref().map_or(&[][..], |(_, words)| words);
            let allowed = if *place == Place::PostalCode { 0 } else { 2 };
            most = most.max(there.iter().filter_map(|known| slips(word, known, allowed)).min()?);
        }
        let houses = if self.numbers.is_empty() {
            Vec::new()
        } else {
            debtor.words_in(Place::Street)
        };
        self.numbers
            .iter()
            .all(|number| houses.contains(number))
            .then_some(most)
    }
}

/// A reference as it is compared: letters and digits alone, in lower case; `None` when it has none.
pub(super) fn reference_key(text: &str) -> Option<String> {
    let letters = beginning(text).chars().filter(|letter| letter.is_alphanumeric());
    let key: String = letters.flat_map(char::to_lowercase).collect();
    (!key.is_empty()).then_some(key)
}

/// The folded words of a text. Streets are written `…straße` and `…str.`, postcodes with and without spaces.
fn folded_words(place: Place, text: &str) -> impl Iterator<Item = String> + use<> {
    let folded = match place {
        Place::PostalCode => fold(text).replace(' ', ""),
        _ => fold(text),
    };
    let words: Vec<String> = folded
        .split_ascii_whitespace()
        .filter(|word| *word != "&")
        .map(|word| match (place, word.strip_suffix("strasse")) {
            (Place::Street, Some(name)) => format!("{name}str"),
            _ => word.chars().take(LETTERS).collect(),
        })
        .collect();
    words.into_iter()
}

/// Whether a word is in the index: all are but house numbers.
fn is_word(place: Place, word: &str) -> bool {
    place != Place::Street || !word.starts_with(|letter: char| letter.is_ascii_digit())
}

/// As much of a text as a search looks at.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(ASKED_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(search: Search) -> Vec<String> {
        let words = Asked::of(&search).words.into_iter();
        words
            .map(|(place, word)| format!("{} {word}", place.as_str()))
            .collect()
    }

    fn name(text: &str) -> Search {
        Search {
            debtor_name: Some(text.to_owned()),
            ..Search::default()
        }
    }

    #[test]
    fn words_of_names() {
        for (text, expected) in [
            ("Müller, Jörg", "name mueller|name joerg"),
            ("Frau Dr. Erika Mustermann", "name erika|name mustermann"),
            ("Muster G.m.b.H.", "name muster"),
            ("Muster und Söhne GmbH & Co. KG", "name muster|name soehne"),
            ("Eksempel A/S", "name eksempel"),
            ("GmbH", "name gmbh"),
            ("Muster muster", "name muster"),
            (" - ", ""),
        ] {
            assert_eq!(asked(name(text)).join("|"), expected, "{text}");
        }
        assert!(Asked::of(&name("&")).nothing);
        assert!(!Asked::of(&name(" ")).nothing);
    }

    #[test]
    fn words_of_addresses() {
        let search = Search {
            street: Some("Musterstraße 5a".to_owned()),
            postal_code: Some("1012 ab".to_owned()),
            city: Some("Frankfurt (Oder)".to_owned()),
            ..Search::default()
        };
        assert_eq!(Asked::of(&search).numbers, ["5a"]);
        assert_eq!(
            asked(search),
            ["street musterstr", "city frankfurt", "city oder", "postal_code 1012ab"]
        );
    }

    #[test]
    fn what_is_asked_is_bounded() {
        let words = (0..10_000).map(|n| format!("wort{n} ")).collect::<String>();
        assert_eq!(Asked::of(&name(&words)).words.len(), ASKED_WORDS);
        let long = Asked::of(&name(&"ü".repeat(1 << 20))).words;
        assert_eq!((long.len(), long[0].1.chars().count()), (1, LETTERS));
        assert_eq!(
            reference_key(&"x".repeat(1 << 20)).map(|key| key.len()),
            Some(ASKED_BYTES)
        );
    }

    #[test]
    fn debtors_are_compared() {
        let debtor = Known {
            company_name: Some("Muster & Söhne GmbH".to_owned()),
            street: Some("Lange Straße".to_owned()),
            house_number: Some("12 b".to_owned()),
            city: Some("Beispielstadt".to_owned()),
            ..Known::default()
        };
        let check = |search: Search, expected| assert_eq!(Asked::of(&search).slips(&debtor), expected, "{search:?}");
        check(name("Söhne Muster"), Some(0));
        check(name("Soehnne Muster"), Some(1));
        check(name("Muster AG"), Some(0));
        check(name("Beispielstadt"), None);
        let address = |street: &str, city: &str| Search {
            street: Some(street.to_owned()),
            city: Some(city.to_owned()),
            ..Search::default()
        };
        check(address("Lange Str. 12 b", "BEISPIELSTADT"), Some(0));
        check(address("Lange Str. 13", "Beispielstadt"), None);
        check(address("Langestr. 12", "Beispilstat"), None);
        check(address("Lange Str.", "Beispilstat"), Some(2));
    }

    #[test]
    fn references_are_compared_without_their_signs() {
        assert_eq!(reference_key("R-2026/001"), Some("r2026001".to_owned()));
        assert_eq!(reference_key("-/ "), None);
    }
}
