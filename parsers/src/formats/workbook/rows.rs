//! Places cells by column into rows, within the limits.

use std::ops::ControlFlow;

use crate::finding::{Code, Finding};
use crate::formats::{Row, Typed, Unreadable};
use crate::limits::Limits;

/// What a source hands its rows to.
pub(crate) type Visit<'v> = dyn FnMut(&mut Row) -> Result<ControlFlow<()>, Unreadable> + 'v;

/// Rows that a sheet has at most, in any kind of workbook.
pub(crate) const ROWS: u64 = 1 << 20;

/// Columns that a sheet has at most, in any kind of workbook.
pub(crate) const COLUMNS: u32 = 1 << 14;

/// Collects the cells of a row and hands it out when the next one begins.
pub(crate) struct Rows<'a, 'v> {
    limits: &'a Limits,
    visit: &'a mut Visit<'v>,
    row: Row,
    number: u64,
    text: String,
    placed: Vec<Placed>,
    sorted: bool,
    defects: Vec<Finding>,
    cells: u64,
    bytes: u64,
}

struct Placed {
    column: u32,
    start: usize,
    end: usize,
    typed: Option<Typed>,
}

impl<'a, 'v> Rows<'a, 'v> {
    /// Begins a part.
    pub(crate) fn new(limits: &'a Limits, visit: &'a mut Visit<'v>) -> Self {
        let (text, placed, defects) = (String::new(), Vec::new(), Vec::new());
        Self {
            limits,
            visit,
            row: Row::default(),
            number: 0,
            text,
            placed,
            sorted: true,
            defects,
            cells: 0,
            bytes: 0,
        }
    }

    /// Counts cells against the limit, empty ones too.
    pub(crate) fn count(&mut self, cells: u64) -> Result<(), Unreadable> {
        self.cells = self.cells.saturating_add(cells);
        if self.cells > self.limits.cells {
            return Err(Finding::new(Code::TooManyCells).arg("limit", self.limits.cells).into());
        }
        Ok(())
    }

    /// Puts a cell into row `number` (from 1) at `column` (from 0); hands the row before out when it is another.
    pub(crate) fn cell(
        &mut self,
        number: u64,
        column: u32,
        text: &str,
        typed: Option<Typed>,
    ) -> Result<ControlFlow<()>, Unreadable> {
        self.count(1)?;
        if number > ROWS || column >= COLUMNS {
            return Err(Finding::new(Code::CorruptFile).into());
        }
        if number != self.number && self.flush()?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        self.number = number;
        if text.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        if column as usize >= self.limits.columns {
            self.defect(Code::TooManyFields, column, self.limits.columns);
            return Ok(ControlFlow::Continue(()));
        }
        let mut kept = text;
        if text.len() > self.limits.field_bytes {
            kept = &text[..text.floor_char_boundary(self.limits.field_bytes)];
            self.defect(Code::FieldTooLong, column, self.limits.field_bytes);
        }
        if self.text.len() + kept.len() > self.limits.row_bytes {
            self.defect(Code::FieldTooLong, column, self.limits.row_bytes);
            return Ok(ControlFlow::Continue(()));
        }
        let start = self.text.len();
        self.text.push_str(kept);
        self.sorted &= self.placed.last().is_none_or(|last| last.column < column);
        self.placed.push(Placed {
            column,
            start,
            end: self.text.len(),
            typed,
        });
        Ok(ControlFlow::Continue(()))
    }

    /// Hands the row out; one without text is left out.
    pub(crate) fn flush(&mut self) -> Result<ControlFlow<()>, Unreadable> {
        if self.placed.is_empty() && self.defects.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        if !self.sorted {
            // The cell that came last wins; a stable sort keeps it behind its double.
            self.placed.sort_by_key(|placed| placed.column);
            self.sorted = true;
        }
        // Cells that share a string may say far more than the file holds.
        self.bytes += self.text.len() as u64;
        if self.bytes > self.limits.unpacked_bytes {
            return Err(Finding::new(Code::UnpacksTooLarge)
                .arg("limit", self.limits.unpacked_bytes)
                .into());
        }
        self.fill();
        self.placed.clear();
        self.text.clear();
        (self.visit)(&mut self.row)
    }

    fn fill(&mut self) {
        self.row.number = self.number;
        self.row.cells.clear();
        self.row.typed.clear();
        self.row.defects.clear();
        self.row.defects.append(&mut self.defects);
        for index in 0..self.placed.len() {
            let next = self.placed.get(index + 1).map(|next| next.column);
            let placed = &mut self.placed[index];
            if next == Some(placed.column) {
                continue;
            }
            while self.row.cells.len() < placed.column as usize {
                self.row.cells.push("");
            }
            self.row.cells.push(&self.text[placed.start..placed.end]);
            self.row
                .typed
                .extend(placed.typed.take().map(|typed| (placed.column, typed)));
        }
    }

    /// Notes what is wrong with the row, once per kind.
    fn defect(&mut self, code: Code, column: u32, limit: usize) {
        if self.defects.iter().all(|defect| defect.code != code) {
            self.defects
                .push(Finding::new(code).column(column, None).arg("limit", limit));
        }
    }
}
