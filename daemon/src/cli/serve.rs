//! `dropcase serve`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use dropcase_config::{Mistakes, Service};

use crate::control::Failure;
use crate::{lifecycle, owner, serve};

use super::{exit, settings};

/// Runs the service until a signal ends it.
///
/// # Errors
/// When it cannot start.
pub(super) fn run(named: Option<&Path>) -> Result<ExitCode, Failure> {
    let config = settings::find(named)?;
    let service = Service::load(&config).map_err(settings::mistakes)?;
    owner::become_owner(&service.home)?;
    lifecycle::start_logging(&service.log.filter)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    let served = runtime.block_on(serve::serve(config));
    served.map_err(|error| match error.downcast::<Mistakes>() {
        Ok(mistakes) => settings::mistakes(mistakes),
        Err(error) => error.into(),
    })?;
    Ok(exit::DONE)
}
