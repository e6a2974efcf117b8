//! The papers that go along with an order: their bytes follow the request, one paper behind the other.

use std::collections::HashSet;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, ensure};
use dropcase_cases::papers::{Paper, Papers, With};
use dropcase_config::ClientKey;
use tokio_util::io::SyncIoBridge;

use super::Body;
use crate::app::App;
use crate::control::{Attachment, Failure};
use crate::papers::{digest, take};

/// Tells the papers of orders apart that come at the same time.
static ORDERS: AtomicU64 = AtomicU64::new(1);

/// Reads the papers in `body` and keeps them in the paper store of `client`; of a dry run nothing is kept.
///
/// # Errors
/// `Refused` for names and sizes that no paper may have; when the bytes end early or the store fails.
pub(super) async fn keep(
    app: &App,
    client: &str,
    announced: &[Attachment],
    body: Body,
    dry_run: bool,
) -> Result<Papers, Failure> {
    if announced.is_empty() {
        return Ok(Papers::default());
    }
    let (limit, most) = (app.service.papers.max_bytes, app.service.papers.max_count);
    check(announced, limit, most)?;
    let client = ClientKey::new(client).context("the client's key")?;
    let (store, announced) = (app.inbox.papers(), announced.to_vec());
    let tag = format!("order-{}", ORDERS.fetch_add(1, Ordering::Relaxed));
    let read = move || -> anyhow::Result<Vec<Paper>> {
        let mut body = SyncIoBridge::new(body);
        let mut papers = Vec::new();
        for Attachment { name, size } in announced {
            let mut bytes = (&mut body).take(size);
            let paper = match dry_run {
                true => take(&name, (size, limit), &mut bytes, &mut digest)?,
                false => take(&name, (size, limit), &mut bytes, &mut |source| {
                    store.keep(&client, &tag, source)
                })?,
            };
            ensure!(bytes.limit() == 0, "only a part of the papers came");
            papers.push(paper);
        }
        Ok(papers)
    };
    let papers = tokio::task::spawn_blocking(read)
        .await
        .context("reading the papers")??;
    Ok(Papers::new(papers, With::Nothing))
}

fn check(announced: &[Attachment], limit: u64, most: usize) -> Result<(), Failure> {
    if announced.len() > most {
        return Err(Failure::refused(format!("at most {most} papers go along")));
    }
    let mut names = HashSet::new();
    for Attachment { name, size } in announced {
        if *size > limit {
            return Err(Failure::refused(format!(
                "{name} has {size} bytes; a paper may have {limit}"
            )));
        }
        if name.is_empty() || name.contains('/') || name.chars().any(char::is_control) {
            return Err(Failure::refused(format!("{name:?} is no name for a paper")));
        }
        if !names.insert(name.to_lowercase()) {
            return Err(Failure::refused(format!("two papers are called {name}; rename one")));
        }
    }
    Ok(())
}
