//! `dropcase check`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use dropcase_config::Locale;
use dropcase_outbox::language::Language;
use dropcase_parsers::job::Job;
use dropcase_parsers::limits::Limits;

use crate::commands::check::{self, CheckShape};
use crate::control::{Failure, Request};
use crate::reading::{Bounds, Order};

use super::args::CheckArgs;
use super::ask::{Attached, ask};
use super::{clock, exit, output, print};

/// Address space of the reader.
const MEMORY_BYTES: u64 = 2 << 30;
/// Processor time of the reader.
const CPU_SECONDS: u64 = 600;
/// Bytes the staged records may take for each byte of the file, and at least.
const STAGED: (u64, u64) = (64, 64 << 20);

/// Says what would become of the file; exit 1 when something of it would not be taken over.
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn run(named: Option<&Path>, arguments: &CheckArgs) -> Result<ExitCode, Failure> {
    let file = Attached::look_at(&arguments.file)?;
    let (name, size) = (file.name.clone(), file.size);
    let shape: CheckShape = match &arguments.client {
        Some(client) => {
            let request = Request::Check {
                client: client.to_string(),
                size,
            };
            ask(named, request, &[file], &mut |_| {})?
        }
        None => by_itself(&arguments.file, size).map_err(exit::failed)?,
    };
    output::answer(arguments.json.json, &shape, |shape| print::check::check(&name, shape))?;
    Ok(if shape.has_errors() {
        exit::findings()
    } else {
        exit::DONE
    })
}

/// Without a client: what the file alone shows, as for a German client in EUR, in English.
fn by_itself(file: &Path, size: u64) -> anyhow::Result<CheckShape> {
    let source = std::fs::File::open(file).context("the file")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime")?;
    let (staged, _) = runtime.block_on(check::stage(source, &order(size), &std::env::temp_dir()))?;
    check::by_itself(staged, Language::of(Locale::En))
}

fn order(size: u64) -> Order {
    Order {
        job: Job {
            currency: "EUR".to_owned(),
            country: "DE".to_owned(),
            number_format: None,
            date_order: None,
            debtor_number_from_invoice: false,
            creditor_required: false,
            layouts: Vec::new(),
            limits: Limits::default(),
        },
        today: clock::today(),
        minimum_amount: 0,
        bounds: Bounds {
            memory_bytes: MEMORY_BYTES,
            cpu_seconds: CPU_SECONDS,
            output_bytes: size.saturating_mul(STAGED.0).max(STAGED.1),
        },
    }
}
