//! Results and findings of a running import, kept beside the database: they are the same whether its effects stay, are
//! withheld or were only tried.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::store::rows::{Packed, Payload};

/// What a block of the spool holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Rows of `results`.
    Results,
    /// Rows of `findings`.
    Findings,
    /// Rows of `delivery_parts`.
    Parts,
    /// The cells of good records, for the rows of `results` in the next block.
    Cells,
}

/// Writes blocks into a file that has no name and vanishes with its last reader.
#[derive(Debug)]
pub(super) struct Spool {
    out: BufWriter<File>,
}

impl Spool {
    /// A spool in the folder `folder`.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            out: BufWriter::new(tempfile::tempfile_in(folder)?),
        })
    }

    /// Appends a block.
    pub(super) fn put(&mut self, block: Block, rows: &Packed) -> io::Result<()> {
        let json = rows.text();
        self.out.write_all(&[block as u8])?;
        self.out.write_all(&rows.used.to_le_bytes())?;
        self.out
            .write_all(&u64::try_from(json.len()).unwrap_or(u64::MAX).to_le_bytes())?;
        self.out.write_all(json.as_bytes())
    }

    /// Turns to reading from the beginning.
    pub(super) fn read(self) -> io::Result<SpoolReader> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(SpoolReader {
            input: BufReader::new(file),
        })
    }
}

/// Reads the blocks back.
#[derive(Debug)]
pub(super) struct SpoolReader {
    input: BufReader<File>,
}

impl SpoolReader {
    /// The next block, `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(Block, Packed)>> {
        let mut kind = [0];
        if self.input.read(&mut kind)? == 0 {
            return Ok(None);
        }
        let (mut used, mut length) = ([0; 8], [0; 8]);
        self.input.read_exact(&mut used)?;
        self.input.read_exact(&mut length)?;
        let mut json = vec![0; usize::try_from(u64::from_le_bytes(length)).map_err(io::Error::other)?];
        self.input.read_exact(&mut json)?;
        let json = String::from_utf8(json).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
        let block = match kind {
            [0] => Block::Results,
            [1] => Block::Findings,
            [2] => Block::Parts,
            _ => Block::Cells,
        };
        Ok(Some((
            block,
            Packed {
                payload: Payload::Text(json),
                used: u64::from_le_bytes(used),
            },
        )))
    }
}
