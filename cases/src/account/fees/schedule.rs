//! A fee schedule as text: versions with the day from which each is valid, and sums by bands of the value.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::account::decimal;

/// The largest sum or value that a schedule may name, in minor units.
pub(super) const MOST: i64 = 1_000_000_000_000;
/// 1,000 percent, or a rate of 10, in ten-thousandths.
const MOST_PERCENT: i64 = 10_000_000;

/// Why a schedule was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It is no TOML, or a key is missing, unknown or of another type.
    #[error("not a fee schedule, line {line}: {message}")]
    Shape {
        /// Line, from 1; 0 where it is not known.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A value that makes no sense.
    #[error("fee schedule, version {version}, {key}: {reason}")]
    Value {
        /// The version's id; empty where there is none.
        version: String,
        /// The key.
        key: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl ScheduleError {
    fn of(text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start));
        Self::Shape {
            line: before.map_or(0, |before| 1 + before.matches('\n').count()),
            message: error.message().replace('\n', "; "),
        }
    }

    /// The line of `text` at which it stands, from 1; 0 where the text as a whole is meant. `text` is the schedule that
    /// was refused.
    pub fn line(&self, text: &str) -> usize {
        match self {
            Self::Shape { line, .. } => *line,
            Self::Value { version, key, .. } => line_of(text, version, key).unwrap_or(0),
        }
    }
}

/// The line of `key` after the id of a version. A key that stands there several times, or in an inline table, has no
/// line of its own; the id's stands in.
fn line_of(text: &str, version: &str, key: &str) -> Option<usize> {
    let has = |line: &str, name: &str| {
        let rest = line.trim_start().strip_prefix(name);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let id = text
        .lines()
        .position(|line| has(line, "id") && line.contains(version))?;
    let own = text.lines().enumerate().skip(id + 1);
    let own = own.take_while(|(_, line)| !line.starts_with("[[version]]"));
    let hits: Vec<usize> = own.filter(|(_, line)| has(line, key)).map(|(at, _)| at).collect();
    let at = if let [only] = hits[..] { only } else { id };
    Some(at + 1)
}

/// The fees that an agency may ask by one country's law, or an operator's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The name under which terms ask for it.
    pub name: String,
    /// ISO 4217; an account in another currency cannot use it.
    pub currency: String,
    /// By the day from which they are valid.
    versions: Vec<Version>,
}

/// A schedule from one day on; sums in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Named on every bill.
    pub id: String,
    /// The first day of a mandate that it is for.
    pub from: NaiveDate,
    pub(super) by_rate: bool,
    pub(super) minimum_fee: i64,
    pub(super) maximum_fee: i64,
    /// Ten-thousandths of a percent, like all percentages here.
    pub(super) expenses_percent: i64,
    pub(super) expenses_at_most: i64,
    pub(super) vat_percent: i64,
    /// Value and 1.0 fee of small undisputed claims.
    pub(super) small_undisputed: Option<(i64, i64)>,
    /// Rate in ten-thousandths, and the percentage of the value.
    pub(super) agreement: Option<(i64, i64)>,
    reminders: Option<Reminders>,
    pub(super) bands: Vec<Band>,
}

/// What values above the last band and up to this one bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Band {
    /// `None`: without end.
    pub(super) up_to: Option<i64>,
    pub(super) brings: Brings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brings {
    /// The fee is this, whatever the bands below bring.
    Fee(i64),
    /// `add` for each part of the band's value that has begun.
    Steps { each: i64, add: i64 },
    /// A share of the band's value, in ten-thousandths of a percent.
    Percent(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reminders {
    fee: i64,
    at_most: usize,
    days_apart: i64,
}

impl Schedule {
    /// Reads a schedule; `docs/account.md` describes the keys.
    ///
    /// # Errors
    /// At the first value that makes no sense.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let raw: RawSchedule = toml::from_str(text).map_err(|error| ScheduleError::of(text, &error))?;
        let mut versions = raw
            .version
            .iter()
            .map(|version| {
                Reader {
                    version,
                    currency: &raw.currency,
                }
                .version()
            })
            .collect::<Result<Vec<_>, _>>()?;
        versions.sort_by_key(|version| version.from);
        if versions.is_empty() {
            return Err(ScheduleError::Value {
                version: String::new(),
                key: "version",
                reason: "there is none",
            });
        }
        Ok(Self {
            name: raw.schedule,
            currency: raw.currency,
            versions,
        })
    }

    /// The version for a mandate of `day` (§ 60(1) RVG); `None` before the first.
    pub fn version(&self, day: NaiveDate) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.from <= day)
    }
}

impl Version {
    /// What may be asked for reminders sent on `days`, in order (renteloven § 9 b); `None` where the schedule does not say.
    pub fn reminders(&self, days: &[NaiveDate]) -> Option<i64> {
        let rule = self.reminders?;
        let mut charged: Vec<NaiveDate> = Vec::new();
        for day in days {
            let is_apart = charged
                .last()
                .is_none_or(|last| (*day - *last).num_days() >= rule.days_apart);
            if charged.len() < rule.at_most && is_apart {
                charged.push(*day);
            }
        }
        i64::try_from(charged.len()).ok()?.checked_mul(rule.fee)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchedule {
    schedule: String,
    currency: String,
    #[expect(dead_code, reason = "for the reader of the file")]
    source: Option<String>,
    version: Vec<RawVersion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVersion {
    id: String,
    from: NaiveDate,
    #[serde(default)]
    by_rate: bool,
    minimum_fee: Option<String>,
    maximum_fee: Option<String>,
    expenses_percent: Option<String>,
    expenses_at_most: Option<String>,
    vat_percent: Option<String>,
    small_undisputed: Option<RawSmall>,
    agreement: Option<RawAgreement>,
    reminders: Option<RawReminders>,
    bands: Vec<RawBand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSmall {
    up_to: String,
    fee: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAgreement {
    rate: String,
    value_percent: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReminders {
    fee: String,
    at_most: u8,
    days_apart: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBand {
    up_to: Option<String>,
    fee: Option<String>,
    each: Option<String>,
    add: Option<String>,
    percent: Option<String>,
}

/// Turns the texts of one version into numbers.
struct Reader<'a> {
    version: &'a RawVersion,
    currency: &'a str,
}

impl Reader<'_> {
    fn wrong(&self, key: &'static str, reason: &'static str) -> ScheduleError {
        ScheduleError::Value {
            version: self.version.id.clone(),
            key,
            reason,
        }
    }

    fn money(&self, key: &'static str, text: &str) -> Result<i64, ScheduleError> {
        decimal::money(text, self.currency)
            .filter(|amount| (0..=MOST).contains(amount))
            .ok_or_else(|| self.wrong(key, "not an amount of the currency (15.00)"))
    }

    fn percent(&self, key: &'static str, text: &str) -> Result<i64, ScheduleError> {
        decimal::parse(text, 4)
            .filter(|number| (0..=MOST_PERCENT).contains(number))
            .ok_or_else(|| self.wrong(key, "not a number from 0 to 1000 (19)"))
    }

    fn version(&self) -> Result<Version, ScheduleError> {
        let raw = self.version;
        let money = |key, text: &Option<String>, absent| text.as_ref().map_or(Ok(absent), |text| self.money(key, text));
        let percent = |key, text: &Option<String>| text.as_ref().map_or(Ok(0), |text| self.percent(key, text));
        let minimum_fee = money("minimum_fee", &raw.minimum_fee, 0)?;
        let maximum_fee = money("maximum_fee", &raw.maximum_fee, MOST)?;
        if maximum_fee < minimum_fee {
            return Err(self.wrong("maximum_fee", "below the minimum"));
        }
        Ok(Version {
            id: raw.id.clone(),
            from: raw.from,
            by_rate: raw.by_rate,
            minimum_fee,
            maximum_fee,
            expenses_percent: percent("expenses_percent", &raw.expenses_percent)?,
            expenses_at_most: money("expenses_at_most", &raw.expenses_at_most, MOST)?,
            vat_percent: percent("vat_percent", &raw.vat_percent)?,
            small_undisputed: (raw.small_undisputed.as_ref())
                .map(|small| Ok((self.money("up_to", &small.up_to)?, self.money("fee", &small.fee)?)))
                .transpose()?,
            agreement: (raw.agreement.as_ref())
                .map(|raw| {
                    Ok((
                        self.percent("rate", &raw.rate)?,
                        self.percent("value_percent", &raw.value_percent)?,
                    ))
                })
                .transpose()?,
            reminders: (raw.reminders.as_ref())
                .map(|raw| {
                    Ok(Reminders {
                        fee: self.money("fee", &raw.fee)?,
                        at_most: raw.at_most.into(),
                        days_apart: raw.days_apart.into(),
                    })
                })
                .transpose()?,
            bands: self.bands()?,
        })
    }

    fn bands(&self) -> Result<Vec<Band>, ScheduleError> {
        let bands = self
            .version
            .bands
            .iter()
            .map(|raw| self.band(raw))
            .collect::<Result<Vec<_>, _>>()?;
        if bands.last().is_none_or(|last| last.up_to.is_some()) {
            return Err(self.wrong("bands", "the last one has no up_to, and there is at least one"));
        }
        let tops = |band: &Band| band.up_to.unwrap_or(i64::MAX);
        if !bands.is_sorted_by(|a, b| tops(a) < tops(b)) {
            return Err(self.wrong("bands", "not in the order of up_to"));
        }
        Ok(bands)
    }

    fn band(&self, raw: &RawBand) -> Result<Band, ScheduleError> {
        let brings = match (&raw.fee, &raw.each, &raw.add, &raw.percent) {
            (Some(fee), None, None, None) => Brings::Fee(self.money("fee", fee)?),
            (None, Some(each), Some(add), None) => Brings::Steps {
                each: (self.money("each", each).ok().filter(|each| *each > 0))
                    .ok_or_else(|| self.wrong("each", "not an amount above zero"))?,
                add: self.money("add", add)?,
            },
            (None, None, None, Some(percent)) => Brings::Percent(self.percent("percent", percent)?),
            _ => return Err(self.wrong("bands", "each has a fee, or each and add, or a percent")),
        };
        let up_to = raw.up_to.as_ref().map(|text| self.money("up_to", text)).transpose()?;
        Ok(Band { up_to, brings })
    }
}
