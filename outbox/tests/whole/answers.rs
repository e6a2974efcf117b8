//! Acknowledgements: whole files as clients find them.

use std::collections::BTreeMap;

use dropcase_cases::model::Mode;
use dropcase_outbox::plan_quarantine;
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
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0][..4], ["Blatt", "Zeile", "Ergebnis", "Aktenzeichen"]);
    // What is true of the list as a whole comes first.
    assert_eq!((rows[1][2].as_str(), rows[1][8].as_str()), ("Datei", "ACTS_AS_UNKNOWN"));
    assert_eq!(rows[3][6], "1234.56");
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

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_withholds_the_good_lines_and_says_so() {
    let house = House::new("de", "policy = \"whole-file\"\nanswers = [\"csv\"]").await;
    let delivery = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    assert_eq!((delivery.accepted, delivery.rejected, delivery.withheld), (0, 2, 8));
    house.deliver().await;
    let (name, bytes) = house.one("outbox/acknowledgements");
    assert_eq!(stable(&name, &delivery), "uebergabe.csv.0-of-10.{id}.ack.csv");
    let shown = text(&bytes);
    assert_eq!(
        shown.lines().filter(|line| line.contains(";zurückgehalten;")).count(),
        8,
        "{shown}"
    );
    let mail = crate::mails::readable(&house.mails()[0]);
    let subject = mail.lines().find(|line| line.starts_with("Subject: ")).unwrap();
    assert_eq!(
        subject,
        "Subject: „uebergabe.csv“: 0 von 10 übernommen, 2 zu berichtigen, 8 zurückgehalten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn quarantine_tells_the_client_and_alerts_the_operator() {
    let house = House::new("en", PLAIN).await;
    let leased = house.claim("list.csv", TEN.as_bytes(), Mode::Import).await;
    let answers = plan_quarantine(&house.client, &house.service.mail, false);
    let actor = leased.delivery.actor_id;
    house
        .store
        .quarantine(&leased, None, &answers, actor, house.now())
        .await
        .unwrap();
    house.deliver().await;
    let (name, bytes) = house.one("outbox/acknowledgements");
    assert_eq!(stable(&name, &leased.delivery), "list.csv.0-of-0.{id}.ack.csv");
    assert_snapshot!(text(&bytes));
    let mails: Vec<String> = house.mails().iter().map(|mail| crate::mails::readable(mail)).collect();
    let subjects: Vec<String> = mails
        .iter()
        .flat_map(|mail| mail.lines().find(|line| line.starts_with("Subject: ")))
        .map(|line| stable(line, &leased.delivery))
        .collect();
    assert_eq!(
        subjects,
        [
            "Subject: “list.csv” could not be processed yet",
            "Subject: Delivery {id} of muster in quarantine"
        ]
    );
    assert!(
        mails[1].contains("To: \"Muster Inkasso\" <service@example.com>"),
        "{}",
        mails[1]
    );
    assert!(!mails[1].contains("list.csv"), "no file name in the alert");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_with_an_address_is_alerted_there() {
    let mail = "transport = \"folder\"\nfolder = \"mails\"\noperator = \"operator@example.com\"\n";
    let house = House::with_mail("de", "", mail).await;
    let leased = house.claim("liste.csv", TEN.as_bytes(), Mode::Import).await;
    let answers = plan_quarantine(&house.client, &house.service.mail, false);
    let actor = leased.delivery.actor_id;
    house
        .store
        .quarantine(&leased, None, &answers, actor, house.now())
        .await
        .unwrap();
    house.deliver().await;
    let mails = house.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("To: operator@example.com\n"), "{}", mails[0]);
    assert!(
        mails[0].contains("From: \"Muster Inkasso\" <service@example.com>\n"),
        "{}",
        mails[0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_client_are_answered_in_their_order() {
    let house = House::new("de", PLAIN).await;
    let mut expected = Vec::new();
    for number in 0..12 {
        let list = TEN.replace("1000", &format!("{number}x"));
        expected.push(
            house
                .drop(&format!("{number}.csv"), list.as_bytes(), Mode::Validate)
                .await
                .code,
        );
    }
    house.deliver().await;
    let mut answered = Vec::new();
    for code in &expected {
        let detail = house.store.delivery_by_code(code).await.unwrap().unwrap();
        let item = detail.outbox.iter().find(|item| item.format == "csv").unwrap();
        answered.push((item.done_at.unwrap(), item.id.0));
    }
    assert!(answered.is_sorted(), "{answered:?}");
    assert_eq!(house.files("outbox/acknowledgements").len(), 12);
    assert_eq!(house.mails().len(), 12);
}
