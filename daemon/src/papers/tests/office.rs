//! Papers and messages of the back office: on the cases of all clients, and no client's on another's.

use dropcase_cases::model::Visibility;
use dropcase_cases::queries::{CaseFilter, CasePage};

use super::*;
use crate::messages::tests::{case_of, history};

/// Hands a claim over and says on which case it lies.
async fn case(app: &Arc<App>, client: &str, claim: (u128, &str)) -> String {
    hand_over_by(app, client, claim).await;
    let filter = CaseFilter {
        client: Some(client.to_owned()),
        ..CaseFilter::default()
    };
    let page = CasePage { before: None, limit: 1 };
    app.store.cases(&filter, page).await.unwrap().remove(0).number
}

#[tokio::test(flavor = "multi_thread")]
async fn the_back_office_files_papers_on_the_cases_of_all_clients() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    let one = case(&app, "muster", (1, "R-1")).await;
    let two = case(&app, "other", (2, "R-2")).await;
    let names = [
        (3, format!("inbox/documents/{one}_Titel.pdf"), &one),
        (4, "inbox/documents/R-2_Titel.pdf".to_owned(), &two),
        (5, "inbox/messages/R-2 Stand.txt".to_owned(), &two),
    ];
    for (upload, path, on) in names {
        arrive_from(&app, "office", (upload, &path), b"%PDF-1.7", app.now()).await;
        let worked = work_next(&app).await;
        assert_eq!(worked.status, Some(Status::Accp), "{path}");
        assert_eq!(&case_of(&app, &worked).await, on, "{path}");
    }
    arrive_from(&app, "office", (6, "inbox/messages/R-9.txt"), b"Hallo", app.now()).await;
    let unknown = work_next(&app).await;
    assert_eq!(codes(&app, &unknown).await, ["PAPER_WITHOUT_CASE"]);
    // The agency's papers are its own, what it writes is the client's.
    assert_eq!(history(&app, &one).await, ["opened", "claim_added"]);
    assert_eq!(history(&app, &two).await, ["opened", "claim_added", "reply"]);
    let all = app
        .store
        .case_by_number(&one, Visibility::Internal)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(all.history.last().unwrap().kind, "document");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_two_clients_is_asked_back() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    case(&app, "muster", (1, "R-1")).await;
    case(&app, "other", (2, "R-1")).await;
    for (upload, path) in [(3, "inbox/documents/R-1.pdf"), (4, "inbox/messages/R-1.txt")] {
        arrive_from(&app, "office", (upload, path), b"%PDF-1.7", app.now()).await;
        let refused = work_next(&app).await;
        assert_eq!(
            (refused.status, codes(&app, &refused).await),
            (Some(Status::Rjct), vec!["AMBIGUOUS_REFERENCE".to_owned()]),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_never_reaches_the_case_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    let one = case(&app, "muster", (1, "R-1")).await;
    let before = history(&app, &one).await;
    let names = [
        format!("inbox/documents/{one}.pdf"),
        "inbox/documents/R-1.pdf".to_owned(),
        format!("inbox/messages/{one}.txt"),
        "inbox/messages/R-1.txt".to_owned(),
    ];
    let long_ago = app.now() - TimeDelta::days(8);
    for (upload, path) in (2..).zip(names) {
        arrive_from(&app, "other", (upload, &path), b"%PDF-1.7", long_ago).await;
        let refused = work_next(&app).await;
        assert_eq!(
            (refused.status, codes(&app, &refused).await),
            (Some(Status::Rjct), vec!["PAPER_WITHOUT_CASE".to_owned()]),
            "{path}"
        );
    }
    assert_eq!(history(&app, &one).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_of_the_back_office_waits_for_the_claim_of_any_client() {
    let folder = tempfile::tempdir().unwrap();
    let app = home(folder.path()).await;
    arrive_from(&app, "office", (1, "inbox/documents/R-1.pdf"), b"%PDF-1.7", app.now()).await;
    // A client's of the same name waits for that client's claim.
    arrive_from(&app, "other", (2, "inbox/documents/R-1.pdf"), b"%PDF-1.7", app.now()).await;
    for _ in 0..2 {
        assert_eq!(work_next(&app).await.state, DeliveryState::Waiting);
    }
    let one = case(&app, "muster", (3, "R-1")).await;
    claims_came(&app, &app.client("muster").unwrap()).await.unwrap();
    let filed = work_next(&app).await;
    assert_eq!(
        (filed.client_key.as_str(), filed.status),
        ("office", Some(Status::Accp))
    );
    assert_eq!(case_of(&app, &filed).await, one);
    let other = app.store.client("other").await.unwrap().unwrap();
    assert_eq!(app.store.waiting(other.id).await.unwrap().len(), 1);
}
