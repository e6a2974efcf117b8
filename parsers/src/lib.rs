//! Bytes to staged records and problems: no database, no network, no clock.
//!
//! A parser never fails on a bad row: it yields records and findings, and streams; memory does not grow
//! with the file. It needs nothing but the bytes and the [`job::Job`], and runs in a child process.

pub mod fields;
pub mod finding;
pub mod formats;
pub mod job;
pub mod layout;
pub mod limits;
pub mod record;
pub mod staged;
