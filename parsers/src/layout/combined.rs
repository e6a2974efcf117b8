//! Combined columns: `Musterstr. 5a`, `01067 Dresden`, `Mustermann, Erika`.
//!
//! Only what follows a rule is split; anything else goes as it is to the one field that the column is about.

/// A street with what was split off it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Street<'a> {
    /// The street, or the whole text.
    pub street: &'a str,
    /// `5a`, `12-14`.
    pub number: Option<&'a str>,
    /// What follows the number after a comma (`2. tv`).
    pub extra: Option<&'a str>,
}

/// Splits a house number off a street.
///
/// The number is the last word that begins with a digit, perhaps followed by a single letter or a range, and
/// before it stands a name of at least three letters. After a comma may follow a floor or a building.
pub fn street(text: &str) -> Street<'_> {
    let whole = Street {
        street: text,
        number: None,
        extra: None,
    };
    let (line, extra) = match text.split_once(',') {
        Some((line, extra)) => (line.trim(), Some(extra.trim()).filter(|extra| !extra.is_empty())),
        None => (text.trim(), None),
    };
    let Some((name, number)) = number_at_end(line) else {
        return whole;
    };
    Street {
        street: name,
        number: Some(number),
        extra,
    }
}

/// Words at the end that a house number may have (`12 a - 14 b`).
const NUMBER_WORDS: usize = 5;

/// `Musterstr. 5a`, `Musterstr. 5 a`, `Musterstr. 12-14`, `Musterstr. 12 - 14`, `Musterstr.5`.
fn number_at_end(line: &str) -> Option<(&str, &str)> {
    // Where words begin, the last ones, the longest possible number first.
    let mut starts: Vec<usize> = line
        .rmatch_indices(' ')
        .take(NUMBER_WORDS)
        .map(|(at, _)| at + 1)
        .collect();
    starts.reverse();
    starts.extend(line.rfind('.').map(|at| at + 1));
    starts.into_iter().find_map(|start| {
        let (name, number) = (line[..start].trim_end(), &line[start..]);
        let named = name.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        let begins = number.starts_with(|c: char| c.is_ascii_digit());
        (named && begins && number.len() <= 20 && is_number(number)).then_some((name, number))
    })
}

/// Digits, perhaps a letter, perhaps a range of such.
fn is_number(text: &str) -> bool {
    text.split(['-', '–', '/', '+'])
        .map(str::trim)
        .enumerate()
        .all(|(index, part)| {
            let digits = part.trim_end_matches(char::is_alphabetic);
            let letters = part[digits.len()..].chars().count();
            let digits = digits.trim_end();
            let numeric = !digits.is_empty() && digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit());
            (numeric && letters <= 1) || (index > 0 && digits.is_empty() && letters == 1)
        })
}

/// Splits `01067 Dresden`, `D-01067 Dresden` or `1234 AB Amsterdam` into postcode and city.
pub fn postal_city(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let code = match text.split_once('-') {
        // `D-01067`, `DK-2100`: the country before the postcode.
        Some((country, rest))
            if (1..=3).contains(&country.len()) && country.bytes().all(|b| b.is_ascii_uppercase()) =>
        {
            rest.trim_start()
        }
        _ => text,
    };
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    if !(4..=5).contains(&digits) {
        return None;
    }
    let (number, city) = code.split_at(digits);
    if !city.starts_with([' ', ',', '\u{a0}']) {
        return None;
    }
    let city = city.trim_start_matches([' ', ',', '\u{a0}']);
    // Dutch postcodes have two letters behind the digits.
    if digits == 4
        && let Some((letters, town)) = city.split_once(' ')
        && letters.len() == 2
        && letters.bytes().all(|b| b.is_ascii_uppercase())
        && !town.trim().is_empty()
    {
        return Some((&code[..code.len() - city.len() + 2], town.trim()));
    }
    city.starts_with(char::is_alphabetic).then_some((number, city))
}

/// Splits `Musterstr. 5a, 01067 Dresden` into the street's line and the rest.
pub fn address(text: &str) -> Option<(&str, (&str, &str))> {
    let (line, place) = text.rsplit_once([',', '\n', ';'])?;
    Some((line.trim(), postal_city(place)?))
}

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name<'a> {
    /// A person's, split.
    Person {
        /// First name.
        first: &'a str,
        /// Last name.
        last: &'a str,
    },
    /// A company's.
    Company(&'a str),
    /// One name that no rule splits.
    Whole(&'a str),
}

/// Splits a whole name.
///
/// With a legal form, or where the record says company, it is a company's. `Last, First` is split at the comma.
/// `First Last` is split only where the record says that it is a person (`person`): before the last word, or
/// before `von`, `van`, `de` and the like. All else stays whole.
pub fn name(text: &str, person: Option<bool>) -> Name<'_> {
    if person == Some(false) || (person.is_none() && has_legal_form(text)) {
        return Name::Company(text);
    }
    if let Some((last, first)) = text.split_once(',')
        && let (last, first) = (last.trim(), first.trim())
        && is_name(last)
        && is_name(first)
    {
        return Name::Person { first, last };
    }
    if person == Some(true)
        && let Some((first, last)) = first_last(text)
    {
        return Name::Person { first, last };
    }
    Name::Whole(text)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '’'))
}

fn first_last(text: &str) -> Option<(&str, &str)> {
    const PARTICLES: &[&str] = &[
        "von", "vom", "zu", "van", "de", "der", "den", "af", "di", "da", "del", "la", "le",
    ];
    if !is_name(text) {
        return None;
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let particle = words
        .iter()
        .skip(1)
        .position(|word| PARTICLES.contains(word))
        .map(|index| index + 1);
    let last = particle.unwrap_or(words.len().checked_sub(1)?);
    if last == 0 || words.len() > 5 {
        return None;
    }
    // The last name is so many words from the end.
    let (at, _) = text.rmatch_indices(words[last]).find(|(at, _)| {
        let rest = text[*at..].split(' ').filter(|word| !word.is_empty()).count();
        rest == words.len() - last && text[..*at].ends_with(' ')
    })?;
    Some((text[..at].trim_end(), &text[at..]))
}

/// A word that only companies have in their names.
pub fn has_legal_form(text: &str) -> bool {
    const FORMS: &[&str] = &[
        "GmbH",
        "mbH",
        "gGmbH",
        "AG",
        "KG",
        "OHG",
        "UG",
        "GbR",
        "KGaA",
        "SE",
        "e.K.",
        "e.Kfr.",
        "e.Kfm.",
        "eG",
        "e.G.",
        "e.V.",
        "eV",
        "PartG",
        "ApS",
        "A/S",
        "I/S",
        "K/S",
        "P/S",
        "IVS",
        "Ltd",
        "Ltd.",
        "Limited",
        "LLP",
        "LLC",
        "PLC",
        "plc",
        "Inc",
        "Inc.",
        "Corp.",
        "B.V.",
        "BV",
        "N.V.",
        "NV",
        "S.A.",
        "SA",
        "SARL",
        "S.à.r.l.",
        "S.r.l.",
        "SRL",
        "S.p.A.",
        "SpA",
        "AB",
        "Oy",
        "Sp.",
        "s.r.o.",
        "GesmbH",
        "Stiftung",
        "a.s.",
    ];
    text.split([' ', ',', '(', ')', '\u{a0}'])
        .any(|word| FORMS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets() {
        for (text, street_name, number, extra) in [
            ("Musterstr. 5a", "Musterstr.", Some("5a"), None),
            ("Musterstraße 5 a", "Musterstraße", Some("5 a"), None),
            ("Musterstr.5", "Musterstr.", Some("5"), None),
            ("Am Markt 12-14", "Am Markt", Some("12-14"), None),
            ("Am Markt 12 - 14", "Am Markt", Some("12 - 14"), None),
            ("Straße des 17. Juni 135", "Straße des 17. Juni", Some("135"), None),
            ("Nørregade 12, 2. tv", "Nørregade", Some("12"), Some("2. tv")),
            ("Q 4", "Q 4", None, None),
            ("12 Main Street", "12 Main Street", None, None),
            ("Platz der Republik", "Platz der Republik", None, None),
            ("Muster5straße", "Muster5straße", None, None),
            ("", "", None, None),
        ] {
            assert_eq!(
                street(text),
                Street {
                    street: street_name,
                    number,
                    extra
                },
                "{text}"
            );
        }
    }

    #[test]
    fn places() {
        for (text, expected) in [
            ("01067 Dresden", Some(("01067", "Dresden"))),
            ("D-01067 Dresden", Some(("01067", "Dresden"))),
            ("2100 København Ø", Some(("2100", "København Ø"))),
            ("1234 AB Amsterdam", Some(("1234 AB", "Amsterdam"))),
            ("Dresden", None),
            ("01067", None),
            ("123456 Irgendwo", None),
        ] {
            assert_eq!(postal_city(text), expected, "{text}");
        }
        assert_eq!(
            address("Musterstr. 5a, 01067 Dresden"),
            Some(("Musterstr. 5a", ("01067", "Dresden")))
        );
        assert_eq!(address("Musterstr. 5a"), None);
    }

    #[test]
    fn names() {
        let person = |first, last| Name::Person { first, last };
        for (text, hint, expected) in [
            ("Mustermann, Erika", None, person("Erika", "Mustermann")),
            ("Erika Mustermann", Some(true), person("Erika", "Mustermann")),
            (
                "Erika Maria von Muster",
                Some(true),
                person("Erika Maria", "von Muster"),
            ),
            ("Erika Mustermann", None, Name::Whole("Erika Mustermann")),
            ("Muster Bau", None, Name::Whole("Muster Bau")),
            ("Muster GmbH & Co. KG", None, Name::Company("Muster GmbH & Co. KG")),
            ("Muster Handel", Some(false), Name::Company("Muster Handel")),
            ("Muster ApS", None, Name::Company("Muster ApS")),
            ("Mustermann", Some(true), Name::Whole("Mustermann")),
        ] {
            assert_eq!(name(text, hint), expected, "{text}");
        }
    }
}
