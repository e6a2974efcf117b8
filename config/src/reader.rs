//! Reads one settings file section by section: typed getters that collect mistakes, unknown keys flagged at the end.
//!
//! Every getter records the key it asks for, present or not. So a section knows its keys without a second list, and
//! the documentation can be held against what is really read ([`Reader::asked`]).

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike, Value};

use crate::mistakes::Mistake;
use crate::quantities;

/// Where the files that settings name are found.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// Folder of `dropcase.toml`: relative paths start here.
    pub(crate) home: PathBuf,
    /// systemd's `$CREDENTIALS_DIRECTORY`: `credential:NAME` is a file in it.
    pub(crate) credentials: Option<PathBuf>,
}

impl Places {
    /// The places for a service whose settings file is `settings`, with the environment's credentials directory.
    pub(crate) fn of(settings: &Path) -> Self {
        let absolute = std::path::absolute(settings).unwrap_or_else(|_| settings.to_owned());
        let home = absolute.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned);
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY")
            .filter(|v| !v.is_empty())
            .map(PathBuf::from);
        Self { home, credentials }
    }

    /// `name` as a path: `credential:NAME`, or relative to the home.
    fn resolve(&self, name: &str) -> Result<PathBuf, String> {
        let Some(credential) = name.strip_prefix("credential:") else {
            return match name {
                "" => Err("is empty; name a file or folder".to_owned()),
                _ => Ok(self.home.join(name)),
            };
        };
        if credential.is_empty() || credential.contains('/') || credential == "." || credential == ".." {
            return Err(format!(
                "`{credential}` cannot be the name of a credential; write `credential:NAME`"
            ));
        }
        match &self.credentials {
            Some(folder) => Ok(folder.join(credential)),
            None => {
                Err("there is no $CREDENTIALS_DIRECTORY; `credential:` needs LoadCredential= in the unit".to_owned())
            }
        }
    }
}

/// One settings file while it is read.
pub(crate) struct Reader<'a> {
    file: PathBuf,
    text: &'a str,
    places: &'a Places,
    mistakes: RefCell<Vec<Mistake>>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Reader<'a> {
    /// A reader of `text`, which stands in `file`.
    pub(crate) fn new(file: &Path, text: &'a str, places: &'a Places) -> Self {
        let (mistakes, asked) = Default::default();
        Self {
            file: file.to_owned(),
            text,
            places,
            mistakes,
            asked,
        }
    }

    /// Parses the file; a syntax mistake is noted.
    pub(crate) fn document(&self) -> Option<Document<String>> {
        let parsed = Document::parse(self.text.to_owned()).map_err(|error| {
            let message = error.message().replace('\n', "; ");
            self.mistake(
                error.span().map_or(0, |s| self.line(s)),
                "",
                format!("is not valid TOML: {message}"),
            );
        });
        parsed.ok()
    }

    /// The file's top level; without a document every key has its default.
    pub(crate) fn root<'d>(&'d self, document: Option<&'d Document<String>>) -> Section<'d> {
        let table = document.map(|d| d.as_table() as &dyn TableLike);
        Section {
            reader: self,
            table,
            prefix: String::new(),
            line: 0,
            asked: Vec::new(),
        }
    }

    /// Notes a mistake.
    pub(crate) fn mistake(&self, line: usize, field: &str, message: impl Into<String>) {
        let (file, field, message) = (self.file.clone(), field.to_owned(), message.into());
        self.mistakes.borrow_mut().push(Mistake {
            file,
            line,
            field,
            message,
        });
    }

    /// What was wrong.
    pub(crate) fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes.into_inner()
    }

    /// Every key that was asked for, as `section.key`, without the numbers of array entries.
    #[cfg(test)]
    pub(crate) fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    fn line(&self, span: Range<usize>) -> usize {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        1 + before.iter().filter(|&&b| b == b'\n').count()
    }
}

/// One table of a settings file; a table that is not there reads as an empty one.
pub(crate) struct Section<'d> {
    reader: &'d Reader<'d>,
    table: Option<&'d dyn TableLike>,
    prefix: String,
    line: usize,
    asked: Vec<&'static str>,
}

impl<'d> Section<'d> {
    /// The table stands in the file.
    pub(crate) fn is_present(&self) -> bool {
        self.table.is_some()
    }

    /// The key stands in the table.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|t| t.contains_key(key))
    }

    /// Where relative paths start and credentials lie.
    pub(crate) fn places(&self) -> &'d Places {
        self.reader.places
    }

    /// Notes a mistake at `key`, or at the section's head when the key is not there.
    pub(crate) fn mistake(&self, key: &str, message: impl Into<String>) {
        let line = self
            .table
            .and_then(|t| t.get_key_value(key))
            .and_then(|(k, item)| item.span().or(k.span()));
        self.reader.mistake(
            line.map_or(self.line, |s| self.reader.line(s)),
            &self.name(key),
            message,
        );
    }

    /// Notes that `key` is missing from a table that is there, with an example of what would be right.
    pub(crate) fn require(&self, key: &str, example: &str) {
        if self.is_present() && !self.has(key) {
            self.reader
                .mistake(self.line, &self.name(key), format!("is missing; write {example}"));
        }
    }

    /// A text that is not blank.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        self.parsed(key, |text| match text.trim() {
            "" => Err("is empty".to_owned()),
            _ => Ok(text.to_owned()),
        })
    }

    /// A text that `parse` understands; its error says what would be right.
    pub(crate) fn parsed<T>(&mut self, key: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let item = self.take(key)?;
        let found = item
            .as_str()
            .ok_or_else(|| wrong_type("a text in quotes", item.type_name()))
            .and_then(parse);
        found.map_err(|message| self.mistake(key, message)).ok()
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.parsed(key, |text| choose(text, words))
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let item = self.take(key)?;
        if item.as_bool().is_none() {
            self.mistake(key, wrong_type("true or false", item.type_name()));
        }
        item.as_bool()
    }

    /// A whole number within `bounds`.
    pub(crate) fn number<T>(&mut self, key: &'static str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        let item = self.take(key)?;
        let Some(number) = item.as_integer() else {
            self.mistake(key, wrong_type("a whole number", item.type_name()));
            return None;
        };
        let found = T::try_from(number).ok().filter(|n| bounds.contains(n));
        if found.is_none() {
            self.mistake(
                key,
                format!("{number} is not between {} and {}", bounds.start(), bounds.end()),
            );
        }
        found
    }

    /// A number of bytes: `"2GiB"`, `"500MB"`, or a whole number.
    pub(crate) fn bytes(&mut self, key: &'static str, least: u64) -> Option<u64> {
        let item = self.take(key)?;
        let found = match (item.as_integer(), item.as_str()) {
            (Some(number), _) => u64::try_from(number).map_err(|_| format!("{number} is negative")),
            (None, Some(text)) => quantities::bytes(text),
            (None, None) => Err(wrong_type("a size such as \"500MB\" or \"2GiB\"", item.type_name())),
        };
        let found = found.and_then(|n| match n < least {
            true => Err(format!("{n} bytes are too few; at least {least} are needed")),
            false => Ok(n),
        });
        found.map_err(|message| self.mistake(key, message)).ok()
    }

    /// A path: relative to the home, or `credential:NAME`.
    pub(crate) fn path(&mut self, key: &'static str) -> Option<PathBuf> {
        let places = self.places();
        self.parsed(key, |name| places.resolve(name))
    }

    /// The path of a file that must exist.
    pub(crate) fn existing_file(&mut self, key: &'static str) -> Option<PathBuf> {
        let path = self.path(key)?;
        if !path.is_file() {
            self.mistake(key, format!("there is no file {}", path.display()));
        }
        Some(path)
    }

    /// A secret: written as `key`, or read from the file that `file_key` names (a trailing line end is not part of it).
    pub(crate) fn secret(&mut self, key: &'static str, file_key: &'static str) -> Option<String> {
        let written = self.text(key);
        let Some(path) = self.path(file_key) else {
            return written;
        };
        if self.has(key) {
            self.mistake(
                file_key,
                format!("stands beside `{}`; keep one of the two", self.name(key)),
            );
            return written;
        }
        let secret = std::fs::read_to_string(&path);
        match secret.as_deref().map(|s| s.trim_end_matches(['\r', '\n'])) {
            Ok("") => self.mistake(file_key, format!("the file {} is empty", path.display())),
            Ok(secret) => return Some(secret.to_owned()),
            Err(error) => self.mistake(file_key, format!("cannot read {}: {error}", path.display())),
        }
        None
    }

    /// A list of texts, or one text alone; every element that `parse` refuses is a mistake of its own and leaves none.
    pub(crate) fn list<T>(&mut self, key: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
        let item = self.take(key)?;
        let elements: Vec<&Value> = match item.as_value() {
            Some(Value::Array(array)) => array.iter().collect(),
            Some(value) => vec![value],
            None => {
                self.mistake(key, wrong_type("a list of texts", item.type_name()));
                return None;
            }
        };
        let found = elements.iter().map(|element| {
            let text = element
                .as_str()
                .ok_or_else(|| wrong_type("a text in quotes", element.type_name()));
            let line = element.span().map_or(self.line, |s| self.reader.line(s));
            text.and_then(&parse)
                .map_err(|message| self.reader.mistake(line, &self.name(key), message))
                .ok()
        });
        // Collected first: the first mistake must not hide the others.
        let found: Vec<Option<T>> = found.collect();
        found.into_iter().collect()
    }

    /// A day, as a TOML date or as a text.
    pub(crate) fn date(&mut self, key: &'static str) -> Option<chrono::NaiveDate> {
        let item = self.take(key)?;
        let found = day(item.as_datetime(), item.as_str(), item.type_name());
        found.map_err(|message| self.mistake(key, message)).ok()
    }

    /// A list of days, as TOML dates or as texts; every one that is wrong is a mistake of its own and leaves none.
    pub(crate) fn dates(&mut self, key: &'static str) -> Option<Vec<chrono::NaiveDate>> {
        let item = self.take(key)?;
        let Some(array) = item.as_array() else {
            self.mistake(key, wrong_type("a list of days such as [2026-12-24]", item.type_name()));
            return None;
        };
        let found = array.iter().map(|element| {
            let line = element.span().map_or(self.line, |s| self.reader.line(s));
            day(element.as_datetime(), element.as_str(), element.type_name())
                .map_err(|message| self.reader.mistake(line, &self.name(key), message))
                .ok()
        });
        // Collected first: the first mistake must not hide the others.
        let found: Vec<Option<chrono::NaiveDate>> = found.collect();
        found.into_iter().collect()
    }

    /// The table `[key]`.
    pub(crate) fn section(&mut self, key: &'static str) -> Section<'d> {
        let prefix = self.name(key);
        let Some(item) = self.take(key) else {
            return self.child(None, prefix, self.line);
        };
        if !item.is_table_like() {
            self.mistake(key, format!("is a section; write [{prefix}] on a line of its own"));
        }
        self.child(item.as_table_like(), prefix, self.line_of(item))
    }

    /// The tables `[[key]]`, in the file's order.
    pub(crate) fn sections(&mut self, key: &'static str) -> Vec<Section<'d>> {
        let Some(item) = self.take(key) else { return Vec::new() };
        let tables: Vec<(&'d dyn TableLike, Option<Range<usize>>)> = match item {
            Item::ArrayOfTables(tables) => tables.iter().map(|t| (t as &dyn TableLike, t.span())).collect(),
            Item::Value(Value::Array(array)) if array.iter().all(Value::is_inline_table) => {
                let tables = array.iter().filter_map(Value::as_inline_table);
                tables.map(|t| (t as &dyn TableLike, t.span())).collect()
            }
            _ => {
                let name = self.name(key);
                self.mistake(
                    key,
                    format!("may stand several times; write [[{name}]] on a line of its own"),
                );
                return Vec::new();
            }
        };
        let named = tables.into_iter().enumerate().map(|(i, (table, span))| {
            let line = span.map_or(self.line, |s| self.reader.line(s));
            self.child(Some(table), format!("{}[{}]", self.name(key), i + 1), line)
        });
        named.collect()
    }

    /// Flags every key of the table that nothing asked for.
    pub(crate) fn finish(self) {
        let Some(table) = self.table else { return };
        for (key, _) in table.iter().filter(|(key, _)| !self.asked.contains(key)) {
            let hint = match nearest(key, &self.asked) {
                Some(near) => format!("unknown key; did you mean `{near}`?"),
                None => format!("unknown key; known here are {}", listed(&self.asked)),
            };
            let span = table
                .key(key)
                .and_then(toml_edit::Key::span)
                .or_else(|| table.get(key).and_then(Item::span));
            self.reader
                .mistake(span.map_or(self.line, |s| self.reader.line(s)), &self.name(key), hint);
        }
    }

    fn child(&self, table: Option<&'d dyn TableLike>, prefix: String, line: usize) -> Section<'d> {
        Section {
            reader: self.reader,
            table,
            prefix,
            line,
            asked: Vec::new(),
        }
    }

    /// Line of a table, or of its first key when the table has no head of its own (`[mail.smtp]` without `[mail]`).
    fn line_of(&self, item: &Item) -> usize {
        let inner = || {
            item.as_table_like()
                .and_then(|t| t.iter().find_map(|(_, inner)| inner.span()))
        };
        item.span().or_else(inner).map_or(self.line, |s| self.reader.line(s))
    }

    fn take(&mut self, key: &'static str) -> Option<&'d Item> {
        self.asked.push(key);
        let mut name = self.name(key);
        while let (Some(open), Some(close)) = (name.find('['), name.find(']')) {
            name.replace_range(open..=close, "");
        }
        self.reader.asked.borrow_mut().insert(name);
        self.table.and_then(|t| t.get(key))
    }

    fn name(&self, key: &str) -> String {
        match self.prefix.as_str() {
            "" => key.to_owned(),
            prefix => format!("{prefix}.{key}"),
        }
    }
}

/// One of a few words; the error lists them.
pub(crate) fn choose<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    found.ok_or_else(|| match nearest(text, &names) {
        Some(near) => format!("`{text}` is not known; did you mean `{near}`?"),
        None => format!("`{text}` is not known; write one of {}", listed(&names)),
    })
}

/// The name that `wrong` was probably meant to be.
pub(crate) fn nearest<'n>(wrong: &str, names: &[&'n str]) -> Option<&'n str> {
    let folded = wrong.to_ascii_lowercase().replace('-', "_");
    let distance = |name: &str| strsim::damerau_levenshtein(&folded, &name.to_ascii_lowercase().replace('-', "_"));
    let (near, steps) = names
        .iter()
        .map(|&name| (name, distance(name)))
        .min_by_key(|(_, steps)| *steps)?;
    (steps <= 1 || steps * 3 <= folded.len()).then_some(near)
}

/// A day that is written as a TOML date or as a text.
fn day(date: Option<&toml_edit::Datetime>, text: Option<&str>, type_name: &str) -> Result<chrono::NaiveDate, String> {
    let text = match (date, text) {
        (Some(date), _) => date.to_string(),
        (None, Some(text)) => text.to_owned(),
        (None, None) => type_name.to_owned(),
    };
    text.parse()
        .map_err(|_| format!("`{text}` is not a day; write it like 2026-01-31"))
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn wrong_type(wanted: &str, found: &str) -> String {
    format!("should be {wanted}, not {}", article(found))
}

fn article(type_name: &str) -> String {
    match type_name {
        "integer" | "array" | "inline table" | "array of tables" => format!("an {type_name}"),
        _ => format!("a {type_name}"),
    }
}
