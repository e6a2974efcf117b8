//! Fee schedules: sums as data (`cases/data/fees/`, or an operator's own text in the same shape), the arithmetic in code.

mod bill;
mod schedule;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;

use super::{Sources, Terms};

pub use bill::{Bill, FeeOrder};
pub use schedule::{Schedule, ScheduleError, Version};

/// The schedules that a client's terms may name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedules(BTreeMap<String, Schedule>);

static BUILT_IN: LazyLock<Arc<Schedules>> = LazyLock::new(|| {
    let mut all = Schedules::default();
    for text in [
        include_str!("../../../data/fees/de.toml"),
        include_str!("../../../data/fees/nl.toml"),
        include_str!("../../../data/fees/dk.toml"),
    ] {
        // The shipped files are read by a test; a schedule that cannot be read is not there.
        all.add(text).ok();
    }
    Arc::new(all)
});

impl Schedules {
    /// Germany, Netherlands and Denmark, as they come with dropcase.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// Adds a schedule; it replaces the one of the same name. Each of its versions says from when it is valid.
    ///
    /// # Errors
    /// Where the text is no schedule; nothing is changed then.
    pub fn add(&mut self, text: &str) -> Result<(), ScheduleError> {
        self.insert(Schedule::parse(text)?);
        Ok(())
    }

    /// Adds a schedule that was read before; it replaces the one of the same name.
    pub fn insert(&mut self, schedule: Schedule) {
        self.0.insert(schedule.name.clone(), schedule);
    }

    /// The schedule of that name.
    pub fn get(&self, name: &str) -> Option<&Schedule> {
        self.0.get(name)
    }
}

/// What an order costs on a day by the schedule of the terms; `None` where they name none, or it does not know such an
/// order.
pub fn quote(sources: &Sources, terms: &Terms, order: &FeeOrder, day: NaiveDate) -> Option<Bill> {
    let schedule = sources.fees.get(terms.fee_schedule.as_deref()?)?;
    let version = schedule.version(order.mandated.unwrap_or(day))?;
    let deductible = terms.input_tax_deductible?;
    (schedule.currency == terms.currency)
        .then(|| version.bill(order, deductible))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_schedules_can_be_read() {
        for name in ["de", "nl", "dk"] {
            assert!(Schedules::built_in().get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn an_operator_replaces_a_schedule() {
        let mut all = (*Schedules::built_in()).clone();
        all.add(
            "schedule = \"nl\"\ncurrency = \"EUR\"\n[[version]]\nid = \"nl-own\"\nfrom = \"2030-01-01\"\n\
             vat_percent = \"0\"\nbands = [{ fee = \"50\" }]\n",
        )
        .expect("a schedule");
        let nl = all.get("nl").expect("it is there");
        assert!(nl.version("2029-12-31".parse().expect("a date")).is_none());
        assert_eq!(
            nl.version("2030-01-01".parse().expect("a date"))
                .map(|version| version.id.as_str()),
            Some("nl-own")
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let version = |rest: &str| {
            format!("schedule = \"x\"\ncurrency = \"EUR\"\n[[version]]\nid = \"x-1\"\nfrom = \"2026-01-01\"\n{rest}")
        };
        for (text, part) in [
            ("schedule = 1".to_owned(), "line 1"),
            (
                "schedule = \"x\"\ncurrency = \"EUR\"\nversion = []\n".to_owned(),
                "version",
            ),
            (
                version("vat_percent = \"ten\"\nbands = [{ fee = \"1\" }]\n"),
                "vat_percent",
            ),
            (version("bands = []\n"), "bands"),
            (version("bands = [{ up_to = \"10\", fee = \"1\" }]\n"), "bands"),
            (
                version("bands = [{ up_to = \"10\", fee = \"1\" }, { up_to = \"5\", fee = \"1\" }, { fee = \"1\" }]\n"),
                "bands",
            ),
            (version("bands = [{ each = \"0\", add = \"1\" }]\n"), "each"),
            (version("bands = [{ fee = \"1\", percent = \"1\" }]\n"), "bands"),
        ] {
            let error = Schedule::parse(&text).expect_err("must be refused");
            assert!(text.contains("version = []") || error.line(&text) > 0, "{text}");
            assert!(error.to_string().contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        let text = "schedule = \"x\"\ncurrency = \"EUR\"\n[[version]]\nid = \"x-1\"\nfrom = \"2026-01-01\"\n\
            bands = [{ fee = \"1\" }]\n\n[[version]]\nid = \"x-2\"\nfrom = \"2027-01-01\"\nvat_percent = \"19\"\n\
            bands = [{ fee = \"1\" }]\n";
        for (right, wrong, line) in [
            ("\"19\"", "\"1900\"", 11),
            ("\"19\"", "19", 11),
            (
                "\"19\"",
                "\"19\"\nagreement = { rate = \"x\", value_percent = \"1\" }",
                9,
            ),
        ] {
            let text = text.replace(right, wrong);
            assert_eq!(
                Schedule::parse(&text).expect_err("must be refused").line(&text),
                line,
                "{wrong}"
            );
        }
    }
}
