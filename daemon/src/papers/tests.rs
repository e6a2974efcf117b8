//! Papers that come by themselves, from their row to the case.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use dropcase_cases::model::{Delivery, DeliveryState, Leased, Status};
use dropcase_inbox::WorkFile;

use super::*;
use crate::delivery::client_key;
use crate::testing::{self, MANDATE};

mod office;

/// A home with the clients `muster` and `other` and the back office `office`, and what works on it.
pub(crate) async fn home(folder: &Path) -> Arc<App> {
    let office = ("office", "back_office = true\n");
    testing::write_home(folder, "", &[("muster", MANDATE), ("other", MANDATE), office]);
    testing::open(folder).await
}

/// A delivery of the client `muster` whose file lies in the work folder.
pub(crate) async fn arrive(app: &App, upload: (u128, &str), content: &[u8], arrived_at: DateTime<Utc>) -> Delivery {
    arrive_from(app, "muster", upload, content, arrived_at).await
}

/// A delivery of a client whose file lies in the work folder.
pub(crate) async fn arrive_from(
    app: &App,
    client: &str,
    (upload, path): (u128, &str),
    content: &[u8],
    arrived_at: DateTime<Utc>,
) -> Delivery {
    let row = testing::row(app, client, (upload, path), content.len(), arrived_at).await;
    let (claim, key) = (app.inbox.claim(), client_key(&row).unwrap());
    fs::write(claim.incoming(&key, row.upload_id).unwrap(), content).unwrap();
    claim.place(&key, row.upload_id, &row.code, &row.name).unwrap();
    row
}

pub(crate) async fn next(app: &App) -> Leased {
    app.store
        .next("node", Duration::from_secs(60), app.now())
        .await
        .unwrap()
        .expect("a delivery is due")
}

/// Works the delivery that is due; its row.
pub(crate) async fn work_next(app: &Arc<App>) -> Delivery {
    let leased = next(app).await;
    delivery::work(app, &leased).await.unwrap();
    app.store.delivery(leased.delivery.id).await.unwrap().unwrap()
}

/// A claim of the client `muster` of 100.00 EUR by this invoice number, as a list would bring it.
pub(crate) async fn hand_over(app: &Arc<App>, claim: (u128, &str)) {
    hand_over_by(app, "muster", claim).await;
}

/// A claim of a client of 100.00 EUR by this invoice number.
pub(crate) async fn hand_over_by(app: &Arc<App>, client: &str, (upload, invoice): (u128, &str)) {
    arrive_from(app, client, (upload, "inbox/list.csv"), b"-", app.now()).await;
    let leased = next(app).await;
    let client = app.client(client).unwrap();
    let (claim, code) = (app.inbox.claim(), leased.delivery.code.clone());
    let original: WorkFile = claim.taken(&client.key, &code).unwrap().unwrap();
    let mut record = record("new_claim", "-");
    let text = |text: &str| Value::Text(text.to_owned());
    for (field, value) in [
        (Field::DebtorNumber, text("10001")),
        (Field::LastName, text("Mustermann")),
        (Field::InvoiceNumber, text(invoice)),
        (
            Field::InvoiceDate,
            Value::Date(NaiveDate::from_ymd_opt(2026, 1, 15).unwrap()),
        ),
        (Field::PrincipalAmount, Value::Money(10_000)),
        (Field::Currency, text("EUR")),
    ] {
        record.set(field, value);
    }
    let staged = original.path.with_file_name(STAGED);
    write(&staged, record).unwrap();
    let task = Task {
        app,
        leased: &leased,
        client: &client,
        original: &original,
        sha256: "5e88",
    };
    let outcome = delivery::import(&task, staged, &Papers::default(), &|_| Vec::new())
        .await
        .unwrap();
    assert_eq!(outcome.accepted, 1);
}

pub(crate) async fn codes(app: &App, delivery: &Delivery) -> Vec<String> {
    let mut results = app
        .store
        .results(delivery.id, dropcase_cases::queries::ResultFilter::default());
    let page = results.next_page().await.unwrap();
    page.iter()
        .flat_map(|result| result.findings.iter().map(|finding| finding.code.clone()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_waits_for_its_claim_and_is_filed() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    let pdf = b"%PDF-1.7 Vertrag";
    arrive(&app, (1, "inbox/documents/R-1_Vertrag.pdf"), pdf, app.now()).await;
    let waiting = work_next(&app).await;
    assert_eq!(waiting.state, DeliveryState::Waiting);
    claims_came(&app, &app.client("muster").unwrap()).await.unwrap();
    assert_eq!(
        app.store.delivery(waiting.id).await.unwrap().unwrap().state,
        DeliveryState::Waiting
    );
    // It holds up nobody.
    hand_over(&app, (2, "R-1")).await;
    claims_came(&app, &app.client("muster").unwrap()).await.unwrap();
    let filed = work_next(&app).await;
    assert_eq!(
        (filed.id, filed.status, filed.state),
        (waiting.id, Some(Status::Accp), DeliveryState::Archived)
    );
    let detail = app.store.delivery_by_code(&filed.code).await.unwrap().unwrap();
    assert_eq!(detail.sums[0].record_type, "document");
    assert!(!detail.outbox.is_empty());
    let digest = filed.sha256.unwrap();
    let key = app.client("muster").unwrap().key.clone();
    let mut stored = Vec::new();
    app.inbox
        .papers()
        .open(&key, &digest)
        .unwrap()
        .read_to_end(&mut stored)
        .unwrap();
    assert_eq!(stored, pdf);
    // The same paper once more, under another name.
    arrive(&app, (3, "inbox/documents/R-1.pdf"), pdf, app.now()).await;
    let again = work_next(&app).await;
    assert_eq!((again.status, again.duplicate), (Some(Status::Accp), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_answered_when_it_has_waited_long_enough_or_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    let long_ago = app.now() - TimeDelta::days(8);
    for (upload, name, content, code) in [
        (1, "inbox/documents/R-1.pdf", &b"%PDF-1.7"[..], "PAPER_WITHOUT_CASE"),
        (2, "inbox/documents/R-1.pdf", b"MZ\0\0", "PAPER_TYPE_NOT_TAKEN"),
        (3, "inbox/documents/R-1.pdf", b"", "EMPTY_FILE"),
    ] {
        let since = if upload == 1 { long_ago } else { app.now() };
        arrive(&app, (upload, name), content, since).await;
        let refused = work_next(&app).await;
        assert_eq!((refused.status, refused.rejected), (Some(Status::Rjct), 1), "{code}");
        assert_eq!(codes(&app, &refused).await, [code]);
    }
    // Nothing of them was kept.
    assert!(!folder.path().join("data/papers").exists());
    hand_over(&app, (4, "R-1")).await;
    arrive(&app, (5, "inbox/documents/R-1.pdf"), b"MZ\0\0", app.now()).await;
    assert_eq!(work_next(&app).await.status, Some(Status::Rjct));
    assert_eq!(
        fs::read_dir(folder.path().join("data/papers/muster")).unwrap().count(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_paper_and_row_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    hand_over(&app, (1, "R-1")).await;
    let client = app.client("muster").unwrap();
    let pdf = b"%PDF-1.7 Vertrag";
    // The first attempt stored the paper and died, another died on the way.
    let kept = app.inbox.papers().keep(&client.key, "first", &mut &pdf[..]).unwrap();
    let folder = folder.path().join("data/papers/muster");
    fs::write(folder.join(".incoming-second"), "%PD").unwrap();
    arrive(&app, (2, "inbox/documents/R-1.pdf"), pdf, app.now()).await;
    let filed = work_next(&app).await;
    assert_eq!(filed.status, Some(Status::Accp));
    // What no case has is swept, what one has is not.
    app.inbox
        .papers()
        .keep(&client.key, "third", &mut &b"%PDF-1.7 x"[..])
        .unwrap();
    let old = std::time::SystemTime::now() - Duration::from_secs(3 * 24 * 3600);
    for place in fs::read_dir(&folder).unwrap() {
        let place = place.unwrap().path();
        let papers = if place.is_dir() {
            fs::read_dir(place)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect()
        } else {
            vec![place]
        };
        for paper in papers {
            File::open(paper).unwrap().set_modified(old).unwrap();
        }
    }
    assert_eq!(sweep(&app, &client).await.unwrap(), 1);
    assert!(!folder.join(".incoming-second").exists());
    assert!(app.inbox.papers().open(&client.key, &kept.sha256).is_ok());
}
