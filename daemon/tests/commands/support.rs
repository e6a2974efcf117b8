//! A home in a temporary folder, and the binary run on it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use russh::keys::key::safe_rng;
use russh::keys::{Algorithm, PrivateKey};
use serde_json::Value;
use tempfile::TempDir;

/// A home made by `dropcase init`.
pub(crate) struct Home {
    folder: TempDir,
}

/// A command that has ended.
pub(crate) struct Done {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Home {
    /// A new home with a public host name, so that no test depends on the machine's.
    pub(crate) fn new() -> Self {
        let home = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        home.run(&["init", home.path().to_str().unwrap()], "")
            .expect(0, "Made ");
        let text = home.read("dropcase.toml").replace("#public_host", "public_host");
        let text = text.replace("#disk_reserve = \"1GiB\"", "disk_reserve = \"1MiB\"");
        home.write("dropcase.toml", &text);
        home
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A file in it.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Writes a file in it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// The binary with these arguments on this home.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dropcase"));
        command
            .args(arguments)
            .env("DROPCASE_CONFIG", self.path().join("dropcase.toml"));
        command
    }

    /// Runs it with this standard input.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Done {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done {
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Done {
    /// Ended with `code` and said `word`.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, word: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(
            self.out.contains(word) || self.err.contains(word),
            "{word} in\n{}{}",
            self.out,
            self.err
        );
    }

    /// What it printed with `--json`.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// A new public key with this comment, in a file of the home; yields its path.
pub(crate) fn key(folder: &Path, comment: &str) -> String {
    let mut key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).unwrap();
    key.set_comment(comment);
    let path = folder.join(format!("{comment}.pub"));
    fs::write(&path, key.public_key().to_openssh().unwrap() + "\n").unwrap();
    path.to_str().unwrap().to_owned()
}
