//! Corrections: what goes back, and that it is accepted once it was corrected, added columns and all.

use std::io::Cursor;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};
use dropcase_cases::model::{Mode, Status};
use insta::assert_snapshot;

use crate::house::{House, PLAIN, TEN, stable, text};

/// The sheets of a workbook as texts.
pub(crate) fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook");
    let show = |cell: &Data| match cell {
        Data::DateTimeIso(text) | Data::String(text) => text.clone(),
        Data::DateTime(at) => at.as_datetime().map(|at| at.date().to_string()).unwrap_or_default(),
        other => other.to_string(),
    };
    book.worksheets()
        .into_iter()
        .map(|(name, range)| (name, range.rows().map(|row| row.iter().map(show).collect()).collect()))
        .collect()
}

/// A member of a packed file as text.
fn member(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a packed file");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).expect("the member"), &mut text).expect("text");
    text
}

/// Puts right what was wrong in [`TEN`].
fn corrected(text: &str) -> String {
    text.replace("31.02.2026", "28.02.2026").replace("achtzig", "80,00")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_that_failed_come_back_as_they_were_and_are_accepted_once_corrected() {
    let house = House::new("de", PLAIN).await;
    let delivery = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    assert_eq!(stable(&name, &delivery), "uebergabe.correction.{id}.csv");
    assert_snapshot!(text(&bytes));

    let back = corrected(&String::from_utf8(bytes).unwrap());
    let second = house.drop(&name, back.as_bytes(), Mode::Import).await;
    assert_eq!(
        (second.status, second.submitted, second.accepted),
        (Some(Status::Accp), 2, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_goes_back_as_a_whole_and_is_accepted_as_a_whole() {
    let house = House::new("de", "policy = \"whole-file\"").await;
    let one_bad = TEN.replace("achtzig", "80,00");
    let first = house.drop("uebergabe.csv", one_bad.as_bytes(), Mode::Import).await;
    assert_eq!(
        (first.status, first.rejected, first.withheld),
        (Some(Status::Rjct), 1, 9)
    );
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    assert_snapshot!(text(&bytes));
    let back = corrected(&String::from_utf8(bytes).unwrap());
    let second = house.drop(&name, back.as_bytes(), Mode::Import).await;
    assert_eq!(
        (second.status, second.submitted, second.accepted),
        (Some(Status::Accp), 10, 10)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_goes_back_as_a_whole_with_nothing_marked_in_good_lines() {
    let house = House::new("da", "policy = \"whole-file\"").await;
    house.drop("liste.xlsx", &workbook(), Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    let notes = member(&bytes, "xl/comments1.xml");
    // Every postcode is odd for Denmark, but only lines 4 and 8 have errors: no other line has a note.
    let marked: Vec<&str> = notes.split("ref=\"").skip(1).map(|rest| &rest[..2]).collect();
    assert_eq!(marked, ["F4", "J4", "F8", "K8"]);
    let (title, rows) = &sheets(&bytes)[0];
    let advice: Vec<bool> = rows
        .iter()
        .skip(1)
        .map(|row| row[0].starts_with("Intet at ændre"))
        .collect();
    assert_eq!(advice, [true, true, false, true, true, true, false, true, true, true]);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(title).unwrap();
    for (row, at) in rows.iter().zip(0u32..) {
        for (cell, column) in row.iter().zip(0u16..) {
            sheet.write_string(at, column, corrected(cell)).unwrap();
        }
    }
    let second = house.drop(&name, &book.save_to_buffer().unwrap(), Mode::Import).await;
    assert_eq!((second.status, second.accepted), (Some(Status::Accp), 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_keeps_separator_encoding_and_sep_line() {
    let house = House::new("de", PLAIN).await;
    let tabs = TEN.replace(';', "\t");
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(tabs.encode_utf16().flat_map(u16::to_le_bytes));
    house.drop("tabs.txt", &utf16, Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    assert!(name.ends_with(".txt"));
    assert!(bytes.starts_with(&[0xff, 0xfe]));
    let units: Vec<u16> = bytes[2..]
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let back = String::from_utf16(&units).unwrap();
    assert!(back.starts_with("Was zu tun ist\tKundennummer\tVorname"), "{back}");
    let mut again = vec![0xff, 0xfe];
    again.extend(corrected(&back).encode_utf16().flat_map(u16::to_le_bytes));
    let second = house.drop(&name, &again, Mode::Import).await;
    assert_eq!((second.status, second.accepted), (Some(Status::Accp), 2));

    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(TEN);
    let latin = [b"sep=;\r\n", latin.as_ref()].concat();
    let house = House::new("de", PLAIN).await;
    house.drop("latin.csv", &latin, Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    assert!(
        bytes.starts_with(b"sep=;\r\nWas zu tun ist;Kundennummer;Vorname;Name;Stra\xdfe;"),
        "{}",
        bytes.escape_ascii()
    );
    let (back, _, _) = encoding_rs::WINDOWS_1252.decode(&bytes);
    let back = corrected(&back);
    let (again, _, _) = encoding_rs::WINDOWS_1252.encode(&back);
    let second = house.drop(&name, &again, Mode::Import).await;
    assert_eq!((second.status, second.accepted), (Some(Status::Accp), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn formulas_are_defused_and_read_back_as_they_were() {
    let house = House::new("de", PLAIN).await;
    let list = "Kundennummer;Name;Rechnungsnummer;Rechnungsdatum;Hauptforderung;Bemerkung\r\n\
                0007;=cmd|' /C calc'!A0;R-1;nie;80,00;@SUM(A1)\r\n";
    house.drop("boese.csv", list.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    assert_snapshot!(text(&bytes));
    let back = String::from_utf8(bytes).unwrap().replace("nie", "01.02.2026");
    let second = house.drop(&name, back.as_bytes(), Mode::Import).await;
    assert_eq!((second.status, second.accepted), (Some(Status::Accp), 1));
    let cases = house
        .store
        .cases(
            &dropcase_cases::queries::CaseFilter::default(),
            dropcase_cases::queries::CasePage { before: None, limit: 5 },
        )
        .await
        .unwrap();
    assert_eq!(cases[0].debtor_name, "=cmd|' /C calc'!A0");
    assert_eq!(cases[0].debtor_number, "0007");
}

/// A workbook with the lines of [`TEN`] as texts, dates and numbers as typed cells.
fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    let sheet = book.add_worksheet();
    sheet.set_name("Mahnliste").unwrap();
    for (line, row) in TEN.lines().zip(0u32..) {
        for (cell, column) in line.split(';').zip(0u16..) {
            let day = chrono::NaiveDate::parse_from_str(cell, "%d.%m.%Y");
            let amount = cell.replace('.', "").replace(',', ".").parse::<f64>();
            match (column, day, amount) {
                (7 | 8, Ok(day), _) => sheet.write_date_with_format(row, column, day, &date).unwrap(),
                (9, _, Ok(amount)) => sheet.write_number(row, column, amount).unwrap(),
                _ => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_comes_back_coloured_and_is_accepted_once_corrected() {
    let house = House::new("de", PLAIN).await;
    let delivery = house.drop("uebergabe.xlsx", &workbook(), Mode::Import).await;
    assert_eq!((delivery.accepted, delivery.submitted), (8, 10));
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    assert_eq!(stable(&name, &delivery), "uebergabe.correction.{id}.xlsx");
    let found = sheets(&bytes);
    insta::assert_debug_snapshot!(found);
    let notes = member(&bytes, "xl/comments1.xml");
    assert!(
        notes.contains("„31.02.2026“ ist kein Datum") && notes.contains("ref=\"J2\""),
        "{notes}"
    );
    assert!(
        member(&bytes, "xl/styles.xml").contains("FFFFC7CE"),
        "bad cells are coloured"
    );

    let (title, rows) = &found[0];
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(title).unwrap();
    for (row, at) in rows.iter().zip(0u32..) {
        for (cell, column) in row.iter().zip(0u16..) {
            sheet.write_string(at, column, corrected(cell)).unwrap();
        }
    }
    let second = house.drop(&name, &book.save_to_buffer().unwrap(), Mode::Import).await;
    assert_eq!(
        (second.status, second.submitted, second.accepted),
        (Some(Status::Accp), 2, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn xml_comes_back_as_xml_and_is_accepted_once_corrected() {
    let house = House::new("en", PLAIN).await;
    let record = |number: u32, date: &str| {
        format!(
            "<record type=\"new_claim\"><debtor_number>{number}</debtor_number><last_name>Mustermann</last_name>\
             <email>a@example.com</email><email>b@example.org</email><invoice_number>R&amp;{number}</invoice_number>\
             <invoice_date>{date}</invoice_date><principal_amount>80.00</principal_amount></record>"
        )
    };
    let list = format!(
        "<?xml version=\"1.0\"?><handover version=\"1\">{}{}</handover>",
        record(1, "2026-02-01"),
        record(2, "2026-02-31")
    );
    let delivery = house.drop("list.xml", list.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/corrections");
    assert_eq!(stable(&name, &delivery), "list.correction.{id}.xml");
    assert_snapshot!(text(&bytes));
    let back = String::from_utf8(bytes).unwrap().replace("2026-02-31", "2026-02-28");
    let second = house.drop(&name, back.as_bytes(), Mode::Import).await;
    assert_eq!((second.status, second.accepted), (Some(Status::Accp), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn key_value_records_come_back_and_are_accepted_once_corrected() {
    for separator in ["&", ";", "\n"] {
        let house = House::new("de", PLAIN).await;
        let record = |number: u32, date: &str| {
            [
                &format!("Kundennummer={number}"),
                "Name=Mustermann",
                &format!("Rechnungsnummer=R-{number}"),
                &format!("Rechnungsdatum={date}"),
                "Hauptforderung=80,00",
            ]
            .join(separator)
        };
        let between = if separator == "\n" { "\n\n" } else { "\n" };
        let list = [
            record(1, "01.02.2026"),
            record(2, "31.02.2026"),
            record(3, "03.02.2026"),
        ]
        .join(between);
        let delivery = house.drop("liste.txt", list.as_bytes(), Mode::Import).await;
        assert_eq!((delivery.accepted, delivery.submitted), (2, 3), "{separator:?}");
        house.deliver().await;
        let (name, bytes) = house.one("outbox/corrections");
        let back = String::from_utf8(bytes).unwrap();
        assert!(
            back.starts_with("Was zu tun ist=") && back.contains("Kundennummer=2"),
            "{back}"
        );
        let second = house
            .drop(
                &name,
                back.replace("Rechnungsdatum=31.02.2026", "Rechnungsdatum=28.02.2026")
                    .as_bytes(),
                Mode::Import,
            )
            .await;
        assert_eq!((second.status, second.accepted), (Some(Status::Accp), 1), "{back}");
    }
}
