//! Numbers in remittance texts: found whatever banks and people do to them.

use dropcase_parsers::values::references::{MOST, candidates, normal};
use proptest::prelude::*;

/// A number as agencies and creditors write them.
const NUMBER: &str = "[A-Z]{0,4}[-/._]?[0-9]{4,9}([-/._][0-9]{1,5}){0,2}";

/// What stands around it; a colon, a comma or a long word ends what could belong to the number.
const AROUND: &str = "[a-zäöüß ,:+]{0,40}";

/// Puts `breaks` into `text` at these places (in parts of a thousand of its length).
fn broken(text: &str, breaks: &[(u32, char)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (place, c) in breaks {
        let at = chars.len() * *place as usize / 1_000;
        chars.insert(at, *c);
    }
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn a_number_is_found_with_breaks_case_and_separators_changed(
        number in NUMBER,
        before in AROUND,
        after in AROUND,
        breaks in proptest::collection::vec((0..1_000u32, prop::sample::select(vec![' ', '\n', '\r', '\t'])), 0..3),
        separator in prop::sample::select(vec!["", "-", "/", ".", "_", " ", " - "]),
        lower in any::<bool>(),
    ) {
        let mut written = number.replace(['-', '/', '.', '_'], separator);
        if lower {
            written = written.to_lowercase();
        }
        let text = format!("{before}:{} {after}", broken(&written, &breaks));
        let found = candidates(&text);
        prop_assert!(found.contains(&normal(&number)), "{number} in {text:?}: {found:?}");
    }

    #[test]
    fn a_break_every_so_many_characters_does_no_harm(
        number in NUMBER,
        before in "[a-z ]{0,60},",
        after in "(,[a-z ]{0,60})?",
        width in 27..36usize,
    ) {
        let text: Vec<char> = format!("{before}{number}{after}").chars().collect();
        let lines: Vec<String> = text.chunks(width).map(|line| line.iter().collect()).collect();
        prop_assert!(candidates(&lines.join("\n")).contains(&normal(&number)));
    }

    #[test]
    fn any_text_gives_few_and_tidy_candidates(text in any::<String>()) {
        for candidate in candidates(&text) {
            prop_assert_eq!(normal(&candidate), candidate.clone());
            prop_assert!((4..=120).contains(&candidate.chars().count()));
            prop_assert!(candidate.chars().filter(char::is_ascii_digit).count() >= 3);
        }
    }
}

#[test]
fn the_output_is_bounded() {
    for text in [
        "1234 a ".repeat(100_000),
        "1".repeat(1 << 20),
        "1a".repeat(1 << 19),
        "ß1".repeat(1 << 18),
    ] {
        let found = candidates(&text);
        assert!(found.len() <= MOST);
        assert!(found.iter().all(|candidate| candidate.chars().count() <= 80));
    }
    let distinct: String = (1_000..9_000).map(|number| format!("{number} ")).collect();
    assert_eq!(candidates(&distinct).len(), MOST);
}
