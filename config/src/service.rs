//! The settings of the service: `dropcase.toml`, a struct a section.

mod account;
mod database;
mod ftps;
mod limits;
mod log;
mod mail;
mod papers;
mod sftp;
mod template;

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::load;
use crate::mistakes::Mistakes;
use crate::reader::{Places, Section};

/// `dropcase.toml` with all defaults filled in. Relative paths were resolved against the file's folder (the home).
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The folder that holds `dropcase.toml`.
    pub home: PathBuf,
    /// `clients.d` unless set.
    pub clients_dir: PathBuf,
    /// `layouts` unless set: clients' own layouts.
    pub layouts_dir: PathBuf,
    /// `data` unless set: client folders, work, host keys, the embedded database. One file system.
    pub data_dir: PathBuf,
    /// The agency's name in letters, mails and READMEs.
    pub agency: String,
    /// `[sftp]`
    pub sftp: Sftp,
    /// `[ftps]`; `None` until a certificate is named.
    pub ftps: Option<Ftps>,
    /// `[database]`
    pub database: Database,
    /// `[mail]`
    pub mail: Mail,
    /// `[account]`
    pub account: AccountFiles,
    /// `[limits]`
    pub limits: Limits,
    /// `[papers]`
    pub papers: Papers,
    /// `[log]`
    pub log: Log,
}

impl Service {
    /// Reads and checks `dropcase.toml` at `path`.
    ///
    /// # Errors
    /// Every mistake of the file at once.
    pub fn load(path: &Path) -> Result<Self, Mistakes> {
        let (service, mistakes) = load::service(path, &Places::of(path));
        Mistakes::or(mistakes, service)
    }

    /// A commented `dropcase.toml` for an agency called `agency`: every key with its default.
    pub fn template(agency: &str) -> String {
        template::render(agency)
    }

    /// The folders in which clients' settings name files.
    pub(crate) fn folders(&self) -> Folders {
        Folders {
            layouts: self.layouts_dir.clone(),
            fees: self.account.fees_dir.clone(),
        }
    }

    /// Reads the file's top level and its sections; every key that is wrong has its default.
    pub(crate) fn read(mut root: Section<'_>) -> Self {
        let home = root.places().home.clone();
        let data_dir = root.path("data_dir").unwrap_or_else(|| home.join("data"));
        let service = Self {
            clients_dir: root.path("clients_dir").unwrap_or_else(|| home.join("clients.d")),
            layouts_dir: root.path("layouts_dir").unwrap_or_else(|| home.join("layouts")),
            agency: root.text("agency").unwrap_or_else(|| "Collection agency".to_owned()),
            sftp: sftp::read(root.section("sftp"), &data_dir),
            ftps: ftps::read(root.section("ftps")),
            database: database::read(root.section("database"), &home, &data_dir),
            mail: mail::read(root.section("mail"), &data_dir),
            account: account::read(root.section("account"), &home),
            limits: limits::read(root.section("limits")),
            papers: papers::read(root.section("papers")),
            log: log::read(root.section("log")),
            home,
            data_dir,
        };
        if let Some(ftps) = service
            .ftps
            .as_ref()
            // With port 0 the system gives each a port of its own.
            .filter(|ftps| ftps.listen.port() != 0 && service.sftp.listen.contains(&ftps.listen))
        {
            root.mistake(
                "ftps",
                format!("listens on {} as [sftp] does; give it a port of its own", ftps.listen),
            );
        }
        root.finish();
        service
    }
}

/// Folders in which clients' settings name files.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    /// Clients' own layouts.
    pub(crate) layouts: PathBuf,
    /// The operator's own fee schedules.
    pub(crate) fees: PathBuf,
}

/// `[sftp]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sftp {
    /// Addresses to listen on (default `0.0.0.0:2222`).
    pub listen: Vec<SocketAddr>,
    /// Folder of the host keys, made on first start (default `data/hostkeys`).
    pub host_keys: PathBuf,
    /// Host name that welcome letters and URLs name; default the machine's name.
    pub public_host: Option<String>,
    /// Time to log in (default 60 s).
    pub login_grace: Duration,
    /// Failed attempts a connection may make (default 6).
    pub max_auth_attempts: usize,
    /// Sessions a client may hold at once (default 16).
    pub max_sessions_per_client: usize,
    /// Time without a request after which a session ends (default 15 min).
    pub idle_timeout: Duration,
    /// Bytes after which keys are exchanged anew (default 1 GiB).
    pub rekey_bytes: u64,
    /// Take also the plain HMAC-SHA2 that programs with old SSH libraries need (default no).
    pub older_clients: bool,
}

/// `[ftps]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ftps {
    /// Address to listen on (default `0.0.0.0:2121`).
    pub listen: SocketAddr,
    /// PEM file with the certificate chain.
    pub certificate: PathBuf,
    /// PEM file with the key.
    pub key: PathBuf,
    /// Ports for data connections (default 50000–50999).
    pub passive_ports: RangeInclusive<u16>,
    /// Address that PASV names, when behind address translation.
    pub external_address: Option<IpAddr>,
}

/// `[database]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// `sqlite:///path/to/file` or `postgres://…` (default `sqlite://data/dropcase.sqlite`).
    /// Also readable from a file with `url_file`.
    pub url: String,
    /// Connections of the pool (default 8).
    pub connections: u32,
}

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Sender, `Name <address>`; needed for `smtp`.
    pub from: String,
    /// Who is told what goes wrong on our side; see [`Mail::operator`].
    pub operator: Option<String>,
    /// Where mails go.
    pub transport: MailTransport,
}

impl Mail {
    /// The address that alerts go to: `operator`, else the sender; `None` when no mails are sent or neither is named.
    pub fn operator(&self) -> Option<&str> {
        let off = self.transport == MailTransport::Off;
        let address = self.operator.as_deref().unwrap_or(&self.from);
        (!off && !address.is_empty()).then_some(address)
    }
}

/// Where mails go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailTransport {
    /// No mails are sent, none is queued.
    Off,
    /// Each mail becomes an `.eml` file in this folder.
    Folder(PathBuf),
    /// A mail server.
    Smtp(Smtp),
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Host name.
    pub host: String,
    /// Port (default by `tls`: 587, 465, 25).
    pub port: u16,
    /// Encryption.
    pub tls: SmtpTls,
    /// Login and password (`password_file` is read on load).
    pub credentials: Option<(String, String)>,
    /// PEM file with an additional certificate authority.
    pub ca_file: Option<PathBuf>,
    /// Bound on one sending attempt (default 60 s).
    pub timeout: Duration,
}

/// Encryption towards the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// STARTTLS, required.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None: only for a server on this machine.
    None,
}

/// `[account]`: what changes with the law, in files of the operator's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFiles {
    /// `fees` unless set: fee schedules that add to those of dropcase or replace them, `NAME.toml` each.
    pub fees_dir: PathBuf,
    /// A table of base rates that adds to the one of dropcase; `None` is none.
    pub base_rates: Option<PathBuf>,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest upload in bytes (default 2 GiB).
    pub max_file_bytes: u64,
    /// Files a client may have waiting in `inbox/` and `validate/` (default 100,000).
    pub max_waiting_files: u64,
    /// Free bytes that must stay on the data file system; below it uploads are refused (default 1 GiB).
    pub disk_reserve_bytes: u64,
    /// Address space of a parser process in bytes (default 2 GiB).
    pub parser_memory_bytes: u64,
    /// Processor time of a parser process (default 10 min).
    pub parser_cpu: Duration,
    /// Deliveries worked at once, each of another client (default 2).
    pub workers: usize,
    /// How long a claimed name can still be looked up (default 60 s).
    pub stat_grace: Duration,
    /// How long a partial upload is kept (default 24 h).
    pub partial_keep: Duration,
    /// How long the original of a delivery in quarantine is kept (default 90 days).
    pub quarantine_keep: Duration,
    /// How often the folders are scanned (default 60 s).
    pub scan_interval: Duration,
}

/// `[papers]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Papers {
    /// Largest paper in bytes (default 25 MB).
    pub max_bytes: u64,
    /// Papers that a bundle or a message may bring (default 200).
    pub max_count: usize,
    /// How long a paper waits for its claim (default 7 days).
    pub wait: Duration,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// A `tracing` filter directive (default `info`).
    pub filter: String,
}
