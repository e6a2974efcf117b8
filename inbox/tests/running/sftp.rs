//! The way of files over SFTP, with russh-sftp's client and, where it is installed, OpenSSH's.

use crate::support::{Room, within};
use dropcase_inbox::{Event, Folder, Protocol};
use russh_sftp::client::error::Error;
use russh_sftp::protocol::{FileAttributes, OpenFlags, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> StatusCode {
    match result {
        Err(Error::Status(status)) => status.status_code,
        other => panic!("not a status: {other:?}"),
    }
}

/// Bytes that differ everywhere, so that a shift shows.
fn bytes(length: usize) -> Vec<u8> {
    (0..length)
        .map(|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect()
}

async fn put(session: &russh_sftp::client::SftpSession, name: &str, data: &[u8]) {
    let mut file = session.create(name).await.unwrap();
    file.write_all(data).await.unwrap();
    file.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_all_the_way() {
    let mut room = Room::open().await;
    let (_handle, session) = room.sftp("muster").await;
    let data = bytes(3_000_000);
    put(&session, "inbox/x.csv", &data).await;
    assert_eq!(session.read("/inbox/x.csv").await.unwrap(), data);
    assert_eq!(session.metadata("inbox/x.csv").await.unwrap().size, Some(3_000_000));
    let arrival = room.arrival().await;
    assert_eq!(
        (arrival.folder, arrival.protocol, arrival.size),
        (Folder::Inbox, Protocol::Sftp, 3_000_000)
    );
    assert_eq!(
        (arrival.user.as_deref(), arrival.name.as_str()),
        (Some("muster"), "x.csv")
    );
    let claim = room.inbox.claim();
    let taken = claim.take(&arrival, "d1").unwrap();
    assert_eq!(claim.take(&arrival, "d1").unwrap(), taken);
    assert_eq!(std::fs::read(&taken.path).unwrap(), data);
    // Clients look again after the upload.
    assert_eq!(session.metadata("inbox/x.csv").await.unwrap().size, Some(3_000_000));
    claim.archive(&taken, arrival.arrived_at.date_naive()).unwrap();
    claim.clear(&arrival.client, "d1").unwrap();
    let day = format!("archive/{}", arrival.arrived_at.date_naive());
    let archived: Vec<String> = session
        .read_dir(day)
        .await
        .unwrap()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(archived, ["d1_x.csv"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_upload_goes_on_in_another_session() {
    let mut room = Room::open().await;
    let data = bytes(200_000);
    let (handle, session) = room.sftp("muster").await;
    let mut file = session.create("inbox/x.csv").await.unwrap();
    file.write_all(&data[..150_000]).await.unwrap();
    file.flush().await.unwrap();
    // The line breaks: no CLOSE, no goodbye.
    drop(handle);
    std::mem::forget((file, session));
    let (_handle, session) = room.sftp("muster").await;
    let size = session.metadata("inbox/x.csv").await.unwrap().size.unwrap();
    assert_eq!(size, 150_000);
    assert!(!room.disk("inbox/x.csv").exists());
    let mut file = session.open_with_flags("inbox/x.csv", OpenFlags::WRITE).await.unwrap();
    file.seek(std::io::SeekFrom::Start(size)).await.unwrap();
    file.write_all(&data[150_000..]).await.unwrap();
    file.shutdown().await.unwrap();
    let arrival = room.arrival().await;
    let taken = room.inbox.claim().take(&arrival, "d1").unwrap();
    assert_eq!(std::fs::read(taken.path).unwrap(), data);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_final_and_say_what_to_do() {
    let room = Room::with("", "max_file = \"100KB\"").await;
    let (_handle, session) = room.sftp("muster").await;
    for name in ["outbox/x.csv", "x.csv", "outbox/reports/x.csv", "templates/x.csv"] {
        let Err(Error::Status(status)) = session.create(name).await else {
            panic!("{name}")
        };
        assert_eq!(status.status_code, StatusCode::PermissionDenied);
        assert!(status.error_message.contains("inbox/"), "{}", status.error_message);
    }
    for name in ["inbox/a\nb", "inbox/.dropcase-x", "../../x"] {
        assert_eq!(
            code(session.create(name).await.map(drop)),
            StatusCode::PermissionDenied,
            "{name:?}"
        );
    }
    assert_eq!(
        code(session.create("inbox/none/x").await.map(drop)),
        StatusCode::NoSuchFile
    );
    assert_eq!(
        code(session.symlink("inbox/a", "/etc/passwd").await),
        StatusCode::PermissionDenied
    );
    assert_eq!(
        code(session.read_dir("nothing").await.map(drop)),
        StatusCode::NoSuchFile
    );
    let mut file = session.create("inbox/big.csv").await.unwrap();
    let mut written = file.write_all(&bytes(200_000)).await;
    if written.is_ok() {
        written = file.shutdown().await;
    }
    assert!(written.is_err());
    std::mem::forget(file);
    assert_eq!(code(session.metadata("inbox/big.csv").await), StatusCode::NoSuchFile);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_read_and_picked_up() {
    let mut room = Room::open().await;
    std::fs::write(room.disk("outbox/reports/r.csv"), "r").unwrap();
    let (_handle, session) = room.sftp("muster").await;
    assert_eq!(session.read("outbox/reports/r.csv").await.unwrap(), b"r");
    assert_eq!(
        code(session.rename("outbox/reports/r.csv", "inbox/r.csv").await),
        StatusCode::PermissionDenied
    );
    session.remove_file("outbox/reports/r.csv").await.unwrap();
    let Event::PickedUp { client, path } = within(room.streams.events.recv()).await.unwrap();
    assert_eq!(
        (client.as_str(), path.as_bytes()),
        ("muster", b"outbox/reports/r.csv".as_slice())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_do_not_see_each_other() {
    let room = Room::open().await;
    let (_handle, session) = room.sftp("muster").await;
    put(&session, "inbox/secret.csv", b"secret").await;
    let (_other_handle, other) = room.sftp("andere").await;
    let names: Vec<String> = other
        .read_dir("inbox")
        .await
        .unwrap()
        .map(|entry| entry.file_name())
        .collect();
    assert!(!names.contains(&"secret.csv".to_owned()));
    for name in [
        "../muster/inbox/secret.csv",
        "/../muster/inbox/secret.csv",
        "inbox/secret.csv",
    ] {
        assert!(other.read(name).await.is_err(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn temporary_names_times_and_replacing_renames() {
    let mut room = Room::with("", "settle = \"3s\"").await;
    let (_handle, session) = room.sftp("muster").await;
    put(&session, "inbox/x.csv", b"old").await;
    put(&session, "inbox/x.csv.filepart", b"new").await;
    session.rename("inbox/x.csv.filepart", "inbox/x.csv").await.unwrap();
    let times = FileAttributes {
        atime: Some(1_700_000_000),
        mtime: Some(1_700_000_001),
        ..FileAttributes::empty()
    };
    session.set_metadata("inbox/x.csv", times).await.unwrap();
    assert_eq!(
        session.metadata("inbox/x.csv").await.unwrap().mtime,
        Some(1_700_000_001)
    );
    let arrival = room.arrival().await;
    let taken = room.inbox.claim().take(&arrival, "d1").unwrap();
    assert_eq!(std::fs::read(taken.path).unwrap(), b"new");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_entries_are_listed() {
    let room = Room::open().await;
    for number in 0..100_000 {
        std::fs::write(room.disk(&format!("outbox/reports/{number:06}.csv")), "").unwrap();
    }
    let (_handle, session) = room.sftp("muster").await;
    let mut names: Vec<String> = session
        .read_dir("outbox/reports")
        .await
        .unwrap()
        .map(|entry| entry.file_name())
        .collect();
    names.sort();
    assert_eq!((names.len(), names[99_999].as_str()), (100_000, "099999.csv"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_exchanged_anew_on_the_way() {
    let room = Room::with("rekey_bytes = \"1MiB\"", "").await;
    let (_handle, session) = room.sftp("muster").await;
    let data = bytes(24 << 20);
    put(&session, "inbox/x.bin", &data).await;
    let mut file = session.open("inbox/x.bin").await.unwrap();
    let mut back = Vec::new();
    within(file.read_to_end(&mut back)).await.unwrap();
    assert!(back == data);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_put_files_here_too() {
    let mut room = Room::open().await;
    std::fs::write(room.disk("validate/local.csv"), "local").unwrap();
    let arrival = room.arrival().await;
    assert_eq!(
        (arrival.folder, arrival.protocol, arrival.user.clone()),
        (Folder::Validate, Protocol::Local, None)
    );
    let taken = room.inbox.claim().take(&arrival, "d1").unwrap();
    assert_eq!(std::fs::read(taken.path).unwrap(), b"local");
    assert!(!room.disk("validate/local.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_puts_resumes_and_gets() {
    use russh::keys::ssh_key::LineEnding;
    use std::os::unix::fs::PermissionsExt as _;
    let mut room = Room::with("", "settle = \"3s\"").await;
    let home = room.home.path().to_owned();
    let key = home.join("key");
    std::fs::write(&key, room.key.to_openssh(LineEnding::LF).unwrap().as_bytes()).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(home.join("x.bin"), bytes(2_000_000)).unwrap();
    std::fs::write(home.join("half.bin"), &bytes(2_000_000)[..1_000_000]).unwrap();
    let batch = "put x.bin inbox/x.bin\nget inbox/x.bin y.bin\nls -l inbox\nput -p half.bin inbox/z.bin\n\
                 rename inbox/z.bin inbox/v.bin\nrm inbox/x.bin\nreput x.bin inbox/v.bin\ndf\n";
    std::fs::write(home.join("batch"), batch).unwrap();
    let output = tokio::process::Command::new("sftp")
        .current_dir(&home)
        .args(["-b", "batch", "-i", "key", "-P", &room.address().port().to_string()])
        .args([
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "IdentitiesOnly=yes",
        ])
        .arg("muster@127.0.0.1")
        .output();
    let output = match within(output).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return eprintln!("SKIPPED: OpenSSH's sftp is not installed");
        }
        output => output.unwrap(),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read(home.join("y.bin")).unwrap(), bytes(2_000_000));
    let arrival = room.arrival().await;
    assert_eq!((arrival.name.as_str(), arrival.size), ("v.bin", 2_000_000));
    assert!(std::fs::read(room.disk("inbox/v.bin")).unwrap() == bytes(2_000_000));
}
