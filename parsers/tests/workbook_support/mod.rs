//! Reads a workbook whole, for tests.

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
    let sheets: Vec<_> = source.parts().iter().map(|part| part.sheet.clone().expect("a sheet's name")).collect();
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
