//! Sniffing: how a delimited text is written, from its first rows.

use super::split::{Found, Grammar, RowSplitter};
use crate::layout::headers;
use crate::limits::Limits;
use crate::record::Cells;

/// Separators that are tried, in the order in which they win where nothing else decides.
const SEPARATORS: &[u8] = b";,\t|";

/// Rows that are looked at.
const ROWS: usize = 60;

/// How a delimited text is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sniffed {
    /// Between fields.
    pub separator: u8,
    /// Around fields.
    pub quote: u8,
    /// Before quotes inside fields, where they are not doubled.
    pub escape: Option<u8>,
    /// The first line is `sep=` and names the separator for a spreadsheet.
    pub sep_line: bool,
    /// Lines end with CR LF.
    pub crlf: bool,
}

/// Looks at the beginning of a text; `whole` when nothing follows it, `has_lf` when lines end with a line feed.
pub fn sniff(text: &str, whole: bool, has_lf: bool) -> Sniffed {
    let crlf = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    let (sep_line, body) = match sep_line(text) {
        Some((separator, body)) => (Some(separator), body),
        None => (None, text),
    };
    let mut best = (
        Score::default(),
        Sniffed {
            separator: b';',
            quote: b'"',
            escape: None,
            sep_line: false,
            crlf,
        },
    );
    let separators = sep_line.as_ref().map_or(SEPARATORS, std::slice::from_ref);
    for &separator in separators {
        for quote in quotes(body, separator) {
            let escape = escape(body, quote);
            let grammar = Grammar {
                separator,
                quote: Some(quote),
                escape,
                cr_ends: !has_lf,
            };
            let score = score(&grammar, body, whole);
            if score > best.0 {
                best = (
                    score,
                    Sniffed {
                        separator,
                        quote,
                        escape,
                        sep_line: false,
                        crlf,
                    },
                );
            }
        }
    }
    let mut sniffed = best.1;
    if let Some(separator) = sep_line {
        sniffed.separator = separator;
        sniffed.sep_line = true;
    }
    sniffed
}

/// `sep=;` in the first line, perhaps in quotes: the separator and the rest of the text.
fn sep_line(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once(['\n', '\r'])?;
    let line = line.trim_end_matches('\r').trim_matches('"');
    let (word, separator) = line.split_at_checked(4)?;
    let &[separator] = separator.as_bytes() else {
        return None;
    };
    (word.eq_ignore_ascii_case("sep=") && !separator.is_ascii_alphanumeric()).then_some((separator, rest))
}

/// The quotes to try: `'` only where it stands at both ends of several fields.
fn quotes(text: &str, separator: u8) -> Vec<u8> {
    let mut opening = 0;
    let mut closing = 0;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().take(64 << 10) {
        if *byte == b'\'' {
            let edge = |byte: Option<&u8>| byte.is_none_or(|b| *b == separator || *b == b'\n' || *b == b'\r');
            opening += usize::from(edge(at.checked_sub(1).and_then(|at| bytes.get(at))));
            closing += usize::from(edge(bytes.get(at + 1)));
        }
    }
    // Spreadsheets put a single `'` in front of a text, never one behind it.
    if opening >= 2 && closing >= 2 && opening.abs_diff(closing) * 10 <= opening {
        vec![b'\'', b'"']
    } else {
        vec![b'"']
    }
}

/// A backslash, where it stands before quotes and quotes are not doubled.
fn escape(text: &str, quote: u8) -> Option<u8> {
    let mut escaped = 0;
    let mut doubled = 0;
    for window in text.as_bytes().windows(3) {
        let inner = window[0].is_ascii_alphanumeric() || window[0] == b' ';
        escaped += usize::from(window[0] == b'\\' && window[1] == quote && window[2].is_ascii_alphanumeric());
        escaped += usize::from(inner && window[1] == b'\\' && window[2] == quote);
        doubled += usize::from(inner && window[1] == quote && window[2] == quote);
    }
    (escaped > doubled).then_some(b'\\')
}

/// How well a grammar fits; compared field by field.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Known headers in the best row.
    known: usize,
    /// Rows in percent that have the usual width, if that is more than one.
    even: usize,
    /// The usual width.
    width: usize,
}

fn score(grammar: &Grammar, text: &str, whole: bool) -> Score {
    let limits = Limits::default();
    let mut splitter = RowSplitter::default();
    let (mut cells, mut defects) = (Cells::default(), Vec::new());
    let mut widths = Vec::new();
    let mut known = 0;
    let mut rest = text;
    while widths.len() < ROWS && !rest.is_empty() {
        cells.clear();
        let mut found = splitter.row(grammar, &limits, rest, whole, &mut cells, &mut defects);
        if found == Found::Unclosed {
            cells.clear();
            let plain = Grammar {
                quote: None,
                ..*grammar
            };
            found = splitter.row(&plain, &limits, rest, whole, &mut cells, &mut defects);
        }
        let Found::Row { bytes, .. } = found else { break };
        rest = &rest[bytes..];
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            known = known.max(headers::known(cells.iter()));
            widths.push(cells.len());
        }
    }
    let usual = widths
        .iter()
        .copied()
        .max_by_key(|width| (widths.iter().filter(|w| *w == width).count(), *width));
    let width = usual.unwrap_or(0);
    let same = widths.iter().filter(|w| **w == width).count();
    let even = if width > 1 { same * 100 / widths.len().max(1) } else { 0 };
    Score {
        known: if known >= 2 { known } else { 0 },
        even,
        width: if width > 1 { width } else { 0 },
    }
}
