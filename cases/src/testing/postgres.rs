//! A PostgreSQL server for one test binary.

use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tokio::sync::OnceCell;

use crate::store::Store;

/// Where Debian and its relatives put the servers, one folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// What a new database begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Template {
    /// Nothing.
    Empty,
    /// This version's schema.
    Migrated,
}

/// The running server. Its watcher holds the other end of a pipe: when this process ends, in whatever way, the pipe
/// breaks and the watcher stops the server and removes its folder.
#[derive(Debug)]
struct Server {
    folder: PathBuf,
    _watcher: Child,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Makes a database and yields its address.
pub(super) async fn new_database(template: Template) -> String {
    let server = SERVER.get_or_init(|| async { start() }).await;
    if template == Template::Migrated {
        TEMPLATE.get_or_init(|| make_template(server)).await;
    }
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let from = if template == Template::Migrated {
        "migrated"
    } else {
        "template0"
    };
    admin(server, &format!("create database {name} template {from}")).await;
    url(server, &name)
}

async fn make_template(server: &Server) {
    admin(server, "create database migrated template template0").await;
    let store = Store::connect(&url(server, "migrated"), 1)
        .await
        .expect("the template database answers");
    store.migrate().await.expect("the migrations run");
    // A template with a connection cannot be copied.
    store.close().await;
}

fn url(server: &Server, database: &str) -> String {
    format!("postgres:///{database}?host={}&user=postgres", server.folder.display())
}

async fn admin(server: &Server, statement: &str) {
    let options: sqlx::postgres::PgConnectOptions = url(server, "postgres").parse().expect("an address");
    let mut connection = options.connect().await.expect("the test server answers");
    sqlx::query(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .expect("the statement runs");
    connection.close().await.expect("the connection ends");
}

fn start() -> Server {
    let bin = binaries();
    let folder = tempfile::Builder::new()
        .prefix("dropcase-pg-")
        .tempdir()
        .expect("a temporary folder")
        .keep();
    let account = Account::for_server();
    account.own(&folder);
    // The watcher comes first: from here on nothing is left behind.
    let watcher = watch(&bin, &folder, &account);
    let data = folder.join("data");
    account.run(
        &bin.join("initdb"),
        &[
            "-D",
            text(&data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ],
    );
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c full_page_writes=off \
         -c synchronous_commit=off -c max_connections=400 -c shared_buffers=64MB",
        folder.display()
    );
    let log = folder.join("log");
    account.run(
        &bin.join("pg_ctl"),
        &["-D", text(&data), "-w", "-l", text(&log), "-o", &options, "start"],
    );
    Server {
        folder,
        _watcher: watcher,
    }
}

/// The newest version's binaries.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let found = versions
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse::<u32>().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    match found {
        Some((_, bin)) => bin,
        None => panic!("no PostgreSQL server below {DEBIAN}: install the package `postgresql`"),
    }
}

/// The account that the server runs as: it refuses to run as root.
struct Account {
    ids: Option<(u32, u32)>,
}

impl Account {
    fn for_server() -> Self {
        if id(&["-u"]) != Some(0) {
            return Self { ids: None };
        }
        let ids = ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)));
        Self {
            ids: Some(ids.expect("an account `postgres` or `nobody`")),
        }
    }

    fn own(&self, folder: &Path) {
        if let Some((user, group)) = self.ids {
            std::os::unix::fs::chown(folder, Some(user), Some(group)).expect("the folder changes its owner");
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null());
        for variable in [
            "PGHOST",
            "PGPORT",
            "PGUSER",
            "PGDATA",
            "PGPASSWORD",
            "PGOPTIONS",
            "PGSERVICE",
        ] {
            command.env_remove(variable);
        }
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }

    fn run(&self, program: &Path, arguments: &[&str]) {
        let mut command = self.command(program);
        // The server inherits what pg_ctl has: a pipe here would never end.
        let status = command
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let ok = status.as_ref().is_ok_and(std::process::ExitStatus::success);
        assert!(ok, "{} failed: {status:?}", program.display());
    }
}

fn id(arguments: &[&str]) -> Option<u32> {
    let mut child = Command::new("id")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut text = String::new();
    child.stdout.take()?.read_to_string(&mut text).ok()?;
    child.wait().ok()?.success().then(|| text.trim().parse().ok())?
}

/// Waits for the end of this process, then stops the server and removes the folder.
fn watch(bin: &Path, folder: &Path, account: &Account) -> Child {
    let script = "read -r _; \"$1/pg_ctl\" -D \"$2/data\" -m immediate -w stop; rm -rf \"$2\"";
    let mut command = account.command(Path::new("/bin/sh"));
    command.args(["-c", script, "watcher", text(bin), text(folder)]);
    // A group of its own: Ctrl-C in the terminal ends the tests, not what cleans up behind them.
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    command.spawn().expect("a shell")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of the tests")
}
