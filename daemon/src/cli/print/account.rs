//! The account of a case, and what became of an order to it.

use crate::cli::table::{Column, pairs, table};
use crate::cli::words::money;
use crate::commands::account::{AccountShape, LineShape};
use crate::commands::orders::OrderShape;

use super::findings::findings;

/// What is owed; with `explain` how it came to be.
pub(crate) fn account(account: &AccountShape, explain: bool) -> String {
    let of = |amount: &str| money(amount, &account.currency);
    let mut text = pairs([
        ("Case", account.case_number.clone()),
        ("As of", account.as_of.to_string()),
        ("Principal", of(&account.principal)),
        ("Interest", of(&account.interest)),
        ("Agency costs", of(&account.agency_costs)),
        ("Client costs", of(&account.client_costs)),
        ("Paid", of(&account.paid)),
        ("Credit", of(&account.credit)),
        ("Balance", of(&account.balance)),
    ]);
    if explain {
        text += &format!("\n{}\n{}", periods(account), lines(account));
    }
    for finding in &account.findings {
        text += &format!("\n{} ({})\n", finding.code, finding.about);
    }
    text
}

fn periods(account: &AccountShape) -> String {
    const COLUMNS: [Column; 7] = [
        Column::Left("CLAIM"),
        Column::Left("FROM"),
        Column::Left("TO"),
        Column::Right("DAYS"),
        Column::Right("RATE %"),
        Column::Right("PRINCIPAL"),
        Column::Right("INTEREST"),
    ];
    let rows = account.periods.iter().map(|period| {
        vec![
            period.claim.clone(),
            period.from.to_string(),
            period.to.to_string(),
            period.days.to_string(),
            period.rate.clone(),
            period.principal.clone(),
            period.interest.clone(),
        ]
    });
    table(&COLUMNS, rows, "Nothing bears interest.")
}

fn lines(account: &AccountShape) -> String {
    const COLUMNS: [Column; 3] = [Column::Left("LINE"), Column::Left("OF"), Column::Right("AMOUNT")];
    let what = |line: &LineShape| match &line.to {
        Some(to) => format!("{} to {to}", line.what),
        None => line.what.clone(),
    };
    let rows = account.lines.iter();
    let rows = rows.map(|line| vec![what(line), line.of.clone(), line.amount.clone()]);
    let sum = vec!["balance".to_owned(), String::new(), account.balance.clone()];
    table(&COLUMNS, rows.chain([sum]), "")
}

/// What became of an order.
pub(crate) fn order(told: &OrderShape) -> String {
    let outcome = match (told.outcome.as_str(), told.dry_run) {
        ("done", true) => "would be done; nothing was kept",
        ("done", false) => "done",
        ("duplicate", _) => "was done before; nothing was changed",
        _ => "refused",
    };
    let mut text = format!("{} on case {}: {outcome}.\n", told.record_type, told.case_number);
    if told.outcome != "duplicate" && !told.findings.is_empty() {
        text += &format!("\n{}", findings(&told.findings));
    }
    text
}
