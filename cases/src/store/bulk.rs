//! Many rows in one statement: the rows travel as one value ([`super::rows`]), and the insert that unpacks it is the same
//! on both databases except for the unpacking.

use std::fmt::Write as _;

use sqlx::AssertSqlSafe;

use super::StoreError;
use super::db::Tx;
use super::rows::{GROUP, Packed, bind_rows};

/// Type of a column, for PostgreSQL's cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `bigint`
    Int,
    /// `text`
    Text,
    /// `date`
    Date,
    /// `boolean`
    Bool,
    /// The same in all rows: bound once, not in the rows.
    Same(Fixed),
    /// This text in all rows.
    Literal(&'static str),
}

/// A value that all rows of an import have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fixed {
    /// The client.
    Client,
    /// The delivery.
    Delivery,
    /// The act that brings them.
    Act,
}

/// The values that all rows of an import have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Common {
    /// The client.
    pub(crate) client: i64,
    /// The delivery.
    pub(crate) delivery: i64,
    /// The act that brings them.
    pub(crate) act: i64,
}

impl Kind {
    const fn postgres(self) -> &'static str {
        match self {
            Self::Int | Self::Same(_) => "bigint",
            Self::Text | Self::Literal(_) => "text",
            Self::Date => "date",
            Self::Bool => "boolean",
        }
    }
}

/// An insert of many rows.
#[derive(Debug)]
pub(crate) struct Bulk {
    /// Where to.
    pub(crate) table: &'static str,
    /// The columns; those that are not the same in all rows in the order in which [`Rows`] brings them, at most 64.
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// `on conflict …`, or nothing.
    pub(crate) tail: &'static str,
}

/// Whose words a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// SQLite's.
    Sqlite,
    /// PostgreSQL's.
    Postgres,
}

impl Words {
    /// The value in `place` of a row. SQLite walks over what stands before it, therefore rows come in groups; and a path
    /// that begins with `$` is taken as it is, while a number is first made into one.
    fn column(self, place: u32, cast: &str) -> String {
        let (group, index) = (place / GROUP, place % GROUP);
        match self {
            Self::Sqlite => format!("v->>'$[{group}][{index}]'"),
            Self::Postgres => format!("(v->{group}->>{index})::{cast}"),
        }
    }

    /// `expression` as the type `cast`; SQLite takes values as they come.
    fn cast(self, expression: &str, cast: &str) -> String {
        match self {
            Self::Sqlite => expression.to_owned(),
            Self::Postgres => format!("({expression})::{cast}"),
        }
    }
}

impl Bulk {
    /// The statement for rows in which the columns `used` (a bit each) have values, made of nothing but the names
    /// above. To unpack a column of nulls costs as much as one of values, and most lists fill few columns. Its
    /// parameters are the rows and then the values that all have in common, numbered from `first`.
    pub(crate) fn text(&self, words: Words, used: u64, first: usize) -> String {
        let (mut names, mut values) = (String::new(), String::new());
        let (mut place, mut parameter) = (0, first + 1);
        for (name, kind) in self.columns {
            let cast = kind.postgres();
            let value = match kind {
                Kind::Same(_) => {
                    parameter += 1;
                    words.cast(&format!("${}", parameter - 1), cast)
                }
                Kind::Literal(text) => format!("'{text}'"),
                _ => {
                    place += 1;
                    if used >> (place - 1) & 1 == 0 {
                        continue;
                    }
                    words.column(place - 1, cast)
                }
            };
            let comma = if names.is_empty() { "" } else { ", " };
            // Writing to a String does not fail.
            let _ = write!(names, "{comma}{name}");
            let _ = write!(values, "{comma}{value}");
        }
        // `limit -1`: with it SQLite copies a row out of the array once, not once a column. `where true`: without it
        // SQLite takes `on conflict` for a join's `on`.
        let from = match words {
            Words::Sqlite => format!("(select value as v from jsonb_each(${first}) limit -1)"),
            Words::Postgres => format!("jsonb_array_elements(cast(${first} as text)::jsonb) as t(v)"),
        };
        format!(
            "insert into {} ({names}) select {values} from {from} where true {}",
            self.table, self.tail
        )
    }

    /// The values that all rows have in common, in the order of their parameters.
    fn common(&self, common: &Common) -> impl Iterator<Item = i64> {
        let common = *common;
        self.columns.iter().filter_map(move |(_, kind)| match kind {
            Kind::Same(Fixed::Client) => Some(common.client),
            Kind::Same(Fixed::Delivery) => Some(common.delivery),
            Kind::Same(Fixed::Act) => Some(common.act),
            _ => None,
        })
    }

    /// Inserts rows.
    pub(crate) async fn insert(&'static self, tx: &mut Tx, common: &Common, rows: Packed) -> Result<(), StoreError> {
        insert_all(tx, common, vec![(self, rows)]).await
    }
}

/// Inserts rows into several tables, in order. On SQLite in one go: its statements run on a thread of their own, and each
/// way there and back is time in which nothing is written.
pub(crate) async fn insert_all(
    tx: &mut Tx,
    common: &Common,
    inserts: Vec<(&'static Bulk, Packed)>,
) -> Result<(), StoreError> {
    if inserts.is_empty() {
        return Ok(());
    }
    macro_rules! bind {
        ($query:expr, $bulk:expr, $rows:expr) => {{
            let query = bind_rows!($query, $rows);
            $bulk.common(common).fold(query, |query, value| query.bind(value))
        }};
    }
    match tx {
        Tx::Sqlite(tx) => {
            let (mut text, mut first) = (String::new(), 1);
            for (bulk, rows) in &inserts {
                let _ = write!(text, "{}; ", bulk.text(Words::Sqlite, rows.used, first));
                first += 1 + bulk.common(common).count();
            }
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (bulk, rows) in inserts {
                query = bind!(query, bulk, rows);
            }
            query.execute(&mut **tx).await?;
        }
        Tx::Postgres(tx) => {
            for (bulk, rows) in inserts {
                let query = sqlx::query(AssertSqlSafe(bulk.text(Words::Postgres, rows.used, 1)));
                bind!(query, bulk, rows).execute(&mut **tx).await?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_both_databases() {
        const COLUMNS: &[(&str, Kind)] = &[
            ("a", Kind::Int),
            ("c", Kind::Same(Fixed::Act)),
            ("n", Kind::Text),
            ("b", Kind::Date),
            ("l", Kind::Literal("x")),
        ];
        const BULK: Bulk = Bulk {
            table: "t",
            columns: COLUMNS,
            tail: "on conflict do nothing",
        };
        assert_eq!(
            BULK.text(Words::Sqlite, 0b101, 4),
            "insert into t (a, c, b, l) select v->>'$[0][0]', $5, v->>'$[0][2]', 'x' \
             from (select value as v from jsonb_each($4) limit -1) where true on conflict do nothing"
        );
        assert_eq!(
            BULK.text(Words::Postgres, 0b101, 1),
            "insert into t (a, c, b, l) select (v->0->>0)::bigint, ($2)::bigint, (v->0->>2)::date, 'x' \
             from jsonb_array_elements(cast($1 as text)::jsonb) as t(v) where true on conflict do nothing"
        );
    }
}
