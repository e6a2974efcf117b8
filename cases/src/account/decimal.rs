//! Numbers with a decimal point as integers: money in minor units, percentages in ten-thousandths.

use crate::checks::exponent;

/// `-12.5` with two digits as -1250; `None` where it is no number, has more digits, or is too large.
pub fn parse(text: &str, digits: u32) -> Option<i64> {
    let (sign, plain) = text.strip_prefix('-').map_or((1, text), |plain| (-1, plain));
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let room = usize::try_from(digits).ok()?;
    if whole.is_empty() || fraction.len() > room || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<room$}")
        .parse::<i64>()
        .ok()
        .map(|number| sign * number)
}

/// -1250 with two digits as `-12.50`.
pub fn show(number: i64, digits: u32) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let unit = 10_u64.pow(digits);
    let (whole, fraction) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    match usize::try_from(digits) {
        Ok(width) if width > 0 => format!("{sign}{whole}.{fraction:0width$}"),
        _ => format!("{sign}{whole}"),
    }
}

/// `480.250` of BHD in minor units of the currency (ISO 4217).
pub fn money(text: &str, currency: &str) -> Option<i64> {
    parse(text, exponent(currency))
}

/// Minor units of the currency with all its digits: `480.250` of BHD.
pub fn show_money(amount: i64, currency: &str) -> String {
    show(amount, exponent(currency))
}

/// A percentage, or a number of percentage points, in ten-thousandths: 5.12 % are 51,200.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub i64);

impl std::str::FromStr for Percent {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        parse(text, 4).map(Self).ok_or(NotANumber)
    }
}

impl std::fmt::Display for Percent {
    /// At least two digits behind the point: `5.12`, `9.50`, `0.125`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = show(self.0, 4);
        let spare = all.len() - all.trim_end_matches('0').len();
        f.write_str(&all[..all.len() - spare.min(2)])
    }
}

/// A text that is no decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number with at most four digits (5.12)")]
pub struct NotANumber;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_there_and_back() {
        for (text, digits, number) in [
            ("1000.00", 2, 100_000),
            ("1250000", 0, 1_250_000),
            ("480.250", 3, 480_250),
            ("-0.88", 4, -8_800),
            ("0.05", 2, 5),
        ] {
            assert_eq!(parse(text, digits), Some(number), "{text}");
        }
        for (text, digits) in [
            ("", 2),
            (".5", 2),
            ("1.234", 2),
            ("1,5", 2),
            ("--1", 2),
            ("+1", 2),
            ("99999999999999999999", 2),
        ] {
            assert_eq!(parse(text, digits), None, "{text}");
        }
        assert_eq!(show(-5, 2), "-0.05");
        assert_eq!(show(1_250_000, 0), "1250000");
        assert_eq!(Percent(95_000).to_string(), "9.50");
        assert_eq!(Percent(1_250).to_string(), "0.125");
        assert_eq!(Percent(-8_800).to_string(), "-0.88");
    }
}
