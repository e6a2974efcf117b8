//! Many rows in one statement: the rows travel as one value ([`super::rows`]), and the insert that unpacks it is the same
//! on both databases except for the unpacking.

use std::fmt::Write as _;

use sqlx::AssertSqlSafe;

use super::StoreError;
use super::db::Tx;
use super::rows::{GROUP, Packed, Payload};

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
    /// above. To unpack a column of nulls costs as much as one of values, and most lists fill few columns.
    pub(crate) fn text(&self, words: Words, used: u64) -> String {
        let (mut names, mut values) = (String::new(), String::new());
        // The first parameter is the rows.
        let (mut place, mut parameter) = (0, 2);
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
            Words::Sqlite => "(select value as v from jsonb_each($1) limit -1)",
            Words::Postgres => "jsonb_array_elements(cast($1 as text)::jsonb) as t(v)",
        };
        format!(
            "insert into {} ({names}) select {values} from {from} where true {}",
            self.table, self.tail
        )
    }

    /// Inserts rows.
    pub(crate) async fn insert(&self, tx: &mut Tx, common: &Common, rows: Packed) -> Result<(), StoreError> {
        macro_rules! run {
            ($tx:expr, $words:expr) => {{
                let query = sqlx::query(AssertSqlSafe(self.text($words, rows.used)));
                let mut query = match rows.payload {
                    Payload::Text(text) => query.bind(text),
                    Payload::Binary(bytes) => query.bind(bytes),
                };
                for (_, kind) in self.columns {
                    query = match kind {
                        Kind::Same(Fixed::Client) => query.bind(common.client),
                        Kind::Same(Fixed::Delivery) => query.bind(common.delivery),
                        Kind::Same(Fixed::Act) => query.bind(common.act),
                        _ => query,
                    };
                }
                query.execute(&mut **$tx).await?;
            }};
        }
        match tx {
            Tx::Sqlite(tx) => run!(tx, Words::Sqlite),
            Tx::Postgres(tx) => run!(tx, Words::Postgres),
        }
        Ok(())
    }
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
            BULK.text(Words::Sqlite, 0b101),
            "insert into t (a, c, b, l) select v->>'$[0][0]', $2, v->>'$[0][2]', 'x' \
             from (select value as v from jsonb_each($1) limit -1) where true on conflict do nothing"
        );
        assert_eq!(
            BULK.text(Words::Postgres, 0b101),
            "insert into t (a, c, b, l) select (v->0->>0)::bigint, ($2)::bigint, (v->0->>2)::date, 'x' \
             from jsonb_array_elements(cast($1 as text)::jsonb) as t(v) where true on conflict do nothing"
        );
    }
}
