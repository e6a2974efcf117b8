//! What must hold for any account.

use chrono::{Days, NaiveDate};
use dropcase_cases::account::decimal::Percent;
use dropcase_cases::account::fees::FeeOrder;
use dropcase_cases::account::terms::{AcrossClaims, DayCount, Order, PaymentDay, Rounding, SameDay};
use dropcase_cases::account::{
    Account, Allocation, Booking, Claim, DebtorKind, Entry, Part, Side, Sources, Target, Terms, deltas,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2023, 6, 1).expect("a date");
/// About two and a half years, with a leap day and four changes of the base rate.
const DAYS: u64 = 900;

/// All that an account is worked out from.
#[derive(Debug, Clone)]
struct Input {
    terms: Terms,
    claims: Vec<Claim>,
    bookings: Vec<Booking>,
    as_of: NaiveDate,
}

impl Input {
    fn account(&self) -> Account {
        work_out(&self.terms, &self.claims, &self.bookings, self.as_of)
    }

    /// Only what is there and is no reversal itself can be reversed.
    fn drop_idle_reversals(&mut self) {
        let known = self.bookings.clone();
        let is_known = |key: &str| {
            let is_target = |other: &Booking| other.id == key && !matches!(other.entry, Entry::Reversal { .. });
            known.iter().any(is_target)
        };
        self.bookings.retain(|booking| match &booking.entry {
            Entry::Reversal { of } => is_known(of),
            _ => true,
        });
    }

    /// Whether a reversal that counts takes the booking back.
    fn is_in_force(&self, booking: &Booking) -> bool {
        let counts = |booking: &&Booking| booking.value_date <= self.as_of;
        let is_reversal = |other: &Booking| matches!(&other.entry, Entry::Reversal { of } if *of == booking.id);
        counts(&booking) && !self.bookings.iter().filter(counts).any(is_reversal)
    }
}

fn work_out(terms: &Terms, claims: &[Claim], bookings: &[Booking], as_of: NaiveDate) -> Account {
    Account::work_out(&Sources::built_in(), terms, claims, bookings, as_of).expect("an account")
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0..DAYS).prop_map(|days| FIRST_DAY + Days::new(days))
}

fn terms() -> impl Strategy<Value = Terms> {
    (
        select(vec![DayCount::Actual365, DayCount::ActualActual, DayCount::Thirty360]),
        select(vec![PaymentDay::OldBalance, PaymentDay::NewBalance]),
        select(vec![Rounding::HalfUp, Rounding::Down]),
        select(vec![SameDay::DebtsFirst, SameDay::PaymentsFirst]),
        select(vec![AcrossClaims::ClaimByClaim, AcrossClaims::InterestFirst]),
        option::of(any::<bool>()),
    )
        .prop_map(
            |(day_count, payment_day, rounding, same_day, across_claims, deductible)| Terms {
                day_count,
                payment_day,
                rounding,
                same_day,
                across_claims,
                fee_schedule: deductible.map(|_| "de".to_owned()),
                input_tax_deductible: deductible,
                ..Terms::default()
            },
        )
}

fn claim(number: usize) -> impl Strategy<Value = Claim> {
    (
        1..500_000_i64,
        day(),
        option::weighted(0.9, 0..60_u64),
        select(vec![DebtorKind::Consumer, DebtorKind::Business, DebtorKind::Unknown]),
        option::weighted(0.3, (0..300_000_i64).prop_map(Percent)),
        option::of(select(vec![
            Order::InterestBeforePrincipal,
            Order::PrincipalBeforeInterest,
        ])),
    )
        .prop_map(
            move |(principal, invoice_date, due, debtor, interest_rate, allocation)| Claim {
                reference: format!("R-{number}"),
                principal,
                invoice_date: Some(invoice_date),
                due_date: due.map(|days| invoice_date + Days::new(days)),
                debtor,
                interest_rate,
                allocation,
                ..Claim::default()
            },
        )
}

fn entry(number: usize) -> impl Strategy<Value = Entry> {
    let amount = || 1..300_000_i64;
    let part = || option::weighted(0.3, select(vec![Part::Principal, Part::Interest, Part::Costs]));
    prop_oneof![
        5 => (amount(), part()).prop_map(|(amount, allocate_to)| Entry::Payment { amount, allocate_to }),
        1 => (amount(), part()).prop_map(|(amount, allocate_to)| Entry::WriteOff { amount, allocate_to }),
        2 => (amount(), any::<bool>()).prop_map(|(amount, from_start)| Entry::CreditNote { amount, from_start }),
        3 => (1..10_000_i64, select(vec![Side::Client, Side::Agency]), any::<bool>())
            .prop_map(|(amount, side, legal)| Entry::Cost { amount, side, legal }),
        1 => (amount(), any::<bool>()).prop_map(|(value, disputed)| Entry::Fee(FeeOrder {
            value,
            rate: Some(9_000),
            disputed,
            ..FeeOrder::default()
        })),
        2 => (0..number.max(1)).prop_map(|of| Entry::Reversal { of: format!("B-{of}") }),
        1 => Just(Entry::Recall),
    ]
}

fn booking(number: usize, claims: usize) -> impl Strategy<Value = Booking> {
    (day(), option::of(0..claims), entry(number)).prop_map(move |(value_date, claim, entry)| {
        let claim = match entry {
            Entry::CreditNote { .. } => Some(claim.unwrap_or_default()),
            _ => claim,
        };
        Booking {
            id: format!("B-{number}"),
            value_date,
            claim: claim.map(|claim| format!("R-{claim}")),
            entry,
        }
    })
}

fn input() -> impl Strategy<Value = Input> {
    (1..5_usize, 0..16_usize)
        .prop_flat_map(|(claims, bookings)| {
            let all_claims: Vec<_> = (0..claims).map(claim).collect();
            let all_bookings: Vec<_> = (0..bookings).map(|number| booking(number, claims)).collect();
            (terms(), all_claims, all_bookings, day())
        })
        .prop_map(|(terms, claims, bookings, as_of)| {
            let mut input = Input {
                terms,
                claims,
                bookings,
                as_of,
            };
            input.drop_idle_reversals();
            input
        })
}

fn shuffled() -> impl Strategy<Value = (Input, Input)> {
    input().prop_flat_map(|input| {
        let claims = Just(input.claims.clone()).prop_shuffle();
        let bookings = Just(input.bookings.clone()).prop_shuffle();
        (Just(input), claims, bookings).prop_map(|(input, claims, bookings)| {
            let other = Input {
                claims,
                bookings,
                ..input.clone()
            };
            (input, other)
        })
    })
}

fn sum_of(lines: &[Allocation], booking: &str) -> i64 {
    lines
        .iter()
        .filter(|line| line.booking == booking)
        .map(|line| line.amount)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn allocations_sum_to_the_payments(input in input()) {
        let account = input.account();
        let mut paid = 0;
        for booking in &input.bookings {
            let lines = sum_of(&account.allocations, &booking.id);
            match booking.entry {
                _ if !input.is_in_force(booking) => prop_assert_eq!(lines, 0, "{}", booking.id),
                Entry::Payment { amount, .. } => {
                    paid += amount;
                    prop_assert_eq!(lines, amount, "{}", booking.id);
                }
                // A note that corrects a claim waits for the claim.
                Entry::CreditNote { amount, from_start } => prop_assert!(lines == amount || from_start && lines == 0),
                Entry::WriteOff { amount, .. } => prop_assert!(lines <= amount),
                _ => {}
            }
        }
        prop_assert_eq!(account.paid, paid);
    }

    #[test]
    fn the_order_of_arrival_does_not_matter((input, other) in shuffled()) {
        prop_assert_eq!(input.account(), other.account());
    }

    #[test]
    fn nothing_is_negative(input in input()) {
        let account = input.account();
        let Account { principal, interest, agency_costs, client_costs, paid, credit, balance, .. } = account;
        for amount in [principal, interest, agency_costs, client_costs, paid, credit, balance] {
            prop_assert!(amount >= 0);
        }
        prop_assert_eq!(principal + interest + agency_costs + client_costs, balance);
        prop_assert!(balance == 0 || credit == 0);
        prop_assert!(account.allocations.iter().all(|line| line.amount > 0));
        prop_assert!(account.periods.iter().all(|period| period.principal > 0 && period.days >= 0));
        prop_assert!(account.flat_sums.iter().all(|flat| (0..=flat.amount).contains(&flat.credited)));
    }

    #[test]
    fn explain_lines_sum_to_the_balance(input in input()) {
        let account = input.account();
        prop_assert_eq!(account.explain().map(|line| line.amount).sum::<i64>(), account.balance);
    }

    #[test]
    fn a_reversed_booking_is_as_if_never_made(input in input(), amount in 1..300_000_i64, on in day()) {
        let before = input.account();
        let mut with = input.clone();
        let book = |id: &str, entry| Booking { id: id.to_owned(), value_date: on.min(input.as_of), claim: None, entry };
        with.bookings.push(book("X", Entry::Payment { amount, allocate_to: None }));
        with.bookings.push(book("Y", Entry::Reversal { of: "X".to_owned() }));
        prop_assert_eq!(with.account(), before);
    }

    #[test]
    fn later_bookings_do_not_count(input in input()) {
        let mut known = input.clone();
        known.bookings.retain(|booking| booking.value_date <= input.as_of);
        known.drop_idle_reversals();
        prop_assert_eq!(known.account(), input.account());
    }

    #[test]
    fn new_lines_turn_the_old_account_into_the_new(input in input(), known in 0..16_usize) {
        let mut before = input.clone();
        before.bookings.truncate(known);
        before.drop_idle_reversals();
        let (before, after) = (before.account(), input.account());
        let mut lines = before.allocations.clone();
        lines.extend(deltas(&before, &after));
        let sum = |lines: &[Allocation], like: &Allocation| -> i64 {
            let key = |line: &Allocation| (line.booking.clone(), line.target, line.claim.clone(), line.cost.clone());
            lines.iter().filter(|line| key(line) == key(like)).map(|line| line.amount).sum()
        };
        for line in lines.iter().chain(&after.allocations) {
            prop_assert_eq!(sum(&lines, line), sum(&after.allocations, line), "{:?}", line);
        }
    }
}

/// The largest amounts, rates and times, and as many claims as an account may hold.
#[test]
fn no_sum_overflows() {
    const MOST: i64 = 1_000_000_000_000;
    let start = NaiveDate::from_ymd_opt(1926, 1, 1).expect("a date");
    let claims: Vec<Claim> = (0..10_000)
        .map(|number| Claim {
            reference: format!("R-{number}"),
            principal: MOST,
            default_date: Some(start),
            interest_rate: Some(Percent(2_000_000)),
            debtor: DebtorKind::Consumer,
            ..Claim::default()
        })
        .collect();
    let fee = |number| Booking {
        id: format!("F-{number}"),
        value_date: start + Days::new(36_000),
        claim: None,
        entry: Entry::Fee(FeeOrder {
            value: MOST,
            rate: Some(10_000_000),
            mandated: NaiveDate::from_ymd_opt(2026, 1, 1),
            disputed: true,
            agreement: true,
        }),
    };
    let mut bookings: Vec<Booking> = (0..1_000).map(fee).collect();
    bookings.push(Booking {
        id: "P-1".to_owned(),
        value_date: start + Days::new(36_001),
        claim: None,
        entry: Entry::Payment {
            amount: MOST,
            allocate_to: Some(Part::Interest),
        },
    });
    let terms = Terms {
        day_count: DayCount::Thirty360,
        fee_schedule: Some("de".to_owned()),
        input_tax_deductible: Some(false),
        ..Terms::default()
    };
    let as_of = start + Days::new(36_600);
    let account = work_out(&terms, &claims, &bookings, as_of);
    assert!(account.interest > 1_900_000_000_000_000_000, "{}", account.interest);
    assert_eq!(account.explain().map(|line| line.amount).sum::<i64>(), account.balance);
    assert_eq!(
        account.allocations.iter().map(|line| line.target).collect::<Vec<_>>(),
        [Target::Interest]
    );
}
