//! Shared strings: the one part of a workbook that has to stay in memory, packed and bounded.

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::formats::xml::events::{Events, Fault, Node, attribute};

use super::package::{Package, damaged};

/// Bytes that the table may take.
const TABLE_BYTES: usize = 256 << 20;

/// The table: one text and the ends of its strings.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads the table of a package; strings longer than `field_bytes` are cut a little behind that length.
    pub(crate) fn read(package: &mut Package, path: &str, field_bytes: usize) -> Result<Self, Unreadable> {
        let mut strings = Self::default();
        let Some(mut events) = package.events(path)? else {
            return Ok(strings);
        };
        loop {
            match events.next().map_err(damaged)? {
                Node::Start(start) if start.local_name().as_ref() == "si" => {
                    let start = strings.text.len();
                    rich_text(&mut events, &mut strings.text, field_bytes).map_err(damaged)?;
                    unescape(&mut strings.text, start);
                    strings.end()?;
                }
                Node::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    /// Adds a string, cut a little behind `field_bytes`.
    pub(crate) fn push(&mut self, text: &str, field_bytes: usize) -> Result<(), Unreadable> {
        let limit = self.text.len() + field_bytes;
        append(&mut self.text, text, limit);
        self.end()
    }

    /// Ends the string that was appended to the text.
    fn end(&mut self) -> Result<(), Unreadable> {
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if self.text.len() + self.ends.len() * size_of::<u32>() > TABLE_BYTES {
            return Err(Finding::new(Code::UnpacksTooLarge).arg("limit", TABLE_BYTES).into());
        }
        Ok(())
    }

    /// The string at `index`.
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        self.text.get(start..end)
    }
}

/// Appends the text of a string item (`si`, `is`): its runs without their formatting and without phonetic hints.
///
/// At most some more than `cap` bytes are kept, so that whoever cuts at `cap` sees that there was more.
pub(crate) fn rich_text<R: std::io::Read>(events: &mut Events<R>, out: &mut String, cap: usize) -> Result<(), Fault> {
    let depth = events.depth();
    let begin = out.len();
    loop {
        match events.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "t" => {
                    let kept = attribute(&start, "space").is_some_and(|value| value == "preserve");
                    let from = out.len();
                    events.text(|piece| append(out, piece, begin + cap))?;
                    if !kept {
                        trim(out, from);
                    }
                }
                "rPh" => events.skip()?,
                _ => {}
            },
            Node::End(open) if open < depth => return Ok(()),
            _ => {}
        }
    }
}

/// Appends a piece unless `out` is longer than `limit` already; the piece itself is cut at `limit` plus one letter.
pub(crate) fn append(out: &mut String, piece: &str, limit: usize) {
    if out.len() <= limit {
        let room = (limit - out.len()).saturating_add(4).min(piece.len());
        out.push_str(&piece[..piece.ceil_char_boundary(room)]);
    }
}

fn trim(out: &mut String, from: usize) {
    const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];
    out.truncate(from + out[from..].trim_end_matches(BLANKS).len());
    let blank = out[from..].len() - out[from..].trim_start_matches(BLANKS).len();
    out.drain(from..from + blank);
}

/// Resolves `_xHHHH_`, by which XLSX writes characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19).
pub(crate) fn unescape(out: &mut String, from: usize) {
    if !out[from..].contains("_x") {
        return;
    }
    let escaped = out.split_off(from);
    let mut rest = escaped.as_str();
    let mut units: Vec<u16> = Vec::new();
    while let Some(at) = rest.find("_x") {
        let unit = rest
            .get(at + 2..at + 6)
            .filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let unit = unit.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = unit.and_then(|hex| u16::from_str_radix(hex, 16).ok());
        if at > 0 || unit.is_none() {
            push_units(out, &mut units);
        }
        out.push_str(&rest[..at]);
        match unit {
            // Both halves of a surrogate pair come as escapes of their own.
            Some(unit) => {
                units.push(unit);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    push_units(out, &mut units);
    out.push_str(rest);
}

fn push_units(out: &mut String, units: &mut Vec<u16>) {
    out.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

#[cfg(test)]
mod tests {
    fn check(escaped: &str, expected: &str) {
        let mut text = format!("before {escaped}");
        super::unescape(&mut text, 7);
        assert_eq!(text, format!("before {expected}"));
    }

    #[test]
    fn escapes_are_resolved() {
        check("plain", "plain");
        check("a_x000D_\nb", "a\r\nb");
        check("_x005F_x000D_", "_x000D_");
        check("_xD83D__xDE00_!", "😀!");
        check("_xD83D_ alone", "\u{FFFD} alone");
        check("_x12", "_x12");
        check("max_xyz_", "max_xyz_");
        check("_xäöü_", "_xäöü_");
    }
}
