//! Lists in workbooks and XML, from bytes to records: typed cells, several sheets.

use super::support::{job, parse_bytes, parse_with, show};
use dropcase_parsers::fields::Field;
use dropcase_parsers::job::{Job, NumberFormat};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

const HEADERS: [&str; 7] = [
    "Kundennr",
    "Name",
    "PLZ",
    "Ort",
    "Rechnungsnr",
    "Rechnungsdatum",
    "Hauptforderung",
];

fn book(rows: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let notes = book.add_worksheet().set_name("Hinweise").expect("a name");
    notes.write(0, 0, "Bitte jede Zeile ausfüllen").expect("written");
    let sheet = book.add_worksheet().set_name("Liste").expect("a name");
    for (column, header) in HEADERS.iter().enumerate() {
        sheet.write(0, column as u16, *header).expect("written");
    }
    rows(sheet);
    book.save_to_buffer().expect("saved")
}

#[test]
fn a_workbook_becomes_records() {
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let bytes = book(|sheet| {
        let date = ExcelDateTime::from_ymd(2026, 4, 3).expect("a date");
        sheet.write(1, 0, 10_001).expect("written");
        sheet.write(1, 1, "Muster GmbH").expect("written");
        sheet.write(1, 2, 1067).expect("written");
        sheet.write(1, 3, "Dresden").expect("written");
        sheet.write(1, 4, "0815").expect("written");
        sheet.write_with_format(1, 5, &date, &day).expect("written");
        sheet.write(1, 6, 1234.5600000000002).expect("written");
        sheet.write(2, 0, 123_456_789_012_345_678_u64 as f64).expect("written");
        sheet.write(2, 1, "Muster GmbH").expect("written");
        sheet.write(2, 4, "0816").expect("written");
        sheet.write(2, 5, "03.04.2026").expect("written");
        sheet.write(2, 6, 12.345).expect("written");
        // The number 46115 without a date's format is no date.
        sheet.write(3, 0, "3").expect("written");
        sheet.write(3, 1, "Muster GmbH").expect("written");
        sheet.write_with_format(3, 4, &date, &day).expect("written");
        sheet.write(3, 5, 46_115).expect("written");
        sheet.write(3, 6, "1.234,50 €").expect("written");
    });
    // A typed cell goes before what the client says of texts.
    let job = Job {
        number_format: Some(NumberFormat::DecimalComma),
        ..job()
    };
    let parsed = parse_with(&bytes, &job);
    assert_eq!(parsed.codes(), ["NO_HEADER"], "the sheet of notes is passed over");
    assert!(!parsed.summary.file_rejected);
    assert_eq!(
        (parsed.summary.records, parsed.summary.rejected, parsed.summary.parts),
        (3, 2, 2)
    );
    let record = &parsed.records[0];
    assert_eq!(
        (record.position.part, record.position.sequence, record.position.row),
        (1, 1, 2)
    );
    let fields = [
        Field::DebtorNumber,
        Field::PostalCode,
        Field::InvoiceNumber,
        Field::InvoiceDate,
        Field::PrincipalAmount,
    ];
    let values: Vec<_> = fields.iter().map(|field| show(record, *field)).collect();
    assert_eq!(values, ["10001", "01067", "0815", "2026-04-03", "123456"]);
    assert_eq!(parsed.errors(1), ["NUMBER_DAMAGED", "AMOUNT_PRECISION"]);
    assert_eq!(parsed.errors(2), ["NUMBER_DAMAGED", "DATE_UNREADABLE"]);
    assert_eq!(show(&parsed.records[2], Field::PrincipalAmount), "123450");
}

#[test]
fn a_workbook_without_a_list_is_rejected() {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "nur Text").expect("written");
    let parsed = parse_bytes(&book.save_to_buffer().expect("saved"));
    assert_eq!(parsed.codes(), ["NO_HEADER"]);
    assert!(parsed.summary.file_rejected);
}

#[test]
fn a_document_becomes_records() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<handover version=\"1\">\n\
        <record type=\"new_claim\"><debtor_number>10017</debtor_number><company_name>Muster GmbH</company_name>\
        <invoice_number>R1</invoice_number><invoice_date>2026-04-03</invoice_date>\
        <principal_amount>1.230</principal_amount><email>a@example.org</email><email>b@example.org</email></record>\n\
        <record type=\"direct_payment\"><debtor_number>10017</debtor_number><amount>5.00</amount>\
        <value_date>2026-05-04</value_date></record>\n</handover>\n";
    let parsed = parse_bytes(xml.as_bytes());
    assert_eq!(parsed.codes(), Vec::<&str>::new(), "{:?}", parsed.findings);
    assert_eq!((parsed.summary.records, parsed.summary.rejected), (2, 0));
    let fields = [
        Field::RecordType,
        Field::InvoiceDate,
        Field::PrincipalAmount,
        Field::Email,
    ];
    let values: Vec<_> = fields.iter().map(|field| show(&parsed.records[0], *field)).collect();
    assert_eq!(
        values,
        ["new_claim", "2026-04-03", "123", "a@example.org|b@example.org"]
    );
    assert_eq!(show(&parsed.records[1], Field::Amount), "500");
}
