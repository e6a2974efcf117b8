//! HTML for people: one page that needs nothing but a browser, for the screen and for paper.
//!
//! Everything that is put in is escaped; the page may load nothing and run nothing (its Content-Security-Policy).

use std::io::Write;

use super::{Cell, Column, Section, TableWriter, WriteError};
use crate::language::{Language, code, grouped};
use crate::mail::notices::escape;

const STYLE: &str = "body{font:14px/1.45 Arial,Helvetica,sans-serif;color:#1f2933;margin:2em}\
    h1{font-size:1.5em}h2{font-size:1.15em;margin:1.6em 0 .5em}p{color:#52606d}\
    table{border-collapse:collapse;margin-bottom:1em}\
    th,td{border:1px solid #cbd2d9;padding:4px 8px;text-align:left;vertical-align:top;white-space:pre-wrap}\
    th{background:#1f3a5f;color:#fff}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\
    @media print{body{margin:0;font-size:9pt}thead{display:table-header-group}tr,h2{break-inside:avoid}\
    h2{break-after:avoid}th{background:none;color:#000;border-bottom:2px solid #000}}\
    @page{margin:15mm}";

/// Writes a page.
#[derive(Debug)]
pub struct HtmlPage<W: Write> {
    out: W,
    language: &'static Language,
}

impl<W: Write> HtmlPage<W> {
    /// Begins a page with its title and a line below it.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(mut out: W, language: &'static Language, title: &str, about: &str) -> Result<Self, WriteError> {
        let (title, about) = (escaped(title), escaped(about));
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n<p>{about}</p>\n",
            code(language.locale())
        )?;
        Ok(Self { out, language })
    }

    /// Begins a table, with a heading where there is one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn table(&mut self, heading: Option<&str>, columns: &[Column]) -> Result<(), WriteError> {
        if let Some(heading) = heading {
            writeln!(self.out, "<h2>{}</h2>", escaped(heading))?;
        }
        self.out.write_all(b"<table>\n<thead><tr>")?;
        for column in columns {
            write!(self.out, "<th>{}</th>", escaped(&column.heading))?;
        }
        Ok(self.out.write_all(b"</tr></thead>\n<tbody>\n")?)
    }

    /// A row of the table that was begun.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError> {
        self.out.write_all(b"<tr>")?;
        for cell in cells {
            let (class, text) = match cell {
                Cell::Empty => ("", String::new()),
                Cell::Text(text) => ("", escaped(text)),
                Cell::Date(date) => ("", self.language.date(*date)),
                Cell::Time(time) => ("", self.language.time(*time)),
                Cell::Integer(number) => (" class=\"n\"", number.to_string()),
                Cell::Money { minor, digits } => {
                    let amount = grouped(*minor, *digits, self.language.locale());
                    (" class=\"n\"", escaped(&amount))
                }
            };
            write!(self.out, "<td{class}>{text}</td>")?;
        }
        Ok(self.out.write_all(b"</tr>\n")?)
    }

    /// Ends the table that was begun.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end_table(&mut self) -> Result<(), WriteError> {
        Ok(self.out.write_all(b"</tbody>\n</table>\n")?)
    }

    /// Ends the page.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&mut self) -> Result<(), WriteError> {
        self.out.write_all(b"</body>\n</html>\n")?;
        Ok(self.out.flush()?)
    }
}

/// A page with one table.
#[derive(Debug)]
pub struct HtmlTable<W: Write>(HtmlPage<W>);

impl<W: Write> HtmlTable<W> {
    /// Begins the table.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(
        out: W,
        language: &'static Language,
        (title, about): (&str, &str),
        columns: &[Column],
    ) -> Result<Self, WriteError> {
        let mut page = HtmlPage::new(out, language, title, about)?;
        page.table(None, columns)?;
        Ok(Self(page))
    }
}

impl<W: Write> TableWriter for HtmlTable<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError> {
        self.0.row(cells)
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.0.end_table()?;
        self.0.finish()
    }
}

/// Writes several tables as one page.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_sections<W: Write>(
    out: W,
    language: &'static Language,
    (title, about): (&str, &str),
    sections: &[Section],
) -> Result<(), WriteError> {
    let mut page = HtmlPage::new(out, language, title, about)?;
    for section in sections {
        page.table(Some(&section.title), &section.columns)?;
        for row in &section.rows {
            page.row(row)?;
        }
        page.end_table()?;
    }
    page.finish()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use dropcase_config::Locale;

    #[test]
    fn nothing_gets_out_of_its_cell() {
        let bad = "<script>alert('x')</script>&\"";
        let columns = [Column::new(bad, 5), Column::new("B", 5)];
        let mut out = Vec::new();
        let mut table = HtmlTable::new(&mut out, Language::of(Locale::De), (bad, bad), &columns).unwrap();
        table
            .row(&[
                Cell::text(Some(bad)),
                Cell::Money {
                    minor: -123_456,
                    digits: 2,
                },
            ])
            .unwrap();
        table.finish().unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(!page.contains("<script") && !page.contains("('x')"), "{page}");
        assert_eq!(
            page.matches("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;")
                .count(),
            5
        );
        assert!(page.contains("<td class=\"n\">-1.234,56</td></tr>"), "{page}");
        for tag in ["table", "tbody", "thead", "body", "html", "tr"] {
            assert_eq!(
                page.matches(&format!("<{tag}")).count(),
                page.matches(&format!("</{tag}>")).count(),
                "{tag}"
            );
        }
    }
}
