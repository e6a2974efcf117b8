//! Reading a handover in a child process: the child's side.

use std::fs::File;
use std::io::{BufWriter, ErrorKind};
use std::os::fd::AsFd;
use std::process::ExitCode;

use anyhow::Context;
use dropcase_cases::checks::{CheckContext, Checked, OncePerPart, Tables};
use dropcase_parsers::background::in_background;
use dropcase_parsers::parse;
use dropcase_parsers::staged::Writer;
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Bounds, ORDER, Order};

/// Exit code when the staged file would grow beyond its bound.
pub(super) const OUTPUT_TOO_LARGE: i32 = 3;

/// Exit code when the disk has no room for the staged file.
pub(super) const NO_ROOM: i32 = 4;

/// Descriptors the child may hold: the three standard ones, the program and a few temporary ones.
const DESCRIPTORS: u64 = 32;

/// Processor seconds between the signal that ends the child and the one that it could not survive.
const CPU_REST: u64 = 2;

/// `dropcase read-file`: limits itself, reads standard input, writes the staged file to standard output.
pub(crate) fn run() -> ExitCode {
    match read() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(ErrorKind::FileTooLarge) => ExitCode::from(OUTPUT_TOO_LARGE as u8),
            Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => ExitCode::from(NO_ROOM as u8),
            _ => ExitCode::FAILURE,
        },
    }
}

fn read() -> anyhow::Result<()> {
    let order: Order = serde_json::from_str(&std::env::var(ORDER).context("no order")?)?;
    limit(&order.bounds)?;
    let input = File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    let output = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
    let mut staged = Writer::new(BufWriter::with_capacity(1 << 18, output))?;
    let context = CheckContext {
        today: order.today,
        client_currency: order.job.currency.clone(),
        client_country: order.job.country.clone(),
        minimum_amount: order.minimum_amount,
        tables: Tables::built_in(),
    };
    let mut checked = Checked::new(OncePerPart::new(&mut staged), context);
    in_background(&mut checked, |sink| parse::parse(input, &order.job, sink))?;
    staged.finish()?;
    Ok(())
}

/// Sets soft and hard limits, so that nothing the file brings can raise them again.
fn limit(bounds: &Bounds) -> rustix::io::Result<()> {
    let both = |limit| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    setrlimit(Resource::As, both(bounds.memory_bytes))?;
    // The signal of the soft limit tells a file that costs too much from a kill by somebody else.
    let seconds = bounds.cpu_seconds;
    setrlimit(
        Resource::Cpu,
        Rlimit {
            current: Some(seconds),
            maximum: Some(seconds.saturating_add(CPU_REST)),
        },
    )?;
    setrlimit(Resource::Fsize, both(bounds.output_bytes))?;
    setrlimit(Resource::Nofile, both(DESCRIPTORS))?;
    setrlimit(Resource::Core, both(0))
}
