//! `dropcase client list` and `show`.

use std::path::Path;
use std::process::ExitCode;

use dropcase_config::{AnswerFormat, Client, ClientKey, Completion, Service, fingerprint, load_all};
use dropcase_outbox::language::{decimal, digits_of};
use serde::Serialize;

use crate::control::Failure;

use super::super::table::{Column, pairs, table};
use super::super::{output, settings};
use super::mandate;

/// A client in the list.
#[derive(Debug, Serialize)]
struct Line {
    key: String,
    name: String,
    back_office: bool,
    locale: &'static str,
    country: String,
    currency: String,
    users: Vec<String>,
    reports: usize,
}

/// A client's settings in force, without secrets.
#[derive(Debug, Serialize)]
struct Settings {
    key: String,
    name: String,
    file: String,
    back_office: bool,
    locale: &'static str,
    country: String,
    currency: String,
    time_zone: &'static str,
    email: Vec<String>,
    answers: Vec<&'static str>,
    receipts: bool,
    completion: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_ms: Option<u64>,
    plain_ftp: bool,
    max_file_bytes: u64,
    policy: &'static str,
    number_format: Option<&'static str>,
    date_order: Option<&'static str>,
    minimum_amount: String,
    debtor_number_from_invoice: bool,
    layouts: Vec<String>,
    archive_days: u32,
    creditors: Vec<Creditor>,
    mandates: Vec<mandate::Shown>,
    users: Vec<User>,
    reports: Vec<Report>,
}

#[derive(Debug, Serialize)]
struct Creditor {
    code: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct User {
    name: String,
    rights: Vec<&'static str>,
    /// Whether a password is accepted.
    password: bool,
    keys: Vec<Key>,
}

#[derive(Debug, Serialize)]
struct Key {
    algorithm: String,
    fingerprint: String,
    comment: String,
}

#[derive(Debug, Serialize)]
struct Report {
    kind: &'static str,
    status: String,
    formats: Vec<&'static str>,
    schedule: String,
    mail: bool,
}

/// `client list`.
pub(super) fn list(named: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let (_, clients) = load_all(&settings::find(named)?).map_err(settings::mistakes)?;
    let lines: Vec<Line> = clients.iter().map(Line::of).collect();
    #[derive(Serialize)]
    struct Listed {
        clients: Vec<Line>,
    }
    output::answer(json, &Listed { clients: lines }, |listed| {
        const COLUMNS: [Column; 8] = [
            Column::Left("KEY"),
            Column::Left("NAME"),
            Column::Left("SIDE"),
            Column::Left("LANGUAGE"),
            Column::Left("COUNTRY"),
            Column::Left("CURRENCY"),
            Column::Left("USERS"),
            Column::Right("REPORTS"),
        ];
        let rows = listed.clients.iter().map(|client| {
            let users = client.users.join(", ");
            let reports = client.reports.to_string();
            let (country, currency) = (client.country.clone(), client.currency.clone());
            vec![
                client.key.clone(),
                client.name.clone(),
                side(client.back_office),
                client.locale.to_owned(),
                country,
                currency,
                users,
                reports,
            ]
        });
        table(
            &COLUMNS,
            rows,
            "There are no clients yet; `dropcase client add` makes one.",
        )
    })
}

/// `client show`.
pub(super) fn one(named: Option<&Path>, key: &ClientKey, json: bool) -> Result<ExitCode, Failure> {
    let service = settings::load(named)?;
    let path = settings::client_file(&service, key);
    if !path.is_file() {
        return Err(Failure::not_found(format!("there is no client {key}")));
    }
    let client = Client::load(&path, &service).map_err(settings::mistakes)?;
    output::answer(json, &Settings::of(&client, &service, &path), text)
}

impl Line {
    fn of(client: &Client) -> Self {
        Self {
            key: client.key.to_string(),
            name: client.name.clone(),
            back_office: client.back_office,
            locale: client.locale.as_str(),
            country: client.country.clone(),
            currency: client.currency.clone(),
            users: client.users.iter().map(|user| user.name.clone()).collect(),
            reports: client.reports.len(),
        }
    }
}

impl Settings {
    fn of(client: &Client, service: &Service, path: &Path) -> Self {
        let (completion, settle_ms) = match client.completion {
            Completion::Hold { settle_ms } => ("hold", Some(settle_ms)),
            Completion::Rename => ("rename", None),
            Completion::Marker => ("marker", None),
        };
        Self {
            key: client.key.to_string(),
            name: client.name.clone(),
            file: path.display().to_string(),
            back_office: client.back_office,
            locale: client.locale.as_str(),
            country: client.country.clone(),
            currency: client.currency.clone(),
            time_zone: client.time_zone.name(),
            email: client.email.clone(),
            answers: words(&client.answers),
            receipts: client.receipts,
            completion,
            settle_ms,
            plain_ftp: client.plain_ftp,
            max_file_bytes: client.max_file_bytes.unwrap_or(service.limits.max_file_bytes),
            policy: client.policy.as_str(),
            number_format: client.number_format.map(|format| format.as_str()),
            date_order: client.date_order.map(|order| order.as_str()),
            minimum_amount: decimal(client.minimum_amount, digits_of(&client.currency), '.'),
            debtor_number_from_invoice: client.debtor_number_from_invoice,
            layouts: client.layouts.clone(),
            archive_days: client.archive_days,
            creditors: client.creditors.iter().map(Creditor::of).collect(),
            mandates: mandates(client),
            users: client.users.iter().map(User::of).collect(),
            reports: client.reports.iter().map(Report::of).collect(),
        }
    }
}

impl Creditor {
    fn of(creditor: &dropcase_config::Creditor) -> Self {
        Self {
            code: creditor.code.clone(),
            name: creditor.name.clone(),
        }
    }
}

impl User {
    fn of(user: &dropcase_config::User) -> Self {
        Self {
            name: user.name.clone(),
            rights: user.rights.iter().map(|right| right.as_str()).collect(),
            password: user.password.is_some(),
            keys: user.keys.iter().map(|line| Key::of(line)).collect(),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{} ({})", self.name, self.rights.join(", "));
        if self.password {
            text += ", password";
        }
        if !self.password && self.keys.is_empty() {
            text += ", cannot log in: neither key nor password";
        }
        text
    }
}

impl Key {
    fn of(line: &str) -> Self {
        let mut words = line.trim().splitn(3, char::is_whitespace);
        Self {
            algorithm: words.next().unwrap_or_default().to_owned(),
            fingerprint: fingerprint(line).unwrap_or_default(),
            comment: words.nth(1).unwrap_or_default().trim().to_owned(),
        }
    }
}

impl Report {
    fn of(report: &dropcase_config::Report) -> Self {
        Self {
            kind: report.kind.as_str(),
            status: report.status.clone(),
            formats: words(&report.formats),
            schedule: report.schedule.source().to_owned(),
            mail: report.mail,
        }
    }
}

fn mandates(client: &Client) -> Vec<mandate::Shown> {
    let shown = |mandate| mandate::Shown::of(mandate, &client.currency);
    client.mandates.iter().map(shown).collect()
}

/// On which side of the case desk a client's files stand.
fn side(back_office: bool) -> String {
    match back_office {
        true => "back office".to_owned(),
        false => "client".to_owned(),
    }
}

fn words<'a>(formats: impl IntoIterator<Item = &'a AnswerFormat>) -> Vec<&'static str> {
    formats.into_iter().map(|format| format.as_str()).collect()
}

fn text(client: &Settings) -> String {
    let completion = client
        .settle_ms
        .map_or_else(|| client.completion.to_owned(), |ms| format!("hold, {ms} ms"));
    let answers = if client.answers.is_empty() {
        "by what came".to_owned()
    } else {
        client.answers.join(", ")
    };
    let many = |items: Vec<String>| items.join("; ");
    let agreed = client
        .mandates
        .iter()
        .map(|mandate| mandate.text(&client.currency))
        .collect();
    let mut text = pairs([
        ("Key", client.key.clone()),
        ("Name", client.name.clone()),
        ("Side", side(client.back_office)),
        ("File", client.file.clone()),
        ("Language", client.locale.to_owned()),
        ("Country", client.country.clone()),
        ("Currency", client.currency.clone()),
        ("Time zone", client.time_zone.to_owned()),
        ("E-mail", client.email.join(", ")),
        ("Answers", answers),
        ("Completion", completion),
        ("Policy", client.policy.to_owned()),
        (
            "Minimum amount",
            format!("{} {}", client.minimum_amount, client.currency),
        ),
        ("Layouts", client.layouts.join(", ")),
        ("Archive", format!("{} days", client.archive_days)),
        (
            "Creditors",
            many(
                client
                    .creditors
                    .iter()
                    .map(|c| format!("{} {}", c.code, c.name))
                    .collect(),
            ),
        ),
        ("Mandates", many(agreed)),
        (
            "Reports",
            many(
                client
                    .reports
                    .iter()
                    .map(|r| format!("{} at {}", r.kind, r.schedule))
                    .collect(),
            ),
        ),
    ]);
    for user in &client.users {
        text += &format!("\n {}\n", user.text());
        for key in &user.keys {
            text += &format!(
                "   {} {} {}\n",
                key.fingerprint,
                key.algorithm,
                output::plain(&key.comment)
            );
        }
    }
    text
}
