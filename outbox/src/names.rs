//! Names of files that leave: safe on every system a client may have, unique, at most 255 bytes.

/// Bytes of a file name that every file system takes.
const NAME_BYTES: usize = 255;

/// Device names of Windows, which are taken whatever follows the first point.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The name of an answer: that of the file it answers, made safe and cut so that `suffix` fits behind it.
pub fn answer_name(file: &str, suffix: &str) -> String {
    let room = NAME_BYTES.saturating_sub(suffix.len());
    let safe = safe_name(file);
    format!("{}{suffix}", cut(&safe, room))
}

/// The same name with a number before the extension, for when it is taken: `a.ack.csv` becomes `a.ack~2.csv`.
pub fn numbered(name: &str, number: u32) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let tail = if extension.is_empty() {
        format!("~{number}")
    } else {
        format!("~{number}.{extension}")
    };
    format!("{}{tail}", cut(stem, NAME_BYTES.saturating_sub(tail.len())))
}

/// Splits a name into stem and extension; only a short extension of letters and digits counts as one.
pub fn stem_and_extension(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once('.') {
        Some((stem, extension))
            if !stem.is_empty()
                && (1..=5).contains(&extension.len())
                && extension.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            (stem, Some(extension))
        }
        _ => (name, None),
    }
}

/// A name without what some system refuses or what deceives the eye: control and direction characters, separators,
/// Windows' reserved characters and devices, points and spaces at its ends.
fn safe_name(name: &str) -> String {
    let clean: String = name.chars().map(|c| if is_unsafe(c) { '_' } else { c }).collect();
    let clean = clean.trim_end_matches(['.', ' ']).trim_start();
    let hidden = clean.trim_start_matches('.');
    let clean = if hidden.len() < clean.len() {
        format!("_{hidden}")
    } else {
        clean.to_owned()
    };
    let first = clean.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    if clean.is_empty() || clean == "_" {
        "file".to_owned()
    } else if DEVICES.contains(&first.as_str()) {
        format!("_{clean}")
    } else {
        clean
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{FFFD}')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// At most `bytes` of `text`, cut between two characters.
fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_made_safe() {
        for (name, expected) in [
            ("uebergabe.xlsx", "uebergabe.xlsx!"),
            ("Übergabe März.csv", "Übergabe März.csv!"),
            ("a\nb\tc\u{1b}[2J.csv", "a_b_c_[2J.csv!"),
            ("../../etc/passwd", "_ _.._etc_passwd!"),
            ("a:b*c?d\"e<f>g|h\\i/j", "a_b_c_d_e_f_g_h_i_j!"),
            ("liste.csv...", "liste.csv!"),
            ("liste. . ", "liste!"),
            (".hidden", "_hidden!"),
            ("...", "file!"),
            ("", "file!"),
            ("CON.csv", "_CON.csv!"),
            ("lpt1", "_lpt1!"),
            ("console.csv", "console.csv!"),
            ("\u{202e}fdp.csv", "_fdp.csv!"),
            ("bad\u{fffd}bytes.csv", "bad_bytes.csv!"),
        ] {
            let expected = expected.replace("_ _", "__");
            assert_eq!(answer_name(name, "!"), expected, "{name:?}");
        }
    }

    #[test]
    fn long_names_leave_room_for_their_suffix() {
        let suffix = ".8-of-10.0123456789ab.ack.csv";
        for name in ["x".repeat(255), "ß".repeat(127), "𝄞".repeat(63), "x".repeat(226)] {
            let answer = answer_name(&name, suffix);
            assert!(answer.len() <= 255 && answer.ends_with(suffix), "{answer}");
            assert!(answer.len() > 250, "{answer}");
            assert!(numbered(&answer, 12).len() <= 255);
        }
    }

    #[test]
    fn taken_names_get_a_number() {
        for (name, expected) in [("a.ack.csv", "a.ack~2.csv"), ("a", "a~2")] {
            assert_eq!(numbered(name, 2), expected);
        }
    }

    #[test]
    fn extensions_are_short() {
        for (name, expected) in [
            ("a.csv", ("a", Some("csv"))),
            ("a.b.XLSX", ("a.b", Some("XLSX"))),
            ("a.", ("a.", None)),
            (".csv", (".csv", None)),
            ("Stand 24.11.26 neu", ("Stand 24.11.26 neu", None)),
            ("a", ("a", None)),
        ] {
            assert_eq!(stem_and_extension(name), expected);
        }
    }
}
