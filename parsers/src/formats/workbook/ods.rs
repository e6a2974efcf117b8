//! ODS (OpenDocument 1.2 and later, part 3 chapter 9): the tables of `content.xml`, streamed.

use std::collections::HashSet;
use std::ops::ControlFlow;

use quick_xml::events::BytesStart;

use crate::finding::{Code, Finding};
use crate::formats::xml::events::{Events, Fault, Node, attribute};
use crate::formats::{PartHead, Source, Typed, Unreadable};
use crate::limits::Limits;
use crate::staged::{Dialect, WorkbookKind};

use super::package::{Member, Package, damaged};
use super::rows::{Rows, Visit};
use super::shape::{date_text, decimal};
use super::sheet::iso_date;
use super::strings::append;

/// Where the tables stand.
pub(crate) const CONTENT: &str = "content.xml";

/// Styles of tables that are kept while looking for the hidden ones.
const STYLES: usize = 10_000;

/// An opened workbook.
pub(crate) struct Ods {
    package: Package,
    limits: Limits,
    /// Place of each part among the tables of the document.
    tables: Vec<usize>,
    parts: Vec<PartHead>,
}

impl Ods {
    /// Opens a workbook.
    pub(crate) fn open(mut package: Package, limits: &Limits) -> Result<Self, Unreadable> {
        if is_encrypted(&mut package)? {
            return Err(Finding::new(Code::PasswordProtected).into());
        }
        let mut ods = Self {
            package,
            limits: limits.clone(),
            tables: Vec::new(),
            parts: Vec::new(),
        };
        let dialect = Dialect::Workbook {
            kind: WorkbookKind::Ods,
        };
        let mut found = Vec::new();
        ods.walk(&mut |table, events, limits| {
            let mut text = false;
            let mut visit = |_: &mut _| {
                text = true;
                Ok(ControlFlow::Break(()))
            };
            let ended = read_table(events, limits, &mut Rows::new(limits, &mut visit))?;
            if text && table.visible {
                let sheet = Some(table.name.clone());
                found.push((
                    table.index,
                    PartHead {
                        member: None,
                        sheet,
                        dialect: dialect.clone(),
                    },
                ));
                if found.len() > limits.parts as usize {
                    return Err(Finding::new(Code::TooManyCells).arg("limit", limits.parts).into());
                }
            }
            Ok(if ended { Walk::Next } else { Walk::Skip })
        })?;
        (ods.tables, ods.parts) = found.into_iter().unzip();
        Ok(ods)
    }

    /// Goes from table to table.
    fn walk(&mut self, visit: &mut VisitTable<'_>) -> Result<(), Unreadable> {
        let mut events = self
            .package
            .events(CONTENT)?
            .ok_or_else(|| Finding::new(Code::CorruptFile))?;
        let mut hidden: HashSet<String> = HashSet::new();
        let mut style = String::new();
        let mut index = 0;
        loop {
            match events.next().map_err(damaged)? {
                Node::Start(start) => match start.local_name().as_ref() {
                    "style" => style = attribute(&start, "name").unwrap_or_default().into_owned(),
                    "table-properties" if attribute(&start, "display").is_some_and(|value| value == "false") => {
                        hidden.insert(std::mem::take(&mut style));
                        if hidden.len() > STYLES {
                            return Err(Finding::new(Code::UnpacksTooLarge).arg("limit", STYLES).into());
                        }
                    }
                    "table" => {
                        let name = attribute(&start, "name").unwrap_or_default().into_owned();
                        let visible =
                            attribute(&start, "style-name").is_none_or(|style| !hidden.contains(style.as_ref()));
                        let depth = events.depth();
                        let walk = visit(&Table { index, name, visible }, &mut events, &self.limits)?;
                        index += 1;
                        match walk {
                            Walk::Next => {}
                            Walk::Skip => events.leave(depth).map_err(damaged)?,
                            Walk::End => return Ok(()),
                        }
                    }
                    _ => {}
                },
                Node::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

impl Source for Ods {
    fn parts(&self) -> &[PartHead] {
        &self.parts
    }

    fn rows(&mut self, index: usize, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let Some(&wanted) = self.tables.get(index) else {
            return Ok(());
        };
        self.walk(&mut |table, events, limits| {
            if table.index != wanted {
                return Ok(Walk::Skip);
            }
            read_table(events, limits, &mut Rows::new(limits, visit))?;
            Ok(Walk::End)
        })
    }
}

/// A table as its start tells of it.
struct Table {
    index: usize,
    name: String,
    visible: bool,
}

/// What a walk hands each table to, its start having been read.
type VisitTable<'v> = dyn FnMut(&Table, &mut Events<Member<'_>>, &Limits) -> Result<Walk, Unreadable> + 'v;

/// How to go on after a table.
enum Walk {
    /// The table was read to its end.
    Next,
    /// The rest of the table is of no interest.
    Skip,
    /// Nothing that follows is of interest.
    End,
}

/// A cell as its start tells of it.
struct Head {
    kind: Option<String>,
    value: Option<String>,
    repeated: u32,
    error: bool,
}

/// Reads the rows of the table that began last; `false` when the visitor had enough.
fn read_table(events: &mut Events<Member<'_>>, limits: &Limits, rows: &mut Rows<'_, '_>) -> Result<bool, Unreadable> {
    let depth = events.depth();
    let (mut row, mut times, mut column) = (0_u64, 1_u64, 0_u32);
    let mut text = String::new();
    loop {
        match events.next().map_err(damaged)? {
            Node::Start(start) => match start.local_name().as_ref() {
                "table-row" => {
                    if rows.flush(times)?.is_break() {
                        return Ok(false);
                    }
                    row = row.saturating_add(times);
                    times = repeated(&start, "number-rows-repeated");
                    column = 0;
                }
                "covered-table-cell" => {
                    let skipped = u32::try_from(repeated(&start, "number-columns-repeated")).unwrap_or(u32::MAX);
                    column = column.saturating_add(skipped);
                    events.skip().map_err(damaged)?;
                }
                "table-cell" => {
                    let head = head(&start);
                    text.clear();
                    paragraphs(events, &mut text, limits.field_bytes).map_err(damaged)?;
                    let (shown, typed) = shown(&head, &text);
                    // A cell without text only moves the place, however often it is repeated.
                    let copies = if shown.is_empty() { 0 } else { head.repeated };
                    rows.count(1)?;
                    for copy in 0..copies {
                        let at = column.saturating_add(copy);
                        if rows.cell(row, at, &shown, typed.clone())?.is_break() {
                            return Ok(false);
                        }
                        if at as usize > limits.columns {
                            break;
                        }
                    }
                    column = column.saturating_add(head.repeated);
                }
                // A table inside a drawing of this one.
                "shapes" => events.skip().map_err(damaged)?,
                _ => {}
            },
            Node::End(open) if open < depth => return Ok(rows.flush(times)?.is_continue()),
            Node::Eof => return Err(Finding::new(Code::CorruptFile).into()),
            _ => {}
        }
    }
}

fn repeated(start: &BytesStart<'_>, name: &str) -> u64 {
    attribute(start, name)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1)
        .max(1)
}

fn head(start: &BytesStart<'_>) -> Head {
    let mut head = Head {
        kind: None,
        value: None,
        repeated: 1,
        error: false,
    };
    let mut attributes = start.attributes();
    for attribute in attributes.with_checks(false).flatten() {
        let value = || {
            attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .ok()
                .map(|value| value.into_owned())
        };
        match (
            attribute.key.prefix().map(|prefix| prefix.into_inner()),
            attribute.key.local_name().as_ref(),
        ) {
            (Some("calcext"), "value-type") => head.error = attribute.value == "error",
            (_, "value-type") => head.kind = value(),
            (_, "value" | "date-value" | "time-value" | "boolean-value" | "string-value") => head.value = value(),
            (_, "number-columns-repeated") => head.repeated = attribute.value.parse().unwrap_or(1).max(1),
            _ => {}
        }
    }
    head
}

/// The paragraphs of a cell, joined by line feeds; notes and drawings are left out.
fn paragraphs(events: &mut Events<Member<'_>>, text: &mut String, cap: usize) -> Result<(), Fault> {
    let depth = events.depth();
    let mut paragraphs = 0;
    let mut inside = None;
    loop {
        match events.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "annotation" | "frame" | "table" | "custom-shape" | "ruby-text" | "note" => events.skip()?,
                "p" | "h" if inside.is_none() => {
                    if paragraphs > 0 {
                        append(text, "\n", cap);
                    }
                    paragraphs += 1;
                    inside = Some(events.depth());
                }
                "s" => {
                    let spaces = attribute(&start, "c")
                        .and_then(|count| count.parse().ok())
                        .unwrap_or(1_usize);
                    append(text, &" ".repeat(spaces.min(cap + 1)), cap);
                }
                "tab" => append(text, "\t", cap),
                "line-break" => append(text, "\n", cap),
                _ => {}
            },
            Node::Text(piece) if inside.is_some() => append(text, &piece, cap),
            Node::End(open) if open < depth => return Ok(()),
            Node::End(open) if inside.is_some_and(|inside| open < inside) => inside = None,
            _ => {}
        }
    }
}

/// The text of a cell and its type; `displayed` is what stands in its paragraphs.
fn shown(head: &Head, displayed: &str) -> (String, Option<Typed>) {
    let plain = || (displayed.to_owned(), None);
    if head.error {
        return (displayed.to_owned(), Some(Typed::Error(displayed.to_owned())));
    }
    let (Some(kind), Some(value)) = (head.kind.as_deref(), head.value.as_deref()) else {
        return plain();
    };
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
    match (kind, number) {
        ("float", Some(number)) if leading_zeros(displayed, number) => plain(),
        ("float" | "currency", Some(number)) => {
            let number = decimal(number, 0);
            (number.clone(), Some(Typed::Number(number)))
        }
        ("percentage", Some(number)) => {
            let number = decimal(number, 2);
            (format!("{number}%"), Some(Typed::Number(number)))
        }
        ("date", _) => match iso_date(value) {
            Some(date) => (date_text(date), Some(Typed::Date(date))),
            None => plain(),
        },
        ("boolean", _) => {
            let truth = value == "true";
            (
                if truth { "TRUE" } else { "FALSE" }.to_owned(),
                Some(Typed::Bool(truth)),
            )
        }
        ("string", _) if displayed.is_empty() => (value.to_owned(), None),
        _ => plain(),
    }
}

/// Whether the cell shows zeros before the number that it holds.
fn leading_zeros(displayed: &str, number: f64) -> bool {
    let padded =
        displayed.len() > 1 && displayed.starts_with('0') && displayed.bytes().all(|byte| byte.is_ascii_digit());
    padded && displayed.parse::<f64>() == Ok(number)
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
