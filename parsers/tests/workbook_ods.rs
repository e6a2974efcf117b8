//! ODS documents written by hand.

mod workbook_support;

use chrono::NaiveDate;
use dropcase_parsers::finding::Code;
use dropcase_parsers::formats::{Row, Typed};
use dropcase_parsers::limits::Limits;
use workbook_support::{Part, ods_members, package, read, read_with, refusal};

/// A document with this between `<office:spreadsheet>` and its end.
fn document(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:calcext="urn:example:calcext">
<office:automatic-styles>
<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>
<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    // Between cells there is nothing in what spreadsheets write, and nothing is what the library allows.
    package(&ods_members(content.replace(">\n<", "><").as_bytes()))
}

fn table(rows: &str) -> Vec<u8> {
    document(&format!(
        r#"<table:table table:name="Liste" table:style-name="ta1">{rows}</table:table>"#
    ))
}

fn texts(row: &Row) -> Vec<&str> {
    row.cells.iter().collect()
}

fn only(bytes: &[u8]) -> Part {
    let mut parts = read(bytes).unwrap();
    assert_eq!(parts.len(), 1);
    parts.remove(0)
}

#[test]
fn cells_are_read_as_people_see_them() {
    let part = only(&table(
        r#"<table:table-row>
<table:table-cell office:value-type="string"><text:p>two</text:p><text:p>lines<text:s text:c="2"/>&amp; <text:span>more</text:span></text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="1067"><text:p>01067</text:p></table:table-cell>
<table:table-cell office:value-type="currency" office:value="1234.5"><text:p>1.234,50 €</text:p></table:table-cell>
<table:table-cell office:value-type="percentage" office:value="0.0512"><text:p>5,12 %</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2024-03-15"><text:p>15.03.24</text:p></table:table-cell>
<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell>
<table:table-cell office:value-type="time" office:time-value="PT06H30M00S"><text:p>06:30</text:p></table:table-cell>
<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>
<table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation><text:p>kept</text:p></table:table-cell>
</table:table-row>"#,
    ));
    let row = &part.rows[0];
    let expected = [
        "two\nlines  & more",
        // How numbers are shown, and which texts are errors, the library does not tell.
        "1067",
        "1234.5",
        "0.0512",
        "2024-03-15",
        "TRUE",
        "06:30:00",
        "#REF!",
        "kept",
    ];
    assert_eq!(texts(row), expected);
    let midnight = NaiveDate::from_ymd_opt(2024, 3, 15)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    let typed = [
        (1, Typed::Number("1067".into())),
        (2, Typed::Number("1234.5".into())),
        (3, Typed::Number("0.0512".into())),
        (4, Typed::Date(midnight)),
        (5, Typed::Bool(true)),
    ];
    assert_eq!(row.typed, typed);
}

#[test]
fn repeated_rows_and_cells_keep_the_place() {
    let part = only(&table(
        r#"<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>
<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell>
<table:covered-table-cell table:number-columns-repeated="2"/>
<table:table-cell office:value-type="string"><text:p>y</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>last</text:p></table:table-cell></table:table-row>"#,
    ));
    assert_eq!(
        part.rows.iter().map(|row| row.number).collect::<Vec<_>>(),
        [4, 5, 1_048_006]
    );
    assert_eq!(texts(&part.rows[0]), ["", "", "x", "x", "", "", "y"]);
    assert_eq!(texts(&part.rows[0]), texts(&part.rows[1]));
}

#[test]
fn hidden_and_empty_tables_are_left_out() {
    let filled = r#"<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>"#;
    let bytes = document(&format!(
        r#"<table:table table:name="hidden" table:style-name="ta2">{filled}</table:table>
<table:table table:name="empty"/><table:table table:name="one">{filled}</table:table>
<table:table table:name="two" table:style-name="ta1">{filled}{filled}</table:table>"#
    ));
    let parts = read(&bytes).unwrap();
    assert_eq!(
        parts
            .iter()
            .map(|part| (part.sheet.as_str(), part.rows.len()))
            .collect::<Vec<_>>(),
        [("one", 1), ("two", 2)]
    );
}

#[test]
fn bombs_of_repetition_are_refused() {
    let limits = Limits {
        cells: 1_000_000,
        unpacked_bytes: 1 << 20,
        ..Limits::default()
    };
    let cell = r#"office:value-type="string"><text:p>"#;
    let wide = format!(
        r#"<table:table-row><table:table-cell table:number-columns-repeated="4000000000" {cell}x</text:p></table:table-cell></table:table-row>"#
    );
    let parts = read_with(&table(&wide), &limits).unwrap();
    assert_eq!(parts[0].rows[0].defects[0].code, Code::TooManyFields);
    for (times, text, code) in [
        ("18446744073709551615", "x", Code::TooManyCells),
        ("2000000", "x", Code::TooManyCells),
        ("1048576", "x", Code::TooManyCells),
        ("2000", &"long ".repeat(1000), Code::UnpacksTooLarge),
    ] {
        let tall = format!(
            r#"<table:table-row table:number-rows-repeated="{times}"><table:table-cell {cell}{text}</text:p></table:table-cell></table:table-row>"#
        );
        assert_eq!(refusal(&table(&tall), &limits).code, code, "{times}");
    }
}

#[test]
fn what_is_too_large_to_be_read_whole_is_refused() {
    let rows = "<table:table-row><table:table-cell office:value-type='float' office:value='1'/></table:table-row>";
    let bytes = table(&rows.repeat(200));
    let limits = |dense_bytes| Limits {
        dense_bytes,
        ..Limits::default()
    };
    let whole = bytes.len() as u64;
    assert_eq!(refusal(&bytes, &limits(whole - 1)).code, Code::FileTooLarge);
    assert_eq!(read_with(&bytes, &limits(4 * whole)).unwrap()[0].rows.len(), 200);
    // Two cells in the corners of what is allowed.
    let empty = "<table:table-row table:number-rows-repeated='9000'><table:table-cell/></table:table-row>";
    let corner = rows.replace(
        "<table:table-cell",
        "<table:table-cell table:number-columns-repeated='1000'/><table:table-cell",
    );
    let bytes = table(&[rows, empty, &corner].concat());
    assert_eq!(refusal(&bytes, &Limits::default()).code, Code::TooManyCells);
    let content = table(&format!("<!--{}-->", "x".repeat(1 << 20)));
    assert_eq!(refusal(&content, &limits(60_000)).code, Code::UnpacksTooLarge);
}

#[test]
fn an_encrypted_document_asks_for_its_password() {
    let manifest = br#"<manifest:manifest xmlns:manifest="urn:x"><manifest:file-entry manifest:full-path="content.xml">
<manifest:encryption-data manifest:checksum-type="SHA1/1K"/></manifest:file-entry></manifest:manifest>"#;
    let bytes = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x8f\x12\x00noise"),
    ]);
    assert_eq!(refusal(&bytes, &Limits::default()).code, Code::PasswordProtected);
}

#[test]
fn a_text_document_is_named() {
    let bytes = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<x/>"),
    ]);
    let finding = refusal(&bytes, &Limits::default());
    assert_eq!(
        (finding.code, finding.args),
        (Code::UnknownFormat, vec![("looks_like".into(), "odt".into())])
    );
}
