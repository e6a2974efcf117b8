//! Reading a handover in a child process: the parent's side.
//!
//! The child is this binary itself, started as `dropcase read-file`. It gets the file as standard input (a read-only
//! descriptor), what it is told in one environment variable, and writes the staged file to standard output. It
//! limits itself ([`child`]) before it looks at the first byte.

pub(crate) mod child;

use std::fs::File;
use std::io::{self, BufReader, BufWriter};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::job::Job;
use dropcase_parsers::staged::{Dialect, Frame, Reader, Sink, Summary, Writer};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

/// The environment variable that carries the [`Order`] as JSON; unlike an argument, no other user can read it.
const ORDER: &str = "DROPCASE_READ_ORDER";

/// What the child is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// How to read.
    pub(crate) job: Job,
    /// The day on which dates are checked.
    pub(crate) today: NaiveDate,
    /// Smallest principal that is taken over, minor units of the client's currency.
    pub(crate) minimum_amount: i64,
    /// Limits the child sets itself.
    pub(crate) bounds: Bounds,
}

/// What a child may use up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Bounds {
    /// Address space in bytes.
    pub(crate) memory_bytes: u64,
    /// Processor seconds.
    pub(crate) cpu_seconds: u64,
    /// Bytes it may write.
    pub(crate) output_bytes: u64,
}

/// How often a child may exceed its processor time by waiting (for the disk, for a busy machine) before it is ended.
const WALL_PER_CPU: u32 = 4;

/// Reads `source` into the staged file `target`.
///
/// A file that costs more than it may becomes a staged file that rejects it; that is the client's matter.
///
/// # Errors
/// When the child could not be started, panicked or could not write: our own fault, worth another attempt.
pub(crate) async fn read(source: File, target: PathBuf, order: &Order) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("the path of this program")?;
    let output = fresh(&target).context("the staged file")?;
    let mut child = Command::new(program)
        .arg("read-file")
        .env_clear()
        .env(ORDER, serde_json::to_string(order)?)
        // Where the list of a bundle is unpacked, into a file without a name.
        .env("TMPDIR", target.parent().unwrap_or(Path::new(".")))
        .stdin(Stdio::from(source))
        .stdout(Stdio::from(output))
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting the reader")?;
    let patience = Duration::from_secs(order.bounds.cpu_seconds) * WALL_PER_CPU;
    let ended = match tokio::time::timeout(patience, child.wait()).await {
        Ok(status) => judge(status.context("waiting for the reader")?),
        Err(_) => {
            child.kill().await.context("ending the reader")?;
            Ended::TooExpensive
        }
    };
    match ended {
        Ended::Well => Ok(()),
        Ended::TooExpensive => tokio::task::spawn_blocking(move || write_rejection(&target)).await?,
        Ended::NoRoom => Err(io::Error::from(io::ErrorKind::StorageFull)).context("the staged file"),
        Ended::Badly(status) => bail!("the reader ended with {status}"),
    }
}

/// A new file: a reader that outlived its service may still write into the one of an earlier attempt.
fn fresh(target: &Path) -> io::Result<File> {
    match std::fs::remove_file(target) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    File::create_new(target)
}

enum Ended {
    Well,
    TooExpensive,
    NoRoom,
    Badly(ExitStatus),
}

/// Out of memory aborts, out of time or out of file size is a signal; everything else is no fault of the file: also a
/// kill, which comes from a machine without memory or from a person.
fn judge(status: ExitStatus) -> Ended {
    const SIGABRT: i32 = 6;
    const SIGSEGV: i32 = 11;
    const SIGXCPU: i32 = 24;
    const SIGXFSZ: i32 = 25;
    match (status.code(), status.signal()) {
        (Some(0), _) => Ended::Well,
        (Some(child::OUTPUT_TOO_LARGE), _) => Ended::TooExpensive,
        (Some(child::NO_ROOM), _) => Ended::NoRoom,
        (_, Some(SIGABRT | SIGSEGV | SIGXCPU | SIGXFSZ)) => Ended::TooExpensive,
        _ => Ended::Badly(status),
    }
}

fn write_rejection(target: &Path) -> anyhow::Result<()> {
    let mut staged = Writer::new(BufWriter::new(fresh(target)?))?;
    staged.put(Frame::Finding {
        part: None,
        row: None,
        finding: Finding::new(Code::TooExpensive),
    })?;
    staged.put(Frame::End(Summary {
        file_rejected: true,
        ..Summary::default()
    }))?;
    staged.finish()?;
    Ok(())
}

/// Opens a staged file for the import.
///
/// # Errors
/// When it is not one.
pub(crate) fn open(staged: &Path) -> anyhow::Result<Reader<BufReader<File>>> {
    Ok(Reader::new(BufReader::with_capacity(1 << 16, File::open(staged)?))?)
}

/// Whether the first part of a staged file came in a workbook.
///
/// # Errors
/// When it is not a staged file.
pub(crate) fn is_workbook(staged: &Path) -> anyhow::Result<bool> {
    let mut reader = open(staged)?;
    while let Some(frame) = reader.next_frame()? {
        match frame {
            Frame::Part(part) => return Ok(matches!(part.dialect, Dialect::Workbook { .. })),
            Frame::Record(_) | Frame::End(_) => break,
            Frame::Header { .. } | Frame::Finding { .. } | Frame::Paper { .. } | Frame::PaperBytes(_) => {}
        }
    }
    Ok(false)
}
