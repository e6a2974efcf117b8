//! Reports: what they list, their totals, their mail.

use dropcase_cases::model::Mode;
use dropcase_cases::queries::CaseStatus;
use dropcase_config::{AnswerFormat, ReportKind};
use dropcase_outbox::ReportRequest;
use insta::assert_snapshot;

use crate::house::{House, PLAIN, TEN, stable, text};

fn request(kind: ReportKind, formats: &[AnswerFormat], mail: bool) -> ReportRequest {
    ReportRequest {
        kind,
        status: CaseStatus::Open,
        since: None,
        until: None,
        formats: formats.to_vec(),
        mail,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_with_totals_and_a_mail() {
    for locale in ["de", "en", "da"] {
        let house = House::new(locale, PLAIN).await;
        house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
        house.deliver().await;
        house.later(chrono::TimeDelta::hours(1));
        let client = house.store.client("muster").await.unwrap().unwrap().id;
        let formats = [AnswerFormat::Csv, AnswerFormat::Xlsx];
        house
            .outbox
            .request_report(client, &request(ReportKind::Cases, &formats, true))
            .await
            .unwrap();
        house.deliver().await;
        let files = house.files("outbox/reports");
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["cases-open.2026-11-24.csv", "cases-open.2026-11-24.xlsx"]);
        assert_snapshot!(format!("cases_{locale}"), text(&files["cases-open.2026-11-24.csv"]));
        let mails = house.mails();
        assert_eq!(
            mails.len(),
            2,
            "one for the delivery, one for both formats of the report"
        );
        assert_snapshot!(
            format!("report_mail_{locale}"),
            timeless(&crate::mails::readable(&mails[1]))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_of_the_period() {
    let house = House::new("de", PLAIN).await;
    let first = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Validate).await;
    let second = house.drop("uebergabe.csv", TEN.as_bytes(), Mode::Import).await;
    house.later(chrono::TimeDelta::hours(1));
    let client = house.store.client("muster").await.unwrap().unwrap().id;
    for _ in 0..2 {
        house
            .outbox
            .request_report(client, &request(ReportKind::Deliveries, &[], false))
            .await
            .unwrap();
    }
    house.deliver().await;
    let files = house.files("outbox/reports");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["deliveries.2026-11-24.csv", "deliveries.2026-11-24~2.csv"],
        "no report replaces another"
    );
    let shown = stable(&text(&files["deliveries.2026-11-24.csv"]), &second).replace(&first.code, "{first}");
    assert_snapshot!(shown);
}

/// A mail without what depends on the moment at which its row was queued.
pub(crate) fn timeless(mail: &str) -> String {
    let lines = anonymous(mail);
    let lines = lines
        .lines()
        .filter(|line| !line.starts_with("Message-ID: ") && !line.starts_with("Date: "));
    lines.collect::<Vec<_>>().join("\n")
}

/// A mail whose id, in which a secret of the database is, does not show.
pub(crate) fn anonymous(mail: &str) -> String {
    let id = mail
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "))
        .expect("an id");
    let boundary: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    mail.replace(id, "<{id}>").replace(&boundary, "{boundary}")
}
