//! `dropcase demo`: shows it all at once, with a client's own means.
//!
//! A home with a client `demo`, the service in this process, two lists handed over by SFTP, and what came back.

mod answers;
mod expected;
mod handover;
mod home;
mod mail;
mod show;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;

use crate::cli::{exit, output};
use crate::control::Failure;
use crate::lifecycle::{self, Signals, Wish};
use crate::serve::{self, Running};

use answers::Answer;
use home::Home;

/// The lists that are handed over, in this order: a CSV with good, bad and duplicate lines, and a workbook.
pub(crate) const SAMPLES: [(&str, &[u8]); 2] = [
    ("uebergabe.csv", include_bytes!("../../samples/uebergabe.csv")),
    ("uebergabe.xlsx", include_bytes!("../../samples/uebergabe.xlsx")),
];

/// What is logged: the demo's own words should not drown.
const LOG_FILTER: &str = "warn";

/// How long the answers may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs the demo in the home `dir`; with `once` it ends after the answers.
///
/// # Errors
/// When the home cannot be made or the service cannot start.
pub(crate) fn run(dir: &Path, once: bool) -> Result<ExitCode, Failure> {
    lifecycle::start_logging(LOG_FILTER)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    runtime.block_on(async {
        let mut signals = Signals::take().context("the signals")?;
        let mut home = Home::prepare(dir)?;
        let running = start(&mut home).await?;
        let ended = tokio::select! {
            ended = act(&home, &running, once) => ended,
            () = stopped(&mut signals, &running) => Ok(exit::DONE),
        };
        running.end().await;
        ended
    })
}

/// Starts the service; where the usual port was taken in the meantime, on another one.
async fn start(home: &mut Home) -> Result<Running, Failure> {
    match Running::start(home.settings()).await {
        Err(error) if home::is_taken(&error) => {
            home.listen_anywhere()?;
            Ok(Running::start(home.settings()).await?)
        }
        started => Ok(started?),
    }
}

async fn act(home: &Home, running: &Running, once: bool) -> Result<ExitCode, Failure> {
    let door = home.door(running)?;
    output::show(&show::welcome(home, &door))?;
    let expected = expected::expected(running).await?;
    let handed_over = async {
        let before = mail::files(home)?;
        let answers = handover::hand_over(home, &door).await?;
        let mails = mail::wait_for(home, &before, answers.len()).await?;
        anyhow::Ok((answers, mails))
    };
    let result = tokio::time::timeout(PATIENCE, handed_over)
        .await
        .context("the answers did not come in time")?;
    let (answers, mails) = result?;
    for answer in &answers {
        output::show(&show::answer(answer))?;
    }
    output::show(&show::cases(running).await?)?;
    for mail in &mails {
        output::show(&show::mail(mail))?;
    }
    let surprises = surprises(&expected, &answers);
    output::show(&surprises)?;
    output::show(&show::by_hand(home, &door))?;
    if once {
        return Ok(if surprises.is_empty() {
            exit::DONE
        } else {
            exit::findings()
        });
    }
    output::show("The service goes on; Ctrl-C ends it.")?;
    std::future::pending().await
}

/// What is not as it should be; empty when all is.
fn surprises(expected: &[expected::Expected], answers: &[Answer]) -> String {
    let mut text = String::new();
    for (expected, answer) in expected.iter().zip(answers) {
        let found = expected::Expected::of(answer);
        if *expected != found {
            text += &format!("{}: expected {expected}, but it was {found}\n", answer.file);
        }
    }
    text
}

/// Waits for the signal to stop; a reload before it is done.
async fn stopped(signals: &mut Signals, running: &Running) {
    while signals.next().await == Wish::Reload {
        if let Err(error) = serve::reload(&running.app).await {
            tracing::error!(error = format!("{error:#}"), "the old settings stay in force");
        }
    }
}
