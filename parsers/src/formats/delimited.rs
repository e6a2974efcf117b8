//! Delimited text: CSV, TXT, TSV in any usual dialect, streamed with bounded memory.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;

use super::encoding::{Examined, TextReader};
use super::sniff::Sniffed;
use super::split::{Found, Grammar, RowSplitter};
use super::{PartHead, Row, Source, Unreadable};
use crate::finding::{Code, Finding, Severity};
use crate::limits::Limits;
use crate::staged::Dialect;

/// After so many quotes that were never closed, quoted fields end at their line: looking ahead costs time.
const UNCLOSED_QUOTES: u32 = 64;

/// A delimited text.
#[derive(Debug)]
pub struct Delimited {
    file: File,
    examined: Examined,
    grammar: Grammar,
    limits: Limits,
    /// Lines to leave out before the first row (`sep=`).
    skip_lines: u64,
    head: [PartHead; 1],
}

impl Delimited {
    /// Opens `file`, whose encoding and dialect are known.
    pub fn new(file: File, examined: Examined, sniffed: &Sniffed, limits: &Limits) -> Self {
        let dialect = Dialect::Delimited {
            separator: char::from(sniffed.separator),
            quote: char::from(sniffed.quote),
            sep_line: sniffed.sep_line,
            encoding: examined.encoding.name().to_owned(),
            bom: examined.bom_bytes > 0,
            crlf: sniffed.crlf,
        };
        let grammar = Grammar {
            separator: sniffed.separator,
            quote: Some(sniffed.quote),
            escape: sniffed.escape,
            cr_ends: !examined.has_lf,
        };
        Self {
            file,
            examined,
            grammar,
            limits: limits.clone(),
            skip_lines: u64::from(sniffed.sep_line),
            head: [PartHead {
                member: None,
                sheet: None,
                dialect,
            }],
        }
    }
}

impl Source for Delimited {
    fn parts(&self) -> &[PartHead] {
        &self.head
    }

    fn rows(
        &mut self,
        _index: usize,
        visit: &mut dyn FnMut(&mut Row) -> Result<ControlFlow<()>, Unreadable>,
    ) -> Result<(), Unreadable> {
        let reader = TextReader::new(&mut self.file, &self.examined)?;
        let mut stream = Stream::new(reader, self.grammar, &self.limits, self.examined.ends_with_line);
        let mut row = Row::default();
        while stream.next(&mut row)? {
            if row.number <= self.skip_lines {
                continue;
            }
            if visit(&mut row)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// The rows of a text.
pub(super) struct Stream<'f> {
    reader: TextReader<'f>,
    grammar: Grammar,
    limits: &'f Limits,
    splitter: RowSplitter,
    text: String,
    /// Where the next row begins in `text`.
    start: usize,
    /// Nothing follows `text`.
    last: bool,
    line: u64,
    unclosed: u32,
    /// The file ends with a line end.
    ends_with_line: bool,
    /// Cells of the widest row so far, and of the narrowest.
    widest: usize,
    narrowest: usize,
}

impl<'f> Stream<'f> {
    /// The rows that `reader` gives; a last line is not taken for a cut one when the text `ends_with_line`.
    pub(super) fn new(reader: TextReader<'f>, grammar: Grammar, limits: &'f Limits, ends_with_line: bool) -> Self {
        Self {
            reader,
            grammar,
            limits,
            splitter: RowSplitter::default(),
            text: String::new(),
            start: 0,
            last: false,
            line: 1,
            unclosed: 0,
            ends_with_line,
            widest: 0,
            narrowest: usize::MAX,
        }
    }

    /// Reads the next row; false at the end.
    pub(super) fn next(&mut self, row: &mut Row) -> io::Result<bool> {
        loop {
            row.cells.clear();
            row.typed.clear();
            row.defects.clear();
            row.number = self.line;
            if self.start == self.text.len() && !self.more()? {
                return Ok(false);
            }
            let rest = &self.text[self.start..];
            let cells = &mut row.cells;
            match self
                .splitter
                .row(&self.grammar, self.limits, rest, self.last, cells, &mut row.defects)
            {
                Found::Row { bytes, lines } => {
                    self.start += bytes;
                    self.line += lines;
                    if self.last && self.start == self.text.len() && !self.ends_with_line {
                        self.cut_last_line(row);
                    }
                    self.widest = self.widest.max(row.cells.len());
                    self.narrowest = self.narrowest.min(row.cells.len());
                    return Ok(true);
                }
                Found::Unclosed => return self.without_quotes(row).map(|()| true),
                Found::More { broken } if rest.len() > self.limits.row_bytes || self.last => {
                    if broken || self.last {
                        self.without_quotes(row)?;
                    } else {
                        self.too_long(row)?;
                    }
                    return Ok(true);
                }
                Found::More { .. } => {
                    self.more()?;
                }
            }
        }
    }

    /// Takes the next piece of text in, forgetting what was read; false when there is none.
    fn more(&mut self) -> io::Result<bool> {
        self.text.drain(..self.start);
        self.start = 0;
        let before = self.text.len();
        while self.text.len() == before {
            if !self.reader.append(&mut self.text)? {
                self.last = true;
                return Ok(before > 0);
            }
        }
        Ok(true)
    }

    /// Reads the line at the start as if quotes were characters: one of them was never closed.
    fn without_quotes(&mut self, row: &mut Row) -> io::Result<()> {
        self.unclosed += 1;
        let grammar = Grammar {
            quote: None,
            ..self.grammar
        };
        loop {
            row.cells.clear();
            row.defects.clear();
            let rest = &self.text[self.start..];
            match self
                .splitter
                .row(&grammar, self.limits, rest, self.last, &mut row.cells, &mut row.defects)
            {
                Found::Row { bytes, lines } => {
                    self.start += bytes;
                    self.line += lines;
                    break;
                }
                _ if rest.len() > self.limits.row_bytes => {
                    self.too_long(row)?;
                    break;
                }
                _ => {
                    self.more()?;
                }
            }
        }
        row.defects.push(Finding::new(Code::UnclosedQuote));
        if self.unclosed == UNCLOSED_QUOTES {
            self.grammar.quote = None;
        }
        Ok(())
    }

    /// Keeps what the row has so far and leaves the rest of its line out.
    fn too_long(&mut self, row: &mut Row) -> io::Result<()> {
        row.defects
            .push(Finding::new(Code::FieldTooLong).arg("limit", self.limits.row_bytes));
        let end = if self.grammar.cr_ends { '\r' } else { '\n' };
        loop {
            if let Some(at) = self.text[self.start..].find(end) {
                self.start += at + 1;
                self.line += 1;
                return Ok(());
            }
            self.start = self.text.len();
            if !self.more()? {
                return Ok(());
            }
        }
    }

    /// The last line has no end and fewer fields than every line before: the upload may have broken off in it.
    fn cut_last_line(&mut self, row: &mut Row) {
        let width = row.cells.len();
        let blank = row
            .cells
            .iter()
            .all(|cell| cell.chars().all(|c| c.is_whitespace() || c.is_control()));
        if blank || self.narrowest == usize::MAX || width >= self.widest {
            return;
        }
        // Where rows are ragged anyway it says little; otherwise the last value itself may be cut.
        let severity = if width < self.narrowest {
            Severity::Error
        } else {
            Severity::Warning
        };
        row.defects.push(Finding::new(Code::CutLastLine).severity(severity));
    }
}
