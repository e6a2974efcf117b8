//! Makes and reads workbooks, for tests; each test file uses its part of it.

#![allow(dead_code, reason = "each test file is a crate of its own and uses a part")]

pub(crate) mod binary;

use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;

use dropcase_parsers::finding::Finding;
use dropcase_parsers::formats::{Row, Unreadable, workbook};
use dropcase_parsers::limits::Limits;

/// A sheet with its rows.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its name.
    pub(crate) sheet: String,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
}

/// Bytes as an open file without a name.
pub(crate) fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    file
}

/// Reads with the default limits.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Part>, Unreadable> {
    read_with(bytes, &Limits::default())
}

/// Reads every sheet, twice, and expects the same both times.
pub(crate) fn read_with(bytes: &[u8], limits: &Limits) -> Result<Vec<Part>, Unreadable> {
    let mut source = workbook::open(file_of(bytes), limits)?;
    let sheets: Vec<_> = source
        .parts()
        .iter()
        .map(|part| part.sheet.clone().expect("a sheet's name"))
        .collect();
    let mut parts = Vec::new();
    for (index, sheet) in sheets.into_iter().enumerate() {
        let mut passes = [Vec::new(), Vec::new()];
        for rows in &mut passes {
            source.rows(index, &mut |row: &mut Row| {
                rows.push(row.clone());
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let [rows, again] = passes;
        assert_eq!(rows, again, "a part reads the same every time");
        parts.push(Part { sheet, rows });
    }
    Ok(parts)
}

/// The finding with which a workbook is refused.
pub(crate) fn refusal(bytes: &[u8], limits: &Limits) -> Finding {
    match read_with(bytes, limits) {
        Err(Unreadable::Finding(finding)) => *finding,
        other => panic!("read after all: {other:?}"),
    }
}

/// A ZIP package of these members.
pub(crate) fn package(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a member");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a package").into_inner()
}

/// An XLSX of one sheet with this between `<sheetData>` and its end, and these shared strings.
pub(crate) fn xlsx(rows: &str, strings: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    package(&xlsx_members(sheet.as_bytes(), strings.as_bytes()))
}

/// The members of an XLSX of one sheet.
pub(crate) fn xlsx_members<'a>(sheet: &'a [u8], strings: &'a [u8]) -> Vec<(&'a str, &'a [u8])> {
    const ROOT: &[u8] = br#"<Relationships><Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &[u8] = br#"<workbook xmlns:r="x"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    const PARTS: &[u8] =
        br#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="http://x/sharedStrings" Target="../xl/sharedStrings.xml"/></Relationships>"#;
    vec![
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", PARTS),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ]
}

/// The members of an ODS with this document.
pub(crate) fn ods_members(content: &[u8]) -> Vec<(&str, &[u8])> {
    vec![
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest='urn:x'/>"),
        ("content.xml", content),
    ]
}
