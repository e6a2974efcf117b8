//! Amounts: `1.234,56`, `1,234.56 EUR`, `1'234.56`, `12,00-`, `(12,00)`, `12,-` to integer minor units.

use iso_currency::Currency;

use super::Problem;
use crate::job::NumberFormat;

/// Most digits that an amount may have; what is longer would not fit into minor units.
const MAX_DIGITS: u32 = 27;

/// Spreadsheet floats are taken as the decimal within this relative distance (one part in 10⁹).
const FLOAT_TAIL: i128 = 1_000_000_000;

/// An amount as written: a decimal number and, if it stands there, its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount<'a> {
    /// All digits as one number, with the sign.
    mantissa: i128,
    /// How many of the digits are decimals.
    scale: u32,
    /// The currency as it stands before or after the number (`EUR`, `€`, `kr.`).
    pub currency: Option<&'a str>,
}

impl<'a> Amount<'a> {
    /// Reads an amount as people write it.
    ///
    /// `format` only decides where the text can be read in two ways (`1.234`).
    ///
    /// # Errors
    /// [`Problem::Unreadable`], or [`Problem::Ambiguous`] where `format` is needed and missing.
    pub fn read(text: &'a str, format: Option<NumberFormat>) -> Result<Self, Problem> {
        let written = Written::of(text).ok_or(Problem::Unreadable)?;
        let digits = Digits::of(written.number).ok_or(Problem::Unreadable)?;
        let scale = match digits.reading() {
            Reading::Decimals(scale, _) => scale,
            Reading::Broken => return Err(Problem::Unreadable),
            Reading::Either(separator) => match (format.ok_or(Problem::Ambiguous)?, separator) {
                (NumberFormat::DecimalComma, b',') | (NumberFormat::DecimalPoint, b'.') => digits.since_last,
                _ => 0,
            },
        };
        let mantissa = if written.negative { -digits.value } else { digits.value };
        Ok(Self {
            mantissa,
            scale,
            currency: written.currency,
        })
    }

    /// Reads the shortest decimal text of a spreadsheet's float (`1234.5`, `1E+3`), always with a point.
    ///
    /// # Errors
    /// [`Problem::Unreadable`] when it is none or has more digits than an amount can have.
    pub fn read_typed(text: &'a str) -> Result<Self, Problem> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().map_err(|_| Problem::Unreadable)?),
            None => (text, 0),
        };
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let decimals = decimals.trim_end_matches('0');
        let mut value = 0_i128;
        let mut count = 0;
        for digit in whole.bytes().chain(decimals.bytes()) {
            if !digit.is_ascii_digit() || count > MAX_DIGITS {
                return Err(Problem::Unreadable);
            }
            count += u32::from(value > 0 || digit > b'0');
            value = value * 10 + i128::from(digit - b'0');
        }
        if whole.is_empty() && decimals.is_empty() {
            return Err(Problem::Unreadable);
        }
        let scale = i32::try_from(decimals.len())
            .map_err(|_| Problem::Unreadable)?
            .saturating_sub(exponent);
        let (value, scale) = match u32::try_from(scale) {
            Ok(scale) => (value, scale),
            Err(_) => (raise(value, scale.unsigned_abs()).ok_or(Problem::Unreadable)?, 0),
        };
        Ok(Self {
            mantissa: if negative { -value } else { value },
            scale,
            currency: None,
        })
    }

    /// The amount in minor units of a currency with `exponent` decimals.
    ///
    /// # Errors
    /// [`Problem::Precision`] for decimals that the currency does not have (zeros are none),
    /// [`Problem::Unreadable`] when it does not fit.
    pub fn minor(self, exponent: u32) -> Result<i64, Problem> {
        self.scaled(exponent, |_, rest| rest == 0)
    }

    /// As [`Amount::minor`] for a spreadsheet's float, whose tail beyond one part in 10⁹ is dropped.
    ///
    /// # Errors
    /// As [`Amount::minor`].
    pub fn minor_typed(self, exponent: u32) -> Result<i64, Problem> {
        self.scaled(exponent, |whole, rest| {
            rest.abs().saturating_mul(FLOAT_TAIL) <= whole.abs()
        })
    }

    fn scaled(self, exponent: u32, droppable: impl Fn(i128, i128) -> bool) -> Result<i64, Problem> {
        let value = if self.scale <= exponent {
            raise(self.mantissa, exponent - self.scale).ok_or(Problem::Unreadable)?
        } else {
            let Some(unit) = raise(1, self.scale - exponent) else {
                // So many decimals that only the tail of a float can be meant: nothing is left of it.
                return if self.mantissa == 0 {
                    Ok(0)
                } else {
                    Err(Problem::Precision)
                };
            };
            let mut whole = self.mantissa / unit;
            let mut rest = self.mantissa % unit;
            if rest.abs() * 2 >= unit {
                whole += rest.signum();
                rest -= rest.signum() * unit;
            }
            if !droppable(self.mantissa, rest) {
                return Err(Problem::Precision);
            }
            whole
        };
        i64::try_from(value).map_err(|_| Problem::Unreadable)
    }

    /// A rate in percent as ten-thousandths of a percent; more decimals are not kept.
    pub(super) fn ten_thousandths(self) -> Result<i64, Problem> {
        self.minor(4)
    }
}

fn raise(value: i128, power: u32) -> Option<i128> {
    10_i128.checked_pow(power)?.checked_mul(value)
}

/// How the column of this text writes decimals, where the text alone shows it.
pub fn shown(text: &str) -> Option<NumberFormat> {
    match Digits::of(Written::of(text)?.number)?.reading() {
        Reading::Decimals(_, shown) => shown,
        _ => None,
    }
}

/// Decimals of a currency; `None` for an unknown one.
pub fn exponent(currency: &str) -> Option<u32> {
    // The common ones first: the table is long and this is asked for each record.
    match currency {
        "EUR" | "DKK" | "USD" | "GBP" | "CHF" | "SEK" | "NOK" | "PLN" => Some(2),
        other => Currency::from_code(other)?.exponent().map(u32::from),
    }
}

/// Whether a currency as written beside an amount can mean the currency `code`.
pub fn means(written: &str, code: &str) -> bool {
    let written = written.trim_end_matches('.');
    match written {
        "€" => code == "EUR",
        "£" => code == "GBP",
        "$" => matches!(code, "USD" | "CAD" | "AUD" | "NZD" | "HKD" | "SGD"),
        _ if written.eq_ignore_ascii_case("kr") => matches!(code, "DKK" | "SEK" | "NOK" | "ISK"),
        _ if written.eq_ignore_ascii_case("euro") => code == "EUR",
        _ if written.eq_ignore_ascii_case("fr") || written.eq_ignore_ascii_case("sfr") => code == "CHF",
        _ => written.eq_ignore_ascii_case(code),
    }
}

/// The one currency that a sign beside an amount names; `None` for `$` and `kr`, which name several.
pub fn named(written: &str) -> Option<&'static str> {
    let written = written.trim_end_matches('.');
    match written {
        "€" => Some("EUR"),
        "£" => Some("GBP"),
        _ if written.eq_ignore_ascii_case("euro") => Some("EUR"),
        _ if written.len() == 3 => Currency::from_code(&written.to_ascii_uppercase()).map(|currency| currency.code()),
        _ => None,
    }
}

/// The parts of an amount as written.
struct Written<'a> {
    number: &'a str,
    negative: bool,
    currency: Option<&'a str>,
}

impl<'a> Written<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let text = text.trim();
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
            return Some(Self {
                number: text,
                negative: false,
                currency: None,
            });
        }
        let mut negative = false;
        let mut rest = text;
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            negative = true;
            rest = inner.trim();
        }
        let first = rest.find(|c: char| c.is_ascii_digit() || ((c == '.' || c == ',') && starts_decimal(rest, c)))?;
        let last = rest.rfind(|c: char| c.is_ascii_digit())?;
        let number = rest.get(first..=last)?;
        let (before, signs_before) = sign_and_currency(&rest[..first])?;
        let after = &rest[last + 1..];
        let after = without_dash_decimals(after);
        let (after, signs_after) = sign_and_currency(after)?;
        if signs_before + signs_after + u32::from(negative) > 1 || (before.is_some() && after.is_some()) {
            return None;
        }
        Some(Self {
            number,
            negative: negative || signs_before + signs_after == 1,
            currency: before.or(after),
        })
    }
}

/// `.50` without a leading zero: the separator itself begins the number.
fn starts_decimal(text: &str, separator: char) -> bool {
    let Some(at) = text.find(separator) else { return false };
    text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
        && text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| c == '-' || c.is_whitespace())
}

/// `12,-` and `12,--` write no decimals.
fn without_dash_decimals(after: &str) -> &str {
    let Some(rest) = after.strip_prefix([',', '.']) else {
        return after;
    };
    let stripped = rest.trim_start_matches(['-', '–', '—']);
    if stripped.len() == rest.len() { after } else { stripped }
}

/// Splits what stands before or after the number into a currency and the count of minus signs.
fn sign_and_currency(text: &str) -> Option<(Option<&str>, u32)> {
    let mut signs = 0;
    let mut rest = text.trim();
    loop {
        let stripped = rest.trim_start_matches(['-', '−', '–']);
        let stripped = stripped.trim_end_matches(['-', '−', '–']);
        if stripped.len() == rest.len() {
            break;
        }
        signs += rest[..].chars().count().saturating_sub(stripped.chars().count()) as u32;
        rest = stripped.trim();
    }
    let rest = rest.strip_prefix('+').unwrap_or(rest).trim();
    if rest.is_empty() {
        return Some((None, signs));
    }
    let letters = rest.trim_end_matches('.');
    let known = letters.chars().count() <= 4
        && letters
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '€' | '$' | '£'))
        && (named(letters).is_some()
            || letters == "$"
            || ["kr", "fr", "sfr"]
                .iter()
                .any(|sign| letters.eq_ignore_ascii_case(sign)));
    known.then_some((Some(rest), signs))
}

/// The digits of a number and how its separators stand.
struct Digits {
    value: i128,
    /// Groups of exactly three digits follow every separator but perhaps the last, one to three digits come first.
    grouped: bool,
    first_group: u32,
    leading_zero: bool,
    points: u32,
    commas: u32,
    spaces: u32,
    last: u8,
    /// Digits after the last separator.
    since_last: u32,
}

enum Reading {
    /// So many decimals; and the format that this shows, if it does.
    Decimals(u32, Option<NumberFormat>),
    /// One separator with three digits after it: thousands or decimals.
    Either(u8),
    Broken,
}

impl Digits {
    fn of(number: &str) -> Option<Self> {
        let mut d = Self {
            value: 0,
            grouped: true,
            first_group: 0,
            leading_zero: number.starts_with('0'),
            points: 0,
            commas: 0,
            spaces: 0,
            last: 0,
            since_last: 0,
        };
        let mut count = 0;
        for c in number.chars() {
            match c {
                '0'..='9' => {
                    count += 1;
                    if count > MAX_DIGITS {
                        return None;
                    }
                    d.value = d.value * 10 + i128::from(c as u8 - b'0');
                    d.since_last += 1;
                }
                '.' => d.separator(b'.'),
                ',' => d.separator(b','),
                ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' => d.separator(b' '),
                _ => return None,
            }
        }
        (count > 0).then_some(d)
    }

    fn separator(&mut self, kind: u8) {
        if self.last == 0 {
            self.first_group = self.since_last;
            self.grouped = (1..=3).contains(&self.since_last);
        } else {
            self.grouped &= self.since_last == 3;
        }
        match kind {
            b'.' => self.points += 1,
            b',' => self.commas += 1,
            _ => self.spaces += 1,
        }
        self.last = kind;
        self.since_last = 0;
    }

    fn reading(&self) -> Reading {
        let groups_end = self.grouped && self.since_last == 3;
        match (self.points, self.commas) {
            _ if self.last == 0 => Reading::Decimals(0, None),
            _ if self.since_last == 0 => Reading::Broken,
            (0, 0) if groups_end => Reading::Decimals(0, None),
            // Only one point or comma, and it comes last.
            (1, 0) | (0, 1) if self.last != b' ' && self.spaces == 0 => self.single(),
            (1, 0) | (0, 1) if self.last != b' ' && self.grouped => self.decimals(),
            // Several of one kind group.
            (2.., 0) if groups_end && self.spaces == 0 => Reading::Decimals(0, Some(NumberFormat::DecimalComma)),
            (0, 2..) if groups_end && self.spaces == 0 => Reading::Decimals(0, Some(NumberFormat::DecimalPoint)),
            // Both: the last one is the decimal separator and stands once.
            (1.., 1) if self.last == b',' && self.grouped && self.spaces == 0 => self.decimals(),
            (1, 1..) if self.last == b'.' && self.grouped && self.spaces == 0 => self.decimals(),
            _ => Reading::Broken,
        }
    }

    fn single(&self) -> Reading {
        if self.since_last == 3 && (1..=3).contains(&self.first_group) && !self.leading_zero {
            Reading::Either(self.last)
        } else {
            self.decimals()
        }
    }

    fn decimals(&self) -> Reading {
        let shown = if self.last == b',' {
            NumberFormat::DecimalComma
        } else {
            NumberFormat::DecimalPoint
        };
        Reading::Decimals(self.since_last, Some(shown))
    }
}
