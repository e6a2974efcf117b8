//! Papers: which kind of file one is, by its content and never by its name.
//!
//! What is taken: PDF, PNG, JPEG, TIFF, DOCX, XLSX, ODT, ODS, the older DOC and XLS, mails (EML, MSG), XML and plain text.
//! Everything else is refused, programs and scripts by what they are, the rest since nobody at the agency could open it.

use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::finding::{Code, Finding};

/// Bytes of the beginning that are looked at.
const HEAD: usize = 4096;

/// Longest pattern that is looked for anywhere, in bytes.
const LONGEST: usize = 64;

/// Endings under which Windows starts a file, whatever it holds.
const PROGRAMS: &[&str] = &[
    "exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "msi", "lnk", "jar",
    "dll", "pif", "reg", "cpl",
];

/// A kind of paper that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the file extensions explain themselves")]
pub enum PaperKind {
    Pdf,
    Png,
    Jpeg,
    Tiff,
    Docx,
    Xlsx,
    Odt,
    Ods,
    Doc,
    Xls,
    Eml,
    Msg,
    Xml,
    Text,
}

impl PaperKind {
    /// The content type, as registered with IANA.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Eml => "message/rfc822",
            Self::Msg => "application/vnd.ms-outlook",
            Self::Xml => "application/xml",
            Self::Text => "text/plain",
        }
    }
}

/// What may stand anywhere in a container and tells which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Word,
    Excel,
    Macros,
    Outlook,
    OldWord,
    OldExcel,
}

/// Names of members stand in a ZIP as they are, those of streams in a compound file in UTF-16.
const MARKS: &[(&[u8], Mark)] = &[
    (b"word/document.xml", Mark::Word),
    (b"xl/workbook.", Mark::Excel),
    (b"vbaProject.bin", Mark::Macros),
    (b"_\0_\0s\0u\0b\0s\0t\0g\0", Mark::Outlook),
    (b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", Mark::OldWord),
    (b"W\0o\0r\0k\0b\0o\0o\0k\0", Mark::OldExcel),
];

/// Looks at the bytes of a paper as they pass by.
#[derive(Debug, Default)]
pub struct Sniffer {
    head: Vec<u8>,
    /// The last bytes: a mark may be cut by a border between two pieces.
    tail: Vec<u8>,
    marks: Vec<Mark>,
    bytes: u64,
    nul: bool,
    control: u64,
}

impl Sniffer {
    /// Nothing has been seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.bytes += bytes.len() as u64;
        self.nul |= memchr::memchr(0, bytes).is_some();
        let is_control = |byte: &&u8| **byte < 32 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 12 | 26);
        self.control += bytes.iter().filter(is_control).count() as u64;
        if self.head.starts_with(b"PK") || self.head.starts_with(COMPOUND) {
            let mut seen = std::mem::take(&mut self.tail);
            seen.extend_from_slice(&bytes[..bytes.len().min(LONGEST)]);
            self.look(&seen);
            self.look(bytes);
            seen.extend_from_slice(&bytes[bytes.len().min(LONGEST)..]);
            self.tail = seen[seen.len().saturating_sub(LONGEST)..].to_vec();
        }
    }

    fn look(&mut self, bytes: &[u8]) {
        for (pattern, mark) in MARKS {
            if !self.marks.contains(mark) && memmem::find(bytes, pattern).is_some() {
                self.marks.push(*mark);
            }
        }
    }

    /// What kind of paper it was, for a file called `name`.
    ///
    /// # Errors
    /// A finding: `EMPTY_FILE`, or `PAPER_TYPE_NOT_TAKEN` with what it looks like.
    pub fn finish(self, name: &str) -> Result<PaperKind, Finding> {
        if self.bytes == 0 {
            return Err(Finding::new(Code::EmptyFile));
        }
        let ending = name
            .rsplit_once('.')
            .map(|(_, ending)| ending.trim().to_ascii_lowercase());
        if ending.is_some_and(|ending| PROGRAMS.contains(&&*ending)) {
            return Err(refused("program"));
        }
        self.kind().map_err(refused)
    }

    fn kind(&self) -> Result<PaperKind, &'static str> {
        const MAGIC: &[(&[u8], PaperKind)] = &[
            (b"%PDF-", PaperKind::Pdf),
            (b"\x89PNG\r\n\x1a\n", PaperKind::Png),
            (b"\xff\xd8\xff", PaperKind::Jpeg),
            (b"II*\0", PaperKind::Tiff),
            (b"MM\0*", PaperKind::Tiff),
        ];
        if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| self.head.starts_with(magic)) {
            return Ok(*kind);
        }
        if self.head.starts_with(b"PK\x03\x04") {
            return self.package();
        }
        if self.head.starts_with(COMPOUND) {
            return self.compound();
        }
        self.text()
    }

    /// A ZIP: the office formats, and nothing else.
    fn package(&self) -> Result<PaperKind, &'static str> {
        // ODF stores its type as the first member, unpacked, behind a name of eight characters.
        let odf = self.head.get(30..).unwrap_or_default();
        if self.marks.contains(&Mark::Macros) {
            return Err("macros");
        }
        if odf.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.text") {
            return Ok(PaperKind::Odt);
        }
        if odf.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
            return Ok(PaperKind::Ods);
        }
        match (self.marks.contains(&Mark::Word), self.marks.contains(&Mark::Excel)) {
            (true, false) => Ok(PaperKind::Docx),
            (false, true) => Ok(PaperKind::Xlsx),
            _ => Err("zip"),
        }
    }

    /// A compound file: mails of Outlook and the office formats before 2007. An installer is one as well.
    fn compound(&self) -> Result<PaperKind, &'static str> {
        let kinds = [
            (Mark::Outlook, PaperKind::Msg),
            (Mark::OldWord, PaperKind::Doc),
            (Mark::OldExcel, PaperKind::Xls),
        ];
        let found = kinds.into_iter().find(|(mark, _)| self.marks.contains(mark));
        found.map(|(_, kind)| kind).ok_or("compound")
    }

    fn text(&self) -> Result<PaperKind, &'static str> {
        let start = self.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.head);
        let start = start.trim_ascii_start();
        if self.head.starts_with(b"\x7fELF") || (self.head.starts_with(b"MZ") && self.nul) {
            return Err("program");
        }
        if start.starts_with(b"#!") {
            return Err("script");
        }
        if self.nul || self.control * 100 > self.bytes {
            return Err("binary");
        }
        let lower = start[..start.len().min(HEAD)].to_ascii_lowercase();
        let active = [&b"<html"[..], b"<!doctype html", b"<script", b"<svg"];
        if active.iter().any(|tag| lower.starts_with(tag)) || memmem::find(&lower, b"<script").is_some() {
            return Err("html");
        }
        if start.starts_with(b"<?xml") {
            return Ok(PaperKind::Xml);
        }
        Ok(if is_mail(&lower) {
            PaperKind::Eml
        } else {
            PaperKind::Text
        })
    }
}

/// First bytes of a compound file.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Header fields come first, those that every mail has among them (RFC 5322, 3.6).
fn is_mail(lower: &[u8]) -> bool {
    let mut names = Vec::new();
    for line in lower.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        // A long field goes on in lines that begin with a blank.
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            return false;
        };
        names.push(&line[..colon]);
    }
    names.contains(&&b"from"[..]) && names.contains(&&b"date"[..])
}

fn refused(looks_like: &str) -> Finding {
    Finding::new(Code::PaperTypeNotTaken).arg("looks_like", looks_like)
}

/// The text of a message: UTF-8, with or without a mark, else Windows-1252. Line ends become line feeds, control
/// characters go.
///
/// # Errors
/// A finding when it is no text.
pub fn text(bytes: &[u8]) -> Result<String, Finding> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Finding::new(Code::NulBytes).arg("line", 1));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    };
    let text: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    match text.trim() {
        "" => Err(Finding::new(Code::EmptyFile)),
        text => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, bytes: &[u8]) -> Result<PaperKind, String> {
        let mut all = Sniffer::new();
        all.update(bytes);
        let whole = all.finish(name);
        // The same whatever the pieces are.
        let mut pieces = Sniffer::new();
        bytes.chunks(7).for_each(|piece| pieces.update(piece));
        assert_eq!(pieces.finish(name), whole);
        whole.map_err(|finding| {
            finding
                .args
                .first()
                .map_or_else(String::new, |(_, value)| value.clone())
        })
    }

    #[test]
    fn kinds_by_content() {
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let compound = |text: &str| [COMPOUND, &[0; 600], &utf16(text), &[0; 600]].concat();
        let zip = |names: &str| {
            [
                b"PK\x03\x04",
                &[9; 26][..],
                names.as_bytes(),
                &[7; 5000],
                names.as_bytes(),
            ]
            .concat()
        };
        for (name, bytes, expected) in [
            ("a.pdf", b"%PDF-1.7\n\0\x01".to_vec(), Ok(PaperKind::Pdf)),
            ("a.txt", b"\x89PNG\r\n\x1a\n\0".to_vec(), Ok(PaperKind::Png)),
            ("a.jpg", b"\xff\xd8\xff\xe0\0".to_vec(), Ok(PaperKind::Jpeg)),
            ("a.tif", b"II*\0\x08".to_vec(), Ok(PaperKind::Tiff)),
            (
                "a.docx",
                zip("[Content_Types].xml word/document.xml"),
                Ok(PaperKind::Docx),
            ),
            ("a.xlsx", zip("xl/workbook.xml"), Ok(PaperKind::Xlsx)),
            ("a.docm", zip("word/document.xml word/vbaProject.bin"), Err("macros")),
            (
                "a.odt",
                zip("mimetypeapplication/vnd.oasis.opendocument.text"),
                Ok(PaperKind::Odt),
            ),
            ("a.zip", zip("a.txt"), Err("zip")),
            ("a.msg", compound("__substg1.0_0037001F"), Ok(PaperKind::Msg)),
            ("a.doc", compound("WordDocument"), Ok(PaperKind::Doc)),
            ("a.msi", compound("WordDocument"), Err("program")),
            ("a", compound("Tables"), Err("compound")),
            ("a.txt", b"Sehr geehrte Damen, f\xfcr".to_vec(), Ok(PaperKind::Text)),
            ("a.xml", b"<?xml version='1.0'?><a/>".to_vec(), Ok(PaperKind::Xml)),
            (
                "a.eml",
                b"Received: x\nFrom: a@example.com\nDate: today\n\nHi".to_vec(),
                Ok(PaperKind::Eml),
            ),
            ("a.txt", b"Hello: you\nfrom me\n".to_vec(), Ok(PaperKind::Text)),
            ("a.html", b"<!DOCTYPE html><p>".to_vec(), Err("html")),
            ("a.xml", b"<?xml version='1.0'?><svg><script>".to_vec(), Err("html")),
            ("a.sh", b"#!/bin/sh\nrm -rf".to_vec(), Err("script")),
            ("a.pdf", b"MZ\x90\0\x03".to_vec(), Err("program")),
            ("a.pdf", b"\x7fELF\x02".to_vec(), Err("program")),
            ("a.bat", b"echo hello".to_vec(), Err("program")),
            ("a.bin", b"a\0b".to_vec(), Err("binary")),
            ("a.pdf", Vec::new(), Err("")),
        ] {
            assert_eq!(kind(name, &bytes), expected.map_err(str::to_owned), "{name}");
        }
    }

    #[test]
    fn texts_of_messages() {
        assert_eq!(text("\u{feff}Grüße\r\nEnde\n".as_bytes()).unwrap(), "Grüße\nEnde");
        assert_eq!(text(b"Gr\xfc\xdfe\x07").unwrap(), "Grüße");
        assert_eq!(text(b" \r\n").unwrap_err().code, Code::EmptyFile);
        assert_eq!(text(b"a\0").unwrap_err().code, Code::NulBytes);
    }
}
