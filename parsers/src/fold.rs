//! Folding: what two spellings of a header or a code word have in common.

/// Appends `text` folded to `out`: lower case, without spaces and punctuation, umlauts and their spellings alike.
///
/// `ä`, `ae`, `æ` and `a` fold to `a`, likewise `o` and `u`; `å` and `aa` to `a`; `ß` to `ss`; accents are
/// dropped. Both sides of a comparison are folded, so that it does not matter that `due` becomes `du`.
pub fn fold_into(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii() {
            push(c.to_ascii_lowercase(), out);
        } else {
            c.to_lowercase().for_each(|c| fold_other(c, out));
        }
    }
}

/// `text` folded, see [`fold_into`].
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn fold_other(c: char, out: &mut String) {
    match c {
        'ä' | 'æ' | 'å' | 'á' | 'à' | 'â' | 'ã' => push('a', out),
        'ö' | 'ø' | 'ó' | 'ò' | 'ô' | 'õ' => push('o', out),
        'ü' | 'ú' | 'ù' | 'û' => push('u', out),
        'é' | 'è' | 'ê' | 'ë' => push('e', out),
        'í' | 'ì' | 'î' | 'ï' => push('i', out),
        'ß' => out.push_str("ss"),
        'ç' => out.push('c'),
        'ñ' => out.push('n'),
        c if c.is_alphanumeric() => out.push(c),
        // Combining marks (a decomposed umlaut), dashes, no-break spaces, quotation marks.
        _ => {}
    }
}

fn push(c: char, out: &mut String) {
    if !c.is_ascii_alphanumeric() {
        return;
    }
    let last = out.as_bytes().last().copied();
    match (last, c) {
        (Some(b'a' | b'o' | b'u'), 'e') | (Some(b'a'), 'a') => {}
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_fold_alike() {
        for alike in [
            &[
                "Fälligkeit",
                "FAELLIGKEIT",
                "Falligkeit",
                "fa\u{308}lligkeit",
                " fällig-keit. ",
            ][..],
            &["Straße", "Strasse", "STRASSE"],
            &["Faktura_Nr", "Faktura Nr.", "FakturaNr", "faktura-nr"],
            &["Beløb", "Beloeb", "Belob"],
            &["Årsag", "Aarsag", "arsag"],
            &["Bemærkning", "Bemaerkning"],
        ] {
            for other in alike {
                assert_eq!(fold(alike[0]), fold(other), "{} and {other}", alike[0]);
            }
        }
    }

    #[test]
    fn different_words_stay_different() {
        assert_ne!(fold("Name"), fold("Name 2"));
        assert_ne!(fold("Rechnungsnummer"), fold("Rechnungsdatum"));
    }
}
