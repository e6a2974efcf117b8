//! Mistakes and defaults of `dropcase.toml`.

use std::time::Duration;

use super::{check, home, load};
use crate::service::{MailTransport, Service, Smtp, SmtpTls};

fn service_of(text: &str, files: &[(&str, &str)]) -> Service {
    let all: Vec<(&str, &str)> = files.iter().copied().chain([("dropcase.toml", text)]).collect();
    load(home(&all).path()).unwrap().0
}

#[test]
fn an_empty_file_has_all_defaults() {
    let home = home(&[("dropcase.toml", "")]);
    let (service, clients) = load(home.path()).unwrap();
    assert!(clients.is_empty());
    assert_eq!(service.home, home.path());
    assert_eq!(service.clients_dir, home.path().join("clients.d"));
    assert_eq!(service.sftp.host_keys, home.path().join("data/hostkeys"));
    assert_eq!(service.sftp.listen, ["0.0.0.0:2222".parse().unwrap()]);
    assert_eq!(service.sftp.login_grace, Duration::from_secs(60));
    assert_eq!(service.sftp.idle_timeout, Duration::from_secs(900));
    assert_eq!(service.ftps, None);
    assert_eq!(
        service.database.url,
        format!("sqlite://{}/data/dropcase.sqlite", home.path().display())
    );
    assert_eq!(service.mail.transport, MailTransport::Off);
    assert_eq!(service.limits.max_file_bytes, 2 << 30);
    assert_eq!(service.limits.partial_keep, Duration::from_secs(86_400));
    assert_eq!(service.limits.quarantine_keep, Duration::from_secs(90 * 86_400));
    assert_eq!(service.log.filter, "info");
}

#[test]
fn data_dir_moves_what_lies_in_it() {
    let service = service_of("data_dir = \"/srv/data\"\n", &[]);
    assert_eq!(service.sftp.host_keys.to_str(), Some("/srv/data/hostkeys"));
    assert_eq!(service.database.url, "sqlite:///srv/data/dropcase.sqlite");
}

#[test]
fn secrets_come_from_files_and_credentials() {
    let text = "[database]\nurl_file = \"secrets.txt\"\n[mail]\nfrom = \"Muster <a@example.com>\"\ntransport = \"smtp\"\n\
                [mail.smtp]\nhost = \"mail.example.com\"\ntls = \"tls\"\nuser = \"u\"\npassword_file = \"credential:smtp\"\n";
    let files = [
        ("secrets.txt", "postgres://u:p@db/dropcase\n"),
        ("credentials/smtp", "p w\r\n"),
    ];
    let service = service_of(text, &files);
    assert_eq!(service.database.url, "postgres://u:p@db/dropcase");
    let credentials = Some(("u".to_owned(), "p w".to_owned()));
    let (host, timeout) = ("mail.example.com".to_owned(), Duration::from_secs(60));
    let smtp = Smtp {
        host,
        port: 465,
        tls: SmtpTls::Tls,
        credentials,
        ca_file: None,
        timeout,
    };
    assert_eq!(service.mail.transport, MailTransport::Smtp(smtp));
}

#[test]
fn secrets_may_stand_in_the_file_itself() {
    let text = "[database]\nurl = \"postgres://u:p@db/dropcase\"\n[mail]\nfrom = \"a@example.com\"\ntransport = \"smtp\"\n\
                [mail.smtp]\nhost = \"mail.example.com\"\nuser = \"u\"\npassword = \"p w\"\n";
    let service = service_of(text, &[]);
    assert_eq!(service.database.url, "postgres://u:p@db/dropcase");
    let MailTransport::Smtp(smtp) = service.mail.transport else {
        panic!("the mail server stands there")
    };
    assert_eq!(smtp.credentials, Some(("u".to_owned(), "p w".to_owned())));
}

#[test]
fn syntax_and_files() {
    let not_toml = "agency = \"Muster\"\n[sftp\nlisten = 1\n";
    let expected = "dropcase.toml:2: is not valid TOML: unclosed table, expected `]`";
    check(&[("dropcase.toml", not_toml)], &[expected]);
    check(
        &[],
        &["dropcase.toml: cannot be read: No such file or directory (os error 2)"],
    );
    let home = home(&[]);
    std::fs::write(
        home.path().join("dropcase.toml"),
        b"agency = \"Muster\"\n# Gr\xfc\xdfe\n",
    )
    .unwrap();
    let mistake = load(home.path()).unwrap_err().0.remove(0);
    assert_eq!(
        (mistake.line, mistake.message.as_str()),
        (2, "is not UTF-8; save the file in this encoding")
    );
}

#[test]
fn every_mistake_of_a_file_at_once() {
    let text = r#"agncy = "Muster"
agency = " "

[sftp]
listen = ["0.0.0.0", "[::]:2222", 5]
max_auth_attempts = 0
login_grace = "1 minute"
idle_timeout = 60
rekey_bytes = "1G"
public_host = "sftp://files.example.com"
colour = true
older_clients = "yes"

[ftps]
certificate = "nowhere.pem"
passive_ports = "50999-50000"
external_address = "files.example.com"

[database]
url = "mysql://root:geheim@db/dropcase"
url_file = "secret"
connections = "8"

[mail]
transport = "smpt"
from = "Muster"

[limits]
max_file = -1
parser_memory = "1MB"
parser_cpu = "10ms"
scan_interval = "0s"

[log]
filter = "info,dropcase=debgu"
"#;
    check(
        &[("dropcase.toml", text)],
        &[
            "dropcase.toml:1: agncy: unknown key; did you mean `agency`?",
            "dropcase.toml:2: agency: is empty",
            "dropcase.toml:5: sftp.listen: `0.0.0.0` is not an address with a port; write it like \"0.0.0.0:2222\" or \"[::]:2222\"",
            "dropcase.toml:5: sftp.listen: should be a text in quotes, not an integer",
            "dropcase.toml:6: sftp.max_auth_attempts: 0 is not between 1 and 100",
            "dropcase.toml:7: sftp.login_grace: `1 minute` has no unit that is known; write it like \"500ms\", \"60s\", \"15m\", \"24h\" or \"7d\"",
            "dropcase.toml:8: sftp.idle_timeout: should be a text in quotes, not an integer",
            "dropcase.toml:9: sftp.rekey_bytes: `1G` has no unit that is known; write it like \"64KiB\", \"500MB\" or \"2GiB\"",
            "dropcase.toml:10: sftp.public_host: `sftp://files.example.com` is not a host name; write it like \"files.example.com\", without a port",
            "dropcase.toml:11: sftp.colour: unknown key; known here are `listen`, `host_keys`, `public_host`, `login_grace`, `max_auth_attempts`, `max_sessions_per_client`, `idle_timeout`, `rekey_bytes`, `older_clients`",
            "dropcase.toml:12: sftp.older_clients: should be true or false, not a string",
            "dropcase.toml:14: ftps.key: is missing; write the PEM file of the certificate's key, or comment [ftps] out",
            "dropcase.toml:15: ftps.certificate: there is no file nowhere.pem",
            "dropcase.toml:16: ftps.passive_ports: `50999-50000` is not a range of ports; write it like \"50000-50999\", from 1024 on, the smaller one first",
            "dropcase.toml:17: ftps.external_address: `files.example.com` is not an IP address; write it like \"192.0.2.10\"",
            "dropcase.toml:20: database.url: is not the URL of a database that is known; write \"sqlite://data/dropcase.sqlite\" or \"postgres://user@host/database\"",
            "dropcase.toml:21: database.url_file: stands beside `database.url`; keep one of the two",
            "dropcase.toml:22: database.connections: should be a whole number, not a string",
            "dropcase.toml:25: mail.transport: `smpt` is not known; did you mean `smtp`?",
            "dropcase.toml:26: mail.from: `Muster` is not a sender; write it like \"Muster Inkasso <no-reply@example.com>\"",
            "dropcase.toml:29: limits.max_file: -1 is negative",
            "dropcase.toml:30: limits.parser_memory: 1000000 bytes are too few; at least 67108864 are needed",
            "dropcase.toml:31: limits.parser_cpu: `10ms` is too short; at least \"1s\" is needed",
            "dropcase.toml:32: limits.scan_interval: must be longer than nothing",
            "dropcase.toml:35: log.filter: `debgu` is not a level (off, error, warn, info, debug, trace); did you mean `debug`?",
        ],
    );
}

#[test]
fn mail_needs_what_its_transport_needs() {
    check(
        &[("dropcase.toml", "[mail]\ntransport = \"smtp\"\n")],
        &[
            "dropcase.toml:1: mail.from: is missing; write the sender, such as \"Muster Inkasso <no-reply@example.com>\"",
            "dropcase.toml:2: mail.transport: \"smtp\" needs the section [mail.smtp] with a `host`",
        ],
    );
    check(
        &[(
            "dropcase.toml",
            "\n[mail.smtp]\nport = 70000\nuser = \"u\"\nca_file = \"credential:../x\"\n[sftp]\nlisten = []\n",
        )],
        &[
            "dropcase.toml:2: mail.smtp.host: is missing; write the mail server's name, such as \"mail.example.com\"",
            "dropcase.toml:3: mail.smtp.port: 70000 is not between 1 and 65535",
            "dropcase.toml:4: mail.smtp.user: needs `password` or `password_file` beside it",
            "dropcase.toml:5: mail.smtp.ca_file: `../x` cannot be the name of a credential; write `credential:NAME`",
            "dropcase.toml:7: sftp.listen: names no address; write \"0.0.0.0:2222\", or remove the line for this default",
        ],
    );
    check(
        &[
            (
                "dropcase.toml",
                "mail = 5\n[[sftp]]\n[database]\nurl_file = \"empty\"\n",
            ),
            ("empty", "\n"),
        ],
        &[
            "dropcase.toml:1: mail: is a section; write [mail] on a line of its own",
            "dropcase.toml:2: sftp: is a section; write [sftp] on a line of its own",
            "dropcase.toml:4: database.url_file: the file empty is empty",
        ],
    );
}

#[test]
fn both_doors_need_ports_of_their_own() {
    let text = "[ftps]\nlisten = \"0.0.0.0:2222\"\ncertificate = \"pem\"\nkey = \"pem\"\n";
    check(
        &[("dropcase.toml", text), ("pem", "")],
        &["dropcase.toml:1: ftps: listens on 0.0.0.0:2222 as [sftp] does; give it a port of its own"],
    );
}

#[test]
fn alerts_go_to_the_operator_else_to_the_sender() {
    let operator = |text: &str| {
        let home = home(&[("dropcase.toml", text)]);
        load(home.path()).unwrap().0.mail.operator().map(str::to_owned)
    };
    let folder = "[mail]\ntransport = \"folder\"\n";
    let from = "from = \"Muster <a@example.com>\"\n";
    let other = "operator = \"b@example.com\"\n";
    assert_eq!(operator(folder), None);
    assert_eq!(
        operator(&[folder, from].concat()).as_deref(),
        Some("Muster <a@example.com>")
    );
    assert_eq!(
        operator(&[folder, from, other].concat()).as_deref(),
        Some("b@example.com")
    );
    assert_eq!(operator(&["[mail]\n", from, other].concat()), None, "no mails are sent");
    check(
        &[("dropcase.toml", "[mail]\noperator = \"nobody\"\n")],
        &["dropcase.toml:2: mail.operator: `nobody` is not an address; write it like \"operator@example.com\""],
    );
}

#[test]
fn a_password_is_not_sent_in_clear_text() {
    let text = "[mail.smtp]\nhost = \"mail.example.com\"\ntls = \"none\"\nuser = \"u\"\npassword = \"p\"\n";
    let right = "write \"starttls\" or \"tls\"";
    let expected =
        format!("dropcase.toml:3: mail.smtp.tls: would send the password in clear text over the network; {right}");
    check(&[("dropcase.toml", text)], &[&expected]);
    check(
        &[("dropcase.toml", &text.replace("mail.example.com", "127.0.0.1"))],
        &[],
    );
}

/// Whatever stands in a file, loading it ends with settings or with mistakes.
#[test]
fn no_file_makes_the_reader_panic() {
    let home = home(&[]);
    let path = home.path().join("dropcase.toml");
    let valid = Service::template("Müster");
    let junk = [
        "\u{0}",
        "é",
        "[[",
        "]]",
        "\"\"\"",
        "=",
        ".",
        "\r",
        "{",
        "9".repeat(400).as_str(),
    ]
    .map(str::to_owned);
    for (index, _) in valid.char_indices().filter(|(i, _)| i % 37 == 0) {
        for junk in &junk {
            let text = format!("{}{junk}{}", &valid[..index], &valid[index..]);
            std::fs::write(&path, &text).unwrap();
            if let Err(mistakes) = load(home.path()) {
                let lines = text.matches('\n').count() + 1;
                assert!(
                    mistakes.0.iter().all(|m| m.line <= lines && !m.message.is_empty()),
                    "{mistakes}"
                );
            }
        }
    }
}
