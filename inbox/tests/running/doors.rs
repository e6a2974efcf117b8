//! Who gets in, who is thrown out, and peers that do not speak the protocol.

use crate::support::{Room, within, write_client};
use bytes::Bytes;
use russh::keys::key::safe_rng;
use russh::keys::{Algorithm, PrivateKey, PrivateKeyWithHashAlg};
use russh::{Channel, ChannelMsg, client};
use std::sync::Arc;

async fn channel(handle: &client::Handle<crate::support::Trusting>) -> Channel<client::Msg> {
    let mut channel = handle.channel_open_session().await.expect("a channel");
    channel.request_subsystem(true, "sftp").await.expect("the subsystem");
    assert!(matches!(within(channel.wait()).await, Some(ChannelMsg::Success)));
    channel
}

fn frame(payload: &[u8]) -> Bytes {
    [&u32::try_from(payload.len()).unwrap().to_be_bytes(), payload]
        .concat()
        .into()
}

fn init() -> Bytes {
    frame(&[1, 0, 0, 0, 3])
}

/// All data until the server closes the channel.
async fn until_closed(channel: &mut Channel<client::Msg>) -> Vec<u8> {
    let mut data = Vec::new();
    within(async {
        while let Some(message) = channel.wait().await {
            match message {
                ChannelMsg::Data { data: piece } => data.extend_from_slice(&piece),
                ChannelMsg::Close => break,
                _ => {}
            }
        }
    })
    .await;
    data
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_known_gets_in() {
    let room = Room::open().await;
    let good = PrivateKeyWithHashAlg::new(Arc::new(room.key.clone()), None);
    let stranger = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).unwrap();
    let stranger = PrivateKeyWithHashAlg::new(Arc::new(stranger), None);
    assert!(
        room.connect()
            .await
            .authenticate_publickey("muster", good.clone())
            .await
            .unwrap()
            .success()
    );
    assert!(
        room.connect()
            .await
            .authenticate_password("muster", "geheim")
            .await
            .unwrap()
            .success()
    );
    for (user, key) in [("muster", stranger), ("nobody", good)] {
        assert!(
            !room
                .connect()
                .await
                .authenticate_publickey(user, key)
                .await
                .unwrap()
                .success(),
            "{user}"
        );
    }
    for (user, password) in [("muster", "falsch"), ("nobody", "geheim"), ("muster", "")] {
        assert!(
            !room
                .connect()
                .await
                .authenticate_password(user, password)
                .await
                .unwrap()
                .success(),
            "{user}"
        );
    }
    assert!(
        !room
            .connect()
            .await
            .authenticate_none("muster")
            .await
            .unwrap()
            .success()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_so_many_sessions_and_no_more() {
    let room = Room::with("max_sessions_per_client = 2", "").await;
    let (_one, _two) = (room.sftp("muster").await, room.sftp("muster").await);
    let third = room.login("muster").await;
    assert!(within(third.channel_open_session()).await.is_err());
    let (_other, _session) = room.sftp("andere").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_ends_the_sessions_of_who_is_gone() {
    let room = Room::open().await;
    let (gone, _session) = room.sftp("muster").await;
    let (_stays, session) = room.sftp("andere").await;
    let other = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).unwrap();
    write_client(&room.home, "muster", "", &other.public_key().to_openssh().unwrap());
    room.inbox.reload(&room.reload()).await.unwrap();
    within(async {
        while !gone.is_closed() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(session.metadata("inbox").await.is_ok());
    let key = PrivateKeyWithHashAlg::new(Arc::new(room.key.clone()), None);
    assert!(
        !room
            .connect()
            .await
            .authenticate_publickey("muster", key)
            .await
            .unwrap()
            .success()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_log_in_is_shown_out() {
    let room = Room::with("login_grace = \"1s\"", "").await;
    let handle = room.connect().await;
    let idle = tokio::net::TcpStream::connect(room.address()).await.unwrap();
    within(async {
        while !handle.is_closed() {
            tokio::task::yield_now().await;
        }
        // Not a word of SSH, and out all the same: first the greeting, then the end.
        let mut buffer = [0; 256];
        loop {
            idle.readable().await.unwrap();
            match idle.try_read(&mut buffer) {
                Ok(0) => break,
                Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => break,
                _ => {}
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_nothing_is_shown_out() {
    let room = Room::with("idle_timeout = \"1s\"", "").await;
    let (handle, _session) = room.sftp("muster").await;
    within(async {
        while !handle.is_closed() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_shell_no_command_no_forwarding() {
    let room = Room::open().await;
    let handle = room.login("muster").await;
    for attempt in 0..4 {
        let mut channel = handle.channel_open_session().await.unwrap();
        match attempt {
            0 => channel.exec(true, "id").await.unwrap(),
            1 => channel.request_shell(true).await.unwrap(),
            2 => channel.set_env(true, "LANG", "C").await.unwrap(),
            _ => channel.request_subsystem(true, "netconf").await.unwrap(),
        }
        let answer = within(channel.wait()).await;
        assert!(matches!(answer, Some(ChannelMsg::Failure)), "{attempt}: {answer:?}");
        channel.close().await.unwrap();
    }
    assert!(
        handle
            .channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1)
            .await
            .is_err()
    );
    assert!(handle.tcpip_forward("127.0.0.1", 0).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oversized_frame_closes_the_channel() {
    let room = Room::open().await;
    let handle = room.login("muster").await;
    let mut channel = channel(&handle).await;
    // What follows the length looks like a request; it must not be taken for one.
    let mkdir = frame(&[b"\x0e\0\0\0\x01\0\0\0\x09inbox/abc\0\0\0\0".as_slice()].concat());
    let oversized: Bytes = [&0x0004_0001u32.to_be_bytes()[..], &mkdir].concat().into();
    channel.data_bytes(init()).await.unwrap();
    let version = within(channel.wait()).await;
    assert!(matches!(version, Some(ChannelMsg::Data { data }) if data[4] == 2));
    channel.data_bytes(oversized).await.unwrap();
    assert!(until_closed(&mut channel).await.is_empty());
    assert!(!room.disk("inbox/abc").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_comes_before_init() {
    let room = Room::open().await;
    let handle = room.login("muster").await;
    for first in [
        frame(b"\x10\0\0\0\x01\0\0\0\x01."),
        frame(&[1, 0, 0, 0, 2]),
        frame(&[1]),
    ] {
        let mut channel = channel(&handle).await;
        channel.data_bytes(first).await.unwrap();
        assert!(until_closed(&mut channel).await.is_empty());
    }
    let mut channel = channel(&handle).await;
    channel.data_bytes([init(), init()].concat()).await.unwrap();
    until_closed(&mut channel).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_without_listening_is_cut_off() {
    let room = Room::open().await;
    std::fs::write(room.disk("outbox/reports/r.bin"), vec![7; 1 << 20]).unwrap();
    // A window that never opens: nothing of the answers can leave.
    let config = client::Config {
        window_size: 0,
        ..client::Config::default()
    };
    let mut handle = client::connect(Arc::new(config), room.address(), crate::support::Trusting)
        .await
        .unwrap();
    let key = PrivateKeyWithHashAlg::new(Arc::new(room.key.clone()), None);
    assert!(handle.authenticate_publickey("muster", key).await.unwrap().success());
    let (mut reader, writer) = channel(&handle).await.split();
    writer.data_bytes(init()).await.unwrap();
    writer
        .data_bytes(frame(b"\x03\0\0\0\x01\0\0\0\x14outbox/reports/r.bin\0\0\0\x01\0\0\0\0"))
        .await
        .unwrap();
    let read = frame(b"\x05\0\0\0\x02\0\0\0\x010\0\0\0\0\0\0\0\0\0\0\x80\0");
    let many: Bytes = std::iter::repeat_n(read, 1000).flatten().collect();
    let asking = async {
        while writer.data_bytes(many.clone()).await.is_ok() {}
        std::future::pending::<()>().await;
    };
    let closed = async {
        while let Some(message) = reader.wait().await {
            if matches!(message, ChannelMsg::Close) {
                break;
            }
        }
    };
    tokio::select! {
        () = asking => {}
        () = within(closed) => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_never_served_holds_nothing_up() {
    let room = Room::open().await;
    let handle = room.login("muster").await;
    let idle = handle.channel_open_session().await.unwrap();
    for _ in 0..200 {
        idle.data_bytes(&b"x"[..]).await.unwrap();
        idle.set_env(false, "LANG", "de_DE").await.unwrap();
    }
    // What comes behind it on the same connection is answered, and the room can be shut.
    let mut served = within(channel(&handle)).await;
    served.data_bytes(init()).await.unwrap();
    assert!(matches!(within(served.wait()).await, Some(ChannelMsg::Data { .. })));
    within(room.inbox.shutdown()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_access_while_logging_in_does_not_get_in() {
    let room = Room::open().await;
    let accounts = room.inbox.accounts();
    let account = accounts.check_password("muster", "geheim").unwrap();
    assert!(accounts.enter(account.clone()).is_some());
    std::fs::remove_file(room.home.path().join("clients.d/muster.toml")).unwrap();
    room.inbox.reload(&room.reload()).await.unwrap();
    assert!(accounts.enter(account).is_none());
}
