//! A correction as `key=value` records, separated as they came.

use std::io::Write;

use dropcase_parsers::staged::Dialect;

use super::{Lines, kept_columns, todo, todo_header};
use crate::answers::facts::PartFacts;
use crate::language::Language;
use crate::writers::WriteError;
use crate::writers::encoded::Encoder;

pub(super) fn write<W: Write>(
    part: &PartFacts,
    lines: &mut Lines<'_>,
    out: W,
    language: &Language,
) -> Result<u64, WriteError> {
    let Some(Dialect::KeyValue { separator, encoding }) = &part.dialect else {
        return Ok(0);
    };
    let mut out = Encoder::new(out, encoding, false)?;
    let kept = kept_columns(part);
    let mut count = 0;
    let mut text = String::new();
    for line in lines {
        let line = line?;
        text.clear();
        pair(&mut text, todo_header(language), &todo(&line, language), *separator);
        for (index, cell) in kept.of(line.raw.as_deref().unwrap_or_default()) {
            // A key that this record did not bring has no pair.
            if let Some(key) = part.header.get(index).filter(|_| !cell.is_empty()) {
                pair(&mut text, key, cell, *separator);
            }
        }
        // Records are lines; where pairs are lines, an empty line stands between records.
        text.push_str(if *separator == '\n' { "\n\n" } else { "\n" });
        out.write(&text)?;
        count += 1;
    }
    out.finish()?;
    Ok(count)
}

/// Appends a pair; what would end a value is replaced, as the form has no quotes.
fn pair(text: &mut String, key: &str, value: &str, separator: char) {
    if !text.is_empty() {
        text.push(separator);
    }
    text.push_str(key);
    text.push('=');
    let other = if separator == ',' { ' ' } else { ',' };
    text.extend(value.chars().map(|c| match c {
        '\n' | '\r' => ' ',
        c if c == separator => other,
        c => c,
    }));
}
