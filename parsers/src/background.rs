//! A sink on a thread of its own: a file is read on one processor while another checks and writes what was read.

use std::io;
use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::staged::{Frame, Sink};

/// Frames that travel together.
const FRAMES: usize = 256;
/// Raw bytes after which they travel, however few: rows may be long.
const BYTES: usize = 256 << 10;
/// Lots on their way.
const LOTS: usize = 3;
/// Stack of the thread; its address space counts against the reader's limit.
const STACK: usize = 1 << 20;

/// Runs `produce` with a sink that hands its frames to `sink` on another thread, and waits until all are there.
///
/// # Errors
/// What `produce` or `sink` reports; of both, what `sink` does, since it is the cause.
pub fn in_background<T>(
    sink: &mut (dyn Sink + Send),
    produce: impl FnOnce(&mut dyn Sink) -> io::Result<T>,
) -> io::Result<T> {
    let (sender, receiver) = sync_channel(LOTS);
    thread::scope(|scope| {
        let consumer = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, move || consume(sink, &receiver))?;
        let mut ahead = Ahead {
            sender,
            lot: Vec::with_capacity(FRAMES),
            bytes: 0,
        };
        let produced = produce(&mut ahead).and_then(|produced| ahead.send().map(|()| produced));
        drop(ahead);
        match consumer.join() {
            Ok(consumed) => consumed.and(produced),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn consume(sink: &mut (dyn Sink + Send), lots: &Receiver<Vec<Frame>>) -> io::Result<()> {
    for frame in lots.iter().flatten() {
        sink.put(frame)?;
    }
    Ok(())
}

/// The near end.
struct Ahead {
    sender: SyncSender<Vec<Frame>>,
    lot: Vec<Frame>,
    bytes: usize,
}

impl Ahead {
    fn send(&mut self) -> io::Result<()> {
        self.bytes = 0;
        let lot = mem::replace(&mut self.lot, Vec::with_capacity(FRAMES));
        // The far end is gone only after an error of its own.
        self.sender.send(lot).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Sink for Ahead {
    fn put(&mut self, frame: Frame) -> io::Result<()> {
        self.bytes += match &frame {
            Frame::Record(record) => record.raw.text_len(),
            Frame::PaperBytes(bytes) => bytes.len(),
            _ => 0,
        };
        self.lot.push(frame);
        if self.lot.len() == FRAMES || self.bytes >= BYTES {
            self.send()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Cells, Position, Record};

    struct Rows(Vec<u64>, u64);

    impl Sink for Rows {
        fn put(&mut self, frame: Frame) -> io::Result<()> {
            let Frame::Record(record) = frame else { return Ok(()) };
            if record.position.row == self.1 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.0.push(record.position.row);
            Ok(())
        }
    }

    fn rows(sink: &mut dyn Sink, count: u64) -> io::Result<()> {
        (1..=count).try_for_each(|row| {
            let position = Position {
                part: 0,
                sequence: row,
                row,
            };
            sink.put(Frame::Record(Box::new(Record::new(position, Cells::from_iter(["x"])))))
        })
    }

    #[test]
    fn all_frames_arrive_in_order() {
        for count in [0, 1, 255, 256, 257, 5_000] {
            let mut all = Rows(Vec::new(), 0);
            in_background(&mut all, |sink| rows(sink, count)).unwrap();
            assert_eq!(all.0, (1..=count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_cause_of_a_failure_is_told() {
        let mut full = Rows(Vec::new(), 300);
        let error = in_background(&mut full, |sink| rows(sink, 100_000)).unwrap_err();
        assert_eq!((error.kind(), full.0.len()), (io::ErrorKind::StorageFull, 299));
        let broken = in_background(&mut Rows(Vec::new(), 0), |_| {
            Err::<(), _>(io::Error::from(io::ErrorKind::InvalidData))
        });
        assert_eq!(broken.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
