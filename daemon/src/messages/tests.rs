//! Messages by file, from their row to the case.

use std::fs;
use std::sync::Arc;

use dropcase_cases::desk::{Ordering, Side, order};
use dropcase_cases::model::{ActorKind, Delivery, DeliveryState, Status, Visibility};

use super::*;
use crate::app::App;
use crate::delivery::client_key;
use crate::papers::tests::{arrive, codes, hand_over, home, work_next};
use crate::testing;

/// A folder of these files as a delivery that was taken.
async fn arrive_folder(app: &App, (upload, name): (u128, &str), files: &[(&str, &[u8])]) -> Delivery {
    let path = format!("inbox/messages/{name}");
    let row = testing::row(app, "muster", (upload, &path), 1, app.now()).await;
    let key = client_key(&row).unwrap();
    let folder = app.inbox.claim().work_folder(&key, &row.code).unwrap().join(name);
    fs::create_dir_all(folder.join("papers")).unwrap();
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
    row
}

/// The kinds of the case's history, oldest first.
pub(crate) async fn history(app: &App, number: &str) -> Vec<String> {
    let detail = app
        .store
        .case_by_number(number, Visibility::Client)
        .await
        .unwrap()
        .unwrap();
    detail.history.into_iter().map(|line| line.kind).collect()
}

/// The case on which a delivery was worked.
pub(crate) async fn case_of(app: &App, delivery: &Delivery) -> String {
    let mut results = app
        .store
        .results(delivery.id, dropcase_cases::queries::ResultFilter::default());
    results.next().await.unwrap().unwrap().result.case_number.unwrap()
}

/// The case handler asks.
async fn ask(app: &Arc<App>, case: &str) {
    let mut query = papers::record("query", "-");
    query.set(Field::CaseNumber, Value::Text(case.to_owned()));
    query.set(Field::Text, Value::Text("Wo ist die Rechnung?".to_owned()));
    let desk = app.desk();
    let given = Ordering {
        actor: app.store.actor(ActorKind::Service, None, "dropcase").await.unwrap(),
        today: app.now().date_naive(),
        now: app.now(),
        rules: desk.rules(Side::Office),
        papers: None,
        dry_run: false,
    };
    assert!(order(&app.store, &query, &given).await.unwrap().done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_a_message_and_a_folder_one_with_papers() {
    let home_folder = tempfile::tempdir().unwrap();
    let app = home(home_folder.path()).await;
    hand_over(&app, (1, "R-1")).await;
    arrive(&app, (2, "inbox/messages/R-1 Frage.txt"), b"Gr\xfc\xdfe", app.now()).await;
    let told = work_next(&app).await;
    assert_eq!((told.status, told.state), (Some(Status::Accp), DeliveryState::Archived));
    let case = case_of(&app, &told).await;
    assert_eq!(history(&app, &case).await, ["opened", "claim_added", "message"]);

    ask(&app, &case).await;
    let files: [(&str, &[u8]); 4] = [
        ("a.txt", b"Hier ist sie."),
        ("b.txt", b"Eine Beilage"),
        ("papers/R-1.pdf", b"%PDF-1.7 R-1"),
        ("run.exe", b"MZ\0\0"),
    ];
    let name = format!("{case}_Antwort");
    arrive_folder(&app, (3, &name), &files).await;
    let answered = work_next(&app).await;
    assert_eq!(
        (answered.status, answered.state),
        (Some(Status::Accp), DeliveryState::Archived)
    );
    assert_eq!(codes(&app, &answered).await, ["PAPER_TYPE_NOT_TAKEN"]);
    let lines = history(&app, &case).await;
    assert_eq!(lines[3..5], ["query", "answer"]);
    assert_eq!(lines[5..], ["document", "document"]);
    let archive = home_folder.path().join("data/clients/muster/archive");
    let day = fs::read_dir(archive).unwrap().next().unwrap().unwrap().path();
    assert!(day.join(format!("{}_{name}/papers/R-1.pdf", answered.code)).is_file());
    assert!(
        !home_folder
            .path()
            .join("data/work/muster")
            .join(&answered.code)
            .exists()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_is_answered() {
    let home_folder = tempfile::tempdir().unwrap();
    let app = home(home_folder.path()).await;
    hand_over(&app, (1, "R-1")).await;
    arrive(&app, (2, "inbox/messages/R-1.pdf"), b"%PDF-1.7", app.now()).await;
    let refused = work_next(&app).await;
    assert_eq!(
        (refused.status, codes(&app, &refused).await),
        (Some(Status::Rjct), vec!["MESSAGE_WITHOUT_TEXT".to_owned()])
    );
    arrive(&app, (3, "inbox/messages/R-2.txt"), b"Hallo", app.now()).await;
    let unknown = work_next(&app).await;
    assert_eq!(codes(&app, &unknown).await, ["PAPER_WITHOUT_CASE"]);
    arrive(&app, (4, "inbox/messages/R-1.txt"), &[b'x'; 70_000], app.now()).await;
    let long = work_next(&app).await;
    assert_eq!(codes(&app, &long).await, ["FIELD_TOO_LONG"]);
}
