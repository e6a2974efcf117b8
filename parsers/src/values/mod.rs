//! Values: text to typed values. Pure functions, one type a file.

pub mod boolean;
pub mod code;
pub mod date;
pub mod money;
pub mod percent;
pub mod references;
pub mod text;
mod words;

/// Why a value was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Not a value of this type.
    Unreadable,
    /// Can be read in two ways and nothing says which is meant.
    Ambiguous,
    /// An amount with more decimals than its currency has.
    Precision,
}
