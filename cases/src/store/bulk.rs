//! Many rows in one statement: the rows travel as one JSON text, and the insert that unpacks it is the same on both
//! databases except for the unpacking.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::OnceLock;

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

/// An insert of many rows.
#[derive(Debug)]
pub(crate) struct Bulk {
    /// Where to.
    pub(crate) table: &'static str,
    /// The columns in the order in which [`Rows`] brings them.
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// `on conflict …`, or nothing.
    tail: &'static str,
    built: OnceLock<(String, String)>,
}

impl Bulk {
    /// An insert into `table`, with `tail` behind it.
    pub(crate) const fn new(table: &'static str, columns: &'static [(&'static str, Kind)], tail: &'static str) -> Self {
        Self {
            table,
            columns,
            tail,
            built: OnceLock::new(),
        }
    }

    /// Its texts for SQLite and for PostgreSQL, made of nothing but the names above.
    pub(crate) fn texts(&self) -> &(String, String) {
        self.built.get_or_init(|| {
            let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
            let head = format!("insert into {} ({})", self.table, names.join(", "));
            let (mut sqlite, mut postgres) = (String::new(), String::new());
            // The first parameter is the rows.
            let (mut place, mut parameter) = (0, 2);
            for (index, (_, kind)) in self.columns.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                let cast = kind.postgres();
                // Writing to a String does not fail.
                match kind {
                    Kind::Same(_) => {
                        let _ = write!(sqlite, "{comma}${parameter}");
                        let _ = write!(postgres, "{comma}${parameter}::{cast}");
                        parameter += 1;
                    }
                    Kind::Literal(text) => {
                        let _ = write!(sqlite, "{comma}'{text}'");
                        let _ = write!(postgres, "{comma}'{text}'");
                    }
                    _ => {
                        let _ = write!(sqlite, "{comma}value->>{place}");
                        let _ = write!(postgres, "{comma}(v->>{place})::{cast}");
                        place += 1;
                    }
                }
            }
            // `where true`: without it SQLite takes `on conflict` for a join's `on`.
            (
                format!("{head} select {sqlite} from jsonb_each($1) where true {}", self.tail),
                format!(
                    "{head} select {postgres} from jsonb_array_elements(cast($1 as text)::jsonb) as t(v) where true {}",
                    self.tail
                ),
            )
        })
    }

    /// Inserts rows: a JSON array of arrays, as [`Rows`] makes it.
    pub(crate) async fn insert(&self, tx: &mut Tx, common: &Common, json: String) -> Result<(), StoreError> {
        macro_rules! run {
            ($tx:expr, $text:expr) => {{
                let mut query = sqlx::query(AssertSqlSafe($text.as_str())).bind(json);
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
        let (sqlite, postgres) = self.texts();
        match tx {
            Tx::Sqlite(tx) => run!(tx, sqlite),
            Tx::Postgres(tx) => run!(tx, postgres),
        }
        Ok(())
    }
}

/// Rows as a JSON array of arrays, written one value at a time.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    json: Vec<u8>,
    count: usize,
    first: bool,
}

impl Rows {
    /// Begins a row.
    pub(crate) fn row(&mut self) -> &mut Self {
        self.json
            .extend_from_slice(if self.count == 0 { b"[[" } else { b"],[" });
        self.count += 1;
        self.first = true;
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
        if !std::mem::take(&mut self.first) {
            self.json.push(b',');
        }
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
        self.separate();
        // Writing to a Vec does not fail.
        let _ = write!(self.json, "{value}");
        self
    }

    /// A text. NUL characters, which PostgreSQL cannot keep, become replacement characters.
    pub(crate) fn text<'a>(&mut self, value: impl Into<Option<&'a str>>) -> &mut Self {
        let Some(value) = value.into() else { return self.null() };
        self.separate();
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
        self.separate();
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
        self.separate();
        self.json.extend_from_slice(if value { b"true" } else { b"false" });
        self
    }

    /// The JSON text.
    pub(crate) fn finish(mut self) -> String {
        self.json.extend_from_slice(if self.count == 0 { b"[]" } else { b"]]" });
        // Only UTF-8 was written.
        String::from_utf8(self.json).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
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
            .bool(true);
        rows.row().int(None).text("ü").null().date(None).bool(false);
        assert_eq!(
            rows.finish(),
            "[[1,\"a\\\"b\u{fffd}\",null,\"2026-02-03\",true],[null,\"ü\",null,null,false]]"
        );
        assert_eq!(Rows::default().finish(), "[]");
    }

    #[test]
    fn texts_of_both_databases() {
        const COLUMNS: &[(&str, Kind)] = &[("a", Kind::Int), ("c", Kind::Same(Fixed::At)), ("b", Kind::Date)];
        static BULK: Bulk = Bulk::new("t", COLUMNS, "on conflict do nothing");
        let (sqlite, postgres) = BULK.texts();
        assert_eq!(
            sqlite,
            "insert into t (a, c, b) select value->>0, $2, value->>1 from jsonb_each($1) where true on conflict do nothing"
        );
        assert_eq!(
            postgres,
            "insert into t (a, c, b) select (v->>0)::bigint, $2::timestamptz, (v->>1)::date \
             from jsonb_array_elements(cast($1 as text)::jsonb) as t(v) where true on conflict do nothing"
        );
    }
}
