//! Writers of file formats: one format, one file. Tables go to people, JSON and XML to programs.

pub mod csv;
pub mod encoded;
pub mod html;
pub mod json;
pub mod xlsx;
pub mod xml;

use std::borrow::Cow;
use std::io;

use chrono::{NaiveDate, NaiveDateTime};

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk or whatever stands behind the writer.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The spreadsheet library refused something.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The JSON library refused something.
    #[error("the JSON could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// What is to be written could not be read.
    #[error("the source of the rows failed: {0}")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<::csv::Error> for WriteError {
    fn from(error: ::csv::Error) -> Self {
        match error.into_kind() {
            ::csv::ErrorKind::Io(error) => Self::Io(error),
            other => Self::Io(io::Error::other(format!("{other:?}"))),
        }
    }
}

/// A typed cell of a table for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text; never run as a formula.
    Text(Cow<'a, str>),
    /// A calendar date.
    Date(NaiveDate),
    /// A time in the client's zone.
    Time(NaiveDateTime),
    /// An amount in minor units of a currency with so many decimals.
    Money {
        /// Minor units.
        minor: i64,
        /// Decimals of the currency.
        digits: u32,
    },
    /// A whole number.
    Integer(i64),
}

impl<'a> Cell<'a> {
    /// A text cell; `None` and the empty text are an empty cell.
    pub fn text<T: Into<Cow<'a, str>>>(text: Option<T>) -> Self {
        match text.map(Into::into) {
            Some(text) if !text.is_empty() => Self::Text(text),
            _ => Self::Empty,
        }
    }
}

/// A column of a table for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading in the client's language.
    pub heading: String,
    /// Its width in characters, where the format has widths.
    pub width: u16,
}

impl Column {
    /// A column of that width.
    pub fn new(heading: impl Into<String>, width: u16) -> Self {
        Self {
            heading: heading.into(),
            width,
        }
    }
}

/// A small table with a title, one of several in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it shows.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell<'static>>>,
}

/// A table written row by row.
pub trait TableWriter {
    /// Writes one row; it has as many cells as the table has columns.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError>;

    /// Ends the table and hands everything to the file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(&mut self) -> Result<(), WriteError>;
}
