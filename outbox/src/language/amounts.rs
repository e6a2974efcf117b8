//! Amounts as text: integers in, text out, no floats.

use dropcase_config::Locale;
use iso_currency::Currency;

/// Decimals of a currency (ISO 4217); 2 for a code that is not known.
pub fn digits_of(currency: &str) -> u32 {
    Currency::from_code(currency)
        .and_then(Currency::exponent)
        .map_or(2, u32::from)
}

/// `123456` with 2 digits is `1234.56`, with the given decimal mark.
pub fn decimal(minor: i64, digits: u32, mark: char) -> String {
    let (sign, whole, fraction) = split(minor, digits);
    if digits == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}{mark}{fraction}")
    }
}

/// The same with the separators of a language: `1.234,56` or `1,234.56`.
pub fn grouped(minor: i64, digits: u32, locale: Locale) -> String {
    let (thousands, mark) = match locale {
        Locale::De | Locale::Da => ('.', ','),
        Locale::En => (',', '.'),
    };
    let (sign, whole, fraction) = split(minor, digits);
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(thousands);
        }
        text.push(digit);
    }
    if digits > 0 {
        text.push(mark);
        text.push_str(&fraction);
    }
    text
}

fn split(minor: i64, digits: u32) -> (&'static str, String, String) {
    let sign = if minor < 0 { "-" } else { "" };
    let width = digits as usize;
    let mut all = format!("{:0>width$}", minor.unsigned_abs(), width = width + 1);
    let fraction = all.split_off(all.len() - width);
    (sign, all, fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (minor, digits, de, en) in [
            (0, 2, "0,00", "0.00"),
            (5, 2, "0,05", "0.05"),
            (-5, 2, "-0,05", "-0.05"),
            (123_456, 2, "1.234,56", "1,234.56"),
            (-100_000_000, 2, "-1.000.000,00", "-1,000,000.00"),
            (1234, 0, "1.234", "1,234"),
            (1234, 3, "1,234", "1.234"),
            (i64::MIN, 2, "-92.233.720.368.547.758,08", "-92,233,720,368,547,758.08"),
            (i64::MAX, 2, "92.233.720.368.547.758,07", "92,233,720,368,547,758.07"),
        ] {
            assert_eq!(grouped(minor, digits, Locale::De), de);
            assert_eq!(grouped(minor, digits, Locale::Da), de);
            assert_eq!(grouped(minor, digits, Locale::En), en);
        }
        assert_eq!(decimal(123_456, 2, ','), "1234,56");
        assert_eq!(decimal(-7, 2, '.'), "-0.07");
        assert_eq!(decimal(7, 0, '.'), "7");
    }

    #[test]
    fn decimals_follow_the_currency() {
        for (currency, digits) in [("EUR", 2), ("DKK", 2), ("JPY", 0), ("KWD", 3), ("???", 2)] {
            assert_eq!(digits_of(currency), digits, "{currency}");
        }
    }
}
