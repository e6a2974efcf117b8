//! Values of the library as the text that people see, and its type.

use std::ops::ControlFlow;

use calamine::DataType;

use crate::formats::{Typed, Unreadable};

use super::rows::Rows;
use super::shape::{Shape, date_text, iso_date, span_text};

/// How numbers are to be read.
pub(crate) struct Context<'a> {
    /// The shape that the cell's number format gives; `None` where the library does not tell the format.
    pub(crate) shape: Option<&'a Shape>,
    /// Whether days are counted from 1904.
    pub(crate) epoch_1904: bool,
}

/// Puts a value into its row; `row` and `column` count from 0.
pub(crate) fn place<D: DataType>(
    rows: &mut Rows<'_, '_>,
    (row, column): (u32, u32),
    value: &D,
    context: &Context<'_>,
) -> Result<ControlFlow<()>, Unreadable> {
    let number = u64::from(row) + 1;
    if let Some(text) = value.get_string() {
        return rows.cell(number, column, text, None);
    }
    let (text, typed) = shown(value, context);
    rows.cell(number, column, &text, typed)
}

fn shown<D: DataType>(value: &D, context: &Context<'_>) -> (String, Option<Typed>) {
    let float = value.get_float().or_else(|| value.get_int().map(|int| int as f64));
    if let Some(float) = float {
        return context.shape.unwrap_or(&Shape::Plain).show(float, context.epoch_1904);
    }
    if let Some(date) = value.get_datetime() {
        let guessed = match date.as_f64() {
            _ if date.is_duration() => Shape::Span,
            // Without its format a time of day is known by being less than a day.
            days if (0.0..1.0).contains(&days) => Shape::Time,
            _ => Shape::Date,
        };
        return context
            .shape
            .unwrap_or(&guessed)
            .show(date.as_f64(), context.epoch_1904);
    }
    if let Some(truth) = value.get_bool() {
        return (
            if truth { "TRUE" } else { "FALSE" }.to_owned(),
            Some(Typed::Bool(truth)),
        );
    }
    if let Some(error) = value.get_error() {
        return (error.to_string(), Some(Typed::Error(error.to_string())));
    }
    if let Some(text) = value.get_datetime_iso() {
        return match iso_date(text) {
            Some(date) => (date_text(date), Some(Typed::Date(date))),
            None => (text.to_owned(), None),
        };
    }
    match value.get_duration_iso() {
        Some(text) => match value.as_duration() {
            Some(span) => (span_text(span.as_seconds_f64() / 86_400.0), None),
            None => (text.to_owned(), None),
        },
        None => (String::new(), None),
    }
}
