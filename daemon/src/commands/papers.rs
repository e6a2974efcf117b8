//! The papers of a case, and their content.

use anyhow::Context;
use chrono::{DateTime, Utc};
use dropcase_cases::model::Visibility;
use dropcase_cases::queries::PaperRow;
use dropcase_config::ClientKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::AsyncReadExt as _;

use super::{Report, answer};
use crate::app::App;
use crate::control::Failure;

/// Bytes that are sent at once.
const PIECE: usize = 128 << 10;

/// `case papers`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PaperList {
    /// The case.
    pub(crate) case_number: String,
    /// Key of the client.
    pub(crate) client: String,
    /// The client's time zone.
    pub(crate) time_zone: String,
    /// Oldest first.
    pub(crate) papers: Vec<PaperLine>,
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PaperLine {
    /// As it was called when it came.
    pub(crate) name: String,
    /// What it is, by its content.
    pub(crate) content_type: String,
    /// Bytes.
    pub(crate) size: i64,
    /// When it was filed.
    pub(crate) at: DateTime<Utc>,
    /// Who handed it over.
    pub(crate) by: String,
    /// The delivery it came with.
    pub(crate) delivery: Option<String>,
    /// `client` or `internal`.
    pub(crate) visibility: String,
    /// The invoice of the claim that it belongs to.
    pub(crate) invoice_number: Option<String>,
    /// Of the content.
    pub(crate) sha256: String,
    /// Where the command has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) saved_as: Option<String>,
}

/// The papers of a case; `content` sends that of each ahead, as far as it is there, by its place on the list.
pub(super) async fn list(app: &App, number: &str, content: bool, report: &mut impl Report) -> Result<Value, Failure> {
    let detail = app.store.case_by_number(number, Visibility::Internal).await?;
    let case = detail
        .ok_or_else(|| Failure::not_found(format!("there is no case {number}")))?
        .case;
    let papers = app.store.papers(case.id).await?;
    if content {
        for (place, paper) in papers.iter().enumerate() {
            send(app, place, paper, report).await?;
        }
    }
    answer(&PaperList {
        time_zone: super::time_zone(app, &case.client_key),
        case_number: case.number,
        client: case.client_key,
        papers: papers.into_iter().map(PaperLine::of).collect(),
    })
}

/// Sends what the paper store holds of a paper. Whether that is all of it, its digest tells whoever gets it.
async fn send(app: &App, place: usize, paper: &PaperRow, report: &mut impl Report) -> anyhow::Result<()> {
    let (store, sha256) = (app.inbox.papers(), paper.sha256.clone());
    let client = ClientKey::new(&paper.stored_under).context("a client key of the database")?;
    let open = move || store.open(&client, &sha256);
    let file = match tokio::task::spawn_blocking(open).await? {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        file => file.context("the paper store")?,
    };
    let mut file = tokio::fs::File::from_std(file);
    let mut buffer = vec![0; PIECE];
    loop {
        match file.read(&mut buffer).await.context("the paper store")? {
            0 => return Ok(()),
            read => report.piece(place, &buffer[..read]).await?,
        }
    }
}

impl PaperLine {
    fn of(paper: PaperRow) -> Self {
        Self {
            name: paper.name,
            content_type: paper.content_type,
            size: paper.size,
            at: paper.at,
            by: paper.actor,
            delivery: paper.delivery,
            visibility: paper.visibility.as_str().to_owned(),
            invoice_number: paper.invoice_number,
            sha256: paper.sha256,
            saved_as: None,
        }
    }
}
