//! Yes and no in three languages.

/// Reads a truth value; `None` when it is none.
pub fn read(text: &str) -> Option<bool> {
    const YES: &[&str] = &["1", "x", "j", "ja", "y", "yes", "true", "wahr", "sand", "✓", "✔"];
    const NO: &[&str] = &["0", "n", "nein", "no", "nej", "false", "falsch", "falsk"];
    let is = |words: &[&str]| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    if is(YES) {
        Some(true)
    } else if is(NO) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn words() {
        for (text, expected) in [
            ("Ja", Some(true)),
            ("x", Some(true)),
            (" NEIN ", Some(false)),
            ("nej", Some(false)),
            ("vielleicht", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
