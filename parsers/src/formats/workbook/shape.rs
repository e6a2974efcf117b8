//! Number formats: what a stored number looks like to whoever reads the sheet (ECMA-376 part 1, 18.8.30/31).

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use crate::formats::Typed;

/// Digits that a spreadsheet shows at most; what lies behind is noise of binary fractions.
const DIGITS: usize = 15;

/// The shape that a number format gives to a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Shape {
    /// A plain number.
    #[default]
    Plain,
    /// A date, with a time or without.
    Date,
    /// A time of day.
    Time,
    /// A span of time (`[h]:mm`).
    Span,
    /// A percentage.
    Percent,
    /// Digits with leading zeros and fixed letters (`00000`, `"D-"00000`); `None` stands for a digit.
    Digits(Vec<Option<char>>),
}

impl Shape {
    /// The shape of a format code; only its first section counts, which is the one for positive numbers.
    pub(crate) fn of_code(code: &str) -> Self {
        let mut tokens = Tokens::default();
        let mut characters = code.chars();
        while let Some(character) = characters.next() {
            match character {
                ';' => break,
                '\\' => tokens.pattern.extend(characters.next().map(Some)),
                '_' | '*' => drop(characters.next()),
                '"' => tokens
                    .pattern
                    .extend(characters.by_ref().take_while(|&c| c != '"').map(Some)),
                '[' => {
                    let bracket: String = characters.by_ref().take_while(|&c| c != ']').collect();
                    let letters = bracket.trim_matches(['h', 'H', 'm', 'M', 's', 'S']);
                    tokens.span |= letters.is_empty() && !bracket.is_empty();
                    tokens.money |= bracket.starts_with('$') && !bracket.starts_with("$-");
                }
                _ => tokens.take(character),
            }
        }
        tokens.shape(code)
    }

    /// The shape of a number format that has no code in the file.
    pub(crate) fn of_builtin(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self::Date,
            18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Self::Time,
            46 => Self::Span,
            _ => Self::Plain,
        }
    }

    /// The text and the type of a number in this shape.
    pub(crate) fn show(&self, value: f64, epoch_1904: bool) -> (String, Option<Typed>) {
        match self {
            Self::Date => {
                if let Some(date) = date(value, epoch_1904) {
                    return (date_text(date), Some(Typed::Date(date)));
                }
            }
            Self::Time if (0.0..1.0).contains(&value) => return (span_text(value), None),
            Self::Time => {
                if let Some(date) = date(value, epoch_1904) {
                    return (date_text(date), Some(Typed::Date(date)));
                }
            }
            Self::Span if (0.0..1e6).contains(&value) => return (span_text(value), None),
            Self::Percent => {
                let number = decimal(value, 2);
                return (format!("{number}%"), Some(Typed::Number(number)));
            }
            Self::Digits(pattern) => {
                if let Some(text) = digits(pattern, value) {
                    return (text, None);
                }
            }
            Self::Plain | Self::Span => {}
        }
        let number = decimal(value, 0);
        (number.clone(), Some(Typed::Number(number)))
    }
}

#[derive(Default)]
struct Tokens {
    pattern: Vec<Option<char>>,
    day: bool,
    month: bool,
    clock: bool,
    span: bool,
    percent: bool,
    money: bool,
    other: bool,
}

impl Tokens {
    fn take(&mut self, character: char) {
        match character {
            '0' => self.pattern.push(None),
            'd' | 'D' | 'y' | 'Y' => self.day = true,
            'm' | 'M' => self.month = true,
            'h' | 'H' | 's' | 'S' => self.clock = true,
            '%' => self.percent = true,
            ' ' | '-' | '/' | '(' | ')' | '+' | ':' => self.pattern.push(Some(character)),
            _ => self.other = true,
        }
    }

    fn shape(self, code: &str) -> Shape {
        if code.eq_ignore_ascii_case("general") || code == "@" {
            return Shape::Plain;
        }
        if self.span {
            return Shape::Span;
        }
        if self.day || (self.month && !self.clock) {
            return Shape::Date;
        }
        if self.clock {
            return Shape::Time;
        }
        if self.percent {
            return Shape::Percent;
        }
        let zeros = self.pattern.iter().filter(|token| token.is_none()).count();
        let money = self.money
            || self
                .pattern
                .iter()
                .flatten()
                .any(|c| matches!(c, '€' | '$' | '£' | '¥'));
        if zeros >= 2 && !self.other && !money {
            Shape::Digits(self.pattern)
        } else {
            Shape::Plain
        }
    }
}

/// The decimal text of a stored number times ten to the power of `shift`, without an exponent where that is readable.
///
/// Whole numbers are exact; fractions have the 15 significant digits that a spreadsheet shows, so that the sum
/// 0.1 + 0.2 is 0.3 here as it is to whoever looks at the sheet.
pub(crate) fn decimal(value: f64, shift: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value.is_finite() {
            "0".into()
        } else {
            value.to_string()
        };
    }
    // Most numbers are short and need no rounding.
    if shift == 0 && (1e-5..1e15).contains(&value.abs()) {
        let shortest = value.to_string();
        let zeros = shortest
            .bytes()
            .take_while(|byte| matches!(byte, b'-' | b'0' | b'.'))
            .count();
        if shortest.len() - zeros <= DIGITS + 1 - usize::from(value.fract() == 0.0) {
            return shortest;
        }
    }
    let scientific = if value.fract() == 0.0 && value.abs() < 1e18 {
        // Exact: every digit of a whole number counts, an identifier's above all.
        format!("{:e}", value)
    } else {
        format!("{:.*e}", DIGITS - 1, value)
    };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0) + shift;
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let mut text = String::from(if negative { "-" } else { "" });
    match exponent {
        // The point stands behind `exponent + 1` digits.
        0..=20 => {
            let whole = exponent as usize + 1;
            text.extend(digits.chars().chain(std::iter::repeat('0')).take(whole));
            if digits.len() > whole {
                text.push('.');
                text.push_str(&digits[whole..]);
            }
        }
        -20..=-1 => {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
            text.push_str(digits);
        }
        _ => {
            text.push_str(&digits[..1]);
            if digits.len() > 1 {
                text.push('.');
                text.push_str(&digits[1..]);
            }
            text.push_str(&format!("E{exponent}"));
        }
    }
    text
}

/// A whole number in a pattern of digits; `None` when it is none or does not lose anything by being plain.
fn digits(pattern: &[Option<char>], value: f64) -> Option<String> {
    if value < 0.0 || value.fract() != 0.0 || value >= 1e15 {
        return None;
    }
    let number = format!("{value:.0}");
    let places = pattern.iter().filter(|token| token.is_none()).count();
    let mut number = format!("{number:0>places$}").chars().collect::<Vec<_>>();
    let surplus = number.drain(..number.len().saturating_sub(places)).collect::<String>();
    let mut rest = number.into_iter();
    let mut text = String::new();
    let mut first = true;
    for token in pattern {
        match token {
            Some(literal) => text.push(*literal),
            None => {
                if std::mem::take(&mut first) {
                    text.push_str(&surplus);
                }
                text.extend(rest.next());
            }
        }
    }
    Some(text.trim().to_owned())
}

/// A serial day number as a date and a time to the second (1900: day 60 is the 29th of February that never was).
fn date(serial: f64, epoch_1904: bool) -> Option<NaiveDateTime> {
    if !(0.0..2_958_466.0).contains(&serial) || (!epoch_1904 && serial < 1.0) {
        return None;
    }
    let seconds = (serial.fract() * 86_400.0).round() as i64;
    let days = serial.trunc() as u64;
    let epoch = match (epoch_1904, days) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1),
        (false, 0..60) => NaiveDate::from_ymd_opt(1899, 12, 31),
        (false, _) => NaiveDate::from_ymd_opt(1899, 12, 30),
    }?;
    epoch
        .checked_add_days(Days::new(days))?
        .and_hms_opt(0, 0, 0)?
        .checked_add_signed(TimeDelta::try_seconds(seconds)?)
}

/// A date or a date with a time after ISO 8601, as workbooks write it.
pub(crate) fn iso_date(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim().trim_end_matches('Z');
    match text.split_once('T') {
        Some(_) => ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .into_iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()),
        None => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0),
    }
}

/// A date as text: the date alone when the time is midnight.
pub(crate) fn date_text(date: NaiveDateTime) -> String {
    if date.time() == chrono::NaiveTime::MIN {
        date.format("%Y-%m-%d")
    } else {
        date.format("%Y-%m-%d %H:%M:%S")
    }
    .to_string()
}

/// Days as hours, minutes and seconds.
pub(crate) fn span_text(days: f64) -> String {
    let seconds = (days * 86_400.0).round() as u64;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
