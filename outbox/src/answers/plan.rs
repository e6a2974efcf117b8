//! Which answers a delivery gets: decided when it is imported, queued in the same transaction.

use std::collections::BTreeSet;

use dropcase_cases::import::ImportOutcome;
use dropcase_cases::model::{Answer, OutboxKind, Status};
use dropcase_config::{AnswerFormat, Client, Mail, MailTransport};
use serde::{Deserialize, Serialize};

/// Formats of a correction: as the file came.
pub const AS_IT_CAME: &str = "as-it-came";

/// Notices that go out by mail; each is a folder of `notices/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// What became of a delivery, to the client.
    DeliveryResult,
    /// A report lies there, to the client.
    ReportReady,
    /// A delivery is in quarantine, to the operator.
    Quarantine,
    /// A reply or a query of the agency, to the client that wants it by mail.
    Message,
}

/// What a queued mail is about: ids and choices, and the address it goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailParams {
    /// Which notice.
    pub notice: Notice,
    /// The one address this row is for, so that one bad address does not hold the others.
    pub to: String,
    /// Which report is announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// The report's file name, without personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The row of the message that it brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<i64>,
}

impl MailParams {
    /// A notice about the delivery of its row.
    pub fn new(notice: Notice, to: &str) -> Self {
        Self {
            notice,
            to: to.to_owned(),
            report: None,
            file: None,
            message: None,
        }
    }

    /// A row of the outbox for it.
    pub fn answer(&self) -> Answer {
        Answer {
            kind: OutboxKind::Mail,
            format: "mail".to_owned(),
            // Strings, an enum and a number always serialise.
            params: serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned()),
        }
    }
}

/// The answers of a delivery: acknowledgements in the client's formats (default: XLSX when a workbook came, else
/// CSV), a correction when records go back, a mail to each of the client's addresses. A list without records, the
/// normal empty night of an ERP, gets no mail.
pub fn plan_answers(client: &Client, mail: &Mail, outcome: &ImportOutcome, workbook: bool) -> Vec<Answer> {
    let mut answers = acknowledgements(client, workbook);
    if outcome.rejected > 0 {
        answers.push(Answer::new(OutboxKind::Correction, AS_IT_CAME));
    }
    let empty_night = outcome.submitted == 0 && outcome.status == Status::Accp;
    if !empty_night {
        answers.extend(addresses(client, mail).map(|to| MailParams::new(Notice::DeliveryResult, to).answer()));
    }
    answers
}

/// The receipt of a client that wants one.
pub fn plan_receipt(client: &Client) -> Option<Answer> {
    client.receipts.then(|| Answer::new(OutboxKind::Receipt, "json"))
}

/// The answers of a paper or a message: as those of a list, without a correction, since no row goes back.
pub fn plan_paper(client: &Client, mail: &Mail) -> Vec<Answer> {
    let mut answers = acknowledgements(client, false);
    answers.extend(addresses(client, mail).map(|to| MailParams::new(Notice::DeliveryResult, to).answer()));
    answers
}

/// The answers of a delivery in quarantine: acknowledgements, a mail to the client, an alert to the operator.
pub fn plan_quarantine(client: &Client, mail: &Mail, workbook: bool) -> Vec<Answer> {
    let nothing = ImportOutcome {
        status: Status::Rjct,
        submitted: 0,
        accepted: 0,
        rejected: 0,
        duplicate: 0,
        withheld: 0,
    };
    let mut answers = plan_answers(client, mail, &nothing, workbook);
    answers.extend(
        mail.operator()
            .map(|to| MailParams::new(Notice::Quarantine, to).answer()),
    );
    answers
}

/// Addresses that get the client's notices; none when no mails are sent.
pub(crate) fn addresses<'a>(client: &'a Client, mail: &Mail) -> impl Iterator<Item = &'a str> {
    let off = mail.transport == MailTransport::Off;
    client.email.iter().filter(move |_| !off).map(String::as_str)
}

fn acknowledgements(client: &Client, workbook: bool) -> Vec<Answer> {
    let answer = |format| Answer::new(OutboxKind::Acknowledgement, format_name(format));
    formats(client, workbook).into_iter().map(answer).collect()
}

fn formats(client: &Client, workbook: bool) -> BTreeSet<AnswerFormat> {
    if !client.answers.is_empty() {
        return client.answers.clone();
    }
    BTreeSet::from([if workbook {
        AnswerFormat::Xlsx
    } else {
        AnswerFormat::Csv
    }])
}

/// The format's name in the outbox table and in file names.
pub const fn format_name(format: AnswerFormat) -> &'static str {
    match format {
        AnswerFormat::Csv => "csv",
        AnswerFormat::Xlsx => "xlsx",
        AnswerFormat::Json => "json",
        AnswerFormat::Xml => "xml",
    }
}
