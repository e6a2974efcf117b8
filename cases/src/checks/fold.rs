//! Folds names to what two spellings of the same name have in common.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds `text` into `out` as lower-case words separated by single spaces.
///
/// Umlauts and their like become the letters that stand for them where they are missing (`ä` → `ae`, `ß` → `ss`,
/// `ø` and `ö` → `oe`, `å` → `aa`), other accents fall away, apostrophes too, `&` and `+` become a word of their own,
/// everything else that is neither letter nor digit separates words. Words of one letter that follow each other are
/// one word, so that `G.m.b.H.` is `gmbh` and `A/S` is `as`.
pub fn fold_into(text: &str, out: &mut String) {
    let start = out.len();
    let mut folder = Folder {
        word: start,
        run: false,
        out,
    };
    for char in text.chars() {
        folder.push(char);
    }
    folder.separate();
    if out.len() > start {
        out.pop();
    }
}

/// [`fold_into`] as a string of its own.
///
/// ```
/// assert_eq!(dropcase_cases::checks::fold("Müller & Söhne G.m.b.H."), "mueller & soehne gmbh");
/// ```
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    fold_into(text, &mut out);
    out
}

struct Folder<'a> {
    out: &'a mut String,
    /// Where the word being written begins.
    word: usize,
    /// Whether the word before is a run of single letters.
    run: bool,
}

impl Folder<'_> {
    fn push(&mut self, char: char) {
        match char {
            'a'..='z' | '0'..='9' => self.out.push(char),
            'A'..='Z' => self.out.push(char.to_ascii_lowercase()),
            '\'' | '’' | '`' | '´' | '‘' => {}
            '&' | '+' => {
                self.separate();
                self.out.push('&');
                self.separate();
            }
            'ä' | 'Ä' | 'æ' | 'Æ' => self.out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => self.out.push_str("oe"),
            'ü' | 'Ü' => self.out.push_str("ue"),
            'ß' | 'ẞ' => self.out.push_str("ss"),
            'å' | 'Å' => self.out.push_str("aa"),
            'ð' | 'Ð' | 'đ' | 'Đ' => self.out.push('d'),
            'þ' | 'Þ' => self.out.push_str("th"),
            'ł' | 'Ł' => self.out.push('l'),
            'ı' => self.out.push('i'),
            // The same umlauts written as a letter and a mark, as some systems store them.
            '\u{308}' if self.ends_with_any(&['a', 'o', 'u']) => self.out.push('e'),
            '\u{30a}' if self.ends_with_any(&['a']) => self.out.push('a'),
            // `Mustermann, E. K.`: what stands on both sides of a comma is not one abbreviation.
            ',' | ';' => {
                self.separate();
                self.run = false;
            }
            _ if char.is_ascii() => self.separate(),
            _ => self.push_decomposed(char),
        }
    }

    fn ends_with_any(&self, letters: &[char]) -> bool {
        self.out.len() > self.word && self.out.ends_with(letters)
    }

    fn push_decomposed(&mut self, char: char) {
        if is_combining_mark(char) {
            return;
        }
        if !char.is_alphanumeric() {
            return self.separate();
        }
        for part in std::iter::once(char).nfkd().filter(|part| part.is_alphanumeric()) {
            self.out
                .extend(part.to_lowercase().filter(|letter| !is_combining_mark(*letter)));
        }
    }

    /// Ends the word, joining it to a run of single letters before it when it is one more of them.
    fn separate(&mut self) {
        if self.out.len() == self.word {
            return;
        }
        let single = is_single_letter(&self.out[self.word..]);
        if single && self.run {
            self.out.remove(self.word - 1);
        }
        self.run = single;
        self.out.push(' ');
        self.word = self.out.len();
    }
}

fn is_single_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_meet() {
        for (text, folded) in [
            ("", ""),
            (" - ", ""),
            ("Erika  MUSTERMANN", "erika mustermann"),
            ("Müller", "mueller"),
            ("Mueller", "mueller"),
            ("Mu\u{308}ller", "mueller"),
            ("GROẞ", "gross"),
            ("Søren Ågård", "soeren aagaard"),
            ("A\u{30a}se", "aase"),
            ("Ægir", "aegir"),
            ("José Núñez", "jose nunez"),
            ("Jose\u{301}", "jose"),
            ("Łukasz Dvořák", "lukasz dvorak"),
            ("O'Neill", "oneill"),
            ("d’Artagnan", "dartagnan"),
            ("Anna-Lena", "anna lena"),
            ("Muster & Sohn", "muster & sohn"),
            ("Muster&Sohn", "muster & sohn"),
            ("G.m.b.H.", "gmbh"),
            ("Muster e. K.", "muster ek"),
            ("Muster A/S", "muster as"),
            ("Sp. z o.o.", "sp zoo"),
            ("A & B", "a & b"),
            ("ﬁrst №5", "first 5"),
            ("Иван Ёлкин", "иван елкин"),
            ("Αθήνα", "αθηνα"),
            ("\u{308}", ""),
            ("a \u{308}b", "ab"),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for text in [
            "Müller & Söhne G.m.b.H.",
            "Dr. Erika v. Mustermann",
            "A & B",
            "Sp. z o.o.",
        ] {
            assert_eq!(fold(&fold(text)), fold(text));
        }
    }
}
