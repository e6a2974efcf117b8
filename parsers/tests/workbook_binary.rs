//! XLS and XLSB, whose records are written here byte by byte (MS-XLS, MS-XLSB).

mod workbook_support;

use chrono::NaiveDate;
use dropcase_parsers::finding::Code;
use dropcase_parsers::formats::Typed;
use dropcase_parsers::limits::Limits;
use workbook_support::binary::{self, cell, compound, record, u16s, xls};
use workbook_support::{package, read, refusal};

#[test]
fn an_xls_is_read_as_people_see_it() {
    let parts = read(&binary::example_xls()).unwrap();
    assert_eq!(parts.len(), 1, "the hidden sheet is left out");
    assert_eq!(parts[0].sheet, "Liste");
    let rows: Vec<(u64, Vec<&str>)> = parts[0]
        .rows
        .iter()
        .map(|row| (row.number, row.cells.iter().collect()))
        .collect();
    let expected = [
        (1, vec!["Nummer", "Straße…"]),
        // Of the formats `0%` and `00000` the library does not tell.
        (2, vec!["", "", "", "7", "1"]),
        (3, vec!["0.3", "1067", "2024-03-15"]),
        (4, vec!["TRUE", "#REF!", "Köln", "2.5"]),
    ];
    assert_eq!(rows, expected);
    let midnight = NaiveDate::from_ymd_opt(2024, 3, 15)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    let number = |text: &str| Typed::Number(text.into());
    assert_eq!(
        parts[0].rows[2].typed,
        [(0, number("0.3")), (1, number("1067")), (2, Typed::Date(midnight))]
    );
}

#[test]
fn a_protected_xls_asks_for_its_password() {
    let bytes = xls(&[record(0x002F, &[1, 0, 1, 0, 1, 0])], &[]);
    assert_eq!(refusal(&bytes, &Limits::default()).code, Code::PasswordProtected);
    let bytes = compound("/EncryptedPackage", b"noise");
    assert_eq!(refusal(&bytes, &Limits::default()).code, Code::PasswordProtected);
}

#[test]
fn hostile_xls_are_refused_or_read() {
    let limits = Limits {
        dense_bytes: 1 << 20,
        ..Limits::default()
    };
    let text = |bytes: &[u8]| refusal(bytes, &limits).code;
    assert_eq!(text(&[0xD0; 8]), Code::UnknownFormat);
    assert_eq!(text(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more"), Code::CorruptFile);
    assert_eq!(text(&compound("/Workbook", b"no records")), Code::CorruptFile);
    assert_eq!(text(&compound("/WordDocument", b"letter")), Code::UnknownFormat);
    assert_eq!(text(&compound("/Workbook", &vec![0; 2 << 20])), Code::FileTooLarge);
    // A used range of the whole sheet, in a sheet of one cell, costs nothing.
    let claims = record(
        0x0200,
        &[
            &u32::MAX.to_le_bytes()[..],
            &u32::MAX.to_le_bytes(),
            &u16s(&[0, 256, 0]),
        ]
        .concat(),
    );
    let one = cell(0x0203, 65_535, 255, 0, &1.0_f64.to_le_bytes());
    let parts = read(&xls(&[], &[claims, one])).unwrap();
    assert_eq!((parts[0].rows[0].number, parts[0].rows[0].cells.len()), (65_536, 256));
    // Two cells in its corners would make a table of all of it.
    let corners = [0_u16, 65_535].map(|row| cell(0x0203, row, row.min(255), 0, &1.0_f64.to_le_bytes()));
    assert_eq!(text(&xls(&[], &corners)), Code::TooManyCells);
    // A formula whose record is cut.
    assert_eq!(text(&xls(&[], &[record(0x0006, &[0; 8])])), Code::CorruptFile);
}

#[test]
fn a_workbook_that_makes_the_library_panic_is_corrupt() {
    let mut members = binary::example_xlsb();
    // A sheet that the relations do not know, which the library looks up as if they did.
    members[2].1 = b"<Relationships/>".to_vec();
    let bytes = package(&binary::borrowed(&members));
    assert_eq!(refusal(&bytes, &Limits::default()).code, Code::CorruptFile);
}

#[test]
fn an_xlsb_is_read_as_people_see_it() {
    let parts = read(&package(&binary::borrowed(&binary::example_xlsb()))).unwrap();
    assert_eq!(
        parts.iter().map(|part| part.sheet.as_str()).collect::<Vec<_>>(),
        ["Liste"]
    );
    let rows: Vec<(u64, Vec<&str>)> = parts[0]
        .rows
        .iter()
        .map(|row| (row.number, row.cells.iter().collect()))
        .collect();
    let expected = [
        // The library leaves out texts with formatting inside and errors of formulas, and does not tell of `00000`.
        (1, vec!["Straße", "inline"]),
        (
            5,
            vec!["", "1067", "2024-03-15", "0.3", "TRUE", "#N/A", "from a formula"],
        ),
    ];
    assert_eq!(rows, expected);
}
