//! Postcodes: their shape by country.

/// Shapes by country, sorted: `9` a digit, `A` a letter, `*` either, anything else itself; a space may be missing. A country may
/// have several shapes; the first is the one in which it is written.
const SHAPES: &[(&str, &[&str])] = &[
    ("AD", &["AD999"]),
    ("AL", &["9999"]),
    ("AT", &["9999"]),
    ("AU", &["9999"]),
    ("BA", &["99999"]),
    ("BE", &["9999"]),
    ("BG", &["9999"]),
    ("BY", &["999999"]),
    ("CA", &["A9A 9A9"]),
    ("CH", &["9999"]),
    ("CY", &["9999"]),
    ("CZ", &["999 99"]),
    ("DE", &["99999"]),
    ("DK", &["9999"]),
    ("EE", &["99999"]),
    ("ES", &["99999"]),
    ("FI", &["99999"]),
    ("FO", &["999"]),
    ("FR", &["99999"]),
    (
        "GB",
        &[
            "AA9 9AA", "A9 9AA", "A99 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA", "GIR 0AA",
        ],
    ),
    ("GG", &["GY9 9AA", "GY99 9AA"]),
    ("GL", &["9999"]),
    ("GR", &["999 99"]),
    ("HR", &["99999"]),
    ("HU", &["9999"]),
    ("IE", &["A99 ****", "D6W ****"]),
    ("IM", &["IM9 9AA", "IM99 9AA"]),
    ("IS", &["999"]),
    ("IT", &["99999"]),
    ("JE", &["JE9 9AA"]),
    ("LI", &["9999"]),
    ("LT", &["99999"]),
    ("LU", &["9999"]),
    ("LV", &["9999"]),
    ("MC", &["99999"]),
    ("MD", &["9999"]),
    ("ME", &["99999"]),
    ("MK", &["9999"]),
    ("MT", &["AAA 9999", "AAA 99", "AAA 999"]),
    ("NL", &["9999 AA"]),
    ("NO", &["9999"]),
    ("PL", &["99-999", "99999"]),
    ("PT", &["9999-999", "9999999", "9999"]),
    ("RO", &["999999"]),
    ("RS", &["99999", "999999"]),
    ("RU", &["999999"]),
    ("SE", &["999 99"]),
    ("SI", &["9999"]),
    ("SK", &["999 99"]),
    ("SM", &["99999"]),
    ("TR", &["99999"]),
    ("UA", &["99999"]),
    ("US", &["99999", "99999-9999"]),
    ("VA", &["99999"]),
    ("XK", &["99999"]),
];

/// Prefixes that stand before the postcodes of a country in international mail, besides its alpha-2 code.
const PREFIXES: &[(&str, &str)] = &[
    ("AT", "A"),
    ("BE", "B"),
    ("DE", "D"),
    ("FR", "F"),
    ("IT", "I"),
    ("LU", "L"),
    ("LI", "FL"),
    ("SE", "S"),
    ("NO", "N"),
];

/// What a postcode turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Postcode {
    /// As the country writes it, or the country's shape is not known.
    Good,
    /// The same, written as the country writes it.
    Rewritten(String),
    /// None of the country's; how one looks.
    Implausible(&'static str),
}

/// Judges a postcode of `country` (ISO 3166-1 alpha-2).
pub(super) fn judge(country: &str, text: &str) -> Postcode {
    let Ok(index) = SHAPES.binary_search_by_key(&country, |(country, _)| country) else {
        return Postcode::Good;
    };
    let shapes = SHAPES[index].1;
    if shapes.iter().any(|shape| has_shape(shape, text)) {
        return Postcode::Good;
    }
    let bare = without_prefix(country, text);
    let rewritten = shapes.iter().find_map(|shape| rewrite(shape, bare));
    rewritten.map_or(Postcode::Implausible(shapes[0]), Postcode::Rewritten)
}

fn fits(shape: char, char: char) -> bool {
    match shape {
        '9' => char.is_ascii_digit(),
        'A' => char.is_ascii_uppercase(),
        '*' => char.is_ascii_uppercase() || char.is_ascii_digit(),
        literal => char == literal,
    }
}

fn has_shape(shape: &str, text: &str) -> bool {
    shape.len() == text.len() && shape.chars().zip(text.chars()).all(|(shape, char)| fits(shape, char))
}

/// `text` in `shape` when only case and spaces differ.
fn rewrite(shape: &str, text: &str) -> Option<String> {
    let mut given = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| char.to_ascii_uppercase());
    let mut written = String::with_capacity(shape.len());
    for shape in shape.chars() {
        let char = if shape == ' ' { ' ' } else { given.next()? };
        if !fits(shape, char) {
            return None;
        }
        written.push(char);
    }
    given.next().is_none().then_some(written)
}

/// `01067` of `D-01067`, `DE 01067`.
fn without_prefix<'a>(country: &str, text: &'a str) -> &'a str {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (prefix, rest) = text.split_at(letters);
    let known = prefix.eq_ignore_ascii_case(country)
        || PREFIXES
            .iter()
            .any(|(of, known)| *of == country && prefix.eq_ignore_ascii_case(known));
    if known {
        rest.trim_start_matches(['-', ' ', '–'])
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_sorted_and_known() {
        assert!(SHAPES.is_sorted_by(|a, b| a.0 < b.0));
        for country in SHAPES
            .iter()
            .map(|(country, _)| country)
            .chain(PREFIXES.iter().map(|(country, _)| country))
        {
            assert_eq!(super::super::country::alpha2(country), Some(*country));
        }
    }

    #[test]
    fn postcodes() {
        let rewritten = |text: &str| Postcode::Rewritten(text.to_owned());
        for (country, text, expected) in [
            ("DE", "01067", Postcode::Good),
            ("DE", "D-01067", rewritten("01067")),
            ("DE", "DE 01067", rewritten("01067")),
            ("DE", " 01067", rewritten("01067")),
            ("DE", "1067", Postcode::Implausible("99999")),
            ("DE", "O1067", Postcode::Implausible("99999")),
            ("DE", "010678", Postcode::Implausible("99999")),
            ("DE", "０1067", Postcode::Implausible("99999")),
            ("DK", "2100", Postcode::Good),
            ("DK", "DK-2100", rewritten("2100")),
            ("DK", "210", Postcode::Implausible("9999")),
            ("AT", "A-1010", rewritten("1010")),
            ("CH", "CH-8001", rewritten("8001")),
            ("NL", "1234 AB", Postcode::Good),
            ("NL", "1234ab", rewritten("1234 AB")),
            ("SE", "12345", rewritten("123 45")),
            ("SE", "S-123 45", rewritten("123 45")),
            ("GB", "SW1A 1AA", Postcode::Good),
            ("GB", "sw1a1aa", rewritten("SW1A 1AA")),
            ("GB", "M1 1AE", Postcode::Good),
            ("GB", "12345", Postcode::Implausible("AA9 9AA")),
            ("IE", "D02 AF30", Postcode::Good),
            ("IE", "A65F4E2", rewritten("A65 F4E2")),
            ("IE", "A65-F4E2", Postcode::Implausible("A99 ****")),
            ("PL", "00-950", Postcode::Good),
            ("PL", "00950", Postcode::Good),
            ("PT", "1000-001", Postcode::Good),
            ("LV", "LV-1010", rewritten("1010")),
            ("MT", "VLT 1117", Postcode::Good),
            ("US", "10001-1234", Postcode::Good),
            ("JP", "anything", Postcode::Good),
        ] {
            assert_eq!(judge(country, text), expected, "{country} {text}");
        }
    }
}
