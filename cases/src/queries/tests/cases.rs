//! Lists of cases, their totals, one case.

use super::seed;
use crate::model::{CaseId, Visibility};
use crate::on_both;
use crate::queries::{CaseFilter, CasePage, CaseStatus, CaseTotals};
use crate::store::Store;

/// Numbers of the cases that `filter` lists, three a page.
async fn numbers(store: &Store, filter: &CaseFilter) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut page = CasePage { before: None, limit: 3 };
    loop {
        let cases = store.cases(filter, page).await.expect("a page");
        let Some(last) = cases.last() else { return numbers };
        page.before = Some(last.id);
        numbers.extend(cases.into_iter().map(|case| case.number));
    }
}

fn of_client(client: &str) -> CaseFilter {
    CaseFilter {
        client: Some(client.to_owned()),
        ..CaseFilter::default()
    }
}

fn of_debtor(debtor: &str) -> CaseFilter {
    CaseFilter {
        debtor: Some(debtor.to_owned()),
        ..CaseFilter::default()
    }
}

on_both! {
    async fn filters(db: TestDb) {
        seed::cases(&db.store).await;
        let all = CaseFilter::default();
        let day = |text: &str| Some(format!("{text}T08:00:00Z").parse().expect("a time"));
        for (name, filter, expected) in [
            ("all", all.clone(), "10000041 10000033 10000025 10000017"),
            ("client", of_client("other"), "10000041"),
            ("no such client", of_client("nobody"), ""),
            ("open", CaseFilter { status: CaseStatus::Open, ..of_client("demo") }, "10000025 10000017"),
            ("closed", CaseFilter { status: CaseStatus::Closed, ..all.clone() }, "10000033"),
            ("since", CaseFilter { since: day("2026-11-03"), ..all.clone() }, "10000041 10000033"),
            ("until", CaseFilter { until: day("2026-11-03"), ..all.clone() }, "10000025 10000017"),
            ("name", of_debtor("mustermann"), "10000041 10000017"),
            ("folded name", of_debtor("MUELLER"), "10000033 10000025"),
            ("words in any order", of_debtor("Mustermann, Dr. Erika"), "10000017"),
            ("part of a name", of_debtor("söhn"), "10000033 10000025"),
            ("number", of_debtor(" 10001 "), "10000041 10000017"),
            ("number of a client", CaseFilter { debtor: Some("10001".to_owned()), ..of_client("demo") }, "10000017"),
            ("part of a number", of_debtor("1000"), ""),
            ("a stranger", of_debtor("Erika Beispiel"), ""),
            ("no word", of_debtor("%"), ""),
        ] {
            assert_eq!(numbers(&db.store, &filter).await.join(" "), expected, "{name}");
        }
    }

    async fn rows_have_sums_and_names(db: TestDb) {
        seed::cases(&db.store).await;
        let cases = db.store.cases(&of_client("demo"), CasePage { before: Some(CaseId(3)), limit: 10 }).await;
        let rows: Vec<_> = cases
            .expect("a page")
            .into_iter()
            .map(|case| (case.debtor_name, case.claims, case.principal, case.costs, case.payments, case.balance))
            .collect();
        let expected = [
            ("Müller & Söhne GmbH".to_owned(), 1, 100_000, 0, 0, 100_000),
            ("Erika Mustermann".to_owned(), 2, 15_000, 500, -3_000, 12_500),
        ];
        assert_eq!(rows, expected);
    }

    async fn totals_by_currency(db: TestDb) {
        seed::cases(&db.store).await;
        let total = |currency: &str, cases, open, principal, costs, payments| CaseTotals {
            currency: currency.to_owned(),
            cases,
            open,
            principal,
            costs,
            payments,
            balance: principal + costs + payments,
        };
        let totals = db.store.case_totals(&of_client("demo")).await.expect("totals");
        assert_eq!(totals, [total("DKK", 1, 0, 7_000, 0, -7_000), total("EUR", 2, 2, 115_000, 500, -3_000)]);
        let erika = db.store.case_totals(&of_debtor("Erika")).await.expect("totals");
        assert_eq!(erika, [total("EUR", 1, 1, 15_000, 500, -3_000)]);
        assert_eq!(db.store.case_totals(&of_client("nobody")).await.expect("totals"), []);
    }

    async fn one_case_with_what_the_viewer_may_see(db: TestDb) {
        seed::cases(&db.store).await;
        let case = db.store.case_by_number("1000 0017", Visibility::Internal).await.expect("a read");
        let case = case.expect("the case");
        assert_eq!((case.case.number.as_str(), case.case.balance), ("10000017", 12_500));
        assert_eq!(case.debtor.display_name(), case.case.debtor_name);
        let contacts: Vec<_> = case.contacts.iter().map(|contact| (contact.kind.as_str(), &*contact.value)).collect();
        assert_eq!(contacts, [("email", "erika@example.org"), ("phone", "0351 1234567")]);
        assert_eq!(case.accounts.len(), 1);
        let references: Vec<_> = case.claims.iter().map(|claim| claim.reference.as_str()).collect();
        assert_eq!(references, ["R-1", "R-2"]);
        assert_eq!(case.bookings.iter().map(|booking| booking.amount).sum::<i64>(), case.case.balance);
        let history: Vec<_> = case.history.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(history, ["opened", "claim_added", "claim_added", "note"]);
        let for_client = db.store.case_by_number("10000017", Visibility::Client).await.expect("a read");
        let history: Vec<_> = for_client.expect("the case").history.into_iter().map(|entry| entry.kind).collect();
        assert_eq!(history, ["opened", "claim_added", "claim_added"]);
        assert_eq!(db.store.case_by_number("99999999", Visibility::Internal).await.expect("a read"), None);
    }
}
