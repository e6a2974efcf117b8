//! Bytes of an XML document to UTF-8, counted by line and bounded per event.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::finding::{Code, Finding};

/// Bytes in which a byte order mark or an XML declaration is looked for.
const PROLOG_BYTES: usize = 512;

/// Bytes decoded at once.
const CHUNK_BYTES: usize = 16 << 10;

/// Ends reading with a finding; travels through [`io::Error`] up to whoever asked for the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Stop(pub Finding);

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

impl std::error::Error for Stop {}

impl Stop {
    /// The finding as an error of a reader.
    pub(crate) fn error(finding: Finding) -> io::Error {
        io::Error::other(Self(finding))
    }
}

/// A document as UTF-8 with the place in it and a budget for the next event.
pub(crate) struct Input<R> {
    text: Text<R>,
    budget: usize,
    /// Line of the next byte, from 1.
    pub(crate) line: u64,
    /// Bytes of the line before the next byte.
    pub(crate) column: u64,
}

impl<R: Read> Input<R> {
    /// Finds out the encoding; nothing is handed out before [`Input::allow`].
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let mut prolog = Vec::with_capacity(PROLOG_BYTES);
        inner.by_ref().take(PROLOG_BYTES as u64).read_to_end(&mut prolog)?;
        let (encoding, mark) = encoding_of(&prolog)?;
        let mut prolog = Cursor::new(prolog);
        prolog.set_position(mark);
        let bytes = BufReader::with_capacity(CHUNK_BYTES, prolog.chain(inner));
        let text = if encoding == UTF_8 {
            Text::Utf8(bytes)
        } else {
            Text::Other(Box::new(Decoded::new(bytes, encoding)))
        };
        Ok(Self {
            text,
            budget: 0,
            line: 1,
            column: 0,
        })
    }

    /// The encoding that is read.
    pub(crate) fn encoding(&self) -> &'static Encoding {
        match &self.text {
            Text::Utf8(_) => UTF_8,
            Text::Other(decoded) => decoded.decoder.encoding(),
        }
    }

    /// Lets the next event take so many bytes.
    pub(crate) fn allow(&mut self, bytes: usize) {
        self.budget = bytes;
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(out.len());
        out[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.text.fill_buf()?;
        if self.budget == 0 && !bytes.is_empty() {
            return Err(Stop::error(Finding::new(Code::FieldTooLong).arg("line", self.line)));
        }
        Ok(&bytes[..bytes.len().min(self.budget)])
    }

    fn consume(&mut self, count: usize) {
        // The bytes are still buffered, so this neither reads nor fails.
        if let Ok(bytes) = self.text.fill_buf() {
            let bytes = &bytes[..count.min(bytes.len())];
            match memchr::memrchr(b'\n', bytes) {
                Some(last) => {
                    self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
                    self.column = (bytes.len() - last - 1) as u64;
                }
                None => self.column += bytes.len() as u64,
            }
        }
        self.budget = self.budget.saturating_sub(count);
        self.text.consume(count);
    }
}

type Bytes<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

enum Text<R> {
    Utf8(Bytes<R>),
    Other(Box<Decoded<R>>),
}

impl<R: Read> Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Utf8(bytes) => bytes.fill_buf(),
            Self::Other(decoded) => decoded.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        match self {
            Self::Utf8(bytes) => bytes.consume(count),
            Self::Other(decoded) => decoded.start += count,
        }
    }
}

struct Decoded<R> {
    bytes: Bytes<R>,
    decoder: Decoder,
    out: Box<[u8]>,
    start: usize,
    end: usize,
    finished: bool,
}

impl<R: Read> Decoded<R> {
    fn new(bytes: Bytes<R>, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self {
            bytes,
            decoder,
            out: vec![0; CHUNK_BYTES].into_boxed_slice(),
            start: 0,
            end: 0,
            finished: false,
        }
    }

    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.start >= self.end && !self.finished {
            let input = self.bytes.fill_buf()?;
            let last = input.is_empty();
            let (result, read, written) = self
                .decoder
                .decode_to_utf8_without_replacement(input, &mut self.out, last);
            self.bytes.consume(read);
            (self.start, self.end) = (0, written);
            match result {
                DecoderResult::InputEmpty => self.finished = last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return Err(bad_encoding(self.decoder.encoding().name())),
            }
        }
        Ok(&self.out[self.start.min(self.end)..self.end])
    }
}

fn bad_encoding(name: &str) -> io::Error {
    Stop::error(Finding::new(Code::BadEncoding).arg("encoding", name))
}

/// The encoding of a document and the length of its byte order mark (XML 1.0, appendix F).
fn encoding_of(prolog: &[u8]) -> io::Result<(&'static Encoding, u64)> {
    if let Some((encoding, mark)) = Encoding::for_bom(prolog) {
        return Ok((encoding, mark as u64));
    }
    if prolog.starts_with(b"<\0?\0") {
        return Ok((UTF_16LE, 0));
    }
    if prolog.starts_with(b"\0<\0?") {
        return Ok((UTF_16BE, 0));
    }
    let Some(label) = declared_encoding(prolog) else {
        return Ok((UTF_8, 0));
    };
    match Encoding::for_label(label) {
        // The declaration was readable as ASCII, so it is none of these whatever it says.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok((UTF_8, 0)),
        Some(encoding) => Ok((encoding, 0)),
        None => Err(bad_encoding(&String::from_utf8_lossy(label))),
    }
}

/// The label in `<?xml … encoding="…"?>`.
fn declared_encoding(prolog: &[u8]) -> Option<&[u8]> {
    let rest = prolog.strip_prefix(b"<?xml")?;
    let declaration = &rest[..rest.windows(2).position(|pair| pair == b"?>")?];
    let at = declaration.windows(8).position(|word| word == b"encoding")?;
    let value = declaration[at + 8..]
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let quote = *value.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &value[1..];
    Some(&value[..value.iter().position(|&byte| byte == quote)?])
}
