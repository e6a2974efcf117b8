//! Reads a staged file ahead, in pieces of bounded size, on a thread that may block.

use std::io::{self, Read};

use dropcase_parsers::finding::Finding;
use dropcase_parsers::record::Record;
use dropcase_parsers::staged::{Frame, Part, Reader, Summary};
use tokio::sync::mpsc;

use super::lookup::Keys;
use super::sift::{Entry, Sieve};
use crate::desk::Kind;
use crate::store::rows::Form;

/// Records of a piece: enough that statements cost nothing, few enough that their rows stay in the processor's cache.
const RECORDS: usize = 1_000;

/// Raw bytes of a piece: the bound on memory when rows are long.
const BYTES: usize = 8 << 20;

/// A piece of a staged file. All records of a piece belong to one part.
#[derive(Debug)]
pub(super) enum Piece {
    /// A part begins.
    Part(Part),
    /// Something found in the file.
    Finding {
        part: Option<u32>,
        row: Option<u64>,
        finding: Finding,
    },
    /// Records of the part that began last, sifted, with their keys.
    Records(Vec<Entry>, Keys),
    /// A record for the case desk, whose turn comes when all claims are booked.
    Later(&'static Kind, Box<Record>),
    /// The end.
    End(Summary),
}

/// Where pieces go; `Err` when nobody wants them any more.
type Sender = mpsc::Sender<io::Result<Piece>>;

/// Begins to read. The last piece is [`Piece::End`] or an error; the reading ends when the receiver is dropped.
pub(super) fn read_ahead<R: Read + Send + 'static>(
    reader: Reader<R>,
    sieve: Sieve,
    (size, form): (Option<usize>, Form),
) -> mpsc::Receiver<io::Result<Piece>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read(reader, &sieve, (size.unwrap_or(RECORDS), form), &sender) {
            // Nobody listening is nobody to tell.
            let _ = sender.blocking_send(Err(error));
        }
    });
    receiver
}

fn read<R: Read>(mut reader: Reader<R>, sieve: &Sieve, (size, form): (usize, Form), sender: &Sender) -> io::Result<()> {
    let mut records = Vec::new();
    let mut bytes = 0;
    loop {
        let frame = reader.next_frame()?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let piece = match frame {
            Frame::Record(record) => {
                let raw = record.raw.iter().map(str::len).sum::<usize>();
                let entry = sieve.sift(*record);
                if let Some(kind) = entry.desk {
                    if sender
                        .blocking_send(Ok(Piece::Later(kind, Box::new(entry.record))))
                        .is_err()
                    {
                        return Ok(());
                    }
                    continue;
                }
                bytes += raw;
                records.push(entry);
                if records.len() < size && bytes < BYTES {
                    continue;
                }
                None
            }
            Frame::Part(part) => Some(Piece::Part(part)),
            Frame::Finding { part, row, finding } => Some(Piece::Finding { part, row, finding }),
            Frame::End(summary) => Some(Piece::End(summary)),
            // They were stored before.
            Frame::Paper { .. } | Frame::PaperBytes(_) => continue,
            Frame::Header { .. } => return Err(io::Error::new(io::ErrorKind::InvalidData, "a header in the middle")),
        };
        bytes = 0;
        if !records.is_empty() {
            let keys = Keys::number(&mut records, form);
            if sender
                .blocking_send(Ok(Piece::Records(std::mem::take(&mut records), keys)))
                .is_err()
            {
                return Ok(());
            }
        }
        let Some(piece) = piece else { continue };
        let ends = matches!(piece, Piece::End(_));
        if sender.blocking_send(Ok(piece)).is_err() || ends {
            return Ok(());
        }
    }
}
