//! A bundle through the limited process into the paper store and onto its cases.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::support::Home;

const LIST: &str = "Kundennummer;Name;Rechnungsnummer;Rechnungsdatum;Hauptforderung;Anlage\r\n\
    D-1;Mustermann;R-1;15.01.2025;100,50;R-1.pdf\r\n\
    D-2;Beispiel;R-2;15.01.2025;7,00;weg.pdf\r\n\
    D-3;Dritter;R-3;15.01.2025;0,00;R-1.pdf\r\n";

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// The codes of what was found.
fn codes(shown: &Value) -> Vec<&str> {
    let findings = shown["findings"].as_array().unwrap();
    let mut codes: Vec<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn a_bundle_goes_the_whole_way() {
    let home = Home::new();
    home.run(
        &["client", "add", "muster", "--name", "Muster GmbH", "--answers", "json"],
        "",
    )
    .expect(0, "Added muster");
    let pdf = b"%PDF-1.7 Rechnung R-1";
    let bundle = zip(&[
        ("liste.csv", LIST.as_bytes()),
        ("papiere/R-1.pdf", pdf),
        ("niemand.pdf", b"%PDF-1.7 x"),
    ]);
    let path = home.path().join("paket.zip");
    fs::write(&path, bundle).unwrap();
    let path = path.to_str().unwrap();

    let checked = home.run(&["check", path, "--client", "muster", "--json"], "").json();
    assert_eq!((&checked["accepted"], &checked["rejected"]), (&json!(2), &json!(1)));
    let told = codes(&checked)
        .into_iter()
        .filter(|code| code.starts_with("PAPER"))
        .collect::<Vec<_>>();
    assert_eq!(told, ["PAPER_MISSING", "PAPER_NOT_NAMED"]);
    let store = home.path().join("data/papers/muster");
    assert_eq!(files(&store).len(), 0);

    let done = home.run(&["import", path, "--client", "muster", "--json"], "").json();
    assert_eq!(
        (&done["status"], &done["accepted"], &done["rejected"]),
        (&json!("PART"), &json!(2), &json!(1))
    );
    assert!(files(&store).iter().any(|file| fs::read(file).unwrap() == pdf));
    let corrections = files(&home.path().join("data/clients/muster/outbox/corrections"));
    let text = fs::read_to_string(&corrections[0]).unwrap();
    assert!(text.contains("R-3") && !text.contains("R-1;"), "{text}");

    let cases = home.run(&["case", "list", "--json"], "").json();
    let mut kinds = Vec::new();
    for case in cases["cases"].as_array().unwrap() {
        let case = home
            .run(&["case", "show", case["number"].as_str().unwrap(), "--json"], "")
            .json();
        let history = case["history"].as_array().unwrap();
        kinds.extend(
            history
                .iter()
                .filter(|line| line["kind"] == "document")
                .map(|_| case["number"].clone()),
        );
    }
    assert_eq!(kinds.len(), 1);
    let (number, folder) = (kinds[0].as_str().unwrap(), home.path().join("saved"));
    let saved = home.run(&["case", "papers", number, "--save", folder.to_str().unwrap()], "");
    saved.expect(0, "1 paper saved");
    assert_eq!(
        files(&folder)
            .iter()
            .map(|file| fs::read(file).unwrap())
            .collect::<Vec<_>>(),
        [pdf]
    );
    // The same bundle once more is the same delivery.
    let again = home.run(&["import", path, "--client", "muster", "--json"], "").json();
    assert_eq!(again["status"], "DUPL");
}
