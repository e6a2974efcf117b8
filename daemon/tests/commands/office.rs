//! The back office: its files speak of every client's cases. And the terms of a mandate, as far as answers show them.

use std::fs;

use serde_json::{Value, json};

use super::support::{Done, Home};

const CLAIM: &str = "Kundennummer;Firma;Straße;Hausnummer;PLZ;Ort;Rechnungsnummer;Rechnungsdatum;Fälligkeit;\
    Hauptforderung;Zinssatz;Forderungsgrund;Vertragsdatum;Verbraucher\r\n\
    D-1;Beispiel GmbH;Musterstraße;1;01067;Dresden;R-1;15.01.2025;14.02.2025;100,00;0;Warenlieferung;02.01.2025;nein\r\n";

/// A home with these clients, each with a case of 100.00 EUR of a business that pays no interest.
fn home(clients: &[&str]) -> Home {
    let home = Home::new();
    for client in clients {
        home.run(
            &["client", "add", client, "--name", "Muster GmbH", "--answers", "json"],
            "",
        )
        .expect(0, "Added");
    }
    home.run(
        &[
            "client",
            "add",
            "office",
            "--name",
            "Muster Inkasso",
            "--answers",
            "json",
            "--back-office",
        ],
        "",
    )
    .expect(0, "Added office");
    home.write("liste.csv", CLAIM);
    for client in clients {
        import(&home, client, "liste.csv").expect(0, "\"accepted\": 1");
    }
    home
}

fn import(home: &Home, client: &str, name: &str) -> Done {
    let path = home.path().join(name);
    home.run(&["import", path.to_str().unwrap(), "--client", client, "--json"], "")
}

/// Hands a list of payments in: record type, case or invoice, number, amount.
fn pay(home: &Home, client: &str, lines: &[(&str, &str, &str, &str)]) -> Value {
    let rows = lines.iter().map(|(kind, reference, number, amount)| {
        let (case, invoice) = if reference.starts_with('R') {
            ("", *reference)
        } else {
            (*reference, "")
        };
        format!("{kind};{case};{invoice};{number};01.06.2025;{amount};EUR\r\n")
    });
    let header = "record_type;case_number;invoice_number;payment_number;value_date;amount;currency\r\n";
    home.write("zahlungen.csv", &(header.to_owned() + &rows.collect::<String>()));
    import(home, client, "zahlungen.csv").json()
}

fn codes(shown: &Value) -> Vec<&str> {
    let findings = shown["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn a_back_office_file_books_on_a_client_s_case() {
    let home = home(&["muster"]);
    let cases = home.run(&["case", "list", "--json"], "").json();
    let number = cases["cases"][0]["number"].as_str().unwrap();
    let payment = ("agency_payment", number, "B-1", "30,00");

    // An ordinary client cannot send that record type, not even about its own case.
    let refused = pay(&home, "muster", &[payment]);
    assert_eq!(
        (&refused["status"], codes(&refused)),
        (&json!("RJCT"), vec!["RECORD_TYPE_NOT_TAKEN"])
    );

    let booked = pay(&home, "office", &[payment]);
    assert_eq!(
        (&booked["status"], &booked["client"]),
        (&json!("ACCP"), &json!("office")),
        "{booked}"
    );
    let case = home.run(&["case", "show", number, "--json"], "").json();
    assert_eq!(
        (&case["client"], &case["paid"], &case["balance"]),
        (&json!("muster"), &json!("30.00"), &json!("70.00"))
    );
    let kinds: Vec<&Value> = case["bookings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|booking| &booking["kind"])
        .collect();
    assert!(kinds.contains(&&json!("agency_payment")), "{case}");

    // `check` stands on the same side of the desk as the drop.
    let path = home.path().join("zahlungen.csv");
    let check = |client| {
        home.run(&["check", path.to_str().unwrap(), "--client", client, "--json"], "")
            .json()
    };
    assert_eq!(
        (&check("office")["duplicate"], &check("muster")["rejected"]),
        (&json!(1), &json!(1))
    );
    // The answer lies with whoever handed the file in.
    let answers = |client: &str| {
        let folder = home
            .path()
            .join("data/clients")
            .join(client)
            .join("outbox/acknowledgements");
        fs::read_dir(folder).unwrap().count()
    };
    assert_eq!((answers("office"), answers("muster")), (1, 2));
}

#[test]
fn the_back_office_hands_no_claims_over() {
    let home = home(&[]);
    let refused = import(&home, "office", "liste.csv").json();
    assert_eq!(
        (&refused["status"], codes(&refused)),
        (&json!("RJCT"), vec!["RECORD_TYPE_NOT_TAKEN"])
    );
    let shown = home.run(&["client", "show", "office", "--json"], "").json();
    assert_eq!((&shown["back_office"], &shown["mandates"]), (&json!(true), &json!([])));
    home.run(&["client", "show", "office"], "").expect(0, "back office");
    home.run(&["client", "list"], "").expect(0, "back office");
    let settings = home.read("clients.d/office.toml");
    home.write(
        "clients.d/office.toml",
        &(settings + "\n[[mandate]]\nfrom = 2026-01-01\n"),
    );
    home.run(&["config", "check"], "")
        .expect(1, "belongs to a client that hands claims over");
}

#[test]
fn the_mandate_s_terms_reach_the_account() {
    let home = home(&["muster", "zwei"]);
    let settings = home
        .read("clients.d/zwei.toml")
        .replace("#flat_sum = true", "flat_sum = false");
    home.write("clients.d/zwei.toml", &settings);
    let shown = home.run(&["client", "show", "zwei", "--json"], "").json();
    assert_eq!(
        (&shown["mandates"][0]["flat_sum"], &shown["mandates"][0]["law"]),
        (&json!(false), &json!("de"))
    );
    home.run(&["client", "show", "zwei"], "").expect(0, "flat_sum false");
    // 100.00 and the flat sum of 40.00 EUR are open; without the flat sum 120.00 are too much.
    let payment = [("direct_payment", "R-1", "Z-1", "120,00")];
    let within = pay(&home, "muster", &payment);
    assert_eq!((&within["accepted"], codes(&within)), (&json!(1), vec![]), "{within}");
    let above = pay(&home, "zwei", &payment);
    assert_eq!(
        (&above["accepted"], codes(&above)),
        (&json!(1), vec!["OVERPAYMENT"]),
        "{above}"
    );
}

#[test]
fn fees_go_by_the_mandate_s_schedule() {
    let home = home(&["muster"]);
    let cases = home.run(&["case", "list", "--json"], "").json();
    let number = cases["cases"][0]["number"].as_str().unwrap();
    let book = ["case", "book", number, "cost", "--fee-rate", "1"];
    home.run(&book, "").expect(1, "NO_FEE_SCHEDULE");
    fs::create_dir(home.path().join("fees")).unwrap();
    home.write(
        "fees/haus.toml",
        "schedule = \"haus\"\ncurrency = \"EUR\"\n[[version]]\nid = \"haus-1\"\nfrom = \"2020-01-01\"\nvat_percent = \"19\"\n\
         bands = [{ fee = \"50\" }]\n",
    );
    let settings = home
        .read("clients.d/muster.toml")
        .replace("#fee_schedule = \"de\"", "fee_schedule = \"haus\"")
        .replace("#flat_sum = true", "flat_sum = false");
    home.write("clients.d/muster.toml", &settings);
    home.run(&["config", "check"], "")
        .expect(1, "mandate[1].input_tax_deductible: is missing");
    let settings = settings.replace("#input_tax_deductible = true", "input_tax_deductible = false");
    home.write("clients.d/muster.toml", &settings);
    home.run(&book, "").expect(0, "");
    let account = home.run(&["case", "account", number, "--json"], "").json();
    assert_eq!(account["agency_costs"], "59.50", "{account}");
}

#[test]
fn mistakes_in_the_operator_s_own_files_are_named() {
    let home = home(&["muster"]);
    let settings = home.read("dropcase.toml").replace("#base_rates", "base_rates");
    home.write("dropcase.toml", &settings);
    fs::create_dir(home.path().join("fees")).unwrap();
    home.write("fees/haus.toml", "schedule = \"haus\"\n");
    home.write("base_rates.csv", "valid_from,base_rate_percent\n2027-01-01,one\n");
    let checked = home.run(&["config", "check"], "");
    checked.expect(1, "2 mistakes");
    for word in ["fees/haus.toml:", "base_rates.csv:2: not a rate in percent"] {
        assert!(checked.out.contains(word), "{word} in\n{}", checked.out);
    }
    home.run(&["case", "list"], "").expect(4, "base_rates.csv:2");
    home.write("base_rates.csv", "valid_from,base_rate_percent\n2027-01-01,1.5\n");
    fs::remove_file(home.path().join("fees/haus.toml")).unwrap();
    home.run(&["config", "check"], "").expect(0, "No mistake");
}
