//! What the agency says: a file that says how to answer, a mail where the client asked for one.

use std::time::Duration;

use chrono::TimeDelta;
use dropcase_cases::model::{Lane, Mode, OutboxKind, Status};
use dropcase_outbox::publish::Folder;
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Value;
use insta::assert_snapshot;

use crate::house::{House, PLAIN, TEN, text};
use crate::mails::readable;

/// A house with cases and a message of the client, which wants the answer by mail or not.
async fn asked(locale: &str, by_mail: &str) -> (House, String) {
    let house = House::new(locale, PLAIN).await;
    house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    let number = house.case_numbers().await.remove(0);
    let message = format!(
        "record_type;case_number;text;reply_by_mail\nmessage;{number};\"Hat Frau Mustermann <schon> gezahlt?\nBitte bald.\";{by_mail}\n"
    );
    let delivery = house.drop("frage.csv", message.as_bytes(), Mode::Import).await;
    assert_eq!(delivery.status, Some(Status::Accp));
    house.deliver().await;
    house.later(TimeDelta::hours(2));
    (house, number)
}

/// What a test says for the agency.
async fn say(house: &House, kind: &str, number: &str, words: &str) {
    let fields = [
        (Field::CaseNumber, Value::Text(number.to_owned())),
        (Field::Text, Value::Text(words.to_owned())),
        (Field::Handler, Value::Text("Frau Beispiel".to_owned())),
    ];
    assert!(house.office(kind, &fields).await.done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_quotes_and_a_query_says_how_to_answer() {
    for locale in ["de", "en", "da"] {
        let (house, number) = asked(locale, "").await;
        let mails = house.mails().len();
        say(&house, "reply", &number, "Noch nicht.\u{1b}\r\n=1+1").await;
        say(&house, "query", &number, "Wie lautet ihre neue Anschrift?").await;
        house.deliver().await;
        let files = house.files("outbox/messages");
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [format!("{number}.query.3.txt"), format!("{number}.reply.2.txt")]
        );
        for (name, bytes) in &files {
            let body = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
            let lone = body
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty() && !line.ends_with(b"\r"));
            assert_eq!(lone.count(), 0, "{name} reads well in an old editor");
        }
        let shown: Vec<String> = files.values().map(|bytes| text(bytes)).collect();
        assert_snapshot!(
            format!("messages_{locale}"),
            shown.join("========\n").replace(&number, "{case}")
        );
        assert_eq!(house.mails().len(), mails, "nobody asked for a mail");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_below_a_query_answer_it() {
    for locale in ["de", "en", "da"] {
        let (house, number) = asked(locale, "").await;
        say(&house, "query", &number, "?").await;
        house.deliver().await;
        let (_, bytes) = house.one("outbox/messages");
        let shown = text(&bytes);
        let lines: Vec<&str> = shown.lines().rev().take(2).collect();
        let answer = format!("{}\n{}\n", lines[1], lines[0]);
        let delivery = house.drop("antwort.csv", answer.as_bytes(), Mode::Import).await;
        assert_eq!(
            (delivery.status, delivery.accepted),
            (Some(Status::Accp), 1),
            "{answer}"
        );
        let messages = house
            .store
            .case_by_number(&number, dropcase_cases::model::Visibility::Client)
            .await;
        let case = messages.unwrap().unwrap().case.id;
        let last = house.store.messages(case).await.unwrap().pop().unwrap();
        assert_eq!((last.kind.as_str(), last.answers), ("answer", Some(2)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_comes_when_it_was_asked_for() {
    for locale in ["de", "en", "da"] {
        let (house, number) = asked(locale, "yes").await;
        let before = house.mails().len();
        say(&house, "reply", &number, "Noch nicht <b>.\nWir mahnen.").await;
        house.deliver().await;
        let mails = house.mails();
        assert_eq!(mails.len(), before + 1);
        let mail = readable(mails.last().unwrap());
        let subject = mail.lines().find(|line| line.starts_with("Subject:")).unwrap();
        assert!(
            !subject.contains("Mustermann") && !subject.contains("10001"),
            "{subject}"
        );
        assert!(!mail.contains("<b>") || mail.contains("&lt;b&gt;"), "{mail}");
        assert_snapshot!(
            format!("message_mail_{locale}"),
            crate::reports::timeless(&mail).replace(&number, "{case}")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_lie_beside_the_text_that_names_them() {
    for locale in ["de", "en", "da"] {
        let (house, number) = asked(locale, "yes").await;
        let before = house.mails().len();
        let fields = [
            (Field::CaseNumber, Value::Text(number.clone())),
            (Field::Text, Value::Text("Siehe Anlagen.".to_owned())),
        ];
        let papers: Vec<(&str, &[u8])> = vec![
            ("Ratenplan 1.pdf", b"%PDF-1.7 a"),
            ("Titel?.PDF", b"%PDF-1.7 b"),
            ("Titel*.pdf", b"%PDF-1.7 c"),
            ("\u{202e}fdp", b"%PDF-1.7 d"),
        ];
        assert!(house.office_with("reply", &fields, papers).await.done);
        house.deliver().await;
        let files = house.files("outbox/messages");
        let text_name = format!("{number}.reply.2.txt");
        let shown = text(&files[&text_name]);
        assert_snapshot!(
            format!("message_with_papers_{locale}"),
            shown.replace(&number, "{case}")
        );
        let listed: Vec<&str> = shown
            .lines()
            .filter_map(|line| line.trim_end().strip_prefix("- "))
            .collect();
        let mut beside: Vec<&str> = files
            .keys()
            .map(String::as_str)
            .filter(|name| *name != text_name)
            .collect();
        let mut sorted = listed.clone();
        sorted.sort_unstable();
        beside.sort_unstable();
        assert_eq!(beside, sorted);
        let contents: Vec<&[u8]> = listed.iter().map(|name| files[*name].as_slice()).collect();
        assert_eq!(contents, [b"%PDF-1.7 a", b"%PDF-1.7 b", b"%PDF-1.7 c", b"%PDF-1.7 d"]);
        assert_eq!(house.mails().len(), before + 1, "one mail, for the text");
        let mail = readable(house.mails().last().unwrap());
        assert_snapshot!(
            format!("message_mail_with_papers_{locale}"),
            crate::reports::timeless(&mail).replace(&number, "{case}")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_paper_does_not_hold_the_text() {
    let (house, number) = asked("de", "").await;
    let fields = [
        (Field::CaseNumber, Value::Text(number.clone())),
        (Field::Text, Value::Text("Siehe Anlage.".to_owned())),
    ];
    assert!(
        house
            .office_with("query", &fields, vec![("a.pdf", b"%PDF-1.7 a")])
            .await
            .done
    );
    std::fs::remove_dir_all(house.home.path().join("papers")).unwrap();
    for _ in 0..12 {
        house.deliver().await;
        house.later(TimeDelta::minutes(10));
    }
    let files = house.files("outbox/messages");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, [format!("{number}.query.2.txt")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_rename_still_sends_the_mail_and_writes_no_second_file() {
    let (house, number) = asked("de", "yes").await;
    let before = house.mails().len();
    say(&house, "reply", &number, "Noch nicht.").await;
    let leased = house
        .store
        .next_outgoing(Lane::Files, "crashed", Duration::from_secs(600), house.now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(leased.item.kind, OutboxKind::Message);
    let folder = Folder::open(&house.folder(), "outbox/messages").unwrap();
    let temp = folder.create(leased.item.id.0, leased.fence).unwrap();
    house
        .store
        .staged(&leased, &temp.name, "outbox/messages/a.txt")
        .await
        .unwrap();
    folder.publish(&temp.name, "a.txt").unwrap();
    house.later(TimeDelta::seconds(601));
    house.deliver().await;
    assert_eq!(house.one("outbox/messages").0, "a.txt");
    assert_eq!(house.mails().len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_somebody_else_is_not_written() {
    let (house, _) = asked("de", "").await;
    let client = house.store.client("muster").await.unwrap().unwrap().id;
    for params in ["{\"message\":99}", "{}"] {
        let mut row = dropcase_cases::model::Answer::new(OutboxKind::Message, "txt");
        row.params = params.to_owned();
        house.store.queue(client, None, &row, house.now()).await.unwrap();
    }
    house.deliver().await;
    assert!(house.files("outbox/messages").is_empty());
}
