//! Tables for people: a header, a thin line, no frames.

use comfy_table::{Cell, CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle};

use super::output::plain;

/// No lines but one below the header; without colours and wrapping when the output is not a terminal.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none());

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Text.
    Left(&'static str),
    /// Numbers and amounts.
    Right(&'static str),
}

/// A table of `rows` under `columns`; `empty` when there are none.
pub(crate) fn table(columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>, empty: &str) -> String {
    let mut table = bare();
    table.set_header(columns.iter().map(|column| match column {
        Column::Left(name) => Cell::new(name),
        Column::Right(name) => Cell::new(name).set_alignment(CellAlignment::Right),
    }));
    let mut any = false;
    for row in rows {
        any = true;
        table.add_row(columns.iter().zip(row).map(|(column, text)| match column {
            Column::Left(_) => Cell::new_owned(plain(&text)),
            Column::Right(_) => Cell::new_owned(plain(&text)).set_alignment(CellAlignment::Right),
        }));
    }
    if any { finished(&table) } else { format!("{empty}\n") }
}

/// Names and what they are, one below the other; pairs without a value are left out.
pub(crate) fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut table = bare();
    for (name, value) in pairs {
        if !value.is_empty() {
            table.add_row([name.to_owned(), plain(&value)]);
        }
    }
    finished(&table)
}

fn bare() -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// One space at the left of each line is comfy-table's padding.
fn finished(table: &Table) -> String {
    let mut text = table.trim_fmt();
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_line_below_its_header() {
        let rows = [
            vec!["a".to_owned(), "1.00".to_owned()],
            vec!["long\nname".to_owned(), "12.00".to_owned()],
        ];
        let shown = table(&[Column::Left("name"), Column::Right("amount")], rows, "none");
        assert_eq!(
            shown.lines().collect::<Vec<_>>(),
            [
                " name        amount",
                "────────────────────",
                " a             1.00",
                " long\u{fffd}name    12.00",
            ]
        );
    }

    #[test]
    fn an_empty_table_says_so() {
        assert_eq!(
            table(&[Column::Left("name")], [], "There are no clients."),
            "There are no clients.\n"
        );
    }

    #[test]
    fn pairs_without_a_value_are_left_out() {
        let shown = pairs([
            ("Name", "Muster GmbH".to_owned()),
            ("E-mail", String::new()),
            ("Key", "muster".to_owned()),
        ]);
        assert_eq!(shown, " Name   Muster GmbH\n Key    muster\n");
    }
}
