//! Which references a paper's file name may begin with.
//!
//! The reference is the longest beginning of the name, without its ending, that is a case number or the number of a
//! claim and stops at `_`, `-`, a blank or the end: invoice numbers hold `_` and `-` themselves. A file name holds no
//! `/`: in an invoice number that has one it is written as `_`, as `-`, or left out.

use crate::import::is_case_number;

/// References that are looked for: the first parts of a name, however many it has.
const CANDIDATES: usize = 32;

/// Longest reference in bytes: longer ones are in no index.
const LONGEST: usize = 255;

/// What a file name may begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidates(Vec<String>);

impl Candidates {
    /// Of a file name.
    pub(crate) fn of(name: &str) -> Self {
        let stem = stem(name.trim()).trim();
        let ends = stem
            .char_indices()
            .filter(|(_, c)| is_separator(*c))
            .map(|(end, _)| end)
            .chain([stem.len()]);
        let mut found: Vec<String> = Vec::new();
        for end in ends {
            let text = stem[..end].trim_end();
            if !text.is_empty() && text.len() <= LONGEST && found.last().is_none_or(|last| last != text) {
                found.push(text.to_owned());
            }
            if found.len() == CANDIDATES {
                break;
            }
        }
        found.reverse();
        Self(found)
    }

    /// The longest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Case numbers among them, as they are stored, with the candidate.
    pub(crate) fn case_numbers(&self) -> impl Iterator<Item = (&str, String)> {
        self.iter().filter_map(|text| {
            let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
            is_case_number(&digits).then_some((text, digits))
        })
    }
}

/// What invoice numbers with a slash are compared by: without any separator.
pub(crate) fn without_separators(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '/' | '_' | '-')).collect()
}

/// Whether `text` is how a file name writes `reference`.
pub(crate) fn is_written(reference: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // The places in `text` at which what was read of the reference so far may end.
    let mut ends = vec![0];
    for c in reference.chars() {
        let mut next = Vec::new();
        for end in ends {
            let here = text.get(end).copied();
            if c == '/' {
                next.push(end);
            }
            if here == Some(c) || (c == '/' && matches!(here, Some('_' | '-'))) {
                next.push(end + 1);
            }
        }
        next.dedup();
        ends = next;
    }
    ends.contains(&text.len())
}

fn is_separator(c: char) -> bool {
    matches!(c, '_' | '-') || c.is_whitespace()
}

/// The name without its ending: up to five letters and digits behind the last full stop, a letter among them, since
/// numbers may have full stops as well.
fn stem(name: &str) -> &str {
    let ending = |ending: &str| {
        (1..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    match name.rsplit_once('.') {
        Some((stem, end)) if ending(end) => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_of_names() {
        for (name, expected) in [
            ("R1.pdf", &["R1"][..]),
            (
                "RE-2026_15_Vertrag.pdf",
                &["RE-2026_15_Vertrag", "RE-2026_15", "RE-2026", "RE"],
            ),
            ("R 1 - copy.pdf", &["R 1 - copy", "R 1 -", "R 1", "R"]),
            ("2026.15", &["2026.15"]),
            ("2026.15.tiff", &["2026.15"]),
            ("_x.pdf", &["_x"]),
            (".pdf", &[]),
            ("__.pdf", &["__", "_"]),
        ] {
            assert_eq!(Candidates::of(name).iter().collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn a_hostile_name_is_looked_for_a_bounded_number_of_times() {
        for name in ["_a".repeat(5_000), "-".repeat(255), " ".repeat(255), "ä_".repeat(120)] {
            assert!(Candidates::of(&name).iter().count() <= CANDIDATES, "{name}");
        }
        assert!(is_written(&"/".repeat(200), &"_".repeat(200)));
        assert!(!is_written(&"/".repeat(200), &"_".repeat(201)));
    }

    #[test]
    fn slashes_of_invoice_numbers() {
        for (reference, text, expected) in [
            ("RE/2026/15", "RE_2026_15", true),
            ("RE/2026/15", "RE-2026_15", true),
            ("RE/2026/15", "RE202615", true),
            ("RE/2026/15", "RE_202615", true),
            ("RE-1/2", "RE-1_2", true),
            ("RE-1/2", "RE1_2", false),
            ("RE/2026/15", "RE 2026 15", false),
            ("RE/2026/15", "RE_2026_1", false),
            ("RE/2026/15", "re_2026_15", false),
        ] {
            assert_eq!(is_written(reference, text), expected, "{reference} {text}");
            if expected {
                assert_eq!(without_separators(reference), without_separators(text));
            }
        }
    }

    #[test]
    fn case_numbers_in_names() {
        let of =
            |name: &str| -> Vec<String> { Candidates::of(name).case_numbers().map(|(_, number)| number).collect() };
        assert_eq!(of("07945_Vertrag.pdf"), ["07945"]);
        assert_eq!(of("0794-5-2026.pdf"), ["07945"]);
        assert_eq!(of("0794 5.pdf"), ["07945"]);
        assert_eq!(of("R1.pdf"), [""; 0]);
    }
}
