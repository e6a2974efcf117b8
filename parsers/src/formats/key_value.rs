//! `key=value` records: pairs separated by `&`, `;` or line ends, one record a line or up to a blank line.
//!
//! The keys of all records make the columns, in the order in which they first come. A piece without `=` belongs
//! to the value before it (`name=Muster & Co`). A key that comes again joins its values; where pairs stand on
//! lines of their own, the first key coming again begins the next record.

use std::collections::HashMap;
use std::fs::File;
use std::ops::ControlFlow;

use super::delimited::Stream;
use super::encoding::{Examined, TextReader};
use super::split::Grammar;
use super::{PartHead, Row, Source, Unreadable};
use crate::finding::{Code, Finding};
use crate::layout::headers;
use crate::limits::Limits;
use crate::record::Cells;
use crate::staged::Dialect;

/// Lines that are looked at to recognise the format.
const LINES: usize = 40;

/// Between the values of a key that comes several times.
const BETWEEN: &str = "; ";

/// A text of `key=value` records.
#[derive(Debug)]
pub struct KeyValue {
    file: File,
    examined: Examined,
    separator: Separator,
    limits: Limits,
    keys: Vec<String>,
    places: HashMap<String, usize>,
    head: [PartHead; 1],
}

/// What stands between two pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `&` or `;`; a line is a record.
    Inline(u8),
    /// A line is a pair.
    Line,
}

/// Whether a text consists of such records, and how its pairs are separated.
pub fn recognise(sample: &str) -> Option<Separator> {
    let mut lines = sample.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    for separator in [b'&', b';'] {
        let pieces: Vec<&str> = first
            .split(char::from(separator))
            .filter(|piece| !piece.trim().is_empty())
            .collect();
        if is_known(&pieces) {
            return Some(Separator::Inline(separator));
        }
    }
    let lines: Vec<&str> = std::iter::once(first).chain(lines).take(LINES).collect();
    is_known(&lines).then_some(Separator::Line)
}

/// At least two different known keys, and at least half of all pieces are pairs with one.
fn is_known(pieces: &[&str]) -> bool {
    let keys = || pieces.iter().filter_map(|piece| Some(piece.split_once('=')?.0));
    let pairs = keys().filter(|key| headers::lookup(key).is_some()).count();
    headers::known(keys()) >= 2 && pairs * 2 >= pieces.len()
}

impl KeyValue {
    /// Opens `file` and reads it once for its keys.
    ///
    /// # Errors
    /// `TOO_MANY_CELLS` for more keys than columns are allowed; an I/O error when it cannot be read.
    pub fn open(file: File, examined: Examined, separator: Separator, limits: &Limits) -> Result<Self, Unreadable> {
        let dialect = Dialect::KeyValue {
            separator: match separator {
                Separator::Inline(byte) => char::from(byte),
                Separator::Line => '\n',
            },
            encoding: examined.encoding.name().to_owned(),
        };
        let mut source = Self {
            file,
            examined,
            separator,
            limits: limits.clone(),
            keys: Vec::new(),
            places: HashMap::new(),
            head: [PartHead {
                member: None,
                sheet: None,
                dialect,
            }],
        };
        let mut keys = Vec::new();
        let mut places = HashMap::new();
        source.lines(&mut |line| {
            for key in pieces(line).filter_map(|piece| pair(piece).map(|(key, _)| key)) {
                if places.contains_key(key) {
                    continue;
                }
                if keys.len() >= limits.columns {
                    return Err(Finding::new(Code::TooManyCells).arg("limit", limits.columns).into());
                }
                places.insert(key.to_owned(), keys.len());
                keys.push(key.to_owned());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        source.keys = keys;
        source.places = places;
        Ok(source)
    }

    /// Hands each line to `visit`, split into its pieces.
    fn lines(&mut self, visit: Visit<'_>) -> Result<(), Unreadable> {
        // A line with one pair is split at nothing: no text has this control character.
        let separator = match self.separator {
            Separator::Inline(byte) => byte,
            Separator::Line => 0x1f,
        };
        let grammar = Grammar {
            separator,
            quote: None,
            escape: None,
            cr_ends: !self.examined.has_lf,
        };
        let reader = TextReader::new(&mut self.file, &self.examined)?;
        let mut stream = Stream::new(reader, grammar, &self.limits, true);
        let mut row = Row::default();
        while stream.next(&mut row)? {
            if visit(&mut row)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn pieces(line: &Row) -> impl Iterator<Item = &str> {
    line.cells.iter()
}

/// The key and the value of a piece; keys have letters and are not long.
fn pair(piece: &str) -> Option<(&str, &str)> {
    let (key, value) = piece.split_once('=')?;
    let key = key.trim();
    (!key.is_empty() && key.len() <= 100 && key.contains(char::is_alphabetic)).then_some((key, value.trim_start()))
}

type Visit<'v> = &'v mut dyn FnMut(&mut Row) -> Result<ControlFlow<()>, Unreadable>;

/// Puts records together out of lines.
struct Assembler<'k> {
    separator: Separator,
    limits: &'k Limits,
    places: &'k HashMap<String, usize>,
    /// The values of the record so far, by column.
    values: Vec<String>,
    bytes: usize,
    /// The columns of its first and of its last pair.
    first: Option<usize>,
    last: Option<usize>,
    /// Where it goes to once it is whole.
    row: Row,
}

impl Assembler<'_> {
    /// Takes a line in; breaks when `visit` does.
    fn line(&mut self, line: &mut Row, visit: Visit<'_>) -> Result<ControlFlow<()>, Unreadable> {
        let blank = line.cells.iter().all(|cell| cell.trim().is_empty());
        let section = line.cells.get(0).is_some_and(|cell| cell.trim_start().starts_with('['));
        if (blank || section || self.separator != Separator::Line) && self.flush(visit)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if blank || section {
            return Ok(ControlFlow::Continue(()));
        }
        for piece in pieces(line) {
            let known = pair(piece).and_then(|(key, value)| Some((*self.places.get(key)?, value)));
            let again = known.is_some_and(|(place, _)| self.first == Some(place));
            if again && self.separator == Separator::Line && self.flush(visit)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            if self.first.is_none() {
                self.row.number = line.number;
            }
            self.piece(piece, known);
        }
        self.row.defects.append(&mut line.defects);
        Ok(ControlFlow::Continue(()))
    }

    fn piece(&mut self, piece: &str, known: Option<(usize, &str)>) {
        let (place, value, between) = match (known, self.last, self.separator) {
            (Some((place, value)), ..) => (place, value, BETWEEN),
            (None, None, _) => return,
            (None, Some(last), Separator::Line) => (last, piece.trim(), "\n"),
            (None, Some(last), Separator::Inline(b'&')) => (last, piece, "&"),
            (None, Some(last), Separator::Inline(_)) => (last, piece, ";"),
        };
        self.first.get_or_insert(place);
        self.last = Some(place);
        let held = &mut self.values[place];
        if held.len() + value.len() > self.limits.field_bytes || self.bytes + value.len() > self.limits.row_bytes {
            if self.row.defects.is_empty() {
                self.row
                    .defects
                    .push(Finding::new(Code::FieldTooLong).arg("limit", self.limits.field_bytes));
            }
            return;
        }
        if !value.is_empty() {
            if !held.is_empty() || known.is_none() {
                held.push_str(between);
            }
            held.push_str(value);
            self.bytes += value.len();
        }
    }

    /// Hands the record on, if there is one, and begins the next.
    fn flush(&mut self, visit: Visit<'_>) -> Result<ControlFlow<()>, Unreadable> {
        if self.first.take().is_none() {
            return Ok(ControlFlow::Continue(()));
        }
        self.row.cells.clear();
        for value in &mut self.values {
            self.row.cells.push(value.trim_end());
            value.clear();
        }
        self.last = None;
        self.bytes = 0;
        let flow = visit(&mut self.row);
        self.row.defects.clear();
        flow
    }
}

impl Source for KeyValue {
    fn parts(&self) -> &[PartHead] {
        &self.head
    }

    fn rows(&mut self, _index: usize, visit: Visit<'_>) -> Result<(), Unreadable> {
        // The keys are the header; as no line of the file holds it, its number is 0.
        let mut header = Row {
            cells: Cells::from_iter(&self.keys),
            ..Row::default()
        };
        let mut flow = visit(&mut header)?;
        let (places, limits) = (self.places.clone(), self.limits.clone());
        let mut assembler = Assembler {
            separator: self.separator,
            limits: &limits,
            places: &places,
            values: vec![String::new(); self.keys.len()],
            bytes: 0,
            first: None,
            last: None,
            row: Row::default(),
        };
        if flow.is_continue() {
            self.lines(&mut |line| {
                flow = assembler.line(line, visit)?;
                Ok(flow)
            })?;
        }
        if flow.is_continue() {
            let _ = assembler.flush(visit)?;
        }
        Ok(())
    }
}
