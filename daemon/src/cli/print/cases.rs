//! Cases.

use crate::cli::output::plain;
use crate::cli::table::{Column, pairs, table};
use crate::cli::words::{count, money, time};
use crate::commands::cases::{CaseLine, CaseList, CaseShown, DebtorShape};

/// The list and its totals.
pub(crate) fn list(list: &CaseList) -> String {
    const COLUMNS: [Column; 9] = [
        Column::Left("NUMBER"),
        Column::Left("CLIENT"),
        Column::Left("DEBTOR NO"),
        Column::Left("DEBTOR"),
        Column::Left("STAGE"),
        Column::Left("OPENED"),
        Column::Right("CLAIMS"),
        Column::Right("PRINCIPAL"),
        Column::Right("OPEN"),
    ];
    let mut text = table(&COLUMNS, list.cases.iter().map(row), "There are no such cases.");
    for total in &list.totals {
        let open = money(&total.balance, &total.currency);
        text += &format!("\n {}, {open} open\n", count(total.cases, "case"));
    }
    text
}

fn row(case: &CaseLine) -> Vec<String> {
    vec![
        case.number.clone(),
        case.client.clone(),
        case.debtor_number.clone(),
        case.debtor.clone(),
        state(case),
        time(case.opened, &case.time_zone),
        case.claims.to_string(),
        money(&case.principal, &case.currency),
        money(&case.balance, &case.currency),
    ]
}

/// The stage, or why it is closed.
fn state(case: &CaseLine) -> String {
    match (&case.closed, &case.closing_reason) {
        (Some(_), Some(reason)) => format!("closed, {reason}"),
        (Some(_), None) => "closed".to_owned(),
        (None, _) if case.processing == "paused" => format!("{}, paused", case.stage),
        (None, _) => case.stage.clone(),
    }
}

/// A balance as what is open, or else what was paid beyond it.
fn open_or_credit(balance: &str) -> (Option<&str>, Option<&str>) {
    match balance.strip_prefix('-') {
        Some(credit) => (None, Some(credit)),
        None => (Some(balance), None),
    }
}

/// One case.
pub(crate) fn show(shown: &CaseShown) -> String {
    let case = &shown.line;
    let debtor = &shown.debtor_details;
    let at = |moment| time(moment, &case.time_zone);
    let amount = |amount| money(amount, &case.currency);
    let (open, credit) = open_or_credit(&case.balance);
    let mut text = pairs([
        ("Case", case.number.clone()),
        ("Client", case.client.clone()),
        ("Creditor", case.creditor.clone()),
        (
            "Debtor",
            format!(
                "{} ({}, {}, {})",
                debtor.name, case.debtor_number, debtor.kind, debtor.acts_as
            ),
        ),
        ("Address", address(debtor)),
        ("Born", debtor.birth_date.map(|day| day.to_string()).unwrap_or_default()),
        ("Contact", contacts(debtor)),
        ("IBAN", debtor.ibans.join(", ")),
        ("Stage", state(case)),
        ("Payment", case.payment.clone()),
        ("Handler", shown.handler.clone().unwrap_or_default()),
        (
            "Rests until",
            shown.paused_until.map(|day| day.to_string()).unwrap_or_default(),
        ),
        ("Opened", at(case.opened)),
        ("Closed", case.closed.map(at).unwrap_or_default()),
        ("Principal", money(&case.principal, &case.currency)),
        ("Costs", money(&case.costs, &case.currency)),
        ("Paid", money(&case.paid, &case.currency)),
        ("Open", open.map(amount).unwrap_or_default()),
        ("Credit", credit.map(amount).unwrap_or_default()),
    ]);
    text += &format!("\n{}", claims(shown));
    text += &format!("\n{}", bookings(shown));
    let history = shown.history.iter().map(|row| {
        vec![
            at(row.at),
            row.kind.clone(),
            details(row.details.as_ref()),
            row.visibility.clone(),
        ]
    });
    const HISTORY: [Column; 4] = [
        Column::Left("WHEN"),
        Column::Left("WHAT"),
        Column::Left("DETAILS"),
        Column::Left("SEEN BY"),
    ];
    text += &format!("\n{}", table(&HISTORY, history, "Nothing has happened yet."));
    for message in &shown.messages {
        let state = if message.open { ", open" } else { "" };
        text += &format!("\n {} {}{state}\n", at(message.at), message.kind);
        for line in message.text.lines() {
            text += format!("   {}", plain(line)).trim_end();
            text.push('\n');
        }
    }
    text
}

/// What a line of the history says besides its kind; rows of other lists mean nothing to people.
fn details(details: Option<&serde_json::Value>) -> String {
    let Some(serde_json::Value::Object(details)) = details else {
        return String::new();
    };
    let said = details
        .iter()
        .filter(|(name, value)| !name.ends_with("_id") && !value.is_null());
    let said = said.map(|(name, value)| match value {
        serde_json::Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    });
    said.collect::<Vec<_>>().join(", ")
}

fn claims(shown: &CaseShown) -> String {
    const COLUMNS: [Column; 6] = [
        Column::Left("INVOICE"),
        Column::Left("CONTRACT"),
        Column::Left("DATED"),
        Column::Left("DUE"),
        Column::Right("PRINCIPAL"),
        Column::Left("FOR"),
    ];
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let rows = shown.claim_list.iter().map(|claim| {
        let reason = claim.reason.clone().unwrap_or_default();
        vec![
            claim.invoice_number.clone().unwrap_or_default(),
            claim.contract_number.clone().unwrap_or_default(),
            day(claim.invoice_date),
            day(claim.due_date),
            money(&claim.principal, &claim.currency),
            if claim.disputed {
                format!("{reason} (disputed)").trim_start().to_owned()
            } else {
                reason
            },
        ]
    });
    table(&COLUMNS, rows, "There are no claims.")
}

fn bookings(shown: &CaseShown) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Left("VALUE DATE"),
        Column::Left("BOOKED"),
        Column::Left("BOOKING"),
        Column::Right("AMOUNT"),
    ];
    let rows = shown.bookings.iter().map(|booking| {
        let kind = if booking.reversal {
            format!("{} (reversal)", booking.kind)
        } else {
            booking.kind.clone()
        };
        let booked = time(booking.booked, &shown.line.time_zone);
        vec![
            booking.value_date.to_string(),
            booked,
            kind,
            money(&booking.amount, &booking.currency),
        ]
    });
    table(&COLUMNS, rows, "Nothing is booked.")
}

fn address(debtor: &DebtorShape) -> String {
    let town = [&debtor.postal_code, &debtor.city]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    let town = (!town.is_empty()).then_some(town);
    let parts = [
        debtor.street.clone(),
        debtor.address_extra.clone(),
        town,
        debtor.country.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn contacts(debtor: &DebtorShape) -> String {
    let contacts = debtor
        .contacts
        .iter()
        .map(|contact| format!("{} {}", contact.kind, contact.value));
    contacts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_paid_too_much_is_a_credit() {
        assert_eq!(open_or_credit("12.50"), (Some("12.50"), None));
        assert_eq!(open_or_credit("-0.50"), (None, Some("0.50")));
    }
}
