//! The report on deliveries: what was handed over, when, with what result, newest first.

use dropcase_cases::model::{Delivery, Mode};
use dropcase_cases::store::DeliveryFilter;

use super::{Job, Period, View};
use crate::language::Language;
use crate::source::{RowSender, renew};
use crate::writers::{Cell, Column, TableWriter, WriteError};

/// Deliveries in a page.
const PAGE: u32 = 500;

const COLUMNS: [(&str, u16); 11] = [
    ("handed_over", 18),
    ("file", 40),
    ("delivery", 15),
    ("mode", 14),
    ("status", 22),
    ("submitted", 12),
    ("accepted", 12),
    ("rejected", 12),
    ("duplicate", 12),
    ("withheld", 16),
    ("finished", 18),
];

pub(super) fn columns(language: &Language) -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|(name, width)| Column::new(language.heading(name), *width))
        .collect()
}

/// Sends the client's deliveries of the period.
pub(super) async fn pump(job: &Job<'_>, period: Period, mut sender: RowSender<Delivery>) {
    let mut filter = DeliveryFilter {
        client: Some(job.client.key.as_str().to_owned()),
        from: Some(period.since),
        to: Some(period.until),
        limit: PAGE,
        ..DeliveryFilter::default()
    };
    loop {
        let page = match renew(job.context, job.leased).await {
            Ok(()) => job.context.store.deliveries(&filter).await,
            Err(error) => Err(error),
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => return sender.fail(error).await,
        };
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id);
        for row in page {
            if sender.send(row).await.is_err() {
                return;
            }
        }
    }
    // A writer that ended early says itself why.
    let _ = sender.finish().await;
}

pub(super) fn write(
    rows: &mut dyn Iterator<Item = Result<Delivery, WriteError>>,
    table: &mut dyn TableWriter,
    view: View,
) -> Result<(), WriteError> {
    let mut totals = [0_i64; 5];
    for row in rows {
        let row = row?;
        // What was only checked was not handed over.
        if row.mode == Mode::Import {
            let counts = [row.submitted, row.accepted, row.rejected, row.duplicate, row.withheld];
            totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        table.row(&cells(&row, view))?;
    }
    let mut cells = vec![Cell::Empty; COLUMNS.len()];
    cells[0] = Cell::text(Some(view.language.word("total")));
    for (cell, total) in cells[5..].iter_mut().zip(totals) {
        *cell = Cell::Integer(total);
    }
    table.row(&cells)?;
    table.finish()
}

fn cells<'a>(row: &'a Delivery, view: View) -> [Cell<'a>; 11] {
    let time = |at: chrono::DateTime<chrono::Utc>| Cell::Time(at.with_timezone(&view.zone).naive_local());
    let status = row.status.map_or("none", |status| status.as_str());
    [
        time(row.arrived_at),
        Cell::text(Some(row.name.as_str())),
        Cell::text(Some(row.code.as_str())),
        Cell::text(Some(view.language.choice("mode", row.mode.as_str()))),
        Cell::text(Some(view.language.choice("status", status))),
        Cell::Integer(row.submitted),
        Cell::Integer(row.accepted),
        Cell::Integer(row.rejected),
        Cell::Integer(row.duplicate),
        Cell::Integer(row.withheld),
        row.finished_at.map_or(Cell::Empty, time),
    ]
}
