//! Values that change with the law: base rates and limitation periods, read from data files.
//!
//! The built-in tables stand in `cases/data/`; an operator's own text in the same shape may replace them.

use std::sync::{Arc, LazyLock};

use chrono::{Datelike, Months, NaiveDate};

use crate::account::decimal;

/// The base rates change by half-year; a table whose last entry is older than this lacks one.
const BASE_RATE_MONTHS: Months = Months::new(7);

/// Why a table was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table}, line {line}: {reason}")]
pub struct TableError {
    /// Which table.
    pub table: &'static str,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// From which day a limitation period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CountedFrom {
    /// The day on which the claim fell due.
    Day,
    /// The end of that year (section 199 (1) BGB).
    YearEnd,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Period {
    country: String,
    years: u32,
    from: CountedFrom,
    titled_years: u32,
}

/// Base rates and limitation periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Day from which a rate is valid, and the rate in ten-thousandths of a percent; by day.
    base_rates: Vec<(NaiveDate, i64)>,
    /// By country.
    periods: Vec<Period>,
}

static BUILT_IN: LazyLock<Arc<Tables>> = LazyLock::new(|| {
    let tables = Tables::parse(
        include_str!("../../data/base_rates.csv"),
        include_str!("../../data/limitation.csv"),
    );
    // The shipped files are read by a test; without them no rule of theirs applies.
    Arc::new(tables.unwrap_or(Tables {
        base_rates: Vec::new(),
        periods: Vec::new(),
    }))
});

impl Tables {
    /// The tables that come with dropcase.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// Reads the two tables from their text: lines of values separated by commas under one line of headings,
    /// `#` begins a comment.
    ///
    /// # Errors
    /// At the first line that cannot be read.
    pub fn parse(base_rates: &str, limitation: &str) -> Result<Self, TableError> {
        let mut rates = rows("base_rates", base_rates)
            .map(base_rate)
            .collect::<Result<Vec<_>, _>>()?;
        let mut periods = rows("limitation", limitation)
            .map(period)
            .collect::<Result<Vec<_>, _>>()?;
        rates.sort_unstable();
        periods.sort_by(|a, b| a.country.cmp(&b.country));
        Ok(Self {
            base_rates: rates,
            periods,
        })
    }

    /// These tables with an operator's own base rates: text like that of [`parse`](Self::parse). A line replaces the one
    /// of its day, or adds to them.
    ///
    /// # Errors
    /// At the first line that cannot be read, where the headings are missing or a day stands twice.
    pub fn with_base_rates(&self, text: &str) -> Result<Self, TableError> {
        let headings = lines("base_rates", text).next();
        if let Some(row) = headings.filter(|row| row.text.replace(' ', "") != BASE_RATE_HEADINGS) {
            return Err(row.wrong("the headings valid_from,base_rate_percent come first"));
        }
        let mut own: Vec<(NaiveDate, i64)> = Vec::new();
        for row in rows("base_rates", text) {
            let line = row.line;
            let rate = base_rate(row)?;
            if own.iter().any(|(from, _)| *from == rate.0) {
                return Err(TableError {
                    table: "base_rates",
                    line,
                    reason: "the day stands twice",
                });
            }
            own.push(rate);
        }
        let mut tables = self.clone();
        tables
            .base_rates
            .retain(|(from, _)| own.iter().all(|(day, _)| day != from));
        tables.base_rates.extend(own);
        tables.base_rates.sort_unstable();
        Ok(tables)
    }

    /// Whether a base rate is missing on `day`: the newest is older than seven months, and they change by half-year
    /// (section 247 (1) BGB).
    pub fn lacks_base_rate(&self, day: NaiveDate) -> bool {
        let end = self
            .last_base_rate()
            .and_then(|last| last.checked_add_months(BASE_RATE_MONTHS));
        end.is_none_or(|end| end < day)
    }

    /// The base rate of section 247 BGB on `day`, in ten-thousandths of a percent.
    pub fn base_rate(&self, day: NaiveDate) -> Option<i64> {
        let next = self.base_rates.partition_point(|(from, _)| *from <= day);
        Some(self.base_rates.get(next.checked_sub(1)?)?.1)
    }

    /// The first day after `day` from which another entry of the base rates is valid.
    pub fn next_base_rate(&self, day: NaiveDate) -> Option<NaiveDate> {
        let next = self.base_rates.partition_point(|(from, _)| *from <= day);
        Some(self.base_rates.get(next)?.0)
    }

    /// The day from which the last entry of the base rates is valid.
    pub fn last_base_rate(&self) -> Option<NaiveDate> {
        Some(self.base_rates.last()?.0)
    }

    /// The last day on which a claim due on `due` is not yet time-barred under the law of `country`
    /// (ISO 3166-1 alpha-2); `None` where no period is known.
    pub fn limitation_end(&self, country: &str, due: NaiveDate) -> Option<NaiveDate> {
        let period = self.period(country)?;
        match period.from {
            CountedFrom::Day => due.checked_add_months(Months::new(period.years * 12)),
            CountedFrom::YearEnd => NaiveDate::from_ymd_opt(due.year().checked_add_unsigned(period.years)?, 12, 31),
        }
    }

    /// The last day on which a claim with a title of `title` is not yet time-barred under the law of `country`.
    pub fn title_limitation_end(&self, country: &str, title: NaiveDate) -> Option<NaiveDate> {
        title.checked_add_months(Months::new(self.period(country)?.titled_years * 12))
    }

    fn period(&self, country: &str) -> Option<&Period> {
        let index = self
            .periods
            .binary_search_by(|period| period.country.as_str().cmp(country))
            .ok()?;
        self.periods.get(index)
    }
}

/// A line of a table with the place to name when it is wrong.
struct Row<'a> {
    table: &'static str,
    line: usize,
    text: &'a str,
}

impl<'a> Row<'a> {
    fn wrong(&self, reason: &'static str) -> TableError {
        TableError {
            table: self.table,
            line: self.line,
            reason,
        }
    }

    fn cells<const N: usize>(&self) -> Result<[&'a str; N], TableError> {
        let mut cells = self.text.split(',').map(str::trim);
        let row = std::array::from_fn(|_| cells.next().unwrap_or_default());
        if cells.next().is_some() || row.iter().any(|cell| cell.is_empty()) {
            return Err(self.wrong("another number of values than the headings"));
        }
        Ok(row)
    }
}

/// The first line of a table of base rates.
const BASE_RATE_HEADINGS: &str = "valid_from,base_rate_percent";

/// The lines of a table without comments and headings.
fn rows<'a>(table: &'static str, text: &'a str) -> impl Iterator<Item = Row<'a>> {
    lines(table, text).skip(1)
}

/// The lines of a table without comments.
fn lines<'a>(table: &'static str, text: &'a str) -> impl Iterator<Item = Row<'a>> {
    // A byte order mark, as spreadsheets write it, is no part of the headings.
    text.trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(move |(index, text)| Row {
            table,
            line: index + 1,
            text: text.trim(),
        })
        .filter(|row| !row.text.is_empty() && !row.text.starts_with('#'))
}

fn base_rate(row: Row<'_>) -> Result<(NaiveDate, i64), TableError> {
    let [from, rate] = row.cells()?;
    let from = from.parse().map_err(|_| row.wrong("not a date (2026-07-01)"))?;
    let rate = percent(rate).ok_or_else(|| row.wrong("not a rate in percent (1.52)"))?;
    Ok((from, rate))
}

/// `-0.88` as ten-thousandths of a percent; at most 100 percent, so that no sum of interest overflows.
fn percent(text: &str) -> Option<i64> {
    const MOST: i64 = 100 * 10_000;
    decimal::parse(text, 4).filter(|rate| rate.abs() <= MOST)
}

fn period(row: Row<'_>) -> Result<Period, TableError> {
    let [country, years, from, titled_years] = row.cells()?;
    let years_of = |text: &str| {
        text.parse::<u8>()
            .map(u32::from)
            .map_err(|_| row.wrong("not a number of years"))
    };
    Ok(Period {
        country: country.to_owned(),
        years: years_of(years)?,
        from: match from {
            "day" => CountedFrom::Day,
            "year-end" => CountedFrom::YearEnd,
            _ => return Err(row.wrong("neither day nor year-end")),
        },
        titled_years: years_of(titled_years)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn base_rates_hold_until_the_next_line() {
        let tables = Tables::built_in();
        for (date, rate) in [
            ("2001-12-31", None),
            ("2002-01-01", Some(25_700)),
            ("2002-06-30", Some(25_700)),
            ("2016-06-30", Some(-8_300)),
            ("2020-02-29", Some(-8_800)),
            ("2026-07-01", Some(15_200)),
        ] {
            assert_eq!(tables.base_rate(day(date)), rate, "{date}");
        }
    }

    #[test]
    fn an_operator_adds_and_replaces_base_rates() {
        let own = "\u{feff}# ours\nvalid_from, base_rate_percent\r\n2027-01-01,1.77\r\n2026-07-01,-0.5\r\n";
        let tables = Tables::built_in().with_base_rates(own).expect("a table");
        for (date, rate) in [
            ("2026-06-30", 12_700),
            ("2026-07-01", -5_000),
            ("2026-12-31", -5_000),
            ("2027-01-01", 17_700),
        ] {
            assert_eq!(tables.base_rate(day(date)), Some(rate), "{date}");
        }
        assert_eq!(tables.limitation_end("DE", day("2023-01-01")), Some(day("2026-12-31")));
        assert!(!tables.lacks_base_rate(day("2027-08-01")) && tables.lacks_base_rate(day("2027-08-02")));
        for (text, line) in [
            ("2027-01-01,1.77\n", 1),
            ("valid_from,base_rate_percent\n2027-01-01,1,77\n", 2),
            ("valid_from,base_rate_percent\n2027-01-01,1.77\n\n2027-01-01,1.78\n", 4),
        ] {
            let error = Tables::built_in().with_base_rates(text).expect_err("must be refused");
            assert_eq!(error.line, line, "{error}");
        }
    }

    #[test]
    fn limitation_by_country() {
        let tables = Tables::built_in();
        for (country, due, end) in [
            ("DE", "2023-01-01", Some("2026-12-31")),
            ("DE", "2022-12-31", Some("2025-12-31")),
            ("DK", "2023-02-28", Some("2026-02-28")),
            ("AT", "2024-02-29", Some("2027-02-28")),
            ("ZZ", "2023-01-01", None),
        ] {
            assert_eq!(
                tables.limitation_end(country, day(due)),
                end.map(day),
                "{country} {due}"
            );
        }
        assert_eq!(
            tables.title_limitation_end("DE", day("1996-05-01")),
            Some(day("2026-05-01"))
        );
        assert_eq!(
            tables.title_limitation_end("DK", day("1996-05-01")),
            Some(day("2006-05-01"))
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        let good_rates = "valid_from,rate\n2026-01-01,1.5\n";
        let good_periods = "country,years,from,titled_years\nDE,3,year-end,30\n";
        assert!(Tables::parse(good_rates, good_periods).is_ok());
        for (rates, periods, table, line) in [
            ("valid_from,rate\n2026-13-01,1.5\n", good_periods, "base_rates", 2),
            (
                "# comment\n\nvalid_from,rate\n2026-01-01,1.5\n2026-07-01,one\n",
                good_periods,
                "base_rates",
                5,
            ),
            ("valid_from,rate\n2026-01-01,1.5,7\n", good_periods, "base_rates", 2),
            ("valid_from,rate\n2026-01-01\n", good_periods, "base_rates", 2),
            (
                good_rates,
                "country,years,from,titled_years\nDE,3,christmas,30\n",
                "limitation",
                2,
            ),
            (
                good_rates,
                "country,years,from,titled_years\nDE,300,day,30\n",
                "limitation",
                2,
            ),
        ] {
            let error = Tables::parse(rates, periods).expect_err("must be refused");
            assert_eq!((error.table, error.line), (table, line), "{error}");
        }
    }
}
