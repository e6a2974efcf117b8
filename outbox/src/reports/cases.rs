//! The report on cases: open, closed or all, newest first, with totals per currency.

use std::collections::BTreeMap;

use dropcase_cases::model::CaseRow;
use dropcase_cases::queries::{CaseFilter, CasePage, CaseStatus};

use super::{Job, View};
use crate::language::{Language, digits_of};
use crate::source::{RowSender, renew};
use crate::writers::{Cell, Column, TableWriter, WriteError};

/// Cases in a page.
const PAGE: u32 = 500;

const COLUMNS: [(&str, u16); 16] = [
    ("case_number", 14),
    ("creditor", 12),
    ("debtor_number", 16),
    ("debtor", 30),
    ("opened", 12),
    ("closed", 12),
    ("stage", 24),
    ("processing", 16),
    ("payment", 18),
    ("claims", 12),
    ("principal", 14),
    ("costs", 14),
    ("paid", 14),
    ("balance", 14),
    ("currency", 9),
    ("closing_reason", 24),
];

/// `open`, `closed` or `all`.
pub(super) const fn status_name(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Open => "open",
        CaseStatus::Closed => "closed",
        CaseStatus::All => "all",
    }
}

pub(super) fn columns(language: &Language) -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|(name, width)| Column::new(language.heading(name), *width))
        .collect()
}

/// Sends the client's cases that were opened before the moment of the report.
pub(super) async fn pump(job: &Job<'_>, status: CaseStatus, mut sender: RowSender<CaseRow>) {
    let filter = CaseFilter {
        client: Some(job.client.key.as_str().to_owned()),
        status,
        until: Some(job.until),
        ..CaseFilter::default()
    };
    let mut before = None;
    loop {
        let page = match renew(job.context, job.leased).await {
            Ok(()) => job.context.store.cases(&filter, CasePage { before, limit: PAGE }).await,
            Err(error) => Err(error),
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => return sender.fail(error).await,
        };
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for row in page {
            if sender.send(row).await.is_err() {
                return;
            }
        }
    }
    // A writer that ended early says itself why.
    let _ = sender.finish().await;
}

#[derive(Default)]
struct Total {
    claims: i64,
    principal: i64,
    costs: i64,
    payments: i64,
    balance: i64,
}

pub(super) fn write(
    rows: &mut dyn Iterator<Item = Result<CaseRow, WriteError>>,
    table: &mut dyn TableWriter,
    view: View,
) -> Result<(), WriteError> {
    let mut totals: BTreeMap<String, Total> = BTreeMap::new();
    for row in rows {
        let row = row?;
        let total = totals.entry(row.currency.clone()).or_default();
        total.claims += row.claims;
        total.principal = total.principal.saturating_add(row.principal);
        total.costs = total.costs.saturating_add(row.costs);
        total.payments = total.payments.saturating_add(row.payments);
        total.balance = total.balance.saturating_add(row.balance);
        table.row(&cells(&row, view))?;
    }
    for (currency, total) in &totals {
        let money = |minor| Cell::Money {
            minor,
            digits: digits_of(currency),
        };
        let mut cells = vec![Cell::Empty; COLUMNS.len()];
        cells[0] = Cell::text(Some(view.language.word("total")));
        cells[9] = Cell::Integer(total.claims);
        cells[10] = money(total.principal);
        cells[11] = money(total.costs);
        cells[12] = money(total.payments.saturating_neg());
        cells[13] = money(total.balance);
        cells[14] = Cell::text(Some(currency.as_str()));
        table.row(&cells)?;
    }
    table.finish()
}

fn cells<'a>(row: &'a CaseRow, view: View) -> [Cell<'a>; 16] {
    let day = |at: chrono::DateTime<chrono::Utc>| Cell::Date(at.with_timezone(&view.zone).date_naive());
    let money = |minor| Cell::Money {
        minor,
        digits: digits_of(&row.currency),
    };
    let word = |list: &str, value: &str| Cell::text(Some(view.language.choice(list, value)));
    [
        Cell::text(Some(row.number.as_str())),
        Cell::text(Some(row.creditor.as_str())),
        Cell::text(Some(row.debtor_number.as_str())),
        Cell::text(Some(row.debtor_name.as_str())),
        day(row.opened_at),
        row.closed_at.map_or(Cell::Empty, day),
        word("stage", row.stage.as_str()),
        word("processing", row.processing.as_str()),
        word("payment", row.payment.as_str()),
        Cell::Integer(row.claims),
        money(row.principal),
        money(row.costs),
        // Bookings of payments are negative; people read what was paid.
        money(row.payments.saturating_neg()),
        money(row.balance),
        Cell::text(Some(row.currency.as_str())),
        row.closing_reason
            .as_deref()
            .map_or(Cell::Empty, |reason| word("closing", reason)),
    ]
}
