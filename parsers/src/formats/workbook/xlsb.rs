//! XLSB (MS-XLSB), streamed cell by cell.
//!
//! The library tells no number formats of this kind other than dates, and leaves out errors that formulas came to.

use std::ops::ControlFlow;

use calamine::Reader;

use crate::formats::{PartHead, Source, Unreadable};
use crate::limits::Limits;
use crate::staged::{Dialect, WorkbookKind};

use super::guard;
use super::library::{self, Input};
use super::package::Package;
use super::rows::{Rows, Visit};
use super::values::{Context, place};

/// An opened workbook.
pub(crate) struct Xlsb {
    book: calamine::Xlsb<Input>,
    limits: Limits,
    parts: Vec<PartHead>,
}

impl Xlsb {
    /// Opens a workbook.
    pub(crate) fn open(mut package: Package, limits: &Limits) -> Result<Self, Unreadable> {
        guard::xlsb(&mut package)?;
        let file = Input::new(package.into_file());
        let book = library::call(|| calamine::Xlsb::new(file))?;
        let names = library::visible(book.sheets_metadata(), limits)?;
        let (limits, parts) = (limits.clone(), Vec::new());
        let mut workbook = Self { book, limits, parts };
        let dialect = Dialect::Workbook {
            kind: WorkbookKind::Xlsb,
        };
        for name in names {
            let mut found = false;
            workbook.read(&name, &mut |_| {
                found = true;
                Ok(ControlFlow::Break(()))
            })?;
            if found {
                workbook.parts.push(PartHead {
                    member: None,
                    sheet: Some(name),
                    dialect: dialect.clone(),
                });
            }
        }
        Ok(workbook)
    }

    fn read(&mut self, name: &str, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let context = Context {
            shape: None,
            epoch_1904: self.book.has_1904_epoch(),
        };
        let mut cells = library::call(|| self.book.worksheet_cells_reader(name))?;
        let mut rows = Rows::new(&self.limits, visit);
        while let Some(cell) = library::call(|| cells.next_cell())? {
            if place(&mut rows, cell.get_position(), cell.get_value(), &context)?.is_break() {
                return Ok(());
            }
        }
        rows.flush().map(drop)
    }
}

impl Source for Xlsb {
    fn parts(&self) -> &[PartHead] {
        &self.parts
    }

    fn rows(&mut self, index: usize, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        match self.parts.get(index).and_then(|part| part.sheet.clone()) {
            Some(name) => self.read(&name, visit),
            None => Ok(()),
        }
    }
}
