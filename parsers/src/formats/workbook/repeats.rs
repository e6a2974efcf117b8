//! What is looked at in an ODS (OpenDocument part 3, chapter 9) before the library reads it: how many cells its tables
//! have once repeated rows and columns are written out, and how much text.

use quick_xml::events::BytesStart;

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::formats::xml::events::{Events, Fault, Node, attribute};
use crate::limits::Limits;

use super::dense::cells_allowed;
use super::guard::too_large;
use super::package::{Member, Package, damaged};
use super::rows::{COLUMNS, ROWS};

/// Where the tables stand.
pub(crate) const CONTENT: &str = "content.xml";

/// Looks through a document.
///
/// # Errors
/// `PASSWORD_PROTECTED`, `TOO_MANY_CELLS`, `UNPACKS_TOO_LARGE`, `CORRUPT_FILE` when the document is no whole XML.
pub(crate) fn ods(package: &mut Package, limits: &Limits) -> Result<(), Unreadable> {
    package.check_paths()?;
    if is_encrypted(package)? {
        return Err(Finding::new(Code::PasswordProtected).into());
    }
    let bytes_allowed = limits.unpacked_bytes.min(limits.dense_bytes.saturating_mul(16));
    if package.size(CONTENT)? > bytes_allowed {
        return Err(too_large(bytes_allowed));
    }
    let mut events = package
        .events(CONTENT)?
        .ok_or_else(|| Finding::new(Code::CorruptFile))?;
    let mut size = Size {
        cells: 0,
        cells_allowed: cells_allowed(limits),
        bytes: 0,
        bytes_allowed,
    };
    loop {
        match events.next().map_err(damaged)? {
            Node::Start(start) if start.local_name().as_ref() == "table" => table(&mut events, &mut size)?,
            Node::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// What the tables take.
struct Size {
    cells: u64,
    cells_allowed: u64,
    bytes: u64,
    bytes_allowed: u64,
}

impl Size {
    /// Whether so many more cells are allowed.
    fn fits(&self, cells: u64) -> Result<(), Unreadable> {
        match self.cells.saturating_add(cells) > self.cells_allowed {
            true => Err(Finding::new(Code::TooManyCells).arg("limit", self.cells_allowed).into()),
            false => Ok(()),
        }
    }

    fn add_text(&mut self, bytes: u64) -> Result<(), Unreadable> {
        self.bytes = self.bytes.saturating_add(bytes);
        match self.bytes > self.bytes_allowed {
            true => Err(too_large(self.bytes_allowed)),
            false => Ok(()),
        }
    }
}

/// Goes through the table that began last.
fn table(events: &mut Events<Member<'_>>, size: &mut Size) -> Result<(), Unreadable> {
    let depth = events.depth();
    let (mut row, mut first, mut width, mut cells) = (0_u64, None, 0_u64, 0_u64);
    loop {
        match events.next().map_err(damaged)? {
            Node::Start(start) if start.local_name().as_ref() == "table-row" => {
                let times = repeated(&start, "number-rows-repeated");
                let filled = columns(events, size, times)?;
                let next = row.saturating_add(times);
                if filled > 0 {
                    // The library leaves out what lies behind; nobody would see that it is missing.
                    if next > ROWS {
                        return Err(Finding::new(Code::TooManyCells).arg("limit", ROWS).into());
                    }
                    width = width.max(filled);
                    cells = (next - *first.get_or_insert(row)).saturating_mul(width);
                    size.fits(cells)?;
                }
                row = next;
            }
            Node::End(open) if open < depth => {
                size.cells = size.cells.saturating_add(cells);
                return Ok(());
            }
            Node::Eof => return Err(Finding::new(Code::CorruptFile).into()),
            _ => {}
        }
    }
}

/// Goes through the row that began last, which is there so many `times`: columns up to the last filled cell.
fn columns(events: &mut Events<Member<'_>>, size: &mut Size, times: u64) -> Result<u64, Unreadable> {
    let depth = events.depth();
    let (mut column, mut filled) = (0_u64, 0_u64);
    loop {
        match events.next().map_err(damaged)? {
            Node::Start(start) if matches!(start.local_name().as_ref(), "table-cell" | "covered-table-cell") => {
                let copies = repeated(&start, "number-columns-repeated");
                let (typed, attributes) = value_bytes(&start);
                let bytes = attributes.saturating_add(text_bytes(events).map_err(damaged)?);
                column = column.saturating_add(copies).min(u64::from(COLUMNS));
                if typed || bytes > 0 {
                    filled = column;
                    let copies = copies.min(u64::from(COLUMNS)).saturating_mul(times.min(ROWS));
                    size.add_text(bytes.saturating_mul(copies))?;
                }
            }
            Node::End(open) if open < depth => return Ok(filled),
            Node::Eof => return Err(Finding::new(Code::CorruptFile).into()),
            _ => {}
        }
    }
}

fn repeated(start: &BytesStart<'_>, name: &str) -> u64 {
    attribute(start, name)
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// Whether a cell has a type or a formula, and the bytes of its attributes that are kept.
fn value_bytes(start: &BytesStart<'_>) -> (bool, u64) {
    let (mut typed, mut bytes) = (false, 0);
    for attribute in start.attributes().with_checks(false).flatten() {
        match attribute.key.local_name().as_ref() {
            "value-type" | "value" | "boolean-value" => typed = true,
            "formula" | "string-value" | "date-value" | "time-value" => bytes += attribute.value.len() as u64,
            _ => {}
        }
    }
    (typed, bytes)
}

/// Bytes of text in the cell that began last.
fn text_bytes(events: &mut Events<Member<'_>>) -> Result<u64, Fault> {
    let depth = events.depth();
    let mut bytes = 0_u64;
    loop {
        match events.next()? {
            Node::Start(start) if start.local_name().as_ref() == "s" => {
                let spaces = attribute(&start, "c").and_then(|count| count.trim().parse().ok());
                bytes = bytes.saturating_add(spaces.unwrap_or(1));
            }
            Node::Text(text) => bytes = bytes.saturating_add(text.len() as u64),
            Node::End(open) if open < depth => return Ok(bytes),
            _ => {}
        }
    }
}

/// Whether the manifest tells of encrypted members (OpenDocument part 2, 4.8.2).
fn is_encrypted(package: &mut Package) -> Result<bool, Unreadable> {
    if package.contains("encrypted-package") {
        return Ok(true);
    }
    let Some(mut events) = package.events("META-INF/manifest.xml")? else {
        return Ok(false);
    };
    loop {
        match events.next() {
            Ok(Node::Start(start)) if start.local_name().as_ref() == "encryption-data" => return Ok(true),
            // Older writers name a document type in the manifest; nothing else is read of it.
            Ok(Node::Eof) | Err(Fault::Found(_) | Fault::Malformed { .. }) => return Ok(false),
            Ok(_) => {}
            Err(fault) => return Err(damaged(fault)),
        }
    }
}
