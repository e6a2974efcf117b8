//! Days of a period by each day count, and the days on which nobody works.

use chrono::{Datelike, NaiveDate, Weekday};

use super::terms::{DayCount, RestDays, Terms};

/// The days from `from` to `to`, both counted.
///
/// 30E/360: a 31st adds nothing, the end of February is not moved; a period may be cut anywhere without a change.
pub(super) fn between(count: DayCount, from: NaiveDate, to: NaiveDate) -> i64 {
    match count {
        DayCount::Actual365 | DayCount::ActualActual => (to - from).num_days() + 1,
        DayCount::Thirty360 => commercial(to) - from.pred_opt().map_or(0, commercial),
    }
}

/// A day on the scale of 30E/360.
fn commercial(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 360 + i64::from(day.month()) * 30 + i64::from(day.day().min(30))
}

/// The days of the year for interest of `day`.
pub(super) fn of_year(count: DayCount, day: NaiveDate) -> i64 {
    match count {
        DayCount::Actual365 => 365,
        DayCount::ActualActual if day.leap_year() => 366,
        DayCount::ActualActual => 365,
        DayCount::Thirty360 => 360,
    }
}

/// The last day up to which the days of the year stay those of `day`, within the calendar year.
pub(super) fn same_year_until(count: DayCount, day: NaiveDate) -> Option<NaiveDate> {
    match count {
        DayCount::ActualActual => NaiveDate::from_ymd_opt(day.year(), 12, 31),
        DayCount::Actual365 | DayCount::Thirty360 => None,
    }
}

/// The last day to pay: `day`, or by § 193 BGB the next working day.
pub(super) fn last_to_pay(terms: &Terms, day: NaiveDate) -> NaiveDate {
    let rests = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || terms.holidays.contains(day);
    match terms.rest_days {
        RestDays::AsGiven => day,
        RestDays::NextWorkingDay => day.iter_days().find(|day| !rests(day)).unwrap_or(day),
    }
}
