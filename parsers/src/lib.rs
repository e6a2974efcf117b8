//! Bytes to staged records and problems: no database, no network, no clock.
//!
//! A parser never fails on a bad row: it yields records and findings, and streams; memory does not grow
//! with the file, but for workbooks that can only be read whole, which are bounded. It needs nothing but the bytes and
//! the [`job::Job`], and runs in a child process.

pub mod background;
mod bundle;
pub mod catalogue;
pub mod fields;
pub mod finding;
pub mod fold;
pub mod formats;
pub mod job;
pub mod layout;
pub mod limits;
pub mod needed;
pub mod paper;
pub mod parse;
pub mod read;
pub mod recognise;
pub mod record;
pub mod staged;
pub mod statement;
pub mod totals;
pub mod values;
