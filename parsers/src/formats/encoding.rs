//! Encodings: which one a text is in, and its text as UTF-8 in pieces of bounded size.
//!
//! By byte order mark, UTF-16 by its NUL bytes, strict UTF-8, else Windows-1252. A UTF-8 text with a few broken
//! places stays UTF-8: read as Windows-1252 all its umlauts would be wrong.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes read at once.
const CHUNK: usize = 128 << 10;

/// What a look through the whole file tells of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The encoding to read it in.
    pub encoding: &'static Encoding,
    /// Bytes of the byte order mark, 0 without one.
    pub bom_bytes: u64,
    /// Line of the first NUL character, which no text has.
    pub nul_line: Option<u64>,
    /// Line of the first bytes that are not in the encoding; they are read as U+FFFD.
    pub broken_line: Option<u64>,
    /// Length of the file.
    pub bytes: u64,
    /// A line feed comes somewhere.
    pub has_lf: bool,
    /// The last line has its end.
    pub ends_with_line: bool,
}

/// Looks through `file`.
///
/// # Errors
/// When it cannot be read.
pub fn examine(file: &mut File) -> io::Result<Examined> {
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; CHUNK];
    let mut scan = Scan::default();
    let mut first = true;
    let mut kind = None;
    loop {
        let length = fill(file, &mut buffer)?;
        if length == 0 {
            break;
        }
        let mut chunk = &buffer[..length];
        if first {
            first = false;
            let (marked, bom) = mark(chunk);
            kind = marked;
            scan.bom_bytes = bom;
            chunk = &chunk[bom..];
        }
        scan.bytes += length as u64;
        scan.feed(chunk, kind);
    }
    Ok(scan.end(kind))
}

/// Reads until `buffer` is full or the file ends.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// The encoding that the first bytes show, and the length of the mark.
fn mark(start: &[u8]) -> (Option<&'static Encoding>, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(start) {
        return (Some(encoding), length);
    }
    // UTF-16 without a mark: Latin text has a NUL in nearly every second byte.
    let head = &start[..start.len().min(4096) & !1];
    let (mut even, mut odd) = (0, 0);
    for pair in head.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let pairs = head.len() / 2;
    match () {
        () if pairs >= 2 && odd * 10 >= pairs * 7 && even * 20 <= pairs => (Some(UTF_16LE), 0),
        () if pairs >= 2 && even * 10 >= pairs * 7 && odd * 20 <= pairs => (Some(UTF_16BE), 0),
        () => (None, 0),
    }
}

#[derive(Default)]
struct Scan {
    bytes: u64,
    bom_bytes: usize,
    line: u64,
    nul_line: Option<u64>,
    broken_line: Option<u64>,
    broken: u64,
    /// Valid sequences of several bytes.
    wide: u64,
    has_lf: bool,
    last: [u8; 2],
    /// Bytes of a sequence that the last chunk cut.
    carry: Vec<u8>,
}

impl Scan {
    fn feed(&mut self, chunk: &[u8], kind: Option<&'static Encoding>) {
        for byte in chunk.iter().rev().take(2).rev() {
            self.last = [self.last[1], *byte];
        }
        if kind.is_some_and(|kind| kind != UTF_8) {
            // Wrong pairs of UTF-16 are replaced while reading; a NUL there is a zero pair.
            let zero = chunk.chunks_exact(2).position(|pair| pair == [0, 0]);
            if self.nul_line.is_none() && zero.is_some() {
                self.nul_line = Some(self.line + 1);
            }
            self.has_lf |= chunk.contains(&b'\n');
            self.line += count(b'\n', chunk);
            return;
        }
        if self.nul_line.is_none()
            && let Some(at) = memchr::memchr(0, chunk)
        {
            self.nul_line = Some(self.line + count(b'\n', &chunk[..at]) + 1);
        }
        if self.carry.is_empty() {
            self.validate(chunk);
        } else {
            let mut joined = std::mem::take(&mut self.carry);
            joined.extend_from_slice(chunk);
            self.validate(&joined);
        }
        let feeds = count(b'\n', chunk);
        self.has_lf |= feeds > 0;
        self.line += feeds;
    }

    fn validate(&mut self, mut bytes: &[u8]) {
        let mut line = self.line;
        loop {
            match std::str::from_utf8(bytes) {
                Ok(text) => return self.wide += wide(text.as_bytes()),
                Err(error) => {
                    let (valid, rest) = bytes.split_at(error.valid_up_to());
                    self.wide += wide(valid);
                    line += count(b'\n', valid);
                    let Some(length) = error.error_len() else {
                        self.carry = rest.to_vec();
                        return;
                    };
                    self.broken += 1;
                    self.broken_line.get_or_insert(line + 1);
                    bytes = &rest[length..];
                }
            }
        }
    }

    fn end(self, kind: Option<&'static Encoding>) -> Examined {
        // A sequence cut by the end of the file is an upload that broke off, not another encoding.
        let utf8 = self.broken == 0 || kind == Some(UTF_8) || self.wide >= self.broken * 4;
        let encoding = kind.unwrap_or(if utf8 { UTF_8 } else { WINDOWS_1252 });
        let ends = self.last.contains(&b'\n') && (self.last[1] == b'\n' || self.last[1] == 0) || self.last[1] == b'\r';
        Examined {
            encoding,
            bom_bytes: self.bom_bytes as u64,
            nul_line: self.nul_line,
            broken_line: self.broken_line.filter(|_| encoding == UTF_8),
            bytes: self.bytes,
            has_lf: self.has_lf,
            ends_with_line: ends,
        }
    }
}

fn count(byte: u8, bytes: &[u8]) -> u64 {
    memchr::memchr_iter(byte, bytes).count() as u64
}

/// Characters of several bytes in valid UTF-8.
fn wide(valid: &[u8]) -> u64 {
    if valid.is_ascii() {
        0
    } else {
        valid.iter().filter(|byte| **byte >= 0xc0).count() as u64
    }
}

/// The text of a file as UTF-8, appended to a buffer piece by piece.
pub struct TextReader<'f> {
    file: &'f mut File,
    decoder: Decoder,
    raw: Vec<u8>,
    done: bool,
}

impl<'f> TextReader<'f> {
    /// Begins at the start of `file`, after its byte order mark.
    ///
    /// # Errors
    /// When the file cannot be sought.
    pub fn new(file: &'f mut File, examined: &Examined) -> io::Result<Self> {
        file.seek(SeekFrom::Start(examined.bom_bytes))?;
        let decoder = examined.encoding.new_decoder_without_bom_handling();
        Ok(Self {
            file,
            decoder,
            raw: vec![0; CHUNK],
            done: false,
        })
    }

    /// Appends the next piece to `text`; false at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn append(&mut self, text: &mut String) -> io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        let length = fill(self.file, &mut self.raw)?;
        self.done = length < self.raw.len();
        let mut bytes = &self.raw[..length];
        // Room for the worst case, so that one turn takes all bytes.
        let room = self.decoder.max_utf8_buffer_length(length).unwrap_or(3 * length + 16);
        text.reserve(room);
        loop {
            let (result, read) = self
                .decoder
                .decode_to_string_without_replacement(bytes, text, self.done);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return Ok(true),
                DecoderResult::OutputFull => text.reserve(bytes.len() * 3 + 16),
                DecoderResult::Malformed(..) => {
                    text.reserve(3);
                    text.push('\u{fffd}');
                }
            }
        }
    }
}
