//! Many rows in one statement: the rows travel as one JSON text, and the insert that unpacks it is the same on both
//! databases except for the unpacking.

use std::fmt::Write as _;
use std::io::Write as _;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use super::StoreError;
use super::db::Tx;

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
    /// Who handed it over.
    Actor,
    /// When.
    At,
}

/// The values that all rows of an import have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Common {
    /// The client.
    pub(crate) client: i64,
    /// The delivery.
    pub(crate) delivery: i64,
    /// Who handed it over.
    pub(crate) actor: i64,
    /// When.
    pub(crate) at: DateTime<Utc>,
}

impl Kind {
    const fn postgres(self) -> &'static str {
        match self {
            Self::Int | Self::Same(Fixed::Client | Fixed::Delivery | Fixed::Actor) => "bigint",
            Self::Text | Self::Literal(_) => "text",
            Self::Date => "date",
            Self::Same(Fixed::At) => "timestamptz",
            Self::Bool => "boolean",
        }
    }
}

/// Values of a row that stand in one array.
const GROUP: u32 = 6;

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
                let mut query = sqlx::query(AssertSqlSafe(self.text($words, rows.used))).bind(rows.json);
                for (_, kind) in self.columns {
                    query = match kind {
                        Kind::Same(Fixed::Client) => query.bind(common.client),
                        Kind::Same(Fixed::Delivery) => query.bind(common.delivery),
                        Kind::Same(Fixed::Actor) => query.bind(common.actor),
                        Kind::Same(Fixed::At) => query.bind(common.at),
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

/// Where the value in `place` of a row stands: its group and its index there.
pub(crate) const fn place_in_groups(place: usize) -> (usize, usize) {
    (place / GROUP as usize, place % GROUP as usize)
}

/// Finished rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packed {
    /// JSON: rows of groups of values.
    pub(crate) json: String,
    /// The columns in which a row has a value, a bit each.
    pub(crate) used: u64,
}

/// Rows as a JSON array, written one value at a time; each row is an array of arrays of [`GROUP`] values.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    json: Vec<u8>,
    count: usize,
    place: u32,
    used: u64,
}

impl Rows {
    /// Begins a row.
    pub(crate) fn row(&mut self) -> &mut Self {
        self.json
            .extend_from_slice(if self.count == 0 { b"[[[" } else { b"]],[[" });
        self.count += 1;
        self.place = 0;
        self
    }

    /// Number of rows begun.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// No row at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn separate(&mut self) {
        match self.place {
            0 => {}
            place if place % GROUP == 0 => self.json.extend_from_slice(b"],["),
            _ => self.json.push(b','),
        }
        self.place += 1;
    }

    /// Begins a value that is not null.
    fn value(&mut self) {
        self.used |= 1 << self.place;
        self.separate();
    }

    /// An absent value.
    pub(crate) fn null(&mut self) -> &mut Self {
        self.separate();
        self.json.extend_from_slice(b"null");
        self
    }

    /// A whole number.
    pub(crate) fn int(&mut self, value: impl Into<Option<i64>>) -> &mut Self {
        let Some(value) = value.into() else { return self.null() };
        self.value();
        // Writing to a Vec does not fail.
        let _ = write!(self.json, "{value}");
        self
    }

    /// A text. NUL characters, which PostgreSQL cannot keep, become replacement characters.
    pub(crate) fn text<'a>(&mut self, value: impl Into<Option<&'a str>>) -> &mut Self {
        let Some(value) = value.into() else { return self.null() };
        self.value();
        let clean = if value.contains('\0') {
            Some(value.replace('\0', "\u{fffd}"))
        } else {
            None
        };
        let _ = serde_json::to_writer(&mut self.json, clean.as_deref().unwrap_or(value));
        self
    }

    /// A calendar date.
    pub(crate) fn date(&mut self, value: impl Into<Option<NaiveDate>>) -> &mut Self {
        let Some(value) = value.into() else { return self.null() };
        self.value();
        let _ = write!(
            self.json,
            "\"{:04}-{:02}-{:02}\"",
            value.year(),
            value.month(),
            value.day()
        );
        self
    }

    /// Yes or no.
    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.value();
        self.json.extend_from_slice(if value { b"true" } else { b"false" });
        self
    }

    /// Ends the last row.
    pub(crate) fn finish(mut self) -> Packed {
        self.json
            .extend_from_slice(if self.count == 0 { b"[]" } else { b"]]]" });
        // Only UTF-8 was written.
        let json = String::from_utf8(self.json);
        Packed {
            json: json.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
            used: self.used,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_json() {
        let mut rows = Rows::default();
        rows.row()
            .int(1)
            .text("a\"b\0")
            .text(None)
            .date(NaiveDate::from_ymd_opt(2026, 2, 3))
            .bool(true)
            .int(7)
            .int(8);
        rows.row().int(None).text("ü").null().date(None).bool(false);
        let packed = rows.finish();
        let expected = "[[[1,\"a\\\"b\u{fffd}\",null,\"2026-02-03\",true,7],[8]],[[null,\"ü\",null,null,false]]]";
        assert_eq!((packed.json.as_str(), packed.used), (expected, 0b111_1011));
        assert_eq!(Rows::default().finish().json, "[]");
    }

    #[test]
    fn texts_of_both_databases() {
        const COLUMNS: &[(&str, Kind)] = &[
            ("a", Kind::Int),
            ("c", Kind::Same(Fixed::At)),
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
            "insert into t (a, c, b, l) select (v->0->>0)::bigint, ($2)::timestamptz, (v->0->>2)::date, 'x' \
             from jsonb_array_elements(cast($1 as text)::jsonb) as t(v) where true on conflict do nothing"
        );
    }
}
