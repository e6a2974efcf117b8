//! Pages follow each other without gap or repetition.

use super::{of, records, scope};
use crate::on_both;
use crate::search::{Matched, Search};
use crate::testing::TestDb;
use crate::testing::fixture::{clients, deliver};

/// All pages of a search: debtor numbers, and how often it was asked.
async fn pages(db: &TestDb, mut search: Search) -> (Vec<String>, u32) {
    let (mut numbers, mut asked) = (Vec::new(), 0);
    loop {
        let found = db.store.search(&search).await.unwrap();
        asked += 1;
        assert!(found.hits.len() <= search.limit as usize);
        numbers.extend(found.hits.iter().map(|hit| hit.debtor_number.clone()));
        match found.next {
            Some(next) => search.after = Some(next),
            None => return (numbers, asked),
        }
    }
}

on_both! {
    async fn pages_follow_each_other(db: TestDb) {
        clients(&db, &["muster"]).await;
        // Every third is found with a slip.
        let debtors: Vec<String> = (100..130)
            .map(|n| format!("{n}: Erika, {}, , , Dresden", if n % 3 == 0 { "Mayer" } else { "Meyer" }))
            .collect();
        let debtors: Vec<&str> = debtors.iter().map(String::as_str).collect();
        deliver(&db, "muster", &records(&debtors)).await;
        let muster = scope(&db, "muster").await;
        let newest_first = |slip: bool| {
            (100..130).rev().filter(move |n| (n % 3 == 0) == slip).map(|n: i32| n.to_string())
        };
        let expected: Vec<String> = newest_first(false).chain(newest_first(true)).collect();
        let every: Vec<String> = (100..130).rev().map(|n: i32| n.to_string()).collect();
        for _ in 0..2 {
            for limit in [1, 7, 10, 20, 29, 30, 31] {
                let search = Search { limit, ..of("Meyer", muster) };
                assert_eq!(pages(&db, search).await, (expected.clone(), 30_u32.div_ceil(limit)), "{limit}");
                let search = Search { limit, ..of("", muster) };
                assert_eq!(pages(&db, search).await, (every.clone(), 30_u32.div_ceil(limit)), "{limit}");
            }
            db.store.index_all().await.unwrap();
        }
        let found = db.store.search(&Search { limit: 25, ..of("Meyer", muster) }).await.unwrap();
        assert_eq!(found.next.map(|next| next.matched), Some(Matched::Slip));
    }
}
