//! What a client's settings mean for reading and importing its files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;
use dropcase_config::{Client, DateOrder, NumberFormat, Service};
use dropcase_parsers::job::{self, Job};
use dropcase_parsers::layout::Layout;
use dropcase_parsers::limits::Limits;

use crate::reading::{Bounds, Order};

/// Bytes a staged file may have for each byte of the file itself: a workbook unpacks to many times its size.
const STAGED_PER_BYTE: u64 = 64;

/// Bytes a staged file may always have.
const STAGED_LEAST: u64 = 64 << 20;

/// Clients' own layouts by name.
pub(crate) type Layouts = BTreeMap<String, Layout>;

/// Reads every layout of the home.
///
/// # Errors
/// Names the file that cannot be read and says why.
pub(crate) fn load_layouts(folder: &Path) -> anyhow::Result<Layouts> {
    let mut layouts = Layouts::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(layouts),
        entries => entries.with_context(|| folder.display().to_string())?,
    };
    for entry in entries {
        let path = entry?.path();
        let (Some(name), Some("toml")) = (path.file_stem(), path.extension().and_then(|e| e.to_str())) else {
            continue;
        };
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let layout = toml::from_str(&text).with_context(|| path.display().to_string())?;
        layouts.insert(name.to_string_lossy().into_owned(), layout);
    }
    Ok(layouts)
}

/// What the reader of a client's file of `size` bytes is told.
pub(crate) fn order(service: &Service, client: &Client, layouts: &Layouts, size: u64, today: NaiveDate) -> Order {
    let limits = &service.limits;
    Order {
        job: Job {
            currency: client.currency.clone(),
            country: client.country.clone(),
            number_format: client.number_format.map(number_format),
            date_order: client.date_order.map(date_order),
            debtor_number_from_invoice: client.debtor_number_from_invoice,
            creditor_required: !client.creditors.is_empty(),
            layouts: client
                .layouts
                .iter()
                .filter_map(|name| layouts.get(name).cloned())
                .collect(),
            limits: Limits {
                file_bytes: client.max_file_bytes.unwrap_or(limits.max_file_bytes),
                papers: service.papers.max_count,
                paper_bytes: service.papers.max_bytes,
                ..Limits::default()
            },
        },
        today,
        minimum_amount: client.minimum_amount,
        bounds: Bounds {
            memory_bytes: limits.parser_memory_bytes,
            cpu_seconds: limits.parser_cpu.as_secs().max(1),
            output_bytes: size.saturating_mul(STAGED_PER_BYTE).max(STAGED_LEAST),
        },
    }
}

fn number_format(format: NumberFormat) -> job::NumberFormat {
    match format {
        NumberFormat::DecimalComma => job::NumberFormat::DecimalComma,
        NumberFormat::DecimalPoint => job::NumberFormat::DecimalPoint,
    }
}

fn date_order(order: DateOrder) -> job::DateOrder {
    match order {
        DateOrder::DayMonthYear => job::DateOrder::DayMonthYear,
        DateOrder::MonthDayYear => job::DateOrder::MonthDayYear,
        DateOrder::YearMonthDay => job::DateOrder::YearMonthDay,
    }
}
