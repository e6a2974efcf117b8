//! The command line's clock.

use chrono::NaiveDate;

/// Today where this machine is: the first day of a new client's mandate, the day on which `check` looks at dates.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is the edge at which the clock is read"
)]
pub(crate) fn today() -> NaiveDate {
    chrono::Local::now().date_naive()
}
