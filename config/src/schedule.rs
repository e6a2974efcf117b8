//! Cron expressions as crontab writes them, for the crate `cron`, which counts seconds first and Sunday as 1.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use cron::Schedule;

const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Reads the usual five fields (minute, hour, day, month, weekday), six with seconds first, seven with a year last,
/// or `@daily` and its like. Weekdays are 0–7 as in crontab (0 and 7 are Sunday), or names.
///
/// # Errors
/// Says what is wrong, or that the schedule never comes (30 February).
pub(crate) fn schedule(text: &str) -> Result<Schedule, String> {
    let text = text.trim();
    let fields: Vec<&str> = text.split_whitespace().collect();
    let expression = match fields.as_slice() {
        [name] if name.starts_with('@') => (*name).to_owned(),
        [minute, hour, day, month, weekday] => format!("0 {minute} {hour} {day} {month} {}", weekdays(weekday)?),
        [times @ .., weekday] if times.len() == 5 => format!("{} {}", times.join(" "), weekdays(weekday)?),
        [times @ .., weekday, year] if times.len() == 5 => format!("{} {} {year}", times.join(" "), weekdays(weekday)?),
        _ => {
            return Err(format!(
                "`{text}` is not a cron expression; write it like \"0 6 * * mon\" (Mondays at 06:00)"
            ));
        }
    };
    let parsed = Schedule::from_str(&expression);
    let parsed = parsed.map_err(|e| {
        format!(
            "`{text}` is not a cron expression: {}",
            e.to_string().replace('\n', " ")
        )
    })?;
    match parsed.after(&DateTime::<Utc>::UNIX_EPOCH).next() {
        Some(_) => Ok(parsed),
        None => Err(format!("`{text}` never comes; check day and month")),
    }
}

/// Crontab's weekdays as names, item by item: `1-5` → `mon,tue,wed,thu,fri`, `7` → `sun`.
fn weekdays(field: &str) -> Result<String, String> {
    let items: Result<Vec<String>, String> = field.split(',').map(weekday_item).collect();
    Ok(items?.join(","))
}

fn weekday_item(item: &str) -> Result<String, String> {
    let (range, step) = item
        .split_once('/')
        .map_or((item, None), |(range, step)| (range, Some(step)));
    if matches!(range, "*" | "?") && step.is_none() {
        return Ok(item.to_owned());
    }
    let wrong = || format!("`{item}` is not a weekday; write 0 to 7 (0 and 7 are Sunday) or mon, tue, …");
    let (first, last) = match range {
        "*" => (0, 6),
        _ => match range.split_once('-') {
            Some((first, last)) => (weekday(first).ok_or_else(wrong)?, weekday(last).ok_or_else(wrong)?),
            None => (weekday(range).ok_or_else(wrong)?, weekday(range).ok_or_else(wrong)?),
        },
    };
    let step: usize = step
        .map_or(Ok(1), str::parse)
        .ok()
        .filter(|step| *step > 0)
        .ok_or_else(wrong)?;
    // `fri-mon` and `5-1` run over the end of the week; `n/2` means from n to the end of it.
    let last = if last < first { last + 7 } else { last };
    let last = if step > 1 && !range.contains(['-', '*']) {
        6.max(first)
    } else {
        last
    };
    let names: Vec<&str> = (first..=last).step_by(step).map(|day| DAYS[day % 7]).collect();
    Ok(names.join(","))
}

fn weekday(text: &str) -> Option<usize> {
    match text.parse::<usize>() {
        Ok(number) => (number <= 7).then_some(number),
        Err(_) => {
            let folded = text.to_ascii_lowercase();
            let long = folded.ends_with("day") && folded.len() > 5;
            DAYS.iter()
                .position(|day| folded == *day || (long && folded.starts_with(day)))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    /// The first three times after Saturday, 2026-10-31, 12:00 UTC.
    fn check(expression: &str, expected: [&str; 3]) {
        let start = Utc.with_ymd_and_hms(2026, 10, 31, 12, 0, 0).unwrap();
        let schedule = schedule(expression).unwrap();
        let times: Vec<String> = schedule
            .after(&start)
            .take(3)
            .map(|t| t.format("%a %d %H:%M:%S").to_string())
            .collect();
        assert_eq!(times, expected, "{expression}");
    }

    #[test]
    fn weekdays_are_crontabs() {
        let mondays = ["Mon 02 06:00:00", "Mon 09 06:00:00", "Mon 16 06:00:00"];
        for expression in [
            "0 6 * * 1",
            "0 6 * * mon",
            "0 6 * * MONDAY",
            "0 0 6 * * 1",
            "0 0 6 ? * mon 2026-2030",
        ] {
            check(expression, mondays);
        }
        let sundays = ["Sun 01 06:00:00", "Sun 08 06:00:00", "Sun 15 06:00:00"];
        for expression in ["0 6 * * 0", "0 6 * * 7", "0 6 * * sun"] {
            check(expression, sundays);
        }
        check("0 6 * * 1-5", ["Mon 02 06:00:00", "Tue 03 06:00:00", "Wed 04 06:00:00"]);
        check(
            "0 6 * * fri-mon",
            ["Sun 01 06:00:00", "Mon 02 06:00:00", "Fri 06 06:00:00"],
        );
        check("0 6 * * 5-7", ["Sun 01 06:00:00", "Fri 06 06:00:00", "Sat 07 06:00:00"]);
        check("0 6 * * 1/2", ["Mon 02 06:00:00", "Wed 04 06:00:00", "Fri 06 06:00:00"]);
        check("30 18 1 * *", ["Sun 01 18:30:00", "Tue 01 18:30:00", "Fri 01 18:30:00"]);
        check("@daily", ["Sun 01 00:00:00", "Mon 02 00:00:00", "Tue 03 00:00:00"]);
    }

    #[test]
    fn refused() {
        for text in [
            "",
            "6",
            "* * * *",
            "61 6 * * *",
            "0 6 * * 8",
            "0 6 * * mond",
            "0 6 30 2 *",
            "@often",
            "0 6 * * 1/0",
        ] {
            assert!(schedule(text).is_err(), "{text}");
        }
    }
}
