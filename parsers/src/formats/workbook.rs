//! Workbooks: XLSX, XLSM, XLSB, XLS and ODS as rows of cells, read by calamine.
//!
//! A guard stands in front of the library and refuses what would make it take memory without end (`guard`, `biff`,
//! `repeats`, `package`); `library` turns what it stumbles over into findings. What neither foresees ends the
//! process that parses, whose memory is limited.
//!
//! What is read of them, in every kind:
//! - **Sheets**: the visible ones that hold any text, in their order. Hidden sheets are left out: what a
//!   bookkeeper hides are drop-down lists, scratch work and last year, and nobody would expect them to become
//!   claims. Hidden rows and columns are read, since a filter left on hides rows that were meant.
//! - **Cells**: what a formula came to last, placed by column; rows keep the number that the spreadsheet shows.
//! - **Texts**: numbers as plain decimals with a point, dates as `2024-03-15`. In XLSX and XLSM percentages come with
//!   their sign and leading zeros where the cell's format shows them; of the other kinds the library does not tell
//!   the formats, so that `5 %` is 0.05 there.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use calamine::Reader;

use crate::finding::{Code, Finding};
use crate::formats::{Source, Unreadable};
use crate::limits::Limits;
use crate::staged::WorkbookKind;

mod biff;
mod dense;
mod guard;
mod library;
pub(crate) mod package;
mod repeats;
mod rows;
mod shape;
mod values;
mod xlsb;
mod xlsx;

use dense::Dense;
use package::Package;

/// First bytes of a ZIP package.
const ZIP: &[u8] = b"PK";

/// Content type of an ODS; of a template, it goes on with `-template`.
const SPREADSHEET: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Opens a workbook of any kind.
///
/// # Errors
/// A finding: `UNKNOWN_FORMAT` (argument `looks_like`) when it is no workbook, `PASSWORD_PROTECTED`, `CORRUPT_FILE`,
/// `UNPACKS_TOO_LARGE`, `TOO_MANY_CELLS`, `FILE_TOO_LARGE` for one that can only be read whole, `EMPTY_FILE` when no
/// visible sheet holds any text.
pub fn open(mut file: File, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    let mut magic = Vec::with_capacity(8);
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(8).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    let source = if magic.starts_with(ZIP) {
        open_package(file, limits)?
    } else if magic == biff::COMPOUND {
        open_xls(file, limits)?
    } else {
        return Err(unknown("file"));
    };
    if source.parts().is_empty() {
        return Err(Finding::new(Code::EmptyFile).into());
    }
    Ok(source)
}

fn open_package(file: File, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    let bytes = file.metadata()?.len();
    let mut package = Package::open(file, limits)?;
    if let Some(main) = guard::main_part(&mut package)? {
        let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
        return match (folder, name) {
            (_, name) if name.ends_with(".bin") => Ok(Box::new(xlsb::Xlsb::open(package, limits)?)),
            ("word", _) => Err(unknown("docx")),
            ("ppt", _) => Err(unknown("pptx")),
            _ => Ok(Box::new(xlsx::Xlsx::open(package, &main, limits)?)),
        };
    }
    if package.contains(repeats::CONTENT) {
        return match package.text("mimetype", 100)?.as_deref() {
            Some(kind) if kind.starts_with(SPREADSHEET) => open_ods(package, bytes, limits),
            Some(kind) if kind.contains("opendocument.text") => Err(unknown("odt")),
            _ => Err(unknown("opendocument")),
        };
    }
    Err(unknown("zip"))
}

/// Whether a ZIP is an office document of any kind, which is read or refused as such.
///
/// # Errors
/// As those of XML.
pub(crate) fn is_workbook(package: &mut Package) -> Result<bool, Unreadable> {
    Ok(guard::main_part(package)?.is_some() || package.contains(repeats::CONTENT))
}

fn open_ods(mut package: Package, bytes: u64, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    small_enough(bytes, limits)?;
    repeats::ods(&mut package, limits)?;
    let file = BufReader::new(package.into_file());
    let book = library::call(|| calamine::Ods::new(file))?;
    Ok(Box::new(Dense::new(book, WorkbookKind::Ods, false, limits)?))
}

fn open_xls(file: File, limits: &Limits) -> Result<Box<dyn Source>, Unreadable> {
    small_enough(file.metadata()?.len(), limits)?;
    let harmless = biff::harmless(file, limits)?;
    let book = library::call(|| calamine::Xls::new(harmless))?;
    let epoch_1904 = book.has_1904_epoch();
    Ok(Box::new(Dense::new(book, WorkbookKind::Xls, epoch_1904, limits)?))
}

/// Refuses a file that is too large to be read whole.
fn small_enough(bytes: u64, limits: &Limits) -> Result<(), Unreadable> {
    match bytes > limits.dense_bytes {
        true => Err(Finding::new(Code::FileTooLarge).arg("limit", limits.dense_bytes).into()),
        false => Ok(()),
    }
}

fn unknown(looks_like: &str) -> Unreadable {
    Finding::new(Code::UnknownFormat).arg("looks_like", looks_like).into()
}
