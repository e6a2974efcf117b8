//! XLSB (MS-XLSB): the package of an XLSX with binary records instead of XML, streamed.

use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

use crate::finding::{Code, Finding};
use crate::formats::xml::events::Fault;
use crate::formats::{PartHead, Source, Unreadable};
use crate::limits::Limits;
use crate::staged::{Dialect, WorkbookKind};

use super::binary::{Bytes, error, push_utf16, truth};
use super::package::{Member, Package, damaged};
use super::rows::{ROWS, Rows, Visit};
use super::shape::Shape;
use super::strings::Strings;
use super::xlsx::relations;

/// Longest record that is kept; cells are shorter, what is longer is skipped.
const RECORD_BYTES: usize = 256 << 10;

/// Cell styles that are kept.
const STYLES: usize = 100_000;

const ROW_HEADER: u16 = 0x0000;
const SST_ITEM: u16 = 0x0013;
const FORMAT: u16 = 0x002C;
const XF: u16 = 0x002F;
const BEGIN_SHEET_DATA: u16 = 0x0091;
const END_SHEET_DATA: u16 = 0x0092;
const WORKBOOK_PROPERTIES: u16 = 0x0099;
const BUNDLED_SHEET: u16 = 0x009C;
const BEGIN_CELL_XFS: u16 = 0x0269;
const END_CELL_XFS: u16 = 0x026A;

/// An opened workbook.
pub(crate) struct Xlsb {
    package: Package,
    limits: Limits,
    sheets: Vec<String>,
    parts: Vec<PartHead>,
    strings: Strings,
    shapes: Vec<Shape>,
    epoch_1904: bool,
}

impl Xlsb {
    /// Opens a workbook whose main part stands at `main`.
    pub(crate) fn open(mut package: Package, main: &str, limits: &Limits) -> Result<Self, Unreadable> {
        let relations = relations(&mut package, main)?;
        let path = |kind: &str| {
            relations
                .values()
                .find(|relation| relation.kind == kind)
                .map(|relation| relation.path.clone())
        };
        let shapes = match path("styles") {
            Some(path) => shapes(&mut package, &path)?,
            None => Vec::new(),
        };
        let mut strings = Strings::default();
        if let Some(path) = path("sharedStrings") {
            shared_strings(&mut package, &path, &mut strings, limits)?;
        }
        let mut sheets = Vec::new();
        let mut epoch_1904 = false;
        let mut records = records(&mut package, main)?.ok_or_else(|| Finding::new(Code::CorruptFile))?;
        while let Some((kind, data)) = records.next()? {
            let mut bytes = Bytes(data);
            match kind {
                WORKBOOK_PROPERTIES => epoch_1904 = bytes.u32().is_some_and(|flags| flags & 1 == 1),
                BUNDLED_SHEET => {
                    if let Some((0, id, name)) = bundled_sheet(bytes)
                        && let Some(relation) = relations.get(&id).filter(|relation| relation.kind == "worksheet")
                    {
                        sheets.push((name, relation.path.clone()));
                    }
                    if sheets.len() > limits.parts as usize {
                        return Err(Finding::new(Code::TooManyCells).arg("limit", limits.parts).into());
                    }
                }
                _ => {}
            }
        }
        drop(records);
        let (limits, parts) = (limits.clone(), Vec::new());
        let mut workbook = Self {
            package,
            limits,
            sheets: Vec::new(),
            parts,
            strings,
            shapes,
            epoch_1904,
        };
        workbook.keep_filled(sheets)?;
        Ok(workbook)
    }

    fn keep_filled(&mut self, sheets: Vec<(String, String)>) -> Result<(), Unreadable> {
        let dialect = Dialect::Workbook {
            kind: WorkbookKind::Xlsb,
        };
        for (name, path) in sheets {
            let mut found = false;
            self.read(&path, &mut |_| {
                found = true;
                Ok(ControlFlow::Break(()))
            })?;
            if found {
                self.sheets.push(path);
                self.parts.push(PartHead {
                    member: None,
                    sheet: Some(name),
                    dialect: dialect.clone(),
                });
            }
        }
        Ok(())
    }

    fn read(&mut self, path: &str, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let mut records = records(&mut self.package, path)?.ok_or_else(|| Finding::new(Code::CorruptFile))?;
        let mut rows = Rows::new(&self.limits, visit);
        let (mut row, mut inside) = (0_u64, false);
        while let Some((kind, data)) = records.next()? {
            match kind {
                BEGIN_SHEET_DATA => inside = true,
                END_SHEET_DATA => break,
                ROW_HEADER if inside => row = Bytes(data).u32().map_or(row + 1, |row| u64::from(row) + 1),
                0x0001..=0x000B | 0x003E if inside && (1..=ROWS).contains(&row) => {
                    let cell = Cells {
                        strings: &self.strings,
                        shapes: &self.shapes,
                        epoch_1904: self.epoch_1904,
                    };
                    if cell
                        .place(kind, Bytes(data), row, &mut rows)?
                        .is_some_and(|flow| flow.is_break())
                    {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        rows.flush(1).map(drop)
    }
}

impl Source for Xlsb {
    fn parts(&self) -> &[PartHead] {
        &self.parts
    }

    fn rows(&mut self, index: usize, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let Some(path) = self.sheets.get(index).cloned() else {
            return Ok(());
        };
        self.read(&path, visit)
    }
}

struct Cells<'a> {
    strings: &'a Strings,
    shapes: &'a [Shape],
    epoch_1904: bool,
}

impl Cells<'_> {
    /// Places a cell (MS-XLSB 2.5.9 and the records `Brt…`); `None` when the record is too short for one.
    fn place(
        &self,
        kind: u16,
        mut bytes: Bytes<'_>,
        row: u64,
        rows: &mut Rows<'_, '_>,
    ) -> Result<Option<ControlFlow<()>>, Unreadable> {
        let (Some(column), Some(style)) = (bytes.u32(), bytes.u32()) else {
            return Ok(None);
        };
        let style = (style & 0x00FF_FFFF) as usize;
        let number = match kind {
            0x0002 => bytes.rk(),
            0x0005 | 0x0009 => bytes.f64(),
            _ => None,
        };
        if let Some(number) = number.filter(|number| number.is_finite()) {
            let (text, typed) = self
                .shapes
                .get(style)
                .unwrap_or(&Shape::Plain)
                .show(number, self.epoch_1904);
            return rows.cell(row, column, &text, typed).map(Some);
        }
        let placed = match kind {
            0x0003 | 0x000B => bytes
                .u8()
                .map(error)
                .map(|(text, typed)| rows.cell(row, column, text, typed)),
            0x0004 | 0x000A => bytes
                .u8()
                .map(|value| truth(value != 0))
                .map(|(text, typed)| rows.cell(row, column, text, typed)),
            0x0006 | 0x0008 => wide_text(&mut bytes).map(|text| rows.cell(row, column, &text, None)),
            0x0007 => {
                let text = bytes.u32().and_then(|index| self.strings.get(index as usize));
                Some(rows.cell(row, column, text.ok_or_else(|| Finding::new(Code::CorruptFile))?, None))
            }
            0x003E => bytes
                .u8()
                .and_then(|_| wide_text(&mut bytes))
                .map(|text| rows.cell(row, column, &text, None)),
            _ => None,
        };
        placed.transpose()
    }
}

/// State, relation and name of a sheet (MS-XLSB 2.4.720).
fn bundled_sheet(mut bytes: Bytes<'_>) -> Option<(u32, String, String)> {
    let state = bytes.u32()?;
    bytes.u32()?;
    Some((state, wide_text(&mut bytes)?, wide_text(&mut bytes)?))
}

/// A text with a length of four bytes (MS-XLSB 2.5.169).
fn wide_text(bytes: &mut Bytes<'_>) -> Option<String> {
    let length = bytes.u32()?;
    let mut text = String::new();
    // Where a text may be missing, this length says so.
    if length != u32::MAX {
        push_utf16(&mut text, bytes.take((length as usize).checked_mul(2)?)?);
    }
    Some(text)
}

fn shapes(package: &mut Package, path: &str) -> Result<Vec<Shape>, Unreadable> {
    let mut codes = HashMap::new();
    let mut shapes = Vec::new();
    let mut inside = false;
    let Some(mut records) = records(package, path)? else {
        return Ok(shapes);
    };
    while let Some((kind, data)) = records.next()? {
        let mut bytes = Bytes(data);
        match kind {
            FORMAT => {
                if let (Some(id), Some(code)) = (bytes.u16(), wide_text(&mut bytes)) {
                    codes.insert(id, Shape::of_code(&code));
                }
            }
            BEGIN_CELL_XFS => inside = true,
            END_CELL_XFS => break,
            XF if inside => {
                let id = bytes.u16().and_then(|_| bytes.u16()).unwrap_or(0);
                shapes.push(codes.get(&id).cloned().unwrap_or_else(|| Shape::of_builtin(id.into())));
            }
            _ => {}
        }
        if shapes.len() > STYLES {
            return Err(Finding::new(Code::UnpacksTooLarge).arg("limit", STYLES).into());
        }
    }
    Ok(shapes)
}

fn shared_strings(package: &mut Package, path: &str, strings: &mut Strings, limits: &Limits) -> Result<(), Unreadable> {
    let Some(mut records) = records(package, path)? else {
        return Ok(());
    };
    while let Some((kind, data)) = records.next()? {
        if kind == SST_ITEM {
            let mut bytes = Bytes(data);
            let text = bytes
                .u8()
                .and_then(|_| wide_text(&mut bytes))
                .ok_or_else(|| Finding::new(Code::CorruptFile))?;
            strings.push(&text, limits.field_bytes)?;
        }
    }
    Ok(())
}

/// The records of a member.
struct Records<'a> {
    member: BufReader<Member<'a>>,
    data: Vec<u8>,
}

fn records<'a>(package: &'a mut Package, path: &str) -> Result<Option<Records<'a>>, Unreadable> {
    let Some(member) = package.member(path)? else {
        return Ok(None);
    };
    Ok(Some(Records {
        member: BufReader::new(member),
        data: Vec::new(),
    }))
}

impl Records<'_> {
    /// Type and data of the next record (MS-XLSB 2.1.4); one that is too long comes without data.
    fn next(&mut self) -> Result<Option<(u16, &[u8])>, Unreadable> {
        self.read()
            .map_err(|error| damaged(Fault::from_io(error, 0, 0)))
            .map(|kind| kind.map(|kind| (kind, self.data.as_slice())))
    }

    fn read(&mut self) -> io::Result<Option<u16>> {
        let Some(first) = self.byte()? else { return Ok(None) };
        let mut kind = u16::from(first);
        if first & 0x80 != 0 {
            let second = self.byte()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            kind = u16::from(first & 0x7F) | u16::from(second & 0x7F) << 7;
        }
        let mut length = 0_usize;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            length |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        self.data.clear();
        if length > RECORD_BYTES {
            io::copy(&mut self.member.by_ref().take(length as u64), &mut io::sink())?;
        } else {
            self.data.resize(length, 0);
            self.member.read_exact(&mut self.data)?;
        }
        Ok(Some(kind))
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        Ok((self.member.read(&mut byte)? == 1).then_some(byte[0]))
    }
}
