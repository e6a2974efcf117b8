//! Ids of new rows, known before the rows are written: so that a batch needs no join to find them again.

use crate::store::StoreError;
use crate::store::db::{Tx, queries};

pub(crate) mod sql {
    use super::queries;
    queries! {
        DEBTORS = , sqlite "select coalesce(max(id), 0) + 1 from debtors",
            postgres "select nextval(pg_get_serial_sequence('debtors', 'id')) from generate_series(1, $1)";
        CASES = , sqlite "select coalesce(max(id), 0) + 1 from cases",
            postgres "select nextval(pg_get_serial_sequence('cases', 'id')) from generate_series(1, $1)";
        CLAIMS = , sqlite "select coalesce(max(id), 0) + 1 from claims",
            postgres "select nextval(pg_get_serial_sequence('claims', 'id')) from generate_series(1, $1)";
    }
}

/// A table that gets ids this way.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    /// `debtors`
    Debtors,
    /// `cases`
    Cases,
    /// `claims`
    Claims,
}

/// Takes `count` ids: on SQLite those behind the last (the transaction is the only one that writes), on PostgreSQL
/// from the column's sequence.
pub(super) async fn take(tx: &mut Tx, table: Table, count: usize) -> Result<Vec<i64>, StoreError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let wanted = i64::try_from(count).unwrap_or(i64::MAX);
    let query = match table {
        Table::Debtors => sql::DEBTORS,
        Table::Cases => sql::CASES,
        Table::Claims => sql::CLAIMS,
    };
    Ok(match tx {
        Tx::Sqlite(tx) => {
            let first: i64 = sqlx::query_scalar(query.sqlite).fetch_one(&mut **tx).await?;
            (first..first + wanted).collect()
        }
        Tx::Postgres(tx) => {
            sqlx::query_scalar(query.postgres)
                .bind(wanted)
                .fetch_all(&mut **tx)
                .await?
        }
    })
}
