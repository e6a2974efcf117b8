//! The answer to a request for cases: a list with its totals, as a table for people or for programs.

use std::collections::BTreeMap;
use std::io::Write;

use dropcase_cases::queries::ListedCase;
use serde::Serialize;

use super::View;
use super::tree::write_xml;
use crate::language::{Language, decimal, digits_of};
use crate::writers::json::JsonObject;
use crate::writers::{Cell, Column, TableWriter, WriteError};

/// The schema as shipped: JSON Schema of the list.
pub const JSON_SCHEMA: &str = include_str!("../../schema/cases-1.schema.json");
/// The schema as shipped: XSD of the list.
pub const XML_SCHEMA: &str = include_str!("../../schema/cases-1.xsd");

const COLUMNS: [(&str, u16); 18] = [
    ("case_number", 14),
    ("creditor", 12),
    ("debtor_number", 16),
    ("debtor", 30),
    ("postal_code", 10),
    ("city", 20),
    ("country", 8),
    ("stage", 24),
    ("processing", 16),
    ("payment", 18),
    ("opened", 12),
    ("closed", 12),
    ("principal", 14),
    ("costs", 14),
    ("paid", 14),
    ("balance", 14),
    ("currency", 9),
    ("closing_reason", 24),
];

pub(super) fn columns(language: &Language) -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|(name, width)| Column::new(language.heading(name), *width))
        .collect()
}

/// What the cases of one currency come to, in minor units.
#[derive(Debug, Default)]
struct Total {
    cases: u64,
    principal: i64,
    costs: i64,
    paid: i64,
    balance: i64,
}

/// Totals by currency.
#[derive(Debug, Default)]
struct Totals(BTreeMap<String, Total>);

impl Totals {
    fn add(&mut self, row: &ListedCase) {
        let case = &row.case;
        let total = self.0.entry(case.currency.clone()).or_default();
        total.cases += 1;
        total.principal = total.principal.saturating_add(case.principal);
        total.costs = total.costs.saturating_add(case.costs);
        total.paid = total.paid.saturating_sub(case.payments);
        total.balance = total.balance.saturating_add(case.balance);
    }

    fn found(&self) -> u64 {
        self.0.values().map(|total| total.cases).sum()
    }
}

/// Rows as they come from the database.
pub(super) type Listed<'a> = &'a mut dyn Iterator<Item = Result<ListedCase, WriteError>>;

/// Writes the table; returns how many cases there were.
pub(super) fn write_table(rows: Listed<'_>, table: &mut dyn TableWriter, view: View) -> Result<u64, WriteError> {
    let mut totals = Totals::default();
    for row in rows {
        let row = row?;
        totals.add(&row);
        table.row(&cells(&row, view))?;
    }
    for (currency, total) in &totals.0 {
        let money = |minor| Cell::Money {
            minor,
            digits: digits_of(currency),
        };
        let mut cells = vec![Cell::Empty; COLUMNS.len()];
        cells[0] = Cell::text(Some(view.language.word("total")));
        cells[12] = money(total.principal);
        cells[13] = money(total.costs);
        cells[14] = money(total.paid);
        cells[15] = money(total.balance);
        cells[16] = Cell::text(Some(currency.as_str()));
        table.row(&cells)?;
    }
    table.finish()?;
    Ok(totals.found())
}

fn cells(row: &ListedCase, view: View) -> [Cell<'_>; 18] {
    let case = &row.case;
    let day = |at: chrono::DateTime<chrono::Utc>| Cell::Date(at.with_timezone(&view.zone).date_naive());
    let money = |minor| Cell::Money {
        minor,
        digits: digits_of(&case.currency),
    };
    let word = |list: &str, value: &str| Cell::text(Some(view.language.choice(list, value)));
    [
        Cell::text(Some(case.number.as_str())),
        Cell::text(Some(case.creditor.as_str())),
        Cell::text(Some(case.debtor_number.as_str())),
        Cell::text(Some(case.debtor_name.as_str())),
        Cell::text(row.postal_code.as_deref()),
        Cell::text(row.city.as_deref()),
        Cell::text(row.country.as_deref()),
        word("stage", case.stage.as_str()),
        word("processing", case.processing.as_str()),
        word("payment", case.payment.as_str()),
        day(case.opened_at),
        case.closed_at.map_or(Cell::Empty, day),
        money(case.principal),
        money(case.costs),
        // Bookings of payments are negative; people read what was paid.
        money(case.payments.saturating_neg()),
        money(case.balance),
        Cell::text(Some(case.currency.as_str())),
        case.closing_reason
            .as_deref()
            .map_or(Cell::Empty, |reason| word("closing", reason)),
    ]
}

/// What stands before the cases, for programs.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Head {
    pub(super) schema: &'static str,
    pub(super) client: String,
    /// UTC.
    pub(super) made: String,
}

/// A case of the list, for programs. Amounts are decimal texts, times UTC.
#[derive(Debug, Serialize)]
struct Case<'a> {
    case_number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    creditor: &'a str,
    debtor_number: &'a str,
    debtor_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    stage: &'static str,
    processing: &'static str,
    payment: &'static str,
    opened: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closing_reason: Option<&'a str>,
    principal: String,
    costs: String,
    paid: String,
    balance: String,
    currency: &'a str,
}

#[derive(Debug, Serialize)]
struct Sum<'a> {
    currency: &'a str,
    cases: u64,
    principal: String,
    costs: String,
    paid: String,
    balance: String,
}

#[derive(Debug, Serialize)]
struct Tail<'a> {
    totals: Vec<Sum<'a>>,
    found: u64,
}

impl<'a> Case<'a> {
    fn of(row: &'a ListedCase) -> Self {
        let case = &row.case;
        let money = |minor: i64| decimal(minor, digits_of(&case.currency), '.');
        Self {
            case_number: &case.number,
            creditor: &case.creditor,
            debtor_number: &case.debtor_number,
            debtor_name: &case.debtor_name,
            postal_code: row.postal_code.as_deref(),
            city: row.city.as_deref(),
            country: row.country.as_deref(),
            stage: case.stage.as_str(),
            processing: case.processing.as_str(),
            payment: case.payment.as_str(),
            opened: super::utc(case.opened_at),
            closed: case.closed_at.map(super::utc),
            closing_reason: case.closing_reason.as_deref(),
            principal: money(case.principal),
            costs: money(case.costs),
            paid: money(case.payments.saturating_neg()),
            balance: money(case.balance),
            currency: &case.currency,
        }
    }
}

impl<'a> Tail<'a> {
    fn of(totals: &'a Totals) -> Self {
        let sum = |(currency, total): (&'a String, &Total)| {
            let money = |minor: i64| decimal(minor, digits_of(currency), '.');
            Sum {
                currency,
                cases: total.cases,
                principal: money(total.principal),
                costs: money(total.costs),
                paid: money(total.paid),
                balance: money(total.balance),
            }
        };
        Self {
            totals: totals.0.iter().map(sum).collect(),
            found: totals.found(),
        }
    }
}

/// Writes the list as JSON; returns how many cases there were.
pub(super) fn write_json<W: Write>(rows: Listed<'_>, out: W, head: &Head) -> Result<u64, WriteError> {
    let mut totals = Totals::default();
    let mut json = JsonObject::new(out, head, "cases")?;
    for row in rows {
        let row = row?;
        totals.add(&row);
        json.element(&Case::of(&row))?;
    }
    json.finish_with(&Tail::of(&totals))?;
    Ok(totals.found())
}

/// Writes the list as XML: the same names as in JSON; returns how many cases there were.
pub(super) fn write_list_xml<W: Write>(rows: Listed<'_>, out: W, head: &Head) -> Result<u64, WriteError> {
    let mut totals = Totals::default();
    let mut xml = crate::writers::xml::XmlWriter::new(out)?;
    xml.open(
        "cases",
        &[
            ("xmlns", Some("urn:dropcase:cases:1")),
            ("client", Some(&head.client)),
            ("made", Some(&head.made)),
        ],
    )?;
    for row in rows {
        let row = row?;
        totals.add(&row);
        write_xml(&mut xml, "case", &serde_json::to_value(Case::of(&row))?)?;
    }
    let tail = Tail::of(&totals);
    write_xml(&mut xml, "totals", &serde_json::to_value(&tail.totals)?)?;
    write_xml(&mut xml, "found", &serde_json::to_value(tail.found)?)?;
    xml.close("cases")?;
    xml.finish()?;
    Ok(totals.found())
}
