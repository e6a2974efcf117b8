//! The templates and docs/settings.md name exactly the keys that are read, with the defaults that they have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use tempfile::TempDir;

use super::{home, load, places};
use crate::client::{Client, ClientKey};
use crate::client_file::{ClientFile, NewClient};
use crate::mistakes::Mistake;
use crate::password::hash_password;
use crate::reader::Reader;
use crate::service::{Folders, Service};

/// The template with every setting un-commented but those that stand for another one.
fn uncommented(template: &str, without: &[&str]) -> String {
    let lines = template
        .lines()
        .filter(|line| !without.iter().any(|key| line.starts_with(&format!("#{key} ="))));
    let lines = lines.map(|line| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|c: char| !c.is_whitespace()) => setting,
        _ => line,
    });
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// Every key that a file with all sections is asked for.
fn asked_of_service() -> BTreeSet<String> {
    let home = home(&[]);
    let places = places(home.path());
    let reader = Reader::new(&home.path().join("dropcase.toml"), "", &places);
    Service::read(reader.root(None));
    reader.asked()
}

#[test]
fn every_key_of_the_service_template_is_real_and_shows_its_default() {
    let template = Service::template("Muster \"Inkasso\" GmbH");
    let full = uncommented(&template, &["url_file", "password_file"]);
    let files = [
        ("tls/certificate.pem", ""),
        ("tls/key.pem", ""),
        ("tls/mail-ca.pem", ""),
        ("base_rates.csv", ""),
        ("dropcase.toml", full.as_str()),
    ];
    let home = home(&[]);
    fs::create_dir(home.path().join("tls")).unwrap();
    for (name, content) in files {
        fs::write(home.path().join(name), content).unwrap();
    }
    let (mut said, _) = load(home.path()).unwrap();
    let ftps = said.ftps.take().unwrap();
    assert_eq!((ftps.listen.port(), ftps.passive_ports), (2121, 50_000..=50_999));
    assert_eq!(said.agency, "Muster \"Inkasso\" GmbH");
    assert_eq!(said.sftp.public_host.take().as_deref(), Some("files.example.com"));
    assert_eq!(
        std::mem::take(&mut said.mail.from),
        "Muster Inkasso <no-reply@example.com>"
    );

    assert!(said.account.base_rates.take().is_some());
    assert_eq!(said.mail.operator.take().as_deref(), Some("operator@example.com"));

    fs::write(home.path().join("dropcase.toml"), &template).unwrap();
    let (fresh, _) = load(home.path()).unwrap();
    assert_eq!(said, fresh, "a commented default is not the real one");

    fs::write(
        home.path().join("dropcase.toml"),
        "agency = \"Muster \\\"Inkasso\\\" GmbH\"\n",
    )
    .unwrap();
    assert_eq!(
        fresh,
        load(home.path()).unwrap().0,
        "what the template says is not the default"
    );
}

#[test]
fn the_service_template_names_every_key() {
    let full = uncommented(&Service::template("Muster"), &[]);
    let document: toml_edit::Document<String> = full.parse().unwrap();
    let mut named = BTreeSet::new();
    collect(document.as_table(), "", &mut named);
    assert_eq!(named, asked_of_service());
}

/// Dotted names of all keys and tables below `table`.
fn collect(table: &dyn toml_edit::TableLike, prefix: &str, names: &mut BTreeSet<String>) {
    for (key, item) in table.iter() {
        let name = if prefix.is_empty() {
            key.to_owned()
        } else {
            format!("{prefix}.{key}")
        };
        if let Some(inner) = item.as_table_like() {
            collect(inner, &name, names);
        }
        for inner in item.as_array_of_tables().into_iter().flatten() {
            collect(inner, &name, names);
        }
        names.insert(name);
    }
}

fn folders(home: &Path) -> Folders {
    Folders {
        layouts: home.to_owned(),
        fees: home.to_owned(),
    }
}

/// Every key that a client's file with all tables is asked for.
fn asked_of_client() -> BTreeSet<String> {
    let text = "[[user]]\n[[mandate]]\n[[report]]\n[[creditor]]\n";
    let home = home(&[]);
    let places = places(home.path());
    let reader = Reader::new(&home.path().join("muster.toml"), text, &places);
    let document = reader.document();
    Client::read(
        ClientKey::new("muster").unwrap(),
        reader.root(document.as_ref()),
        &folders(home.path()),
    );
    reader.asked()
}

/// A new client's file with every setting un-commented, a real hash in the place of the example.
fn full_client() -> (TempDir, String) {
    let home = home(&[("dropcase.toml", "")]);
    let (service, _) = load(home.path()).unwrap();
    let new = NewClient::new("Muster GmbH", NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    ClientFile::create(&service, &ClientKey::new("muster").unwrap(), &new).unwrap();
    let text = fs::read_to_string(service.clients_dir.join("muster.toml")).unwrap();
    let hash = hash_password("geheim", [9; 16]);
    let full = uncommented(&text, &[]).replace("$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH", &hash);
    (home, full)
}

#[test]
fn every_key_of_the_client_template_is_real_and_shows_its_default() {
    let (home, full) = full_client();
    let before = load(home.path()).unwrap().1.remove(0);
    fs::write(home.path().join("clients.d/muster.toml"), full).unwrap();
    let mut said = load(home.path()).unwrap().1.remove(0);
    // What has no default shows an example; the rest must not differ.
    assert_eq!(std::mem::take(&mut said.email).len(), 1);
    assert_eq!(std::mem::take(&mut said.answers).len(), 2);
    assert_eq!(said.max_file_bytes.take(), Some(500_000_000));
    assert!(said.number_format.take().is_some());
    assert_eq!(std::mem::take(&mut said.creditors).len(), 1);
    assert!(said.mandates[0].to.take().is_some() && said.mandates[0].creditor.take().is_some());
    let mandate = &mut said.mandates[0];
    let (terms, settlement) = (&mut mandate.terms, &mut mandate.settlement);
    assert_eq!(terms.fee_schedule.take().as_deref(), Some("de"));
    assert_eq!(terms.input_tax_deductible.take(), Some(true));
    assert_eq!(
        settlement.commission.take().map(|commission| commission.rate),
        Some(250_000)
    );
    assert!(said.users[0].password.take().is_some());
    let report = said.reports.remove(0);
    assert_eq!(
        (report.status.as_str(), report.formats.len(), report.mail),
        ("open", 1, true)
    );
    assert_eq!(said, before);
}

#[test]
fn the_client_template_names_every_key() {
    let document: toml_edit::Document<String> = full_client().1.parse().unwrap();
    let mut named = BTreeSet::new();
    collect(document.as_table(), "", &mut named);
    assert_eq!(named, asked_of_client());
}

/// What a row of a table in docs/settings.md says of a key.
struct Row {
    default: String,
    example: String,
}

/// The table rows (`| `key` | meaning | default | example |`) in a chapter of docs/settings.md.
fn documented(chapter: &str) -> BTreeMap<String, Row> {
    let text = include_str!("../../../docs/settings.md");
    let chapter = text.split("\n## ").find(|part| part.starts_with(chapter)).unwrap();
    let rows = chapter.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.map(|row| row.split(" | ").map(str::to_owned).collect::<Vec<_>>());
    let named = cells.map(|cells| {
        let example = cells[3].trim_end_matches(" |").trim_matches('`').to_owned();
        (
            cells[0].trim_end_matches('`').to_owned(),
            Row {
                default: cells[2].clone(),
                example,
            },
        )
    });
    let mut rows = BTreeMap::new();
    for (key, row) in named {
        assert!(rows.insert(key.clone(), row).is_none(), "{key} is described twice");
    }
    rows
}

/// Keys that are values, without the names of sections.
fn leaves(keys: &BTreeSet<String>) -> BTreeSet<String> {
    let is_section = |key: &String| keys.iter().any(|other| other.starts_with(&format!("{key}.")));
    keys.iter().filter(|key| !is_section(key)).cloned().collect()
}

/// Every default that the documentation gives as a value stands in the template in the same words.
#[track_caller]
fn check_defaults(documented: &BTreeMap<String, Row>, template: &str) {
    for (key, row) in documented {
        let Some(value) = row.default.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) else {
            continue;
        };
        let last = key.rsplit('.').next().unwrap();
        let line = format!("{last} = {value}");
        let known = template.lines().any(|found| found.trim_start_matches('#') == line);
        assert!(
            known,
            "docs/settings.md gives `{key}` the default {value}, the template another one"
        );
    }
}

#[test]
fn the_documentation_names_every_key_of_the_service() {
    let documented = documented("dropcase.toml");
    assert_eq!(
        documented.keys().cloned().collect::<BTreeSet<_>>(),
        leaves(&asked_of_service())
    );
    check_defaults(&documented, &Service::template("Collection agency"));
}

#[test]
fn the_documentation_names_every_key_of_a_client() {
    let documented = documented("clients.d");
    assert_eq!(
        documented.keys().cloned().collect::<BTreeSet<_>>(),
        leaves(&asked_of_client())
    );
    check_defaults(&documented, &full_client().1);
}

/// Every example can be written as it stands; what it names (files, a whole key, a hash) need not be there.
#[test]
fn the_documentation_shows_examples_that_are_right() {
    let home = home(&[]);
    let places = places(home.path());
    let absent = [
        "there is no",
        "cannot read",
        "not an OpenSSH public key",
        "not a password hash",
        "[[creditor]]",
    ];
    for (chapter, several) in [("dropcase.toml", false), ("clients.d", true)] {
        for (key, row) in documented(chapter) {
            let text = match key.rsplit_once('.') {
                None => format!("{key} = {}\n", row.example),
                Some((table, key)) if several => format!("[[{table}]]\n{key} = {}\n", row.example),
                Some((table, key)) => format!("[{table}]\n{key} = {}\n", row.example),
            };
            let reader = Reader::new(&home.path().join("muster.toml"), &text, &places);
            let document = reader.document();
            match several {
                true => drop(Client::read(
                    ClientKey::new("muster").unwrap(),
                    reader.root(document.as_ref()),
                    &folders(home.path()),
                )),
                false => drop(Service::read(reader.root(document.as_ref()))),
            }
            drop(document);
            let about_key = |m: &Mistake| m.field.is_empty() || m.field.replace("[1]", "") == key;
            // Rules across keys are for whole files; here a key stands alone.
            let across = ["beside", "needs the section", "belongs to"];
            let others = |m: &Mistake| !absent.iter().chain(&across).any(|part| m.message.contains(part));
            let wrong: Vec<_> = reader
                .into_mistakes()
                .into_iter()
                .filter(about_key)
                .filter(others)
                .collect();
            assert!(wrong.is_empty(), "{text}: {wrong:#?}");
        }
    }
}
