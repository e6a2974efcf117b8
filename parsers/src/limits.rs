//! What a hostile file may cost. Enforced while reading, never afterwards.

use serde::{Deserialize, Serialize};

/// Limits of one parse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Bytes of one field; longer ones are cut and found.
    pub field_bytes: usize,
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Columns of a row.
    pub columns: usize,
    /// Records of a file.
    pub records: u64,
    /// Bytes that a packed file (workbook, bundle) may unpack to.
    pub unpacked_bytes: u64,
    /// Bytes of a workbook that can only be read whole (XLS, ODS). It may unpack to sixteen times as many, repeated
    /// cells written out, and have a quarter as many cells, empty ones inside its used range included.
    pub dense_bytes: u64,
    /// Cells of a workbook, empty ones inside its used range included.
    pub cells: u64,
    /// Sheets of a workbook, members of a bundle.
    pub parts: u32,
    /// Papers of a bundle.
    pub papers: usize,
    /// Bytes of a paper.
    pub paper_bytes: u64,
    /// Nesting of XML elements.
    pub xml_depth: usize,
    /// File-level findings kept; further ones are counted only.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 2 << 30,
            field_bytes: 64 << 10,
            row_bytes: 1 << 20,
            columns: 512,
            records: 5_000_000,
            unpacked_bytes: 2 << 30,
            dense_bytes: 32 << 20,
            cells: 100_000_000,
            parts: 256,
            papers: 200,
            paper_bytes: 25 << 20,
            xml_depth: 32,
            findings: 1_000,
        }
    }
}
