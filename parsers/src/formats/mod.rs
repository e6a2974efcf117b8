//! Formats: bytes to rows of cells. One format, one file.

use std::io;
use std::ops::ControlFlow;

use chrono::NaiveDateTime;

use crate::finding::Finding;
use crate::record::Cells;
use crate::staged::Dialect;
use crate::statement::Counts;

pub mod camt;
pub mod delimited;
pub mod encoding;
pub mod key_value;
pub mod sniff;
pub mod split;
pub mod workbook;
pub mod xml;

/// A cell that the format itself types (workbooks); its text stands in [`Row::cells`] all the same.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// A number as a plain decimal text with a point (never a float near money). Out of a spreadsheet it is the shortest
    /// with the 15 significant digits that are shown there, whole numbers exact; in percent where the cell says so.
    Number(String),
    /// A date or a time.
    Date(NaiveDateTime),
    /// A truth value.
    Bool(bool),
    /// A spreadsheet error such as `#REF!`.
    Error(String),
}

/// A row as the format gives it, before any meaning.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// As the client sees it in Excel or an editor, from 1.
    pub number: u64,
    /// The text of each cell.
    pub cells: Cells,
    /// Typed cells by column index, sorted.
    pub typed: Vec<(u32, Typed)>,
    /// What is wrong with the row as such (unclosed quote, field too long, …).
    pub defects: Vec<Finding>,
}

/// A part as the format gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartHead {
    /// Member of a bundle.
    pub member: Option<String>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// How it was written.
    pub dialect: Dialect,
}

/// Why a part could not be read (to its end).
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The bytes are at fault: a finding for the client.
    #[error("the file cannot be read: {}", .0.code.as_str())]
    Finding(Box<Finding>),
    /// The machine is at fault, or the sink asked to end.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A format that yields rows. Every part can be read several times: once for the profile, once for the records.
pub trait Source {
    /// The parts in order.
    fn parts(&self) -> &[PartHead];

    /// Of a bank statement, what the last reading left out; `None` of any other format.
    fn statement(&self) -> Option<Counts> {
        None
    }

    /// Hands each row of part `index` to `visit`, streaming; the row is reused. Ends early on `Break`.
    ///
    /// # Errors
    /// When the part cannot be read; rows before that were handed out.
    fn rows(
        &mut self,
        index: usize,
        visit: &mut dyn FnMut(&mut Row) -> Result<ControlFlow<()>, Unreadable>,
    ) -> Result<(), Unreadable>;
}
