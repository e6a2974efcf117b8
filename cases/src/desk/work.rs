//! A batch of records on the desk: found, read, changed, written.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;

use super::allocations::{Which, bring_up_to_date};
use super::file::CaseFile;
use super::find::{self, By, Found, Meant, Scope};
use super::kinds::{Closed, Kind, Target};
use super::load::load;
use super::matter::{Keys, Matter, Refusal};
use super::returns::{self, Returns};
use super::{Rules, requests, write};
use crate::model::{CaseId, ClaimId, ClientId, DeliveryId};
use crate::papers::Papers;
use crate::store::StoreError;
use crate::store::db::Tx;

/// Who works, and what may be looked at.
pub(crate) struct Desk<'a> {
    /// What it goes by.
    pub(crate) rules: Rules<'a>,
    /// Whose cases.
    pub(crate) scope: Scope,
    /// Whose file it is: in its folder of the store lie the papers.
    pub(crate) client: i64,
    /// The papers that came with the records.
    pub(crate) papers: &'a Papers,
    /// The day, in the client's time zone.
    pub(crate) today: NaiveDate,
    /// Who asks in requests, and in which delivery.
    pub(crate) asker: Option<(ClientId, DeliveryId)>,
    /// The act that everything is written under.
    pub(crate) act: i64,
    /// When that is.
    pub(crate) now: DateTime<Utc>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It took effect.
    Accepted,
    /// Its findings say why not.
    Rejected,
    /// It had taken effect before.
    Duplicate,
}

/// What a record is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    pub(crate) findings: Vec<Finding>,
    /// The case and the claim that it is about, where they were found.
    pub(crate) case_number: Option<String>,
    pub(crate) claim: Option<ClaimId>,
    pub(crate) case: Option<i64>,
}

impl Told {
    fn rejected(finding: Finding) -> Self {
        Self {
            verdict: Verdict::Rejected,
            findings: vec![finding],
            ..Self::taken()
        }
    }

    /// Of a record that concerns no case.
    const fn taken() -> Self {
        Self {
            verdict: Verdict::Accepted,
            findings: Vec::new(),
            case_number: None,
            claim: None,
            case: None,
        }
    }
}

/// Works records off, in order.
pub(crate) async fn work(
    tx: &mut Tx,
    desk: &Desk<'_>,
    mut records: &[(&'static Kind, &Record)],
) -> Result<Vec<Told>, StoreError> {
    let mut told = Vec::with_capacity(records.len());
    while !records.is_empty() {
        let (batch, rest) = records.split_at(until_own_key(records));
        told.extend(work_batch(tx, desk, batch).await?);
        records = rest;
    }
    Ok(told)
}

/// In place of what a number is the key of, for the reference of a payer.
const OF_PAYER: &str = "reference";

/// How many records can be looked up together: up to one that names a booking which an earlier one of them makes.
fn until_own_key(records: &[(&'static Kind, &Record)]) -> usize {
    let mut made = HashSet::new();
    for (index, (kind, record)) in records.iter().enumerate() {
        let Some(key) = kind.key else { continue };
        // A return of the bank may name the payment by each of these.
        let names = [
            record.text(Field::PaymentNumber).map(|number| (key, number)),
            record.text(Field::BankReference).map(|number| (key, number)),
            record.text(Field::EndToEndId).map(|reference| (OF_PAYER, reference)),
        ];
        let mut names = names.into_iter().flatten();
        if kind.target != Target::Booking {
            made.extend(names);
        } else if names.any(|name| made.contains(&name)) {
            return index;
        }
    }
    records.len()
}

async fn work_batch(
    tx: &mut Tx,
    desk: &Desk<'_>,
    records: &[(&'static Kind, &Record)],
) -> Result<Vec<Told>, StoreError> {
    let found = find::look_up(tx, &desk.scope, records).await?;
    let returned = returns::look_up(tx, desk, records).await?;
    let mut cases = found.cases();
    cases.extend(returned.cases());
    let mut files = load(tx, &cases).await?;
    let mut keys = Keys {
        known: find::keys(tx, (desk.rules.side, &desk.scope), records).await?,
        added: Vec::new(),
    };
    let mut told = Vec::with_capacity(records.len());
    let mut asked = Vec::new();
    let kept = match records.iter().any(|(kind, _)| kind.target == Target::Nothing) {
        true => requests::kept(tx, desk).await?,
        false => 0,
    };
    for (kind, record) in records {
        if kind.target == Target::Nothing {
            let before = kept + i64::try_from(asked.len()).unwrap_or(i64::MAX);
            let request = requests::ask(desk, record, before);
            told.push(request.map_or_else(Told::rejected, |request| {
                asked.push(request);
                Told::taken()
            }));
            continue;
        }
        let meant = match returns::is_unnumbered(desk, kind, record) {
            true => of_return(&returned, &found, (kind, record), &files, (desk, &keys)),
            false => found.of(record, kind, &desk.scope).map(|meant| (meant, None)),
        };
        let ((case, claim, by), takes_back) = match meant {
            Ok(meant) => meant,
            Err(finding) => {
                told.push(Told::rejected(finding));
                continue;
            }
        };
        // Whatever was found has been read; a case that went missing in between is unknown.
        let Some(file) = files.get_mut(&case) else {
            told.push(Told::rejected(
                Finding::new(Code::UnknownReference).field(Field::CaseNumber),
            ));
            continue;
        };
        told.push(apply(desk, kind, record, (file, claim, by, takes_back), &mut keys));
    }
    let booked: Vec<_> = files
        .values()
        .filter(|file| !file.changes.bookings.is_empty())
        .map(|file| file.case.id)
        .collect();
    write::write(tx, (desk.act, desk.now), files.into_values().collect(), keys.added).await?;
    requests::write(tx, desk, &asked).await?;
    bring_up_to_date(tx, &booked, Which::All, (&desk.rules, desk.today), desk.act).await?;
    Ok(told)
}

/// The case and the booking that a return of the bank means; of a case that it names too, only its bookings.
fn of_return(
    returned: &Returns,
    found: &Found,
    (kind, record): (&Kind, &Record),
    files: &HashMap<CaseId, CaseFile>,
    at: (&Desk<'_>, &Keys),
) -> Result<(Meant, Option<i64>), Finding> {
    let only = match find::names_case(record) {
        true => Some(found.of(record, kind, &at.0.scope)?.0),
        false => None,
    };
    let (case, booking) = returned.of((kind, record), only, files, at)?;
    Ok(((case, None, By::Reference), Some(booking)))
}

fn apply(
    desk: &Desk<'_>,
    kind: &Kind,
    record: &Record,
    (file, claim, by, takes_back): (&mut CaseFile, Option<ClaimId>, By, Option<i64>),
    keys: &mut Keys,
) -> Told {
    let (case_number, case) = (Some(file.case.number.clone()), Some(file.case.id.0));
    let mut matter = Matter {
        record,
        file,
        claim,
        by,
        takes_back,
        keys,
        desk,
        warnings: Vec::new(),
    };
    let allowed = match kind.closed {
        Closed::Refused => matter.needs_open(),
        Closed::Told if matter.file.is_closed() => {
            let finding = Finding::new(Code::CaseClosed).field(Field::CaseNumber);
            matter
                .warnings
                .push(finding.severity(dropcase_parsers::finding::Severity::Warning));
            Ok(())
        }
        Closed::Told | Closed::Taken => Ok(()),
    };
    let done = allowed.map_err(Refusal::from).and_then(|()| (kind.apply)(&mut matter));
    let (verdict, findings) = match done {
        Ok(()) => (Verdict::Accepted, matter.warnings),
        Err(Refusal::Finding(finding)) => (Verdict::Rejected, vec![*finding]),
        Err(Refusal::Duplicate) => (Verdict::Duplicate, vec![Finding::new(Code::Duplicate)]),
    };
    Told {
        verdict,
        findings,
        case_number,
        claim,
        case,
    }
}
