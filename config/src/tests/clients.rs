//! Mistakes and defaults of `clients.d/*.toml`, and what concerns several of them.

use chrono::NaiveDate;

use super::{CLIENT, check, home, load};
use crate::client::{
    AnswerFormat, Client, Completion, DateOrder, Locale, NumberFormat, Policy, Right, check_public_key,
};
use crate::password::hash_password;

const ED25519: &str = include_str!("keys/ed25519.pub");

pub(super) fn client_of(text: &str) -> Client {
    let home = home(&[
        ("dropcase.toml", ""),
        ("clients.d/muster.toml", text),
        ("layouts/erp.toml", ""),
    ]);
    load(home.path()).unwrap().1.remove(0)
}

/// One client's file with mistakes; every expected line begins after `clients.d/muster.toml:`.
#[track_caller]
pub(super) fn check_client(text: &str, expected: &[&str]) {
    let expected: Vec<String> = expected
        .iter()
        .map(|line| format!("clients.d/muster.toml:{line}"))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(&[("dropcase.toml", ""), ("clients.d/muster.toml", text)], &expected);
}

#[test]
fn defaults() {
    let client = client_of(CLIENT);
    assert_eq!((client.key.as_str(), client.name.as_str()), ("muster", "Muster GmbH"));
    assert_eq!((client.country.as_str(), client.currency.as_str()), ("DE", "EUR"));
    assert_eq!(
        (client.locale, client.time_zone),
        (Locale::De, chrono_tz::Europe::Berlin)
    );
    assert_eq!(
        (client.completion, client.policy),
        (Completion::Hold { settle_ms: 3000 }, Policy::ValidRows)
    );
    assert_eq!(
        (client.minimum_amount, client.archive_days, client.max_file_bytes),
        (0, 90, None)
    );
    assert_eq!((client.number_format, client.date_order), (None, None));
    assert!(client.answers.is_empty() && client.email.is_empty() && client.reports.is_empty());
    assert!(!client.plain_ftp && !client.receipts && !client.debtor_number_from_invoice);
}

#[test]
fn a_region_follows_from_language_and_country() {
    for (text, country, currency, zone) in [
        ("locale = \"da\"\n", "DK", "DKK", chrono_tz::Europe::Copenhagen),
        ("locale = \"en\"\n", "GB", "GBP", chrono_tz::Europe::London),
        ("country = \"CH\"\n", "CH", "CHF", chrono_tz::Europe::Zurich),
        (
            "country = \"AT\"\ncurrency = \"CHF\"\ntime_zone = \"UTC\"\n",
            "AT",
            "CHF",
            chrono_tz::UTC,
        ),
    ] {
        let client = client_of(&format!("{text}{CLIENT}"));
        assert_eq!(
            (client.country.as_str(), client.currency.as_str(), client.time_zone),
            (country, currency, zone)
        );
    }
}

#[test]
fn everything_said() {
    let hash = hash_password("geheim", [1; 16]);
    let text = format!(
        r#"name = "Muster GmbH"
email = "buchhaltung@example.com"
answers = ["csv", "json"]
receipts = true
completion = "marker"
plain_ftp = true
policy = "whole-file"
number_format = "decimal-comma"
date_order = "day-month-year"
minimum_amount = "10.50"
debtor_number = "from-invoice"
max_file = "500MB"
layouts = ["erp"]
archive_days = 30
creditor = [{{ code = "A", name = "Muster A" }}]
[[mandate]]
from = "2026-01-01"
to = 2026-01-01
creditor = "A"
[[user]]
name = "muster"
keys = ["{}"]
password = "{hash}"
rights = ["drop", "answers"]
[[report]]
kind = "cases"
status = "all"
formats = ["csv", "xlsx"]
schedule = "0 6 * * 1"
mail = false
"#,
        ED25519.trim()
    );
    let client = client_of(&text);
    assert_eq!(client.email, ["buchhaltung@example.com"]);
    assert_eq!(client.answers, [AnswerFormat::Csv, AnswerFormat::Json].into());
    assert_eq!(
        (client.completion, client.plain_ftp, client.receipts),
        (Completion::Marker, true, true)
    );
    assert_eq!((client.policy, client.minimum_amount), (Policy::WholeFile, 1050));
    assert_eq!(client.number_format, Some(NumberFormat::DecimalComma));
    assert_eq!(client.date_order, Some(DateOrder::DayMonthYear));
    assert_eq!((client.max_file_bytes, client.archive_days), (Some(500_000_000), 30));
    assert!(client.debtor_number_from_invoice);
    assert_eq!(client.layouts, ["erp"]);
    assert_eq!(
        (client.creditors[0].code.as_str(), client.creditors[0].name.as_str()),
        ("A", "Muster A")
    );
    let mandate = &client.mandates[0];
    assert_eq!(
        (mandate.to, mandate.creditor.as_deref()),
        (NaiveDate::from_ymd_opt(2026, 1, 1), Some("A"))
    );
    let user = &client.users[0];
    assert_eq!(
        (user.keys.as_slice(), user.password.as_ref()),
        ([ED25519.trim().to_owned()].as_slice(), Some(&hash))
    );
    assert_eq!(user.rights, [Right::Drop, Right::Answers].into());
    let report = &client.reports[0];
    assert_eq!(
        (report.status.as_str(), report.formats.len(), report.mail),
        ("all", 2, false)
    );
    assert_eq!(report.schedule.source(), "0 0 6 * * mon");
}

/// A file in which nearly everything is wrong.
const WRONG: &str = r#"locale = "fr"
country = "Germany"
currency = "eur"
time_zone = "Europe/Berln"
email = ["Muster <a@example.com>", "a@"]
answers = ["pdf"]
completion = "holt"
settle = "3"
minimum_amount = "10,00"
debtor_number = "invoice"
layouts = ["erp", "../erp"]
archive_days = 0
plain_ftp = "yes"
[[creditor]]
code = "A"
[[creditor]]
code = "A"
name = "Muster A"
[[mandate]]
from = 2026-02-01
to = 2026-01-01
creditor = "B"
[[mandate]]
from = "01.02.2026"
[[user]]
name = "muster "
keys = ["ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----"]
password = "geheim"
rights = ["dorp"]
admin = true
[[report]]
kind = "deliveries"
status = "open"
formats = ["pdf"]
schedule = "every monday"
[[report]]
"#;

#[test]
fn every_mistake_of_a_client_at_once() {
    check_client(
        WRONG,
        &[
            " name: is missing; write the client's name as it stands on letters, such as \"Muster GmbH\"",
            "1: locale: `fr` is not known; write one of `de`, `en`, `da`",
            "2: country: `Germany` is not a country of ISO 3166; write two capitals such as \"DE\"",
            "3: currency: `eur` is not a currency; did you mean `EUR`?",
            "4: time_zone: `Europe/Berln` is not a time zone; did you mean `Europe/Berlin`?",
            "5: email: `Muster <a@example.com>` is not an e-mail address; write it like \"buchhaltung@example.com\"",
            "5: email: `a@` is not an e-mail address; write it like \"buchhaltung@example.com\"",
            "6: answers: `pdf` is not known; write one of `csv`, `xlsx`, `json`, `xml`",
            "7: completion: `holt` is not known; did you mean `hold`?",
            "8: settle: `3` has no unit that is known; write it like \"500ms\", \"60s\", \"15m\", \"24h\" or \"7d\"",
            "9: minimum_amount: `10,00` is not an amount with 2 decimals; write it like \"10.00\"",
            "10: debtor_number: `invoice` is not known; write one of `required`, `from-invoice`",
            "11: layouts: `../erp` is not the name of a layout; letters, digits, - and _ are allowed",
            "11: layouts: there is no layout file layouts/erp.toml",
            "12: archive_days: 0 is not between 1 and 36500",
            "13: plain_ftp: should be true or false, not a string",
            "14: creditor[1].name: is missing; write the creditor's name as it stands on letters",
            "17: creditor[2].code: stands at another creditor already; codes are unique",
            "21: mandate[1].to: 2026-01-01 lies before `from` (2026-02-01)",
            "22: mandate[1].creditor: `B` is not the code of a [[creditor]] of this client",
            "24: mandate[2].from: `01.02.2026` is not a day; write it like 2026-01-31",
            "26: user[1].name: `muster ` is not a login name; use ASCII letters, digits and . - _ @, at most 64",
            "27: user[1].keys: is a private key, which must never leave its owner; write the one line of a .pub file, such as \"ssh-ed25519 AAAA… name\"",
            "27: user[1].keys: is not an OpenSSH public key; write the one line of a .pub file, such as \"ssh-ed25519 AAAA… name\"",
            "28: user[1].password: is not a password hash; set it with `dropcase client passwd`",
            "29: user[1].rights: `dorp` is not known; did you mean `drop`?",
            "30: user[1].admin: unknown key; known here are `name`, `keys`, `password`, `rights`",
            "33: report[1].status: belongs to kind = \"cases\" alone; remove it",
            "34: report[1].formats: `pdf` is not known; write one of `csv`, `xlsx`",
            "35: report[1].schedule: `every monday` is not a cron expression; write it like \"0 6 * * mon\" (Mondays at 06:00)",
            "36: report[2].kind: is missing; write \"cases\" or \"deliveries\"",
            "36: report[2].schedule: is missing; write a cron expression, such as \"0 6 * * mon\" (Mondays at 06:00)",
        ],
    );
}

#[test]
fn rules_across_fields() {
    check_client(
        &format!("plain_ftp = true\n{CLIENT}"),
        &[
            "1: plain_ftp: plain FTP cannot tell an end from a break; write completion = \"rename\" or \"marker\" beside it",
        ],
    );
    check_client(
        &format!("completion = \"rename\"\nsettle = \"5s\"\n{CLIENT}"),
        &["2: settle: belongs to completion = \"hold\" alone; remove it"],
    );
    check_client(
        "name = \"Muster GmbH\"\n",
        &[" mandate: is missing; write [[mandate]] with `from = 2026-01-01`, else no claim may be handed over"],
    );
    check_client(
        &format!("country = \"PA\"\n{CLIENT}"),
        &[" currency: is missing, and PA has no single currency; write currency = \"EUR\""],
    );
    check_client(
        &format!("currency = \"JPY\"\nminimum_amount = \"10.00\"\n{CLIENT}"),
        &["2: minimum_amount: `10.00` is not an amount with 0 decimals; write it like \"10\""],
    );
    check_client(
        &format!("users = 1\n{CLIENT}"),
        &["1: users: unknown key; did you mean `user`?"],
    );
    check_client(
        &format!("user = 1\n{CLIENT}"),
        &["1: user: may stand several times; write [[user]] on a line of its own"],
    );
    let key = ED25519.trim();
    check_client(
        &format!("{CLIENT}[[user]]\nname = \"a\"\nkeys = [\n  \"{key}\",\n  \"{key} again\",\n]\n"),
        &["6: user[1].keys: holds the same key twice; keep one of them"],
    );
}

#[test]
fn rules_across_clients() {
    let with = |names: &[&str]| {
        names
            .iter()
            .fold(CLIENT.to_owned(), |t, n| format!("{t}[[user]]\nname = \"{n}\"\n"))
    };
    let (first, second) = (with(&["a", "b"]), with(&["c", "B", "c"]));
    check(
        &[
            ("dropcase.toml", "agncy = \"Muster\"\n"),
            ("clients.d/alpha.toml", &first),
            ("clients.d/beta.toml", &format!("colour = 1\n{second}")),
            ("clients.d/Gamma.toml", CLIENT),
            ("clients.d/delta.toml", CLIENT),
            ("clients.d/delta.toml.removed", CLIENT),
            ("clients.d/.hidden.toml", "nonsense"),
            ("clients.d/notes.txt", "nonsense"),
        ],
        &[
            "clients.d/Gamma.toml: the file's name `Gamma` is not a client key; use lower-case letters, digits, - and _, a letter first, at most 32",
            "clients.d/beta.toml:1: colour: unknown key; known here are `locale`, `country`, `currency`, `time_zone`, `back_office`, `creditor`, `completion`, `settle`, `plain_ftp`, `name`, `email`, `answers`, `receipts`, `policy`, `number_format`, `date_order`, `minimum_amount`, `debtor_number`, `max_file`, `mandate`, `user`, `report`, `layouts`, `archive_days`",
            "clients.d/beta.toml:8: user[2].name: `B` is a login of clients.d/alpha.toml already; names are unique",
            "clients.d/beta.toml:10: user[3].name: `c` is a login of this client already; names are unique",
            "clients.d/delta.toml: the client delta was removed, and its key is never used again; choose another one",
            "dropcase.toml:1: agncy: unknown key; did you mean `agency`?",
        ],
    );
}

#[test]
fn a_missing_clients_folder_is_a_mistake() {
    check(
        &[("dropcase.toml", "clients_dir = \"nowhere\"\n")],
        &["nowhere: cannot be listed: No such file or directory (os error 2)"],
    );
}

#[test]
fn public_keys() {
    for good in [
        ED25519,
        include_str!("keys/ecdsab256.pub"),
        include_str!("keys/ecdsab384.pub"),
        include_str!("keys/ecdsab521.pub"),
        include_str!("keys/rsab2048.pub"),
    ] {
        assert_eq!(check_public_key(good), Ok(()), "{good}");
    }
    for (bad, message) in [
        (
            include_str!("keys/rsab1024.pub").to_owned(),
            "is an RSA key of 1024 bits; at least 2048 are needed",
        ),
        (
            include_str!("keys/dsa.pub").to_owned(),
            "is a key of kind ssh-dss; ed25519, ecdsa (nistp256/384/521) or rsa are taken",
        ),
        (
            ED25519.replace("ssh-ed25519", "ssh-rsa"),
            "is not an OpenSSH public key; write the one line of a .pub file, such as \"ssh-ed25519 AAAA… name\"",
        ),
        (
            ED25519.repeat(2),
            "has several lines; write the one line of a .pub file, such as \"ssh-ed25519 AAAA… name\", one element of the list for each key",
        ),
    ] {
        assert_eq!(check_public_key(&bad), Err(message.to_owned()), "{bad}");
    }
}
