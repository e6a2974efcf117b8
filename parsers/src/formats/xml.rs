//! dropcase's own XML: one element a record, one element a field.
//!
//! ```xml
//! <handover version="1">
//!   <record type="new_claim">
//!     <debtor_number>10017</debtor_number>
//!     <email>erika@example.com</email>
//!     <email>mustermann@example.org</email>
//!     <principal_amount>120.50</principal_amount>
//!   </record>
//! </handover>
//! ```
//!
//! Elements are named as the field catalogue names its fields; one that is not in the catalogue becomes an unknown
//! column. Elements that only group others are looked through, prefixes and namespaces are ignored. Where the field
//! is an amount, a date or a truth value and its text is written as the schema asks, the cell is typed, so that
//! nothing has to be guessed.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::ops::ControlFlow;

use chrono::NaiveDate;
use quick_xml::events::BytesStart;

use crate::fields::{Field, Kind};
use crate::finding::{Code, Finding};
use crate::formats::{PartHead, Row, Source, Typed, Unreadable};
use crate::limits::Limits;
use crate::staged::Dialect;

pub(crate) mod decode;
pub(crate) mod events;

use events::{Events, Fault, Node, attribute};

/// The schema, as it is handed to clients.
pub const SCHEMA: &str = include_str!("../../schema/handover-1.xsd");

/// Name of the root element.
const ROOT: &str = "handover";

/// Name of a record's element.
const RECORD: &str = "record";

/// Version of the layout.
const VERSION: &str = "1";

/// What stands between the values of a field that is given several times.
const BETWEEN: &str = "; ";

/// Opens a document and reads it once for the names of its fields.
///
/// # Errors
/// A finding: `UNKNOWN_FORMAT` (argument `root`) for another document, `XML_FORBIDDEN` for a document type or an
/// entity, `XML_TOO_DEEP`, `XML_MALFORMED` (arguments `line`, `column`), `BAD_ENCODING`, `TOO_MANY_CELLS` for more
/// fields than columns are allowed.
pub fn open(file: File, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    let mut source = Xml {
        file,
        limits: limits.clone(),
        columns: Columns::default(),
        parts: Vec::new(),
    };
    let mut columns = Columns::default();
    columns.add(Field::RecordType.as_str());
    let mut root_line = 1;
    let encoding = source.walk(&mut |step| {
        match step {
            Step::Root { line } => root_line = line,
            Step::Field { name, .. } => {
                if !columns.places.contains_key(name) {
                    columns.add(name);
                }
                if columns.names.len() > limits.columns {
                    return Err(Finding::new(Code::TooManyCells).arg("limit", limits.columns).into());
                }
            }
            Step::Record { .. } => columns.records = true,
            Step::RecordEnd => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if !columns.records {
        // A list without records is a normal empty night; no column is missing from it.
        Field::ALL
            .iter()
            .filter(|field| **field != Field::RecordType)
            .for_each(|field| columns.add(field.as_str()));
    }
    columns.line = root_line;
    source.columns = columns;
    let dialect = Dialect::Xml {
        encoding: encoding.to_owned(),
    };
    source.parts.push(PartHead {
        member: None,
        sheet: None,
        dialect,
    });
    Ok(Box::new(source))
}

struct Xml {
    file: File,
    limits: Limits,
    columns: Columns,
    parts: Vec<PartHead>,
}

/// The columns that the elements of all records make.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    kinds: Vec<Option<Kind>>,
    places: HashMap<String, usize>,
    records: bool,
    line: u64,
}

impl Columns {
    fn add(&mut self, name: &str) {
        self.places.insert(name.to_owned(), self.names.len());
        self.kinds.push(
            Field::ALL
                .iter()
                .find(|field| field.as_str() == name)
                .map(|field| field.kind()),
        );
        self.names.push(name.to_owned());
    }
}

/// What a walk through the document meets.
enum Step<'a> {
    Root { line: u64 },
    Record { line: u64 },
    Field { name: &'a str, text: &'a str },
    RecordEnd,
}

type Visit<'v> = dyn FnMut(Step<'_>) -> Result<ControlFlow<()>, Unreadable> + 'v;

impl Xml {
    /// Walks through the document; returns the label of its encoding.
    fn walk(&mut self, visit: &mut Visit<'_>) -> Result<&'static str, Unreadable> {
        (&self.file).seek(SeekFrom::Start(0))?;
        let mut events = Events::new(&self.file, self.limits.xml_depth)?;
        let encoding = events.encoding();
        let mut rooted = false;
        loop {
            let (line, column) = events.place();
            match events.next()? {
                Node::Start(start) => {
                    rooted = true;
                    check_root(&start)?;
                    if visit(Step::Root { line })?.is_break() || self.records(&mut events, visit)?.is_break() {
                        return Ok(encoding);
                    }
                }
                Node::Text(text) if !text.trim().is_empty() => return Err(Fault::Malformed { line, column }.into()),
                Node::Eof if rooted => return Ok(encoding),
                Node::Eof => return Err(Fault::Malformed { line, column }.into()),
                _ => {}
            }
        }
    }

    /// The records inside the root element.
    fn records(&self, events: &mut Events<&File>, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, Unreadable> {
        let depth = events.depth();
        loop {
            let (line, _) = events.place();
            match events.next()? {
                Node::Start(start) if start.local_name().as_ref() == RECORD => {
                    let kind = attribute(&start, "type").map(|kind| kind.into_owned());
                    if visit(Step::Record { line })?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                    if let Some(kind) = kind {
                        let name = Field::RecordType.as_str();
                        if visit(Step::Field {
                            name,
                            text: kind.trim(),
                        })?
                        .is_break()
                        {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    if self.fields(events, visit)?.is_break() || visit(Step::RecordEnd)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                // Anything else would be data that nobody reads.
                Node::Start(start) => {
                    return Err(unknown(&format!("{ROOT}/{}", start.local_name().as_ref())).into());
                }
                Node::End(open) if open < depth => return Ok(ControlFlow::Continue(())),
                _ => {}
            }
        }
    }

    /// The fields of a record: its elements that hold no others.
    fn fields(&self, events: &mut Events<&File>, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, Unreadable> {
        let depth = events.depth();
        let mut name = String::new();
        let mut text = String::new();
        let mut leaf = false;
        loop {
            match events.next()? {
                Node::Start(start) => {
                    name.clear();
                    name.push_str(start.local_name().as_ref());
                    text.clear();
                    leaf = true;
                }
                Node::Text(piece) if leaf && text.len() <= self.limits.field_bytes => text.push_str(&piece),
                Node::End(open) if open < depth => return Ok(ControlFlow::Continue(())),
                Node::End(_) if leaf => {
                    leaf = false;
                    if visit(Step::Field {
                        name: &name,
                        text: text.trim(),
                    })?
                    .is_break()
                    {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                _ => {}
            }
        }
    }
}

impl Source for Xml {
    fn parts(&self) -> &[PartHead] {
        &self.parts
    }

    fn rows(
        &mut self,
        index: usize,
        visit: &mut dyn FnMut(&mut Row) -> Result<ControlFlow<()>, Unreadable>,
    ) -> Result<(), Unreadable> {
        if index > 0 {
            return Ok(());
        }
        let columns = std::mem::take(&mut self.columns);
        let result = self.hand_out(&columns, visit);
        self.columns = columns;
        result
    }
}

impl Xml {
    fn hand_out(
        &mut self,
        columns: &Columns,
        visit: &mut dyn FnMut(&mut Row) -> Result<ControlFlow<()>, Unreadable>,
    ) -> Result<(), Unreadable> {
        let mut row = Row {
            number: columns.line,
            cells: columns.names.iter().collect(),
            ..Row::default()
        };
        if visit(&mut row)?.is_break() {
            return Ok(());
        }
        let limits = self.limits.clone();
        let mut values = vec![String::new(); columns.names.len()];
        let mut defects: Vec<Finding> = Vec::new();
        let mut number = 0;
        self.walk(&mut |step| {
            match step {
                Step::Root { .. } => {}
                Step::Record { line } => {
                    number = line;
                    values.iter_mut().for_each(String::clear);
                    defects.clear();
                }
                Step::Field { name, text } => {
                    let Some(&place) = columns.places.get(name) else {
                        return Ok(ControlFlow::Continue(()));
                    };
                    let list = columns.kinds[place] == Some(Kind::List);
                    keep(&mut values[place], (place, name, list), text, &limits, &mut defects);
                }
                Step::RecordEnd => {
                    row.number = number;
                    row.cells = values.iter().collect();
                    row.typed.clear();
                    row.typed
                        .extend(
                            values
                                .iter()
                                .zip(&columns.kinds)
                                .enumerate()
                                .filter_map(|(place, (text, kind))| {
                                    Some((u32::try_from(place).ok()?, typed((*kind)?, text)?))
                                }),
                        );
                    row.defects = std::mem::take(&mut defects);
                    return visit(&mut row);
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(())
    }
}

/// Keeps a value of a record; several of a field that takes only one are a defect.
fn keep(
    value: &mut String,
    (place, name, list): (usize, &str, bool),
    text: &str,
    limits: &Limits,
    defects: &mut Vec<Finding>,
) {
    if text.is_empty() {
        return;
    }
    let column = u32::try_from(place).unwrap_or(u32::MAX);
    if !value.is_empty() {
        if !list && value != text && defects.iter().all(|defect| defect.code != Code::ColumnTwice) {
            defects.push(Finding::new(Code::ColumnTwice).column(column, Some(name)).value(text));
        }
        if !list {
            return;
        }
        value.push_str(BETWEEN);
    }
    value.push_str(text);
    if value.len() > limits.field_bytes {
        value.truncate(value.floor_char_boundary(limits.field_bytes));
        if defects.iter().all(|defect| defect.code != Code::FieldTooLong) {
            defects.push(
                Finding::new(Code::FieldTooLong)
                    .column(column, Some(name))
                    .arg("limit", limits.field_bytes),
            );
        }
    }
}

/// The type of a text that is written as the schema asks.
fn typed(kind: Kind, text: &str) -> Option<Typed> {
    match kind {
        Kind::Money | Kind::Percent => {
            let unsigned = text.strip_prefix('-').unwrap_or(text);
            let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            (digits(whole) && digits(fraction)).then(|| Typed::Number(text.to_owned()))
        }
        Kind::Date => {
            let date = NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .filter(|_| text.len() == 10)?;
            Some(Typed::Date(date.and_hms_opt(0, 0, 0)?))
        }
        Kind::Bool => match text {
            "true" | "1" => Some(Typed::Bool(true)),
            "false" | "0" => Some(Typed::Bool(false)),
            _ => None,
        },
        Kind::Text | Kind::Code | Kind::List => None,
    }
}

fn check_root(start: &BytesStart<'_>) -> Result<(), Unreadable> {
    let local = start.local_name();
    let name = local.as_ref();
    if name != ROOT {
        return Err(unknown(name).into());
    }
    match attribute(start, "version") {
        Some(version) if version.trim() != VERSION => Err(unknown(&format!("{ROOT} {}", version.trim())).into()),
        _ => Ok(()),
    }
}

/// Another document than the one that is read here; its root may be as long as it likes.
fn unknown(root: &str) -> Finding {
    Finding::new(Code::UnknownFormat).arg("root", root.chars().take(80).collect::<String>())
}
