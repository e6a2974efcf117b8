//! Workbooks: XLSX, XLSM, XLSB, XLS and ODS as rows of cells.
//!
//! What is read of them, in every kind:
//! - **Sheets**: the visible ones that hold any text, in their order. Hidden sheets are left out: what a
//!   bookkeeper hides are drop-down lists, scratch work and last year, and nobody would expect them to become
//!   claims. Hidden rows and columns are read, since a filter left on hides rows that were meant.
//! - **Cells**: what a formula came to last, placed by column; rows keep the number that the spreadsheet shows.
//! - **Texts**: numbers as plain decimals with a point, dates as `2024-03-15`, percentages with their sign, and
//!   leading zeros where the cell's format shows them.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::finding::{Code, Finding};
use crate::formats::{Source, Unreadable};
use crate::limits::Limits;

mod biff;
mod binary;
mod ods;
mod package;
mod rows;
mod shape;
mod sheet;
mod strings;
mod xls;
mod xlsb;
mod xlsx;

use package::Package;

/// First bytes of a ZIP package.
const ZIP: &[u8] = b"PK";

/// Content type of an ODS; of a template, it goes on with `-template`.
const SPREADSHEET: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Opens a workbook of any kind.
///
/// # Errors
/// A finding: `UNKNOWN_FORMAT` (argument `looks_like`) when it is no workbook, `PASSWORD_PROTECTED`, `CORRUPT_FILE`,
/// `UNPACKS_TOO_LARGE`, `TOO_MANY_CELLS`, `EMPTY_FILE` when no visible sheet holds any text.
pub fn open(mut file: File, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    let mut magic = Vec::with_capacity(8);
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(8).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    let source = if magic.starts_with(ZIP) {
        open_package(file, limits)?
    } else if magic == xls::COMPOUND {
        Box::new(xls::Xls::open(file, limits)?)
    } else {
        return Err(unknown("file"));
    };
    if source.parts().is_empty() {
        return Err(Finding::new(Code::EmptyFile).into());
    }
    Ok(source)
}

fn open_package(file: File, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    let mut package = Package::open(file, limits)?;
    if let Some(main) = xlsx::main_part(&mut package)? {
        let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
        return match (folder, name) {
            (_, name) if name.ends_with(".bin") => Ok(Box::new(xlsb::Xlsb::open(package, &main, limits)?)),
            ("word", _) => Err(unknown("docx")),
            ("ppt", _) => Err(unknown("pptx")),
            _ => Ok(Box::new(xlsx::Xlsx::open(package, &main, limits)?)),
        };
    }
    if package.contains(ods::CONTENT) {
        return match package.text("mimetype", 100)?.as_deref() {
            Some(kind) if kind.starts_with(SPREADSHEET) => Ok(Box::new(ods::Ods::open(package, limits)?)),
            None => Ok(Box::new(ods::Ods::open(package, limits)?)),
            Some(kind) if kind.contains("opendocument.text") => Err(unknown("odt")),
            Some(_) => Err(unknown("opendocument")),
        };
    }
    Err(unknown("zip"))
}

fn unknown(looks_like: &str) -> Unreadable {
    Finding::new(Code::UnknownFormat).arg("looks_like", looks_like).into()
}
