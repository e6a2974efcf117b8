//! Workbooks made here, read back as rows.

mod workbook_support;

use chrono::NaiveDate;
use dropcase_parsers::finding::Code;
use dropcase_parsers::formats::{Typed, Unreadable, workbook};
use dropcase_parsers::limits::Limits;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use workbook_support::{file_of, package, read, read_with, refusal, xlsx_members};

#[test]
fn an_xlsx_is_read_as_people_see_it() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Übergabe").unwrap();
    sheet
        .write_row(
            0,
            0,
            ["Kundennummer", "PLZ", "Datum", "Betrag", "Zinssatz", "bestritten"],
        )
        .unwrap();
    sheet.write_string(2, 0, "00017\nzweite Zeile").unwrap();
    sheet
        .write_number_with_format(2, 1, 1067.0, &Format::new().set_num_format("00000"))
        .unwrap();
    let date = ExcelDateTime::from_ymd(2024, 3, 15).unwrap();
    sheet
        .write_datetime_with_format(2, 2, &date, &Format::new().set_num_format("dd.mm.yyyy"))
        .unwrap();
    sheet.write_number(2, 3, 0.1 + 0.2).unwrap();
    sheet
        .write_number_with_format(2, 4, 0.0512, &Format::new().set_num_format("0.00%"))
        .unwrap();
    sheet.write_boolean(2, 5, true).unwrap();
    sheet.write_formula(3, 3, Formula::new("=1+1").set_result("2")).unwrap();
    sheet
        .write_formula(3, 4, Formula::new("=#REF!+1").set_result("#REF!"))
        .unwrap();
    let parts = read(&book.save_to_buffer().unwrap()).unwrap();

    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].sheet, "Übergabe");
    let rows = &parts[0].rows;
    assert_eq!(
        rows.iter().map(|row| row.number).collect::<Vec<_>>(),
        [1, 3, 4],
        "rows as the spreadsheet numbers them"
    );
    let texts: Vec<_> = rows[1].cells.iter().collect();
    assert_eq!(
        texts,
        ["00017\nzweite Zeile", "01067", "2024-03-15", "0.3", "5.12%", "TRUE"]
    );
    let midnight = NaiveDate::from_ymd_opt(2024, 3, 15)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    let number = |text: &str| Typed::Number(text.into());
    let expected = [
        (2, Typed::Date(midnight)),
        (3, number("0.3")),
        (4, number("5.12")),
        (5, Typed::Bool(true)),
    ];
    assert_eq!(rows[1].typed, expected);
    assert_eq!(rows[2].cells.iter().collect::<Vec<_>>(), ["", "", "", "2", "#REF!"]);
    assert_eq!(rows[2].typed, [(3, number("2")), (4, Typed::Error("#REF!".into()))]);
}

#[test]
fn dates_count_from_the_workbook_s_own_first_day() {
    let styles = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts><cellXfs>
<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="27"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    let sheet =
        br#"<worksheet><sheetData><row><c s="1"><v>43904</v></c><c s="2"><v>0.25</v></c><c s="3"><v>43904.5</v></c>
<c s="4"><v>1.5</v></c><c t="d"><v>2024-03-15T08:30:00Z</v></c><c s="9"><v>7</v></c></row></sheetData></worksheet>"#;
    let mut members = xlsx_members(sheet, b"<sst/>");
    members.push(("xl/styles.xml", styles));
    let texts = |members: &[(&str, &[u8])]| {
        let parts = read(&package(members)).unwrap();
        parts[0].rows[0].cells.iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let rest = ["36:00:00", "2024-03-15 08:30:00", "7"];
    let from_1900 = ["2020-03-14", "06:00:00", "2020-03-14 12:00:00"];
    assert_eq!(texts(&members), [from_1900, rest].concat());
    members[1].1 =
        br#"<workbook xmlns:r="x"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#;
    let from_1904 = ["2024-03-15", "06:00:00", "2024-03-15 12:00:00"];
    assert_eq!(texts(&members), [from_1904, rest].concat());
}

#[test]
fn hidden_and_empty_sheets_are_left_out() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("leer").unwrap();
    book.add_worksheet()
        .set_name("Liste")
        .unwrap()
        .write_string(0, 0, "a")
        .unwrap();
    book.add_worksheet()
        .set_name("Auswahl")
        .unwrap()
        .set_hidden(true)
        .write_string(0, 0, "b")
        .unwrap();
    book.add_worksheet()
        .set_name("sehr")
        .unwrap()
        .set_very_hidden(true)
        .write_string(0, 0, "c")
        .unwrap();
    book.add_worksheet()
        .set_name("Zweite")
        .unwrap()
        .write_string(4, 1, "d")
        .unwrap();
    let parts = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(
        parts.iter().map(|part| part.sheet.as_str()).collect::<Vec<_>>(),
        ["Liste", "Zweite"]
    );
    assert_eq!(parts[1].rows[0].number, 5);
}

#[test]
fn a_workbook_without_text_is_empty() {
    let mut book = Workbook::new();
    book.add_worksheet();
    assert_eq!(
        refusal(&book.save_to_buffer().unwrap(), &Limits::default()).code,
        Code::EmptyFile
    );
}

#[test]
fn limits_of_rows_become_defects() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "ä".repeat(100)).unwrap();
    sheet.write_string(1, 3, "far").unwrap();
    sheet.write_string(2, 0, "good").unwrap();
    let limits = Limits {
        field_bytes: 101,
        columns: 3,
        ..Limits::default()
    };
    let parts = read_with(&book.save_to_buffer().unwrap(), &limits).unwrap();
    let rows = &parts[0].rows;
    assert_eq!(
        rows[0].cells.get(0),
        Some("ä".repeat(50).as_str()),
        "cut between letters"
    );
    assert_eq!(rows[0].defects[0].code, Code::FieldTooLong);
    assert_eq!(rows[1].defects[0].code, Code::TooManyFields);
    assert!(rows[2].defects.is_empty());
}

#[test]
fn too_many_cells_are_refused_while_reading() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..10 {
        sheet.write_row(row, 0, [1, 2, 3]).unwrap();
    }
    let limits = Limits {
        cells: 20,
        ..Limits::default()
    };
    let bytes = book.save_to_buffer().unwrap();
    let mut source = workbook::open(file_of(&bytes), &limits).unwrap();
    let mut seen = 0;
    let result = source.rows(0, &mut |_| {
        seen += 1;
        Ok(std::ops::ControlFlow::Continue(()))
    });
    match result {
        Err(Unreadable::Finding(finding)) => assert_eq!(finding.code, Code::TooManyCells),
        other => panic!("{other:?}"),
    }
    assert!(seen >= 6, "rows before the limit were handed out");
}
