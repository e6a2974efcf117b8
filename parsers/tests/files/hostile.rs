//! Files that are written in odd ways, damaged, or no lists at all.

use super::support::{Parsed, job, parse_bytes, parse_with, show};
use dropcase_parsers::fields::Field;
use dropcase_parsers::staged::Dialect;

const HEAD: &str = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung;Ort";
const ROW: &str = "1;Müller GmbH;R1;01.02.2026;10,50;Köln";

fn list() -> String {
    format!("{HEAD}\r\n{ROW}\r\n2;Muster GmbH;R2;01.02.2026;1.000,00;Dresden\r\n")
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

fn encoding(parsed: &Parsed) -> (&str, bool) {
    match &parsed.parts[0].dialect {
        Dialect::Delimited { encoding, bom, .. } => (encoding, *bom),
        other => panic!("{other:?}"),
    }
}

#[test]
fn encodings() {
    let text = list();
    for (bytes, expected) in [
        (text.clone().into_bytes(), ("UTF-8", false)),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), ("UTF-8", true)),
        (windows_1252(&text), ("windows-1252", false)),
        ([b"\xff\xfe".to_vec(), utf16(&text, true)].concat(), ("UTF-16LE", true)),
        ([b"\xfe\xff".to_vec(), utf16(&text, false)].concat(), ("UTF-16BE", true)),
        (utf16(&text, true), ("UTF-16LE", false)),
        (utf16(&text, false), ("UTF-16BE", false)),
    ] {
        let parsed = parse_bytes(&bytes);
        assert_eq!(encoding(&parsed), expected);
        assert_eq!(parsed.codes(), Vec::<&str>::new(), "{expected:?}");
        assert_eq!(
            show(&parsed.records[0], Field::CompanyName),
            "Müller GmbH",
            "{expected:?}"
        );
        assert_eq!(show(&parsed.records[0], Field::City), "Köln", "{expected:?}");
        assert_eq!(parsed.summary.records, 2);
    }
}

#[test]
fn a_few_broken_bytes_do_not_spoil_the_rest() {
    let mut bytes = format!("{HEAD}\n{}", format!("{ROW}\n").repeat(50)).into_bytes();
    bytes.extend_from_slice(b"2;M\xfcller GmbH;R2;01.02.2026;10,50;K\xc3\xb6ln\n");
    let parsed = parse_bytes(&bytes);
    assert_eq!(parsed.codes(), ["BAD_ENCODING"]);
    assert!(!parsed.summary.file_rejected);
    assert_eq!(parsed.findings[0].args, [("line".to_owned(), "52".to_owned())]);
    assert_eq!(show(&parsed.records[0], Field::CompanyName), "Müller GmbH");
    assert_eq!(show(&parsed.records[50], Field::CompanyName), "M ller GmbH");
    assert!(parsed.record_codes(50).contains(&"CONTROL_CHARACTERS"));
    assert_eq!(show(&parsed.records[50], Field::City), "Köln");
}

#[test]
fn a_large_file_is_read_across_its_pieces() {
    // Characters of several bytes at every possible cut between two pieces.
    let mut text = format!("{HEAD}\n");
    for row in 0..30_000 {
        text.push_str(&format!(
            "{row};\"Ä{}€ GmbH\";R{row};01.02.2026;10,50;Köln\n",
            "ö".repeat(row % 7)
        ));
    }
    for (bytes, name) in [
        (text.clone().into_bytes(), "UTF-8"),
        (windows_1252(&text), "windows-1252"),
        (utf16(&text, true), "UTF-16LE"),
    ] {
        let parsed = parse_bytes(&bytes);
        assert_eq!(encoding(&parsed).0, name);
        assert_eq!((parsed.summary.records, parsed.summary.rejected), (30_000, 0), "{name}");
        for (row, record) in parsed.records.iter().enumerate() {
            assert_eq!(
                show(record, Field::CompanyName),
                format!("Ä{}€ GmbH", "ö".repeat(row % 7))
            );
            assert_eq!(record.position.row, row as u64 + 2);
        }
    }
}

#[test]
fn dialects() {
    for (separator, quote, sep_line, end) in [
        (';', '"', false, "\r\n"),
        (',', '"', false, "\n"),
        ('\t', '"', false, "\r\n"),
        ('|', '"', false, "\n"),
        (',', '\'', false, "\n"),
        (';', '"', true, "\r\n"),
        ('^', '"', true, "\n"),
        (';', '"', false, "\r"),
    ] {
        let row = |cells: &[&str]| {
            let cells: Vec<String> = cells.iter().map(|cell| format!("{quote}{cell}{quote}")).collect();
            format!("{}{end}", cells.join(&separator.to_string()))
        };
        let mut text = if sep_line {
            format!("sep={separator}{end}")
        } else {
            String::new()
        };
        text += &row(&[
            "Kundennr",
            "Name",
            "Rechnungsnr",
            "Rechnungsdatum",
            "Hauptforderung",
            "Bemerkung",
        ]);
        text += &row(&["1", "Muster GmbH", "R1", "01.02.2026", "1.234,50", "a;b,c|d"]);
        text += &row(&["2", "Muster GmbH", "R2", "01.02.2026", "10,50", ""]);
        let parsed = parse_bytes(text.as_bytes());
        assert_eq!(parsed.codes(), Vec::<&str>::new(), "{text:?}");
        assert_eq!(parsed.summary.records, 2, "{text:?}");
        let Dialect::Delimited {
            separator: s,
            quote: q,
            sep_line: l,
            ..
        } = parsed.parts[0].dialect
        else {
            panic!()
        };
        assert_eq!((s, q, l), (separator, quote, sep_line), "{text:?}");
        assert_eq!(show(&parsed.records[0], Field::Memo), "a;b,c|d");
        assert_eq!(show(&parsed.records[0], Field::PrincipalAmount), "123450");
        assert_eq!(parsed.records[0].position.row, 2 + u64::from(sep_line));
    }
}

#[test]
fn quotes_escaped_with_backslashes() {
    let text = "Kundennr,Name,Rechnungsnr,Rechnungsdatum,Hauptforderung,Bemerkung\n\
                1,\"Muster GmbH\",R1,01.02.2026,\"10,50\",\"sagt \\\"nein\\\", immer\"\n";
    let parsed = parse_bytes(text.as_bytes());
    assert_eq!(
        parsed
            .record_codes(0)
            .iter()
            .filter(|code| **code == "TOO_MANY_FIELDS")
            .count(),
        0
    );
    assert_eq!(show(&parsed.records[0], Field::Memo), "sagt \"nein\", immer");
}

#[test]
fn titles_before_and_totals_after() {
    let text = format!(
        "Offene Posten;;;;;\nMuster AG, Stand 01.05.2026\n\n{HEAD}\n{ROW}\n2;Muster GmbH;R2;01.02.2026;1.000,00;Dresden\n\
         \nSumme;;;;1.010,50;\n"
    );
    let parsed = parse_bytes(text.as_bytes());
    assert_eq!(parsed.codes(), ["TOTALS_LINE"]);
    assert_eq!((parsed.summary.records, parsed.summary.rejected), (2, 0));
    assert_eq!(parsed.parts[0].header_row, Some(4));
    assert_eq!(parsed.records[0].position.row, 5);

    for (last, totals) in [
        (";;;;1.010,50;", true),
        (";;;;1.010,51;", false),
        ("I alt;;;;1.010,50;", true),
        ("Gesamt (EUR):;2 Posten;;;1.010,50;", true),
        ("Total Energie;Total GmbH;R3;01.02.2026;5,00;Berlin", false),
    ] {
        let text = format!("{HEAD}\n{ROW}\n2;Muster GmbH;R2;01.02.2026;1.000,00;Dresden\n{last}\n");
        let parsed = parse_bytes(text.as_bytes());
        assert_eq!(parsed.codes().contains(&"TOTALS_LINE"), totals, "{last}");
        assert_eq!(parsed.summary.records, if totals { 2 } else { 3 }, "{last}");
    }
}

#[test]
fn ragged_rows() {
    for (row, errors) in [
        ("1;Muster GmbH;R1;01.02.2026;10,50", &[][..]),
        ("1;Muster GmbH;R1;01.02.2026;10,50;Köln;;;", &[]),
        ("1;Muster GmbH;R1;01.02.2026;10,50;Köln;zu viel", &["TOO_MANY_FIELDS"]),
        ("1;Muster GmbH;R1;01.02.2026", &["REQUIRED", "TOO_FEW_FIELDS"]),
        (
            "1;Muster GmbH R1;01.02.2026;10,50;Köln",
            &["DATE_UNREADABLE", "AMOUNT_UNREADABLE", "TOO_FEW_FIELDS"],
        ),
    ] {
        let parsed = parse_bytes(format!("{HEAD}\n{row}\n{ROW}\n").as_bytes());
        let mut found = parsed.errors(0);
        found.sort_unstable();
        let mut errors = errors.to_vec();
        errors.sort_unstable();
        assert_eq!(found, errors, "{row}");
        assert_eq!(parsed.errors(1), Vec::<&str>::new());
    }
}

#[test]
fn a_cut_last_line_is_found() {
    let whole = list();
    let cut = &whole[..whole.len() - ";Dresden\r\n".len() - 2];
    let parsed = parse_bytes(cut.as_bytes());
    assert!(
        parsed.errors(1).contains(&"CUT_LAST_LINE"),
        "{:?}",
        parsed.records[1].findings
    );
    assert_eq!(parsed.errors(0), Vec::<&str>::new());
    // The end-of-file mark of old systems is no record.
    let parsed = parse_bytes(format!("{whole}\u{1a}").as_bytes());
    assert_eq!(
        (parsed.codes(), parsed.summary.records, parsed.summary.rejected),
        (vec![], 2, 0)
    );
    // Only the line end is missing: nothing is wrong.
    let parsed = parse_bytes(whole.trim_end().as_bytes());
    assert_eq!((parsed.summary.records, parsed.summary.rejected), (2, 0));
}

#[test]
fn files_without_records() {
    for (bytes, codes, rejected) in [
        (&b""[..], &["EMPTY_FILE"][..], true),
        (b"\xef\xbb\xbf", &["EMPTY_FILE"], true),
        (b" \r\n\r\n", &["EMPTY_FILE"], true),
        (b";;;\n;;;\n", &["EMPTY_FILE"], true),
        (HEAD.as_bytes(), &["HEADER_ONLY"], false),
        (
            b"Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung;Ort\r\n;;;;;\r\n",
            &["HEADER_ONLY"],
            false,
        ),
        (b"Das ist ein Brief.\nEr hat keine Spalten.\n", &["NO_HEADER"], true),
        (b"%PDF-1.7\n...", &["UNKNOWN_FORMAT"], true),
        (b"\x89PNG\r\n\x1a\n....", &["UNKNOWN_FORMAT"], true),
        (b"\x7fELF\x02\x01\x01", &["UNKNOWN_FORMAT"], true),
        (b"MZ\x90\x00\x03\x00", &["UNKNOWN_FORMAT"], true),
        (b"\xef\xbb\xbf <HTML><table><tr>", &["UNKNOWN_FORMAT"], true),
        (b"{\"records\": []}", &["UNKNOWN_FORMAT"], true),
        (b"\x00\x01\x02\x03\x00\x00\x00\x05", &["UNKNOWN_FORMAT"], true),
    ] {
        let parsed = parse_bytes(bytes);
        assert_eq!(parsed.codes(), codes, "{:?}", String::from_utf8_lossy(bytes));
        assert_eq!(parsed.summary.file_rejected, rejected);
        assert_eq!(parsed.summary.records, 0);
    }
    let nul = list().replace("Dresden", "Dres\0den");
    let parsed = parse_bytes(nul.as_bytes());
    assert_eq!(parsed.codes(), ["NUL_BYTES"]);
    assert_eq!(parsed.findings[0].args, [("line".to_owned(), "3".to_owned())]);
}

#[test]
fn limits_of_files() {
    let mut job = job();
    job.limits.file_bytes = 50;
    assert_eq!(parse_with(list().as_bytes(), &job).codes(), ["FILE_TOO_LARGE"]);
    job.limits.file_bytes = 1_000;
    job.limits.records = 1;
    let parsed = parse_with(list().as_bytes(), &job);
    assert_eq!((parsed.codes(), parsed.summary.records), (vec!["TOO_MANY_CELLS"], 0));
    // A thousand unknown columns do not become a thousand findings.
    job.limits = dropcase_parsers::limits::Limits {
        findings: 5,
        ..Default::default()
    };
    let unknown: String = (0..300).map(|n| format!(";Unbekannt {n}")).collect();
    let parsed = parse_with(format!("{HEAD}{unknown}\n{ROW}\n").as_bytes(), &job);
    assert_eq!(parsed.findings.len(), 4);
    assert!(!parsed.summary.file_rejected);
}

#[test]
fn damaged_numbers_and_cells() {
    for (row, errors) in [
        ("4,05E+11;Muster GmbH;R1;01.02.2026;10,50;Köln", &["NUMBER_DAMAGED"][..]),
        ("1;Muster GmbH;1.23E+15;01.02.2026;10,50;Köln", &["NUMBER_DAMAGED"]),
        ("1;Muster GmbH;R1;01.02.2026;#REF!;Köln", &["CELL_ERROR"]),
        ("1;Muster GmbH;R1;01.02.2026;10,50;#WERT!", &[]),
        ("-;n/a;R1;01.02.2026;10,50;Köln", &["REQUIRED", "REQUIRED"]),
        ("1;Muster GmbH;R1;01.02.2026;10,505;Köln", &["AMOUNT_PRECISION"]),
        ("1;Muster GmbH;R1;30.02.2026;10,50;Köln", &["DATE_UNREADABLE"]),
        ("1;Muster GmbH;R1;01.02.2026;10,50 USD;Köln", &[]),
        ("1;Muster GmbH;R1;01.02.2026;10,50 kr;Köln", &["INCORRECT_CURRENCY"]),
        (
            "12345678901234567890123456789012345678901;Muster GmbH;R1;01.02.2026;10,50;Köln",
            &["FIELD_TOO_LONG"],
        ),
    ] {
        // The second row shows how the amounts are written.
        let parsed = parse_bytes(format!("{HEAD}\n{row}\n{ROW}\n").as_bytes());
        assert_eq!(parsed.errors(0), errors, "{row}");
    }
    let parsed = parse_bytes(format!("{HEAD}\n1;Muster GmbH;R1;01.02.2026;10,50 USD;Köln\n").as_bytes());
    assert_eq!(show(&parsed.records[0], Field::Currency), "USD");
}

#[test]
fn key_value_records() {
    let inline = "kundennr=1&name=Muster & Söhne GmbH&rechnungsnr=R1&rechnungsdatum=01.02.2026&hauptforderung=10,50\r\n\
                  kundennr=2&name=Muster GmbH&rechnungsnr=R2&rechnungsdatum=02.02.2026&hauptforderung=20,50&telefon=1&telefon=2\r\n";
    let semicolon = "kundennr=1;name=Muster & Söhne GmbH;rechnungsnr=R1;rechnungsdatum=01.02.2026;hauptforderung=10,50\n\
                  kundennr=2;name=Muster GmbH;rechnungsnr=R2;rechnungsdatum=02.02.2026;hauptforderung=20,50;telefon=1;telefon=2\n";
    let lines = "kundennr=1\nname=Muster & Söhne GmbH\nrechnungsnr=R1\nrechnungsdatum=01.02.2026\nhauptforderung=10,50\n\n\
                 [Satz 2]\nkundennr = 2\nname = Muster GmbH\nrechnungsnr = R2\nrechnungsdatum = 02.02.2026\n\
                 hauptforderung = 20,50\ntelefon=1\ntelefon=2\n";
    let unbroken = lines.replace("\n\n[Satz 2]", "");
    for (text, separator, row) in [
        (inline, '&', 2),
        (semicolon, ';', 2),
        (lines, '\n', 8),
        (unbroken.as_str(), '\n', 6),
    ] {
        let parsed = parse_bytes(text.as_bytes());
        assert_eq!(parsed.codes(), Vec::<&str>::new(), "{text}");
        let Dialect::KeyValue { separator: found, .. } = parsed.parts[0].dialect else {
            panic!("{text}")
        };
        assert_eq!(found, separator);
        assert_eq!((parsed.summary.records, parsed.summary.rejected), (2, 0), "{text}");
        assert_eq!(show(&parsed.records[0], Field::CompanyName), "Muster & Söhne GmbH");
        assert_eq!(show(&parsed.records[1], Field::PrincipalAmount), "2050");
        assert_eq!(show(&parsed.records[1], Field::Phone), "1|2");
        assert_eq!(parsed.records[1].position.row, row, "{text}");
        assert_eq!(parsed.parts[0].header_row, None);
    }
}
