//! Hands the lists over as a client does: by SFTP, with its key, and fetches the answers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use russh::client::{self, Config, Handler};
use russh::keys::key::PrivateKeyWithHashAlg;
use russh::keys::{PublicKey, PublicKeyOrCertificate};
use russh_sftp::client::SftpSession;
use tokio::io::AsyncWriteExt;

use super::SAMPLES;
use super::answers::Answer;
use super::home::{CLIENT, Door, Home};

const INBOX: &str = "inbox";
const ACKNOWLEDGEMENTS: &str = "outbox/acknowledgements";

/// How often a client looks whether an answer lies there.
const LOOK: Duration = Duration::from_millis(250);

/// Knows the host keys that the service has.
struct KnownHost(Vec<PublicKey>);

impl Handler for KnownHost {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else {
            return Ok(false);
        };
        Ok(self.0.iter().any(|known| known.key_data() == key.key_data()))
    }
}

/// Drops the samples and waits for the answer of each, in the order of [`SAMPLES`].
pub(super) async fn hand_over(home: &Home, door: &Door) -> anyhow::Result<Vec<Answer>> {
    let known: Result<_, _> = door
        .host_keys
        .iter()
        .map(|line| PublicKey::from_openssh(line))
        .collect();
    let known = KnownHost(known.context("the host keys")?);
    let mut session = client::connect(Arc::new(Config::default()), door.address, known)
        .await
        .context("SSH")?;
    let key = PrivateKeyWithHashAlg::new(Arc::new(home.key.clone()), None);
    if !session
        .authenticate_publickey(CLIENT, key)
        .await
        .context("SSH")?
        .success()
    {
        bail!("the service does not let the demo's key in");
    }
    let channel = session.channel_open_session().await.context("SSH")?;
    channel.request_subsystem(true, "sftp").await.context("SSH")?;
    let sftp = SftpSession::new(channel.into_stream()).await.context("SFTP")?;
    let before = names(&sftp).await?;
    for (name, content) in SAMPLES {
        drop_file(&sftp, &format!("{INBOX}/{name}"), content)
            .await
            .with_context(|| format!("handing {name} over"))?;
    }
    let mut answers = Vec::new();
    for (name, _) in SAMPLES {
        let path = answer_to(&sftp, name, &before).await?;
        let json = sftp.read(path).await.context("the answer")?;
        answers.push(Answer::read(&json)?);
    }
    sftp.close().await.context("SFTP")?;
    Ok(answers)
}

async fn drop_file(sftp: &SftpSession, path: &str, content: &[u8]) -> anyhow::Result<()> {
    let mut file = sftp.create(path).await?;
    file.write_all(content).await?;
    // The reply to the close says that the file is on the disk.
    Ok(file.shutdown().await?)
}

/// Waits until there is a new answer to `name`; yields its path.
async fn answer_to(sftp: &SftpSession, name: &str, before: &BTreeSet<String>) -> anyhow::Result<String> {
    let mut look = tokio::time::interval(LOOK);
    loop {
        look.tick().await;
        let is_new = |found: &String| !before.contains(found) && is_answer(found, name);
        if let Some(found) = names(sftp).await?.into_iter().find(is_new) {
            return Ok(format!("{ACKNOWLEDGEMENTS}/{found}"));
        }
    }
}

/// `uebergabe.csv.12-of-16.<id>.ack.json` answers `uebergabe.csv`.
fn is_answer(found: &str, name: &str) -> bool {
    let rest = found.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
    rest.is_some_and(|rest| rest.contains("-of-") && rest.ends_with(".ack.json"))
}

async fn names(sftp: &SftpSession) -> anyhow::Result<BTreeSet<String>> {
    let entries = sftp.read_dir(ACKNOWLEDGEMENTS).await.context("the outbox")?;
    Ok(entries.map(|entry| entry.file_name()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_known_by_their_names() {
        for (found, name, expected) in [
            ("a.csv.1-of-2.06h0q92ptqhz.ack.json", "a.csv", true),
            ("a.csv.1-of-2.06h0q92ptqhz.ack.csv", "a.csv", false),
            ("a.csv.1-of-2.06h0q92ptqhz.ack.json", "a.cs", false),
            ("a.csv.06h0q92ptqhz.received.json", "a.csv", false),
        ] {
            assert_eq!(is_answer(found, name), expected, "{found}");
        }
    }
}
