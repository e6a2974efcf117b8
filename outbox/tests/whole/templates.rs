//! README and templates: there, in the client's language, accepted when filled in, rejected when left as they are.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;

use dropcase_cases::model::{Mode, Status};
use dropcase_outbox::write_templates;
use insta::assert_snapshot;

use crate::house::{House, PLAIN, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_finds_its_papers() {
    for (locale, list, guide) in [
        ("de", "Uebergabe", "Leitfaden"),
        ("en", "hand-over", "guide"),
        ("da", "overdragelse", "vejledning"),
    ] {
        let house = House::new(locale, PLAIN).await;
        write_templates(&house.client, &house.service).unwrap();
        let names: Vec<String> = house.files("templates").into_keys().collect();
        let mut expected = vec![
            format!("{guide}.html"),
            format!("{list}.csv"),
            format!("{list}.xlsx"),
            "acknowledgement-1.schema.json".to_owned(),
            "acknowledgement-1.xsd".to_owned(),
            "case-1.schema.json".to_owned(),
            "case-1.xsd".to_owned(),
            "cases-1.schema.json".to_owned(),
            "cases-1.xsd".to_owned(),
            "handover-1.xsd".to_owned(),
        ];
        expected.sort();
        assert_eq!(names, expected);
        assert_snapshot!(format!("readme_{locale}"), text(&house.files("")["README.txt"]));
        assert_snapshot!(
            format!("list_{locale}"),
            text(&house.files("templates")[&format!("{list}.csv")])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_back_office_finds_its_own_papers() {
    for (locale, client, list, guide) in [
        ("de", "Uebergabe", "Auftraege", "Leitfaden"),
        ("en", "hand-over", "orders", "guide"),
        ("da", "overdragelse", "ordrer", "vejledning"),
    ] {
        let house = House::of_office(locale).await;
        // What an earlier version wrote, or a client that became the back office has.
        std::fs::create_dir_all(house.folder().join("templates")).unwrap();
        for stale in [format!("{client}.csv"), "case-1.xsd".to_owned()] {
            std::fs::write(house.folder().join("templates").join(stale), "stale").unwrap();
        }
        write_templates(&house.client, &house.service).unwrap();
        let names: Vec<String> = house.files("templates").into_keys().collect();
        let mut expected = vec![
            format!("{guide}.html"),
            format!("{list}.csv"),
            format!("{list}.xlsx"),
            "acknowledgement-1.schema.json".to_owned(),
            "acknowledgement-1.xsd".to_owned(),
            "handover-1.xsd".to_owned(),
        ];
        expected.sort();
        assert_eq!(names, expected);
        let readme = text(&house.files("")["README.txt"]);
        let longest = readme.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(79), "{locale} {longest:?}");
        assert_snapshot!(format!("office_readme_{locale}"), readme);
        assert_snapshot!(
            format!("office_list_{locale}"),
            text(&house.files("templates")[&format!("{list}.csv")])
        );
        let guide = text(&house.files("templates")[&format!("{guide}.html")]);
        for name in ["agency_payment", "close", "hold", "fee_rate"] {
            assert!(guide.contains(&format!("<td>{name}</td>")), "{locale} {name}");
        }
        for name in ["new_claim", "request", "direct_payment", "principal_amount"] {
            assert!(!guide.contains(&format!("<td>{name}</td>")), "{locale} {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_of_the_back_office_left_in_change_nothing() {
    for (locale, list) in [("de", "Auftraege"), ("en", "orders"), ("da", "ordrer")] {
        let house = House::of_office(locale).await;
        write_templates(&house.client, &house.service).unwrap();
        for kind in ["csv", "xlsx"] {
            let bytes = house.files("templates").remove(&format!("{list}.{kind}")).unwrap();
            let delivery = house.drop(&format!("{list}.{kind}"), &bytes, Mode::Import).await;
            // Each line is understood, and its case is unknown.
            assert_eq!(
                (delivery.status, delivery.submitted, delivery.rejected),
                (Some(Status::Rjct), 11, 11),
                "{locale} {kind}"
            );
            let codes: Vec<&str> = house.codes(&delivery).await;
            assert_eq!(codes, ["DATE_IN_FUTURE", "UNKNOWN_REFERENCE"], "{locale} {kind}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_are_written_only_when_they_changed() {
    let house = House::new("de", PLAIN).await;
    let inodes = || -> BTreeMap<String, u64> {
        let folder = std::fs::read_dir(house.folder().join("templates")).unwrap();
        folder
            .map(|entry| {
                let entry = entry.unwrap();
                (
                    entry.file_name().into_string().unwrap(),
                    entry.metadata().unwrap().ino(),
                )
            })
            .collect()
    };
    write_templates(&house.client, &house.service).unwrap();
    let before = inodes();
    write_templates(&house.client, &house.service).unwrap();
    assert_eq!(inodes(), before);
    std::fs::write(house.folder().join("templates/Uebergabe.csv"), "spoiled").unwrap();
    write_templates(&house.client, &house.service).unwrap();
    assert_ne!(house.files("templates")["Uebergabe.csv"], b"spoiled");
}

#[tokio::test(flavor = "multi_thread")]
async fn example_lines_left_in_become_no_cases() {
    for (locale, list) in [("de", "Uebergabe"), ("en", "hand-over"), ("da", "overdragelse")] {
        let house = House::new(locale, PLAIN).await;
        write_templates(&house.client, &house.service).unwrap();
        for kind in ["csv", "xlsx"] {
            let bytes = house.files("templates").remove(&format!("{list}.{kind}")).unwrap();
            let delivery = house.drop(&format!("{list}.{kind}"), &bytes, Mode::Validate).await;
            let detail = house.store.delivery_detail(delivery.id).await.unwrap().unwrap();
            assert_eq!(
                (delivery.status, delivery.submitted, delivery.rejected),
                (Some(Status::Rjct), 2, 2),
                "{locale} {kind} {:?}",
                detail.findings
            );
            let codes: Vec<&str> = house.codes(&delivery).await;
            assert_eq!(codes, ["DATE_IN_FUTURE"], "{locale} {kind}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_filled_in_is_taken_over() {
    for (locale, list) in [("de", "Uebergabe"), ("en", "hand-over"), ("da", "overdragelse")] {
        let house = House::new(locale, PLAIN).await;
        write_templates(&house.client, &house.service).unwrap();
        let bytes = house.files("templates").remove(&format!("{list}.csv")).unwrap();
        let filled = String::from_utf8(bytes).unwrap().replace("2099", "2026");
        let delivery = house.drop("liste.csv", filled.as_bytes(), Mode::Import).await;
        let found = house.codes(&delivery).await;
        assert_eq!(
            (delivery.status, delivery.accepted),
            (Some(Status::Accp), 2),
            "{locale} {found:?}"
        );
    }
}
