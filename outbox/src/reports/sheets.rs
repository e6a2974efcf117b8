//! One case in full as tables for people.

use dropcase_cases::account::decimal::parse;
use dropcase_cases::model::HistoryRow;
use dropcase_parsers::fields::Field;
use serde_json::Value;

use super::View;
use super::full::{Full, number};
use crate::language::digits_of;
use crate::writers::{Cell, Column, Section};

/// The tables of all cases; one that says so where there is none.
pub(super) fn sections(cases: &[Full], view: View) -> Vec<Section> {
    if cases.is_empty() {
        return vec![Section {
            title: view.language.word("case-none"),
            columns: vec![Column::new(view.language.heading("case_number"), 14)],
            rows: Vec::new(),
        }];
    }
    cases
        .iter()
        .flat_map(|full| {
            let sheets = Sheets { full, view };
            [
                sheets.facts(),
                sheets.claims(),
                sheets.account(),
                sheets.payments(),
                sheets.history(),
                sheets.messages(),
            ]
        })
        .collect()
}

struct Sheets<'a> {
    full: &'a Full,
    view: View,
}

fn text(text: impl Into<String>) -> Cell<'static> {
    Cell::text(Some(text.into()))
}

fn maybe(text: Option<&str>) -> Cell<'static> {
    Cell::text(text.map(str::to_owned))
}

fn joined(parts: &[Option<&str>]) -> String {
    parts.iter().flatten().copied().collect::<Vec<_>>().join(" ")
}

impl Sheets<'_> {
    fn section(&self, title: &str, columns: &[(&str, u16)], rows: Vec<Vec<Cell<'static>>>) -> Section {
        let language = self.view.language;
        let columns = columns
            .iter()
            .map(|(name, width)| Column::new(language.heading(name), *width));
        Section {
            title: format!("{} {}", self.full.detail.case.number, language.word(title)),
            columns: columns.collect(),
            rows,
        }
    }

    fn time(&self, at: chrono::DateTime<chrono::Utc>) -> Cell<'static> {
        Cell::Time(at.with_timezone(&self.view.zone).naive_local())
    }

    fn day(&self, at: chrono::DateTime<chrono::Utc>) -> Cell<'static> {
        Cell::Date(at.with_timezone(&self.view.zone).date_naive())
    }

    fn money(&self, minor: i64) -> Cell<'static> {
        Cell::Money {
            minor,
            digits: digits_of(&self.full.detail.case.currency),
        }
    }

    fn word(&self, list: &str, value: &str) -> Cell<'static> {
        text(self.view.language.choice(list, value))
    }

    /// The case and its debtor, a line a fact; what is not known has none.
    fn facts(&self) -> Section {
        let (case, debtor) = (&self.full.detail.case, &self.full.detail.debtor);
        let language = self.view.language;
        let heading = |name: &str| language.heading(name);
        let street = joined(&[debtor.street.as_deref(), debtor.house_number.as_deref()]);
        let place = joined(&[
            debtor.country.as_deref(),
            debtor.postal_code.as_deref(),
            debtor.city.as_deref(),
        ]);
        let mut facts = vec![
            (heading("case_number"), text(case.number.clone())),
            (heading("creditor"), text(case.creditor.clone())),
            (language.field(Field::Handler), maybe(case.handler.as_deref())),
            (heading("stage"), self.word("stage", case.stage.as_str())),
            (heading("processing"), self.word("processing", case.processing.as_str())),
            (
                heading("paused_until"),
                case.paused_until.map_or(Cell::Empty, Cell::Date),
            ),
            (heading("payment"), self.word("payment", case.payment.as_str())),
            (heading("opened"), self.day(case.opened_at)),
            (heading("closed"), case.closed_at.map_or(Cell::Empty, |at| self.day(at))),
            (
                heading("closing_reason"),
                case.closing_reason
                    .as_deref()
                    .map_or(Cell::Empty, |reason| self.word("closing", reason)),
            ),
            (heading("debtor_number"), text(debtor.number.clone())),
            (heading("debtor"), text(debtor.display_name())),
            (
                language.field(Field::BirthDate),
                debtor.birth_date.map_or(Cell::Empty, Cell::Date),
            ),
            (language.field(Field::Street), text(street)),
            (
                language.field(Field::AddressExtra),
                maybe(debtor.address_extra.as_deref()),
            ),
            (language.field(Field::City), text(place)),
        ];
        for contact in &self.full.detail.contacts {
            let field = match contact.kind.as_str() {
                "email" => Field::Email,
                "mobile" => Field::Mobile,
                "fax" => Field::Fax,
                _ => Field::Phone,
            };
            facts.push((language.field(field), text(contact.value.clone())));
        }
        let rows = facts.into_iter().filter(|(_, value)| *value != Cell::Empty);
        let rows = rows.map(|(name, value)| vec![text(name), value]).collect();
        self.section("case-facts", &[("field", 26), ("value", 44)], rows)
    }

    fn claims(&self) -> Section {
        let columns = [
            ("invoice_number", 18),
            ("contract_number", 18),
            ("invoice_date", 14),
            ("due_date", 14),
            ("claim_reason", 30),
            ("principal", 14),
            ("currency", 9),
            ("disputed", 10),
        ];
        let row = |claim: &dropcase_cases::model::ClaimRow| {
            vec![
                maybe(claim.invoice_number.as_deref()),
                maybe(claim.contract_number.as_deref()),
                claim.invoice_date.map_or(Cell::Empty, Cell::Date),
                claim.due_date.map_or(Cell::Empty, Cell::Date),
                maybe(claim.claim_reason.as_deref()),
                self.money(claim.principal_amount),
                text(claim.currency.clone()),
                self.word("yes-no", if claim.disputed { "yes" } else { "no" }),
            ]
        };
        self.section(
            "case-claims",
            &columns,
            self.full.detail.claims.iter().map(row).collect(),
        )
    }

    /// The account: a line a sum; none where it cannot be worked out.
    fn account(&self) -> Section {
        let currency = &self.full.detail.case.currency;
        let lines = self.full.account.as_ref().map(|account| {
            [
                ("principal", account.principal),
                ("interest", account.interest),
                ("agency_costs", account.agency_costs),
                ("client_costs", account.client_costs),
                ("paid", account.paid),
                ("credit", account.credit),
                ("balance", account.balance),
            ]
        });
        let line = |(name, minor): (&str, i64)| {
            vec![
                text(self.view.language.heading(name)),
                self.money(minor),
                text(currency.clone()),
                Cell::Date(self.full.as_of),
            ]
        };
        let columns = [("field", 26), ("amount", 14), ("currency", 9), ("as_of", 12)];
        let rows = lines.into_iter().flatten().map(line).collect();
        self.section("case-account", &columns, rows)
    }

    fn payments(&self) -> Section {
        let columns = [
            ("value_date", 14),
            ("booked", 14),
            ("booking", 26),
            ("amount", 14),
            ("currency", 9),
            ("claim", 18),
            ("number", 18),
        ];
        let row = |row: &dropcase_cases::model::BookingRow| {
            let kind = self.view.language.choice("booking", row.kind.as_str());
            let kind = match row.reversal_of {
                Some(_) => format!("{kind} ({})", self.view.language.word("case-cancels")),
                None => kind,
            };
            vec![
                Cell::Date(row.value_date),
                self.day(row.booked_at),
                text(kind),
                // Bookings of payments are negative; people read what was paid.
                self.money(row.amount.saturating_neg()),
                text(row.currency.clone()),
                maybe(self.full.reference(row.claim_id.map(|claim| claim.0))),
                maybe(number(row)),
            ]
        };
        self.section("case-payments", &columns, self.full.payments().map(row).collect())
    }

    fn history(&self) -> Section {
        let row = |row: &HistoryRow| {
            vec![
                self.time(row.at),
                self.word("history", &row.kind),
                text(self.details(row)),
            ]
        };
        let rows = self.full.detail.history.iter().map(row).collect();
        self.section("case-history", &[("at", 18), ("what", 30), ("details", 60)], rows)
    }

    /// What a line of the history says, as people read it.
    fn details(&self, row: &HistoryRow) -> String {
        let language = self.view.language;
        let details = self.full.details(row);
        let get = |name: &str| details.get(name).and_then(Value::as_str);
        let date = |name: &str| Some(language.date(get(name)?.parse().ok()?));
        let amount = || {
            let currency = get("currency").unwrap_or(&self.full.detail.case.currency);
            Some(language.money(parse(get("amount")?, digits_of(currency))?, currency))
        };
        let step = || {
            if row.kind != "stage" {
                return get("to").map(str::to_owned);
            }
            let words = ["from", "to"].map(|name| get(name).map(|stage| language.choice("stage", stage)));
            Some(words.into_iter().flatten().collect::<Vec<_>>().join(" → "))
        };
        let owned = |name: &str| get(name).map(str::to_owned);
        let closing = get("closing_reason").map(|reason| language.choice("closing", reason));
        let parts = [
            owned("claim"),
            owned("number"),
            amount(),
            date("value_date").or_else(|| date("day")),
            date("until"),
            step(),
            closing,
            owned("reason"),
            owned("text"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn messages(&self) -> Section {
        let row = |row: &dropcase_cases::queries::MessageRow| {
            vec![
                self.time(row.at),
                self.word("history", row.kind.as_str()),
                text(row.text.clone()),
            ]
        };
        let rows = self.full.messages.iter().map(row).collect();
        self.section("case-messages", &[("at", 18), ("what", 30), ("text", 60)], rows)
    }
}
