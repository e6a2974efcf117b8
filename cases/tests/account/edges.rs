//! What the worked examples do not reach: findings, settings on their own, and days on which much comes together.

use chrono::NaiveDate;
use dropcase_cases::account::decimal::Percent;
use dropcase_cases::account::fees::FeeOrder;
use dropcase_cases::account::{Account, Booking, Claim, DebtorKind, Entry, Part, Side, Sources, Terms};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A consumer's claim at 10 percent, due so that interest runs from 1 March 2025 on.
fn claim(reference: &str, principal: i64) -> Claim {
    Claim {
        reference: reference.to_owned(),
        principal,
        due_date: Some(day("2025-02-28")),
        debtor: DebtorKind::Consumer,
        interest_rate: Some(Percent(100_000)),
        ..Claim::default()
    }
}

fn booking(id: &str, on: &str, claim: Option<&str>, entry: Entry) -> Booking {
    Booking {
        id: id.to_owned(),
        value_date: day(on),
        claim: claim.map(str::to_owned),
        entry,
    }
}

fn payment(id: &str, on: &str, amount: i64) -> Booking {
    let allocate_to = None;
    booking(id, on, None, Entry::Payment { amount, allocate_to })
}

fn cost(id: &str, on: &str, claim: Option<&str>, amount: i64) -> Booking {
    let (side, legal) = (Side::Client, true);
    booking(id, on, claim, Entry::Cost { amount, side, legal })
}

fn account(settings: &str, claims: &[Claim], bookings: &[Booking], as_of: &str) -> Account {
    let terms: Terms = toml::from_str(settings).expect("terms");
    Account::work_out(&Sources::built_in(), &terms, claims, bookings, day(as_of)).expect("an account")
}

fn codes(account: &Account) -> Vec<(&'static str, &str)> {
    let findings = account.findings.iter();
    findings
        .map(|finding| (finding.code.as_str(), finding.about.as_str()))
        .collect()
}

/// The lines as `booking target claim cost amount`.
fn lines(account: &Account) -> Vec<String> {
    let lines = account.allocations.iter().map(|line| {
        let about = [line.claim.as_deref(), line.cost.as_deref()].into_iter().flatten();
        let about: Vec<_> = about.collect();
        format!(
            "{} {} {} {}",
            line.booking,
            line.target.as_str(),
            about.join(" "),
            line.amount
        )
    });
    lines.collect()
}

#[test]
fn interest_that_cannot_be_worked_out_is_said() {
    let statutory = |due: &str| Claim {
        interest_rate: None,
        due_date: Some(day(due)),
        ..claim("R-1", 100_000)
    };
    for (settings, due, as_of, code, interest) in [
        ("law = \"nl\"", "2025-02-28", "2025-12-31", Some("NO_INTEREST_RATE"), 0),
        // 31 days of January 2002 at 7.57 percent; before there is no base rate.
        ("", "2001-11-30", "2002-01-31", Some("NO_BASE_RATE"), 643),
        ("", "2026-12-31", "2027-02-01", None, 572),
        ("", "2026-12-31", "2027-02-02", Some("OLD_BASE_RATE"), 589),
    ] {
        let account = account(settings, &[statutory(due)], &[], as_of);
        let found: Vec<_> = codes(&account).into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{due}");
        assert_eq!(account.interest, interest, "{due}");
    }
}

#[test]
fn no_schedule_no_fee() {
    let order = FeeOrder {
        value: 100_000,
        rate: Some(9_000),
        ..FeeOrder::default()
    };
    let fee = [booking("F1", "2025-03-01", None, Entry::Fee(order))];
    let account = account("", &[claim("R-1", 100_000)], &fee, "2025-03-01");
    assert_eq!((account.agency_costs, account.fees.len()), (0, 0));
    assert_eq!(codes(&account), [("NO_FEE_SCHEDULE", "F1")]);
}

#[test]
fn a_write_off_takes_what_is_open() {
    let allocate_to = Some(Part::Interest);
    let write_off = [booking(
        "W1",
        "2025-02-28",
        None,
        Entry::WriteOff {
            amount: 101,
            allocate_to,
        },
    )];
    let account = account("", &[claim("R-1", 100)], &write_off, "2025-12-31");
    assert_eq!((account.balance, account.credit, account.paid), (0, 0, 0));
    assert_eq!(lines(&account), ["W1 principal R-1 100"]);
    assert_eq!(codes(&account), [("WRITE_OFF_TOO_HIGH", "W1")]);
}

/// A cost of a claim is reached by a payment though the claim is not on the account yet, or no longer.
#[test]
fn costs_of_an_absent_claim() {
    let later = Claim {
        value_date: Some(day("2025-09-01")),
        ..claim("R-2", 500)
    };
    let claims = [claim("R-1", 100), later];
    let bookings = [
        booking("K1", "2025-02-28", Some("R-1"), Entry::Recall),
        cost("C1", "2025-03-03", Some("R-1"), 30),
        cost("C2", "2025-03-03", Some("R-2"), 40),
        payment("P1", "2025-03-04", 80),
    ];
    let account = account("", &claims, &bookings, "2025-03-31");
    assert_eq!(
        lines(&account),
        [
            "K1 principal R-1 100",
            "P1 client_costs R-1 C1 30",
            "P1 client_costs R-2 C2 40",
            "P1 credit  10"
        ]
    );
    assert_eq!((account.balance, account.credit), (0, 10));
}

/// Recalled before its value date, a claim never comes onto the account; what comes after the recall of the case does.
#[test]
fn recalls_and_later_claims() {
    let later = |reference| Claim {
        value_date: Some(day("2025-09-01")),
        ..claim(reference, 500)
    };
    for (named, balance) in [(Some("R-1"), 0), (None, 500)] {
        let recall = [booking("K1", "2025-03-03", named, Entry::Recall)];
        let account = account("", &[later("R-1")], &recall, "2025-09-01");
        assert_eq!(account.principal, balance, "{named:?}");
    }
}

/// With `payments_first` a claim of the day is not there for a payment that names it; the rest is used for it at once.
#[test]
fn payments_before_a_claim_of_their_day() {
    let claims = [
        claim("R-1", 100),
        Claim {
            invoice_date: Some(day("2025-02-20")),
            due_date: Some(day("2025-02-20")),
            ..claim("R-0", 50)
        },
    ];
    let named = Some("R-1".to_owned());
    let paid = [Booking {
        claim: named,
        ..payment("P1", "2025-02-28", 120)
    }];
    for (same_day, expected) in [
        ("debts_first", ["P1 principal R-1 100", "P1 principal R-0 20"]),
        ("payments_first", ["P1 principal R-0 50", "P1 principal R-1 70"]),
    ] {
        let settings = format!("same_day = \"{same_day}\"");
        let account = account(&settings, &claims, &paid, "2025-02-28");
        assert_eq!(lines(&account), expected, "{same_day}");
    }
}

/// The first interest day of a claim counts in full, though a payment of that day takes the claim down.
#[test]
fn a_claim_in_default_on_the_day_on_which_it_arises() {
    let claims = [Claim {
        value_date: Some(day("2025-03-01")),
        ..claim("R-1", 3_650_000)
    }];
    let paid = [payment("P1", "2025-03-01", 1_826_000)];
    for (settings, interest, principal) in [
        ("", 1_000, 3_650_000 - 1_825_000),
        ("same_day = \"payments_first\"", 1_000, 3_650_000 - 1_825_000),
        ("payment_day = \"new_balance\"", 0, 3_650_000 - 1_826_000),
    ] {
        let account = account(settings, &claims, &paid, "2025-03-01");
        let to_interest = account
            .allocations
            .iter()
            .filter(|line| line.target.as_str() == "interest");
        assert_eq!(to_interest.map(|line| line.amount).sum::<i64>(), interest, "{settings}");
        assert_eq!(account.principal, principal, "{settings}");
    }
}

#[test]
fn a_mandate_leaves_flat_sums_out() {
    let trade = Claim {
        invoice_date: Some(day("2025-02-01")),
        debtor: DebtorKind::Business,
        ..claim("R-1", 100_000)
    };
    for (settings, flat_sum) in [("", 4_000), ("flat_sum = true", 4_000), ("flat_sum = false", 0)] {
        let account = account(settings, std::slice::from_ref(&trade), &[], "2025-03-31");
        assert_eq!(
            (account.client_costs, account.flat_sums.len()),
            (flat_sum, usize::from(flat_sum > 0)),
            "{settings}"
        );
    }
}
