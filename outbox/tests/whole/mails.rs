//! Mails: what they say in three languages, and that they come once.

use dropcase_cases::model::Mode;
use insta::assert_snapshot;

use crate::house::{House, PLAIN, TEN, stable};

#[tokio::test(flavor = "multi_thread")]
async fn the_subject_already_says_it() {
    for locale in ["de", "en", "da"] {
        let house = House::new(locale, PLAIN).await;
        let delivery = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
        house.deliver().await;
        let mails = house.mails();
        assert_eq!(mails.len(), 1);
        let mail = readable(&mails[0]);
        assert!(
            !mail.contains("Mustermann") && !mail.contains("10002"),
            "no debtor in a mail"
        );
        assert_snapshot!(
            format!("mail_{locale}"),
            crate::reports::anonymous(&stable(&mail, &delivery))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_result_has_its_own_words() {
    let mut subjects = Vec::new();
    for locale in ["de", "en", "da"] {
        let house = House::new(locale, PLAIN).await;
        house.drop("a.csv", TEN.as_bytes(), Mode::Validate).await;
        house.drop("b.csv", TEN.as_bytes(), Mode::Import).await;
        house.drop("c.csv", TEN.as_bytes(), Mode::Import).await;
        house
            .drop("d.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Mode::Import)
            .await;
        let good: String = TEN
            .lines()
            .take(3)
            .map(|line| line.replace("1000", "2000") + "\r\n")
            .collect();
        house.drop("e.csv", good.as_bytes(), Mode::Import).await;
        house
            .drop("f.csv", TEN.lines().next().unwrap().as_bytes(), Mode::Import)
            .await;
        house.deliver().await;
        for mail in house.mails() {
            let mail = readable(&mail);
            subjects.push(
                mail.lines()
                    .find(|line| line.starts_with("Subject:"))
                    .unwrap()
                    .to_owned(),
            );
        }
    }
    assert_snapshot!(subjects.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_gets_its_own_mail_and_a_restart_sends_none_twice() {
    let house = House::new("de", "").await;
    house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    house.deliver().await;
    assert_eq!(house.mails().len(), 1);
}

/// A message with decoded headers and parts.
pub(crate) fn readable(mail: &str) -> String {
    let unfolded = mail.replace("\n ", " ");
    let (head, _) = unfolded.split_once("\n\n").unwrap_or((&unfolded, ""));
    let head: Vec<String> = head.lines().map(decode_words).collect();
    let (_, body) = mail.split_once("\n\n").unwrap_or(("", ""));
    format!("{}\n\n{}", head.join("\n"), decode_quoted(body))
}

/// RFC 2047, base64 only, as lettre writes it.
fn decode_words(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        out.push_str(before.trim_end_matches(|c| c == ' ' && before.trim().is_empty()));
        let (word, tail) = after.split_once("?=").unwrap_or((after, ""));
        out.push_str(&String::from_utf8(base64(word)).unwrap());
        rest = tail;
    }
    out + rest
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = text
        .bytes()
        .filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte))
        .flat_map(|value| (0..6).rev().map(move |bit| (value >> bit & 1) as u8))
        .collect();
    bits.chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit))
        .collect()
}

fn decode_quoted(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'=').then(|| tail.get(..2)).flatten();
        let value = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(value.unwrap_or(*first));
        rest = if value.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap()
}
