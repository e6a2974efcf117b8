//! Dates: `31.12.2026`, `31/12/2026`, `2026-12-31`, `20261231`, `3. März 2026` to calendar dates.
//!
//! With points the day comes first, with a four-digit number in front the year. Slashes and dashes are written
//! in both orders over the world: there only the column, the client's setting or the value itself decides.
//! Two-digit years: see [`Window`].

use chrono::NaiveDate;

use super::Problem;
use crate::job::DateOrder;

/// Which century a two-digit year means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// 00–49 is 2000–2049, 50–99 is 1950–1999: invoices, contracts, titles.
    Business,
    /// 00–10 is 2000–2010, 11–99 is 1911–1999: nobody younger owes.
    Birth,
}

impl Window {
    fn year(self, short: u32) -> u32 {
        let pivot = match self {
            Self::Business => 50,
            Self::Birth => 11,
        };
        if short < pivot { 2000 + short } else { 1900 + short }
    }
}

/// The orders in which one or more texts can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orders(u8);

impl Orders {
    /// Nothing seen yet: any order.
    pub const ANY: Self = Self(0b111);

    const NONE: Self = Self(0);

    const fn of(order: DateOrder) -> Self {
        Self(match order {
            DateOrder::DayMonthYear => 0b001,
            DateOrder::MonthDayYear => 0b010,
            DateOrder::YearMonthDay => 0b100,
        })
    }

    /// The orders in which both can be read.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    const fn has(self, order: DateOrder) -> bool {
        self.0 & Self::of(order).0 != 0
    }

    /// The order, when only one is left.
    pub const fn only(self) -> Option<DateOrder> {
        match self.0 {
            0b001 => Some(DateOrder::DayMonthYear),
            0b010 => Some(DateOrder::MonthDayYear),
            0b100 => Some(DateOrder::YearMonthDay),
            _ => None,
        }
    }
}

const ORDERS: [DateOrder; 3] = [
    DateOrder::DayMonthYear,
    DateOrder::MonthDayYear,
    DateOrder::YearMonthDay,
];

/// Reads a date. `order` only decides where the text can be read in two ways.
///
/// # Errors
/// [`Problem::Unreadable`], or [`Problem::Ambiguous`] where `order` is needed and missing.
pub fn read(text: &str, order: Option<DateOrder>, window: Window) -> Result<NaiveDate, Problem> {
    let text = without_time(text.trim());
    if let Some(parts) = Parts::of(text) {
        return parts.read(order, window);
    }
    with_month_name(text, window).ok_or(Problem::Unreadable)
}

/// The orders in which `text` can be read; [`Orders::ANY`] when it does not tell (or is no date of numbers).
pub fn shown(text: &str, window: Window) -> Orders {
    match Parts::of(without_time(text.trim())) {
        Some(parts) if !parts.fixed => match parts.readable(window) {
            Orders::NONE => Orders::ANY,
            orders => orders,
        },
        _ => Orders::ANY,
    }
}

/// Cuts a time of day off: `31.12.2026 00:00:00`, `2026-12-31T00:00:00Z`.
fn without_time(text: &str) -> &str {
    let Some(at) = text.bytes().position(|b| b == b' ' || b == b'T') else {
        return text;
    };
    let (date, time) = (&text[..at], text[at + 1..].trim_start());
    let looks = time.bytes().take_while(u8::is_ascii_digit).count();
    if date.len() >= 6 && (1..=2).contains(&looks) && time.as_bytes().get(looks) == Some(&b':') {
        date
    } else {
        text
    }
}

/// The three numbers of a date.
struct Parts {
    numbers: [u32; 3],
    /// Digits of each number.
    lengths: [usize; 3],
    /// The separator itself says the order (points, or a four-digit year in front).
    fixed: bool,
    /// Written without separators: the year has four digits in either order.
    compact: Option<[u32; 3]>,
    /// With dashes a year of two digits may stand in front (`26-12-31`); with slashes nobody writes that.
    dashes: bool,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit) {
            let number = |range: std::ops::Range<usize>| text[range].parse().ok();
            let year_first = [number(0..4)?, number(4..6)?, number(6..8)?];
            let year_last = [number(0..2)?, number(2..4)?, number(4..8)?];
            return Some(Self {
                numbers: year_last,
                lengths: [2, 2, 4],
                fixed: false,
                compact: Some(year_first),
                dashes: false,
            });
        }
        let mut numbers = [0; 3];
        let mut lengths = [0; 3];
        let mut index = 0;
        let mut separator = 0;
        for &byte in bytes {
            match byte {
                b'0'..=b'9' if lengths[index] < 4 => {
                    numbers[index] = numbers[index] * 10 + u32::from(byte - b'0');
                    lengths[index] += 1;
                }
                b'.' | b'/' | b'-' if lengths[index] > 0 && index < 2 && (separator == 0 || separator == byte) => {
                    separator = byte;
                    index += 1;
                }
                // `3. 4. 2026`
                b' ' if separator == b'.' && lengths[index] == 0 => {}
                _ => return None,
            }
        }
        if index < 2 || lengths[2] == 0 || lengths[1] > 2 {
            return None;
        }
        let fixed = separator == b'.' || lengths[0] == 4;
        Some(Self {
            numbers,
            lengths,
            fixed,
            compact: None,
            dashes: separator == b'-',
        })
    }

    fn date(&self, order: DateOrder, window: Window) -> Option<NaiveDate> {
        let [a, b, c] = self.numbers;
        if let (Some([year, month, day]), DateOrder::YearMonthDay) = (self.compact, order) {
            return calendar(year, 4, month, day, window);
        }
        match order {
            DateOrder::DayMonthYear if self.lengths[0] <= 2 => calendar(c, self.lengths[2], b, a, window),
            DateOrder::MonthDayYear if self.lengths[0] <= 2 => calendar(c, self.lengths[2], a, b, window),
            DateOrder::YearMonthDay if self.lengths[2] <= 2 && (self.dashes || self.lengths[0] == 4) => {
                calendar(a, self.lengths[0], b, c, window)
            }
            _ => None,
        }
    }

    fn readable(&self, window: Window) -> Orders {
        ORDERS
            .into_iter()
            .filter(|order| self.date(*order, window).is_some())
            .fold(Orders::NONE, |orders, order| Orders(orders.0 | Orders::of(order).0))
    }

    fn read(&self, order: Option<DateOrder>, window: Window) -> Result<NaiveDate, Problem> {
        if self.fixed {
            let fixed = if self.lengths[0] == 4 {
                DateOrder::YearMonthDay
            } else {
                DateOrder::DayMonthYear
            };
            return self.date(fixed, window).ok_or(Problem::Unreadable);
        }
        let orders = self.readable(window);
        let mut dates = ORDERS
            .into_iter()
            .filter(|order| orders.has(*order))
            .filter_map(|o| self.date(o, window));
        let first = dates.next().ok_or(Problem::Unreadable)?;
        if dates.all(|date| date == first) {
            return Ok(first);
        }
        let order = order.filter(|order| orders.has(*order)).ok_or(Problem::Ambiguous)?;
        self.date(order, window).ok_or(Problem::Unreadable)
    }
}

fn calendar(year: u32, digits: usize, month: u32, day: u32, window: Window) -> Option<NaiveDate> {
    let year = match digits {
        2 => window.year(year),
        4 if (1000..=2999).contains(&year) => year,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `3. März 2026`, `3 March 2026`, `March 3, 2026`, `03-MAR-26`.
fn with_month_name(text: &str, window: Window) -> Option<NaiveDate> {
    let mut words = text
        .split([' ', '.', ',', '-', '/', '\u{a0}'])
        .filter(|word| !word.is_empty());
    let (a, b, c) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let (day, name) = if a.as_bytes()[0].is_ascii_digit() {
        (a, b)
    } else {
        (b, a)
    };
    let day = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| day.strip_suffix(ending))
        .unwrap_or(day);
    let month = month(name)?;
    let digits = c.len();
    if !(1..=2).contains(&day.len()) || !c.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    calendar(c.parse().ok()?, digits, month, day.parse().ok()?, window)
}

fn month(name: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["jan", "januar", "january", "janner"],
        &["feb", "februar", "february", "feber"],
        &["mar", "marz", "march", "marts", "mrz"],
        &["apr", "april"],
        &["mai", "may", "maj"],
        &["jun", "juni", "june"],
        &["jul", "juli", "july"],
        &["aug", "august"],
        &["sep", "sept", "september"],
        &["okt", "oct", "oktober", "october"],
        &["nov", "november"],
        &["dez", "dec", "dezember", "december"],
    ];
    let folded = crate::fold::fold(name);
    let index = NAMES.iter().position(|names| names.contains(&folded.as_str()))?;
    u32::try_from(index + 1).ok()
}
