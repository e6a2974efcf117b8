//! Packages that mean harm, made by hand.

mod workbook_support;

use std::io::{Cursor, Write};

use dropcase_parsers::finding::Code;
use dropcase_parsers::limits::Limits;
use workbook_support::{package, read, read_with, refusal, xlsx, xlsx_members};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn check(bytes: &[u8], limits: &Limits, code: Code) {
    assert_eq!(refusal(bytes, limits).code, code);
}

#[test]
fn a_package_that_unpacks_to_gigabytes_is_refused_at_its_directory() {
    let sheet = vec![b' '; 40 << 20];
    let bytes = package(&xlsx_members(&sheet, b""));
    assert!(bytes.len() < 100 << 10);
    check(&bytes, &Limits::default(), Code::UnpacksTooLarge);
    // Without the ratio the sum of the sizes decides.
    let noise: Vec<u8> = (0..2_000_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        ..Limits::default()
    };
    check(&package(&xlsx_members(&noise, b"")), &limits, Code::UnpacksTooLarge);
}

#[test]
fn a_member_that_is_larger_than_it_says_is_refused_while_reading() {
    let rows = "<row r='1'><c r='A1' t='str'><v>x</v></c></row>".repeat(50_000);
    let mut bytes = xlsx(&rows, "<sst/>");
    let real = u32::try_from("<worksheet><sheetData></sheetData></worksheet>".len() + rows.len())
        .unwrap()
        .to_le_bytes();
    let lie = 1000_u32.to_le_bytes();
    let mut lies = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == real {
            bytes[at..at + 4].copy_from_slice(&lie);
            lies += 1;
        }
    }
    assert!(lies > 0, "the size stands in the package");
    check(&bytes, &Limits::default(), Code::CorruptFile);
}

#[test]
fn members_that_share_their_bytes_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in xlsx_members(b"<worksheet><sheetData/></worksheet>", b"<sst/>") {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.shallow_copy_file("xl/workbook.xml", "xl/again.xml").unwrap();
    check(
        &zip.finish().unwrap().into_inner(),
        &Limits::default(),
        Code::UnpacksTooLarge,
    );
}

#[test]
fn too_many_members_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_001 {
        zip.start_file(number.to_string(), SimpleFileOptions::default())
            .unwrap();
    }
    check(
        &zip.finish().unwrap().into_inner(),
        &Limits::default(),
        Code::UnpacksTooLarge,
    );
}

#[test]
fn what_a_file_claims_costs_nothing() {
    let strings = |claim: &str| format!("<sst {claim} count='99999999999'><si><t>kept</t></si></sst>");
    let sheet = "<worksheet><dimension ref='A1:XFD1048576'/><sheetData><row r='7'><c r='C7' t='s'><v>0</v></c></row>\
                 </sheetData></worksheet>";
    let book = |strings: &str| package(&xlsx_members(sheet.as_bytes(), strings.as_bytes()));
    let parts = read(&book(&strings("uniqueCount='1000'"))).unwrap();
    assert_eq!(parts[0].rows[0].cells.iter().collect::<Vec<_>>(), ["", "", "kept"]);
    // The library makes room for so many strings.
    for claim in ["99999999999", "18446744073709551615", "20000000"] {
        let strings = strings(&format!("uniqueCount='{claim}'"));
        check(&book(&strings), &Limits::default(), Code::UnpacksTooLarge);
    }
}

#[test]
fn cells_that_are_nowhere_and_sheets_of_one_name_are_corrupt() {
    for place in ["A1048577", "XFE1", "A0", "1A"] {
        let bytes = xlsx(&format!("<row><c r='{place}'><v>1</v></c></row>"), "<sst/>");
        check(&bytes, &Limits::default(), Code::CorruptFile);
    }
    let mut members = xlsx_members(
        b"<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>",
        b"<sst/>",
    );
    members[1].1 =
        br#"<workbook xmlns:r="x"><sheets><sheet name="S" r:id="r1"/><sheet name="S" r:id="r1"/></sheets></workbook>"#;
    check(&package(&members), &Limits::default(), Code::CorruptFile);
}

#[test]
fn styles_that_repeat_what_is_long_are_refused() {
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId='200' formatCode='{}'/></numFmts><cellXfs>{}</cellXfs></styleSheet>",
        "0".repeat(100_000),
        "<xf numFmtId='200'/>".repeat(10_000)
    );
    let sheet = b"<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>";
    let mut members = xlsx_members(sheet, b"<sst/>");
    members.push(("xl/styles.xml", styles.as_bytes()));
    check(&package(&members), &Limits::default(), Code::UnpacksTooLarge);
}

#[test]
fn shared_strings_cannot_say_more_than_may_be_unpacked() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(60_000));
    let rows: String = (1..100)
        .map(|row| format!("<row r='{row}'><c t='s'><v>0</v></c></row>"))
        .collect();
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        ..Limits::default()
    };
    check(&xlsx(&rows, &strings), &limits, Code::UnpacksTooLarge);
}

#[test]
fn entities_and_nesting_are_refused() {
    let bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><worksheet><sheetData/></worksheet>";
    check(
        &package(&xlsx_members(bomb, b"<sst/>")),
        &Limits::default(),
        Code::XmlForbidden,
    );
    let deep = "<a>".repeat(10_000);
    check(
        &package(&xlsx_members(deep.as_bytes(), b"<sst/>")),
        &Limits::default(),
        Code::XmlTooDeep,
    );
}

#[test]
fn a_cell_of_ten_megabytes_is_cut_and_found() {
    let rows = format!(
        "<row r='1'><c t='str'><v>{}</v></c><c t='str'><v>next</v></c></row>",
        "x".repeat(10 << 20)
    );
    // Hardly compressible letters, so that the ratio is not what stops it.
    let rows = rows.replace("xxxxxxxx", "xyzabcde");
    let limits = Limits {
        unpacked_bytes: 1 << 30,
        ..Limits::default()
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    for (name, bytes) in xlsx_members(sheet.as_bytes(), b"<sst/>") {
        zip.start_file(
            name,
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored),
        )
        .unwrap();
        zip.write_all(bytes).unwrap();
    }
    let parts = read_with(&zip.finish().unwrap().into_inner(), &limits).unwrap();
    let row = &parts[0].rows[0];
    assert_eq!(row.cells.get(0).map(str::len), Some(limits.field_bytes));
    assert_eq!(row.cells.get(1), Some("next"));
    assert_eq!(row.defects[0].code, Code::FieldTooLong);
}

#[test]
fn rows_without_cells_cost_nothing() {
    let rows = "<row spans='1:30' s='1' customFormat='1' ht='15.75' customHeight='1'/>".repeat(200_000);
    let strings = "<sst/>";
    let sheet = format!("<worksheet><sheetData>{rows}<row><c><v>1</v></c></row></sheetData></worksheet>");
    let members = xlsx_members(sheet.as_bytes(), strings.as_bytes());
    let parts = read(&package(&members)).unwrap();
    assert_eq!(parts[0].rows[0].number, 200_001);
}

#[test]
fn an_error_that_is_not_known_is_named() {
    let finding = refusal(
        &xlsx("<row><c t='e'><v>#SPILL!</v></c></row>", "<sst/>"),
        &Limits::default(),
    );
    assert_eq!(
        (finding.code, finding.value.as_deref()),
        (Code::CellError, Some("#SPILL!"))
    );
}

#[test]
fn damaged_packages_are_corrupt() {
    let limits = Limits::default();
    let whole = xlsx("<row r='1'><c t='str'><v>x</v></c></row>", "<sst/>");
    check(&whole[..whole.len() / 2], &limits, Code::CorruptFile);
    check(b"PK\x03\x04", &limits, Code::CorruptFile);
    check(
        &xlsx("<row r='1'><c t='s'><v>5</v></c></row>", "<sst/>"),
        &limits,
        Code::CorruptFile,
    );
    check(&xlsx("<row><c></row>", "<sst/>"), &limits, Code::CorruptFile);
    let mut flipped = xlsx(&"<row><c t='str'><v>x</v></c></row>".repeat(1000), "<sst/>");
    let at = flipped.windows(10).position(|window| window == b"sheet1.xml").unwrap();
    flipped[at + 40] ^= 0x55;
    check(&flipped, &limits, Code::CorruptFile);
}

#[test]
fn other_packages_and_files_are_named() {
    let limits = Limits::default();
    let word = br#"<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>"#;
    for (bytes, looks_like) in [
        (package(&[("a.csv", b"a;b")]), "zip"),
        (package(&[("_rels/.rels", word)]), "docx"),
        (b"%PDF-1.7".to_vec(), "file"),
        (Vec::new(), "file"),
    ] {
        let finding = refusal(&bytes, &limits);
        assert_eq!(
            (finding.code, finding.args),
            (Code::UnknownFormat, vec![("looks_like".into(), looks_like.into())])
        );
    }
}
