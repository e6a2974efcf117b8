//! The staged file: what a parser writes and everything later reads.
//!
//! A stream of frames, each a little-endian `u32` length and that many bytes of postcard. The first frame is
//! [`Frame::Header`], the last [`Frame::End`]; a file without an end is a parse that broke off.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::fields::Field;
use crate::finding::Finding;
use crate::record::{Cells, Record};

/// Version of the frames below; a staged file of another version is parsed anew.
pub const VERSION: u32 = 4;

/// Largest frame that is read back: a row with all its findings fits many times.
const FRAME_BYTES: usize = 32 << 20;

/// One frame of a staged file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Frame {
    /// First.
    Header {
        /// [`VERSION`].
        version: u32,
    },
    /// A paper of a bundle begins. Papers come before all parts.
    Paper {
        /// Its path in the bundle.
        name: String,
        /// Why it is not taken; then no bytes follow.
        refused: Option<Finding>,
    },
    /// Bytes of the paper that began last.
    PaperBytes(Vec<u8>),
    /// A part begins; its records follow.
    Part(Part),
    /// A record.
    Record(Box<Record>),
    /// Something found in the file, not in a record.
    Finding {
        /// The part it belongs to, if one.
        part: Option<u32>,
        /// Row as the client sees it, if one.
        row: Option<u64>,
        /// What was found.
        finding: Finding,
    },
    /// Last.
    End(Summary),
}

/// A part of a delivery: the file itself, a sheet of a workbook, a member of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// From 0.
    pub part: u32,
    /// Member of a bundle.
    pub member: Option<String>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// How it was written: what a correction file must keep.
    pub dialect: Dialect,
    /// The header row as it came.
    pub header: Cells,
    /// Row of the header as the client sees it; `None` when there is none.
    pub header_row: Option<u64>,
    /// The field read from each column; several for combined columns, none for unknown ones.
    pub columns: Vec<Vec<Field>>,
    /// Name and version of the layout that was used.
    pub layout: String,
}

/// How a part was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// CSV, TXT, TSV.
    Delimited {
        /// `;` `,` tab `|`
        separator: char,
        /// The quote in use.
        quote: char,
        /// A `sep=` line came first.
        sep_line: bool,
        /// Label of the encoding after the WHATWG standard (`UTF-8`, `windows-1252`, `UTF-16LE`).
        encoding: String,
        /// A byte order mark came first.
        bom: bool,
        /// Lines ended with CR LF.
        crlf: bool,
    },
    /// `key=value` records.
    KeyValue {
        /// What separates two pairs: `&`, `;` or a line feed.
        separator: char,
        /// Label of the encoding.
        encoding: String,
    },
    /// A workbook.
    Workbook {
        /// Which kind came.
        kind: WorkbookKind,
    },
    /// dropcase's own XML.
    Xml {
        /// Label of the encoding.
        encoding: String,
    },
}

/// Kinds of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the file extensions explain themselves")]
pub enum WorkbookKind {
    Xlsx,
    Xlsm,
    Xlsb,
    Xls,
    Ods,
}

/// How a parse ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Records written.
    pub records: u64,
    /// Records with an error among their findings.
    pub rejected: u64,
    /// Parts written.
    pub parts: u32,
    /// An error was found in the file itself: nothing of it is imported.
    pub file_rejected: bool,
}

/// Takes what a parser yields, in order.
pub trait Sink {
    /// Takes one frame; an error ends the parse.
    ///
    /// # Errors
    /// When the frame cannot be kept.
    fn put(&mut self, frame: Frame) -> io::Result<()>;
}

/// Writes a staged file.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    buffer: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a staged file on `out`, which should be buffered.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = Self {
            out,
            buffer: Vec::new(),
        };
        writer.put(Frame::Header { version: VERSION })?;
        Ok(writer)
    }

    /// Hands the writer back after the end.
    ///
    /// # Errors
    /// When `out` cannot be flushed.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Sink for Writer<W> {
    fn put(&mut self, frame: Frame) -> io::Result<()> {
        self.buffer.clear();
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.extend_from_slice(&[0; 4]);
        let mut buffer = postcard::to_extend(&frame, buffer).map_err(io::Error::other)?;
        let length = u32::try_from(buffer.len() - 4).map_err(io::Error::other)?;
        buffer[..4].copy_from_slice(&length.to_le_bytes());
        self.out.write_all(&buffer)?;
        buffer.clear();
        self.buffer = buffer;
        Ok(())
    }
}

/// Reads a staged file back.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    buffer: Vec<u8>,
}

impl<R: Read> Reader<R> {
    /// Opens a staged file, `input` should be buffered.
    ///
    /// # Errors
    /// `InvalidData` when it is not a staged file of this version.
    pub fn new(input: R) -> io::Result<Self> {
        let mut reader = Self {
            input,
            buffer: Vec::new(),
        };
        match reader.next_frame()? {
            Some(Frame::Header { version: VERSION }) => Ok(reader),
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "not a staged file of this version",
            )),
        }
    }

    /// The next frame; `None` at the end of the file (which is a broken parse unless [`Frame::End`] came).
    ///
    /// # Errors
    /// `InvalidData` when a frame cannot be read, `UnexpectedEof` when it is cut.
    pub fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        let mut length = [0; 4];
        match self.input.read(&mut length[..1])? {
            0 => return Ok(None),
            _ => self.input.read_exact(&mut length[1..])?,
        }
        let length = u32::from_le_bytes(length) as usize;
        if length > FRAME_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame over the limit"));
        }
        self.buffer.resize(length, 0);
        self.input.read_exact(&mut self.buffer)?;
        postcard::from_bytes(&self.buffer)
            .map(Some)
            .map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
    }
}
