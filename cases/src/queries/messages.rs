//! Messages between clients and their case handlers, with what names their case.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::model::{CaseId, ClientId, MessageKind};
use crate::store::db::{on, queries};
use crate::store::{Store, StoreError};

pub(crate) mod sql {
    use super::queries;

    macro_rules! message {
        ($tail:literal) => {
            concat!(
                "select m.id, m.case_id, c.number as case_number, c.client_id, d.number as debtor_number, c.handler, \
                 m.kind, m.text, m.reply_by_mail, m.answers, a.at, \
                 (select count(*) from messages n where n.case_id = m.case_id and n.id <= m.id) as number \
                 from messages m join acts a on a.id = m.act_id join cases c on c.id = m.case_id \
                 join debtors d on d.id = c.debtor_id ",
                $tail
            )
        };
    }

    queries! {
        BY_ID = both message!("where m.id = $1");
        PAPERS = both "select d.id, d.sha256, d.name, k.key as stored_under from message_papers p \
            join documents d on d.id = p.document_id join clients k on k.id = d.client_id \
            where p.message_id = $1 order by d.id";
        OF_CASE = both message!("where m.case_id = $1 order by m.id");
    }
}

/// A message in the light of its case.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct MessageRow {
    /// Its row.
    pub id: i64,
    /// Its number among the messages of its case, from 1.
    pub number: i64,
    /// The case.
    pub case_id: CaseId,
    /// What people call the case.
    pub case_number: String,
    /// The client of the case.
    pub client_id: ClientId,
    /// The creditor's number of the debtor.
    pub debtor_number: String,
    /// Who works on the case.
    pub handler: Option<String>,
    /// Who speaks to whom.
    pub kind: MessageKind,
    /// What is said.
    pub text: String,
    /// The client wants the answer by mail too; of what the agency says: it goes by mail too.
    pub reply_by_mail: bool,
    /// The row of the message that it answers.
    pub answers: Option<i64>,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// A paper that came or goes with a message.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct MessagePaper {
    /// Its row among the papers of cases.
    pub id: i64,
    /// SHA-256 of its content: its name in the paper store.
    pub sha256: String,
    /// As whoever handed it over called it. Personal data.
    pub name: String,
    /// Key of the client in whose folder of the paper store it lies.
    pub stored_under: String,
}

impl Store {
    /// The papers of a message, in the order in which they were filed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message_papers(&self, message: i64) -> Result<Vec<MessagePaper>, StoreError> {
        Ok(on!(&self.db, sql::PAPERS, |pool, text| sqlx::query_as(text)
            .bind(message)
            .fetch_all(pool)
            .await)?)
    }

    /// The message of this row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message(&self, id: i64) -> Result<Option<MessageRow>, StoreError> {
        Ok(on!(&self.db, sql::BY_ID, |pool, text| sqlx::query_as(text)
            .bind(id)
            .fetch_optional(pool)
            .await)?)
    }

    /// The messages of a case, oldest first. All are for its client's eyes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn messages(&self, case: CaseId) -> Result<Vec<MessageRow>, StoreError> {
        Ok(on!(&self.db, sql::OF_CASE, |pool, text| sqlx::query_as(text)
            .bind(case)
            .fetch_all(pool)
            .await)?)
    }
}
