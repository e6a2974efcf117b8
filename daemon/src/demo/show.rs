//! What the demo says.

use super::answers::Answer;
use super::home::{CLIENT, Door, Home};
use super::mail::Mail;
use crate::cli::output::plain;
use crate::cli::print;
use crate::cli::table::{Column, table};
use crate::cli::words::money;
use crate::commands::{self, Report};
use crate::control::{Actor, Failure, Request};
use crate::owner;
use crate::serve::Running;

/// Cases that are shown.
const CASES: u32 = 50;

/// What was made and where it listens.
pub(super) fn welcome(home: &Home, door: &Door) -> String {
    format!(
        "The home is {}: settings in dropcase.toml, the client {CLIENT} in clients.d/{CLIENT}.toml.\n\
         SFTP listens on {}, host key {}.\n\
         Handing two lists over by SFTP; each is taken three seconds after its last write …\n",
        home.dir.display(),
        door.address,
        door.fingerprint,
    )
}

/// One answer, a line a record.
pub(super) fn answer(answer: &Answer) -> String {
    const COLUMNS: [Column; 8] = [
        Column::Right("ROW"),
        Column::Left("OUTCOME"),
        Column::Left("CASE"),
        Column::Left("DEBTOR NO"),
        Column::Left("INVOICE"),
        Column::Right("AMOUNT"),
        Column::Left("CODE"),
        Column::Left("MESSAGE"),
    ];
    let title = format!(
        "\n{}: {} ({}-of-{}), {} rejected, {} duplicate; delivery {}\n",
        plain(&answer.file),
        answer.status,
        answer.accepted,
        answer.submitted,
        answer.rejected,
        answer.duplicate,
        answer.delivery,
    );
    if let Some(first) = &answer.first_delivery {
        return format!("{title}The same file was handed over before, as delivery {first}; its result stands.\n");
    }
    let rows = answer.records.iter().map(|record| {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let amount = record
            .amount
            .as_ref()
            .map(|amount| money(amount, record.currency.as_deref().unwrap_or_default()));
        let finding = record.finding();
        vec![
            record.row.to_string(),
            record.outcome.clone(),
            text(&record.case_number),
            text(&record.debtor_number),
            text(&record.invoice_number),
            amount.unwrap_or_default(),
            finding.map(|finding| finding.code.clone()).unwrap_or_default(),
            finding.map(|finding| finding.message.clone()).unwrap_or_default(),
        ]
    });
    title + "\n" + &table(&COLUMNS, rows, "It has no records.")
}

/// What `dropcase case list --client demo` shows.
pub(super) async fn cases(running: &Running) -> Result<String, Failure> {
    let request = Request::CaseList {
        client: Some(CLIENT.to_owned()),
        debtor: None,
        status: "open".to_owned(),
        limit: CASES,
    };
    let actor = Actor {
        name: owner::current_user(),
    };
    let body = Box::new(tokio::io::empty());
    let answer = commands::run(&running.app, &actor, request, body, &mut Silent).await?;
    let list = serde_json::from_value(answer).map_err(anyhow::Error::from)?;
    Ok(format!(
        "\nThe cases (dropcase case list --client {CLIENT}):\n\n{}",
        print::cases::list(&list)
    ))
}

/// One mail.
pub(super) fn mail(mail: &Mail) -> String {
    let text: String = mail
        .text
        .trim_end()
        .lines()
        .map(|line| format!("  {}\n", plain(line)))
        .collect();
    format!(
        "\nMail {}\n  To: {}\n  Subject: {}\n\n{text}",
        mail.file.display(),
        plain(&mail.to),
        plain(&mail.subject)
    )
}

/// How to try by hand.
pub(super) fn by_hand(home: &Home, door: &Door) -> String {
    let (host, port) = (door.address.ip(), door.address.port());
    let mut text = format!(
        "\nTry it by hand:\n\
         \x20 sftp -i {key} -o UserKnownHostsFile={hosts} -P {port} {CLIENT}@{host}\n\
         \x20 Password: {password}   (for programs without the key: host {host}, port {port}, user {CLIENT})\n",
        key = home.key_file().display(),
        hosts = home.known_hosts().display(),
        password = home.password,
    );
    if let Some(ftps) = door.ftps {
        text += &format!(
            "  curl --ssl-reqd --cacert {certificate} -u {CLIENT}:{password} ftp://{ftps}/outbox/acknowledgements/\n",
            certificate = home.certificate().display(),
            password = home.password,
        );
    }
    text + &format!(
        "  Put a list into inbox/ or validate/, then look into outbox/acknowledgements/ and outbox/corrections/.\n\
         \x20 dropcase --config {} delivery list\n",
        home.settings().display()
    )
}

/// Nobody waits for progress.
struct Silent;

impl Report for Silent {
    async fn progress(&mut self, _: u64) {}

    async fn piece(&mut self, _: usize, _: &[u8]) -> anyhow::Result<()> {
        Ok(())
    }
}
