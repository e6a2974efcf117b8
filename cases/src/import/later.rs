//! Records for the case desk, set aside while claims are booked: what a file says of a claim may stand before the claim.
//! They are kept beside the database, by phase and in their order, so that memory does not grow with their number.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek as _};
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;
use dropcase_parsers::staged::{Frame, Reader, Sink as _, Writer};

use crate::desk::{self, Kind, Phase};

/// Records of a batch: their cases lie on the desk together.
const RECORDS: usize = 500;

type Out = Writer<BufWriter<File>>;

/// Takes records; a file without a name for each phase that there is.
#[derive(Debug)]
pub(super) struct Later {
    folder: PathBuf,
    phases: [Option<Out>; Phase::ALL.len()],
}

impl Later {
    /// Keeps its files in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            phases: Default::default(),
        }
    }

    /// Sets a record aside.
    pub(super) fn put(&mut self, kind: &Kind, record: &Record) -> io::Result<()> {
        let place = &mut self.phases[kind.phase as usize];
        let out = match place {
            Some(out) => out,
            None => place.insert(Writer::new(BufWriter::new(tempfile::tempfile_in(&self.folder)?))?),
        };
        out.put(Frame::Record(Box::new(record.clone())))
    }

    /// Turns to reading: phase by phase.
    pub(super) fn read(&mut self) -> io::Result<Batches> {
        let mut readers = Vec::new();
        for out in self.phases.iter_mut().filter_map(Option::take) {
            let mut file = out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            readers.push(Reader::new(BufReader::new(file))?);
        }
        let mut readers = readers.into_iter();
        Ok(Batches {
            reader: readers.next(),
            readers,
        })
    }
}

/// Batches of records of one phase each.
#[derive(Debug)]
pub(super) struct Batches {
    reader: Option<Reader<BufReader<File>>>,
    readers: IntoIter<Reader<BufReader<File>>>,
}

impl Batches {
    /// Nothing was set aside.
    pub(super) fn is_empty(&self) -> bool {
        self.reader.is_none()
    }

    /// The next batch; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<(&'static Kind, Record)>>> {
        while let Some(reader) = &mut self.reader {
            let mut records = Vec::new();
            while records.len() < RECORDS
                && let Some(frame) = reader.next_frame()?
            {
                let Frame::Record(record) = frame else { continue };
                // Only records of the desk were set aside.
                if let Some(kind) = record.text(Field::RecordType).and_then(desk::kind) {
                    records.push((kind, *record));
                }
            }
            if !records.is_empty() {
                return Ok(Some(records));
            }
            self.reader = self.readers.next();
        }
        Ok(None)
    }
}
