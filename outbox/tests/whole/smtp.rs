//! Mails through a mail server that is away for a while, refuses one address, or takes its time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dropcase_cases::model::{Answer, Mode, OutboxKind};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::house::{House, TEN};

/// The Message-IDs that a server took, by recipient.
type Taken = Arc<Mutex<HashMap<String, Vec<String>>>>;

/// Serves one connection; `poison@example.org` is nobody here.
async fn serve(stream: TcpStream, taken: Taken) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 ready\r\n").await?;
    let (mut to, mut in_data) = (String::new(), false);
    while let Some(line) = lines.next_line().await? {
        if in_data {
            if let Some(id) = line.strip_prefix("Message-ID: ") {
                taken.lock().unwrap().entry(to.clone()).or_default().push(id.to_owned());
            }
            in_data = line != ".";
            if !in_data {
                writer.write_all(b"250 taken\r\n").await?;
            }
            continue;
        }
        let answer = match line.get(..4) {
            Some("RCPT") if line.contains("poison") => "550 nobody\r\n",
            Some("RCPT") => {
                to = line;
                "250 OK\r\n"
            }
            Some("DATA") => {
                in_data = true;
                "354 go on\r\n"
            }
            _ => "250 OK\r\n",
        };
        writer.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

fn listen(listener: TcpListener) -> Taken {
    let taken = Taken::default();
    let seen = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, seen.clone()));
        }
    });
    taken
}

fn settings(port: u16) -> String {
    format!("transport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_mail_does_not_hold_the_others() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = listen(listener);
    let mails = ["poison@example.org", "a@example.org", "b@example.org"]
        .map(|to| format!("{to:?}"))
        .join(", ");
    let house = House::with_mail("de", &mails, &settings(port)).await;
    let delivery = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.deliver().await;
    let taken = taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 2, "{taken:?}");
    assert!(taken.values().all(|ids| ids.len() == 1), "{taken:?}");
    let detail = house.store.delivery_detail(delivery.id).await.unwrap().unwrap();
    let errors: Vec<_> = detail.outbox.iter().filter_map(|item| item.error.as_deref()).collect();
    assert_eq!(errors, ["SMTP 550"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_wait_for_a_server_that_is_away_and_come_once() {
    // The port is reserved by a socket that does not listen yet: connections are refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    let house = House::with_mail("de", "\"a@example.org\"", &settings(port)).await;
    for number in 0..3 {
        let list = TEN.replace("1000", &format!("{number}00"));
        house
            .drop(&format!("{number}.csv"), list.as_bytes(), Mode::Import)
            .await;
    }
    let up = async {
        house.until_error("SMTP connection").await;
        listen(socket.listen(64).unwrap())
    };
    let (taken, ()) = tokio::join!(up, house.deliver());
    let taken = taken.lock().unwrap();
    let ids: Vec<&String> = taken.values().flatten().collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!((ids.len(), once.len()), (3, 3), "{taken:?}");
}

/// A server that takes every connection and never says a word; yields how many it holds.
fn swallow(listener: TcpListener) -> tokio::sync::watch::Receiver<usize> {
    let (held, seen) = tokio::sync::watch::channel(0);
    tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.push(stream);
            held.send_replace(connections.len());
        }
    });
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_out_while_the_server_swallows_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut held = swallow(listener);
    let house = House::with_mail("de", "\"a@example.org\"", &settings(port)).await;
    let client = house.store.client("muster").await.unwrap().unwrap().id;
    let mut mail = Answer::new(OutboxKind::Mail, "mail");
    mail.params = r#"{"notice":"report_ready","to":"a@example.org","report":"cases","file":"a.csv"}"#.to_owned();
    for _ in 0..60 {
        house.store.queue(client, None, &mail, house.now()).await.unwrap();
    }
    let published = async {
        held.wait_for(|held| *held == 4).await.unwrap();
        house.until_mails_held(24).await;
        house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
        house.outbox.notify();
        let is_answer = |name: &String| !name.starts_with('.');
        while !house.files("outbox/acknowledgements").keys().any(is_answer) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        // None of the mails got anywhere: not one connection was given up meanwhile.
        assert_eq!((*held.borrow(), house.mails_held().await), (4, 24));
    };
    // Half of the time after which the first connection is given up.
    tokio::select! {
        () = house.outbox.run(std::future::pending()) => {}
        published = tokio::time::timeout(Duration::from_secs(30), published) => published.unwrap(),
    }
}
