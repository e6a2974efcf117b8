//! Text: trimmed, without control characters, placeholders and the marks that spreadsheets leave.

use std::borrow::Cow;

/// A text made clean.
#[derive(Debug, PartialEq, Eq)]
pub struct Clean<'a> {
    /// What is kept; may be empty.
    pub text: Cow<'a, str>,
    /// Characters were replaced that cannot be kept.
    pub replaced: bool,
}

/// Trims `text` and replaces what cannot be kept: control characters and U+FFFD by spaces, line breaks by spaces
/// unless `lines` are allowed.
///
/// A leading `'` that a spreadsheet (or our own correction file) put before a digit or a formula sign is taken
/// off, and so is the wrapping of `="00123"`.
pub fn clean(text: &str, lines: bool) -> Clean<'_> {
    let text = unwrap_spreadsheet(text.trim_matches(is_blank));
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Clean {
            text: Cow::Borrowed(text),
            replaced: false,
        };
    }
    let mut replaced = false;
    let mut changed = false;
    for c in text.chars() {
        let breaks = matches!(c, '\n' | '\r' | '\t');
        replaced |= is_lost(c) && !breaks;
        changed |= is_lost(c);
    }
    if !changed {
        return Clean {
            text: Cow::Borrowed(text),
            replaced: false,
        };
    }
    let mut kept = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' if lines => kept.push('\n'),
            c if is_lost(c) => kept.push(' '),
            c => kept.push(c),
        }
    }
    let trimmed = kept.trim_matches(is_blank);
    let text = if trimmed.len() == kept.len() {
        kept
    } else {
        trimmed.to_owned()
    };
    Clean {
        text: Cow::Owned(text),
        replaced,
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

fn is_lost(c: char) -> bool {
    c.is_control() || c == '\u{fffd}'
}

fn unwrap_spreadsheet(text: &str) -> &str {
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return inner.trim();
    }
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// A word that people write where nothing is to be said. In `names` null is a name like any other.
pub fn is_placeholder(text: &str, names: bool) -> bool {
    const WORDS: &[&str] = &["n/a", "n.a.", "k.a.", "k. a.", "#n/a", "#nv", "n.v."];
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match text {
        "-" | "--" | "---" | "–" | "—" | "." | "./." | "?" | "/" => true,
        _ if text.len() > 8 || text.len() < 3 => false,
        _ => is(WORDS) || (!names && is(&["null", "(null)"])),
    }
}

/// A number in scientific notation (`4.05E+11`): what a spreadsheet made of a long number.
pub fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    number.len() >= 3
        && number.contains(['.', ','])
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && (1..=2).contains(&exponent.len())
        && exponent.bytes().all(|b| b.is_ascii_digit())
}

/// A spreadsheet's error in a text export, in English or German.
pub fn is_cell_error(text: &str) -> bool {
    text.starts_with('#')
        && [
            "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#WERT!", "#BEZUG!", "#ZAHL!",
        ]
        .contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, lines: bool, expected: &str, replaced: bool) {
        let clean = clean(text, lines);
        assert_eq!((clean.text.as_ref(), clean.replaced), (expected, replaced), "{text:?}");
    }

    #[test]
    fn cleaning() {
        check("  Erika\u{a0}", false, "Erika", false);
        check("\u{feff}Erika", false, "Erika", false);
        check("a\r\nb", false, "a b", false);
        check("a\r\nb\rc", true, "a\nb\nc", false);
        check("a\u{7}b", false, "a b", true);
        check("M\u{fffd}ller", false, "M ller", true);
        check("'00123", false, "00123", false);
        check("'=1+1", false, "=1+1", false);
        check("'s-Gravenhage", false, "'s-Gravenhage", false);
        check("=\"00123\"", false, "00123", false);
        check("\u{1}", false, "", true);
    }

    #[test]
    fn placeholders_and_damage() {
        assert!(is_placeholder("-", true) && is_placeholder("N/A", false) && is_placeholder("NULL", false));
        assert!(!is_placeholder("Null", true) && !is_placeholder("NA", false));
        assert!(is_scientific("4,05E+11") && is_scientific("1.23e15"));
        assert!(!is_scientific("12E5") && !is_scientific("RE1.5E3x"));
        assert!(is_cell_error("#REF!") && !is_cell_error("#12"));
    }
}
