//! Homes, clients and settings: what is written, and what is refused.

use super::support::{Home, key};
use serde_json::json;

#[test]
fn a_home_is_made_once() {
    let home = Home::new();
    home.run(&["config", "check"], "").expect(0, "No mistake");
    for name in ["dropcase.toml", "clients.d", "layouts", "data"] {
        assert!(home.path().join(name).exists(), "{name}");
    }
    home.run(&["init", home.path().to_str().unwrap()], "")
        .expect(1, "is there already");
}

#[test]
fn a_client_is_added_with_all_that_was_said() {
    let home = Home::new();
    let key = key(home.path(), "erp");
    let added = home.run(
        &[
            "client",
            "add",
            "muster",
            "--name",
            "Muster \"GmbH\"",
            "--key",
            &key,
            "--password-stdin",
            "--email",
            "buchhaltung@example.com",
            "--email",
            "leitung@example.com",
            "--locale",
            "da",
            "--country",
            "AT",
            "--currency",
            "EUR",
            "--answers",
            "csv,json",
        ],
        "correct horse battery\n",
    );
    added.expect(0, "sftp://muster@files.example.com:2222");
    for word in ["SHA256:", "No service runs", "der er oprettet adgang"] {
        assert!(added.out.contains(word), "{word} in\n{}", added.out);
    }
    assert!(
        !added.out.contains("correct horse"),
        "a password that was given is not repeated"
    );
    let text = home.read("clients.d/muster.toml");
    for line in [
        "name = 'Muster \"GmbH\"'",
        "locale = \"da\"",
        "country = \"AT\"",
        "currency = \"EUR\"",
        "email = [\"buchhaltung@example.com\", \"leitung@example.com\"]",
        "answers = [\"csv\", \"json\"]",
        "password = \"$argon2id$",
        "#policy = \"valid-rows\"",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("correct horse"));
    let shown = home.run(&["client", "show", "muster", "--json"], "").json();
    assert_eq!(shown["users"][0]["keys"][0]["comment"], "erp");
    assert_eq!(shown["users"][0]["password"], true);
    assert_eq!(
        shown["email"],
        json!(["buchhaltung@example.com", "leitung@example.com"])
    );
    assert!(!shown.to_string().contains("argon2"), "{shown}");
}

#[test]
fn a_client_without_key_and_password_gets_one_that_is_shown_once() {
    let home = Home::new();
    let added = home
        .run(&["client", "add", "muster", "--name", "Muster GmbH", "--json"], "")
        .json();
    let password = added["password"].as_str().unwrap();
    assert_eq!(password.len(), 27, "{password}");
    assert_eq!(added["taken_up"], false);
    assert!(
        added["fingerprints"][0]
            .as_str()
            .unwrap()
            .starts_with("ED25519 SHA256:")
    );
    assert!(added["letter"].as_str().unwrap().contains("Guten Tag"));
    assert!(
        !added["letter"].as_str().unwrap().contains(password),
        "the letter may be read by others"
    );
    assert!(!home.read("clients.d/muster.toml").contains(password));
    let second = home
        .run(&["client", "add", "zwei", "--name", "Zwei", "--json"], "")
        .json();
    assert_ne!(second["password"], added["password"]);
    assert_eq!(second["fingerprints"], added["fingerprints"], "host keys are made once");
}

#[test]
fn keys_users_and_passwords_are_changed_in_place() {
    let home = Home::new();
    let (first, second) = (key(home.path(), "first"), key(home.path(), "second"));
    home.run(
        &["client", "add", "muster", "--name", "Muster GmbH", "--key", &first],
        "",
    )
    .expect(0, "");
    let commented = home.read("clients.d/muster.toml") + "# a remark of the operator\n";
    home.write("clients.d/muster.toml", &commented);

    home.run(&["client", "key", "add", "muster", &second], "")
        .expect(0, "Added the key SHA256:");
    home.run(&["client", "key", "add", "muster", &second], "")
        .expect(1, "already");
    home.run(&["client", "key", "remove", "muster", "first"], "")
        .expect(0, "Removed the key SHA256:");
    home.run(&["client", "key", "remove", "muster", "first"], "")
        .expect(3, "no key");
    home.run(
        &["client", "key", "add", "muster", "-", "--user", "nobody"],
        &home.read("second.pub"),
    )
    .expect(3, "no user");

    home.run(
        &[
            "client", "user", "add", "muster", "erp", "--right", "drop", "--key", &first,
        ],
        "",
    )
    .expect(0, "Added erp");
    home.run(&["client", "user", "add", "muster", "ERP", "--key", &first], "")
        .expect(1, "taken");
    let shown = home.run(&["client", "show", "muster", "--json"], "").json();
    assert_eq!(shown["users"][1]["rights"], json!(["drop"]));
    assert_eq!(shown["users"][1]["password"], false);
    home.run(&["client", "user", "remove", "muster", "erp"], "")
        .expect(0, "Removed erp");
    home.run(&["client", "user", "remove", "muster", "erp"], "")
        .expect(3, "no user");

    home.run(&["client", "passwd", "muster"], "")
        .expect(0, "shown only now: ");
    home.run(&["client", "passwd", "muster", "--password-stdin"], "short\n")
        .expect(1, "too short");
    home.run(
        &["client", "passwd", "muster", "--password-stdin"],
        "long enough for all\n",
    )
    .expect(0, "new password");
    home.run(&["client", "passwd", "muster", "--remove"], "")
        .expect(0, "no password any more");
    let shown = home.run(&["client", "show", "muster", "--json"], "").json();
    assert_eq!(shown["users"].as_array().unwrap().len(), 1);
    assert_eq!(shown["users"][0]["password"], false);
    assert_eq!(shown["users"][0]["keys"].as_array().unwrap().len(), 1);
    assert!(
        home.read("clients.d/muster.toml")
            .ends_with("# a remark of the operator\n"),
        "comments stay"
    );
}

#[test]
fn a_removed_client_stays_removed() {
    let home = Home::new();
    for name in ["muster", "zwei"] {
        home.run(&["client", "add", name, "--name", name], "").expect(0, "");
    }
    home.run(&["client", "remove", "muster"], "")
        .expect(0, "Removed muster");
    home.run(&["client", "remove", "muster"], "")
        .expect(3, "no client muster");
    home.run(&["client", "show", "muster"], "")
        .expect(3, "no client muster");
    home.run(&["client", "add", "muster", "--name", "Other"], "")
        .expect(1, "never used again");
    let list = home.run(&["client", "list", "--json"], "").json();
    assert_eq!(list["clients"].as_array().unwrap().len(), 1);
    assert_eq!(list["clients"][0]["key"], "zwei");
}

#[test]
fn nothing_is_written_when_something_is_wrong() {
    let home = Home::new();
    for (arguments, word) in [
        (&["--country", "XX"][..], "country"),
        (&["--currency", "euro"][..], "currency"),
        (&["--email", "nobody"][..], "email"),
        (&["--key", "/nowhere.pub"][..], "/nowhere.pub"),
    ] {
        let add = ["client", "add", "muster", "--name", "Muster"];
        home.run(&[&add[..], arguments].concat(), "").expect(1, word);
        assert!(!home.path().join("clients.d/muster.toml").exists(), "{word}");
    }
    home.write("private", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n");
    let private = home.path().join("private");
    let arguments = [
        "client",
        "add",
        "muster",
        "--name",
        "Muster",
        "--key",
        private.to_str().unwrap(),
    ];
    home.run(&arguments, "").expect(1, "private key");
}

#[test]
fn every_mistake_is_named_at_once() {
    let home = Home::new();
    home.run(&["client", "add", "muster", "--name", "Muster"], "")
        .expect(0, "");
    let settings = home
        .read("dropcase.toml")
        .replace("#idle_timeout = \"15m\"", "idle_timeout = \"soon\"\nlisten_adress = 1");
    home.write("dropcase.toml", &settings);
    home.write("clients.d/zwei.toml", "name = \"Zwei\"\nlocale = \"fr\"\n");
    let checked = home.run(&["config", "check"], "");
    checked.expect(1, "mistakes");
    for word in ["sftp.idle_timeout", "sftp.listen_adress", "zwei.toml:2: locale"] {
        assert!(checked.out.contains(word), "{word} in\n{}", checked.out);
    }
    let checked = home.run(&["config", "check", "--json"], "");
    checked.expect(1, "");
    let mistakes = checked.json()["mistakes"].as_array().unwrap().len();
    assert!(mistakes >= 3, "{}", checked.out);
}

#[test]
fn exit_codes_say_what_happened() {
    let home = Home::new();
    for (arguments, code, word) in [
        (&["status"][..], 4, "no service runs"),
        (&["reload"][..], 4, "no service runs"),
        (
            &["--config", "/nowhere/dropcase.toml", "status"][..],
            3,
            "/nowhere/dropcase.toml",
        ),
        (&["client", "show", "nobody"][..], 3, "nobody"),
        (&["delivery", "show", "000000000000"][..], 3, "000000000000"),
        (&["case", "show", "10000004"][..], 3, "10000004"),
        (&["delivery", "list", "--client", "nobody"][..], 3, "nobody"),
        (&["report", "run", "cases", "--client", "nobody"][..], 3, "nobody"),
        (&["check", "/nowhere.csv"][..], 3, "/nowhere.csv"),
        (&["import", "/nowhere.csv", "--client", "nobody"][..], 3, "/nowhere.csv"),
        (&["nonsense"][..], 2, "nonsense"),
    ] {
        home.run(arguments, "").expect(code, word);
    }
}

#[test]
fn lists_are_empty_before_anything_happened() {
    let home = Home::new();
    home.run(&["client", "list"], "").expect(0, "There are no clients yet");
    assert_eq!(
        home.run(&["delivery", "list", "--json"], "").json(),
        json!({ "deliveries": [] })
    );
    assert_eq!(
        home.run(&["case", "list", "--json"], "").json(),
        json!({ "cases": [], "totals": [] })
    );
    assert_eq!(
        home.run(&["report", "list", "--json"], "").json(),
        json!({ "reports": [] })
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = Home::new();
    let mut child = home
        .command(&["completion", "bash"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
