//! Requests by file: what comes back, in each format, and that it is the client's own alone.

use dropcase_cases::model::{Delivery, Mode, Status};
use dropcase_outbox::reports::{CASE_SCHEMA, CASE_XSD, CASES_SCHEMA, CASES_XSD};
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Value;
use insta::assert_snapshot;

use crate::house::{House, PLAIN, TEN, stable, text};
use crate::schemas::{faults, keeps};

/// A house with eight cases.
async fn house(locale: &str) -> House {
    let house = House::new(locale, PLAIN).await;
    house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    house.later(chrono::TimeDelta::hours(1));
    house
}

/// Drops a list of requests and lets the answers come.
async fn ask(house: &House, list: &str) -> Delivery {
    let delivery = house.drop("anfrage.csv", list.as_bytes(), Mode::Import).await;
    assert_eq!(
        delivery.status,
        Some(Status::Accp),
        "{:?}",
        house.codes(&delivery).await
    );
    house.deliver().await;
    delivery
}

/// The answers by name, without the delivery's code.
fn answers(house: &House, delivery: &Delivery) -> Vec<(String, Vec<u8>)> {
    let files = house.files("outbox/reports").into_iter();
    files
        .filter(|(name, _)| name.contains(&delivery.code))
        .map(|(name, bytes)| (stable(&name, delivery), bytes))
        .collect()
}

/// The XML keeps its schema, and would not with another word in it.
fn is_valid(schema: &str, xml: &[u8]) {
    let Some((fine, said)) = keeps(schema, xml) else { return };
    assert!(fine, "{said}");
    let spoiled = text(xml).replacen("</cases>", "<odd/></cases>", 1);
    assert!(keeps(schema, spoiled.as_bytes()).is_some_and(|(fine, _)| !fine));
}

fn names(answers: &[(String, Vec<u8>)]) -> Vec<&str> {
    answers.iter().map(|(name, _)| name.as_str()).collect()
}

/// A case on which something happened: payment, letter, internal note, message, reply, cost.
async fn worked(house: &House) -> String {
    let number = house.case_numbers().await.remove(0);
    let list = format!(
        "Satzart;Aktennummer;Rechnungsnummer;Betrag;Zahlungsdatum;Zahlungsnummer;Nachricht\n\
         direct_payment;{number};R-1;20,50;01.03.2026;Z-1;\n\
         message;{number};;;;;Bitte <b>eilig</b>.\n"
    );
    let delivery = house.drop("zahlung.csv", list.as_bytes(), Mode::Import).await;
    assert_eq!(
        delivery.status,
        Some(Status::Accp),
        "{:?}",
        house.codes(&delivery).await
    );
    let words = |text: &str| Value::Text(text.to_owned());
    let say = async |kind: &str, fields: &[(Field, Value)]| {
        let mut all = vec![(Field::CaseNumber, words(&number))];
        all.extend_from_slice(fields);
        let ordered = house.office(kind, &all).await;
        assert!(ordered.done, "{kind}: {:?}", ordered.findings);
    };
    say("handler_change", &[(Field::Handler, words("Frau Beispiel"))]).await;
    let letter = [
        (Field::EntryKind, words("letter")),
        (Field::Text, words("Erste Mahnung.")),
        (Field::Visibility, words("client")),
    ];
    say("history_entry", &letter).await;
    say("history_entry", &[(Field::Text, words("GEHEIM 1"))]).await;
    let cost = [
        (Field::Amount, Value::Money(1_250)),
        (Field::Reason, words("GEHEIM 2")),
        (Field::PaymentNumber, words("GEHEIM-3")),
    ];
    say("cost", &cost).await;
    let paid = [
        (Field::Amount, Value::Money(1_000)),
        (Field::ValueDate, Value::Date(house.now().date_naive())),
        (Field::PaymentNumber, words("GEHEIM-4")),
    ];
    say("agency_payment", &paid).await;
    say("status_change", &[(Field::Stage, words("judicial_dunning"))]).await;
    say("reply", &[(Field::Text, words("Sind dabei."))]).await;
    house.deliver().await;
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_search_finds_all_open_cases() {
    for locale in ["de", "en", "da"] {
        let house = house(locale).await;
        let delivery = ask(&house, "record_type;request_kind\nrequest;\nrequest;cases\n").await;
        let answers = answers(&house, &delivery);
        assert_eq!(
            names(&answers),
            ["cases.7-found.{id}-1.csv", "cases.7-found.{id}-2.csv"]
        );
        assert_eq!(answers[0].1, answers[1].1);
        assert_snapshot!(format!("request_cases_{locale}"), text(&answers[0].1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_fits() {
    let house = house("de").await;
    let number = house.case_numbers().await.remove(0);
    let list = format!(
        "Satzart;Anfrageart;Aktennummer;Eigenes Zeichen;Gesuchter Name;Land des Schuldners;Status;Angelegt ab;Angelegt bis;Format\n\
         Anfrage;Akten;;;Beispiel;;offen;;;csv\n\
         Anfrage;Akten;;10001;;;;;;csv\n\
         Anfrage;Akten;{number};;;;alle;;;csv\n\
         Anfrage;Akten;;;;Dänemark;alle;;;csv\n\
         Anfrage;Akten;;;;DE;alle;24.11.2026;24.11.2026;csv\n\
         Anfrage;Akten;;;;;alle;25.11.2026;;csv\n\
         Anfrage;Akten;;;;;gerichtlich;;;csv\n\
         Anfrage;Akten;;;;;geschlossen;;;csv\n\
         Anfrage;Akten;;;Niemand;;;;;csv\n"
    );
    let delivery = ask(&house, &list).await;
    let expected = [5, 1, 1, 0, 7, 0, 0, 0, 0];
    let mut expected: Vec<String> = (1..)
        .zip(expected)
        .map(|(row, found)| format!("cases.{found}-found.{{id}}-{row}.csv"))
        .collect();
    expected.sort();
    assert_eq!(names(&answers(&house, &delivery)), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_in_each_format() {
    let house = house("en").await;
    let formats = ["csv", "xlsx", "xml", "json", "html"];
    let lines: Vec<String> = formats
        .iter()
        .map(|format| format!("request,cases,all,{format}\n"))
        .collect();
    let list = format!("record_type,request_kind,status,format\n{}", lines.concat());
    let delivery = ask(&house, &list).await;
    let answers = answers(&house, &delivery);
    assert_eq!(
        names(&answers),
        [
            "cases.7-found.{id}-1.csv",
            "cases.7-found.{id}-2.xlsx",
            "cases.7-found.{id}-3.xml",
            "cases.7-found.{id}-4.json",
            "cases.7-found.{id}-5.html",
        ]
    );
    assert!(answers[1].1.starts_with(b"PK"));
    assert_snapshot!(
        "request_cases_xml",
        text(&answers[2].1).lines().take(26).collect::<Vec<_>>().join("\n")
    );
    is_valid(CASES_XSD, &answers[2].1);
    let json: serde_json::Value = serde_json::from_slice(&answers[3].1).unwrap();
    assert_eq!(faults(CASES_SCHEMA, &json), [""; 0]);
    assert_eq!(json["found"], 7);
    assert_snapshot!(
        "request_cases_json",
        text(&answers[3].1).lines().take(8).collect::<Vec<_>>().join("\n")
    );
    let html = text(&answers[4].1);
    assert!(
        html.starts_with("<!DOCTYPE html>") && html.matches("<tr>").count() == 9,
        "{html}"
    );
    for remote in ["http:", "https:", "src=", "@import", "<script"] {
        assert!(!html.contains(remote), "{remote}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_case_in_full_shows_what_its_client_may_see() {
    for locale in ["de", "en", "da"] {
        let house = house(locale).await;
        let number = worked(&house).await;
        let lines = ["csv", "xlsx", "xml", "json", "html"].map(|format| format!("request;case;{number};{format}\n"));
        let list = format!("record_type;request_kind;case_number;format\n{}", lines.concat());
        let delivery = ask(&house, &list).await;
        let answers = answers(&house, &delivery);
        assert_eq!(
            names(&answers),
            [
                "case.1-found.{id}-1.csv",
                "case.1-found.{id}-2.xlsx",
                "case.1-found.{id}-3.xml",
                "case.1-found.{id}-4.json",
                "case.1-found.{id}-5.html",
            ]
        );
        for (name, bytes) in &answers {
            let secret = String::from_utf8_lossy(bytes).contains("GEHEIM");
            assert!(!secret, "{name} tells what is internal");
        }
        is_valid(CASE_XSD, &answers[2].1);
        let json: serde_json::Value = serde_json::from_slice(&answers[3].1).unwrap();
        assert_eq!(faults(CASE_SCHEMA, &json), [""; 0]);
        let account = &json["cases"][0]["account"];
        assert_eq!(
            (&account["agency_costs"], &account["paid"]),
            (&"2.50".into(), &"30.50".into()),
            "{account}"
        );
        assert_snapshot!(
            format!("request_case_{locale}"),
            text(&answers[0].1).replace(&number, "{case}")
        );
        if locale == "de" {
            assert_snapshot!("request_case_json", text(&answers[3].1).replace(&number, "{case}"));
            assert_snapshot!("request_case_xml", text(&answers[2].1).replace(&number, "{case}"));
            assert_snapshot!("request_case_html", text(&answers[4].1).replace(&number, "{case}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_found_is_an_answer_too() {
    let house = house("de").await;
    let lines = ["csv", "xlsx", "xml", "json", "html"].map(|format| format!("request;case;4711;{format}\n"));
    let list = format!("record_type;request_kind;case_number;format\n{}", lines.concat());
    let delivery = ask(&house, &list).await;
    let answers = answers(&house, &delivery);
    assert!(
        names(&answers).iter().all(|name| name.starts_with("case.0-found.")),
        "{:?}",
        names(&answers)
    );
    is_valid(CASE_XSD, &answers[2].1);
    let json: serde_json::Value = serde_json::from_slice(&answers[3].1).unwrap();
    assert_eq!(faults(CASE_SCHEMA, &json), [""; 0]);
    assert_snapshot!("request_case_none", text(&answers[0].1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_again_is_answered_again_and_a_validation_is_not() {
    let house = house("de").await;
    let list = "record_type;request_kind\nrequest;cases\n";
    house.drop("anfrage.csv", list.as_bytes(), Mode::Validate).await;
    house.deliver().await;
    assert!(house.files("outbox/reports").is_empty());
    let first = ask(&house, list).await;
    let second = ask(&house, list).await;
    assert_eq!((first.accepted, second.accepted), (1, 1));
    assert_eq!((answers(&house, &first).len(), answers(&house, &second).len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_the_delivery_waits_for_the_answers_and_names_them() {
    let house = house("de").await;
    let before = house.mails().len();
    let delivery = ask(&house, "record_type;request_kind;reply_by_mail\nrequest;cases;yes\n").await;
    let mails: Vec<String> = house.mails().iter().map(|mail| crate::mails::readable(mail)).collect();
    assert_eq!(mails.len(), before + 2, "one for the delivery, one for the answer");
    let name = format!("cases.7-found.{}-1", delivery.code);
    assert!(
        mails[before..].iter().all(|mail| mail.contains(&name)),
        "{:?}",
        &mails[before..]
    );
    let subjects = mails[before..]
        .iter()
        .filter(|mail| mail.contains("Subject: Antwort auf Ihre Anfrage liegt bereit"));
    assert_eq!(subjects.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn xml_asks_as_well() {
    let house = house("de").await;
    let list = "<?xml version=\"1.0\"?>\n<handover xmlns=\"urn:dropcase:handover:1\"><record><record_type>request</record_type>\
        <request_kind>cases</request_kind><status>all</status><format>json</format></record></handover>\n";
    let delivery = ask(&house, list).await;
    assert_eq!(names(&answers(&house, &delivery)), ["cases.7-found.{id}-1.json"]);
}
