//! FTP clients: curl and lftp as they are, and one that does what those never would.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::Room;

/// Longest wait for a reply.
const PATIENCE: Duration = Duration::from_secs(30);

trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// How to find and trust the server.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    certificate: PathBuf,
}

impl Target {
    pub(crate) fn of(room: &Room) -> Self {
        let settings = room.service.ftps.as_ref().expect("FTPS in the settings");
        Self {
            address: room.inbox.ftps_address().expect("an FTPS server"),
            certificate: settings.certificate.clone(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("ftp://{}/{path}", self.address)
    }

    /// curl with explicit TLS as `muster`.
    pub(crate) fn curl(&self, arguments: &[&str]) -> Output {
        let trusted = self.certificate.to_string_lossy();
        let mut all = vec!["--ssl-reqd", "--cacert", &trusted, "--user", "muster:geheim"];
        all.extend(arguments);
        run("curl", &[["-sS", "--max-time", "30"].as_slice(), &all].concat())
    }

    /// lftp with explicit TLS as `muster`.
    pub(crate) fn lftp(&self, script: &str) -> Output {
        let settings = format!(
            "set cmd:fail-exit true; set net:max-retries 1; set net:timeout 20; set ftp:ssl-force true; \
             set ftp:ssl-protect-data true; set ssl:ca-file {}; open -u muster,geheim ftp://{}; {script}",
            self.certificate.display(),
            self.address
        );
        run("lftp", &["--norc", "-c", &settings])
    }

    fn secure(&self, stream: TcpStream) -> Box<dyn Wire> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(&self.certificate).expect("a certificate") {
            roots.add(certificate.expect("PEM")).expect("a certificate");
        }
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS12])
            .expect("TLS 1.2")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::IpAddress(self.address.ip().into());
        let connection = ClientConnection::new(Arc::new(config), name).expect("a TLS client");
        Box::new(StreamOwned::new(connection, stream))
    }
}

/// Runs a client and waits for it; a client that is not installed fails the test.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).output();
    output.unwrap_or_else(|error| panic!("{program} is needed for this test (tests/run.sh installs it): {error}"))
}

/// Asserts that a client was content, and returns what it printed.
pub(crate) fn content(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// A control connection, a line at a time.
pub(crate) struct Raw {
    target: Target,
    wire: BufReader<Box<dyn Wire>>,
    tcp: TcpStream,
}

/// A data connection, TLS or not.
pub(crate) struct Data {
    wire: Box<dyn Wire>,
    tcp: TcpStream,
}

impl Raw {
    /// Connects and hears the greeting.
    pub(crate) fn plain(target: &Target) -> Self {
        let tcp = TcpStream::connect(target.address).expect("a connection");
        tcp.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let wire: Box<dyn Wire> = Box::new(tcp.try_clone().expect("a second handle"));
        let mut raw = Self {
            target: target.clone(),
            wire: BufReader::new(wire),
            tcp,
        };
        assert!(raw.reply().starts_with("220"));
        raw
    }

    /// As [`Raw::plain`], with AUTH TLS.
    pub(crate) fn secure(target: &Target) -> Self {
        let mut raw = Self::plain(target);
        raw.expect("AUTH TLS", "234");
        let tcp = raw.tcp.try_clone().expect("a second handle");
        raw.wire = BufReader::new(target.secure(tcp));
        raw
    }

    /// Logged in, data connections with TLS.
    pub(crate) fn login(target: &Target, user: &str) -> Self {
        let mut raw = Self::secure(target);
        raw.expect(&format!("USER {user}"), "331");
        raw.expect("PASS geheim", "230");
        raw.expect("PBSZ 0", "200");
        raw.expect("PROT P", "200");
        raw.expect("TYPE I", "200");
        raw
    }

    /// Sends a command and returns the last line of the reply; empty when the server hung up.
    pub(crate) fn ask(&mut self, command: &str) -> String {
        // A server that hung up is seen by the empty reply.
        let _ = self.wire.get_mut().write_all(format!("{command}\r\n").as_bytes());
        let _ = self.wire.get_mut().flush();
        self.reply()
    }

    pub(crate) fn expect(&mut self, command: &str, code: &str) -> String {
        let reply = self.ask(command);
        assert!(reply.starts_with(code), "{command}: {reply:?} instead of {code}");
        reply
    }

    /// The last line of the next reply; empty when the server hung up.
    pub(crate) fn reply(&mut self) -> String {
        loop {
            let mut line = String::new();
            if self.wire.read_line(&mut line).is_err() {
                return String::new();
            }
            let last = line.len() < 4 || (line.as_bytes()[0].is_ascii_digit() && line.as_bytes()[3] == b' ');
            if last {
                return line.trim_end().to_owned();
            }
        }
    }

    fn passive(&mut self) -> TcpStream {
        let reply = self.expect("EPSV", "229");
        let port: u16 = reply
            .trim_end_matches("|)")
            .rsplit('|')
            .next()
            .and_then(|port| port.parse().ok())
            .expect("a port");
        TcpStream::connect((self.target.address.ip(), port)).expect("a data connection")
    }

    /// Begins a transfer over a data connection with TLS, if it is taken up.
    pub(crate) fn transfer(&mut self, command: &str) -> Data {
        let tcp = self.passive();
        self.expect(command, "150");
        let wire = self.target.secure(tcp.try_clone().expect("a second handle"));
        Data { wire, tcp }
    }

    /// Begins a transfer over a data connection without TLS.
    pub(crate) fn transfer_plain(&mut self, command: &str) -> Data {
        let tcp = self.passive();
        self.expect(command, "150");
        let wire = Box::new(tcp.try_clone().expect("a second handle"));
        Data { wire, tcp }
    }
}

impl Data {
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.wire.write_all(bytes).expect("bytes are taken");
        self.wire.flush().expect("bytes are taken");
    }

    /// All that comes, also when the end is no clean one.
    pub(crate) fn receive(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // An end without goodbye is for the caller to judge by the reply.
        let _ = self.wire.read_to_end(&mut bytes);
        bytes
    }

    /// Ends the TCP connection without TLS's goodbye.
    pub(crate) fn cut(self) {
        // It may be gone already.
        let _ = self.tcp.shutdown(std::net::Shutdown::Write);
    }
}

/// Writes a file for a client to send.
pub(crate) fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path.to_string_lossy().into_owned()
}
