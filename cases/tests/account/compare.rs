//! Compares an account with what an example expects; a difference names example, what, expected and found.

use std::collections::BTreeSet;

use dropcase_cases::account::decimal::{show, show_money};
use dropcase_cases::account::{Account, Allocation, Period};
use toml::{Table, Value};

use super::example::{Example, rows};

/// Digits of the currencies of the examples, by ISO 4217.
fn digits(currency: &str) -> u32 {
    match currency {
        "EUR" | "DKK" => 2,
        "JPY" => 0,
        "BHD" => 3,
        other => panic!("{other}: no currency of the examples"),
    }
}

/// What did not come out as expected.
#[derive(Default)]
pub(crate) struct Differences {
    compared: usize,
    found: Vec<String>,
}

impl Differences {
    pub(crate) fn same<T: PartialEq + std::fmt::Debug>(&mut self, place: &str, what: &str, expected: T, found: T) {
        self.compared += 1;
        if expected != found {
            let line = format!("{place}, {what}:\n  expected {expected:?}\n  found    {found:?}");
            self.found.push(line);
        }
    }

    pub(crate) fn assert_none(self) {
        assert!(self.compared > 0, "nothing was compared");
        let (wrong, compared) = (self.found.len(), self.compared);
        assert!(
            self.found.is_empty(),
            "{}\n{wrong} of {compared} figures differ",
            self.found.join("\n")
        );
    }
}

/// A row as its values under `keys`, as text; empty where it has none.
fn values(row: &Table, keys: &[&str]) -> Vec<String> {
    let value = |key: &&str| match row.get(*key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    keys.iter().map(value).collect()
}

fn expected(table: &Table, array: &str, keys: &[&str]) -> Vec<Vec<String>> {
    rows(table, array).map(|row| values(row, keys)).collect()
}

/// Sums, findings, periods, fees, flat sums and allocation lines.
pub(crate) fn account(differences: &mut Differences, example: &Example, account: &Account) {
    let (name, expect) = (example.name.as_str(), &example.expect);
    let currency = example.terms.currency.as_str();
    let money = |amount| show_money(amount, currency);
    for (key, amount) in [
        ("principal", account.principal),
        ("interest", account.interest),
        ("agency_costs", account.agency_costs),
        ("client_costs", account.client_costs),
        ("paid", account.paid),
        ("credit", account.credit),
        ("balance", account.balance),
    ] {
        differences.same(name, key, expect[key].as_str(), Some(money(amount).as_str()));
    }
    let none = Vec::new();
    let findings = expect.get("findings").and_then(Value::as_array).unwrap_or(&none);
    let findings: BTreeSet<_> = findings.iter().filter_map(Value::as_str).collect();
    let found = account.findings.iter().map(|finding| finding.code.as_str()).collect();
    differences.same(name, "findings", findings, found);

    let keys = ["claim", "from", "to", "days", "rate", "principal", "interest", "exact"];
    let found: Vec<_> = account.periods.iter().map(|row| period(row, currency)).collect();
    differences.same(name, "periods", expected(expect, "period", &keys), found);

    let keys = ["booking", "version", "fee", "expenses", "vat", "total"];
    let fees = account.fees.iter().map(|row| {
        let [fee, expenses, vat, total] = [row.bill.fee, row.bill.expenses, row.bill.vat, row.bill.total()].map(money);
        vec![row.booking.clone(), row.version.clone(), fee, expenses, vat, total]
    });
    differences.same(name, "fees", expected(expect, "fee", &keys), fees.collect());

    let keys = ["claim", "date", "amount", "credited"];
    let flat_sums = account.flat_sums.iter().map(|row| {
        vec![
            row.claim.clone(),
            row.date.to_string(),
            money(row.amount),
            money(row.credited),
        ]
    });
    differences.same(
        name,
        "flat sums",
        expected(expect, "flat_sum", &keys),
        flat_sums.collect(),
    );

    let keys = ["booking", "target", "claim", "cost", "amount"];
    let found: Vec<_> = account.allocations.iter().map(|row| line(row, currency)).collect();
    differences.same(name, "allocation", expected(expect, "allocation", &keys), found);
}

/// The lines that one late booking brings.
pub(crate) fn new_lines(differences: &mut Differences, example: &Example, cause: &str, found: &[Allocation]) {
    let keys = ["booking", "target", "claim", "cost", "amount"];
    let wanted: Vec<_> = rows(&example.expect, "delta")
        .filter(|row| row["cause"].as_str() == Some(cause))
        .map(|row| values(row, &keys))
        .collect();
    let found = found.iter().map(|row| line(row, &example.terms.currency)).collect();
    differences.same(&example.name, &format!("new lines of {cause}"), wanted, found);
}

fn period(row: &Period, currency: &str) -> Vec<String> {
    let digits = digits(currency);
    let (numerator, denominator) = row.interest.fraction(digits);
    vec![
        row.claim.clone(),
        row.from.to_string(),
        row.to.to_string(),
        row.days.to_string(),
        row.rate.to_string(),
        show(row.principal, digits),
        row.interest.show(digits),
        format!("{numerator}/{denominator}"),
    ]
}

fn line(row: &Allocation, currency: &str) -> Vec<String> {
    vec![
        row.booking.clone(),
        row.target.as_str().to_owned(),
        row.claim.clone().unwrap_or_default(),
        row.cost.clone().unwrap_or_default(),
        show_money(row.amount, currency),
    ]
}
