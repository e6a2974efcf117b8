//! The columns that a correction file adds in front: written by the answers, ignored when the file comes back.

use crate::catalogue::Language;

/// Header of the column that says what to do, in German, English and Danish.
const ADVICE: [&str; 3] = ["Was zu tun ist", "What to do", "Hvad der skal gøres"];

/// Every header that marks a column as ours.
pub(super) const HEADERS: &[&str] = &ADVICE;

/// The header of the added column that says what to do.
pub const fn advice_header(language: Language) -> &'static str {
    match language {
        Language::De => ADVICE[0],
        Language::En => ADVICE[1],
        Language::Da => ADVICE[2],
    }
}

/// Whether a header is that of a column added by a correction file (such columns are not written again).
pub fn is_added(header: &str) -> bool {
    let folded = crate::fold::fold(header);
    HEADERS.iter().any(|added| crate::fold::fold(added) == folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_columns_are_known_in_every_language() {
        for language in Language::ALL {
            assert!(is_added(advice_header(*language)));
            assert!(is_added(&advice_header(*language).to_uppercase()));
        }
        assert!(!is_added("Kundennummer"));
    }
}
