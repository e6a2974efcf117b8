//! When a report is due: cron expressions on the wall clock of a time zone.
//!
//! The expression is evaluated on local wall-clock time and the result mapped to an instant, so that every wall-clock
//! time is one run: a time that daylight saving skips runs at the first instant after the gap, a time that it repeats
//! runs the first time only.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use cron::Schedule;

/// The first due time after `after`; `None` when the expression has no further one.
pub(crate) fn next_due(schedule: &Schedule, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    // Begin a day early: near a change of the clock the wall clock does not order instants.
    let wall = wall_clock(zone, after) - TimeDelta::days(1);
    schedule
        .after(&wall.and_utc())
        .map(|due| instant(zone, due.naive_utc()))
        .find(|due| *due > after)
}

/// The last due time in (`after`, `until`]: the one run that stands for all that were missed.
pub(crate) fn last_due(
    schedule: &Schedule,
    zone: Tz,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let wall = wall_clock(zone, until) + TimeDelta::days(1);
    schedule
        .after(&wall.and_utc())
        .rev()
        .map(|due| instant(zone, due.naive_utc()))
        .find(|due| *due <= until)
        .filter(|due| *due > after)
}

fn wall_clock(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// The instant at which the wall clock of `zone` shows `wall`.
fn instant(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => after_gap(zone, wall),
    }
}

/// The first instant after the gap that swallows `wall`. Gaps are whole minutes and at most a day long.
fn after_gap(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    let whole = wall - TimeDelta::seconds(wall.and_utc().timestamp().rem_euclid(60));
    (1..=24 * 60)
        .find_map(|minutes| {
            zone.from_local_datetime(&(whole + TimeDelta::minutes(minutes)))
                .earliest()
        })
        .map_or_else(|| wall.and_utc(), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn check_next(expression: &str, after: &str, expected: &[&str]) {
        let schedule = Schedule::from_str(expression).unwrap();
        let mut now = at(after);
        for due in expected {
            now = next_due(&schedule, chrono_tz::Europe::Berlin, now).unwrap();
            assert_eq!(now, at(due), "{expression} after {after}");
        }
    }

    #[test]
    fn runs_every_day_on_the_wall_clock() {
        check_next(
            "0 0 6 * * *",
            "2026-11-24T05:00:00Z",
            &["2026-11-25T05:00:00Z", "2026-11-26T05:00:00Z"],
        );
        check_next("0 0 6 * * *", "2026-07-01T00:00:00Z", &["2026-07-01T04:00:00Z"]);
    }

    #[test]
    fn a_skipped_time_runs_after_the_gap() {
        check_next(
            "0 30 2 * * *",
            "2026-03-28T12:00:00Z",
            &["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
        );
    }

    #[test]
    fn a_repeated_time_runs_once() {
        check_next(
            "0 30 2 * * *",
            "2026-10-24T12:00:00Z",
            &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
        );
    }

    #[test]
    fn missed_runs_are_one() {
        let daily = Schedule::from_str("0 0 6 * * *").unwrap();
        let berlin = chrono_tz::Europe::Berlin;
        let last = |after, until| last_due(&daily, berlin, at(after), at(until));
        assert_eq!(
            last("2026-11-20T05:00:00Z", "2026-11-24T09:00:00Z"),
            Some(at("2026-11-24T05:00:00Z"))
        );
        assert_eq!(last("2026-11-24T05:00:00Z", "2026-11-24T09:00:00Z"), None);
        assert_eq!(
            last("2026-11-23T05:00:00Z", "2026-11-24T05:00:00Z"),
            Some(at("2026-11-24T05:00:00Z"))
        );
    }

    #[test]
    fn an_expression_in_the_past_is_never_due_again() {
        let once = Schedule::from_str("0 0 6 1 1 * 2020").unwrap();
        assert_eq!(
            next_due(&once, chrono_tz::Europe::Berlin, at("2026-11-24T05:00:00Z")),
            None
        );
    }
}
