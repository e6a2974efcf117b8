//! Layouts: how the columns of a file map to fields, as data.

pub mod combined;
mod context;
pub mod correction;
pub mod headers;
pub mod mapping;
pub mod profile;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fields::Field;
use crate::job::{DateOrder, NumberFormat};

/// A client's own layout, as it stands in `layouts/NAME.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// Raised with every change; kept with each delivery.
    #[serde(default)]
    pub version: u32,
    /// Headers (or, without a header row, column numbers from 1) to fields; several fields are a combined column.
    pub columns: BTreeMap<String, Vec<Field>>,
    /// The file has no header row: columns are named by number.
    #[serde(default)]
    pub no_header: bool,
    /// Values for fields that the file does not bring.
    #[serde(default)]
    pub defaults: BTreeMap<Field, String>,
    /// How amounts are written.
    pub number_format: Option<NumberFormat>,
    /// How dates are written.
    pub date_order: Option<DateOrder>,
}
