//! A home with one client, a database and an outbox, on a clock that a test moves.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dropcase_cases::account::Sources;
use dropcase_cases::checks::{CheckContext, Checked, OncePerPart};
use dropcase_cases::desk::{Rules, Side, account_of, plain_terms};
use dropcase_cases::import::{ImportJob, MandatePeriod, Policy, answer_duplicate, import};
use dropcase_cases::model::{ActorKind, ClientSetting, Delivery, Leased, Mode, NewDelivery};
use dropcase_cases::store::{Db, Store};
use dropcase_config::{Client, Service, load_all};
use dropcase_outbox::{Clock, Context, Outbox, plan_answers, plan_receipt};
use dropcase_parsers::job::Job;
use dropcase_parsers::limits::Limits;
use dropcase_parsers::parse::parse;
use dropcase_parsers::staged::{Reader, Writer};
use tempfile::TempDir;
use uuid::Uuid;

/// The key of the one client.
pub(crate) const KEY: &str = "muster";
/// The settings of a client without anything special.
pub(crate) const PLAIN: &str = "";

/// Mails lie in a folder.
const FOLDER: &str = "transport = \"folder\"\nfolder = \"mails\"\n";

static UPLOADS: AtomicU64 = AtomicU64::new(1);

pub(crate) struct House {
    pub(crate) home: TempDir,
    pub(crate) store: Store,
    pub(crate) client: Arc<Client>,
    pub(crate) service: Arc<Service>,
    pub(crate) outbox: Outbox,
    seconds: Arc<AtomicI64>,
}

/// The tests' first moment.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_521_600, 0).expect("a moment")
}

impl House {
    /// A house whose client has `settings` besides name, mandate and locale.
    pub(crate) async fn new(locale: &str, settings: &str) -> Self {
        Self::furnished(locale, "\"buch@example.org\"", settings, FOLDER).await
    }

    /// A house of the back office.
    pub(crate) async fn of_office(locale: &str) -> Self {
        Self::furnished(locale, "\"buch@example.org\"", "back_office = true", FOLDER).await
    }

    /// A house whose client has these addresses, with these settings of `[mail]`.
    pub(crate) async fn with_mail(locale: &str, addresses: &str, mail: &str) -> Self {
        Self::furnished(locale, addresses, "", mail).await
    }

    async fn furnished(locale: &str, addresses: &str, settings: &str, mail: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: String| {
            let path = home.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        write(
            "dropcase.toml",
            format!(
                "agency = \"Muster Inkasso\"
[mail]
from = \"Muster Inkasso <service@example.com>\"
{mail}"
            ),
        );
        let mandate = match settings.contains("back_office") {
            true => "",
            false => "[[mandate]]\nfrom = 2020-01-01\n",
        };
        let client =
            format!("name = \"Muster GmbH\"\nlocale = \"{locale}\"\nemail = [{addresses}]\n{settings}\n{mandate}");
        write(&format!("clients.d/{KEY}.toml"), client);
        let (service, clients) = load_all(&home.path().join("dropcase.toml")).unwrap_or_else(|e| panic!("{e}"));
        let client = Arc::new(clients.into_iter().next().expect("one client"));
        let folder = service.data_dir.join("clients").join(KEY);
        fs::create_dir_all(folder).expect("the client's folder");
        let store = Store::connect(&format!("sqlite://{}/cases.sqlite", home.path().display()), 4)
            .await
            .expect("a database");
        store.migrate().await.expect("migrations");
        let setting = ClientSetting {
            key: KEY.to_owned(),
            name: client.name.clone(),
            creditors: Vec::new(),
        };
        store.sync_clients(&[setting], noon()).await.expect("the client");
        let seconds = Arc::new(AtomicI64::new(0));
        let (service, known) = (Arc::new(service), client.clone());
        let outbox = Outbox::new(Context {
            store: store.clone(),
            service: service.clone(),
            clients: Arc::new(move |key| (key == KEY).then(|| known.clone())),
            clock: clock(seconds.clone()),
            accounts: Arc::new(|file, as_of| {
                let terms = plain_terms(&file.case.client_key, "", &file.case.currency, file.case.opened_at);
                account_of(file, &Sources::built_in(), &terms, as_of).ok()
            }),
            paper_store: {
                let papers = home.path().join("papers");
                Arc::new(move |client, sha256| std::fs::File::open(papers.join(client).join(sha256)))
            },
            node: "node-1".to_owned(),
        });
        Self {
            home,
            store,
            client,
            service,
            outbox,
            seconds,
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        clock(self.seconds.clone())()
    }

    /// Moves the clock on.
    pub(crate) fn later(&self, by: TimeDelta) {
        self.seconds.fetch_add(by.num_seconds(), Ordering::SeqCst);
    }

    /// The client's folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.service.data_dir.join("clients").join(KEY)
    }

    /// Registers and leases an upload.
    pub(crate) async fn claim(&self, name: &str, bytes: &[u8], mode: Mode) -> Leased {
        let row = self.store.client(KEY).await.expect("an answer").expect("the client");
        let actor = self
            .store
            .actor(ActorKind::User, Some(row.id), KEY)
            .await
            .expect("the actor");
        let number = u128::from(0x019a_0000_0000 + UPLOADS.fetch_add(1, Ordering::Relaxed));
        let new = NewDelivery {
            upload_id: Uuid::from_u128(number << 80 | 0x7000_8000_0000_0000_0000),
            client_key: KEY.to_owned(),
            actor,
            mode,
            name: name.to_owned(),
            path: format!("inbox/{name}"),
            protocol: "sftp".to_owned(),
            remote: None,
            size: bytes.len() as i64,
            arrived_at: self.now(),
        };
        let receipt = plan_receipt(&self.client).is_some();
        self.store
            .register(&new, receipt, self.now())
            .await
            .expect("the delivery");
        self.store
            .next("node-1", Duration::from_secs(60), self.now())
            .await
            .expect("an answer")
            .expect("one waits")
    }

    /// Takes a file all the way into the database, as the daemon does.
    pub(crate) async fn drop(&self, name: &str, bytes: &[u8], mode: Mode) -> Delivery {
        let leased = self.claim(name, bytes, mode).await;
        let sha256 = digest(bytes);
        let (client, mail) = (self.client.clone(), self.service.mail.clone());
        let staged = self.stage(name, bytes);
        let workbook = bytes.starts_with(b"PK");
        let answers = move |outcome: &_| plan_answers(&client, &mail, outcome, workbook);
        let first = self
            .store
            .find_same_content(leased.delivery.client_id, &sha256)
            .await
            .expect("an answer");
        let id = leased.delivery.id;
        if let (Some(first), Mode::Import) = (first, mode) {
            answer_duplicate(&self.store, &leased, first, &sha256, &answers, self.now())
                .await
                .expect("an answer");
        } else {
            let clock = clock(self.seconds.clone());
            let mandates = [MandatePeriod {
                from: NaiveDate::MIN,
                to: None,
                creditor: None,
            }];
            let policy = match self.client.policy {
                dropcase_config::Policy::ValidRows => Policy::ValidRows,
                dropcase_config::Policy::WholeFile => Policy::WholeFile,
            };
            let sources = Sources::built_in();
            let job = ImportJob {
                leased: &leased,
                sha256: &sha256,
                policy,
                mandates: &mandates,
                rules: Rules {
                    side: match self.client.back_office {
                        true => Side::Office,
                        false => Side::Client,
                    },
                    terms: &plain_terms,
                    sources: &sources,
                },
                papers: &dropcase_cases::papers::Papers::default(),
                today: self.now().date_naive(),
                versions: None,
                work_dir: self.home.path(),
                answers: &answers,
                clock: &*clock,
            };
            import(&self.store, staged, &job, |_| {}).await.expect("an import");
        }
        self.store.delivery(id).await.expect("an answer").expect("the delivery")
    }

    /// The numbers of the client's cases, oldest first.
    pub(crate) async fn case_numbers(&self) -> Vec<String> {
        let Db::Sqlite(pool) = self.store.db() else {
            panic!("the tests' database")
        };
        let query = "select number from cases order by id";
        sqlx::query_scalar(query).fetch_all(pool).await.expect("an answer")
    }

    fn stage(&self, name: &str, bytes: &[u8]) -> Reader<Cursor<Vec<u8>>> {
        let path = self.home.path().join("original");
        fs::write(&path, bytes).expect("the original");
        let file = File::open(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let mut writer = Writer::new(Vec::new()).expect("memory");
        let checks = CheckContext::new(self.now().date_naive(), &self.client.country, &self.client.currency);
        let mut checked = Checked::new(OncePerPart::new(&mut writer), checks);
        parse(file, &job(&self.client), &mut checked).expect("a parse");
        Reader::new(Cursor::new(writer.finish().expect("memory"))).expect("a staged file")
    }

    /// Runs the outbox until everything is out or given up; the clock moves on to whatever waits for its time.
    pub(crate) async fn deliver(&self) {
        let idle = async {
            let mut quiet = 0;
            loop {
                let (in_work, left) = self.queue().await;
                quiet = if in_work { 0 } else { quiet + 1 };
                if !in_work && left == 0 {
                    break;
                } else if quiet > 10 {
                    // What is left waits for its time.
                    self.later(TimeDelta::seconds(2));
                    self.outbox.notify();
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let bounded = async {
            tokio::time::timeout(Duration::from_secs(60), idle)
                .await
                .expect("the outbox is emptied")
        };
        self.outbox.run(bounded).await;
    }

    /// Is a row being worked on, and how many are not out yet?
    async fn queue(&self) -> (bool, i64) {
        let Db::Sqlite(pool) = self.store.db() else {
            panic!("the tests' database")
        };
        let query = "select coalesce(max(owner = 'node-1'), 0) = 1, count(*) from outbox \
                     where state in ('queued', 'staged')";
        sqlx::query_as(query).fetch_one(pool).await.expect("an answer")
    }

    /// Waits until an attempt failed with `error`.
    pub(crate) async fn until_error(&self, error: &str) {
        let Db::Sqlite(pool) = self.store.db() else {
            panic!("the tests' database")
        };
        loop {
            let found: i64 = sqlx::query_scalar("select count(*) from outbox where error = $1")
                .bind(error)
                .fetch_one(pool)
                .await
                .expect("an answer");
            if found > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Mails that are being worked on.
    pub(crate) async fn mails_held(&self) -> i64 {
        let Db::Sqlite(pool) = self.store.db() else {
            panic!("the tests' database")
        };
        let query =
            "select count(*) from outbox where state in ('queued', 'staged') and kind = 'mail' and owner is not null";
        sqlx::query_scalar(query).fetch_one(pool).await.expect("an answer")
    }

    /// Waits until `mails` are being worked on.
    pub(crate) async fn until_mails_held(&self, mails: i64) {
        while self.mails_held().await != mails {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The files of a folder below the client's, by name.
    pub(crate) fn files(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        files(&self.folder().join(below))
    }

    /// The one file of a folder.
    pub(crate) fn one(&self, below: &str) -> (String, Vec<u8>) {
        let files = self.files(below);
        assert_eq!(files.len(), 1, "{:?}", files.keys());
        files.into_iter().next().expect("one")
    }

    /// The mails, as text without transfer encoding of line ends.
    pub(crate) fn mails(&self) -> Vec<String> {
        let mails = files(&self.home.path().join("mails"));
        mails
            .into_values()
            .map(|mail| String::from_utf8(mail).expect("text").replace("\r\n", "\n"))
            .collect()
    }
}

/// What the parsers are told of a client.
fn job(client: &Client) -> Job {
    Job {
        currency: client.currency.clone(),
        country: client.country.clone(),
        number_format: None,
        date_order: None,
        debtor_number_from_invoice: false,
        creditor_required: false,
        layouts: Vec::new(),
        limits: Limits::default(),
    }
}

fn clock(seconds: Arc<AtomicI64>) -> Clock {
    Arc::new(move || noon() + TimeDelta::seconds(seconds.load(Ordering::SeqCst)))
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().expect("a name");
        entry
            .file_type()
            .expect("a type")
            .is_file()
            .then(|| (name, fs::read(entry.path()).expect("bytes")))
    };
    entries.filter_map(|entry| read(entry.expect("an entry"))).collect()
}

/// Not the real digest, but the same for the same bytes alone.
fn digest(bytes: &[u8]) -> String {
    let sum = |seed: u64| {
        bytes.iter().fold(seed, |sum, byte| {
            (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    [1, 2, 3, 4].map(|seed| format!("{:016x}", sum(seed))).concat()
}

/// A delivery's id is random: a name or text with it made stable.
pub(crate) fn stable(text: &str, delivery: &Delivery) -> String {
    text.replace(&delivery.code, "{id}")
}

/// UTF-8 text with visible byte order mark and line feeds only.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec())
        .expect("text")
        .replace('\u{feff}', "{BOM}")
        .replace("\r\n", "\n")
}

/// Ten lines: eight good ones (two for one debtor), two with errors.
pub(crate) const TEN: &str = "Kundennummer;Vorname;Name;Straße;PLZ;Ort;Rechnungsnummer;Rechnungsdatum;Fälligkeit;Hauptforderung;Forderungsgrund\r\n\
10001;Erika;Mustermann;Musterstr. 1;01067;Dresden;R-1;15.01.2026;31.01.2026;120,50;Warenlieferung\r\n\
10001;Erika;Mustermann;Musterstr. 1;01067;Dresden;R-2;15.02.2026;28.02.2026;1.234,56;Warenlieferung\r\n\
10002;Max;Mustermann;Musterstr. 2;01067;Dresden;R-3;15.01.2026;31.02.2026;80,00;Warenlieferung\r\n\
10003;Otto;Normal;Musterstr. 3;01067;Dresden;R-4;15.01.2026;31.01.2026;80,00;Warenlieferung\r\n\
10004;Anna;Beispiel;Musterstr. 4;01067;Dresden;R-5;15.01.2026;31.01.2026;80,00;Warenlieferung\r\n\
10005;Paul;Beispiel;Musterstr. 5;01067;Dresden;R-6;15.01.2026;31.01.2026;80,00;Warenlieferung\r\n\
10006;Lisa;Beispiel;Musterstr. 6;01067;Dresden;R-7;15.01.2026;31.01.2026;achtzig;Warenlieferung\r\n\
10007;Jan;Beispiel;Musterstr. 7;01067;Dresden;R-8;15.01.2026;31.01.2026;80,00;Warenlieferung\r\n\
10008;Eva;Beispiel;Musterstr. 8;01067;Dresden;R-9;15.01.2026;31.01.2026;80,00;Warenlieferung\r\n\
10009;Tim;Beispiel;Musterstr. 9;01067;Dresden;R-10;15.01.2026;31.01.2026;80,00;\"=HYPERLINK(\"\"x\"\")\"\r\n";

impl House {
    /// The codes of errors in the records of a delivery, each once.
    pub(crate) async fn codes(&self, delivery: &Delivery) -> Vec<&'static str> {
        let mut pages = self
            .store
            .results(delivery.id, dropcase_cases::queries::ResultFilter::default());
        let mut codes = std::collections::BTreeSet::new();
        while let Some(record) = pages.next().await.expect("an answer") {
            for finding in record.findings.iter().filter(|finding| finding.is_error()) {
                codes.insert(
                    dropcase_parsers::finding::Code::ALL
                        .iter()
                        .map(|code| code.as_str())
                        .find(|code| *code == finding.code)
                        .expect("a known code"),
                );
            }
        }
        codes.into_iter().collect()
    }
}
