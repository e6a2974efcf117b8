//! Times, amounts and numbers as people read them at the command line.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A time in the zone called `zone`, to the minute; in UTC (and saying so) when there is no such zone.
pub(crate) fn time(at: DateTime<Utc>, zone: &str) -> String {
    match zone.parse::<Tz>() {
        Ok(Tz::UTC) | Err(_) => at.format("%Y-%m-%d %H:%M UTC").to_string(),
        Ok(zone) => at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Decimal text with a point, with thousands separators and its currency: `1234.50` in EUR is `1,234.50 EUR`.
pub(crate) fn money(amount: &str, currency: &str) -> String {
    let (sign, digits) = amount.strip_prefix('-').map_or(("", amount), |digits| ("-", digits));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    format!("{text} {currency}").trim_end().to_owned()
}

/// `1 record`, `2 records`.
pub(crate) fn count(number: i64, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}

/// How long ago, in the largest unit: `3 min`.
pub(crate) fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn amounts_are_grouped() {
        for (amount, expected) in [
            ("0.00", "0.00 EUR"),
            ("-1234567.05", "-1,234,567.05 EUR"),
            ("123.40", "123.40 EUR"),
            ("1000", "1,000 EUR"),
        ] {
            assert_eq!(money(amount, "EUR"), expected);
        }
        assert_eq!(money("12.00", ""), "12.00");
    }

    #[test]
    fn times_are_the_clients() {
        let at = "2026-07-01T22:30:10Z".parse().unwrap();
        for (zone, expected) in [
            ("Europe/Berlin", "2026-07-02 00:30"),
            ("UTC", "2026-07-01 22:30 UTC"),
            ("nowhere", "2026-07-01 22:30 UTC"),
        ] {
            assert_eq!(time(at, zone), expected);
        }
    }

    #[test]
    fn ages_have_one_unit() {
        let now: DateTime<Utc> = "2026-07-01T22:30:10Z".parse().unwrap();
        for (seconds, expected) in [
            (-5, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (7_199, "1 h"),
            (172_800, "2 days"),
        ] {
            assert_eq!(ago(now - TimeDelta::seconds(seconds), now), expected);
        }
        assert_eq!([count(1, "record"), count(0, "record")], ["1 record", "0 records"]);
    }
}
