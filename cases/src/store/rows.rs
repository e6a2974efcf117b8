//! Rows on their way into a database: an array of rows, each an array of arrays of [`GROUP`] values. As JSON text for both
//! databases, or in SQLite's binary form of it (<https://sqlite.org/jsonb.html>), which it need not parse.

use std::io::Write as _;

use chrono::{Datelike as _, NaiveDate};

/// Values of a row that stand in one array.
pub(crate) const GROUP: u32 = 6;

/// Where the value in `place` of a row stands: its group and its index there.
pub(crate) const fn place_in_groups(place: usize) -> (usize, usize) {
    (place / GROUP as usize, place % GROUP as usize)
}

/// How rows are written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON, for both databases.
    #[default]
    Text,
    /// JSONB, for SQLite alone.
    Binary,
}

/// Rows written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Payload {
    /// JSON.
    Text(String),
    /// JSONB of SQLite.
    Binary(Vec<u8>),
}

/// Finished rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packed {
    /// Rows of groups of values.
    pub(crate) payload: Payload,
    /// The columns in which a row has a value, a bit each.
    pub(crate) used: u64,
}

impl Packed {
    /// The JSON text; empty for rows in the binary form.
    pub(crate) fn text(&self) -> &str {
        match &self.payload {
            Payload::Text(text) => text,
            Payload::Binary(_) => "",
        }
    }
}

/// Binds rows to the next parameter of a query, in whichever form they are.
macro_rules! bind_rows {
    ($query:expr, $rows:expr) => {
        match $rows.payload {
            $crate::store::rows::Payload::Text(text) => $query.bind(text),
            $crate::store::rows::Payload::Binary(bytes) => $query.bind(bytes),
        }
    };
}
pub(crate) use bind_rows;

/// Types of an element of JSONB: the lower half of its first byte. The upper half is the size of what follows up to 11,
/// or says in how many further bytes the size stands.
mod jsonb {
    pub(super) const NULL: u8 = 0;
    pub(super) const TRUE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const INT: u8 = 3;
    /// Text as it is, without escapes.
    pub(super) const TEXT: u8 = 10;
    pub(super) const ARRAY: u8 = 11;

    pub(super) const LARGEST_INLINE: usize = 11;
    pub(super) const SIZE_1: u8 = 0xc0;
    pub(super) const SIZE_2: u8 = 0xd0;
    pub(super) const SIZE_4: u8 = 0xe0;
}

/// Rows, written one value at a time.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    form: Form,
    count: usize,
    place: u32,
    used: u64,
    /// In the binary form: where the sizes of all rows, of the last row and of its last group stand.
    sizes: [usize; 3],
}

impl Rows {
    /// No rows yet, to be written in this form.
    pub(crate) fn new(form: Form) -> Self {
        Self {
            form,
            ..Self::default()
        }
    }

    /// Begins a row.
    pub(crate) fn row(&mut self) -> &mut Self {
        match self.form {
            Form::Text => self
                .bytes
                .extend_from_slice(if self.count == 0 { b"[[[" } else { b"]],[[" }),
            Form::Binary if self.count == 0 => (0..3).for_each(|level| self.open(level)),
            Form::Binary => {
                self.close(2);
                self.close(1);
                self.open(1);
                self.open(2);
            }
        }
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

    /// Begins an array whose size is not known yet.
    fn open(&mut self, level: usize) {
        self.bytes.push(jsonb::SIZE_4 | jsonb::ARRAY);
        self.sizes[level] = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
    }

    fn close(&mut self, level: usize) {
        let at = self.sizes[level];
        // Batches are bounded far below 4 GiB.
        let size = u32::try_from(self.bytes.len() - at - 4).unwrap_or(u32::MAX);
        self.bytes[at..at + 4].copy_from_slice(&size.to_be_bytes());
    }

    fn separate(&mut self) {
        match (self.form, self.place) {
            (_, 0) => {}
            (Form::Text, place) if place % GROUP == 0 => self.bytes.extend_from_slice(b"],["),
            (Form::Text, _) => self.bytes.push(b','),
            (Form::Binary, place) if place % GROUP == 0 => {
                self.close(2);
                self.open(2);
            }
            (Form::Binary, _) => {}
        }
        self.place += 1;
    }

    /// Begins a value that is not null.
    fn value(&mut self) {
        self.used |= 1 << self.place;
        self.separate();
    }

    /// The head of an element of JSONB.
    fn head(&mut self, kind: u8, size: usize) {
        match (size, u8::try_from(size), u16::try_from(size)) {
            (0..=jsonb::LARGEST_INLINE, Ok(size), _) => self.bytes.push(size << 4 | kind),
            (_, Ok(size), _) => self.bytes.extend_from_slice(&[jsonb::SIZE_1 | kind, size]),
            (_, _, Ok(size)) => {
                self.bytes.push(jsonb::SIZE_2 | kind);
                self.bytes.extend_from_slice(&size.to_be_bytes());
            }
            _ => {
                self.bytes.push(jsonb::SIZE_4 | kind);
                let size = u32::try_from(size).unwrap_or(u32::MAX);
                self.bytes.extend_from_slice(&size.to_be_bytes());
            }
        }
    }

    /// An absent value.
    pub(crate) fn null(&mut self) -> &mut Self {
        self.separate();
        match self.form {
            Form::Text => self.bytes.extend_from_slice(b"null"),
            Form::Binary => self.bytes.push(jsonb::NULL),
        }
        self
    }

    /// A whole number.
    pub(crate) fn int(&mut self, value: impl Into<Option<i64>>) -> &mut Self {
        let Some(value) = value.into() else { return self.null() };
        self.value();
        let head = self.bytes.len();
        if self.form == Form::Binary {
            // Filled in below, when the number of digits is known: at most 20.
            self.bytes.push(0);
        }
        // Writing to a Vec does not fail.
        let _ = write!(self.bytes, "{value}");
        if self.form == Form::Binary {
            let digits = self.bytes.len() - head - 1;
            match u8::try_from(digits) {
                Ok(size @ 0..=11) => self.bytes[head] = size << 4 | jsonb::INT,
                size => {
                    self.bytes[head] = jsonb::SIZE_1 | jsonb::INT;
                    self.bytes.insert(head + 1, size.unwrap_or(u8::MAX));
                }
            }
        }
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
        let text = clean.as_deref().unwrap_or(value);
        match self.form {
            Form::Text => {
                let _ = serde_json::to_writer(&mut self.bytes, text);
            }
            Form::Binary => {
                self.head(jsonb::TEXT, text.len());
                self.bytes.extend_from_slice(text.as_bytes());
            }
        }
        self
    }

    /// A calendar date.
    pub(crate) fn date(&mut self, value: impl Into<Option<NaiveDate>>) -> &mut Self {
        let Some(value) = value.into() else { return self.null() };
        self.value();
        let (year, month, day) = (value.year(), value.month(), value.day());
        match self.form {
            Form::Text => {
                let _ = write!(self.bytes, "\"{year:04}-{month:02}-{day:02}\"");
            }
            Form::Binary => {
                let text = format!("{year:04}-{month:02}-{day:02}");
                self.head(jsonb::TEXT, text.len());
                self.bytes.extend_from_slice(text.as_bytes());
            }
        }
        self
    }

    /// Yes or no.
    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.value();
        match (self.form, value) {
            (Form::Text, true) => self.bytes.extend_from_slice(b"true"),
            (Form::Text, false) => self.bytes.extend_from_slice(b"false"),
            (Form::Binary, true) => self.bytes.push(jsonb::TRUE),
            (Form::Binary, false) => self.bytes.push(jsonb::FALSE),
        }
        self
    }

    /// Ends the last row.
    pub(crate) fn finish(mut self) -> Packed {
        let payload = match (self.form, self.count) {
            (Form::Text, count) => {
                self.bytes.extend_from_slice(if count == 0 { b"[]" } else { b"]]]" });
                // Only UTF-8 was written.
                Payload::Text(
                    String::from_utf8(self.bytes)
                        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
                )
            }
            (Form::Binary, 0) => Payload::Binary(vec![jsonb::ARRAY]),
            (Form::Binary, _) => {
                (0..3).rev().for_each(|level| self.close(level));
                Payload::Binary(self.bytes)
            }
        };
        Packed {
            payload,
            used: self.used,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXPECTED: &str = "[[[1,\"a\\\"b\u{fffd}\",null,\"2026-02-03\",true,7],[8]],[[null,\"ü\",null,null,false]]]";

    fn two_rows(form: Form) -> Packed {
        let mut rows = Rows::new(form);
        rows.row()
            .int(1)
            .text("a\"b\0")
            .text(None)
            .date(NaiveDate::from_ymd_opt(2026, 2, 3))
            .bool(true)
            .int(7)
            .int(8);
        rows.row().int(None).text("ü").null().date(None).bool(false);
        rows.finish()
    }

    /// SQLite's own reading of the binary form.
    fn read(packed: &Packed) -> String {
        let Payload::Binary(bytes) = packed.payload.clone() else {
            panic!("not binary: {packed:?}");
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let pool = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
            let text = sqlx::query_scalar("select json($1) where json_valid($1, 8)").bind(bytes);
            text.fetch_one(&pool).await.unwrap()
        })
    }

    #[test]
    fn rows_are_json() {
        let packed = two_rows(Form::Text);
        assert_eq!((packed.text(), packed.used), (EXPECTED, 0b111_1011));
        assert_eq!(Rows::default().finish().text(), "[]");
    }

    #[test]
    fn the_binary_form_says_the_same() {
        let packed = two_rows(Form::Binary);
        assert_eq!((&*read(&packed), packed.used), (EXPECTED, 0b111_1011));
        assert_eq!(read(&Rows::new(Form::Binary).finish()), "[]");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn both_forms_agree(rows in prop::collection::vec(prop::collection::vec(
            prop_oneof![
                any::<Option<i64>>().prop_map(Err),
                prop::option::of("\\PC{0,30}|x{250,260}|y{65530,65540}").prop_map(Ok),
            ], 1..14), 0..5))
        {
            let packed = [Form::Text, Form::Binary].map(|form| {
                let mut out = Rows::new(form);
                for row in &rows {
                    out.row();
                    for value in row {
                        match value {
                            Ok(text) => out.text(text.as_deref()),
                            Err(number) => out.int(*number),
                        };
                    }
                }
                out.finish()
            });
            prop_assert_eq!(packed[0].used, packed[1].used);
            let texts = [packed[0].text().to_owned(), read(&packed[1])]
                .map(|text| serde_json::from_str::<serde_json::Value>(&text).unwrap());
            prop_assert_eq!(&texts[0], &texts[1]);
        }
    }
}
