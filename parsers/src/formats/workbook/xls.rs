//! XLS (BIFF5 and BIFF8 in a compound file, MS-XLS): the stream is held in memory, its cells are handed out one by one.

use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use cfb::CompoundFile;

use crate::finding::{Code, Finding};
use crate::formats::xml::events::Fault;
use crate::formats::{PartHead, Source, Unreadable};
use crate::limits::Limits;
use crate::staged::{Dialect, WorkbookKind};

use super::biff::{self, Globals, Record, Records};
use super::binary::{Bytes, error, truth};
use super::package::damaged;
use super::rows::{Rows, Visit};
use super::shape::Shape;

/// First bytes of a compound file.
pub(crate) const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// An opened workbook.
pub(crate) struct Xls {
    stream: Vec<u8>,
    globals: Globals,
    limits: Limits,
    /// Where each part begins in the stream.
    starts: Vec<usize>,
    parts: Vec<PartHead>,
}

impl Xls {
    /// Opens the compound file and reads what concerns the whole workbook.
    pub(crate) fn open(file: File, limits: &Limits) -> Result<Self, Unreadable> {
        if file.metadata()?.len() > limits.dense_bytes {
            return Err(Finding::new(Code::FileTooLarge).arg("limit", limits.dense_bytes).into());
        }
        let stream = workbook_stream(file, limits)?;
        let globals = biff::globals(&stream, limits)?;
        let dialect = Dialect::Workbook {
            kind: WorkbookKind::Xls,
        };
        let mut workbook = Self {
            stream,
            globals,
            limits: limits.clone(),
            starts: Vec::new(),
            parts: Vec::new(),
        };
        if workbook.globals.sheets.len() > limits.parts as usize {
            return Err(Finding::new(Code::TooManyCells).arg("limit", limits.parts).into());
        }
        for (start, name) in workbook.globals.sheets.clone() {
            let mut found = false;
            workbook.read(start, &mut |_| {
                found = true;
                Ok(ControlFlow::Break(()))
            })?;
            if found {
                workbook.starts.push(start);
                workbook.parts.push(PartHead {
                    member: None,
                    sheet: Some(name),
                    dialect: dialect.clone(),
                });
            }
        }
        Ok(workbook)
    }

    fn read(&self, start: usize, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let mut rows = Rows::new(&self.limits, visit);
        let mut cells = Vec::new();
        let mut nested = 0_usize;
        for record in Records::new(&self.stream, start) {
            match record.kind {
                biff::BOF => nested += 1,
                biff::EOF if nested <= 1 => break,
                biff::EOF => nested -= 1,
                // Charts inside the sheet have cells of their own.
                _ if nested != 1 => {}
                kind if biff::is_cell(kind) => {
                    if let Some(row) = Bytes(record.data).u16() {
                        cells.push((row, record.at));
                    }
                }
                _ => {}
            }
        }
        // Some writers order the cells by column.
        cells.sort_by_key(|(row, _)| *row);
        for (_, at) in cells {
            let mut records = Records::new(&self.stream, at);
            if let Some(record) = records.next()
                && self.cell(&record, records, &mut rows)?.is_break()
            {
                return Ok(());
            }
        }
        rows.flush(1).map(drop)
    }

    /// Places the cells of a record; one that is too short is left out.
    fn cell(
        &self,
        record: &Record<'_>,
        next: Records<'_>,
        rows: &mut Rows<'_, '_>,
    ) -> Result<ControlFlow<()>, Unreadable> {
        let mut bytes = Bytes(record.data);
        let (Some(row), Some(column)) = (bytes.u16(), bytes.u16()) else {
            return Ok(ControlFlow::Continue(()));
        };
        let (number, column) = (u64::from(row) + 1, u32::from(column));
        if record.kind == biff::MUL_RK {
            return self.many(bytes, (number, column), rows);
        }
        let Some(style) = bytes.u16() else {
            return Ok(ControlFlow::Continue(()));
        };
        let mut place = |text: &str, typed| rows.cell(number, column, text, typed);
        match record.kind {
            biff::NUMBER => self.number(bytes.f64(), style, &mut place),
            biff::RK => self.number(bytes.rk(), style, &mut place),
            biff::LABEL_SST => {
                let text = bytes.u32().and_then(|index| self.globals.strings.get(index as usize));
                place(text.unwrap_or_default(), None)
            }
            biff::LABEL | biff::RSTRING => place(&self.globals.text(bytes).unwrap_or_default(), None),
            biff::BOOL_ERR => match (bytes.u8(), bytes.u8()) {
                (Some(value), Some(0)) => {
                    let (text, typed) = truth(value != 0);
                    place(text, typed)
                }
                (Some(value), Some(_)) => {
                    let (text, typed) = error(value);
                    place(text, typed)
                }
                _ => Ok(ControlFlow::Continue(())),
            },
            biff::FORMULA => self.formula(bytes, style, next, &mut place),
            _ => Ok(ControlFlow::Continue(())),
        }
    }

    fn number(&self, number: Option<f64>, style: u16, place: &mut Place<'_>) -> Result<ControlFlow<()>, Unreadable> {
        let Some(number) = number.filter(|number| number.is_finite()) else {
            return Ok(ControlFlow::Continue(()));
        };
        let shape = self.globals.shapes.get(usize::from(style)).unwrap_or(&Shape::Plain);
        let (text, typed) = shape.show(number, self.globals.epoch_1904);
        place(&text, typed)
    }

    /// What a formula came to (MS-XLS 2.5.133); a text follows in a record of its own.
    fn formula(
        &self,
        mut bytes: Bytes<'_>,
        style: u16,
        next: Records<'_>,
        place: &mut Place<'_>,
    ) -> Result<ControlFlow<()>, Unreadable> {
        let Some(result) = bytes.take(8) else {
            return Ok(ControlFlow::Continue(()));
        };
        if result[6..] != [0xFF, 0xFF] {
            return self.number(Bytes(result).f64(), style, place);
        }
        match result[0] {
            // Array and shared formulas stand between the cell and its text.
            0 => match next.take(3).find(|record| record.kind == biff::STRING) {
                Some(string) => place(&self.globals.text(Bytes(string.data)).unwrap_or_default(), None),
                None => Ok(ControlFlow::Continue(())),
            },
            1 => {
                let (text, typed) = truth(result[2] != 0);
                place(text, typed)
            }
            2 => {
                let (text, typed) = error(result[2]);
                place(text, typed)
            }
            _ => Ok(ControlFlow::Continue(())),
        }
    }

    /// Several numbers in one record.
    fn many(
        &self,
        mut bytes: Bytes<'_>,
        (number, column): (u64, u32),
        rows: &mut Rows<'_, '_>,
    ) -> Result<ControlFlow<()>, Unreadable> {
        let mut at = column;
        // The last two bytes name the last column.
        while bytes.0.len() >= 8 {
            let (Some(style), value) = (bytes.u16(), bytes.rk()) else {
                break;
            };
            let mut place = |text: &str, typed| rows.cell(number, at, text, typed);
            if self.number(value, style, &mut place)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            at += 1;
        }
        Ok(ControlFlow::Continue(()))
    }
}

type Place<'a> = dyn FnMut(&str, Option<crate::formats::Typed>) -> Result<ControlFlow<()>, Unreadable> + 'a;

impl Source for Xls {
    fn parts(&self) -> &[PartHead] {
        &self.parts
    }

    fn rows(&mut self, index: usize, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        match self.starts.get(index) {
            Some(&start) => self.read(start, visit),
            None => Ok(()),
        }
    }
}

/// The stream of the workbook; anything else in a compound file is named.
fn workbook_stream(file: File, limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let fault = |error| damaged(Fault::from_io(error, 0, 0));
    let mut compound = CompoundFile::open(BufReader::new(file)).map_err(fault)?;
    if compound.exists("/EncryptedPackage") {
        return Err(Finding::new(Code::PasswordProtected).into());
    }
    let Some(path) = ["/Workbook", "/Book"].into_iter().find(|path| compound.is_stream(path)) else {
        let looks_like = match compound.exists("/WordDocument") {
            true => "doc",
            false if compound.exists("/PowerPoint Document") => "ppt",
            false => "ole",
        };
        return Err(super::unknown(looks_like));
    };
    let mut stream = Vec::new();
    compound
        .open_stream(path)
        .map_err(fault)?
        .take(limits.dense_bytes)
        .read_to_end(&mut stream)
        .map_err(fault)?;
    Ok(stream)
}
