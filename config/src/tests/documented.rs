//! The templates and docs/settings.md name exactly the keys that are read, with the defaults that they have.

use std::collections::BTreeSet;
use std::fs;

use super::{CLIENT, home, load, places};
use crate::client::{Client, ClientKey};
use crate::load;
use crate::reader::Reader;
use crate::service::Service;

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

#[test]
fn a_client_is_asked_for_keys_of_all_its_tables() {
    let text = format!("{CLIENT}[[user]]\n[[report]]\n[[creditor]]\n");
    let home = home(&[]);
    let places = places(home.path());
    let reader = Reader::new(&home.path().join("muster.toml"), &text, &places);
    let document = reader.document();
    Client::read(
        ClientKey::new("muster").unwrap(),
        reader.root(document.as_ref()),
        home.path(),
    );
    assert!(reader.asked().contains("user.keys") && reader.asked().contains("mandate.to"));
    let (_, mistakes) = load::client_text(&home.path().join("muster.toml"), &text, home.path(), &places);
    assert_eq!(mistakes.len(), 5, "{mistakes:#?}");
}
