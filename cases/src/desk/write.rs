//! Writes what the records have changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::file::{CaseFile, NewMessage, NewPayout, NewPlan};
use super::matter::KeyOf;
use crate::import::tables::{BOOKINGS, CONTACTS};
use crate::import::{booking_ids, set_payment};
use crate::model::{Answer, CaseId, ClientId, OutboxKind};
use crate::store::StoreError;
use crate::store::bulk::Kind::{Date, Int, Same, Text};
use crate::store::bulk::{Bulk, Common, Fixed, insert_all};
use crate::store::db::{Tx, in_tx, queries};
use crate::store::outbox;
use crate::store::rows::Rows;

pub(crate) mod sql {
    use super::queries;
    queries! {
        CASE = both "update cases set stage = $2, processing = $3, handler = $4, paused_until = $5, closing_reason = $6, \
            closed_at = case when $7 then coalesce(closed_at, (select at from acts where id = $8)) end where id = $1";
        DEBTOR = both "update debtors set street = $2, house_number = $3, address_extra = $4, postal_code = $5, \
            city = $6, country = $7, address_source = $8 where id = $1";
        DISPUTED = both "update claims set disputed = true where id = $1";
        MESSAGE = both "insert into messages (case_id, kind, text, reply_by_mail, answers, act_id) \
            values ($1, $2, $3, $4, $5, $6) returning id";
        MESSAGE_PAPER = both "insert into message_papers (message_id, document_id) \
            select $1, id from documents where case_id = $2 and sha256 = $3 on conflict do nothing";
        SHOW_PAPERS = both "update documents set visibility = 'client' where visibility = 'internal' \
            and id in (select document_id from message_papers where message_id = $1)";
        PAPERS_OF = both "select document_id from message_papers where message_id = $1 order by document_id";
        END_PLAN = both "update payment_plans set state = $2 where case_id = $1 and state = 'running'";
        PLAN = both "insert into payment_plans (case_id, currency, state, act_id) values ($1, $2, 'running', $3) \
            returning id";
        PAYOUT = both "insert into payouts (case_id, amount, currency, value_date, key, act_id) \
            values ($1, $2, $3, $4, $5, $6)";
    }
}

static KEYS: Bulk = Bulk {
    table: "booking_keys",
    columns: &[
        ("scope", Int),
        ("kind", Text),
        ("key", Text),
        ("case_id", Int),
        ("booking_id", Int),
    ],
    tail: "",
};

static REFERENCES: Bulk = Bulk {
    table: "booking_references",
    columns: &[("reference", Text), ("case_id", Int), ("booking_id", Int)],
    tail: "",
};

static HISTORY: Bulk = Bulk {
    table: "history",
    columns: &[
        ("case_id", Int),
        ("kind", Text),
        ("visibility", Text),
        ("args", Text),
        ("act_id", Same(Fixed::Act)),
    ],
    tail: "",
};

static DOCUMENTS: Bulk = Bulk {
    table: "documents",
    columns: &[
        ("client_id", Int),
        ("case_id", Int),
        ("claim_id", Int),
        ("sha256", Text),
        ("content_type", Text),
        ("size", Int),
        ("name", Text),
        ("visibility", Text),
        ("act_id", Int),
    ],
    tail: "on conflict (case_id, sha256) do nothing",
};

static INSTALMENTS: Bulk = Bulk {
    table: "instalments",
    columns: &[("plan_id", Int), ("number", Int), ("due_date", Date), ("amount", Int)],
    tail: "",
};

/// All of them, for the test that prepares each on both databases.
#[cfg(test)]
pub(crate) static ALL: [&Bulk; 6] = [
    &KEYS,
    &REFERENCES,
    &HISTORY,
    &DOCUMENTS,
    &INSTALMENTS,
    &super::allocations::ALLOCATIONS,
];

/// Nothing is the same in all rows here.
const NOTHING_IN_COMMON: Common = Common {
    client: 0,
    delivery: 0,
    act: 0,
};

/// The row of an act, and when it is.
type Act = (i64, DateTime<Utc>);

/// Writes the changes of cases under an act.
pub(super) async fn write(
    tx: &mut Tx,
    (act, now): Act,
    mut files: Vec<CaseFile>,
    keys: Vec<(KeyOf, CaseId, i64)>,
) -> Result<(), StoreError> {
    // In the order of the cases, as they were locked.
    files.sort_by_key(|file| file.case.id);
    let ids = rows(tx, act, &files).await?;
    let mut written = Rows::default();
    for ((scope, kind, key), case, id) in &keys {
        let id = ids.get(&(*case, *id)).copied();
        written.row().int(*scope).text(*kind).text(&**key).int(case.0).int(id);
    }
    if !written.is_empty() {
        KEYS.insert(tx, &NOTHING_IN_COMMON, written.finish()).await?;
    }
    for file in &files {
        one(tx, (act, now), file).await?;
    }
    let mut paid = Rows::default();
    for file in files.iter().filter(|file| !file.changes.bookings.is_empty()) {
        paid.row().int(file.case.id.0);
    }
    if !paid.is_empty() {
        set_payment(tx, &paid.finish()).await?;
    }
    Ok(())
}

/// Ledger, history and ways to reach debtors, a table at a time; yields the rows of provisional bookings.
async fn rows(tx: &mut Tx, act: i64, files: &[CaseFile]) -> Result<HashMap<(CaseId, i64), i64>, StoreError> {
    let count = files.iter().map(|file| file.changes.bookings.len()).sum();
    let mut next = booking_ids(tx, count).await?.into_iter();
    let mut ids = HashMap::with_capacity(count);
    let (mut bookings, mut references) = (Rows::default(), Rows::default());
    let (mut history, mut contacts) = (Rows::default(), Rows::default());
    for file in files {
        let case = file.case.id;
        for (index, booking) in file.changes.bookings.iter().enumerate() {
            let provisional = -i64::try_from(index + 1).unwrap_or(i64::MAX);
            let id = next.next().unwrap_or_default();
            ids.insert((case, provisional), id);
            let reversal_of = booking
                .reversal_of
                .map(|of| ids.get(&(case, of)).copied().unwrap_or(of));
            let claim = booking.claim.map(|claim| claim.0);
            bookings
                .row()
                .int(case.0)
                .int(id)
                .int(claim)
                .text(booking.kind.as_str());
            bookings
                .int(booking.amount)
                .text(&*file.case.currency)
                .date(booking.value_date);
            bookings.int(booking.place.0).int(booking.place.1);
            bookings.int(reversal_of).text(booking.key.as_deref());
            bookings
                .text(booking.allocate_to.as_deref())
                .text(booking.args.as_deref());
            if let Some(reference) = booking.reference.as_deref() {
                references.row().text(reference).int(case.0).int(id);
            }
        }
        for line in &file.changes.history {
            history.row().int(case.0).text(line.kind).text(line.visibility.as_str());
            history.text(line.args.as_deref());
        }
        for (kind, value) in &file.changes.contacts {
            contacts.row().int(file.debtor.id.0).text(kind.as_str()).text(&**value);
        }
    }
    let all = [
        (&BOOKINGS, bookings),
        (&REFERENCES, references),
        (&HISTORY, history),
        (&CONTACTS, contacts),
    ];
    let inserts = all.into_iter().filter(|(_, rows)| !rows.is_empty());
    let inserts = inserts.map(|(bulk, rows)| (bulk, rows.finish())).collect();
    let common = Common {
        act,
        ..NOTHING_IN_COMMON
    };
    insert_all(tx, &common, inserts).await?;
    papers(tx, act, files).await?;
    Ok(ids)
}

async fn papers(tx: &mut Tx, act: i64, files: &[CaseFile]) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    for (case, paper) in files
        .iter()
        .flat_map(|file| file.changes.papers.iter().map(|paper| (&file.case, paper)))
    {
        let stored = &paper.stored;
        rows.row()
            .int(paper.client)
            .int(case.id.0)
            .int(paper.claim.map(|claim| claim.0));
        rows.text(&*stored.sha256)
            .text(stored.content_type)
            .int(i64::try_from(stored.size).unwrap_or(i64::MAX));
        rows.text(&*paper.name).text(paper.visibility.as_str()).int(act);
    }
    match rows.is_empty() {
        true => Ok(()),
        false => DOCUMENTS.insert(tx, &NOTHING_IN_COMMON, rows.finish()).await,
    }
}

/// What is rarer than a booking, row by row.
async fn one(tx: &mut Tx, (act, now): Act, file: &CaseFile) -> Result<(), StoreError> {
    let changes = &file.changes;
    if changes.case {
        case(tx, act, file).await?;
    }
    if changes.debtor {
        debtor(tx, file).await?;
    }
    for claim in &changes.disputed {
        in_tx!(tx, sql::DISPUTED, |conn, text| sqlx::query(text)
            .bind(*claim)
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
    }
    for new in &changes.messages {
        message(tx, (act, now), file, new).await?;
    }
    if let Some(state) = changes.plan_ended {
        in_tx!(tx, sql::END_PLAN, |conn, text| sqlx::query(text)
            .bind(file.case.id)
            .bind(state)
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
    }
    for new in &changes.plans {
        plan(tx, act, file, new).await?;
    }
    for new in &changes.payouts {
        payout(tx, act, file, new).await?;
    }
    Ok(())
}

async fn case(tx: &mut Tx, act: i64, file: &CaseFile) -> Result<(), StoreError> {
    let case = &file.case;
    in_tx!(tx, sql::CASE, |conn, text| sqlx::query(text)
        .bind(case.id)
        .bind(case.stage)
        .bind(case.processing)
        .bind(case.handler.as_deref())
        .bind(case.paused_until)
        .bind(case.closing_reason.as_deref())
        .bind(file.is_closed())
        .bind(act)
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

async fn debtor(tx: &mut Tx, file: &CaseFile) -> Result<(), StoreError> {
    let debtor = &file.debtor;
    in_tx!(tx, sql::DEBTOR, |conn, text| sqlx::query(text)
        .bind(debtor.id)
        .bind(debtor.street.as_deref())
        .bind(debtor.house_number.as_deref())
        .bind(debtor.address_extra.as_deref())
        .bind(debtor.postal_code.as_deref())
        .bind(debtor.city.as_deref())
        .bind(debtor.country.as_deref())
        .bind(debtor.address_source.as_deref())
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A message; what the agency says goes to the client's outbox.
async fn message(tx: &mut Tx, (act, now): Act, file: &CaseFile, new: &NewMessage) -> Result<(), StoreError> {
    let id: i64 = in_tx!(tx, sql::MESSAGE, |conn, text| sqlx::query_scalar(text)
        .bind(file.case.id)
        .bind(new.kind.as_str())
        .bind(&new.text)
        .bind(new.reply_by_mail)
        .bind(new.answers)
        .bind(act)
        .fetch_one(&mut *conn)
        .await)?;
    for paper in &new.papers {
        in_tx!(tx, sql::MESSAGE_PAPER, |conn, text| sqlx::query(text)
            .bind(id)
            .bind(file.case.id)
            .bind(paper)
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
    }
    match new.kind.is_from_agency() {
        true => send(tx, file.case.client_id, id, now).await,
        false => Ok(()),
    }
}

/// Queues a message for the client: its papers, which it may see from now on, then the text that names them.
async fn send(tx: &mut Tx, client: ClientId, message: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    in_tx!(tx, sql::SHOW_PAPERS, |conn, text| sqlx::query(text)
        .bind(message)
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
    let papers: Vec<i64> = in_tx!(tx, sql::PAPERS_OF, |conn, text| sqlx::query_scalar(text)
        .bind(message)
        .fetch_all(&mut *conn)
        .await)?;
    for paper in papers {
        let mut answer = Answer::new(OutboxKind::Message, "paper");
        answer.params = serde_json::json!({ "message": message, "paper": paper }).to_string();
        outbox::add(tx, client, None, &answer, now).await?;
    }
    let mut answer = Answer::new(OutboxKind::Message, "txt");
    answer.params = serde_json::json!({ "message": message }).to_string();
    outbox::add(tx, client, None, &answer, now).await?;
    Ok(())
}

async fn plan(tx: &mut Tx, act: i64, file: &CaseFile, new: &NewPlan) -> Result<(), StoreError> {
    let id: i64 = in_tx!(tx, sql::PLAN, |conn, text| sqlx::query_scalar(text)
        .bind(file.case.id)
        .bind(&file.case.currency)
        .bind(act)
        .fetch_one(&mut *conn)
        .await)?;
    let mut rows = Rows::default();
    for (number, (due, amount)) in (1..).zip(&new.instalments) {
        rows.row().int(id).int(number).date(*due).int(*amount);
    }
    INSTALMENTS.insert(tx, &NOTHING_IN_COMMON, rows.finish()).await
}

async fn payout(tx: &mut Tx, act: i64, file: &CaseFile, new: &NewPayout) -> Result<(), StoreError> {
    in_tx!(tx, sql::PAYOUT, |conn, text| sqlx::query(text)
        .bind(file.case.id)
        .bind(new.amount)
        .bind(&file.case.currency)
        .bind(new.value_date)
        .bind(new.key.as_deref())
        .bind(act)
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
    Ok(())
}
