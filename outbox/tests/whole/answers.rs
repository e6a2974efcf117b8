//! Acknowledgements: whole files as clients find them.

use std::collections::BTreeMap;

use dropcase_cases::model::Mode;
use insta::assert_snapshot;

use crate::house::{House, PLAIN, TEN, stable, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_answered_line_by_line() {
    let house = House::new("de", PLAIN).await;
    let delivery = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/acknowledgements");
    assert_eq!(stable(&name, &delivery), "uebergabe.csv.8-of-10.{id}.ack.csv");
    assert_snapshot!(text(&bytes));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_speaks_english_and_danish() {
    for locale in ["en", "da"] {
        let house = House::new(locale, PLAIN).await;
        house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
        house.deliver().await;
        assert_snapshot!(
            format!("answer_{locale}"),
            text(&house.one("outbox/acknowledgements").1)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_get_json_and_xml() {
    let house = House::new("en", "answers = [\"json\", \"xml\"]\nreceipts = true").await;
    let delivery = house.drop("list.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let found = house.files("outbox/acknowledgements").into_iter();
    let files: BTreeMap<String, Vec<u8>> = found.map(|(name, bytes)| (stable(&name, &delivery), bytes)).collect();
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "list.csv.8-of-10.{id}.ack.json",
            "list.csv.8-of-10.{id}.ack.xml",
            "list.csv.{id}.received.json"
        ]
    );
    let shown: Vec<String> = files.values().map(|bytes| stable(&text(bytes), &delivery)).collect();
    assert_snapshot!("answer_json", shown[0]);
    assert_snapshot!("answer_xml", shown[1]);
    assert_snapshot!("receipt", shown[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_answered_with_a_workbook() {
    let house = House::new("de", "answers = [\"xlsx\"]").await;
    house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/acknowledgements");
    assert!(name.ends_with(".ack.xlsx"));
    let rows = crate::corrections::sheets(&bytes);
    assert_eq!(rows.len(), 1);
    let (title, rows) = &rows[0];
    assert_eq!(title, "Ergebnis");
    assert_eq!(rows.len(), 11);
    assert_eq!(rows[0][..4], ["Blatt", "Zeile", "Ergebnis", "Aktenzeichen"]);
    assert_eq!(rows[2][6], "1234.56");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_so_and_imports_nothing() {
    let house = House::new("de", PLAIN).await;
    let delivery = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Validate).await;
    house.deliver().await;
    let (name, bytes) = house.one("outbox/acknowledgements");
    assert_eq!(
        stable(&name, &delivery),
        "uebergabe.csv.VALIDATION.8-of-10.{id}.ack.csv"
    );
    assert_snapshot!(text(&bytes));
    let (name, _) = house.one("outbox/corrections");
    assert_eq!(stable(&name, &delivery), "uebergabe.VALIDATION.correction.{id}.csv");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_gets_the_first_result() {
    let house = House::new("de", "answers = [\"csv\", \"json\"]").await;
    let first = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    let again = house.drop("nochmal.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let mut files = house.files("outbox/acknowledgements");
    files.retain(|name, _| name.starts_with("nochmal"));
    let show = |text: &str| stable(text, &again).replace(&first.code, "{first}");
    let names: Vec<String> = files.keys().map(|name| show(name)).collect();
    assert_eq!(
        names,
        ["nochmal.csv.0-of-10.{id}.ack.csv", "nochmal.csv.0-of-10.{id}.ack.json"]
    );
    let shown: Vec<String> = files.values().map(|bytes| show(&text(bytes))).collect();
    assert_snapshot!("duplicate_csv", shown[0]);
    assert!(shown[1].contains("\"status\": \"DUPL\"") && shown[1].contains("\"first_delivery\": \"{first}\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_files_get_clear_answers() {
    let house = House::new("de", PLAIN).await;
    let mut shown = String::new();
    for (name, bytes) in [
        ("leer.csv", b"".as_slice()),
        ("bild.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
        (
            "kopf.csv",
            b"Kundennummer;Name;Rechnungsnummer;Rechnungsdatum;Hauptforderung\r\n",
        ),
        (
            "fehlt.csv",
            b"Kundennummer;Name;Rechnungsnummer;Rechnungsdatum\r\n1;Muster;R1;01.02.2026\r\n",
        ),
    ] {
        let delivery = house.drop(name, bytes, Mode::Import).await;
        house.deliver().await;
        for (file, answer) in house.files("outbox/acknowledgements") {
            if file.contains(&delivery.code) {
                shown.push_str(&format!("{}\n{}\n", stable(&file, &delivery), text(&answer)));
            }
        }
    }
    assert_snapshot!(shown);
    assert!(house.files("outbox/corrections").is_empty());
}
