//! Orders from the command line: the same records, without a file.

use chrono::{DateTime, NaiveDate, Utc};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;

use super::work::{Desk, Verdict, work};
use super::{Rules, kind};
use crate::import::scope;
use crate::model::{ActorId, ClientId};
use crate::papers::Papers;
use crate::store::{Store, StoreError, acts, audit};

/// What an order is given besides its record.
#[derive(Clone, Copy)]
pub struct Ordering<'a> {
    /// Who orders.
    pub actor: ActorId,
    /// The day.
    pub today: NaiveDate,
    /// When.
    pub now: DateTime<Utc>,
    /// What it goes by.
    pub rules: Rules<'a>,
    /// The papers that the record names, and the client in whose folder of the paper store they lie.
    pub papers: Option<(&'a Papers, ClientId)>,
    /// Nothing is kept.
    pub dry_run: bool,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    /// It took effect; of a dry run: it would have.
    pub done: bool,
    /// It had taken effect before.
    pub duplicate: bool,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The case.
    pub case_number: Option<String>,
}

/// Carries out what a record of the desk orders, for the back office: in one transaction, with a line in the audit trail.
///
/// # Errors
/// When the database fails.
pub async fn order(store: &Store, record: &Record, given: &Ordering<'_>) -> Result<Ordered, StoreError> {
    let name = record.text(Field::RecordType).unwrap_or_default();
    let Some(kind) = kind(name).filter(|kind| kind.is_for(given.rules.side)) else {
        let finding = Finding::new(Code::RecordTypeNotTaken)
            .field(Field::RecordType)
            .value(name);
        return Ok(Ordered {
            done: false,
            duplicate: false,
            findings: vec![finding],
            case_number: None,
        });
    };
    let mut tx = store.db.begin().await?;
    let none = (&Papers::default(), ClientId(0));
    let (papers, stored_under) = given.papers.unwrap_or(none);
    let desk = Desk {
        rules: given.rules,
        client: stored_under.0,
        papers,
        scope: scope(&mut tx, given.rules.side, 0).await?,
        today: given.today,
        asker: None,
        act: acts::add(&mut tx, given.actor, None, given.now).await?,
        now: given.now,
    };
    let mut told = work(&mut tx, &desk, &[(kind, record)]).await?;
    let told = told.pop().ok_or(StoreError::Lost)?;
    let done = told.verdict == Verdict::Accepted;
    match told.case.filter(|_| done && !given.dry_run) {
        Some(case) => {
            audit::add(&mut tx, given.actor, kind.name, ("case", case), None, given.now).await?;
            tx.commit().await?;
        }
        None => tx.rollback().await?,
    }
    Ok(Ordered {
        done,
        duplicate: told.verdict == Verdict::Duplicate,
        findings: told.findings,
        case_number: told.case_number,
    })
}
