//! Reads an example; `FORMAT.md` describes its keys.

use std::path::Path;

use chrono::NaiveDate;
use dropcase_cases::account::decimal::{self, Percent};
use dropcase_cases::account::fees::FeeOrder;
use dropcase_cases::account::{Account, Booking, Claim, DebtorKind, Entry, Part, Side, Sources, Terms};
use serde::Deserialize;
use toml::{Table, Value};

/// A worked example and what must come out.
pub(crate) struct Example {
    pub(crate) name: String,
    pub(crate) terms: Terms,
    pub(crate) expect: Table,
    as_of: NaiveDate,
    claims: Vec<Claim>,
    /// With the day on which each arrived.
    bookings: Vec<(NaiveDate, Booking)>,
}

impl Example {
    /// All examples by name.
    pub(crate) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/account/examples");
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .expect("the examples")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Self {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a readable file");
        let mut table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let terms = table.remove("settings").map_or_else(Terms::default, |settings| {
            Terms::deserialize(settings).unwrap_or_else(|error| panic!("{name}: {error}"))
        });
        let currency = terms.currency.as_str();
        Self {
            as_of: date(&table, "as_of").expect("as_of"),
            claims: rows(&table, "claim").map(|row| claim(row, currency)).collect(),
            bookings: rows(&table, "booking").map(|row| booking(row, currency)).collect(),
            expect: table["expect"].as_table().expect("[expect]").clone(),
            name,
            terms,
        }
    }

    /// The account from what had arrived before a day, or from everything.
    pub(crate) fn account(&self, before: Option<NaiveDate>) -> Account {
        let arrived = |day: &NaiveDate| before.is_none_or(|before| *day < before);
        let known: Vec<Booking> = (self.bookings.iter().filter(|(day, _)| arrived(day)))
            .map(|(_, booking)| booking.clone())
            .collect();
        Account::work_out(&Sources::built_in(), &self.terms, &self.claims, &known, self.as_of)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The bookings whose new lines are expected, with the day on which each arrived.
    pub(crate) fn late(&self) -> impl Iterator<Item = (&str, NaiveDate)> {
        let causes: std::collections::BTreeSet<_> = rows(&self.expect, "delta").map(|row| text(row, "cause")).collect();
        let late = self
            .bookings
            .iter()
            .filter(move |(_, booking)| causes.contains(&Some(booking.id.as_str())));
        late.map(|(day, booking)| (booking.id.as_str(), *day))
    }
}

/// The tables of an array of tables; none where it is absent.
pub(crate) fn rows<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    let rows = table.get(key).and_then(Value::as_array).into_iter().flatten();
    rows.map(|row| row.as_table().expect("a table"))
}

pub(crate) fn text<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key).map(|value| value.as_str().expect("a text"))
}

pub(crate) fn date(table: &Table, key: &str) -> Option<NaiveDate> {
    text(table, key).map(|text| text.parse().expect("a date"))
}

pub(crate) fn flag(table: &Table, key: &str) -> Option<bool> {
    table.get(key).map(|value| value.as_bool().expect("true or false"))
}

fn percent(table: &Table, key: &str) -> Option<Percent> {
    text(table, key).map(|text| text.parse().expect("a rate"))
}

pub(crate) fn money(table: &Table, key: &str, currency: &str) -> Option<i64> {
    text(table, key).map(|text| decimal::money(text, currency).expect("an amount"))
}

fn claim(row: &Table, currency: &str) -> Claim {
    Claim {
        reference: text(row, "reference").expect("a reference").to_owned(),
        principal: money(row, "principal", currency).expect("a principal"),
        value_date: date(row, "value_date"),
        invoice_date: date(row, "invoice_date"),
        received_date: date(row, "received_date"),
        due_date: date(row, "due_date"),
        reminder_date: date(row, "reminder_date"),
        default_date: date(row, "default_date"),
        contract_date: date(row, "contract_date"),
        concluded: date(row, "concluded"),
        debtor: debtor(text(row, "debtor").expect("a kind of debtor")),
        no_goods_or_services: flag(row, "goods_or_services") == Some(false),
        interest_rate: percent(row, "interest_rate"),
        interest_points: percent(row, "interest_points"),
        allocation: row
            .get("allocation")
            .map(|order| order.clone().try_into().expect("an order")),
        without_flat_sum: flag(row, "flat_sum") == Some(false),
    }
}

pub(crate) fn debtor(text: &str) -> DebtorKind {
    match text {
        "consumer" => DebtorKind::Consumer,
        "business" => DebtorKind::Business,
        "unknown" => DebtorKind::Unknown,
        other => panic!("{other}: no kind of debtor"),
    }
}

fn booking(row: &Table, currency: &str) -> (NaiveDate, Booking) {
    let value_date = date(row, "value_date").expect("a value date");
    let booking = Booking {
        id: text(row, "id").expect("an id").to_owned(),
        value_date,
        claim: text(row, "claim").map(str::to_owned),
        entry: entry(row, currency),
    };
    (date(row, "booked_at").unwrap_or(value_date), booking)
}

fn entry(row: &Table, currency: &str) -> Entry {
    let amount = || money(row, "amount", currency).expect("an amount");
    let allocate_to = text(row, "allocate_to").map(|part| match part {
        "principal" => Part::Principal,
        "interest" => Part::Interest,
        "costs" => Part::Costs,
        other => panic!("{other}: nothing to allocate to"),
    });
    let cost = |side, legal| Entry::Cost {
        amount: amount(),
        side,
        legal,
    };
    match text(row, "kind").expect("a kind") {
        "payment" | "direct_payment" => Entry::Payment {
            amount: amount(),
            allocate_to,
        },
        "write_off" => Entry::WriteOff {
            amount: amount(),
            allocate_to,
        },
        "credit_note" => Entry::CreditNote {
            amount: amount(),
            from_start: text(row, "effect") == Some("from_start"),
        },
        "client_cost" => cost(Side::Client, text(row, "cost").expect("a kind of cost") == "dunning"),
        "agency_cost" => cost(Side::Agency, true),
        "agency_fee" => Entry::Fee(FeeOrder {
            value: money(row, "value", currency).expect("a value"),
            rate: text(row, "rate").map(|rate| decimal::parse(rate, 4).expect("a rate")),
            mandated: date(row, "mandated"),
            disputed: flag(row, "disputed").unwrap_or_default(),
            agreement: false,
        }),
        "reversal" => Entry::Reversal {
            of: text(row, "reversal_of").expect("a booking").to_owned(),
        },
        "recall" => Entry::Recall,
        other => panic!("{other}: no kind of booking"),
    }
}
