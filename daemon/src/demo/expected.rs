//! What the samples come to: known for the first time, `DUPL` when the home has them already.

use std::fmt;

use dropcase_cases::store::DeliveryFilter;
use sha2::{Digest, Sha256};

use super::SAMPLES;
use super::answers::Answer;
use super::home::CLIENT;
use crate::serve::Running;

/// Deliveries of earlier demos that are looked at.
const EARLIER: u32 = 1_000;

/// Records of each sample that are accepted, rejected and duplicate, in the order of [`SAMPLES`].
const FIRST: [(u64, u64, u64); 2] = [(12, 3, 1), (8, 2, 0)];

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    status: String,
    accepted: u64,
    rejected: u64,
    duplicate: u64,
}

impl Expected {
    /// What `answer` says.
    pub(super) fn of(answer: &Answer) -> Self {
        let (accepted, rejected, duplicate) = (answer.accepted, answer.rejected, answer.duplicate);
        Self {
            status: answer.status.clone(),
            accepted,
            rejected,
            duplicate,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            status,
            accepted,
            rejected,
            duplicate,
        } = self;
        write!(
            f,
            "{status} with {accepted} accepted, {rejected} rejected, {duplicate} duplicate"
        )
    }
}

/// What the answers to the samples should say.
pub(super) async fn expected(running: &Running) -> anyhow::Result<Vec<Expected>> {
    let filter = DeliveryFilter {
        client: Some(CLIENT.to_owned()),
        limit: EARLIER,
        ..DeliveryFilter::default()
    };
    let earlier = running.app.store.deliveries(&filter).await?;
    let known = |content: &[u8]| {
        let hash: String = Sha256::digest(content)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        earlier
            .iter()
            .any(|delivery| delivery.sha256.as_ref() == Some(&hash) && delivery.accepted > 0)
    };
    let expected = SAMPLES
        .iter()
        .zip(FIRST)
        .map(|((_, content), (accepted, rejected, duplicate))| {
            // A `DUPL` repeats the first result.
            let status = if known(content) { "DUPL" } else { "PART" };
            Expected {
                status: status.to_owned(),
                accepted,
                rejected,
                duplicate,
            }
        });
    Ok(expected.collect())
}
