//! The worked examples of `docs/account.md` and the tables of fees, every figure of them.

#[path = "account/compare.rs"]
mod compare;
#[path = "account/edges.rs"]
mod edges;
#[path = "account/example.rs"]
mod example;
#[path = "account/fee_tables.rs"]
mod fee_tables;
#[path = "account/properties.rs"]
mod properties;
#[path = "account/refusals.rs"]
mod refusals;

use compare::Differences;
use dropcase_cases::account::{Account, Sources, deltas};
use example::Example;

#[test]
fn every_example_to_the_cent() {
    let examples = Example::all();
    assert_eq!(examples.len(), 86);
    let mut differences = Differences::default();
    for example in &examples {
        let account = example.account(None);
        compare::account(&mut differences, example, &account);
        for (cause, arrived) in example.late() {
            let before = example.account(Some(arrived));
            compare::new_lines(&mut differences, example, cause, &deltas(&before, &account));
        }
    }
    differences.assert_none();
}

#[test]
fn explanations_sum_to_the_balance() {
    for example in Example::all() {
        let account = example.account(None);
        let sum: i64 = account.explain().map(|line| line.amount).sum();
        assert_eq!(sum, account.balance, "{}", example.name);
    }
}

#[test]
fn an_account_without_anything() {
    let account = Account::work_out(&Sources::built_in(), &Default::default(), &[], &[], Default::default());
    assert_eq!(account, Ok(Account::default()));
}
