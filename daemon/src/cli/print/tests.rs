//! Answers as people see them.

use serde_json::json;

use super::*;

fn delivery() -> serde_json::Value {
    json!({
        "id": "06h0qbf4rhz6", "client": "muster", "time_zone": "Europe/Berlin", "file": "liste\u{1b}[31m.csv", "mode": "import",
        "arrived": "2026-07-01T22:30:10Z", "state": "archived", "status": "PART", "submitted": 3, "accepted": 1, "rejected": 1,
        "duplicate": 1, "withheld": 0, "path": "inbox/liste.csv", "by": "muster", "protocol": "sftp", "remote": "192.0.2.7",
        "size": 330, "sha256": "4798eb", "started": null, "finished": "2026-07-01T22:30:12Z", "attempts": 1,
        "first_delivery": null, "parts": [],
        "sums": [{"record_type": "new_claim", "outcome": "accepted", "records": 1, "amount": "1234.50", "currency": "EUR"}],
        "finding_counts": [{"code": "AMOUNT_NOT_POSITIVE", "severity": "error", "field": "principal_amount", "count": 2}],
        "findings": [{"row": 3, "column": "Hauptforderung", "code": "AMOUNT_NOT_POSITIVE", "severity": "error",
            "outcome": "rejected", "message": "Not above zero.", "todo": "Correct it."}],
        "outbox": [
            {"kind": "acknowledgement", "format": "csv", "state": "done", "file": "outbox/acknowledgements/a.csv", "attempts": 1,
                "error": null, "done": "2026-07-01T22:30:12Z", "picked_up": "2026-07-01T23:00:00Z"},
            {"kind": "mail", "format": "mail", "state": "queued", "file": "<id@example.com>", "attempts": 2,
                "error": "SMTP_AWAY", "done": null, "picked_up": null}
        ]
    })
}

#[test]
fn a_delivery() {
    let shown = serde_json::from_value(delivery()).unwrap();
    insta::assert_snapshot!(deliveries::show(&shown));
}

#[test]
fn deliveries_in_a_list() {
    let mut validation = delivery();
    validation["mode"] = "validate".into();
    validation["time_zone"] = "UTC".into();
    let mut waiting = delivery();
    waiting["status"] = serde_json::Value::Null;
    waiting["state"] = "claimed".into();
    let list = serde_json::from_value(json!({ "deliveries": [delivery(), validation, waiting] })).unwrap();
    insta::assert_snapshot!(crate::cli::print::deliveries::list(&list));
}

fn case() -> serde_json::Value {
    json!({
        "number": "10000004", "client": "muster", "time_zone": "Europe/Berlin", "creditor": "", "debtor_number": "10001",
        "debtor": "Erika Mustermann", "stage": "extrajudicial", "processing": "paused", "payment": "unpaid",
        "opened": "2026-07-01T22:30:10Z", "closed": null, "closing_reason": null, "claims": 2, "principal": "1225.40",
        "costs": "5.00", "paid": "0.00", "balance": "1230.40", "currency": "EUR",
        "debtor_details": {"kind": "person", "acts_as": "consumer", "name": "Erika Mustermann", "street": "Musterstraße 1",
            "address_extra": null, "postal_code": "01067", "city": "Dresden", "country": "DE", "birth_date": null,
            "contacts": [{"kind": "email", "value": "erika@example.com"}], "ibans": ["DE89370400440532013000"]},
        "claim_list": [{"invoice_number": "R-1", "contract_number": null, "invoice_date": "2025-01-10", "due_date": null,
            "principal": "1225.40", "currency": "EUR", "reason": "Warenlieferung", "disputed": true,
            "booked": "2026-07-01T22:30:10Z"}],
        "bookings": [{"kind": "principal", "amount": "1225.40", "currency": "EUR", "value_date": "2025-01-10",
            "booked": "2026-07-01T22:30:10Z", "reversal": false}],
        "history": [
            {"at": "2026-07-01T22:30:10Z", "kind": "opened", "visibility": "client", "details": null},
            {"at": "2026-07-02T22:30:10Z", "kind": "call", "visibility": "internal",
             "details": {"text": "Zahlt\u{1b}[31m am Freitag", "message_id": 7}}
        ],
        "messages": [
            {"at": "2026-07-03T08:00:00Z", "kind": "message", "text": "Wie ist der Stand?\n\u{1b}[31mDanke.", "by_mail": false, "open": true}
        ],
        "handler": "Team 3",
        "paused_until": "2026-08-01"
    })
}

#[test]
fn a_case() {
    let shown = serde_json::from_value(case()).unwrap();
    insta::assert_snapshot!(cases::show(&shown));
}

#[test]
fn papers_of_a_case() {
    let paper = json!({"name": "R-1\u{1b}[31m.pdf", "content_type": "application/pdf", "size": 1234, "at": "2026-07-01T22:30:10Z",
        "by": "muster", "delivery": "06h0qbf4rhz6", "visibility": "client", "invoice_number": "R-1", "sha256": "4798eb",
        "saved_as": "papers/R-1.pdf"});
    let mut list =
        json!({"case_number": "10000004", "client": "muster", "time_zone": "Europe/Berlin", "papers": [paper]});
    insta::assert_snapshot!(papers::list(&serde_json::from_value(list.clone()).unwrap()));
    list["papers"] = json!([]);
    assert_eq!(
        papers::list(&serde_json::from_value(list).unwrap()),
        "There are no papers.\n"
    );
}

#[test]
fn cases_in_a_list() {
    let mut closed = case();
    closed["closed"] = "2026-08-01T10:00:00Z".into();
    closed["closing_reason"] = "FULL_PAYMENT".into();
    let totals = json!([{"currency": "EUR", "cases": 2, "principal": "2450.80", "costs": "10.00", "paid": "0.00",
        "balance": "2460.80"}]);
    let list = serde_json::from_value(json!({ "cases": [case(), closed], "totals": totals })).unwrap();
    insta::assert_snapshot!(crate::cli::print::cases::list(&list));
}

#[test]
fn what_check_says() {
    let shape = serde_json::from_value(json!({
        "client": null, "status": "PART", "submitted": 3, "accepted": 1, "rejected": 1, "duplicate": 1, "withheld": 0,
        "findings": [
            {"code": "UNKNOWN_COLUMN", "severity": "info", "column": "Farbe", "message": "Not known.", "todo": ""},
            {"sheet": "Forderungen", "row": 3, "field": "due_date", "code": "REQUIRED", "severity": "error", "message": "Missing.",
                "todo": "Add it."}
        ],
        "findings_left_out": 4
    }));
    insta::assert_snapshot!(check::check("liste.xlsx", &shape.unwrap()));
}

#[test]
fn the_status() {
    let now = "2026-07-01T22:30:10Z".parse().unwrap();
    let shape = serde_json::from_value(json!({
        "version": "1.2.3", "home": "/srv/home", "sftp": ["192.0.2.7:22", "[::1]:22"], "ftps": null, "sessions": 2, "clients": 5,
        "incomplete": 2, "database": "sqlite",
        "deliveries": {"waiting": 3, "oldest": "2026-07-01T22:20:10Z", "running": 1, "failing": 2, "set_aside": 0, "quarantined": 1},
        "outbox": {"waiting": 0, "oldest": null, "failed": 1}
    }));
    insta::assert_snapshot!(status::status(&shape.unwrap(), now));
    let away = serde_json::from_value(json!({
        "version": "1.2.3", "home": "/srv/home", "sftp": ["192.0.2.7:22"], "ftps": "192.0.2.7:21", "sessions": 0, "clients": 5,
        "old_base_rate": "2026-01-01", "database": "postgres", "database_error": "the database is away", "deliveries": null, "outbox": null
    }));
    insta::assert_snapshot!(status::status(&away.unwrap(), now));
}

#[test]
fn what_has_not_left() {
    let list = serde_json::from_value(json!({ "outbox": [
        {"id": 7, "client": "muster", "time_zone": "Europe/Berlin", "kind": "acknowledgement", "format": "csv",
            "delivery": "06h0qbf4rhz6", "state": "failed", "queued": "2026-07-01T22:00:00Z", "attempts": 16, "error": "FILE",
            "next": null},
        {"id": 12, "client": "zwei", "time_zone": "UTC", "kind": "mail", "format": "mail", "delivery": null, "state": "queued",
            "queued": "2026-07-01T22:10:00Z", "attempts": 0, "error": null, "next": "2026-07-01T22:10:00Z"}
    ]}));
    insta::assert_snapshot!(outbox::list(&list.unwrap()));
}

#[test]
fn reports_in_a_list() {
    let list = serde_json::from_value(json!({ "reports": [
        {"client": "muster", "time_zone": "Europe/Berlin", "kind": "cases", "status": "open", "formats": ["csv", "xlsx"],
            "schedule": "0 0 6 * * mon", "mail": true, "next": "2026-07-06T04:00:00Z"},
        {"client": "zwei", "time_zone": "UTC", "kind": "deliveries", "status": null, "formats": ["csv"],
            "schedule": "0 0 6 * * mon", "mail": false, "next": null}
    ]}));
    insta::assert_snapshot!(reports::list(&list.unwrap()));
}
