//! Bundles: a list and its papers, and what hostile ones try.

use std::io::{Cursor, Write};

use dropcase_parsers::limits::Limits;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::{job, parse_bytes, parse_with};

const LIST: &[u8] = b"Kundennummer;Name;Rechnungsnummer;Rechnungsdatum;Hauptforderung;Anlage\n\
    10001;Mustermann;R1;01.02.2026;10,00;R1.pdf\n";

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The code that refuses a bundle.
fn refused(bytes: &[u8]) -> Vec<&'static str> {
    let parsed = parse_bytes(bytes);
    assert!(parsed.summary.file_rejected);
    assert_eq!(parsed.records.len(), 0);
    parsed.codes()
}

/// Replaces every occurrence of `from` by `to`, of the same length.
fn forged(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    for at in 0..=bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

#[test]
fn a_list_brings_its_papers() {
    let pdf = [b"%PDF-1.7 ", [7; 300_000].as_slice()].concat();
    let parsed = parse_bytes(&zip(&[
        ("papers/R1.pdf", &pdf),
        ("list.csv", LIST),
        ("note.txt", b"Liebe Gruesse"),
        ("__MACOSX/._list.csv", b"x"),
        ("papers/Thumbs.db", b"x"),
    ]));
    assert_eq!(parsed.codes(), [""; 0]);
    assert_eq!(parsed.records.len(), 1);
    assert_eq!(parsed.parts[0].member.as_deref(), Some("list.csv"));
    let papers: Vec<(&str, usize)> = parsed
        .papers
        .iter()
        .map(|(name, bytes, _)| (&**name, bytes.len()))
        .collect();
    assert_eq!(papers, [("papers/R1.pdf", pdf.len()), ("note.txt", 13)]);
    assert_eq!(parsed.papers[0].1, pdf);
}

#[test]
fn there_is_one_list() {
    assert_eq!(
        refused(&zip(&[("a.csv", LIST), ("b.csv", LIST)])),
        ["BUNDLE_SEVERAL_LISTS"]
    );
    assert_eq!(
        refused(&zip(&[("a.pdf", b"%PDF-1.7"), ("b.pdf", b"%PDF-1.7")])),
        ["BUNDLE_WITHOUT_LIST"]
    );
    assert_eq!(refused(&zip(&[])), ["BUNDLE_WITHOUT_LIST"]);
    // The only one that may be it says itself what it lacks.
    assert_eq!(
        refused(&zip(&[("a.csv", b"Kundennummer;Name\n1;Muster\n"), ("a.pdf", b"%PDF")])),
        ["MISSING_COLUMN"; 3]
    );
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in [
        "../list.csv",
        "a/../../list.csv",
        "/etc/list.csv",
        "C:\\list.csv",
        "a\\..\\..\\b.csv",
        "a\nb.csv",
    ] {
        assert_eq!(
            refused(&zip(&[("list.csv", LIST), (name, b"x")])),
            ["BUNDLE_BAD_NAME"],
            "{name:?}"
        );
    }
}

#[test]
fn two_members_of_one_name_are_refused() {
    assert_eq!(
        refused(&zip(&[("list.csv", LIST), ("R1.pdf", b"a"), ("r1.PDF", b"b")])),
        ["BUNDLE_NAME_TWICE"]
    );
    let twice = forged(
        zip(&[("list.csv", LIST), ("R1.pdf", b"a"), ("R2.pdf", b"b")]),
        b"R2.pdf",
        b"R1.pdf",
    );
    assert_eq!(refused(&twice), ["BUNDLE_NAME_TWICE"]);
}

#[test]
fn links_archives_and_passwords_are_refused() {
    let mut linked = ZipWriter::new(Cursor::new(zip(&[("list.csv", LIST)])));
    linked
        .add_symlink("R1.pdf", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    linked.start_file("list.csv", SimpleFileOptions::default()).unwrap();
    linked.write_all(LIST).unwrap();
    assert_eq!(refused(&linked.finish().unwrap().into_inner()), ["BUNDLE_LINK"]);

    let inner = zip(&[("x.pdf", b"%PDF")]);
    assert_eq!(
        refused(&zip(&[("list.csv", LIST), ("inner.zip", &inner)])),
        ["BUNDLE_NESTED"]
    );
    assert_eq!(
        refused(&zip(&[("list.csv", LIST), ("inner.pdf", &inner)])),
        ["BUNDLE_NESTED"]
    );
    assert_eq!(
        refused(&zip(&[("list.csv", LIST), ("a.pdf", b"Rar!\x1a\x07\0")])),
        ["BUNDLE_NESTED"]
    );

    // The bit that says so (APPNOTE 4.4.4), in the local header and in the directory.
    let mut locked = zip(&[("list.csv", LIST), ("R1.pdf", b"%PDF")]);
    for at in 0..locked.len() - 10 {
        if locked[at..].starts_with(b"PK\x03\x04") {
            locked[at + 6] |= 1;
        } else if locked[at..].starts_with(b"PK\x01\x02") {
            locked[at + 8] |= 1;
        }
    }
    assert_eq!(refused(&locked), ["PASSWORD_PROTECTED"]);
}

#[test]
fn bombs_do_not_go_off() {
    let bomb = vec![0; 64 << 20];
    assert_eq!(
        refused(&zip(&[("list.csv", LIST), ("bomb.pdf", &bomb)])),
        ["UNPACKS_TOO_LARGE"]
    );
    let mut small = job();
    small.limits = Limits {
        unpacked_bytes: 1_000,
        ..Limits::default()
    };
    assert_eq!(
        parse_with(&zip(&[("list.csv", LIST), ("a.pdf", &[7; 2_000])]), &small).codes(),
        ["UNPACKS_TOO_LARGE"]
    );
    // It says that it is small, and is not.
    let size = 2_000_000_u32.to_le_bytes();
    let lies = forged(
        zip(&[("list.csv", LIST), ("a.pdf", &[7; 2_000_000])]),
        &size,
        &10_u32.to_le_bytes(),
    );
    assert_eq!(refused(&lies), ["CORRUPT_FILE"]);
}

#[test]
fn papers_are_limited_in_size_and_number() {
    let mut small = job();
    small.limits = Limits {
        papers: 2,
        paper_bytes: 10,
        ..Limits::default()
    };
    let parsed = parse_with(
        &zip(&[("list.csv", LIST), ("a.pdf", b"%PDF"), ("b.pdf", &[7; 11])]),
        &small,
    );
    assert_eq!((parsed.codes(), parsed.records.len()), (vec![], 1));
    let refused: Vec<bool> = parsed.papers.iter().map(|(.., finding)| finding.is_some()).collect();
    assert_eq!((refused, parsed.papers[1].1.len()), (vec![false, true], 0));
    let many = zip(&[("list.csv", LIST), ("a", b"1"), ("b", b"2"), ("c", b"3")]);
    assert_eq!(parse_with(&many, &small).codes(), ["TOO_MANY_PAPERS"]);
}

#[test]
fn a_directory_of_a_million_members_is_not_read() {
    // The entries of a directory alone: a million times the same few bytes, and an end that says so.
    let mut bytes = zip(&[("list.csv", LIST)]);
    let start = memchr(&bytes, b"PK\x01\x02");
    let end = memchr(&bytes, b"PK\x05\x06");
    let entry = bytes[start..end].to_vec();
    let mut tail = bytes.split_off(end);
    for _ in 0..1_000_000 {
        bytes.extend_from_slice(&entry);
    }
    tail[8..12].copy_from_slice(&[0xff; 4]);
    let size = u32::try_from(bytes.len() - start).unwrap();
    tail[12..16].copy_from_slice(&size.to_le_bytes());
    bytes.extend_from_slice(&tail);
    assert_eq!(refused(&bytes), ["TOO_MANY_PAPERS"]);
    // An end that says one: then there is one.
    let at = bytes.len() - tail.len();
    bytes[at + 8..at + 12].copy_from_slice(&[1, 0, 1, 0]);
    assert_eq!(parse_bytes(&bytes).records.len(), 1);
}

fn memchr(bytes: &[u8], pattern: &[u8]) -> usize {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
        .unwrap()
}

#[test]
fn zips_that_are_office_documents_are_no_bundles() {
    assert_eq!(
        refused(&zip(&[
            (
                "_rels/.rels",
                br#"<Relationships><Relationship Type="x/officeDocument" Target="word/document.xml"/></Relationships>"#
            ),
            ("word/document.xml", b"<w/>"),
        ])),
        ["UNKNOWN_FORMAT"]
    );
}
