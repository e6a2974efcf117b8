//! What a reload takes up.

use std::fs;

use dropcase_cases::desk::Side;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_takes_up_schedules_base_rates_and_terms() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    for name in ["clients.d", "fees"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let client = "name = \"M\"\n[[mandate]]\nfrom = 2020-01-01\n";
    write("dropcase.toml", "[account]\nbase_rates = \"rates.csv\"\n");
    write("rates.csv", "valid_from,base_rate_percent\n2200-01-01,1\n");
    write("clients.d/muster.toml", client);
    let app = App::open(folder.path().join("dropcase.toml"), Doors::Shut)
        .await
        .unwrap()
        .0;
    let before = app.desk();
    assert_eq!(
        before.rules(Side::Client).sources.tables.last_base_rate(),
        Some(day("2200-01-01"))
    );
    assert_eq!(
        (before.rules(Side::Client).terms)("muster", "", "EUR").fee_schedule,
        None
    );
    assert_eq!(app.old_base_rate(day("2200-08-01")), None);
    assert_eq!(app.old_base_rate(day("2200-08-02")), Some(day("2200-01-01")));

    write("rates.csv", "valid_from,base_rate_percent\n2200-01-01,one\n");
    assert!(app.reload().await.unwrap_err().is::<dropcase_config::Mistakes>());
    write("rates.csv", "valid_from,base_rate_percent\n2200-07-01,1\n");
    write(
        "fees/haus.toml",
        "schedule = \"haus\"\ncurrency = \"EUR\"\n[[version]]\nid = \"h\"\nfrom = \"2020-01-01\"\nbands = [{ fee = \"5\" }]\n",
    );
    write(
        "clients.d/muster.toml",
        &format!("{client}fee_schedule = \"haus\"\ninput_tax_deductible = true\n"),
    );
    app.reload().await.unwrap();
    let after = app.desk();
    let rules = after.rules(Side::Office);
    assert_eq!(rules.sources.tables.last_base_rate(), Some(day("2200-07-01")));
    assert!(rules.sources.fees.get("haus").is_some());
    assert_eq!((rules.terms)("muster", "", "EUR").fee_schedule.as_deref(), Some("haus"));
    assert_eq!(app.old_base_rate(day("2200-08-02")), None);
    // What was begun goes on as it began.
    assert!(before.rules(Side::Client).sources.fees.get("haus").is_none());

    // Only German law needs the base rate.
    write("clients.d/muster.toml", &format!("{client}law = \"dk\"\n"));
    app.reload().await.unwrap();
    assert_eq!(app.old_base_rate(day("2300-01-01")), None);
}
