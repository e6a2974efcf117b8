//! The end of an import: results, sums, the delivery's status, what leaves, the audit trail.

use chrono::{DateTime, Utc};

use super::report::{Tally, take_back};
use super::spool::{Block, SpoolReader};
use super::{ImportError, ImportOutcome, Policy, tables};
use crate::model::{Answer, DeliveryId, Leased, Mode, Outcome, Status};
use crate::store::bulk::{Bulk, Common, insert_all};
use crate::store::db::{Tx, in_tx, queries};
use crate::store::deliveries::held;
use crate::store::rows::Packed;
use crate::store::{StoreError, audit, outbox, stamp};

pub(crate) mod sql {
    use super::queries;
    queries! {
        FINISH = both "update deliveries set state = 'imported', status = $4, sha256 = $5, duplicate_of = $6, \
            submitted = $7, accepted = $8, rejected = $9, duplicate = $10, withheld = $11, versions = $12, \
            finished_at = $13, owner = null, lease_until = null \
            where id = $1 and fence = $2 and owner = $3 and state = 'claimed'";
    }
}

/// What became of the effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effects {
    /// They stay.
    Kept,
    /// They were tried and taken back.
    Tried,
    /// They were taken back because other records of the file are not good; all of them go back together.
    Withheld,
    /// They were taken back because of the file itself: it has to come again as a whole.
    Refused,
}

impl Effects {
    /// What becomes of the effects of a file with so many `rejected` records.
    pub(super) fn of(mode: Mode, policy: Policy, rejected: i64, file_rejected: bool) -> Self {
        match mode {
            _ if file_rejected => Self::Refused,
            _ if policy == Policy::WholeFile && rejected > 0 => Self::Withheld,
            Mode::Validate => Self::Tried,
            Mode::Import => Self::Kept,
        }
    }

    /// What a good record is told.
    pub(super) fn of_good(self) -> Outcome {
        match self {
            Self::Kept | Self::Tried => Outcome::Accepted,
            Self::Withheld | Self::Refused => Outcome::Withheld,
        }
    }
}

/// Blocks of the spool that are written in one go.
const TOGETHER: usize = 4;

/// Writes the spooled rows; `first_claim` is the first that this import booked.
pub(super) async fn write_spool(
    tx: &mut Tx,
    common: &Common,
    mut spool: SpoolReader,
    effects: Effects,
    first_claim: Option<i64>,
) -> Result<(), ImportError> {
    let mut cells = None;
    let mut inserts: Vec<(&'static Bulk, Packed)> = Vec::with_capacity(TOGETHER);
    while let Some((block, mut rows)) = spool.next().map_err(ImportError::Spool)? {
        let table = match block {
            Block::Results => &tables::RESULTS,
            Block::Findings => &tables::FINDINGS,
            Block::Parts => &tables::PARTS,
            Block::Cells => {
                // Good records keep their cells only where they go back: a million that were taken over do not.
                cells = (effects == Effects::Withheld).then_some(rows);
                continue;
            }
        };
        if block == Block::Results && effects != Effects::Kept {
            take_back(&mut rows, first_claim, effects.of_good(), cells.take().as_ref())
                .map_err(|error| ImportError::Spool(error.into()))?;
        }
        inserts.push((table, rows));
        if inserts.len() == TOGETHER {
            insert_all(tx, common, std::mem::take(&mut inserts)).await?;
        }
    }
    Ok(insert_all(tx, common, inserts).await?)
}

/// The result of the delivery by its counts. What is withheld was not taken over; a list without records, or of
/// nothing but duplicates, is all taken over.
pub(super) fn outcome(tally: &Tally, file_rejected: bool) -> ImportOutcome {
    let [accepted, rejected, duplicate, withheld] = [
        Outcome::Accepted,
        Outcome::Rejected,
        Outcome::Duplicate,
        Outcome::Withheld,
    ]
    .map(|of| tally.count(of));
    let good = accepted + duplicate;
    let status = match (rejected + withheld, good) {
        _ if file_rejected => Status::Rjct,
        (0, _) => Status::Accp,
        (_, 0) => Status::Rjct,
        _ if withheld > 0 => Status::Rjct,
        _ => Status::Part,
    };
    let submitted = accepted + rejected + duplicate + withheld;
    ImportOutcome {
        status,
        submitted,
        accepted,
        rejected,
        duplicate,
        withheld,
    }
}

/// What the final update of a delivery writes besides the counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Final<'a> {
    /// SHA-256 of the content.
    pub(super) sha256: &'a str,
    /// JSON: layout, rules and catalogue used.
    pub(super) versions: Option<&'a str>,
    /// The delivery that came first.
    pub(super) duplicate_of: Option<DeliveryId>,
    /// When.
    pub(super) now: DateTime<Utc>,
}

/// Ends the delivery: fails with [`ImportError::Lost`] when the lease is somebody else's.
pub(super) async fn finish(
    tx: &mut Tx,
    leased: &Leased,
    last: &Final<'_>,
    outcome: &ImportOutcome,
    answers: &[Answer],
) -> Result<(), ImportError> {
    let delivery = &leased.delivery;
    let rows = in_tx!(tx, sql::FINISH, |conn, text| sqlx::query(text)
        .bind(delivery.id)
        .bind(leased.fence)
        .bind(&leased.owner)
        .bind(outcome.status)
        .bind(last.sha256)
        .bind(last.duplicate_of)
        .bind(outcome.submitted)
        .bind(outcome.accepted)
        .bind(outcome.rejected)
        .bind(outcome.duplicate)
        .bind(outcome.withheld)
        .bind(last.versions)
        .bind(stamp(last.now))
        .execute(&mut *conn)
        .await
        .map(|done| done.rows_affected()))
    .map_err(StoreError::from)?;
    held(rows).map_err(|_| ImportError::Lost)?;
    for answer in answers {
        outbox::add(tx, delivery.client_id, Some(delivery.id), answer, last.now).await?;
    }
    let detail = format!(
        "{{\"status\":\"{}\",\"accepted\":{}}}",
        outcome.status, outcome.accepted
    );
    let subject = ("delivery", delivery.id.0);
    audit::add(
        tx,
        delivery.actor_id,
        "delivery_imported",
        subject,
        Some(&detail),
        last.now,
    )
    .await?;
    Ok(())
}
