//! The number of a payment on a bank statement: what makes a payment known again when it comes in another file.
//!
//! - The bank's own reference, where the file has one; with `/n` for the n-th payment of a batch that has only one
//!   reference.
//! - Else the day and a digest of what the bank says of the payment, with `/n` for the n-th line of a file that is equal
//!   to others.

use sha2::{Digest, Sha256};

use crate::fields::Field;

/// Bytes of a digest that are kept: 96 bits, so that no two of many million payments share one by chance.
const DIGEST_BYTES: usize = 12;

/// References that only say that there is none (SEPA implementation guidelines, SWIFT).
const NONE: &[&str] = &["NOTPROVIDED", "NONREF", "NOREF", "NONE", "UNKNOWN"];

/// Whether a reference says that there is none.
pub fn is_none(reference: &str) -> bool {
    !reference.chars().any(char::is_alphanumeric) || NONE.iter().any(|none| reference.eq_ignore_ascii_case(none))
}

/// The number of the payment at `position` (from 1) of a booking with this reference; `None` as the only one.
pub fn of_reference(reference: &str, position: Option<u64>) -> String {
    let number = match position {
        Some(position) => format!("{reference}/{position}"),
        None => reference.to_owned(),
    };
    if number.chars().count() <= Field::PaymentNumber.max_length() {
        return number;
    }
    let number = of_parts("", &[reference]);
    match position {
        Some(position) => format!("{number}/{position}"),
        None => number,
    }
}

/// The number of a payment that only its content tells apart: `day` (as `yyyymmdd`, may be empty) and a digest of
/// `parts`, in which case and white space do not count.
pub fn of_parts(day: &str, parts: &[&str]) -> String {
    let digest = digest(parts);
    let mut number = String::with_capacity(40);
    if !day.is_empty() {
        number.push_str(day);
        number.push('-');
    }
    for byte in digest {
        number.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        number.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    number
}

fn digest(parts: &[&str]) -> [u8; DIGEST_BYTES] {
    let mut hash = Sha256::new();
    let mut folded = String::new();
    for part in parts {
        folded.clear();
        folded.extend(part.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase));
        hash.update(folded.as_bytes());
        // No text has it after cleaning: `ab`, `c` and `a`, `bc` differ.
        hash.update([0x1f]);
    }
    let whole = hash.finalize();
    let mut kept = [0; DIGEST_BYTES];
    for (kept, byte) in kept.iter_mut().zip(whole) {
        *kept = byte;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_for_themselves() {
        assert_eq!(of_reference("2026031500001", None), "2026031500001");
        assert_eq!(of_reference("2026031500001", Some(3)), "2026031500001/3");
        let long = "x".repeat(41);
        assert_eq!(of_reference(&long, Some(7)).len(), 26);
        assert_ne!(of_reference(&long, None), of_reference(&"x".repeat(42), None));
    }

    #[test]
    fn content_is_compared_without_case_and_space() {
        let one = of_parts("20260315", &["DE02", "Rechnung 4711"]);
        assert_eq!(one, of_parts("20260315", &["de02", "RECHNUNG\n47 11"]));
        assert_ne!(one, of_parts("20260315", &["DE02R", "echnung 4711"]));
        assert!(one.starts_with("20260315-") && one.len() == 33, "{one}");
    }
}
