//! What is looked at in an XLS (MS-XLS) before the library reads it.
//!
//! The library reads a compound file without asking whether its chains end, makes room for the used range that a
//! sheet claims, and makes a table of every sheet. So it is given a compound file of our own making that holds
//! nothing but the stream of the workbook, with those claims taken out, once the tables are known to be small enough.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write};

use cfb::{CompoundFile, Version};

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::formats::xml::events::Fault;
use crate::limits::Limits;

use super::dense::cells_allowed;
use super::package::damaged;

/// First bytes of a compound file.
pub(crate) const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

const FORMULA: u16 = 0x0006;
const EOF: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const BOUND_SHEET: u16 = 0x0085;
const MUL_RK: u16 = 0x00BD;
const RSTRING: u16 = 0x00D6;
const LABEL_SST: u16 = 0x00FD;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_ERR: u16 = 0x0205;
const RK: u16 = 0x027E;
const BOF: u16 = 0x0809;

/// The workbook in a compound file that does no harm.
///
/// # Errors
/// A finding: `FILE_TOO_LARGE`, `CORRUPT_FILE`, `PASSWORD_PROTECTED`, `TOO_MANY_CELLS`, or `UNKNOWN_FORMAT` for
/// another kind of document.
pub(crate) fn harmless(file: File, limits: &Limits) -> Result<Cursor<Vec<u8>>, Unreadable> {
    let fault = |error| damaged(Fault::from_io(error, 0, 0));
    let (path, mut stream) = workbook_stream(file, limits)?;
    clean(&mut stream, limits)?;
    // The older version is the one that the library reads whatever the file holds.
    let room = Cursor::new(Vec::with_capacity(stream.len()));
    let mut compound = CompoundFile::create_with_version(Version::V3, room).map_err(fault)?;
    compound
        .create_stream(path)
        .and_then(|mut inside| inside.write_all(&stream))
        .and_then(|()| compound.flush())
        .map_err(fault)?;
    Ok(compound.into_inner())
}

/// The stream of the workbook and its path; anything else in a compound file is named.
fn workbook_stream(file: File, limits: &Limits) -> Result<(&'static str, Vec<u8>), Unreadable> {
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
    Ok((path, stream))
}

/// A record (MS-XLS 2.1.4).
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    /// Where its data begin in the stream.
    at: usize,
}

impl Record<'_> {
    /// Two bytes of the data, little-endian.
    fn u16(&self, at: usize) -> Option<u16> {
        self.data.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
    }
}

/// Goes from record to record; a cut one ends it.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let head = stream.get(at..)?.first_chunk::<4>()?;
        let (kind, length) = (
            u16::from_le_bytes([head[0], head[1]]),
            u16::from_le_bytes([head[2], head[3]]),
        );
        let data = stream.get(at + 4..at + 4 + usize::from(length))?;
        let record = Record { kind, data, at: at + 4 };
        at += 4 + data.len();
        Some(record)
    })
}

/// Adds up the cells of all sheets and blanks the used ranges that they claim.
fn clean(stream: &mut [u8], limits: &Limits) -> Result<(), Unreadable> {
    let mut globals = records(stream, 0).peekable();
    if globals.peek().is_none_or(|first| first.kind != BOF) {
        return Err(Finding::new(Code::CorruptFile).into());
    }
    let mut starts = Vec::new();
    for record in globals {
        match record.kind {
            EOF => break,
            FILE_PASS => return Err(Finding::new(Code::PasswordProtected).into()),
            BOUND_SHEET => starts.extend(
                record
                    .data
                    .first_chunk()
                    .map(|start| u32::from_le_bytes(*start) as usize),
            ),
            _ => {}
        }
    }
    if starts.len() > limits.parts as usize {
        return Err(Finding::new(Code::TooManyCells).arg("limit", limits.parts).into());
    }
    let mut claims = Vec::new();
    let (mut cells, allowed) = (0_u64, cells_allowed(limits));
    for start in starts {
        cells = cells.saturating_add(table_cells(stream, start, &mut claims));
        if cells > allowed {
            return Err(Finding::new(Code::TooManyCells).arg("limit", allowed).into());
        }
    }
    for (start, length) in claims {
        if let Some(claim) = stream.get_mut(start..start + length) {
            claim.fill(0);
        }
    }
    Ok(())
}

/// Cells of the tables that the library makes of a sheet: one of its values and one of its formulas.
fn table_cells(stream: &[u8], start: usize, claims: &mut Vec<(usize, usize)>) -> u64 {
    let (mut values, mut formulas) = (Area::default(), Area::default());
    let mut nested = 0_usize;
    for record in records(stream, start) {
        match record.kind {
            BOF => nested += 1,
            EOF if nested <= 1 => break,
            EOF => nested -= 1,
            // Charts inside the sheet have cells of their own.
            _ if nested > 1 => {}
            DIMENSIONS => claims.push((record.at, record.data.len())),
            FORMULA | MUL_RK | RSTRING | LABEL_SST | NUMBER | LABEL | BOOL_ERR | RK => {
                let (Some(row), Some(column)) = (record.u16(0), record.u16(2)) else {
                    continue;
                };
                values.add(row, column);
                match record.kind {
                    MUL_RK => {
                        let last = record.data.len().checked_sub(2).and_then(|at| record.u16(at));
                        values.add(row, last.unwrap_or(column));
                    }
                    FORMULA => formulas.add(row, column),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    values.cells().saturating_add(formulas.cells())
}

/// The smallest rectangle around some cells.
#[derive(Default)]
struct Area(Option<[u16; 4]>);

impl Area {
    fn add(&mut self, row: u16, column: u16) {
        let [top, left, bottom, right] = self.0.unwrap_or([row, column, row, column]);
        self.0 = Some([top.min(row), left.min(column), bottom.max(row), right.max(column)]);
    }

    fn cells(&self) -> u64 {
        self.0.map_or(0, |[top, left, bottom, right]| {
            (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1)
        })
    }
}
