//! References in a remittance text: what in it could be the number of a case or an invoice.
//!
//! Banks put spaces and line breaks into numbers (after 27, 35 or 140 characters), people write them in either case and
//! with other separators. So a number is compared without all of that: [`normal`] of what is looked for is one of the
//! [`candidates`] of the text that names it. Whether such a number exists is for the caller to find out.

use std::collections::HashSet;

/// Characters of a text that are looked at; a SEPA text has 140, a field of the catalogue 4,000.
const TEXT_CHARS: usize = 4_000;

/// Candidates that a text gives at most; a text of 140 characters gives some dozens.
pub const MOST: usize = 512;

/// Letters and digits of a candidate.
const LENGTH: std::ops::RangeInclusive<usize> = 4..=40;

/// Digits that a candidate has at least.
const DIGITS: usize = 3;

/// Runs of letters or digits that make one number: `RE-2026-0815/2` has four, a break inside one makes one more.
const RUNS: usize = 8;

/// Letters in a row that may belong to a number; a longer word stands beside it.
const WORD: usize = 8;

/// A number as it is compared: its letters and digits alone, in upper case (`Re-2026/0815` is `RE20260815`).
pub fn normal(number: &str) -> String {
    number
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// What in `text` could be a number, as [`normal`] writes it: each once, in the order of where they begin, shorter
/// before longer, [`MOST`] at most.
///
/// A number has 4 to 40 letters and digits, three digits or more, no word of more than eight letters, and between its
/// runs of letters and of digits nothing but spaces, line breaks and `-`, `/`, `.`, `_`.
pub fn candidates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let text: String = text.chars().take(TEXT_CHARS).collect();
    for group in text.split(|c: char| !(c.is_alphanumeric() || c.is_whitespace() || is_separator(c))) {
        let runs = runs(group);
        for start in 0..runs.len() {
            let mut candidate = String::new();
            let mut letters_and_digits = 0;
            let mut digits = 0;
            for run in runs.iter().skip(start).take(RUNS) {
                letters_and_digits += run.chars().count();
                if letters_and_digits > *LENGTH.end() || is_word(run) {
                    break;
                }
                digits += run.chars().filter(char::is_ascii_digit).count();
                candidate.push_str(run);
                let is_long = letters_and_digits >= *LENGTH.start() && digits >= DIGITS;
                if is_long && seen.insert(candidate.clone()) {
                    found.push(candidate.clone());
                    if found.len() == MOST {
                        return found;
                    }
                }
            }
        }
    }
    found
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '/' | '.' | '_')
}

fn is_word(run: &str) -> bool {
    !run.starts_with(|c: char| c.is_ascii_digit()) && run.chars().count() > WORD
}

/// The runs of digits and of letters, in upper case.
fn runs(group: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut before = None;
    for c in group.chars() {
        let kind = c.is_alphanumeric().then(|| c.is_ascii_digit());
        if let Some(kind) = kind {
            if before != Some(kind) {
                runs.push(String::new());
            }
            if let Some(run) = runs.last_mut() {
                run.extend(c.to_uppercase());
            }
        }
        before = kind;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, number: &str) {
        let candidates = candidates(text);
        assert!(
            candidates.contains(&normal(number)),
            "{number} in {text}: {candidates:?}"
        );
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        for text in [
            "2600001-3",
            "Akte 2600001-3 Rate 4",
            "AZ:26000013",
            "Az.2600001/3",
            "AKTENZEICHEN2600001-3MUSTERMANN",
            "Aktenz. 26000 01-3",
            "Akte 2600001\n-3",
            "EREF+NOTPROVIDED SVWZ+2600001 -3",
        ] {
            check(text, "2600001-3");
        }
        check("rechnung re 2026-08 15 vom 1.3.", "RE-2026-0815");
        check("Faktura RE20260815,Kd 4711", "RE-2026-0815");
        check("kundennummer 47 11 dank", "4711");
    }

    #[test]
    fn words_and_short_numbers_are_none() {
        for text in ["", "Danke und Gruss", "am 1.3.", "12 a", "------", "\u{1f600}\u{1f600}"] {
            assert_eq!(candidates(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(candidates("a 4711, b"), ["A4711", "4711"]);
    }
}
