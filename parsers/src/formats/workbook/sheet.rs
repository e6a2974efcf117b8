//! A worksheet of an XLSX: its rows, one after the other (ECMA-376 part 1, 18.3.1).

use std::io::Read;
use std::ops::ControlFlow;

use chrono::{NaiveDate, NaiveDateTime};
use quick_xml::events::BytesStart;

use crate::finding::{Code, Finding};
use crate::formats::xml::events::{Events, Fault, Node};
use crate::formats::{Typed, Unreadable};

use super::package::damaged;
use super::rows::{ROWS, Rows};
use super::shape::{Shape, date_text};
use super::strings::{Strings, append, rich_text, unescape};

/// Columns that a sheet has at most.
const COLUMNS: u32 = 1 << 14;

/// What the cells of a sheet refer to.
pub(crate) struct Context<'a> {
    pub(crate) strings: &'a Strings,
    pub(crate) shapes: &'a [Shape],
    pub(crate) epoch_1904: bool,
    pub(crate) field_bytes: usize,
}

/// A cell's own attributes.
#[derive(Default)]
struct Head {
    row: Option<u64>,
    column: Option<u32>,
    style: usize,
    kind: Kind,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Bool,
    Error,
    Date,
}

/// Reads the rows of a sheet to the end of its data.
pub(crate) fn read<R: Read>(
    mut events: Events<R>,
    context: &Context<'_>,
    rows: &mut Rows<'_, '_>,
) -> Result<(), Unreadable> {
    let (mut row, mut column) = (0, 0);
    let mut text = String::new();
    let mut data_depth = None;
    loop {
        match events.next().map_err(damaged)? {
            Node::Start(start) => match start.local_name().as_ref() {
                "sheetData" => data_depth = Some(events.depth()),
                "row" if data_depth.is_some() => {
                    let number = row_number(&start);
                    row = number.filter(|number| (1..=ROWS).contains(number)).unwrap_or(row + 1);
                    column = 0;
                }
                "c" if data_depth.is_some() => {
                    let head = head(&start);
                    row = head.row.filter(|row| (1..=ROWS).contains(row)).unwrap_or(row);
                    column = head.column.filter(|column| *column < COLUMNS).unwrap_or(column);
                    text.clear();
                    value(&mut events, head.kind, context.field_bytes, &mut text).map_err(damaged)?;
                    let flow = place(rows, context, &head, (row, column), &text)?;
                    if flow.is_break() {
                        return Ok(());
                    }
                    column += 1;
                }
                _ => {}
            },
            Node::End(open) if data_depth.is_some_and(|depth| open < depth) => break,
            Node::Eof => return Err(Finding::new(Code::CorruptFile).into()),
            _ => {}
        }
    }
    rows.flush(1).map(drop)
}

fn row_number(start: &BytesStart<'_>) -> Option<u64> {
    crate::formats::xml::events::attribute(start, "r")?.parse().ok()
}

fn head(start: &BytesStart<'_>) -> Head {
    let mut head = Head::default();
    let mut attributes = start.attributes();
    for attribute in attributes.with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "r" => (head.column, head.row) = reference(&attribute.value),
            "s" => head.style = attribute.value.parse().unwrap_or(0),
            "t" => {
                head.kind = match attribute.value.as_ref() {
                    "s" => Kind::Shared,
                    "b" => Kind::Bool,
                    "e" => Kind::Error,
                    "d" => Kind::Date,
                    "n" => Kind::Number,
                    _ => Kind::Text,
                }
            }
            _ => {}
        }
    }
    head
}

/// Column (from 0) and row (from 1) of a reference such as `AB12`.
fn reference(text: &str) -> (Option<u32>, Option<u64>) {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = text[..letters].bytes().try_fold(0_u32, |column, letter| {
        column
            .checked_mul(26)?
            .checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    (
        column.and_then(|column| column.checked_sub(1)),
        text[letters..].parse().ok(),
    )
}

/// The text of a cell: of `v`, or of `is` for a string that stands in its cell; formulas are left out.
fn value<R: Read>(events: &mut Events<R>, kind: Kind, cap: usize, text: &mut String) -> Result<(), Fault> {
    let depth = events.depth();
    loop {
        match events.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "v" => {
                    let inline = !text.is_empty();
                    events.text(|piece| {
                        if !inline {
                            append(text, piece, cap);
                        }
                    })?;
                    if kind == Kind::Text {
                        unescape(text, 0);
                    }
                }
                "is" => {
                    text.clear();
                    rich_text(events, text, cap)?;
                    unescape(text, 0);
                }
                _ => events.skip()?,
            },
            Node::End(open) if open < depth => return Ok(()),
            _ => {}
        }
    }
}

fn place(
    rows: &mut Rows<'_, '_>,
    context: &Context<'_>,
    head: &Head,
    (row, column): (u64, u32),
    text: &str,
) -> Result<ControlFlow<()>, Unreadable> {
    if text.is_empty() {
        return rows.cell(row, column, "", None);
    }
    match head.kind {
        Kind::Text => rows.cell(row, column, text, None),
        Kind::Shared => {
            let string = text.trim().parse().ok().and_then(|index| context.strings.get(index));
            // A string that is not there means that others may be wrong too.
            rows.cell(
                row,
                column,
                string.ok_or_else(|| Finding::new(Code::CorruptFile))?,
                None,
            )
        }
        Kind::Bool => {
            let truth = matches!(text.trim(), "1" | "true" | "TRUE");
            rows.cell(
                row,
                column,
                if truth { "TRUE" } else { "FALSE" },
                Some(Typed::Bool(truth)),
            )
        }
        Kind::Error => rows.cell(row, column, text, Some(Typed::Error(text.to_owned()))),
        Kind::Date => match iso_date(text) {
            Some(date) => rows.cell(row, column, &date_text(date), Some(Typed::Date(date))),
            None => rows.cell(row, column, text, None),
        },
        Kind::Number => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let shape = context.shapes.get(head.style).unwrap_or(&Shape::Plain);
                let (text, typed) = shape.show(number, context.epoch_1904);
                rows.cell(row, column, &text, typed)
            }
            _ => rows.cell(row, column, text, None),
        },
    }
}

/// A date or a date with a time after ISO 8601, as workbooks write it.
pub(crate) fn iso_date(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim().trim_end_matches('Z');
    match text.split_once('T') {
        Some(_) => ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .into_iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()),
        None => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0),
    }
}
