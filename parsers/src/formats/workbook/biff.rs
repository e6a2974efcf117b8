//! BIFF records (MS-XLS 2.1.4) and what they say about the whole workbook.

use std::collections::HashMap;

use encoding_rs::Encoding;

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::limits::Limits;

use super::binary::{Bytes, push_utf16};
use super::shape::Shape;
use super::strings::Strings;

pub(crate) const FORMULA: u16 = 0x0006;
pub(crate) const EOF: u16 = 0x000A;
pub(crate) const MUL_RK: u16 = 0x00BD;
pub(crate) const RSTRING: u16 = 0x00D6;
pub(crate) const LABEL_SST: u16 = 0x00FD;
pub(crate) const NUMBER: u16 = 0x0203;
pub(crate) const LABEL: u16 = 0x0204;
pub(crate) const BOOL_ERR: u16 = 0x0205;
pub(crate) const STRING: u16 = 0x0207;
pub(crate) const RK: u16 = 0x027E;
pub(crate) const BOF: u16 = 0x0809;
const DATE_MODE: u16 = 0x0022;
const FILE_PASS: u16 = 0x002F;
const CONTINUE: u16 = 0x003C;
const CODE_PAGE: u16 = 0x0042;
const BOUND_SHEET: u16 = 0x0085;
const XF: u16 = 0x00E0;
const SST: u16 = 0x00FC;
const FORMAT: u16 = 0x041E;

/// Version of BIFF8 in its first record.
const BIFF8: u16 = 0x0600;

/// Whether a record holds one or more cells.
pub(crate) fn is_cell(kind: u16) -> bool {
    matches!(
        kind,
        FORMULA | MUL_RK | RSTRING | LABEL_SST | NUMBER | LABEL | BOOL_ERR | RK
    )
}

/// A record.
pub(crate) struct Record<'a> {
    pub(crate) kind: u16,
    pub(crate) data: &'a [u8],
    /// Where it begins in the stream.
    pub(crate) at: usize,
}

/// Goes from record to record; a cut one ends it.
#[derive(Clone)]
pub(crate) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// Begins at `start`.
    pub(crate) fn new(stream: &'a [u8], start: usize) -> Self {
        Self { stream, at: start }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let mut bytes = Bytes(self.stream.get(self.at..)?);
        let (kind, length) = (bytes.u16()?, bytes.u16()?);
        let data = bytes.take(usize::from(length))?;
        let at = self.at;
        self.at += 4 + data.len();
        Some(Record { kind, data, at })
    }
}

/// What concerns the whole workbook.
pub(crate) struct Globals {
    /// Start in the stream and name of each visible worksheet.
    pub(crate) sheets: Vec<(usize, String)>,
    pub(crate) strings: Strings,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) epoch_1904: bool,
    /// `None` from BIFF8 on, which has Unicode.
    encoding: Option<&'static Encoding>,
}

impl Globals {
    /// A text with a length of two bytes (MS-XLS 2.5.294; in BIFF5 bytes of the code page).
    pub(crate) fn text(&self, mut bytes: Bytes<'_>) -> Option<String> {
        let length = usize::from(bytes.u16()?);
        characters(self.encoding, length, bytes)
    }
}

/// Reads the records before the first sheet.
pub(crate) fn globals(stream: &[u8], limits: &Limits) -> Result<Globals, Unreadable> {
    let mut globals = Globals {
        sheets: Vec::new(),
        strings: Strings::default(),
        shapes: Vec::new(),
        epoch_1904: false,
        encoding: None,
    };
    let mut codes = HashMap::new();
    let mut formats = Vec::new();
    let mut records = Records::new(stream, 0);
    let Some(first) = records.next().filter(|record| record.kind == BOF) else {
        return Err(Finding::new(Code::CorruptFile).into());
    };
    if Bytes(first.data).u16() != Some(BIFF8) {
        globals.encoding = Some(encoding_rs::WINDOWS_1252);
    }
    while let Some(record) = records.next() {
        let mut bytes = Bytes(record.data);
        match record.kind {
            FILE_PASS => return Err(Finding::new(Code::PasswordProtected).into()),
            EOF => break,
            DATE_MODE => globals.epoch_1904 = bytes.u16() == Some(1),
            CODE_PAGE if globals.encoding.is_some() => globals.encoding = bytes.u16().map(code_page),
            XF => formats.extend(bytes.take(4).and_then(|start| Bytes(&start[2..]).u16())),
            FORMAT => {
                if let Some((id, code)) = format(&globals, bytes) {
                    codes.insert(id, Shape::of_code(&code));
                }
            }
            BOUND_SHEET => globals.sheets.extend(sheet(&globals, bytes)),
            SST => {
                let continued = records
                    .clone()
                    .take_while(|record| record.kind == CONTINUE)
                    .map(|record| record.data);
                let chunks: Vec<_> = std::iter::once(record.data).chain(continued).collect();
                shared_strings(&chunks, &mut globals.strings, limits)?;
            }
            _ => {}
        }
    }
    let shape = |id: u16| codes.get(&id).cloned().unwrap_or_else(|| Shape::of_builtin(id.into()));
    globals.shapes = formats.into_iter().map(shape).collect();
    Ok(globals)
}

/// Start and name of a worksheet that is not hidden (MS-XLS 2.4.28).
fn sheet(globals: &Globals, mut bytes: Bytes<'_>) -> Option<(usize, String)> {
    let start = bytes.u32()?;
    let (state, kind) = (bytes.u8()?, bytes.u8()?);
    let length = usize::from(bytes.u8()?);
    let name = characters(globals.encoding, length, bytes)?.replace('\0', "");
    (state & 3 == 0 && kind == 0).then_some((start as usize, name))
}

/// Number and code of a number format (MS-XLS 2.4.126).
fn format(globals: &Globals, mut bytes: Bytes<'_>) -> Option<(u16, String)> {
    let id = bytes.u16()?;
    match globals.encoding {
        None => Some((id, globals.text(bytes)?)),
        Some(_) => {
            let length = usize::from(bytes.u8()?);
            Some((id, characters(globals.encoding, length, bytes)?))
        }
    }
}

/// So many characters, as far as there are bytes; before BIFF8 each is a byte of the code page.
fn characters(encoding: Option<&'static Encoding>, length: usize, mut bytes: Bytes<'_>) -> Option<String> {
    let mut text = String::new();
    match encoding {
        Some(encoding) => text.push_str(
            &encoding
                .decode_without_bom_handling(bytes.0.get(..length).unwrap_or(bytes.0))
                .0,
        ),
        None if bytes.0.is_empty() => {}
        None if bytes.u8()? & 1 == 0 => text.extend(bytes.0.iter().take(length).map(|&byte| char::from(byte))),
        None => push_utf16(&mut text, bytes.0.get(..length * 2).unwrap_or(bytes.0)),
    }
    Some(text)
}

/// The shared strings (MS-XLS 2.4.265), which run over as many records as they need.
fn shared_strings(chunks: &[&[u8]], strings: &mut Strings, limits: &Limits) -> Result<(), Unreadable> {
    let mut run = Run {
        rest: chunks.iter(),
        bytes: Bytes(&[]),
    };
    if !run.advance() || run.bytes.take(8).is_none() {
        return Ok(());
    }
    let mut text = String::new();
    while !run.bytes.0.is_empty() || run.advance() {
        text.clear();
        // A table that is cut keeps the strings before the cut.
        if run.string(&mut text).is_none() {
            break;
        }
        strings.push(&text, limits.field_bytes)?;
    }
    Ok(())
}

/// Bytes that continue from record to record.
struct Run<'a> {
    rest: std::slice::Iter<'a, &'a [u8]>,
    bytes: Bytes<'a>,
}

impl Run<'_> {
    fn advance(&mut self) -> bool {
        match self.rest.next() {
            Some(chunk) => {
                self.bytes = Bytes(chunk);
                true
            }
            None => false,
        }
    }

    /// One string with its formatting and phonetic hints skipped (MS-XLS 2.5.293).
    fn string(&mut self, out: &mut String) -> Option<()> {
        let mut left = usize::from(self.bytes.u16()?);
        let flags = self.bytes.u8()?;
        let runs = if flags & 8 == 0 {
            0
        } else {
            usize::from(self.bytes.u16()?)
        };
        let extra = if flags & 4 == 0 { 0 } else { self.bytes.u32()? as usize };
        let mut wide = flags & 1 == 1;
        loop {
            let width = if wide { 2 } else { 1 };
            let count = left.min(self.bytes.0.len() / width);
            let taken = self.bytes.take(count * width)?;
            match wide {
                true => push_utf16(out, taken),
                false => out.extend(taken.iter().map(|&byte| char::from(byte))),
            }
            left -= count;
            if left == 0 {
                return self.skip(runs * 4 + extra);
            }
            if !self.advance() {
                return None;
            }
            // Where the characters go on, the record says anew how wide they are.
            wide = self.bytes.u8()? & 1 == 1;
        }
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.bytes.0.len() {
            count -= self.bytes.0.len();
            if !self.advance() {
                return None;
            }
        }
        self.bytes.take(count).map(drop)
    }
}

fn code_page(number: u16) -> &'static Encoding {
    match number {
        874 => encoding_rs::WINDOWS_874,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        10000 | 32768 => encoding_rs::MACINTOSH,
        _ => encoding_rs::WINDOWS_1252,
    }
}
