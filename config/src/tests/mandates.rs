//! The terms of `[[mandate]]`, and the back office, which has none.

use std::fs;

use chrono::NaiveDate;

use super::clients::{check_client, client_of};
use super::{CLIENT, check, home, load};
use crate::client::terms::{
    AcrossClaims, Commission, DayCount, FirstDay, Keeper, Law, Order, Part, PaymentDay, RestDays, Rounding, SameDay,
    Settlement, Terms,
};

/// A schedule as far as its name goes.
const OWN: &str = "schedule = \"haus\"\n";

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

#[test]
fn what_is_not_said_has_its_default() {
    let mandate = client_of(CLIENT).mandates.remove(0);
    assert_eq!(
        (mandate.terms, mandate.settlement),
        (Terms::default(), Settlement::default())
    );
}

#[test]
fn everything_said() {
    let text = r#"currency = "JPY"
law = "dk"
day_count = "30/360"
first_day = "event"
payment_day = "new_balance"
rest_days = "next_working_day"
holidays = [2026-12-25, "2026-12-26"]
rounding = "down"
same_day = "payments_first"
across_claims = "interest_first"
allocation = "497"
flat_sum = false
fee_schedule = "dk"
input_tax_deductible = false
commission_base = ["interest", "principal", "principal"]
commission_rate = "12.5"
commission_on_direct_payments = true
interest_to = "agency"
fees_to = "client"
fee_irrecoverable = "1500"
fee_recalled = "25"
"#;
    let (first, rest) = text.split_once('\n').unwrap();
    let client = client_of(&format!("{first}\n{CLIENT}{rest}"));
    let mandate = &client.mandates[0];
    assert_eq!(
        mandate.terms,
        Terms {
            law: Law::Dk,
            day_count: DayCount::Thirty360,
            first_day: FirstDay::Event,
            payment_day: PaymentDay::NewBalance,
            rest_days: RestDays::NextWorkingDay,
            holidays: vec![day(12, 25), day(12, 26)],
            rounding: Rounding::Down,
            same_day: SameDay::PaymentsFirst,
            across_claims: AcrossClaims::InterestFirst,
            allocation: Order::PrincipalBeforeInterest,
            flat_sum: false,
            fee_schedule: Some("dk".to_owned()),
            input_tax_deductible: Some(false),
        }
    );
    assert_eq!(
        mandate.settlement,
        Settlement {
            commission: Some(Commission {
                base: [Part::Principal, Part::Interest].into(),
                rate: 125_000,
                on_direct_payments: true,
            }),
            interest_to: Keeper::Agency,
            fees_to: Keeper::Client,
            fee_irrecoverable: 1500,
            fee_recalled: 25,
        }
    );
}

#[test]
fn every_mistake_of_a_mandate_at_once() {
    check_client(
        &format!(
            r#"{CLIENT}law = "at"
day_count = 360
holidays = [2026-12-25,
  "Christmas", 26]
allocation = 367
fee_schedule = "den"
commission_rate = "101"
commission_on_direct_payments = "yes"
fee_irrecoverable = "15,00"
fee_recaled = "15.00"
[[mandate]]
from = 2027-01-01
fee_recalled = "15.00"
commission_base = ["principle", "fees"]
[[mandate]]
from = 2028-01-01
commission_on_direct_payments = true
holidays = [2026-12-25]
[[mandate]]
from = 2029-01-01
commission_base = []
commission_rate = "5"
interest_to = "debtor"
"#
        ),
        &[
            "2: mandate[1].commission_base: is missing beside `commission_rate`; write [\"principal\"], or what else it is a share of",
            "2: mandate[1].input_tax_deductible: is missing beside `fee_schedule`; write true when the client may deduct input tax, else false",
            "4: mandate[1].law: `at` is not known; write one of `de`, `nl`, `dk`",
            "5: mandate[1].day_count: should be a text in quotes, not an integer",
            "7: mandate[1].holidays: `Christmas` is not a day; write it like 2026-01-31",
            "7: mandate[1].holidays: `integer` is not a day; write it like 2026-01-31",
            "8: mandate[1].allocation: should be a text in quotes, not an integer",
            "9: mandate[1].fee_schedule: there is no fee schedule `den`; known are `de`, `dk`, `nl`",
            "10: mandate[1].commission_rate: `101` is not a percentage; write it like \"25\" or \"12.5\", at most \"100\"",
            "11: mandate[1].commission_on_direct_payments: should be true or false, not a string",
            "12: mandate[1].fee_irrecoverable: `15,00` is not an amount with 2 decimals; write it like \"10.00\"",
            "13: mandate[1].fee_recaled: unknown key; did you mean `fee_recalled`?",
            "14: mandate[2].commission_rate: is missing beside `commission_base`; write the percentage, such as \"25\"",
            "14: mandate[2].input_tax_deductible: is missing beside `fee_recalled`; write true when the client may deduct input tax, else false",
            "17: mandate[2].commission_base: `fees` is not known; write one of `principal`, `interest`, `costs`",
            "17: mandate[2].commission_base: `principle` is not known; did you mean `principal`?",
            "20: mandate[3].commission_on_direct_payments: belongs to a commission; write commission_base and commission_rate, or remove it",
            "21: mandate[3].holidays: belongs to rest_days = \"next_working_day\" alone; remove it",
            "22: mandate[4].input_tax_deductible: is missing beside `commission_rate`; write true when the client may deduct input tax, else false",
            "24: mandate[4].commission_base: names nothing; write [\"principal\"], or remove it",
            "26: mandate[4].interest_to: `debtor` is not known; write one of `client`, `agency`",
        ],
    );
}

#[test]
fn an_operator_s_own_schedule_may_be_named() {
    let named = format!("{CLIENT}fee_schedule = \"haus\"\ninput_tax_deductible = true\n");
    let home = home(&[("dropcase.toml", ""), ("clients.d/muster.toml", &named)]);
    assert!(load(home.path()).is_err(), "there is none yet");
    fs::create_dir(home.path().join("fees")).unwrap();
    fs::write(home.path().join("fees/anything.toml"), OWN).unwrap();
    let client = load(home.path()).unwrap().1.remove(0);
    assert_eq!(client.mandates[0].terms.fee_schedule.as_deref(), Some("haus"));
}

#[test]
fn where_the_operator_s_own_files_are() {
    let home = home(&[("dropcase.toml", "")]);
    let account = load(home.path()).unwrap().0.account;
    assert_eq!(
        (account.fees_dir.clone(), account.base_rates.clone()),
        (home.path().join("fees"), None)
    );
    assert!(account.schedules().unwrap().is_empty(), "the folder need not be there");
    check(
        &[(
            "dropcase.toml",
            "[account]\nfees_dir = \"dropcase.toml\"\nbase_rates = \"rates.csv\"\nfee_dir = 1\n",
        )],
        &[
            "dropcase.toml:2: account.fees_dir: dropcase.toml is no folder",
            "dropcase.toml:3: account.base_rates: there is no file rates.csv",
            "dropcase.toml:4: account.fee_dir: unknown key; did you mean `fees_dir`?",
        ],
    );
}

#[test]
fn the_back_office_hands_nothing_over() {
    let client = client_of("name = \"Muster Inkasso\"\nback_office = true\n");
    assert!(client.back_office && client.mandates.is_empty());
    assert!(!client_of(CLIENT).back_office);
    check_client(
        &format!("back_office = true\n{CLIENT}[[creditor]]\ncode = \"A\"\nname = \"A\"\n"),
        &[
            "3: mandate: belongs to a client that hands claims over; remove it or back_office",
            "5: creditor: belongs to a client that hands claims over; remove it or back_office",
        ],
    );
}
