//! Amounts and dates as people write them: tables of cases, and what must hold for all of them.

use chrono::NaiveDate;
use dropcase_parsers::job::DateOrder::{self, DayMonthYear, MonthDayYear, YearMonthDay};
use dropcase_parsers::job::NumberFormat::{self, DecimalComma, DecimalPoint};
use dropcase_parsers::values::Problem::{self, Ambiguous, Precision, Unreadable};
use dropcase_parsers::values::date::{self, Orders, Window};
use dropcase_parsers::values::money::{self, Amount};
use proptest::prelude::*;

fn cents(text: &str, format: Option<NumberFormat>) -> Result<i64, Problem> {
    Amount::read(text, format)?.minor(2)
}

/// Each as it is written, and its cents.
const AMOUNTS: &[(&str, i64)] = &[
    ("1.234,56", 123_456),
    ("1,234.56", 123_456),
    ("1 234,56", 123_456),
    ("1\u{a0}234,56", 123_456),
    ("1\u{202f}234.56", 123_456),
    ("1'234.56", 123_456),
    ("1’234,56", 123_456),
    ("1 234 567", 123_456_700),
    ("1.234.567", 123_456_700),
    ("1,234,567", 123_456_700),
    ("12.345.678,9", 1_234_567_890),
    ("12", 1_200),
    ("0", 0),
    ("007", 700),
    ("12,5", 1_250),
    ("12.50", 1_250),
    (",50", 50),
    (".5", 50),
    ("0,100", 10),
    ("12,500000", 1_250),
    ("1234.500", 123_450),
    ("12,00-", -1_200),
    ("-12,00", -1_200),
    ("− 12,00", -1_200),
    ("(12,00)", -1_200),
    ("(12,00 EUR)", -1_200),
    ("€ 12,00", 1_200),
    ("-€12.00", -1_200),
    ("12,00 €", 1_200),
    ("12,00€", 1_200),
    ("EUR 1.234,50", 123_450),
    ("1.234,50 Euro", 123_450),
    ("kr. 1.234,50", 123_450),
    ("1.234,50 kr.", 123_450),
    ("12,-", 1_200),
    ("12,--", 1_200),
    ("12,– €", 1_200),
    ("kr 12,-", 1_200),
    ("+12,00", 1_200),
    ("  12,00  ", 1_200),
    ("92233720368547758,07", i64::MAX),
];

/// Each as it is written, and why it is not read.
const NO_AMOUNTS: &[(&str, Problem)] = &[
    ("1.234,567", Precision),
    ("12,345", Ambiguous),
    ("1.234", Ambiguous),
    ("-1,234", Ambiguous),
    ("1.234 €", Ambiguous),
    ("1234.567", Precision),
    ("0,005", Precision),
    ("", Unreadable),
    ("abc", Unreadable),
    ("12,", Unreadable),
    ("1,2,3", Unreadable),
    ("1.23.456", Unreadable),
    ("1234,567.89", Unreadable),
    ("1 2", Unreadable),
    ("12 34,00", Unreadable),
    ("--12", Unreadable),
    ("-12-", Unreadable),
    ("(-12)", Unreadable),
    ("12,00 EUR USD", Unreadable),
    ("EUR 12,00 EUR", Unreadable),
    ("12x", Unreadable),
    ("x12", Unreadable),
    ("12%", Unreadable),
    ("1e5", Unreadable),
    ("12.03.2026", Unreadable),
    ("99999999999999999999", Unreadable),
    ("9999999999999999999999999999999999999999999999999", Unreadable),
    ("92233720368547758,08", Unreadable),
    ("١٢", Unreadable),
];

#[test]
fn amounts_that_can_be_read_in_one_way() {
    for (text, expected) in AMOUNTS {
        assert_eq!(cents(text, None), Ok(*expected), "{text}");
    }
    for (text, problem) in NO_AMOUNTS {
        assert_eq!(cents(text, None), Err(*problem), "{text}");
    }
}

#[test]
fn the_format_decides_only_where_there_are_two_readings() {
    for (text, comma, point) in [
        ("1.234", Ok(123_400), Err(Precision)),
        ("1,234", Err(Precision), Ok(123_400)),
        ("1,230", Ok(123), Ok(123_000)),
        ("12.50", Ok(1_250), Ok(1_250)),
        ("1.234,56", Ok(123_456), Ok(123_456)),
    ] {
        assert_eq!(cents(text, Some(DecimalComma)), comma, "{text}");
        assert_eq!(cents(text, Some(DecimalPoint)), point, "{text}");
    }
    for (text, shown) in [
        ("1.234", None),
        ("1234", None),
        ("1 234", None),
        ("12,5", Some(DecimalComma)),
        ("12.50 €", Some(DecimalPoint)),
        ("1.234.567", Some(DecimalComma)),
        ("1.234,50", Some(DecimalComma)),
        ("x", None),
    ] {
        assert_eq!(money::shown(text), shown, "{text}");
    }
}

#[test]
fn currencies_have_their_own_decimals() {
    let read = |text, exponent| Amount::read(text, None).and_then(|amount| amount.minor(exponent));
    assert_eq!(read("1234", 0), Ok(1_234));
    assert_eq!(read("1234,50", 0), Err(Precision));
    assert_eq!(read("1234,00", 0), Ok(1_234));
    assert_eq!(read("12,3456", 3), Err(Precision));
    assert_eq!(read("1234,567", 3), Ok(1_234_567));
    assert_eq!(
        (money::exponent("JPY"), money::exponent("KWD"), money::exponent("???")),
        (Some(0), Some(3), None)
    );
    assert!(money::means("€", "EUR") && money::means("kr.", "SEK") && !money::means("$", "EUR"));
    assert_eq!(
        (money::named("dkk"), money::named("kr."), money::named("XQZ")),
        (Some("DKK"), None, None)
    );
}

#[test]
fn numbers_of_spreadsheets() {
    for (text, expected) in [
        ("12.34", Ok(1_234)),
        ("12.340000000000002", Ok(1_234)),
        ("0.30000000000000004", Ok(30)),
        ("1199.8999999999999", Ok(119_990)),
        ("-5", Ok(-500)),
        ("1E+3", Ok(100_000)),
        ("1.5e-1", Ok(15)),
        ("12.345", Err(Precision)),
        ("12.3400001", Err(Precision)),
        ("1e-7", Err(Precision)),
        ("1e-300", Err(Precision)),
        ("0", Ok(0)),
        ("0e-300", Ok(0)),
        ("1e300", Err(Unreadable)),
        ("inf", Err(Unreadable)),
        ("NaN", Err(Unreadable)),
        ("", Err(Unreadable)),
        (".", Err(Unreadable)),
        ("1,5", Err(Unreadable)),
    ] {
        assert_eq!(
            Amount::read_typed(text).and_then(|amount| amount.minor_typed(2)),
            expected,
            "{text}"
        );
    }
}

fn day(text: &str, order: Option<DateOrder>) -> Result<String, Problem> {
    date::read(text, order, Window::Business).map(|date| date.to_string())
}

#[test]
fn dates_that_can_be_read_in_one_way() {
    for (text, expected) in [
        ("31.12.2026", "2026-12-31"),
        ("1.2.2026", "2026-02-01"),
        ("1. 2. 2026", "2026-02-01"),
        ("01.02.26", "2026-02-01"),
        ("01.02.99", "1999-02-01"),
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("31-12-2026", "2026-12-31"),
        ("03/03/2026", "2026-03-03"),
        ("2026-12-31", "2026-12-31"),
        ("2026/02/03", "2026-02-03"),
        ("2026.02.03", "2026-02-03"),
        ("20261231", "2026-12-31"),
        ("31122026", "2026-12-31"),
        ("31.12.2026 00:00:00", "2026-12-31"),
        ("2026-12-31T23:59:59Z", "2026-12-31"),
        ("2026-12-31 8:15", "2026-12-31"),
        ("3. März 2026", "2026-03-03"),
        ("3. Maerz 2026", "2026-03-03"),
        ("3 March 2026", "2026-03-03"),
        ("March 3, 2026", "2026-03-03"),
        ("3rd March 2026", "2026-03-03"),
        ("03-MAR-26", "2026-03-03"),
        ("31/12/26", "2026-12-31"),
        ("97-12-31", "1997-12-31"),
        ("3. maj 2026", "2026-05-03"),
        ("24. dez. 2026", "2026-12-24"),
        ("29.02.2024", "2024-02-29"),
    ] {
        assert_eq!(day(text, None).as_deref(), Ok(expected), "{text}");
    }
    for text in [
        "",
        "x",
        "32.01.2026",
        "29.02.2026",
        "13.13.2026",
        "00.01.2026",
        "1.1.1",
        "1.1.202",
        "1.1.20261",
        "2026-13-01",
        "2026-1",
        "31.12",
        "12:30",
        "46096",
        "3. Foo 2026",
        "2026-12-31x",
        "31.12/2026",
        "März 2026",
        "1..2.2026",
        "99999999",
        "0001-01-01",
    ] {
        assert_eq!(day(text, None), Err(Unreadable), "{text}");
    }
}

#[test]
fn an_order_decides_only_where_there_are_two_readings() {
    for (text, none, dmy, mdy) in [
        ("03/04/2026", Err(Ambiguous), Ok("2026-04-03"), Ok("2026-03-04")),
        ("03-04-2026", Err(Ambiguous), Ok("2026-04-03"), Ok("2026-03-04")),
        ("03.04.2026", Ok("2026-04-03"), Ok("2026-04-03"), Ok("2026-04-03")),
        ("13/04/2026", Ok("2026-04-13"), Ok("2026-04-13"), Ok("2026-04-13")),
        ("03/04/26", Err(Ambiguous), Ok("2026-04-03"), Ok("2026-03-04")),
        ("26-03-04", Err(Ambiguous), Ok("2004-03-26"), Err(Ambiguous)),
    ] {
        let expect = |expected: Result<&str, Problem>| expected.map(str::to_owned);
        assert_eq!(day(text, None), expect(none), "{text}");
        assert_eq!(day(text, Some(DayMonthYear)), expect(dmy), "{text}");
        assert_eq!(day(text, Some(MonthDayYear)), expect(mdy), "{text}");
    }
    assert_eq!(day("26-03-04", Some(YearMonthDay)).as_deref(), Ok("2026-03-04"));
}

#[test]
fn a_column_shows_its_order() {
    let order = |texts: &[&str]| {
        texts
            .iter()
            .fold(Orders::ANY, |orders, text| {
                orders.and(date::shown(text, Window::Business))
            })
            .only()
    };
    assert_eq!(order(&["03/04/2026", "13/04/2026"]), Some(DayMonthYear));
    assert_eq!(order(&["03/04/2026", "04/13/2026"]), Some(MonthDayYear));
    assert_eq!(order(&["03/04/2026", "05/06/2026"]), None);
    assert_eq!(
        order(&["13/04/2026", "04/13/2026"]),
        None,
        "contradictions show nothing"
    );
    assert_eq!(order(&["26-03-04", "97-03-04"]), Some(YearMonthDay));
    assert_eq!(order(&["x", "", "2026-01-02"]), None);
}

#[test]
fn two_digit_years_have_a_window() {
    for (text, window, expected) in [
        ("01.01.49", Window::Business, "2049-01-01"),
        ("01.01.50", Window::Business, "1950-01-01"),
        ("01.01.10", Window::Birth, "2010-01-01"),
        ("01.01.11", Window::Birth, "1911-01-01"),
        ("17.05.80", Window::Birth, "1980-05-17"),
    ] {
        let date = date::read(text, None, window).map(|date| date.to_string());
        assert_eq!(date.as_deref(), Ok(expected), "{text}");
    }
}

/// Groups the digits of a whole number in threes.
fn grouped(whole: u64, separator: &str) -> String {
    let digits = whole.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    out
}

proptest! {
    #[test]
    fn amounts_written_in_any_way_come_back(minor in 0_i64..=i64::MAX / 10, negative: bool, style in 0_usize..6) {
        let (whole, rest) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
        let text = match style {
            0 => format!("{},{rest:02}", grouped(whole, ".")),
            1 => format!("{}.{rest:02}", grouped(whole, ",")),
            2 => format!("{},{rest:02}", grouped(whole, "\u{a0}")),
            3 => format!("{}.{rest:02}", grouped(whole, "'")),
            4 => format!("{whole},{rest:02} €"),
            _ => format!("EUR {whole}.{rest:02}"),
        };
        let text = match (negative, style) {
            (false, _) => text,
            (true, 0 | 2) => format!("{text}-"),
            (true, 1) => format!("({text})"),
            (true, _) => format!("-{text}"),
        };
        prop_assert_eq!(cents(&text, None), Ok(if negative { -minor } else { minor }), "{}", text);
    }

    #[test]
    fn floats_of_cents_come_back(minor in -100_000_000_000_i64..100_000_000_000) {
        // What a spreadsheet stores and shows; only the test calculates with floats.
        let text = format!("{}", minor as f64 / 100.0);
        prop_assert_eq!(Amount::read_typed(&text).and_then(|amount| amount.minor_typed(2)), Ok(minor), "{}", text);
        let tail = format!("{}", minor as f64 * 1.1 / 1.1 / 100.0);
        prop_assert_eq!(Amount::read_typed(&tail).and_then(|amount| amount.minor_typed(2)), Ok(minor), "{}", tail);
    }

    #[test]
    fn dates_written_in_any_way_come_back(days in 0_i32..36_500, style in 0_usize..7) {
        let date = NaiveDate::from_ymd_opt(1950, 1, 1).expect("a date") + chrono::Days::new(days as u64);
        let (format, order) = [
            ("%d.%m.%Y", None),
            ("%Y-%m-%d", None),
            ("%d/%m/%Y", Some(DayMonthYear)),
            ("%m/%d/%Y", Some(MonthDayYear)),
            ("%Y-%m-%dT%H:%M:%S", None),
            ("%d-%b-%Y", None),
            ("%B %d, %Y", None),
        ][style];
        let text = date.and_time(chrono::NaiveTime::MIN).format(format).to_string();
        prop_assert_eq!(date::read(&text, order, Window::Business), Ok(date), "{}", text);
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,40}", digits in "[0-9.,' €()+-]{0,30}", slashed in "[0-9./: T-]{0,24}") {
        for text in [text, digits, slashed] {
            let _ = money::shown(&text);
            for format in [None, Some(DecimalComma), Some(DecimalPoint)] {
                let _ = Amount::read(&text, format).and_then(|amount| amount.minor(2));
            }
            let _ = Amount::read_typed(&text).and_then(|amount| amount.minor_typed(3));
            for order in [None, Some(DayMonthYear), Some(MonthDayYear), Some(YearMonthDay)] {
                let _ = date::read(&text, order, Window::Birth);
            }
            let _ = date::shown(&text, Window::Business);
            let _ = dropcase_parsers::values::percent::read(&text);
            let _ = dropcase_parsers::values::text::clean(&text, true);
            let _ = dropcase_parsers::layout::combined::street(&text);
            let _ = dropcase_parsers::layout::combined::postal_city(&text);
            let _ = dropcase_parsers::layout::combined::address(&text);
            let _ = dropcase_parsers::layout::combined::name(&text, Some(true));
            let _ = dropcase_parsers::layout::headers::lookup(&text);
        }
    }
}
