//! Recognising: which format the bytes are in, by content and never by name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::finding::{Code, Finding, Severity};
use crate::formats::delimited::Delimited;
use crate::formats::encoding::{self, Examined, TextReader};
use crate::formats::key_value::{self, KeyValue};
use crate::formats::{Source, Unreadable, camt, sniff, workbook, xml};
use crate::limits::Limits;

/// Bytes of text that show the dialect.
const SAMPLE: usize = 128 << 10;

/// An opened file and what was found on the way.
pub struct Opened {
    /// Gives its rows.
    pub source: Box<dyn Source>,
    /// Findings of the file that do not end the parse.
    pub findings: Vec<Finding>,
}

/// Opens `file` in the format that its content shows.
///
/// # Errors
/// A finding when it is empty, too large or in no known format; an I/O error when it cannot be read.
pub fn open(mut file: File, limits: &Limits) -> Result<Opened, Unreadable> {
    let length = file.metadata()?.len();
    if length > limits.file_bytes {
        return found(Finding::new(Code::FileTooLarge).arg("limit", limits.file_bytes));
    }
    let mut start = Vec::with_capacity(4096);
    file.seek(SeekFrom::Start(0))?;
    Read::by_ref(&mut file).take(4096).read_to_end(&mut start)?;
    file.seek(SeekFrom::Start(0))?;
    if let Some(kind) = foreign(&start) {
        return found(Finding::new(Code::UnknownFormat).arg("looks_like", kind));
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") || start.starts_with(COMPOUND) {
        return opened(workbook::open(file, limits)?);
    }
    if is_markup(&start) {
        return opened(if camt::is_message(&file, limits) {
            camt::open(file, limits)?
        } else {
            xml::open(file, limits)?
        });
    }
    text(file, limits)
}

/// First bytes of a compound file: XLS, and workbooks with a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The first character is `<`, in UTF-8 or UTF-16.
fn is_markup(start: &[u8]) -> bool {
    let utf8 = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let next = utf8.get(1).copied().unwrap_or(0);
    let tag = utf8.starts_with(b"<") && (next.is_ascii_alphabetic() || matches!(next, b'?' | b'!' | b'_'));
    tag || [&b"\xff\xfe<\0"[..], b"\xfe\xff\0<", b"<\0?\0", b"\0<\0?"]
        .iter()
        .any(|mark| start.starts_with(mark))
}

fn opened(source: Box<dyn Source>) -> Result<Opened, Unreadable> {
    Ok(Opened {
        source,
        findings: Vec::new(),
    })
}

fn found<T>(finding: Finding) -> Result<T, Unreadable> {
    Err(Unreadable::Finding(Box::new(finding)))
}

/// Formats that are no handover, by their first bytes.
fn foreign(start: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff", "image"),
        (b"GIF8", "image"),
        (b"II*\0", "image"),
        (b"MM\0*", "image"),
        (b"RIFF", "media"),
        (b"\x7fELF", "program"),
        (b"\xca\xfe\xba\xbe", "program"),
        (b"\xcf\xfa\xed\xfe", "program"),
        (b"\x1f\x8b", "gzip"),
        (b"BZh", "bzip2"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07", "rar"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"SQLite format 3\0", "database"),
        (b"{\\rtf", "rtf"),
        (b"-----BEGIN PGP", "pgp"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Some(kind);
    }
    // `MZ` alone begins too many texts: a program has zeros soon after.
    if start.starts_with(b"MZ") && start.iter().take(64).any(|byte| *byte == 0) {
        return Some("program");
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let lower = text[..text.len().min(64)].to_ascii_lowercase();
    if [&b"<html"[..], b"<!doctype html", b"<table", b"<meta", b"<body"]
        .iter()
        .any(|tag| lower.starts_with(tag))
    {
        return Some("html");
    }
    if lower.starts_with(b"{\"") || lower.starts_with(b"[{") || lower.starts_with(b"{\n") || lower.starts_with(b"{\r\n")
    {
        return Some("json");
    }
    None
}

/// A text: its encoding, then its dialect.
fn text(mut file: File, limits: &Limits) -> Result<Opened, Unreadable> {
    let examined = encoding::examine(&mut file)?;
    if examined.bytes == examined.bom_bytes {
        return found(Finding::new(Code::EmptyFile));
    }
    if let Some(line) = examined.nul_line {
        let mut start = vec![0; 4096];
        file.seek(SeekFrom::Start(0))?;
        let read = file.read(&mut start)?;
        // Many of them are a binary format that nobody listed, a few a damaged text.
        let zeros = start[..read].iter().filter(|byte| **byte == 0).count();
        if zeros * 20 > read {
            return found(Finding::new(Code::UnknownFormat).arg("looks_like", "binary"));
        }
        return found(Finding::new(Code::NulBytes).arg("line", line));
    }
    let mut findings = Vec::new();
    if let Some(line) = examined.broken_line {
        findings.push(
            Finding::new(Code::BadEncoding)
                .severity(Severity::Warning)
                .arg("line", line),
        );
    }
    let (sample, whole) = sample(&mut file, &examined)?;
    if sample.trim().is_empty() && whole {
        return found(Finding::new(Code::EmptyFile));
    }
    if binary(&sample) {
        return found(Finding::new(Code::UnknownFormat).arg("looks_like", "binary"));
    }
    if let Some(separator) = key_value::recognise(&sample) {
        let source = Box::new(KeyValue::open(file, examined, separator, limits)?);
        return Ok(Opened { source, findings });
    }
    let sniffed = sniff::sniff(&sample, whole, examined.has_lf);
    let source = Box::new(Delimited::new(file, examined, &sniffed, limits));
    Ok(Opened { source, findings })
}

/// The beginning of a text, and whether it is all of it.
fn sample(file: &mut File, examined: &Examined) -> io::Result<(String, bool)> {
    let mut reader = TextReader::new(file, examined)?;
    let mut sample = String::new();
    while sample.len() < SAMPLE {
        if !reader.append(&mut sample)? {
            return Ok((sample, true));
        }
    }
    Ok((sample, false))
}

/// Control characters by the dozen: no text in any encoding that is read here.
fn binary(sample: &str) -> bool {
    let head = sample.chars().take(4096);
    let (mut all, mut control) = (0, 0);
    for c in head {
        all += 1;
        control += usize::from(c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1a}'));
    }
    control * 20 > all
}
