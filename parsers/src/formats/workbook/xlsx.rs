//! XLSX and XLSM (ECMA-376), streamed cell by cell.

use std::ops::ControlFlow;

use calamine::Reader;

use crate::formats::{PartHead, Source, Unreadable};
use crate::limits::Limits;
use crate::staged::{Dialect, WorkbookKind};

use super::guard;
use super::library::{self, Input};
use super::package::Package;
use super::rows::{Rows, Visit};
use super::shape::Shape;
use super::values::{Context, place};

/// An opened workbook.
pub(crate) struct Xlsx {
    book: calamine::Xlsx<Input>,
    limits: Limits,
    parts: Vec<PartHead>,
    /// What each cell style makes of a number; known once a sheet was begun.
    shapes: Vec<Shape>,
}

impl Xlsx {
    /// Opens a workbook whose main part stands at `main`.
    pub(crate) fn open(mut package: Package, main: &str, limits: &Limits) -> Result<Self, Unreadable> {
        guard::xlsx(&mut package, main)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let kind = if package.contains(&format!("{folder}/vbaProject.bin")) {
            WorkbookKind::Xlsm
        } else {
            WorkbookKind::Xlsx
        };
        let file = Input::new(package.into_file());
        let book = library::call(|| calamine::Xlsx::new(file))?;
        let names = library::visible(book.sheets_metadata(), limits)?;
        let (limits, parts, shapes) = (limits.clone(), Vec::new(), Vec::new());
        let mut workbook = Self {
            book,
            limits,
            parts,
            shapes,
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
                    dialect: Dialect::Workbook { kind },
                });
            }
        }
        Ok(workbook)
    }

    fn read(&mut self, name: &str, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let epoch_1904 = self.book.has_1904_epoch();
        let mut cells = library::call(|| self.book.worksheet_cells_reader(name))?;
        if self.shapes.is_empty() {
            self.shapes.extend(cells.styles().iter().map(shape));
        }
        let mut rows = Rows::new(&self.limits, visit);
        while let Some((cell, style)) = library::call(|| cells.next_cell_with_style_id())? {
            let context = Context {
                shape: Some(self.shapes.get(style).unwrap_or(&Shape::Plain)),
                epoch_1904,
            };
            if place(&mut rows, cell.get_position(), cell.get_value(), &context)?.is_break() {
                return Ok(());
            }
        }
        rows.flush().map(drop)
    }
}

/// The shape of a cell style.
fn shape(style: &calamine::Style) -> Shape {
    let Some(format) = &style.number_format else {
        return Shape::Plain;
    };
    match format.format_id {
        // A format without a code in the file, of which the library does not know all.
        Some(id) if format.format_code == "General" => Shape::of_builtin(id),
        _ => Shape::of_code(&format.format_code),
    }
}

impl Source for Xlsx {
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
