//! How settings write durations, sizes, ports and amounts.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Ten years: longer ones are slips, and would overflow when added to a date.
const LONGEST_MS: u64 = 3_650 * 86_400_000;

/// A duration such as `60s`, `15m`, `24h`, `500ms` or `7d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    const RIGHT: &str = "write it like \"500ms\", \"60s\", \"15m\", \"24h\" or \"7d\"";
    let (number, unit) = split(text).ok_or_else(|| format!("`{text}` is not a duration; {RIGHT}"))?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(format!("`{text}` has no unit that is known; {RIGHT}")),
    };
    let total = number.checked_mul(milliseconds).filter(|total| *total <= LONGEST_MS);
    let total = total.ok_or_else(|| format!("`{text}` is too long; at most \"3650d\" are taken"))?;
    Ok(Duration::from_millis(total))
}

/// A duration of at least a millisecond.
pub(crate) fn positive_duration(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("must be longer than nothing".to_owned()),
        duration => Ok(duration),
    }
}

/// A size such as `2GiB` (powers of 1,024) or `500MB` (powers of 1,000).
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    const RIGHT: &str = "write it like \"64KiB\", \"500MB\" or \"2GiB\"";
    let (number, unit) = split(text).ok_or_else(|| format!("`{text}` is not a size; {RIGHT}"))?;
    let factor = match unit {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return Err(format!("`{text}` has no unit that is known; {RIGHT}")),
    };
    // SQLite and file offsets are signed: stay below 2^63.
    let total = number.checked_mul(factor).filter(|n| i64::try_from(*n).is_ok());
    total.ok_or_else(|| format!("`{text}` is too large"))
}

/// Ports such as `50000-50999`.
pub(crate) fn ports(text: &str) -> Result<RangeInclusive<u16>, String> {
    let wrong = || format!("`{text}` is not a range of ports; write it like \"50000-50999\"");
    let (first, last) = text.split_once('-').ok_or_else(wrong)?;
    let first: u16 = first.trim().parse().map_err(|_| wrong())?;
    let last: u16 = last.trim().parse().map_err(|_| wrong())?;
    if first < 1024 || first > last {
        return Err(format!("{wrong}, from 1024 on, the smaller one first", wrong = wrong()));
    }
    Ok(first..=last)
}

/// An amount such as `10` or `10.00` in minor units of a currency with `decimals` places.
pub(crate) fn minor_units(text: &str, decimals: usize) -> Result<i64, String> {
    let example = match decimals {
        0 => "\"10\"".to_owned(),
        _ => format!("\"10.{}\"", "0".repeat(decimals)),
    };
    let wrong = || format!("`{text}` is not an amount with {decimals} decimals; write it like {example}");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let dangling = text.ends_with('.');
    if whole.is_empty() || dangling || !digits(whole) || !digits(fraction) || fraction.len() > decimals {
        return Err(wrong());
    }
    format!("{whole}{fraction:0<decimals$}")
        .parse()
        .map_err(|_| format!("`{text}` is too large"))
}

/// A percentage from 0 to 100 such as `25` or `12.5`, in ten-thousandths of a percent.
pub(crate) fn percent(text: &str) -> Result<i64, String> {
    const WHOLE: i64 = 1_000_000;
    let wrong = || format!("`{text}` is not a percentage; write it like \"25\" or \"12.5\", at most \"100\"");
    let rate = minor_units(text, 4).map_err(|_| wrong())?;
    match rate {
        0..=WHOLE => Ok(rate),
        _ => Err(wrong()),
    }
}

/// `12 GiB` → (12, "GiB")
fn split(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, milliseconds) in [("500ms", 500), ("60s", 60_000), ("15m", 900_000), ("24 h", 86_400_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in [
            "",
            "s",
            "60",
            "1.5h",
            "-1s",
            "60S",
            "99999999999999999999s",
            "3651d",
            "18446744073709551615d",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(positive_duration("0s").is_err());
    }

    #[test]
    fn sizes() {
        for (text, size) in [
            ("2GiB", 2 << 30),
            ("500MB", 500_000_000),
            ("64 KiB", 65_536),
            ("12", 12),
            ("0B", 0),
        ] {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        for text in ["", "GiB", "2G", "1.5GiB", "-1B", "9000000TiB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn port_ranges() {
        assert_eq!(ports("50000-50999"), Ok(50_000..=50_999));
        for text in ["", "50000", "50999-50000", "20-30", "50000-70000", "a-b"] {
            assert!(ports(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts() {
        for (text, decimals, minor) in [("10.00", 2, 1000), ("10", 2, 1000), ("0.5", 2, 50), ("100", 0, 100)] {
            assert_eq!(minor_units(text, decimals), Ok(minor), "{text}");
        }
        for (text, decimals) in [
            ("", 2),
            (".5", 2),
            ("10.", 2),
            ("10,00", 2),
            ("-1", 2),
            ("1.005", 2),
            ("1.0", 0),
        ] {
            assert!(minor_units(text, decimals).is_err(), "{text}");
        }
        assert!(minor_units("99999999999999999999", 2).is_err());
    }

    #[test]
    fn percentages() {
        for (text, rate) in [("25", 250_000), ("12.5", 125_000), ("0", 0), ("100.00", 1_000_000)] {
            assert_eq!(percent(text), Ok(rate), "{text}");
        }
        for text in ["", "25 %", "-1", "100.0001", "1.00001", "12,5"] {
            assert!(percent(text).is_err(), "{text}");
        }
    }
}
