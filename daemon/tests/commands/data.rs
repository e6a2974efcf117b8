//! Commands about data while no service runs: they do its work in their own process.

use std::fs;

use super::support::Home;
use serde_json::{Value, json};

const HEADER: &str = "Kundennummer;Vorname;Nachname;Straße;Hausnummer;PLZ;Ort;Rechnungsnummer;Rechnungsdatum;Fälligkeit;\
    Hauptforderung;Forderungsgrund;Vertragsdatum;Verbraucher";

/// A list of these invoices with their amounts, one debtor each.
fn list(lines: &[(&str, &str)]) -> String {
    let rows = lines.iter().enumerate().map(|(index, (invoice, amount))| {
        format!(
            "D-{index};Erika;Mustermann{index};Musterstraße;1;01067;Dresden;{invoice};15.01.2025;14.02.2025;{amount};\
             Warenlieferung;02.01.2025;ja\r\n"
        )
    });
    format!("{HEADER}\r\n{}", rows.collect::<String>())
}

pub(crate) fn home() -> Home {
    let home = Home::new();
    home.run(
        &["client", "add", "muster", "--name", "Muster GmbH", "--answers", "json"],
        "",
    )
    .expect(0, "Added muster");
    home
}

/// Writes a list beside the home's files and yields its path.
pub(crate) fn file(home: &Home, name: &str, lines: &[(&str, &str)]) -> String {
    home.write(name, &list(lines));
    home.path().join(name).to_str().unwrap().to_owned()
}

fn outbox(home: &Home, folder: &str) -> Vec<String> {
    let path = home.path().join("data/clients/muster/outbox").join(folder);
    let entries = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    entries.filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn an_import_goes_the_whole_way() {
    let home = home();
    let path = file(
        &home,
        "liste.csv",
        &[("R-1", "100,50"), ("R-2", "0,00"), ("R-3", "7,00")],
    );
    let done = home.run(&["import", &path, "--client", "muster", "--json"], "");
    done.expect(0, "");
    let shown = done.json();
    assert_eq!(
        (&shown["status"], &shown["accepted"], &shown["rejected"]),
        (&json!("PART"), &json!(2), &json!(1))
    );
    assert_eq!(shown["protocol"], "operator");
    assert_eq!(shown["sums"][0]["amount"], "107.50");
    let codes: Vec<&Value> = shown["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| &finding["code"])
        .collect();
    assert_eq!(codes, [&json!("AMOUNT_NOT_POSITIVE")]);
    let id = shown["id"].as_str().unwrap();
    assert_eq!(
        outbox(&home, "acknowledgements"),
        [format!("liste.csv.2-of-3.{id}.ack.json")]
    );
    assert_eq!(outbox(&home, "corrections").len(), 1);

    let cases = home.run(&["case", "list", "--json"], "").json();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 2);
    assert_eq!(cases["totals"][0]["balance"], "107.50");
    let number = cases["cases"][0]["number"].as_str().unwrap();
    let case = home.run(&["case", "show", number, "--json"], "").json();
    assert_eq!(case["claim_list"][0]["invoice_number"], "R-3");
    assert_eq!(case["bookings"][0]["amount"], "7.00");
    let found = home
        .run(&["case", "list", "--debtor", "mustermann0", "--json"], "")
        .json();
    assert_eq!(found["cases"][0]["debtor_number"], "D-0");
    home.run(&["delivery", "list"], "").expect(0, id);
}

#[test]
fn the_same_file_is_a_duplicate_until_it_is_resubmitted() {
    let home = home();
    let path = file(&home, "liste.csv", &[("R-1", "100,50")]);
    let first = home.run(&["import", &path, "--client", "muster", "--json"], "").json();
    let second = home.run(&["import", &path, "--client", "muster", "--json"], "").json();
    assert_eq!(
        (&second["status"], &second["first_delivery"]),
        (&json!("DUPL"), &first["id"])
    );
    let id = first["id"].as_str().unwrap();
    let third = home.run(&["delivery", "resubmit", id, "--json"], "").json();
    assert_eq!((&third["status"], &third["duplicate"]), (&json!("ACCP"), &json!(1)));
    assert_ne!(third["id"], first["id"]);
    assert_eq!(outbox(&home, "acknowledgements").len(), 3);
    let cases = home.run(&["case", "list", "--json"], "").json();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1);
}

#[test]
fn a_check_keeps_nothing() {
    let home = home();
    let path = file(&home, "liste.csv", &[("R-1", "100,50")]);
    home.run(&["import", &path, "--client", "muster"], "")
        .expect(0, "1 accepted");
    let path = file(&home, "neu.csv", &[("R-1", "100,50"), ("R-2", "abc")]);
    let before = home.run(&["delivery", "list", "--json"], "").json();
    let alone = home.run(&["check", &path, "--json"], "");
    alone.expect(1, "AMOUNT_UNREADABLE");
    assert_eq!(
        alone.json()["duplicate"],
        0,
        "without a client nothing is known of the database"
    );
    let checked = home.run(&["check", &path, "--client", "muster", "--json"], "");
    checked.expect(1, "AMOUNT_UNREADABLE");
    let said = checked.json();
    let counts = (&said["accepted"], &said["duplicate"], &said["rejected"]);
    assert_eq!(counts, (&json!(0), &json!(1), &json!(1)), "{said}");
    home.run(&["check", &path, "--client", "muster"], "")
        .expect(1, "DUPLICATE");
    assert_eq!(home.run(&["delivery", "list", "--json"], "").json(), before);
    assert_eq!(outbox(&home, "acknowledgements").len(), 1);
    let good = file(&home, "gut.csv", &[("R-9", "1,00")]);
    home.run(&["check", &good, "--client", "muster"], "")
        .expect(0, "1 of 1 would be taken over (ACCP)");
    home.run(&["check", &good], "")
        .expect(0, "1 of 1 would be taken over (ACCP)");
}

#[test]
fn reports_are_made_and_listed() {
    let home = home();
    let path = file(&home, "liste.csv", &[("R-1", "100,50")]);
    home.run(&["import", &path, "--client", "muster"], "").expect(0, "");
    let scheduled = "\n[[report]]\nkind = \"cases\"\nformats = [\"csv\", \"xlsx\"]\nschedule = \"0 6 * * mon\"\n";
    let settings = home.read("clients.d/muster.toml");
    home.write("clients.d/muster.toml", &(settings + scheduled));
    let listed = home.run(&["report", "list", "--json"], "").json();
    assert_eq!(
        (&listed["reports"][0]["kind"], &listed["reports"][0]["formats"]),
        (&json!("cases"), &json!(["csv", "xlsx"]))
    );
    assert!(listed["reports"][0]["next"].is_string());
    home.run(&["report", "run", "cases", "--client", "muster"], "")
        .expect(0, "CSV and XLSX");
    let mut reports = outbox(&home, "reports");
    reports.sort();
    assert!(
        reports.len() == 2 && reports[0].starts_with("cases-open.") && reports[1].ends_with(".xlsx"),
        "{reports:?}"
    );
    home.run(
        &["report", "run", "deliveries", "--client", "muster", "--status", "open"],
        "",
    )
    .expect(1, "--status");
}

#[test]
fn a_file_that_is_refused_leaves_nothing() {
    let home = home();
    let settings = home
        .read("clients.d/muster.toml")
        .replace("#max_file = \"500MB\"", "max_file = \"1kB\"");
    home.write("clients.d/muster.toml", &settings);
    let path = file(&home, "liste.csv", &[("R-1", "100,50"); 40]);
    home.run(&["import", &path, "--client", "muster"], "")
        .expect(1, "may hand over 1000");
    home.run(&["import", &path, "--client", "nobody"], "")
        .expect(3, "no client nobody");
    assert_eq!(
        home.run(&["delivery", "list", "--json"], "").json(),
        json!({ "deliveries": [] })
    );
}
