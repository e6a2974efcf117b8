//! Which case a record is about: by our number, the debtor's number, the invoice or contract number, or the number of a
//! payment. Nobody learns of cases outside of the scope: what is somebody else's is as unknown as what does not exist.

use std::collections::{HashMap, HashSet};

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;

use super::kinds::{Kind, Target};
use super::matter::KeyOf;
use super::{Side, remittance, returns};
use crate::model::{CaseId, ClaimId};
use crate::store::StoreError;
use crate::store::db::{Tx, in_tx, queries};

pub(crate) mod sql {
    use super::queries;

    /// The columns of a [`Hit`](super::Hit) behind the text that was looked for. `$1` are the texts, `$2` the creditors.
    macro_rules! hit {
        ($value:literal, $claim:literal, $tail:literal) => {
            concat!(
                "select ",
                $value,
                ", c.id, ",
                $claim,
                ", c.currency, c.creditor_id, \
                 cast(case when c.closed_at is null then 1 else 0 end as bigint) ",
                $tail
            )
        };
    }

    // `cross join` keeps SQLite's planner from walking over the table instead of the texts.
    macro_rules! sqlite {
        ($claim:literal, $tail:literal) => {
            hit!("k.value", $claim, $tail)
        };
    }

    queries! {
        BY_NUMBER = , sqlite hit!("k.value", "null", "from json_each($1) k cross join cases c on c.number = k.value \
                where c.creditor_id in (select value from json_each($2))"),
            postgres hit!("k.value", "cast(null as bigint)", "from json_array_elements_text(cast($1 as json)) k (value) \
                join cases c on c.number = k.value \
                where c.creditor_id in (select cast(value as bigint) from json_array_elements_text(cast($2 as json)))");
        BY_DEBTOR = , sqlite concat!(
                sqlite!("null", "from json_each($1) k cross join json_each($2) r \
                    cross join debtors d on d.creditor_id = r.value and d.number = k.value \
                    cross join cases c on c.debtor_id = d.id and c.closed_at is null"),
                " union all ",
                sqlite!("null", "from json_each($1) k cross join json_each($2) r \
                    cross join debtors d on d.creditor_id = r.value and d.number = k.value \
                    cross join cases c on c.debtor_id = d.id and c.closed_at is not null")),
            postgres hit!("k.value", "cast(null as bigint)", "from json_array_elements_text(cast($1 as json)) k (value) \
                cross join json_array_elements_text(cast($2 as json)) r (value) \
                join debtors d on d.creditor_id = cast(r.value as bigint) and d.number = k.value \
                join cases c on c.debtor_id = d.id");
        BY_CLAIM = , sqlite sqlite!("l.id", "from json_each($1) k cross join json_each($2) r \
                cross join claims l on l.creditor_id = r.value and l.reference = k.value \
                cross join cases c on c.id = l.case_id"),
            postgres hit!("k.value", "l.id", "from json_array_elements_text(cast($1 as json)) k (value) \
                cross join json_array_elements_text(cast($2 as json)) r (value) \
                join claims l on l.creditor_id = cast(r.value as bigint) and l.reference = k.value \
                join cases c on c.id = l.case_id");
        // Keys of the kind $3; the scopes $4 are the creditors, and for the back office 0.
        BY_KEY = , sqlite sqlite!("null", "from json_each($1) k cross join json_each($4) r \
                cross join booking_keys b on b.scope = r.value and b.kind = $3 and b.key = k.value \
                cross join cases c on c.id = b.case_id where c.creditor_id in (select value from json_each($2))"),
            postgres hit!("k.value", "cast(null as bigint)", "from json_array_elements_text(cast($1 as json)) k (value) \
                cross join json_array_elements_text(cast($4 as json)) r (value) \
                join booking_keys b on b.scope = cast(r.value as bigint) and b.kind = $3 and b.key = k.value \
                join cases c on c.id = b.case_id \
                where c.creditor_id in (select cast(value as bigint) from json_array_elements_text(cast($2 as json)))");
        // The bookings of keys ($1, of the kind $2) in scopes ($3).
        KEYS = , sqlite "select b.scope, b.key, b.case_id, b.booking_id from json_each($1) k cross join json_each($3) r \
                cross join booking_keys b on b.scope = r.value and b.kind = $2 and b.key = k.value",
            postgres "select b.scope, b.key, b.case_id, b.booking_id \
                from json_array_elements_text(cast($1 as json)) k (value) \
                cross join json_array_elements_text(cast($3 as json)) r (value) \
                join booking_keys b on b.scope = cast(r.value as bigint) and b.kind = $2 and b.key = k.value";
    }
}

/// How a record names its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// In the fields for it.
    Reference,
    /// Our number stands in its text.
    CaseInText,
    /// An invoice or contract number stands in its text.
    ClaimInText,
}

/// Longest reference that is looked for, in bytes: longer ones are in no index.
pub(super) const LONGEST: usize = 500;

/// A case that a reference may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) case: CaseId,
    /// The claim, where the reference is a claim's.
    pub(super) claim: Option<ClaimId>,
    currency: String,
    creditor: i64,
    is_open: bool,
}

/// Text, case, claim, currency, creditor, whether the case is open.
type Row = (String, CaseId, Option<ClaimId>, String, i64, i64);

/// A case, the claim that was named, and how.
pub(super) type Meant = (CaseId, Option<ClaimId>, By);

/// By reference: its field and text, what it may mean.
#[derive(Debug, Default)]
pub(super) struct Found(HashMap<(Field, String), Vec<Hit>>);

/// Whom a delivery may speak of: creditors by row and code.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) creditors: Vec<(i64, String)>,
    /// The agency's own keys as well.
    pub(crate) office: bool,
}

/// The fields that name a case or a claim of it.
const REFERENCES: [Field; 4] = [
    Field::CaseNumber,
    Field::DebtorNumber,
    Field::InvoiceNumber,
    Field::ContractNumber,
];

/// A number as it is looked for: a case number is also written with blanks.
fn text(record: &Record, field: Field) -> Option<String> {
    let text = record.text(field)?;
    Some(match field {
        Field::CaseNumber => text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
        _ => text.to_owned(),
    })
}

/// Whether a record says whose case it is, or which claim it is about.
pub(super) fn names_case(record: &Record) -> bool {
    REFERENCES.into_iter().any(|field| record.text(field).is_some())
}

/// The references of a record: for a target that is a payment also its number.
fn references(record: &Record, kind: &Kind) -> Vec<(Field, String)> {
    if kind.target == Target::Nothing {
        return Vec::new();
    }
    let number = (kind.target == Target::Booking).then_some(Field::PaymentNumber);
    REFERENCES
        .into_iter()
        .chain(number)
        .filter_map(|field| Some((field, text(record, field)?)))
        .collect()
}

/// What is looked up for a record: its references, or the numbers in its texts where it has none.
fn looked_up(record: &Record, kind: &Kind) -> Vec<(Field, String)> {
    let named = references(record, kind);
    if !named.is_empty() || kind.target != Target::Text {
        return named;
    }
    let numbers = remittance::numbers(record);
    let ours = remittance::case_numbers(&numbers).into_iter();
    let ours = ours.map(|number| (Field::CaseNumber, number));
    ours.chain(numbers.into_iter().map(|number| (Field::InvoiceNumber, number)))
        .collect()
}

/// Looks up what the references of a batch may mean.
pub(super) async fn look_up(
    tx: &mut Tx,
    scope: &Scope,
    records: &[(&'static Kind, &Record)],
) -> Result<Found, StoreError> {
    let mut wanted: HashMap<(Field, Option<&'static str>), HashSet<String>> = HashMap::new();
    for (kind, record) in records {
        for (field, text) in looked_up(record, kind) {
            let key = kind.key.filter(|_| field == Field::PaymentNumber);
            if text.len() <= LONGEST {
                wanted.entry((field, key)).or_default().insert(text);
            }
        }
    }
    let creditors: Vec<i64> = scope.creditors.iter().map(|(id, _)| *id).collect();
    let (creditors_json, scopes_json) = (serde_json::json!(creditors).to_string(), scope.keys());
    let mut found = Found::default();
    for ((field, key), texts) in wanted {
        let query = match field {
            Field::CaseNumber => sql::BY_NUMBER,
            Field::DebtorNumber => sql::BY_DEBTOR,
            Field::PaymentNumber => sql::BY_KEY,
            _ => sql::BY_CLAIM,
        };
        let texts = serde_json::json!(texts.iter().collect::<Vec<_>>()).to_string();
        let rows: Vec<Row> = in_tx!(tx, query, |conn, text| {
            let query = sqlx::query_as(text).bind(&texts).bind(&creditors_json);
            match key {
                Some(key) => query.bind(key).bind(&scopes_json),
                None => query,
            }
            .fetch_all(&mut *conn)
            .await
        })?;
        for (text, case, claim, currency, creditor, open) in rows {
            found.0.entry((field, text)).or_default().push(Hit {
                case,
                claim,
                currency,
                creditor,
                is_open: open == 1,
            });
        }
    }
    Ok(found)
}

/// The bookings under the keys that the records of a batch give or name.
pub(super) async fn keys(
    tx: &mut Tx,
    (side, scope): (Side, &Scope),
    records: &[(&'static Kind, &Record)],
) -> Result<HashMap<KeyOf, (CaseId, i64)>, StoreError> {
    let mut wanted: HashMap<&'static str, HashSet<String>> = HashMap::new();
    for (kind, record) in records {
        if let (Some(key), Some(text)) = (kind.key, record.text(Field::PaymentNumber)) {
            wanted.entry(key).or_default().insert(text.to_owned());
        }
        if let Some((_, key, text)) = returns::key(side, kind, record) {
            wanted.entry(key).or_default().insert(text);
        }
    }
    let scopes = scope.keys();
    let mut known = HashMap::new();
    for (kind, texts) in wanted {
        let texts = serde_json::json!(texts.iter().collect::<Vec<_>>()).to_string();
        let rows: Vec<(i64, String, CaseId, i64)> = in_tx!(tx, sql::KEYS, |conn, text| sqlx::query_as(text)
            .bind(&texts)
            .bind(kind)
            .bind(&scopes)
            .fetch_all(&mut *conn)
            .await)?;
        known.extend(
            rows.into_iter()
                .map(|(scope, key, case, id)| ((scope, kind, key), (case, id))),
        );
    }
    Ok(known)
}

impl Found {
    /// Every case that was found.
    pub(super) fn cases(&self) -> HashSet<CaseId> {
        self.0.values().flatten().map(|hit| hit.case).collect()
    }

    /// The one case that all references of the record mean, with the claim that they name.
    ///
    /// # Errors
    /// A reference that is unknown, references that name different cases, or one that may mean several: open cases go
    /// before closed ones, then the record's currency decides.
    pub(super) fn of(&self, record: &Record, kind: &Kind, scope: &Scope) -> Result<Meant, Finding> {
        let references = references(record, kind);
        if references.is_empty() && kind.target == Target::Text {
            return self.in_text(record, kind);
        }
        let creditor = record.text(Field::Creditor).filter(|_| scope.creditors.len() > 1);
        let mut meant: Option<Vec<Hit>> = None;
        for (field, text) in &references {
            let hits: Vec<Hit> = self
                .0
                .get(&(*field, text.clone()))
                .into_iter()
                .flatten()
                .filter(|hit| creditor.is_none_or(|code| scope.is_of(hit.creditor, code)))
                .cloned()
                .collect();
            if hits.is_empty() {
                return Err(Finding::new(Code::UnknownReference).field(*field).value(text));
            }
            meant = Some(match meant {
                None => hits,
                Some(before) => both(&before, &hits)
                    .ok_or_else(|| Finding::new(Code::ReferencesDisagree).field(*field).value(text))?,
            });
        }
        let needed = match kind.target {
            Target::Booking => Field::PaymentNumber,
            _ => Field::CaseNumber,
        };
        let meant = meant.ok_or_else(|| Finding::new(Code::Required).field(needed))?;
        one(meant, record)
            .map(|(case, claim)| (case, claim, By::Reference))
            .ok_or_else(|| {
                let finding = Finding::new(Code::AmbiguousReference);
                match references.first() {
                    Some((field, text)) => finding.field(*field).value(text),
                    None => finding,
                }
            })
    }
}

impl Found {
    /// The one case whose number stands in a text, else the one that its invoice numbers mean.
    fn in_text(&self, record: &Record, kind: &Kind) -> Result<Meant, Finding> {
        let numbers = looked_up(record, kind);
        for (wanted, by) in [
            (Field::CaseNumber, By::CaseInText),
            (Field::InvoiceNumber, By::ClaimInText),
        ] {
            let hits: Vec<Hit> = numbers
                .iter()
                .filter(|(field, _)| *field == wanted)
                .filter_map(|number| self.0.get(number))
                .flatten()
                .cloned()
                .collect();
            if hits.is_empty() {
                continue;
            }
            let meant = one(hits, record).map(|(case, claim)| (case, claim, by));
            return meant.ok_or_else(|| {
                Finding::new(Code::UnmatchedPayment)
                    .field(Field::CaseNumber)
                    .arg("found", "several")
            });
        }
        Err(Finding::new(Code::UnmatchedPayment).field(Field::CaseNumber))
    }
}

impl Scope {
    /// Whose keys may be looked up, as a JSON array: the creditors', and for the back office the agency's (0).
    fn keys(&self) -> String {
        let creditors = self.creditors.iter().map(|(id, _)| *id);
        let scopes: Vec<i64> = creditors.chain(self.office.then_some(0)).collect();
        serde_json::json!(scopes).to_string()
    }

    /// Whether one of the creditors has this code.
    pub(super) fn knows(&self, code: &str) -> bool {
        self.creditors.iter().any(|(_, known)| known.eq_ignore_ascii_case(code))
    }

    fn is_of(&self, creditor: i64, code: &str) -> bool {
        self.creditors
            .iter()
            .any(|(id, known)| *id == creditor && known.eq_ignore_ascii_case(code))
    }
}

/// The hits of cases that both mean, with what either knows of the claim.
fn both(one: &[Hit], other: &[Hit]) -> Option<Vec<Hit>> {
    let mut meant = Vec::new();
    for hit in one {
        for same in other.iter().filter(|same| same.case == hit.case) {
            let claim = match (hit.claim, same.claim) {
                (Some(one), Some(other)) if one != other => continue,
                (one, other) => one.or(other),
            };
            meant.push(Hit { claim, ..hit.clone() });
        }
    }
    (!meant.is_empty()).then_some(meant)
}

fn one(mut hits: Vec<Hit>, record: &Record) -> Option<(CaseId, Option<ClaimId>)> {
    let is_one = |hits: &[Hit]| hits.windows(2).all(|pair| pair[0].case == pair[1].case);
    if !is_one(&hits) && hits.iter().any(|hit| hit.is_open) {
        hits.retain(|hit| hit.is_open);
    }
    if let (false, Some(currency)) = (is_one(&hits), record.text(Field::Currency)) {
        hits.retain(|hit| hit.currency == currency);
    }
    let first = hits.first().filter(|_| is_one(&hits))?;
    // Two claims of one case under one number: the record speaks of the case.
    let claim = first
        .claim
        .filter(|claim| hits.iter().all(|hit| hit.claim == Some(*claim)));
    Some((first.case, claim))
}
