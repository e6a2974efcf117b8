//! Splitting and streaming: against the crate csv, and what it does with files that break the rules.

use super::support::{job, parse_bytes, parse_with, show};
use dropcase_parsers::fields::Field;
use dropcase_parsers::formats::split::{Found, Grammar, RowSplitter};
use dropcase_parsers::limits::Limits;
use dropcase_parsers::record::Cells;
use proptest::prelude::*;

/// Splits a whole text as if it came in one piece.
fn split(text: &str, separator: u8, escape: Option<u8>) -> Vec<Vec<String>> {
    let cr_ends = !text.contains('\n');
    let grammar = Grammar {
        separator,
        quote: Some(b'"'),
        escape,
        cr_ends,
    };
    let mut splitter = RowSplitter::default();
    let mut rows = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (mut cells, mut defects) = (Cells::default(), Vec::new());
        match splitter.row(&grammar, &Limits::default(), rest, true, &mut cells, &mut defects) {
            Found::Row { bytes, .. } => {
                assert!(bytes > 0, "no progress in {rest:?}");
                rest = &rest[bytes..];
                rows.push(cells.iter().map(str::to_owned).collect());
            }
            other => {
                rows.push(vec![format!("{other:?}")]);
                return rows;
            }
        }
    }
    rows
}

#[test]
fn rows_and_fields() {
    for (text, expected) in [
        ("a;b\nc;d\n", &[&["a", "b"][..], &["c", "d"]][..]),
        ("a;b\r\nc;d", &[&["a", "b"], &["c", "d"]]),
        ("a;b\rc;d\r", &[&["a", "b"], &["c", "d"]]),
        ("a;;\n;b;\n", &[&["a", "", ""], &["", "b", ""]]),
        ("\"a;b\";c\n", &[&["a;b", "c"]]),
        ("\"a\nb\";c\n", &[&["a\nb", "c"]]),
        ("\"a \"\"b\"\" c\";d\n", &[&["a \"b\" c", "d"]]),
        ("\"\";x\n", &[&["", "x"]]),
        ("\"\"\"\"\n", &[&["\""]]),
        ("a\"b;c\"\n", &[&["a\"b", "c\""]]),
        ("\"a\"b\";c\n", &[&["a\"b", "c"]]),
        ("\"a\" ; \"b\"\n", &[&["a", "b"]]),
        ("a\rb;c\n", &[&["a\rb", "c"]]),
        ("a;b;\"c\"", &[&["a", "b", "c"]]),
        ("a;b;", &[&["a", "b", ""]]),
        ("\n\na\n", &[&[""], &[""], &["a"]]),
        ("\"abc;d\n", &[&["Unclosed"]]),
        ("\"abc;d\n\"e\";f\n", &[&["Unclosed"]]),
    ] {
        assert_eq!(split(text, b';', None), expected, "{text:?}");
    }
    assert_eq!(split("\"a\\\"b\";c\n", b';', Some(b'\\')), [["a\"b", "c"]]);
    assert_eq!(split("\"C:\\x\";\"y\\\\\"\n", b';', Some(b'\\')), [["C:\\x", "y\\"]]);
}

const HEADER: &str = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung;Bemerkung\n";

#[test]
fn an_open_quote_costs_its_own_line() {
    let mut list = HEADER.to_owned();
    list.push_str("1;Muster GmbH;A1;01.02.2026;10,50;gut\n");
    list.push_str("2;Muster GmbH;A2;01.02.2026;10,50;\"offen\n");
    list.push_str("3;Muster GmbH;A3;01.02.2026;10,50;auch gut\n");
    for row in 4..2_000 {
        list.push_str(&format!("{row};Muster GmbH;A{row};01.02.2026;10,50;\"gut\"\n"));
    }
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.summary.records, 1_999);
    assert_eq!(parsed.summary.rejected, 1);
    assert_eq!(parsed.errors(1), ["UNCLOSED_QUOTE"]);
    assert_eq!(show(&parsed.records[2], Field::InvoiceNumber), "A3");
    assert_eq!(parsed.records[1_998].position.row, 2_000);
}

#[test]
fn many_open_quotes_do_not_take_for_ever() {
    let mut list = HEADER.to_owned();
    for row in 0..20_000 {
        list.push_str(&format!("{row};Muster GmbH;A{row};01.02.2026;10,50;\"offen {row}\n"));
    }
    let begun = std::time::Instant::now();
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.summary.records, 20_000);
    assert!(begun.elapsed().as_secs() < 20, "took {:?}", begun.elapsed());
}

#[test]
fn long_fields_and_rows_are_cut_and_found() {
    let job = {
        let mut job = job();
        job.limits.field_bytes = 1_000;
        job.limits.row_bytes = 10_000;
        job
    };
    let long = "x".repeat(5_000);
    let longer = "ä".repeat(2_000_000);
    let list = format!(
        "{HEADER}1;Muster GmbH;A1;01.02.2026;10,50;\"{long}\"\n2;Muster GmbH;A2;01.02.2026;10,50;{longer}\n\
         3;Muster GmbH;A3;01.02.2026;10,50;\"{longer}\"\n4;Muster GmbH;A4;01.02.2026;10,50;gut\n"
    );
    let parsed = parse_with(list.as_bytes(), &job);
    assert_eq!(parsed.summary.records, 4, "{:?}", parsed.findings);
    for index in 0..3 {
        assert!(
            parsed.errors(index).contains(&"FIELD_TOO_LONG"),
            "{:?}",
            parsed.records[index].findings
        );
        let kept: usize = parsed.records[index].raw.iter().map(str::len).sum();
        assert!(kept <= 6_000, "kept {kept}");
    }
    assert_eq!(parsed.errors(3), Vec::<&str>::new());
    assert_eq!(parsed.records[3].position.row, 5);
}

#[test]
fn too_many_columns_are_cut_and_found() {
    let mut job = job();
    job.limits.columns = 20;
    let list = format!("{HEADER}1;Muster GmbH;A1;01.02.2026;10,50{}\n", ";x".repeat(100_000));
    let parsed = parse_with(list.as_bytes(), &job);
    assert!(
        parsed.errors(0).contains(&"TOO_MANY_FIELDS"),
        "{:?}",
        parsed.records[0].findings
    );
    assert!(parsed.records[0].raw.len() <= 21);
}

proptest! {
    /// What the crate csv writes in any dialect comes back cell by cell.
    #[test]
    fn rows_of_the_crate_csv_come_back(
        rows in proptest::collection::vec(proptest::collection::vec("[a-zäß \"';,\t|\n0-9]{0,12}", 3), 1..12),
        separator in proptest::sample::select(vec![b';', b',', b'\t', b'|']),
        crlf: bool,
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(separator)
            .terminator(terminator)
            .quote_style(csv::QuoteStyle::Always)
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).expect("written");
        }
        let text = String::from_utf8(writer.into_inner().expect("flushed")).expect("UTF-8");
        prop_assert_eq!(split(&text, separator, None), rows);
    }

    #[test]
    fn any_text_is_split_to_its_end(text in "[ab;\"\\\\\n\r ]{0,60}") {
        for escape in [None, Some(b'\\')] {
            let _ = split(&text, b';', escape);
        }
    }

    #[test]
    fn any_bytes_are_parsed(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let parsed = parse_bytes(&bytes);
        prop_assert!(parsed.summary.file_rejected || !parsed.findings.is_empty() || parsed.summary.records > 0);
    }

    /// A list with arbitrary damage still ends, and each of its rows is a record or a finding.
    #[test]
    fn damaged_lists_are_parsed(
        rows in proptest::collection::vec("[0-9a-z;\",.\n\r\t' äö€-]{0,80}", 0..30),
        cut in 0_usize..2_000,
    ) {
        let mut list = HEADER.to_owned();
        for row in rows {
            list.push_str(&row);
            list.push('\n');
        }
        let cut = cut.min(list.len());
        let bytes = &list.as_bytes()[..cut];
        let parsed = parse_bytes(bytes);
        prop_assert!(parsed.summary.rejected <= parsed.summary.records);
    }
}
