//! The settings of one client: `clients.d/KEY.toml`.

mod creditors;
mod mandates;
mod regional;
mod reports;
pub mod terms;
mod uploads;
mod users;
mod words;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use email_address::{EmailAddress, Options};

use crate::load;
use crate::mistakes::Mistakes;
use crate::quantities::minor_units;
use crate::reader::{Places, Section, choose};
use crate::service::{Folders, Service};

pub use terms::Mandate;
pub use users::check_public_key;

/// The short name of a client: lower-case letters, digits, `-` and `_`, 1 to 32 characters, a letter first.
///
/// It names the client's folders and never changes; once used it is never given to another client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientKey(String);

impl ClientKey {
    /// Checks `key` against the rule above; `None` when it breaks it.
    pub fn new(key: &str) -> Option<Self> {
        let mut chars = key.chars();
        let first = chars.next().is_some_and(|c| c.is_ascii_lowercase());
        let rest = chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        (first && rest && key.len() <= 32).then(|| Self(key.to_owned()))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything the service knows of one client from its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// The file's stem.
    pub key: ClientKey,
    /// The client's name as it stands on letters.
    pub name: String,
    /// Language of answers, mails, templates and of the README.
    pub locale: Locale,
    /// ISO 3166-1 alpha-2 country that a record without one gets (default from the locale: DE, GB, DK).
    pub country: String,
    /// ISO 4217 currency that a record without one gets (default from the country).
    pub currency: String,
    /// IANA time zone of report schedules and of times shown to the client.
    pub time_zone: chrono_tz::Tz,
    /// Addresses that notices go to; none means no mail.
    pub email: Vec<String>,
    /// Formats of acknowledgements; empty means: XLSX when a workbook came, else CSV.
    pub answers: BTreeSet<AnswerFormat>,
    /// Write `<name>.<id>.received.json` when a file is claimed.
    pub receipts: bool,
    /// When an upload counts as finished.
    pub completion: Completion,
    /// What happens to the good records of a file with bad ones.
    pub policy: Policy,
    /// How amounts are written where a column does not show it.
    pub number_format: Option<NumberFormat>,
    /// How dates are written where a column does not show it.
    pub date_order: Option<DateOrder>,
    /// Smallest principal that is taken over, in minor units of `currency`.
    pub minimum_amount: i64,
    /// Debtor number of records that bring none (`debtor_number = "from-invoice"` takes the invoice number).
    pub debtor_number_from_invoice: bool,
    /// Largest upload in bytes; `None` takes the service's limit.
    pub max_file_bytes: Option<u64>,
    /// Plain FTP without TLS is allowed (default no; refused for `hold`).
    pub plain_ftp: bool,
    /// The agency's own back office: its files may speak of every client's cases and hand no claims over.
    pub back_office: bool,
    /// A master client names the creditor in each record; empty for a client that is its own creditor.
    pub creditors: Vec<Creditor>,
    /// Contracts under which claims may be handed over.
    pub mandates: Vec<Mandate>,
    /// Logins of the client.
    pub users: Vec<User>,
    /// Periodic reports.
    pub reports: Vec<Report>,
    /// Names of the client's own layouts (`layouts/NAME.toml` in the home), tried before the built-in one.
    pub layouts: Vec<String>,
    /// Days that originals stay in `archive/` (default 90).
    pub archive_days: u32,
}

impl Client {
    /// Reads and checks one `clients.d/KEY.toml` of `service`.
    ///
    /// # Errors
    /// Every mistake of the file at once. What concerns several clients (login names) is checked by
    /// [`load_all`](crate::load_all) alone.
    pub fn load(path: &Path, service: &Service) -> Result<Self, Mistakes> {
        let places = Places {
            home: service.home.clone(),
            credentials: None,
        };
        let (client, mut mistakes) = load::client(path, &service.folders(), &places);
        let client = client.ok_or_else(|| Mistakes(std::mem::take(&mut mistakes)))?;
        Mistakes::or(mistakes, client)
    }

    /// Reads the file's top level and its sections; every key that is wrong has its default.
    pub(crate) fn read(key: ClientKey, mut root: Section<'_>, folders: &Folders) -> Self {
        let region = regional::read(&mut root);
        let decimals = regional::decimals(&region.currency);
        let back_office = root.flag("back_office").unwrap_or(false);
        let creditors = creditors::read(&mut root, back_office);
        let (completion, plain_ftp) = uploads::read(&mut root);
        let client = Self {
            key,
            name: root.text("name").unwrap_or_default(),
            email: root.list("email", email).unwrap_or_default(),
            answers: root
                .list("answers", |t| choose(t, AnswerFormat::WORDS))
                .unwrap_or_default()
                .into_iter()
                .collect(),
            receipts: root.flag("receipts").unwrap_or(false),
            completion,
            policy: root.choice("policy", Policy::WORDS).unwrap_or(Policy::ValidRows),
            number_format: root.choice("number_format", NumberFormat::WORDS),
            date_order: root.choice("date_order", DateOrder::WORDS),
            minimum_amount: root.parsed("minimum_amount", |t| minor_units(t, decimals)).unwrap_or(0),
            debtor_number_from_invoice: root.choice("debtor_number", &DEBTOR_NUMBER).unwrap_or(false),
            max_file_bytes: root.bytes("max_file", 1),
            plain_ftp,
            mandates: mandates::read(
                &mut root,
                &mandates::Around {
                    creditors: &creditors,
                    decimals,
                    fees_dir: &folders.fees,
                    back_office,
                },
            ),
            back_office,
            creditors,
            users: users::read(&mut root),
            reports: reports::read(&mut root),
            layouts: layouts(&mut root, &folders.layouts),
            archive_days: root.number("archive_days", 1..=36_500).unwrap_or(90),
            locale: region.locale,
            country: region.country,
            currency: region.currency,
            time_zone: region.time_zone,
        };
        root.require(
            "name",
            "the client's name as it stands on letters, such as \"Muster GmbH\"",
        );
        root.finish();
        client
    }
}

/// `debtor_number = "required"`, or `"from-invoice"`: the invoice number stands in.
const DEBTOR_NUMBER: [(&str, bool); 2] = [("required", false), ("from-invoice", true)];

/// An address without a display name.
fn email(text: &str) -> Result<String, String> {
    let options = Options::default().without_domain_literal().without_display_text();
    let wrong = |_| format!("`{text}` is not an e-mail address; write it like \"buchhaltung@example.com\"");
    EmailAddress::parse_with_options(text, options)
        .map(|_| text.to_owned())
        .map_err(wrong)
}

/// Names of layouts, each a file `NAME.toml` in `layouts_dir`.
fn layouts(root: &mut Section<'_>, layouts_dir: &Path) -> Vec<String> {
    let exists = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(format!(
                "`{name}` is not the name of a layout; letters, digits, - and _ are allowed"
            ));
        }
        let path = layouts_dir.join(format!("{name}.toml"));
        match path.is_file() {
            true => Ok(name.to_owned()),
            false => Err(format!("there is no layout file {}", path.display())),
        }
    };
    root.list("layouts", exists).unwrap_or_default()
}

/// A sub-contract under a master client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creditor {
    /// What the records say in `creditor`.
    pub code: String,
    /// Name as it stands on letters.
    pub name: String,
}

/// A login of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Login name, unique over all clients.
    pub name: String,
    /// OpenSSH public keys, one `ssh-… AAAA… comment` line each.
    pub keys: Vec<String>,
    /// argon2id hash in PHC form; `None` means that no password is accepted.
    pub password: Option<String>,
    /// What the user may do.
    pub rights: BTreeSet<Right>,
}

/// What a user of a client may do; reading `README.txt` and `templates/` is allowed to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Write into `inbox/` and `validate/`, read `archive/`.
    Drop,
    /// Read and delete in `outbox/acknowledgements/`, `outbox/corrections/` and `outbox/messages/`.
    Answers,
    /// Read and delete in `outbox/reports/`.
    Reports,
    /// Read and delete in `outbox/settlements/`.
    Settlements,
}

/// When an upload counts as finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// This many milliseconds after the last close; until then it is an ordinary file.
    Hold {
        /// Quiet time, default 3,000.
        settle_ms: u64,
    },
    /// Only what was renamed from a temporary name (`.filepart`, `.part`, `.partial`, `.tmp`, `.temp`, `.uploading`, a leading dot).
    Rename,
    /// Only when `NAME.ok` (or `.done`, `.ready`) lies beside it.
    Marker,
}

/// What happens to the good records of a file with bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// They are imported.
    ValidRows,
    /// They are withheld: all or nothing.
    WholeFile,
}

/// Language of what a client reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// German.
    De,
    /// English.
    En,
    /// Danish.
    Da,
}

/// Format of an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerFormat {
    /// For people and spreadsheets.
    Csv,
    /// For people and spreadsheets.
    Xlsx,
    /// For programs.
    Json,
    /// For programs.
    Xml,
}

/// How a client writes amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFormat {
    /// `1.234,56`
    DecimalComma,
    /// `1,234.56`
    DecimalPoint,
}

/// How a client writes dates of which a column does not show the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2026`
    DayMonthYear,
    /// `12/31/2026`
    MonthDayYear,
    /// `2026/12/31`
    YearMonthDay,
}

/// A periodic report of a client.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What it lists.
    pub kind: ReportKind,
    /// Which cases (`cases` only): `open`, `closed` or `all`.
    pub status: String,
    /// File formats, CSV or XLSX.
    pub formats: BTreeSet<AnswerFormat>,
    /// Cron expression (seconds first) in the client's time zone.
    pub schedule: cron::Schedule,
    /// Announce it by mail.
    pub mail: bool,
}

/// What a report lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportKind {
    /// The client's cases with totals.
    Cases,
    /// What was handed over, when, with what result.
    Deliveries,
}
