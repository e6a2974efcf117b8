//! Splitting delimited text into rows: one row of a buffer at a time, lenient where the meaning is clear.
//!
//! The grammar is RFC 4180 with any separator and quote, doubled or escaped quotes, and the habits of real
//! files: a quote inside an unquoted field is a character, a lone quote inside a quoted field too, blanks may
//! stand around quotes. A quote that is never closed costs its own line only.

use crate::finding::{Code, Finding};
use crate::limits::Limits;
use crate::record::Cells;

/// How a delimited text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grammar {
    /// Between fields.
    pub separator: u8,
    /// Around fields; `None` when quotes are characters like others.
    pub quote: Option<u8>,
    /// Before a quote inside a quoted field, where quotes are not doubled.
    pub escape: Option<u8>,
    /// A carriage return alone ends a line (no line feed comes in the file).
    pub cr_ends: bool,
}

/// What [`row`] found at the start of the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A row of so many bytes and line ends.
    Row {
        /// Bytes with the line end.
        bytes: usize,
        /// Line ends within.
        lines: u64,
    },
    /// The buffer ends within the row; its quoted field has a line break already or has not.
    More {
        /// A line break came within quotes.
        broken: bool,
    },
    /// A quote that cannot be one: the row should be read without quotes.
    Unclosed,
}

/// Splits rows; keeps its memory.
#[derive(Debug, Default)]
pub struct RowSplitter {
    scratch: String,
}

/// A field's content as it stands, and where reading goes on.
enum Field {
    /// The field ended before `at`, which is a separator, a line end or the end.
    Ended(usize),
    Stop(Found),
}

impl RowSplitter {
    /// Reads the row at the start of `text` into `cells`; `last` when nothing follows the buffer.
    pub fn row(
        &mut self,
        grammar: &Grammar,
        limits: &Limits,
        text: &str,
        last: bool,
        cells: &mut Cells,
        defects: &mut Vec<Finding>,
    ) -> Found {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut lines = 0;
        loop {
            let field = match quoted_start(grammar, bytes, at) {
                Some(start) => self.quoted(grammar, limits, text, last, start, cells, defects, &mut lines),
                None => unquoted(grammar, limits, text, last, at, cells, defects),
            };
            match field {
                Field::Stop(Found::More { broken }) => {
                    return Found::More {
                        broken: broken || lines > 0,
                    };
                }
                Field::Stop(found) => return found,
                Field::Ended(end) if end >= bytes.len() => {
                    return Found::Row {
                        bytes: bytes.len(),
                        lines,
                    };
                }
                Field::Ended(end) if bytes[end] == grammar.separator => at = end + 1,
                Field::Ended(end) => {
                    let crlf = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
                    return Found::Row {
                        bytes: end + 1 + usize::from(crlf),
                        lines: lines + 1,
                    };
                }
            }
            if at == bytes.len() && !last {
                return Found::More { broken: lines > 0 };
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the state of one row")]
    fn quoted(
        &mut self,
        grammar: &Grammar,
        limits: &Limits,
        text: &str,
        last: bool,
        start: usize,
        cells: &mut Cells,
        defects: &mut Vec<Finding>,
        lines: &mut u64,
    ) -> Field {
        let bytes = text.as_bytes();
        let quote = bytes[start - 1];
        self.scratch.clear();
        let mut copied = start;
        let mut at = start;
        let mut seen = start;
        let mut broken = false;
        loop {
            let next = match grammar.escape {
                Some(escape) => memchr::memchr2(quote, escape, &bytes[at..]),
                None => memchr::memchr(quote, &bytes[at..]),
            };
            let end = next.map_or(bytes.len(), |next| at + next);
            let feeds = line_ends(grammar, &bytes[seen..end]);
            broken |= feeds > 0;
            *lines += feeds;
            seen = end;
            if next.is_none() || (end + 1 >= bytes.len() && !last) {
                // At the end of the text a quote that was never closed.
                let found = if last && next.is_none() {
                    Found::Unclosed
                } else {
                    Found::More { broken }
                };
                return Field::Stop(found);
            }
            let after = bytes.get(end + 1).copied();
            if Some(bytes[end]) == grammar.escape && bytes[end] != quote {
                at = end + 2;
                if after.is_some_and(|after| after == quote || after == bytes[end]) {
                    self.scratch.push_str(&text[copied..end]);
                    copied = end + 1;
                } else {
                    at = end + 1;
                }
                continue;
            }
            if after == Some(quote) {
                self.scratch.push_str(&text[copied..=end]);
                copied = end + 2;
                at = copied;
                seen = copied;
                continue;
            }
            match closing(grammar, bytes, end + 1, last) {
                Closing::At(ended) => {
                    let content = if copied == start {
                        &text[start..end]
                    } else {
                        self.scratch.push_str(&text[copied..end]);
                        &self.scratch
                    };
                    push(limits, content, cells, defects);
                    return Field::Ended(ended);
                }
                Closing::Unknown => return Field::Stop(Found::More { broken }),
                Closing::No => {}
            }
            // An opening quote inside a field that goes over lines: the field before was never closed.
            let before = bytes[end - 1];
            if broken && end > start && (before == grammar.separator || before == b'\n' || before == b'\r') {
                return Field::Stop(Found::Unclosed);
            }
            at = end + 1;
        }
    }
}

/// Whether a quoted field begins at `at`, perhaps after blanks: where its content begins.
fn quoted_start(grammar: &Grammar, bytes: &[u8], at: usize) -> Option<usize> {
    let quote = grammar.quote?;
    match bytes.get(at) {
        Some(byte) if *byte == quote => Some(at + 1),
        Some(b' ') if grammar.separator != b' ' => {
            let blanks = bytes[at..].iter().take(16).take_while(|byte| **byte == b' ').count();
            (bytes.get(at + blanks) == Some(&quote)).then_some(at + blanks + 1)
        }
        _ => None,
    }
}

enum Closing {
    At(usize),
    No,
    /// The buffer ends before it shows.
    Unknown,
}

/// Whether the quote before `at` closes its field: blanks, then a separator, a line end or the end.
fn closing(grammar: &Grammar, bytes: &[u8], at: usize, last: bool) -> Closing {
    let blanks = bytes[at..]
        .iter()
        .take_while(|byte| **byte == b' ' && grammar.separator != b' ')
        .count();
    match bytes.get(at + blanks) {
        None if last => Closing::At(bytes.len()),
        None => Closing::Unknown,
        Some(byte) if *byte == grammar.separator || *byte == b'\n' => Closing::At(at + blanks),
        Some(b'\r') => match bytes.get(at + blanks + 1) {
            None if !last => Closing::Unknown,
            Some(b'\n') | None => Closing::At(at + blanks),
            Some(_) if grammar.cr_ends => Closing::At(at + blanks),
            Some(_) => Closing::No,
        },
        Some(_) => Closing::No,
    }
}

fn unquoted(
    grammar: &Grammar,
    limits: &Limits,
    text: &str,
    last: bool,
    start: usize,
    cells: &mut Cells,
    defects: &mut Vec<Finding>,
) -> Field {
    let bytes = text.as_bytes();
    let separator = grammar.separator;
    let mut at = start;
    loop {
        let stop = bytes[at..]
            .iter()
            .position(|byte| *byte == separator || *byte == b'\n' || *byte == b'\r');
        let Some(stop) = stop.map(|stop| at + stop) else {
            if !last {
                return Field::Stop(Found::More { broken: false });
            }
            push(limits, &text[start..], cells, defects);
            return Field::Ended(bytes.len());
        };
        if bytes[stop] == b'\r' && separator != b'\r' {
            match bytes.get(stop + 1) {
                None if !last => return Field::Stop(Found::More { broken: false }),
                None | Some(b'\n') => {}
                Some(_) if grammar.cr_ends => {}
                // A carriage return inside a line is a character, found when the value is cleaned.
                Some(_) => {
                    at = stop + 1;
                    continue;
                }
            }
        }
        push(limits, &text[start..stop], cells, defects);
        return Field::Ended(stop);
    }
}

/// Line ends within a quoted field.
fn line_ends(grammar: &Grammar, bytes: &[u8]) -> u64 {
    let byte = if grammar.cr_ends { b'\r' } else { b'\n' };
    memchr::memchr_iter(byte, bytes).count() as u64
}

fn push(limits: &Limits, content: &str, cells: &mut Cells, defects: &mut Vec<Finding>) {
    let column = cells.len();
    if column >= limits.columns {
        if column == limits.columns {
            cells.push("");
            defects.push(Finding::new(Code::TooManyFields).arg("limit", limits.columns));
        }
        return;
    }
    if content.len() <= limits.field_bytes {
        return cells.push(content);
    }
    let mut end = limits.field_bytes;
    while !content.is_char_boundary(end) {
        end -= 1;
    }
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    defects.push(
        Finding::new(Code::FieldTooLong)
            .column(column, None)
            .arg("limit", limits.field_bytes),
    );
    cells.push(&content[..end]);
}
