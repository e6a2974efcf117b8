//! Against a scripted mail server on this machine, and a folder.

use std::time::Duration;

use chrono::DateTime;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::*;
use crate::mail::message::compose;
use crate::mail::notices::Letter;

fn message() -> Message {
    let letter = Letter {
        subject: "8 of 10".to_owned(),
        text: "Hello".to_owned(),
        html: "<p>Hello</p>".to_owned(),
    };
    compose(
        letter,
        "service@example.com",
        "erika@example.org",
        "<1.2@example.com>",
        DateTime::UNIX_EPOCH,
    )
    .unwrap()
}

/// A server that answers each verb as told and everything else with 250; returns its port and what it was sent.
async fn scripted(answers: &'static [(&'static str, &'static str)]) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let answer = |verb: &str, usual: &'static str| {
            answers
                .iter()
                .find(|(known, _)| *known == verb)
                .map_or(usual, |(_, answer)| *answer)
        };
        let mut seen = Vec::new();
        writer
            .write_all(answer("GREETING", "220 ready\r\n").as_bytes())
            .await
            .unwrap();
        let mut in_data = false;
        while let Ok(Some(line)) = lines.next_line().await {
            seen.push(line.clone());
            if in_data && line != "." {
                continue;
            }
            let verb = if in_data { "DOT" } else { line.get(..4).unwrap_or("") };
            in_data = verb == "DATA";
            let usual = if in_data { "354 go on\r\n" } else { "250 OK\r\n" };
            if writer.write_all(answer(verb, usual).as_bytes()).await.is_err() || verb == "QUIT" {
                break;
            }
        }
        seen
    });
    (port, served)
}

fn smtp(port: u16) -> MailTransport {
    MailTransport::Smtp(Smtp {
        host: "127.0.0.1".to_owned(),
        port,
        tls: SmtpTls::None,
        credentials: None,
        ca_file: None,
        timeout: Duration::from_secs(5),
    })
}

#[tokio::test]
async fn a_message_is_handed_to_the_server() {
    let (port, served) = scripted(&[]).await;
    send(&smtp(port), &message(), "x.eml").await.unwrap();
    let seen = served.await.unwrap();
    assert!(
        seen.iter().any(|line| line == "MAIL FROM:<service@example.com>"),
        "{seen:?}"
    );
    assert!(
        seen.iter().any(|line| line == "RCPT TO:<erika@example.org>"),
        "{seen:?}"
    );
    assert!(
        seen.iter().any(|line| line == "Message-ID: <1.2@example.com>"),
        "{seen:?}"
    );
    assert!(
        seen.iter().any(|line| line == "Auto-Submitted: auto-generated"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let check = async |answers: &'static [(&'static str, &'static str)], expected: SendError| {
        let (port, served) = scripted(answers).await;
        assert_eq!(send(&smtp(port), &message(), "x.eml").await, Err(expected));
        served.abort();
    };
    check(
        &[("RCPT", "550 no such user\r\n")],
        SendError::Refused("SMTP 550".to_owned()),
    )
    .await;
    check(
        &[("RCPT", "450 greylisted\r\n")],
        SendError::Later("SMTP 450".to_owned()),
    )
    .await;
    check(&[("DOT", "554 spam\r\n")], SendError::Refused("SMTP 554".to_owned())).await;
    check(&[("DOT", "452 full\r\n")], SendError::Later("SMTP 452".to_owned())).await;
    check(
        &[("MAIL", "530 login first\r\n")],
        SendError::Down("SMTP 530".to_owned()),
    )
    .await;
    check(
        &[("GREETING", "421 closing\r\n")],
        SendError::Down("SMTP 421".to_owned()),
    )
    .await;
}

#[tokio::test]
async fn a_server_that_is_away_or_silent_is_down() {
    // A port that was free a moment ago: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let away = send(&smtp(port), &message(), "x.eml").await;
    assert_eq!(away, Err(SendError::Down("SMTP connection".to_owned())));

    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut transport = smtp(silent.local_addr().unwrap().port());
    if let MailTransport::Smtp(smtp) = &mut transport {
        smtp.timeout = Duration::from_millis(50);
    }
    let answer = send(&transport, &message(), "x.eml").await;
    assert!(matches!(answer, Err(SendError::Down(_))), "{answer:?}");
}

#[tokio::test]
async fn a_folder_gets_whole_messages_and_the_same_one_once() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("mails");
    let transport = MailTransport::Folder(folder.clone());
    for _ in 0..2 {
        send(&transport, &message(), "7.eml").await.unwrap();
    }
    let names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["7.eml"]);
    assert_eq!(std::fs::read(folder.join("7.eml")).unwrap(), message().formatted());
}
