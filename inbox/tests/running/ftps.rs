//! FTP with TLS over loopback: curl, lftp, and peers that break off, stay plain or guess.

use std::fs;
use std::io::Write;
use std::sync::{Arc, Mutex};

use dropcase_inbox::{Event, Protocol};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::ftps_client::{Raw, Target, content, file};
use crate::support::{Room, within, write_client};

/// Room for what a client must not finish: 200 KB that are no repetition of one piece.
fn bytes() -> Vec<u8> {
    (0..200_000_u32).map(|n| u8::try_from(n * 7 % 251).unwrap()).collect()
}

/// Blocking clients run beside the service, as they do in life.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    within(tokio::task::spawn_blocking(work))
        .await
        .expect("the client's part")
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_puts_and_the_file_arrives() {
    let mut room = Room::with_ftps("", "").await;
    let (target, home) = (Target::of(&room), room.home.path().to_owned());
    beside(move || {
        let path = file(&home, "liste.csv", &bytes());
        content(target.curl(&["-T", &path, &target.url("inbox/")]));
    })
    .await;
    assert_eq!(fs::read(room.disk("inbox/liste.csv")).unwrap(), bytes());
    let arrival = room.arrival().await;
    assert_eq!(arrival.protocol, Protocol::Ftps);
    assert_eq!(arrival.user.as_deref(), Some("muster"));
    room.inbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_lists_gets_and_deletes_answers() {
    let mut room = Room::with_ftps("", "").await;
    fs::write(room.disk("outbox/reports/a.csv"), bytes()).unwrap();
    let target = Target::of(&room);
    let names = beside(move || {
        let got = target.curl(&[&target.url("outbox/reports/a.csv")]);
        assert_eq!(got.stdout, bytes());
        let part = target.curl(&["-C", "199990", &target.url("outbox/reports/a.csv")]);
        assert_eq!(part.stdout, bytes()[199_990..]);
        let listed = content(target.curl(&[&target.url("outbox/reports/")]));
        assert!(listed.contains("200000") && listed.contains("a.csv"), "{listed}");
        let facts = content(target.curl(&["-X", "MLSD", &target.url("outbox/reports/")]));
        assert!(facts.contains("type=file;size=200000;"), "{facts}");
        let head = content(target.curl(&["-I", &target.url("outbox/reports/a.csv")]));
        assert!(
            head.contains("Content-Length: 200000") && head.contains("Last-Modified"),
            "{head}"
        );
        let url = target.url("");
        content(target.curl(&["--list-only", "-Q", "-DELE outbox/reports/a.csv", &url]))
    })
    .await;
    let names: Vec<&str> = names.lines().collect();
    assert!(names.contains(&"inbox") && names.contains(&"outbox"), "{names:?}");
    assert!(!room.disk("outbox/reports/a.csv").exists());
    let picked_up = matches!(within(room.streams.events.recv()).await, Some(Event::PickedUp { .. }));
    assert!(picked_up);
}

#[tokio::test(flavor = "multi_thread")]
async fn lftp_puts_resumes_renames_and_makes_folders() {
    let room = Room::with_ftps("", "settle = \"1h\"").await;
    let (target, home) = (Target::of(&room), room.home.path().to_owned());
    beside(move || {
        let whole = file(&home, "ganz.csv", &bytes());
        let begun = file(&home, "halb.csv", &bytes()[..70_000]);
        let back = home.join("zurueck.csv");
        content(target.lftp(&format!(
            "mkdir inbox/neu; put -O inbox/neu {whole}; mv inbox/neu/ganz.csv inbox/neu/umbenannt.csv; \
             put {begun} -o inbox/weiter.csv; put -c {whole} -o inbox/weiter.csv; \
             get inbox/weiter.csv -o {back}; put {begun} -o inbox/weg.csv; rm inbox/weg.csv; \
             mkdir inbox/leer; rmdir inbox/leer; cls -1 inbox",
            back = back.display()
        )));
        assert_eq!(fs::read(back).unwrap(), bytes());
    })
    .await;
    assert_eq!(fs::read(room.disk("inbox/neu/umbenannt.csv")).unwrap(), bytes());
    assert_eq!(fs::read(room.disk("inbox/weiter.csv")).unwrap(), bytes());
    for gone in ["inbox/neu/ganz.csv", "inbox/weg.csv", "inbox/leer"] {
        assert!(!room.disk(gone).exists(), "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_sftp_refuses() {
    let room = Room::with_ftps("", "max_file = \"100KiB\"").await;
    let (target, home) = (Target::of(&room), room.home.path().to_owned());
    fs::write(room.service.data_dir.join("clients/andere/outbox/reports/b.csv"), "x").unwrap();
    beside(move || {
        let path = file(&home, "x.csv", b"a;b\n");
        let large = file(&home, "gross.csv", &bytes().repeat(40));
        for refused in [
            "outbox/x.csv",
            "x.csv",
            "archive/x.csv",
            "../andere/inbox/x.csv",
            "inbox/.dropcase-x",
        ] {
            let answer = target.curl(&["--path-as-is", "-T", &path, &target.url(refused)]);
            assert!(!answer.status.success(), "{refused}: {answer:?}");
        }
        for invisible in ["../andere/outbox/reports/b.csv", "andere/", "../../etc/passwd"] {
            let answer = target.curl(&["--path-as-is", &target.url(invisible)]);
            assert!(
                !answer.status.success() && answer.stdout.is_empty(),
                "{invisible}: {answer:?}"
            );
        }
        let answer = target.curl(&["-v", "-T", &large, &target.url("inbox/gross.csv")]);
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert!(!answer.status.success() && said.contains("< 552"), "{said}");
        let answer = target.lftp(&format!("put -O inbox {large}"));
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert!(!answer.status.success() && said.contains("552"), "{said}");
        let wrong = target.curl(&["--user", "muster:falsch", &target.url("")]);
        assert_eq!(wrong.status.code(), Some(67), "{wrong:?}");
        let unknown = target.curl(&["--user", "niemand:geheim", &target.url("")]);
        assert_eq!(unknown.status.code(), Some(67), "{unknown:?}");
    })
    .await;
    for path in ["inbox", "outbox", "archive"] {
        let files = fs::read_dir(room.disk(path)).unwrap();
        let names: Vec<_> = files
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_file())
            .collect();
        assert!(names.is_empty(), "{path}: {names:?}");
    }
    assert!(!room.service.data_dir.join("clients/andere/inbox/x.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_upload_is_not_published_and_can_be_resumed() {
    let mut room = Room::with_ftps("", "").await;
    let (target, home) = (Target::of(&room), room.home.path().to_owned());
    let own = target.clone();
    let disk = room.disk("inbox/liste.csv");
    beside(move || {
        let mut raw = Raw::login(&own, "muster");
        let mut data = raw.transfer("STOR inbox/liste.csv");
        data.send(&bytes()[..150_000]);
        data.cut();
        assert!(raw.reply().starts_with("451"));
        assert!(!disk.exists());
        assert_eq!(raw.ask("SIZE inbox/liste.csv"), "213 150000");
    })
    .await;
    beside(move || {
        let path = file(&home, "liste.csv", &bytes());
        content(target.curl(&["-C", "-", "-T", &path, &target.url("inbox/liste.csv")]));
    })
    .await;
    assert_eq!(fs::read(room.disk("inbox/liste.csv")).unwrap(), bytes());
    assert_eq!(room.arrival().await.size, 200_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_resume_does_not_spoil_the_next_transfer() {
    let room = Room::with_ftps("", "settle = \"1h\"").await;
    let (target, home) = (Target::of(&room), room.home.path().to_owned());
    fs::write(home.join("x.csv"), bytes()).unwrap();
    let disk = room.disk("inbox/x.csv");
    beside(move || {
        content(target.curl(&["-T", &home.join("x.csv").to_string_lossy(), &target.url("inbox/x.csv")]));
        let mut raw = Raw::login(&target, "muster");
        raw.expect("REST 300000", "350");
        let mut data = raw.transfer("STOR inbox/x.csv");
        data.send(b"x");
        data.cut();
        assert!(raw.reply().starts_with("451"));
        assert_eq!(fs::read(&disk).unwrap(), bytes(), "the complete file is left alone");
        assert_eq!(raw.reply(), "", "the session ends, as it still has the offset");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_nobody_gets_in() {
    let room = Room::with_ftps("", "").await;
    let target = Target::of(&room);
    fs::write(room.disk("outbox/reports/a.csv"), "geheim").unwrap();
    beside(move || {
        let mut raw = Raw::plain(&target);
        let reply = raw.ask("USER muster");
        assert!(reply.starts_with('5'), "{reply}");
        let mut raw = Raw::login(&target, "muster");
        raw.expect("PROT C", "200");
        for command in ["RETR outbox/reports/a.csv", "LIST outbox/reports", "STOR inbox/x.csv"] {
            let mut data = raw.transfer_plain(command);
            assert_eq!(data.receive(), b"", "{command}");
            assert!(raw.reply().starts_with("550"), "{command}");
        }
    })
    .await;
    assert!(!room.disk("inbox/x.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_ftp_for_its_client_alone_and_complete_by_rename() {
    let mut room = Room::with_ftps("", "plain_ftp = true\ncompletion = \"rename\" # so no settle").await;
    let target = Target::of(&room);
    beside(move || {
        let mut other = Raw::plain(&target);
        other.expect("USER andere", "331");
        other.expect("PASS geheim", "530");
        let mut raw = Raw::plain(&target);
        raw.expect("USER muster", "331");
        raw.expect("PASS geheim", "230");
        raw.expect("TYPE I", "200");
        let mut data = raw.transfer_plain("STOR inbox/halb.csv");
        data.send(b"a;b\n");
        data.cut();
        assert!(raw.reply().starts_with("226"));
        let mut data = raw.transfer_plain("STOR inbox/liste.csv.part");
        data.send(&bytes());
        data.cut();
        assert!(raw.reply().starts_with("226"));
        raw.expect("RNFR inbox/liste.csv.part", "350");
        raw.expect("RNTO inbox/liste.csv", "250");
    })
    .await;
    let arrival = room.arrival().await;
    assert_eq!(arrival.protocol, Protocol::Ftp);
    assert_eq!(arrival.path.as_bytes(), b"inbox/liste.csv");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_counted_and_end_with_the_access() {
    let room = Room::with_ftps("max_sessions_per_client = 1", "").await;
    let target = Target::of(&room);
    let mut raw = beside(move || {
        let raw = Raw::login(&target, "muster");
        let mut second = Raw::secure(&target);
        second.expect("USER muster", "331");
        second.expect("PASS geheim", "530");
        raw
    })
    .await;
    assert_eq!(room.inbox.open_sessions(), 1);
    let mut clients = room.reload();
    clients.retain(|client| client.key.as_str() != "muster");
    room.inbox.reload(&clients).await.unwrap();
    let heard = beside(move || raw.reply()).await;
    assert_eq!(heard, "");
    write_client(&room.home, "muster", "", "");
    within(room.inbox.shutdown()).await;
    assert_eq!(room.inbox.open_sessions(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_ends_the_connection_and_a_stalled_transfer_does_not_stop_the_end() {
    let room = Room::with_ftps("max_auth_attempts = 2", "").await;
    let (target, own) = (Target::of(&room), Target::of(&room));
    let replies = beside(move || {
        let mut raw = Raw::secure(&target);
        for _ in 0..2 {
            raw.expect("USER muster", "331");
            raw.expect("PASS falsch", "530");
        }
        raw.reply()
    })
    .await;
    assert_eq!(replies, "");
    let (raw, data) = beside(move || {
        let mut raw = Raw::login(&own, "muster");
        let mut data = raw.transfer("STOR inbox/liste.csv");
        data.send(&bytes());
        (raw, data)
    })
    .await;
    within(room.inbox.shutdown()).await;
    assert_eq!(room.inbox.open_sessions(), 0);
    assert!(!room.disk("inbox/liste.csv").exists());
    drop((raw, data));
}

/// What the whole process logs, spans included.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_no_file() {
    let heard = Heard::default();
    let writer = heard.clone();
    tracing_subscriber::fmt()
        // The watcher of folders names files at this level, which is not about FTPS.
        .with_env_filter("trace,notify=off")
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .init();
    let mut room = Room::with_ftps("", "").await;
    let (target, home) = (Target::of(&room), room.home.path().to_owned());
    beside(move || {
        let path = file(&home, "Erika-Musterschuldnerin.csv", &bytes());
        content(target.curl(&["-T", &path, &target.url("inbox/")]));
        let refused = target.curl(&["-T", &path, &target.url("outbox/")]);
        assert!(!refused.status.success());
    })
    .await;
    room.arrival().await;
    room.inbox.shutdown().await;
    let log = String::from_utf8_lossy(&heard.0.lock().unwrap()).into_owned();
    assert!(
        log.contains("logged in over FTPS") && log.contains("refused over FTPS"),
        "{log}"
    );
    assert!(log.contains("libunftp::"), "the library's records come through");
    for secret in ["Musterschuldnerin", "geheim"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
