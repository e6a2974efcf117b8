//! Rates: `5,12 %` and `5.12` to ten-thousandths of a percent.

use super::Problem;
use super::money::Amount;
use crate::job::NumberFormat;

/// Reads a rate. A single separator always writes decimals, as no rate is above a thousand percent.
///
/// # Errors
/// [`Problem::Unreadable`], or [`Problem::Precision`] beyond four decimals.
pub fn read(text: &str) -> Result<i64, Problem> {
    let number = text.trim();
    let number = ["%", "Prozent", "percent", "pct.", "pct", "p.a."]
        .iter()
        .fold(number, |number, unit| {
            number.strip_suffix(unit).unwrap_or(number).trim_end()
        });
    let format = if number.contains(',') {
        NumberFormat::DecimalComma
    } else {
        NumberFormat::DecimalPoint
    };
    let amount = Amount::read(number, Some(format))?;
    if amount.currency.is_some() {
        return Err(Problem::Unreadable);
    }
    amount.ten_thousandths()
}

/// Reads the number of a spreadsheet's cell, as percent (`5.12`); `shown` says that the cell shows a percent sign.
///
/// A number below one without it may be a rate of less than one percent or a percentage whose format the file's reader
/// cannot tell (`0.0512` in an XLS or ODS that shows `5.12 %`): that is not guessed.
///
/// # Errors
/// As [`read`], and [`Problem::Unreadable`] for such a number.
pub fn read_typed(text: &str, shown: bool) -> Result<i64, Problem> {
    let below_one = text.trim_start_matches('-').starts_with("0.");
    if below_one && !shown {
        return Err(Problem::Unreadable);
    }
    Amount::read_typed(text)?.minor_typed(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        for (text, expected) in [
            ("5,12 %", Ok(51_200)),
            ("5.125", Ok(51_250)),
            ("5", Ok(50_000)),
            ("9 Prozent", Ok(90_000)),
            ("0,0001%", Ok(1)),
            ("0,00001", Err(Problem::Precision)),
            ("Basiszins + 5", Err(Problem::Unreadable)),
            ("5 EUR", Err(Problem::Unreadable)),
            ("", Err(Problem::Unreadable)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        for (text, shown, expected) in [
            ("5.1200000000000001", false, Ok(51_200)),
            ("0.5", true, Ok(5_000)),
            ("0.0512", false, Err(Problem::Unreadable)),
            ("0", false, Ok(0)),
        ] {
            assert_eq!(read_typed(text, shown), expected, "{text}");
        }
    }
}
