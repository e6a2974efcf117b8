//! What is found, and what is not.

use super::{fill, of, records, said, scope, statements};
use crate::model::ClientId;
use crate::on_both;
use crate::search::{CaseState, Search};
use crate::testing::TestDb;
use crate::testing::fixture::{clients, deliver, now};

/// Searches of the client `muster` with what they find.
const FOUND: &[(&str, &str)] = &[
    ("müller", "1"),
    ("MUELLER", "1"),
    ("Mu\u{308}ller, Jo\u{308}rg", "1"),
    ("Joerg Müller", "1"),
    ("Herr Dr. Müller", "1"),
    ("muller", "1~"),
    ("Mülller Jörg", "1~"),
    ("Nunez", "5"),
    ("meier nuñez josé", "5"),
    ("Meier", "5 6~"),
    ("Meyer", "6 5~"),
    ("Muster", "4 3"),
    ("Muster GmbH", "4 3"),
    ("G.m.b.H. Muster", "4 3"),
    ("Söhne Muster", "3"),
    ("Muster und Sohne", "3~"),
    ("Mustermann", "2"),
    ("Musterman Erika", "2~"),
    ("Mustremannn", "2≈"),
    ("Mustermann Jörg", ""),
    ("Muster @ Leipzig", "3"),
    ("@ Leipzsig", "3~"),
    ("@ dresden", "5 1"),
    ("/ Hauptstrasse @ berlin", "6"),
    ("/ Hauptstraße", "6 5"),
    ("/ Hauptstraße 7", "5"),
    ("/ Lange Straße 5", "2"),
    ("/ 7", ""),
    ("#r1", "1"),
    ("#R-2", "2"),
    ("#3", "3"),
    ("#99", ""),
    ("Zwiebelhuber", ""),
    ("Zwiebelhubr", ""),
    ("Xaver @ Hamburg", ""),
    ("@ Hamburg", ""),
    ("/ Beispielweg", ""),
    ("%", ""),
    ("_", ""),
    ("&", ""),
    ("#-", ""),
];

/// Every way to slip once in a word.
fn slips_of(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut slipped = Vec::new();
    for place in 0..=letters.len() {
        let mut with = |change: &dyn Fn(&mut Vec<char>)| {
            let mut word = letters.clone();
            change(&mut word);
            slipped.push(word.into_iter().collect::<String>());
        };
        with(&|word| word.insert(place, 'q'));
        if place < letters.len() {
            with(&|word| word[place] = 'q');
            with(&|word| {
                word.remove(place);
            });
            with(&|word| word.swap(place, (place + 1).min(letters.len() - 1)));
        }
    }
    slipped
}

async fn check_all(db: &TestDb, muster: Option<ClientId>) {
    for (text, expected) in FOUND {
        let found = db.store.search(&of(text, muster)).await.unwrap();
        assert_eq!(said(&found), *expected, "{text}");
    }
}

on_both! {
    async fn debtors_are_found_with_and_without_the_index(db: TestDb) {
        fill(&db).await;
        let muster = scope(&db, "muster").await;
        check_all(&db, muster).await;
        db.store.index_all().await.unwrap();
        assert!(!db.store.index_some().await.unwrap());
        check_all(&db, muster).await;
    }

    async fn every_slip_and_every_spelling_is_found(db: TestDb) {
        clients(&db, &["muster"]).await;
        let debtors = ["1: Jörg, Maaß, Königsstraße, 01067, Görlitz", "2: Zoë, Krämer-Ångström, , , "];
        deliver(&db, "muster", &records(&debtors)).await;
        let muster = scope(&db, "muster").await;
        let check = async |text: &str, expected: &str| {
            let found = said(&db.store.search(&of(text, muster)).await.unwrap());
            assert_eq!(found.trim_end_matches('~'), expected, "{text}");
        };
        for indexed in [false, true] {
            for (word, number) in [("maass", "1"), ("joerg", "1"), ("kraemer", "2"), ("aangstroem", "2")] {
                for slip in slips_of(word) {
                    check(&slip, number).await;
                }
            }
            for slip in slips_of("goerlitz") {
                check(&format!("@ {slip}"), "1").await;
            }
            for text in ["MAASS", "maaß", "MAAẞ JÖRG", "Jo\u{308}rg", "jorg", "/ koenigsstr.", "/ KÖNIGSSTRASSE @ gorlitz"] {
                check(text, "1").await;
            }
            for text in ["zoe", "ZOË", "Kramer", "Ångström", "A\u{30a}ngstro\u{308}m", "angström"] {
                check(text, "2").await;
            }
            db.store.index_all().await.unwrap();
            assert!(!indexed || !db.store.index_some().await.unwrap());
        }
    }

    async fn the_back_office_sees_all(db: TestDb) {
        fill(&db).await;
        for _ in 0..2 {
            let clients = async |text: &str| {
                let found = db.store.search(&of(text, None)).await.unwrap();
                found.hits.into_iter().map(|hit| hit.client_key).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(clients("Müller").await, "beispiel muster");
            assert_eq!(clients("#1").await, "beispiel muster");
            assert_eq!(clients("Zwiebelhuber").await, "beispiel");
            db.store.index_all().await.unwrap();
        }
    }

    async fn a_hit_tells_its_case(db: TestDb) {
        fill(&db).await;
        let found = db.store.search(&of("Erika Mustermann", None)).await.unwrap();
        let hit = &found.hits[0];
        assert_eq!((&*hit.debtor_name, hit.city.as_deref(), hit.opened_at), ("Erika Mustermann", Some("Berlin"), now()));
        let number = format!("{} {}", &hit.number[..3], &hit.number[3..]);
        let by_number = |scope, name: &str| Search { case_number: Some(number.clone()), ..of(name, scope) };
        assert_eq!(db.store.search(&by_number(None, "")).await.unwrap().hits, found.hits);
        assert_eq!(db.store.search(&by_number(None, "Mustermann")).await.unwrap().hits, found.hits);
        assert_eq!(said(&db.store.search(&by_number(None, "Müller")).await.unwrap()), "");
        assert_eq!(said(&db.store.search(&by_number(scope(&db, "beispiel").await, "")).await.unwrap()), "");
    }

    async fn status_days_and_country_count(db: TestDb) {
        fill(&db).await;
        db.store.index_all().await.unwrap();
        statements(&db, "update cases set closed_at = '2026-03-10T08:00:00+00:00', stage = 'ended' where id = 1;
            update cases set stage = 'litigation' where id = 2;
            update debtors set country = 'DK' where id = 3").await;
        let muster = scope(&db, "muster").await;
        let check = async |search: Search, expected: &str| {
            assert_eq!(said(&db.store.search(&search).await.unwrap()), expected, "{search:?}");
        };
        let with = |text: &str, status| Search { status, ..of(text, muster) };
        check(with("", CaseState::Open), "6 5 4 3 2").await;
        check(with("", CaseState::Closed), "1").await;
        check(with("", CaseState::Legal), "2").await;
        check(with("", CaseState::All), "6 5 4 3 2 1").await;
        check(with("Müller", CaseState::Open), "").await;
        check(with("Müller", CaseState::Closed), "1").await;
        check(with("Mustermann", CaseState::Legal), "2").await;
        let country = |text: &str, country: &str| Search {
            debtor_country: Some(country.to_owned()),
            ..of(text, muster)
        };
        check(country("", "dk"), "3").await;
        check(country("Muster", "DE"), "4").await;
        let hour = chrono::TimeDelta::hours(1);
        let days = |from, to| Search { from: Some(from), to: Some(to), ..of("Muster", muster) };
        check(days(now(), now() + hour), "4 3").await;
        check(days(now() - hour, now()), "").await;
    }

    async fn a_hostile_search_is_bounded(db: TestDb) {
        fill(&db).await;
        db.store.index_all().await.unwrap();
        let words: String = (0..10_000).map(|n| format!("wortes{n} ")).collect();
        for text in [words, "ü".repeat(1 << 20), "\0\u{1}\u{7f}".repeat(500), "; , - \t".repeat(9_000), "'\"\\%_".into()] {
            let search = Search {
                case_number: None,
                client_reference: None,
                street: Some(text.clone()),
                city: Some(text.clone()),
                postal_code: Some(text.clone()),
                debtor_country: Some(text.clone()),
                limit: u32::MAX,
                ..of(&text.replace(['@', '/', '#'], ""), None)
            };
            let started = std::time::Instant::now();
            assert_eq!(db.store.search(&search).await.unwrap().hits, []);
            for search in [
                Search { client_reference: Some(text.clone()), ..Search::default() },
                Search { case_number: Some(format!("x{text}")), ..Search::default() },
                Search { debtor_name: Some(text.clone()), limit: 0, ..Search::default() },
            ] {
                assert_eq!(db.store.search(&search).await.unwrap().hits, []);
            }
            assert!(started.elapsed().as_secs() < 5);
        }
    }
}
