//! The way into calamine, which reads the cells: its errors and panics become findings.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{OdsError, Sheet, SheetType, SheetVisible, XlsError, XlsbError, XlsxError};

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::limits::Limits;

/// What the library reads packages from.
pub(crate) type Input = BufReader<File>;

/// Calls the library.
///
/// It indexes into records as if they were as long as they ought to be, so that a damaged workbook can make it panic.
/// Such a panic means `CORRUPT_FILE` and nothing worse: a reader is never used again after a failed call, and no state
/// but the reader's is touched within one. What is caught is the library's alone; whoever takes the rows is called
/// outside.
///
/// # Errors
/// `PASSWORD_PROTECTED`, `CELL_ERROR`, `CORRUPT_FILE`, or the fault of the machine that kept it from reading.
pub(crate) fn call<T, E: Into<calamine::Error>>(reading: impl FnOnce() -> Result<T, E>) -> Result<T, Unreadable> {
    match catch_unwind(AssertUnwindSafe(reading)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(fault(&error.into())),
        Err(_) => Err(Finding::new(Code::CorruptFile).into()),
    }
}

fn fault(error: &calamine::Error) -> Unreadable {
    match error {
        calamine::Error::Xlsx(XlsxError::Password)
        | calamine::Error::Xlsb(XlsbError::Password)
        | calamine::Error::Xls(XlsError::Password)
        | calamine::Error::Ods(OdsError::Password) => Finding::new(Code::PasswordProtected).into(),
        // One that the library does not know; it does not tell where it stands.
        calamine::Error::Xlsx(XlsxError::CellError(value)) => Finding::new(Code::CellError).value(value).into(),
        error => machine(error).map_or_else(|| Finding::new(Code::CorruptFile).into(), Unreadable::Io),
    }
}

/// The error of the operating system at the bottom of another one.
fn machine(error: &(dyn Error + 'static)) -> Option<io::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let number = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
        if let Some(found) = number.map(io::Error::from_raw_os_error) {
            // An offset that the file makes up may be none that one can seek to.
            return (found.kind() != io::ErrorKind::InvalidInput).then_some(found);
        }
        cause = error.source();
    }
    None
}

/// The names of the worksheets that people see, in their order.
///
/// # Errors
/// `TOO_MANY_CELLS` for too many sheets; `CORRUPT_FILE` when two have one name, since a sheet is asked for by its name.
pub(crate) fn visible(sheets: &[Sheet], limits: &Limits) -> Result<Vec<String>, Unreadable> {
    let mut names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    if names.len() > limits.parts as usize {
        return Err(Finding::new(Code::TooManyCells).arg("limit", limits.parts).into());
    }
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Finding::new(Code::CorruptFile).into());
    }
    Ok(sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect())
}
