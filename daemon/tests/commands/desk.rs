//! The case desk from the command line.

use super::data::{file, home};
use super::support::Home;
use serde_json::{Value, json};

/// A home with one case of one claim: 100.50 EUR, due on 14 February 2025, a consumer. Yields its number too.
fn with_case() -> (Home, String) {
    let home = home();
    let path = file(&home, "liste.csv", &[("R-1", "100,50")]);
    home.run(&["import", &path, "--client", "muster"], "").expect(0, "");
    let cases = home.run(&["case", "list", "--json"], "").json();
    let number = cases["cases"][0]["number"].as_str().unwrap().to_owned();
    (home, number)
}

fn account(home: &Home, number: &str, day: &str) -> Value {
    home.run(&["case", "account", number, "--as-of", day, "--json"], "")
        .json()
}

#[test]
fn an_account_shows_its_way() {
    let (home, number) = with_case();
    // 100.50 × 7.27 % × 45 days / 365 = 0.90078.
    let owed = account(&home, &number, "2025-03-31");
    let figures = [
        "principal",
        "interest",
        "agency_costs",
        "client_costs",
        "paid",
        "credit",
        "balance",
    ];
    assert_eq!(
        figures.map(|figure| owed[figure].as_str().unwrap()),
        ["100.50", "0.90", "0.00", "0.00", "0.00", "0.00", "101.40"]
    );
    assert_eq!(
        owed["periods"],
        json!([{ "claim": "R-1", "from": "2025-02-15", "to": "2025-03-31", "days": 45, "rate": "7.27",
            "principal": "100.50", "interest": "0.900783" }])
    );
    let sum: f64 = owed["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["amount"].as_str().unwrap().parse::<f64>().unwrap())
        .sum();
    assert!((sum - 101.40).abs() < 0.001, "{owed}");
    home.run(&["case", "account", &number, "--as-of", "2025-03-31", "--explain"], "")
        .expect(0, "7.27");
    home.run(&["case", "account", "99999999"], "")
        .expect(3, "no case 99999999");
}

#[test]
fn a_case_is_worked_from_the_command_line() {
    let (home, number) = with_case();
    let run = |arguments: &[&str]| {
        let mut line = vec!["case", arguments[0], &number];
        line.extend(&arguments[1..]);
        home.run(&line, "")
    };
    let payment = ["book", "payment", "50.00", "--key", "B-1", "--value-date", "2025-03-31"];
    run(&[&payment[..], &["--dry-run"]].concat()).expect(0, "nothing was kept");
    assert_eq!(account(&home, &number, "2025-04-01")["paid"], "0.00");
    run(&payment).expect(0, "done");
    run(&payment).expect(0, "was done before");
    run(&["book", "payment", "50.01", "--key", "B-1", "--value-date", "2025-03-31"]).expect(1, "DUPLICATE_DIFFERS");
    // 0.90 of it meets the interest, 49.10 the principal.
    let owed = account(&home, &number, "2025-03-31");
    assert_eq!(
        (&owed["principal"], &owed["interest"], &owed["paid"]),
        (&json!("51.40"), &json!("0.00"), &json!("50.00"))
    );
    run(&["book", "payment-cancellation", "--key", "B-1"]).expect(0, "done");
    run(&["book", "payment-cancellation", "--key", "B-1"]).expect(1, "ALREADY_CANCELLED");
    for (arguments, code, said) in [
        (&["book", "payment", "0.00"][..], 1, "AMOUNT_NOT_POSITIVE"),
        (&["book", "payment", "1,50"], 1, "not an amount"),
        (&["book", "cost", "12.00", "--reason", "register"], 0, "done"),
        (&["note", "called", "--kind", "call"], 0, "done"),
        (&["reply", "which invoice?", "--query"], 0, "done"),
        (&["status", "enforcement"], 1, "STEP_NOT_ALLOWED"),
        (&["status", "judicial_dunning"], 0, "done"),
        (&["assign", "team-3"], 0, "done"),
        (&["hold", "--until", "2020-01-01"], 1, "DATE_PASSED"),
        (&["hold", "--reason", "illness"], 0, "done"),
        (&["resume"], 0, "done"),
        (&["resume"], 1, "NOT_PAUSED"),
        (&["close", "irrecoverable"], 0, "done"),
        (&["close", "irrecoverable"], 1, "CASE_CLOSED"),
    ] {
        run(arguments).expect(code, said);
    }
    let shown = home.run(&["case", "show", &number, "--json"], "").json();
    assert_eq!(
        (&shown["stage"], &shown["processing"], &shown["closing_reason"]),
        (&json!("ended"), &json!("ended"), &json!("IRRECOVERABLE"))
    );
    let history: Vec<&str> = shown["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        history,
        [
            "opened",
            "claim_added",
            "agency_payment",
            "payment_cancellation",
            "cost",
            "call",
            "query",
            "stage",
            "handler",
            "paused",
            "resumed",
            "closed"
        ]
    );
}
