//! The way through a statement: one call for each transaction, with bounded memory.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::ops::ControlFlow;

use quick_xml::events::BytesStart;

use super::entry::{Detail, Entry};
use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::formats::xml::events::{Events, Fault, Node, attribute};
use crate::limits::Limits;

/// Local name of the root element of every ISO 20022 message.
const ROOT: &str = "Document";

/// The messages that are read, with the element of one account in them.
const MESSAGES: &[(&str, &str)] = &[
    ("BkToCstmrStmt", "Stmt"),
    ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    ("BkToCstmrAcctRpt", "Rpt"),
];

/// Versions of camt.052, camt.053 and camt.054 (`.001.NN`) whose elements are known.
const VERSIONS: std::ops::RangeInclusive<u32> = 2..=13;

/// A transaction: an entry of an account and, if it has any, one of its details.
pub(super) struct Transaction<'a> {
    /// Line on which it begins.
    pub(super) line: u64,
    /// IBAN of the account, or its other number.
    pub(super) account: &'a str,
    /// Currency of the account, where the file says it.
    pub(super) account_currency: &'a str,
    pub(super) entry: &'a Entry,
    pub(super) detail: Option<&'a Detail>,
    /// Place among the details of the entry, from 1.
    pub(super) position: u64,
    /// The entry has several details.
    pub(super) several: bool,
    /// A neighbour in the entry has the same reference of the bank.
    pub(super) shared_reference: bool,
    /// The last one of its entry, which has so many.
    pub(super) last: Option<u64>,
}

pub(super) type Visit<'v> = dyn FnMut(&Transaction<'_>) -> Result<ControlFlow<()>, Unreadable> + 'v;

/// Whether the document's root is that of an ISO 20022 message; false also where it cannot be read.
pub(super) fn has_root(file: &File, limits: &Limits) -> bool {
    let look = || -> Option<bool> {
        (&*file).seek(SeekFrom::Start(0)).ok()?;
        let mut events = Events::new(file, limits.xml_depth).ok()?;
        loop {
            match events.next().ok()? {
                Node::Start(start) => return Some(start.local_name().as_ref() == ROOT),
                Node::Eof => return Some(false),
                _ => {}
            }
        }
    };
    look().unwrap_or(false)
}

/// Walks through the whole document; returns the label of its encoding.
///
/// # Errors
/// A finding: `UNKNOWN_FORMAT` (argument `root`) for another message or version, or what [`Events`] finds.
pub(super) fn walk(file: &File, limits: &Limits, visit: &mut Visit<'_>) -> Result<&'static str, Unreadable> {
    (&*file).seek(SeekFrom::Start(0))?;
    let mut events = Events::new(file, limits.xml_depth)?;
    let encoding = events.encoding();
    let mut state = State::default();
    let mut text = String::new();
    loop {
        let (line, column) = events.place();
        match events.next()? {
            Node::Start(start) => {
                text.clear();
                state.begin(&start, line)?;
            }
            Node::Text(piece) if state.marks.is_empty() => {
                if !piece.trim().is_empty() {
                    return Err(Fault::Malformed { line, column }.into());
                }
            }
            Node::Text(piece) => {
                if text.len() <= limits.field_bytes {
                    text.push_str(&piece);
                }
            }
            Node::End(_) => {
                let flow = state.end(text.trim(), visit)?;
                text.clear();
                if flow.is_break() {
                    return Ok(encoding);
                }
            }
            Node::Eof if state.rooted => return Ok(encoding),
            Node::Eof => return Err(Fault::Malformed { line, column }.into()),
            Node::Other => {}
        }
    }
}

/// Where the walk is and what it has met of the open account and entry.
#[derive(Default)]
struct State {
    rooted: bool,
    /// Local names of the open elements, joined by `/`.
    path: String,
    /// Length of the path before each open element.
    marks: Vec<usize>,
    /// Attribute `Ccy` of the innermost element.
    currency: String,
    account: String,
    account_currency: String,
    entry: Entry,
    entry_line: u64,
    detail: Detail,
    /// The details before, held back until it is known whether they are the only ones.
    held: Option<Detail>,
    /// The details before the held ones had the same reference.
    held_shared: bool,
    details: u64,
}

impl State {
    fn begin(&mut self, start: &BytesStart<'_>, line: u64) -> Result<(), Unreadable> {
        let local = start.local_name();
        let name = local.as_ref();
        match self.marks.len() {
            0 if name != ROOT => return Err(unknown(name).into()),
            0 => {
                self.rooted = true;
                version(start)?;
            }
            1 => {
                version(start)?;
                if !MESSAGES.iter().any(|(message, _)| *message == name) {
                    return Err(unknown(&format!("{ROOT}/{name}")).into());
                }
            }
            2 => {
                self.account.clear();
                self.account_currency.clear();
            }
            _ => {}
        }
        self.marks.push(self.path.len());
        self.path.push('/');
        self.path.push_str(name);
        self.currency.clear();
        if name == "Amt" {
            self.currency
                .push_str(attribute(start, "Ccy").unwrap_or_default().trim());
        }
        match self.below() {
            Some("Ntry") => {
                self.entry.clear();
                self.entry_line = line;
                self.held = None;
                self.held_shared = false;
                self.details = 0;
            }
            Some("Ntry/NtryDtls/TxDtls") => {
                self.detail.clear();
                self.detail.line = line;
            }
            _ => {}
        }
        Ok(())
    }

    /// The path below the element of an account.
    fn below(&self) -> Option<&str> {
        let start = *self.marks.get(3)?;
        let message = &self.path[self.marks[1] + 1..self.marks[2]];
        let account = &self.path[self.marks[2] + 1..start];
        MESSAGES.contains(&(message, account)).then(|| &self.path[start + 1..])
    }

    fn end(&mut self, text: &str, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, Unreadable> {
        let mut flow = ControlFlow::Continue(());
        let start = self.marks.get(3).copied();
        if let (Some(start), true) = (start, self.below().is_some()) {
            let path = &self.path[start + 1..];
            match path {
                "Ntry" => flow = self.close_entry(visit)?,
                "Ntry/NtryDtls/TxDtls" => flow = self.close_detail(visit)?,
                "Acct/Id/IBAN" | "Acct/Id/Othr/Id" if self.account.is_empty() => {
                    self.account.extend(text.chars().take(40));
                }
                "Acct/Ccy" if self.account_currency.is_empty() => {
                    self.account_currency.extend(text.chars().take(10));
                }
                _ => {
                    if let Some(path) = path.strip_prefix("Ntry/NtryDtls/TxDtls/") {
                        self.detail.take(path, text, &self.currency);
                    } else if let Some(path) = path.strip_prefix("Ntry/") {
                        self.entry.take(path, text, &self.currency);
                    }
                }
            }
        }
        self.path.truncate(self.marks.pop().unwrap_or(0));
        Ok(flow)
    }

    /// Hands the held details on, as others follow, and holds these.
    fn close_detail(&mut self, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, Unreadable> {
        self.details += 1;
        let Some(before) = self.held.take() else {
            self.held = Some(std::mem::take(&mut self.detail));
            return Ok(ControlFlow::Continue(()));
        };
        let same = before.servicer_reference == self.detail.servicer_reference;
        let flow = visit(&Transaction {
            position: self.details - 1,
            several: true,
            shared_reference: self.held_shared || same,
            last: None,
            ..self.transaction(Some(&before))
        })?;
        self.held_shared = same;
        self.held = Some(std::mem::replace(&mut self.detail, before));
        Ok(flow)
    }

    fn close_entry(&mut self, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, Unreadable> {
        let held = self.held.take();
        visit(&Transaction {
            position: self.details.max(1),
            several: self.details > 1,
            shared_reference: self.held_shared,
            last: Some(self.details),
            ..self.transaction(held.as_ref())
        })
    }

    fn transaction<'a>(&'a self, detail: Option<&'a Detail>) -> Transaction<'a> {
        Transaction {
            line: detail.map_or(self.entry_line, |detail| detail.line),
            account: &self.account,
            account_currency: &self.account_currency,
            entry: &self.entry,
            detail,
            position: 1,
            several: false,
            shared_reference: false,
            last: None,
        }
    }
}

/// Refuses a version whose elements may mean something else; a document without a namespace is taken by its elements.
fn version(start: &BytesStart<'_>) -> Result<(), Unreadable> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    for attribute in attributes.flatten() {
        let key = attribute.key.as_ref();
        if key != "xmlns" && !key.starts_with("xmlns:") {
            continue;
        }
        let Some(at) = attribute.value.find("camt.05") else {
            continue;
        };
        let message = &attribute.value[at..];
        let known = ["camt.052.001.", "camt.053.001.", "camt.054.001."]
            .iter()
            .find_map(|prefix| message.strip_prefix(prefix))
            .and_then(|version| version.parse().ok())
            .is_some_and(|version| VERSIONS.contains(&version));
        if !known {
            return Err(unknown(message).into());
        }
    }
    Ok(())
}

/// Another document than those that are read here.
fn unknown(root: &str) -> Finding {
    Finding::new(Code::UnknownFormat).arg("root", root.chars().take(80).collect::<String>())
}
