//! What would become of a file: imported as a validation, told, and taken back to the last row.

use std::io::Read;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use dropcase_parsers::staged::Reader;

use super::{Run, lookup, read_ahead};
use crate::desk::Rules;
use crate::import::finish::{self, Effects};
use crate::import::sift::Sieve;
use crate::import::writer::Writer;
use crate::import::{ImportError, ImportJob, ImportOutcome, MandatePeriod, Policy};
use crate::model::{
    Answer, ClientId, Delivery, DeliveryId, DeliveryPart, Leased, Mode, NewDelivery, Outcome, StoredFinding,
};
use crate::papers::Papers;
use crate::store::db::{Tx, in_tx, queries};
use crate::store::{Store, StoreError, deliveries};

pub(crate) mod sql {
    use super::queries;
    queries! {
        PARTS = both "select * from delivery_parts where delivery_id = $1 order by part";
        // What rejects comes first: a cut list must not hide it behind warnings.
        FINDINGS = both "select * from findings where delivery_id = $1 \
            order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, id limit $2";
        COUNT = both "select count(*) from findings where delivery_id = $1";
    }
}

/// What a trial is told.
#[derive(Clone, Copy)]
pub struct TrialJob<'a> {
    /// As if this had arrived; it never becomes a row that others see.
    pub delivery: &'a NewDelivery,
    /// What happens to good records of a file with bad ones.
    pub policy: Policy,
    /// The client's contracts.
    pub mandates: &'a [MandatePeriod],
    /// What the case desk goes by.
    pub rules: Rules<'a>,
    /// The papers that came with it.
    pub papers: &'a Papers,
    /// The day in the client's time zone.
    pub today: NaiveDate,
    /// A folder for a temporary file without a name.
    pub work_dir: &'a Path,
    /// At most so many findings are told.
    pub findings: u32,
    /// The clock.
    pub clock: &'a (dyn Fn() -> DateTime<Utc> + Send + Sync),
}

/// What would become of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The result.
    pub outcome: ImportOutcome,
    /// The file's parts.
    pub parts: Vec<DeliveryPart>,
    /// What was found, in the order of the file; errors before warnings when not all of it is told.
    pub findings: Vec<StoredFinding>,
    /// How much was found in all.
    pub found: i64,
}

/// Says what would become of a staged file, and keeps nothing of it.
///
/// On SQLite this holds the one write lock meanwhile, as a validation does.
///
/// # Errors
/// [`ImportError`]
pub async fn try_out<R: Read + Send + 'static>(
    store: &Store,
    staged: Reader<R>,
    job: &TrialJob<'_>,
    progress: impl Fn(u64),
) -> Result<Trial, ImportError> {
    let client = store
        .client(&job.delivery.client_key)
        .await?
        .ok_or(StoreError::UnknownClient)?
        .id;
    let mut tx = store.db.begin().await?;
    let delivery = arrive(&mut tx, job, client).await?;
    let leased = Leased {
        delivery,
        owner: String::new(),
        fence: 0,
    };
    let import = ImportJob {
        leased: &leased,
        sha256: "",
        policy: job.policy,
        mandates: job.mandates,
        rules: job.rules,
        papers: job.papers,
        today: job.today,
        versions: None,
        work_dir: job.work_dir,
        answers: &|_| Vec::<Answer>::new(),
        clock: job.clock,
    };
    let sieve = Sieve::new(lookup::creditors(&mut tx, client.0).await?, &import);
    let mut run = Run::new(&mut tx, &import).await?;
    let pieces = read_ahead(staged, sieve, (None, run.form));
    let writer = Writer::new(tx, run.common);
    let read = run.read(&writer, pieces, progress).await;
    let mut tx = writer.end().await?;
    let file_rejected = run.file_rejected || read?.file_rejected;
    run.twins(&mut tx).await?;
    run.desk(&mut tx).await?;
    tx.rollback().await?;
    // The effects are gone and the delivery with them: what is told is told of another row, which goes the same way.
    let mut tx = store.db.begin().await?;
    let again = arrive(&mut tx, job, client).await?.id;
    let trial = tell(run, &mut tx, again, (job, file_rejected)).await;
    tx.rollback().await?;
    trial
}

async fn arrive(tx: &mut Tx, job: &TrialJob<'_>, client: ClientId) -> Result<Delivery, ImportError> {
    let id = deliveries::insert(tx, job.delivery, client, (job.clock)())
        .await?
        .ok_or(StoreError::Lost)?;
    Ok(deliveries::by_id(tx, id).await?.ok_or(StoreError::Lost)?)
}

/// Writes what is told and reads it back.
async fn tell(
    mut run: Run<'_>,
    tx: &mut Tx,
    delivery: DeliveryId,
    (job, file_rejected): (&TrialJob<'_>, bool),
) -> Result<Trial, ImportError> {
    let rejected = run.tally.count(Outcome::Rejected);
    let effects = Effects::of(Mode::Validate, job.policy, rejected, file_rejected);
    if effects.of_good() == Outcome::Withheld {
        run.tally.withhold();
    }
    run.common.delivery = delivery.0;
    let spool = run.spool.read().map_err(ImportError::Spool)?;
    finish::write_spool(tx, &run.common, spool, effects, run.first_claim).await?;
    let parts = in_tx!(tx, sql::PARTS, |conn, text| sqlx::query_as(text)
        .bind(delivery)
        .fetch_all(&mut *conn)
        .await)?;
    let mut findings: Vec<StoredFinding> = in_tx!(tx, sql::FINDINGS, |conn, text| sqlx::query_as(text)
        .bind(delivery)
        .bind(i64::from(job.findings))
        .fetch_all(&mut *conn)
        .await)?;
    findings.sort_by_key(|finding| finding.id);
    let found = in_tx!(tx, sql::COUNT, |conn, text| sqlx::query_scalar(text)
        .bind(delivery)
        .fetch_one(&mut *conn)
        .await)?;
    Ok(Trial {
        outcome: finish::outcome(&run.tally, file_rejected),
        parts,
        findings,
        found,
    })
}
