//! From a client's settings to what the case desk goes by: its side, and the terms of its accounts.

use chrono::{DateTime, NaiveDate, Utc};
use dropcase_cases::account::{Account, Sources, Terms, terms};
use dropcase_cases::desk::{CaseFile, Rules, Side, account_of, plain_terms};
use dropcase_config::Client;
use dropcase_config::terms::{self as said, Mandate};

use crate::app::Clients;

/// The terms of an account by client, creditor and currency.
type Ask = Box<dyn Fn(&str, &str, &str) -> Terms + Send + Sync>;

/// What the case desk goes by. It stays as the settings were when it was asked for: a delivery is worked by one set of
/// rules, whatever a reload brings meanwhile.
pub(crate) struct DeskRules {
    terms: Ask,
    sources: Sources,
}

impl DeskRules {
    /// By these clients' mandates, at this time.
    pub(crate) fn new(clients: std::sync::Arc<Clients>, sources: Sources, now: DateTime<Utc>) -> Self {
        let terms = move |client: &str, creditor: &str, currency: &str| {
            let mandate = clients.get(client).and_then(|client| {
                let today = now.with_timezone(&client.time_zone).date_naive();
                mandate(&client.mandates, creditor, today)
            });
            match mandate {
                Some(mandate) => account_terms(&mandate.terms, currency),
                // A client that left the settings, or whose first mandate has not begun: no fees.
                None => plain_terms(client, creditor, currency),
            }
        };
        Self {
            terms: Box::new(terms),
            sources,
        }
    }

    /// The account of a case at the end of a day; `None` where it cannot be worked out.
    pub(crate) fn account(&self, file: &CaseFile, as_of: NaiveDate) -> Option<Account> {
        let case = &file.case;
        let terms = (self.terms)(&case.client_key, &case.creditor, &case.currency);
        account_of(file, &self.sources, &terms, as_of).ok()
    }

    /// The rules for whoever stands on this side of the desk.
    pub(crate) fn rules(&self, side: Side) -> Rules<'_> {
        Rules {
            side,
            terms: &*self.terms,
            sources: &self.sources,
        }
    }
}

/// On which side of the desk a client's files stand.
pub(crate) fn side(client: &Client) -> Side {
    match client.back_office {
        true => Side::Office,
        false => Side::Client,
    }
}

/// The mandate that a creditor's accounts go by: one in force on `today`, else the one that ended last. Of several in
/// force the one for the creditor alone goes before the one for all, then the one that began last.
fn mandate<'a>(mandates: &'a [Mandate], creditor: &str, today: NaiveDate) -> Option<&'a Mandate> {
    let begun = mandates.iter().filter(|mandate| {
        let is_for = mandate.creditor.as_ref().is_none_or(|only| only == creditor);
        is_for && mandate.from <= today
    });
    begun.max_by_key(|mandate| {
        let ended = mandate.to.filter(|to| *to < today);
        (ended.is_none(), ended, mandate.creditor.is_some(), mandate.from)
    })
}

/// A mandate's terms as the account takes them.
fn account_terms(said: &said::Terms, currency: &str) -> Terms {
    Terms {
        currency: currency.to_owned(),
        law: match said.law {
            said::Law::De => terms::Law::De,
            said::Law::Nl => terms::Law::Nl,
            said::Law::Dk => terms::Law::Dk,
        },
        day_count: match said.day_count {
            said::DayCount::Actual365 => terms::DayCount::Actual365,
            said::DayCount::ActualActual => terms::DayCount::ActualActual,
            said::DayCount::Thirty360 => terms::DayCount::Thirty360,
        },
        first_day: match said.first_day {
            said::FirstDay::AfterEvent => terms::FirstDay::AfterEvent,
            said::FirstDay::Event => terms::FirstDay::Event,
        },
        payment_day: match said.payment_day {
            said::PaymentDay::OldBalance => terms::PaymentDay::OldBalance,
            said::PaymentDay::NewBalance => terms::PaymentDay::NewBalance,
        },
        rest_days: match said.rest_days {
            said::RestDays::AsGiven => terms::RestDays::AsGiven,
            said::RestDays::NextWorkingDay => terms::RestDays::NextWorkingDay,
        },
        holidays: said.holidays.clone(),
        rounding: match said.rounding {
            said::Rounding::HalfUp => terms::Rounding::HalfUp,
            said::Rounding::Down => terms::Rounding::Down,
        },
        same_day: match said.same_day {
            said::SameDay::DebtsFirst => terms::SameDay::DebtsFirst,
            said::SameDay::PaymentsFirst => terms::SameDay::PaymentsFirst,
        },
        across_claims: match said.across_claims {
            said::AcrossClaims::ClaimByClaim => terms::AcrossClaims::ClaimByClaim,
            said::AcrossClaims::InterestFirst => terms::AcrossClaims::InterestFirst,
        },
        allocation: match said.allocation {
            said::Order::InterestBeforePrincipal => terms::Order::InterestBeforePrincipal,
            said::Order::PrincipalBeforeInterest => terms::Order::PrincipalBeforeInterest,
        },
        flat_sum: said.flat_sum,
        fee_schedule: said.fee_schedule.clone(),
        input_tax_deductible: said.input_tax_deductible,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use dropcase_config::terms::Settlement;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, to: Option<&str>, creditor: Option<&str>) -> Mandate {
        Mandate {
            from: day(from),
            to: to.map(day),
            creditor: creditor.map(str::to_owned),
            terms: said::Terms::default(),
            settlement: Settlement::default(),
        }
    }

    #[test]
    fn the_mandate_of_a_day() {
        let mandates = [
            period("2024-01-01", Some("2024-12-31"), None),
            period("2025-01-01", Some("2025-06-30"), Some("A")),
            period("2025-01-01", None, None),
            period("2025-03-01", Some("2025-04-30"), None),
            period("2027-01-01", None, Some("A")),
        ];
        for (creditor, today, expected) in [
            ("A", "2023-12-31", None),
            ("", "2024-01-01", Some(0)),
            ("A", "2024-12-31", Some(0)),
            ("A", "2025-01-01", Some(1)),
            ("A", "2025-03-01", Some(1)),
            ("B", "2025-01-01", Some(2)),
            ("B", "2025-03-01", Some(3)),
            ("A", "2025-07-01", Some(2)),
            ("A", "2027-01-01", Some(4)),
            ("B", "2027-01-01", Some(2)),
        ] {
            let found = mandate(&mandates, creditor, day(today));
            let index = found.map(|found| {
                mandates
                    .iter()
                    .position(|mandate| std::ptr::eq(mandate, found))
                    .unwrap()
            });
            assert_eq!(index, expected, "{creditor} {today}");
        }
        // None is in force any more: the one that ended last.
        let ended = [mandates[1].clone(), mandates[0].clone()];
        let found = mandate(&ended, "A", day("2026-01-01"));
        assert_eq!(found.and_then(|mandate| mandate.to), Some(day("2025-06-30")));
    }

    #[test]
    fn every_term_reaches_the_account() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("dropcase.toml"), "").unwrap();
        let service = dropcase_config::Service::load(&home.path().join("dropcase.toml")).unwrap();
        let terms = "law = \"dk\"\nday_count = \"30/360\"\nfirst_day = \"event\"\npayment_day = \"new_balance\"\n\
            rest_days = \"next_working_day\"\nholidays = [\"2026-12-25\"]\nrounding = \"down\"\nsame_day = \"payments_first\"\n\
            across_claims = \"interest_first\"\nallocation = \"497\"\nflat_sum = false\nfee_schedule = \"dk\"\n\
            input_tax_deductible = false\n";
        let path = home.path().join("muster.toml");
        std::fs::write(&path, format!("name = \"M\"\n[[mandate]]\nfrom = 2026-01-01\n{terms}")).unwrap();
        let client = Arc::new(Client::load(&path, &service).unwrap());
        let clients = Arc::new(BTreeMap::from([("muster".to_owned(), client)]));
        let desk = DeskRules::new(clients, Sources::built_in(), "2026-06-01T00:00:00Z".parse().unwrap());
        let ask = desk.rules(Side::Client).terms;
        // The settings and the account write them in the same words.
        let expected: Terms = toml::from_str(&format!("currency = \"DKK\"\n{terms}")).unwrap();
        assert_eq!(ask("muster", "", "DKK"), expected);
        assert_eq!(ask("nobody", "", "DKK"), plain_terms("nobody", "", "DKK"));
        let default = account_terms(&said::Terms::default(), "EUR");
        assert_eq!(default, Terms::default());
    }
}
