//! The checks between a parser and the staged file.

use std::io;

use dropcase_parsers::staged::{Frame, Sink};

use super::{CheckContext, check};

/// Checks each record on its way to another sink.
#[derive(Debug)]
pub struct Checked<S> {
    sink: S,
    context: CheckContext,
    rejected: u64,
}

impl<S: Sink> Checked<S> {
    /// Hands checked records on to `sink`.
    pub fn new(sink: S, context: CheckContext) -> Self {
        Self {
            sink,
            context,
            rejected: 0,
        }
    }
}

impl<S: Sink> Sink for Checked<S> {
    fn put(&mut self, mut frame: Frame) -> io::Result<()> {
        match &mut frame {
            Frame::Record(record) => {
                check(record, &self.context);
                // As a person reads the row: from left to right, what is about the whole row first.
                record.findings.sort_by_key(|finding| finding.column);
                self.rejected += u64::from(record.is_rejected());
            }
            // The parser has counted those that it rejected itself.
            Frame::End(summary) => summary.rejected = self.rejected,
            _ => {}
        }
        self.sink.put(frame)
    }
}
