//! XLS and ODS, which the library can only read whole: every sheet is a table in memory, empty cells included.
//!
//! The library tells no number formats of these kinds other than dates; in ODS neither errors from other texts.

use std::io::{Read, Seek};

use calamine::{Data, DataType, Range, Reader};

use crate::formats::{PartHead, Source, Unreadable};
use crate::limits::Limits;
use crate::staged::{Dialect, WorkbookKind};

use super::library;
use super::rows::{Rows, Visit};
use super::values::{Context, place};

/// A workbook that was read whole.
pub(crate) struct Dense {
    limits: Limits,
    parts: Vec<PartHead>,
    sheets: Vec<Range<Data>>,
    epoch_1904: bool,
}

impl Dense {
    /// Keeps the sheets that hold any text.
    pub(crate) fn new<B, RS>(
        mut book: B,
        kind: WorkbookKind,
        epoch_1904: bool,
        limits: &Limits,
    ) -> Result<Self, Unreadable>
    where
        RS: Read + Seek,
        B: Reader<RS>,
        B::Error: Into<calamine::Error>,
    {
        let (mut parts, mut sheets) = (Vec::new(), Vec::new());
        for name in library::visible(book.sheets_metadata(), limits)? {
            let range = library::call(|| book.worksheet_range(&name))?;
            if range.used_cells().all(|(_, _, value)| value.get_string() == Some("")) {
                continue;
            }
            sheets.push(range);
            parts.push(PartHead {
                member: None,
                sheet: Some(name),
                dialect: Dialect::Workbook { kind },
            });
        }
        let limits = limits.clone();
        Ok(Self {
            limits,
            parts,
            sheets,
            epoch_1904,
        })
    }
}

impl Source for Dense {
    fn parts(&self) -> &[PartHead] {
        &self.parts
    }

    fn rows(&mut self, index: usize, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let Some((range, (top, left))) = self.sheets.get(index).and_then(|range| Some((range, range.start()?))) else {
            return Ok(());
        };
        let context = Context {
            shape: None,
            epoch_1904: self.epoch_1904,
        };
        let mut rows = Rows::new(&self.limits, visit);
        for (row, column, value) in range.used_cells() {
            // A sheet of the library has far fewer rows and columns than fit here.
            let place_of = |offset: usize, start: u32| start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
            let position = (place_of(row, top), place_of(column, left));
            if place(&mut rows, position, value, &context)?.is_break() {
                return Ok(());
            }
        }
        rows.flush().map(drop)
    }
}

/// A workbook's cells that [`Dense`] may hold, empty ones included: what they take follows from their number.
pub(crate) fn cells_allowed(limits: &Limits) -> u64 {
    (limits.dense_bytes / 4).min(limits.cells)
}
