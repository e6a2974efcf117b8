//! What becomes of a batch of records: pure, given what the database knows. The records are judged one after the
//! other, so the result is the same however they were cut into batches.

use std::collections::HashMap;

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;

use super::master::MasterData;
use super::sift::{Entry, Good, Sort};

/// The key of a debtor: creditor and number.
pub(super) type DebtorKey<'a> = (i64, &'a str);

/// What the batch before has made: a lookup runs ahead of its inserts.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// By creditor and number.
    pub(super) debtors: HashMap<i64, HashMap<String, RecentDebtor>>,
}

/// A debtor that the batch before spoke of.
#[derive(Debug)]
pub(super) struct RecentDebtor {
    /// As it is now.
    pub(super) debtor: KnownDebtor,
    /// The claims that were booked, by reference.
    pub(super) claims: HashMap<String, KnownClaim>,
}

/// What the database knows of the keys in a batch.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By number of their key ([`Good::keys`]).
    pub(super) debtors: HashMap<usize, KnownDebtor>,
    /// By number of their key.
    pub(super) claims: HashMap<usize, KnownClaim>,
}

/// A debtor that the database knows.
#[derive(Debug, Clone)]
pub(super) struct KnownDebtor {
    /// Its row.
    pub(super) id: i64,
    /// Its folded name.
    pub(super) name_key: String,
    /// Its birth date.
    pub(super) birth_date: Option<NaiveDate>,
    /// Its open cases.
    pub(super) cases: Vec<KnownCase>,
}

/// An open case that the database knows.
#[derive(Debug, Clone)]
pub(super) struct KnownCase {
    /// Its row.
    pub(super) id: i64,
    /// Its number.
    pub(super) number: String,
    /// Its currency.
    pub(super) currency: String,
    /// Something was paid on it.
    pub(super) paid: bool,
}

/// A claim as far as a later record is held against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownClaim {
    /// Its row.
    pub(super) id: i64,
    /// Number of its case.
    pub(super) case_number: String,
    /// What it says.
    pub(super) terms: Terms,
}

/// What makes two records with the same key the same claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    /// Principal amount in minor units.
    pub(super) principal: i64,
    /// ISO 4217.
    pub(super) currency: String,
    /// Invoice, due and contract date.
    pub(super) dates: [Option<NaiveDate>; 3],
}

impl Terms {
    /// The terms of a record.
    pub(super) fn of(entry: &Entry) -> Self {
        let date = |field| entry.record.date(field);
        Self {
            principal: entry.record.money(Field::PrincipalAmount).unwrap_or_default(),
            currency: entry.currency().to_owned(),
            dates: [
                date(Field::InvoiceDate),
                date(Field::DueDate),
                date(Field::ContractDate),
            ],
        }
    }

    /// The first field in which two claims with the same key differ. A date that only one of them names does not.
    fn difference(&self, other: &Self) -> Option<Field> {
        if self.principal != other.principal {
            return Some(Field::PrincipalAmount);
        }
        if self.currency != other.currency {
            return Some(Field::Currency);
        }
        let fields = [Field::InvoiceDate, Field::DueDate, Field::ContractDate];
        let mut dates = self.dates.iter().zip(&other.dates);
        let place = dates.position(|(one, other)| one.is_some() && other.is_some() && one != other)?;
        fields.get(place).copied()
    }
}

/// What becomes of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is taken over: for the debtor in this slot, and, when it brings a claim, on that case of the slot.
    Accepted { slot: usize, case: Option<usize> },
    /// It was rejected before, or is for this.
    Rejected(Option<Finding>),
    /// It has the key of that claim and says something else.
    Differs(Earlier, Finding),
    /// It is that claim.
    Duplicate(Earlier),
}

/// The claim that was there first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Earlier {
    /// In the database.
    Stored { id: i64, case_number: String },
    /// Made by this entry of the batch.
    Entry(usize),
}

/// A case of a debtor in a batch.
#[derive(Debug)]
pub(super) enum CasePlan {
    /// It is open.
    Known(KnownCase),
    /// It is opened.
    New {
        /// ISO 4217.
        currency: String,
    },
}

impl CasePlan {
    /// ISO 4217.
    pub(super) fn currency(&self) -> &str {
        match self {
            Self::Known(case) => &case.currency,
            Self::New { currency } => currency,
        }
    }
}

/// A debtor of a batch.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    /// Creditor and number.
    pub(super) key: DebtorKey<'a>,
    /// Its row, when the database knows it.
    pub(super) known: Option<i64>,
    /// Its folded name; `None` until a record makes the debtor.
    pub(super) name_key: Option<String>,
    /// Its birth date, once the database or a record has told it.
    pub(super) birth_date: Option<NaiveDate>,
    /// What accepted records of this batch say of it.
    pub(super) master: MasterData<'a>,
    /// An accepted record of this batch speaks of it.
    pub(super) touched: bool,
    /// Its open cases.
    pub(super) cases: Vec<CasePlan>,
}

/// What becomes of a batch.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// For each entry, in order.
    pub(super) verdicts: Vec<Verdict>,
    /// The debtors of the batch.
    pub(super) slots: Vec<Slot<'a>>,
}

impl Known {
    /// Adds what the batch before has made, which is newer than what the database said.
    pub(super) fn update(&mut self, entries: &[Entry], recent: &Recent) {
        for entry in entries {
            let Some(good) = &entry.good else { continue };
            let of_creditor = recent.debtors.get(&good.creditor);
            let Some(recent) = of_creditor.and_then(|debtors| debtors.get(entry.debtor_number())) else {
                continue;
            };
            let (number, claim) = good.keys;
            self.debtors.insert(number, recent.debtor.clone());
            if let (Some(number), Some(reference)) = (claim, entry.reference())
                && let Some(claim) = recent.claims.get(reference)
            {
                self.claims.insert(number, claim.clone());
            }
        }
    }
}

/// Judges the entries in order.
pub(super) fn plan<'a>(entries: &'a [Entry], mut known: Known) -> Plan<'a> {
    let mut slots: Vec<Slot<'a>> = Vec::new();
    // By number of their key: the entry of the batch that was accepted for it.
    let mut claims: Vec<Option<usize>> = vec![None; entries.len()];
    let mut verdicts = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let Some(good) = &entry.good else {
            verdicts.push(Verdict::Rejected(None));
            continue;
        };
        let (slot, _) = good.keys;
        if slot == slots.len() {
            let key = (good.creditor, entry.debtor_number());
            slots.push(Slot::new(key, known.debtors.remove(&slot)));
        }
        let verdict = judge(
            entries,
            (index, entry, good),
            &mut slots[slot],
            &known.claims,
            &mut claims,
        );
        verdicts.push(match verdict {
            Ok(case) => Verdict::Accepted { slot, case },
            Err(verdict) => verdict,
        });
    }
    Plan { verdicts, slots }
}

/// Judges one entry; yields the case its claim goes to.
fn judge<'a>(
    entries: &'a [Entry],
    (index, entry, good): (usize, &'a Entry, &'a Good),
    slot: &mut Slot<'a>,
    stored: &HashMap<usize, KnownClaim>,
    claims: &mut [Option<usize>],
) -> Result<Option<usize>, Verdict> {
    slot.check_name(&good.name_key)
        .and_then(|()| slot.check_birth_date(&entry.record))
        .map_err(|finding| Verdict::Rejected(Some(finding)))?;
    let (_, claim) = good.keys;
    let case = match claim {
        None => None,
        Some(claim) => {
            check_duplicate(entries, entry, stored.get(&claim), claims[claim])?;
            let case = slot
                .case_for(entry.currency(), good.sort)
                .map_err(|f| Verdict::Rejected(Some(f)))?;
            claims[claim] = Some(index);
            Some(case)
        }
    };
    slot.take(entry, good);
    Ok(case)
}

/// Holds a record against the claim that has its key: in the database, else earlier in the batch.
fn check_duplicate(
    entries: &[Entry],
    entry: &Entry,
    stored: Option<&KnownClaim>,
    earlier: Option<usize>,
) -> Result<(), Verdict> {
    let (terms, earlier) = match (stored, earlier) {
        (Some(claim), _) => (
            claim.terms.clone(),
            Earlier::Stored {
                id: claim.id,
                case_number: claim.case_number.clone(),
            },
        ),
        (None, Some(index)) => (Terms::of(&entries[index]), Earlier::Entry(index)),
        (None, None) => return Ok(()),
    };
    Err(match terms.difference(&Terms::of(entry)) {
        None => Verdict::Duplicate(earlier),
        Some(field) => Verdict::Differs(earlier, Finding::new(Code::DuplicateDiffers).field(field)),
    })
}

impl<'a> Slot<'a> {
    fn new(key: DebtorKey<'a>, known: Option<KnownDebtor>) -> Self {
        let (id, name_key, birth_date, cases) = match known {
            Some(debtor) => (Some(debtor.id), Some(debtor.name_key), debtor.birth_date, debtor.cases),
            None => (None, None, None, Vec::new()),
        };
        let cases = cases.into_iter().map(CasePlan::Known).collect();
        Self {
            key,
            known: id,
            name_key,
            birth_date,
            master: MasterData::default(),
            touched: false,
            cases,
        }
    }

    /// The same number with another name is never joined: strangers must not share a case. A record that names nobody
    /// contradicts nothing, but makes no debtor.
    fn check_name(&self, name_key: &str) -> Result<(), Finding> {
        match &self.name_key {
            None if name_key.is_empty() => Err(Finding::new(Code::Required).field(Field::LastName)),
            Some(known) if !name_key.is_empty() && known != name_key => Err(self.mismatch("name")),
            _ => Ok(()),
        }
    }

    /// Two people may have one name; they do not share a number. A date that only one of them has says nothing.
    fn check_birth_date(&self, record: &Record) -> Result<(), Finding> {
        match (self.birth_date, record.date(Field::BirthDate)) {
            (Some(known), Some(born)) if known != born => Err(self.mismatch("birth_date")),
            _ => Ok(()),
        }
    }

    fn mismatch(&self, reason: &str) -> Finding {
        Finding::new(Code::DebtorMismatch)
            .field(Field::DebtorNumber)
            .value(self.key.1)
            .arg("reason", reason)
    }

    /// The open case in `currency`, else a new one: the account of a case has one currency. An additional claim says
    /// that a case is running; when all those have another currency, it is in the wrong one.
    fn case_for(&mut self, currency: &str, sort: Sort) -> Result<usize, Finding> {
        if let Some(place) = self.cases.iter().position(|case| case.currency() == currency) {
            return Ok(place);
        }
        if let (Sort::AdditionalClaim, Some(other)) = (sort, self.cases.first()) {
            let finding = Finding::new(Code::IncorrectCurrency)
                .field(Field::Currency)
                .value(currency);
            return Err(finding.arg("expected", other.currency()));
        }
        self.cases.push(CasePlan::New {
            currency: currency.to_owned(),
        });
        Ok(self.cases.len() - 1)
    }

    fn take(&mut self, entry: &'a Entry, good: &Good) {
        if self.name_key.is_none() {
            self.name_key = Some(good.name_key.clone());
        }
        self.birth_date = self.birth_date.or_else(|| entry.record.date(Field::BirthDate));
        self.touched = true;
        self.master.complete(&entry.record);
    }
}
