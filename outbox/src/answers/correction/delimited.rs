//! A correction as delimited text: same separator, quote, encoding, line ends, `sep=` line and byte order mark.

use std::io::Write;

use dropcase_parsers::staged::Dialect;

use super::{Lines, kept_columns, todo, todo_header};
use crate::answers::facts::PartFacts;
use crate::language::Language;
use crate::writers::WriteError;
use crate::writers::csv::defused;
use crate::writers::encoded::Encoder;

pub(super) fn write<W: Write>(
    part: &PartFacts,
    lines: &mut Lines<'_>,
    out: W,
    language: &Language,
) -> Result<u64, WriteError> {
    let Some(Dialect::Delimited {
        separator,
        quote,
        sep_line,
        encoding,
        bom,
        crlf,
    }) = &part.dialect
    else {
        return Ok(0);
    };
    let mut out = Encoder::new(out, encoding, *bom)?;
    let end = if *crlf { "\r\n" } else { "\n" };
    if *sep_line {
        out.write(&format!("sep={separator}{end}"))?;
    }
    let kept = kept_columns(part);
    let mut row = Row::new(*separator, *quote, end);
    // Columns of a file without headers are known by their number: a column in front would move them.
    let headed = !part.header.is_empty();
    if headed {
        row.cell(todo_header(language));
        kept.of(&part.header).for_each(|(_, header)| row.cell(header));
        out.write(row.end())?;
    }
    let mut count = 0;
    for line in lines {
        let line = line?;
        if headed {
            row.cell(&defused(&todo(&line, language)));
        }
        kept.of(line.raw.as_deref().unwrap_or_default())
            .for_each(|(_, cell)| row.cell(&defused(without_blank(cell))));
        out.write(row.end())?;
        count += 1;
    }
    out.finish()?;
    Ok(count)
}

/// Without the blanks in front, which mean nothing to the parsers and could hide a formula from [`defused`].
fn without_blank(cell: &str) -> &str {
    cell.trim_start_matches(['\t', '\r', '\n', ' '])
}

/// One row of text (RFC 4180 with any separator and quote).
struct Row {
    separator: char,
    quote: char,
    end: &'static str,
    text: String,
    cells: usize,
}

impl Row {
    fn new(separator: char, quote: char, end: &'static str) -> Self {
        Self {
            separator,
            quote,
            end,
            text: String::new(),
            cells: 0,
        }
    }

    fn cell(&mut self, cell: &str) {
        if self.cells == 0 {
            self.text.clear();
        } else {
            self.text.push(self.separator);
        }
        self.cells += 1;
        let (separator, quote) = (self.separator, self.quote);
        let plain = !cell.contains([separator, quote, '\n', '\r']);
        if plain && cell.trim() == cell {
            self.text.push_str(cell);
            return;
        }
        self.text.push(quote);
        for c in cell.chars() {
            if c == quote {
                self.text.push(quote);
            }
            self.text.push(c);
        }
        self.text.push(quote);
    }

    fn end(&mut self) -> &str {
        if self.cells == 0 {
            self.text.clear();
        }
        self.cells = 0;
        self.text.push_str(self.end);
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_when_they_must() {
        for (separator, quote, cells, expected) in [
            (';', '"', vec!["a", "b"], "a;b\n"),
            (';', '"', vec!["a;b", "c\"d", "e\nf"], "\"a;b\";\"c\"\"d\";\"e\nf\"\n"),
            ('\t', '\'', vec!["a;b", "'x", " y"], "a;b\t'''x'\t' y'\n"),
            ('|', '"', vec!["", ""], "|\n"),
        ] {
            let mut row = Row::new(separator, quote, "\n");
            cells.iter().for_each(|cell| row.cell(cell));
            assert_eq!(row.end(), expected);
        }
    }
}
