//! Small slips in words: a wrong, missing or extra letter, or two neighbours swapped.

/// Letters from which a word may have one slip.
pub(super) const ONE_FROM: usize = 4;

/// Letters from which a word may have two.
pub(super) const TWO_FROM: usize = 8;

/// Slips that a word of the database of this many letters may have; those of a mere number are never guessed.
pub(super) fn allowed(word: &str, letters: usize) -> u8 {
    if letters < ONE_FROM || word.bytes().all(|byte| byte.is_ascii_digit()) {
        0
    } else if letters < TWO_FROM {
        1
    } else {
        2
    }
}

/// By how many slips `typed` differs from `word`, a word of the database; `None` when by more than that one may have,
/// or than `most`.
pub(super) fn slips(typed: &str, word: &str, most: u8) -> Option<u8> {
    if typed == word {
        return Some(0);
    }
    match most.min(allowed(word, word.chars().count())) {
        0 => None,
        _ if is_one_slip(typed, word) => Some(1),
        1 => None,
        _ => (strsim::osa_distance(typed, word) <= 2).then_some(2),
    }
}

/// Whether two words differ by one slip at most: what is left when the same beginning and end are taken off says it.
fn is_one_slip(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return is_one_slip_of(one.as_bytes(), other.as_bytes());
    }
    let letters = |word: &str| word.chars().collect::<Vec<_>>();
    is_one_slip_of(&letters(one), &letters(other))
}

fn is_one_slip_of<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    let same = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    match (&one[..one.len() - same], &other[..other.len() - same]) {
        ([a, b], [c, d]) => a == d && b == c,
        (one, other) => one.len() <= 1 && other.len() <= 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slips_of_words() {
        let check = |typed: &str, word: &str, expected| assert_eq!(slips(typed, word, 2), expected, "{typed} {word}");
        check("muster", "muster", Some(0));
        check("mustr", "muster", Some(1));
        check("mustter", "muster", Some(1));
        check("muzter", "muster", Some(1));
        check("msuter", "muster", Some(1));
        check("mster", "master", Some(1));
        check("mesmer", "muster", None);
        check("musta", "muster", None);
        check("musterman", "mustermann", Some(1));
        check("mustemam", "mustermann", None);
        check("mustermam", "mustermann", Some(2));
        check("ute", "uta", None);
        check("ute", "utes", Some(1));
        check("utes", "ute", None);
        check("47110815", "47110816", None);
        check("иваноф", "иванов", Some(1));
        assert_eq!(slips("mustermam", "mustermann", 1), None);
        assert_eq!(slips("mustr", "muster", 0), None);
    }

    proptest! {
        #[test]
        fn one_slip_is_a_distance_of_one(one in "[abü]{0,6}", other in "[abü]{0,6}") {
            prop_assert_eq!(is_one_slip(&one, &other), strsim::osa_distance(&one, &other) <= 1);
        }
    }
}
