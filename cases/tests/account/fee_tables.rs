//! The tables of fees: every step, whole bills, agreements, flat sums, reminders.

use std::path::Path;

use chrono::NaiveDate;
use dropcase_cases::account::decimal;
use dropcase_cases::account::fees::{Bill, FeeOrder, Schedule, Schedules, Version};
use dropcase_cases::account::{Account, Booking, Claim, Entry, Side, Sources, Terms};
use toml::Table;

use super::compare::Differences;
use super::example::{date, debtor, flag, money, rows, text};

/// A rate of 1.0.
const ONE: i64 = 10_000;

fn read(name: &str) -> Table {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/account/fees");
    let text = std::fs::read_to_string(folder.join(name)).expect("a table of fees");
    toml::from_str(&text).expect("TOML")
}

fn schedule(name: &str) -> Schedule {
    Schedules::built_in().get(name).expect("a shipped schedule").clone()
}

fn bill(version: &Version, order: &FeeOrder, deduct: bool) -> Bill {
    version.bill(order, deduct).expect("a fee")
}

fn sums(row: &Table, keys: &[&str]) -> Vec<i64> {
    keys.iter()
        .map(|key| money(row, key, "EUR").unwrap_or_else(|| panic!("{key}")))
        .collect()
}

fn order(row: &Table) -> FeeOrder {
    FeeOrder {
        value: money(row, "value", "EUR").expect("a value"),
        rate: text(row, "rate").map(|rate| decimal::parse(rate, 4).expect("a rate")),
        ..FeeOrder::default()
    }
}

fn version(schedule: &Schedule, row: &Table) -> Version {
    let day: NaiveDate = date(row, "mandated").or_else(|| date(row, "from")).expect("a day");
    schedule.version(day).expect("a version").clone()
}

#[test]
fn german_steps_and_small_claims() {
    let mut differences = Differences::default();
    for table in rows(&read("de.toml"), "version") {
        let version = version(&schedule("de"), table);
        differences.same("de.toml", "version", text(table, "id"), Some(version.id.as_str()));
        for row in rows(table, "rows") {
            let order = FeeOrder {
                rate: Some(ONE),
                disputed: true,
                ..order(row)
            };
            let place = format!("{} at {}", version.id, row["value"]);
            differences.same(
                "de.toml",
                &place,
                sums(row, &["fee"]),
                vec![bill(&version, &order, true).fee],
            );
        }
        if let Some(value) = money(table, "small_undisputed_up_to", "EUR") {
            let order = FeeOrder {
                value,
                rate: Some(ONE),
                ..FeeOrder::default()
            };
            let fee = bill(&version, &order, true).fee;
            differences.same(
                "de.toml",
                "small claims",
                sums(table, &["small_undisputed_fee"]),
                vec![fee],
            );
        }
    }
    differences.assert_none();
}

#[test]
fn german_bills() {
    let mut differences = Differences::default();
    for row in rows(&read("de.toml"), "case") {
        let version = version(&schedule("de"), row);
        let order = FeeOrder {
            disputed: flag(row, "disputed").expect("disputed"),
            ..order(row)
        };
        let bill = bill(&version, &order, flag(row, "deduct").expect("deduct"));
        let place = format!("{} {order:?}", version.id);
        differences.same("de.toml", &place, text(row, "version"), Some(version.id.as_str()));
        let found = vec![bill.fee, bill.expenses, bill.vat, bill.total()];
        differences.same(
            "de.toml",
            &place,
            sums(row, &["fee", "expenses", "vat", "total"]),
            found,
        );
    }
    differences.assert_none();
}

#[test]
fn german_agreements() {
    let mut differences = Differences::default();
    let keys = [
        "fee",
        "agreement_fee",
        "expenses",
        "vat",
        "total_without_vat",
        "total_with_vat",
    ];
    for row in rows(&read("de.toml"), "agreement") {
        let version = version(&schedule("de"), row);
        let order = FeeOrder {
            agreement: true,
            ..order(row)
        };
        let bill = bill(&version, &order, false);
        let net = bill.total() - bill.vat;
        let found = vec![bill.fee, bill.agreement_fee, bill.expenses, bill.vat, net, bill.total()];
        differences.same(
            "de.toml",
            &format!("agreement {}", row["value"]),
            sums(row, &keys),
            found,
        );
        differences.same("de.toml", "version", text(row, "version"), Some(version.id.as_str()));
    }
    differences.assert_none();
}

fn by_value(differences: &mut Differences, name: &str) {
    let file = format!("{name}.toml");
    for table in rows(&read(&file), "version") {
        let version = version(&schedule(name), table);
        differences.same(&file, "version", text(table, "id"), Some(version.id.as_str()));
        for row in rows(table, "rows") {
            let bill = bill(&version, &order(row), false);
            let found = vec![bill.fee, bill.vat, bill.total()];
            let place = row["value"].to_string();
            differences.same(&file, &place, sums(row, &["fee", "vat", "total_with_vat"]), found);
        }
    }
}

#[test]
fn dutch_and_danish_fees() {
    let mut differences = Differences::default();
    by_value(&mut differences, "nl");
    by_value(&mut differences, "dk");
    differences.assert_none();
}

#[test]
fn danish_reminders() {
    let mut differences = Differences::default();
    let version = schedule("dk").version(day("2025-01-01")).expect("a version").clone();
    for row in rows(&read("dk.toml"), "reminders") {
        let dates = row["dates"].as_array().expect("dates");
        let dates: Vec<NaiveDate> = dates.iter().map(|date| day(date.as_str().expect("a text"))).collect();
        let found = version.reminders(&dates).expect("a rule for reminders");
        differences.same(
            "dk.toml",
            &format!("reminders {dates:?}"),
            sums(row, &["fee"]),
            vec![found],
        );
    }
    differences.assert_none();
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An account of some claims of 1,000.00, all of them late, and of costs of the agency.
fn late_claims(terms: &Terms, debtor_kind: &str, claims: i64, costs: i64) -> Account {
    let claims: Vec<Claim> = (0..claims)
        .map(|number| Claim {
            reference: format!("R-{number}"),
            principal: 100_000,
            due_date: Some(day("2025-05-30")),
            debtor: debtor(debtor_kind),
            ..Claim::default()
        })
        .collect();
    let cost = Booking {
        id: "C1".to_owned(),
        value_date: day("2025-07-01"),
        claim: None,
        entry: Entry::Cost {
            amount: costs,
            side: Side::Agency,
            legal: true,
        },
    };
    let bookings = if costs > 0 { vec![cost] } else { Vec::new() };
    let as_of = day("2025-09-30");
    Account::work_out(&Sources::built_in(), terms, &claims, &bookings, as_of).expect("an account")
}

fn flat_sums(account: &Account) -> (i64, i64) {
    let flat_sums = account.flat_sums.iter();
    flat_sums.fold((0, 0), |(all, credited), flat| {
        (all + flat.amount, credited + flat.credited)
    })
}

#[test]
fn german_flat_sums() {
    let mut differences = Differences::default();
    let keys = ["flat_sums", "credited", "legal_costs_owed", "together"];
    for row in rows(&read("de.toml"), "flat") {
        let claims = row["claims"].as_integer().expect("a number of claims");
        let costs = money(row, "legal_costs", "EUR").expect("costs");
        let account = late_claims(&Terms::default(), "business", claims, costs);
        let (all, credited) = flat_sums(&account);
        let together = account.client_costs + account.agency_costs;
        let found = vec![all, credited, account.agency_costs, together];
        differences.same("de.toml", &format!("flat {row}"), sums(row, &keys), found);
    }
    differences.assert_none();
}

#[test]
fn danish_compensation() {
    let mut differences = Differences::default();
    let terms: Terms = toml::from_str("currency = \"DKK\"\nlaw = \"dk\"\n").expect("terms");
    for row in rows(&read("dk.toml"), "compensation") {
        let claims = row["claims"].as_integer().expect("a number of claims");
        let account = late_claims(&terms, text(row, "debtor").expect("a debtor"), claims, 0);
        differences.same(
            "dk.toml",
            &format!("{row}"),
            sums(row, &["amount"]),
            vec![flat_sums(&account).0],
        );
    }
    differences.assert_none();
}
