//! Number formats as people see them.

use super::*;

fn check(code: &str, value: f64, expected: &str) {
    assert_eq!(
        Shape::of_code(code).show(value, false).0,
        expected,
        "{value} as {code:?}"
    );
}

#[test]
fn numbers_are_plain_decimals() {
    for (value, expected) in [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-12.5, "-12.5"),
        (1234.56, "1234.56"),
        (0.1 + 0.2, "0.3"),
        (118.999_999_999_999_99, "119"),
        (0.005, "0.005"),
        (1e-7, "0.0000001"),
        (123_456_789_012_345_678.0, "123456789012345680"),
        (100.0, "100"),
        (1e300, "1E300"),
        (2.5e-300, "2.5E-300"),
    ] {
        check("General", value, expected);
    }
}

#[test]
fn leading_zeros_come_back() {
    check("00000", 1067.0, "01067");
    check("\"D-\"00000", 1067.0, "D-01067");
    check("000\\-000", 12_345.0, "012-345");
    check("000\\ 000", 1_234_567.0, "1234 567");
    check("00000", 1067.5, "1067.5");
    check("0", 5.0, "5");
    check("0.00", 5.0, "5");
    check("#,##0.00\\ \"€\"", 1234.5, "1234.5");
    check("00\" €\"", 5.0, "5");
}

#[test]
fn percentages_carry_their_sign() {
    assert_eq!(
        Shape::of_code("0.00%").show(0.0512, false),
        ("5.12%".into(), Some(Typed::Number("5.12".into())))
    );
    assert_eq!(Shape::of_code("0%").show(1.0, false).0, "100%");
}

#[test]
fn dates_and_times() {
    check("dd.mm.yyyy", 45_366.0, "2024-03-15");
    check("[$-407]d. mmm yyyy;@", 45_366.0, "2024-03-15");
    check("dd.mm.yyyy hh:mm", 45_366.5, "2024-03-15 12:00:00");
    check("yyyy", 59.0, "1900-02-28");
    check("yyyy", 61.0, "1900-03-01");
    check("hh:mm", 0.25, "06:00:00");
    check("[h]:mm", 1.5, "36:00:00");
    check("[Red]0.00", 7.0, "7");
    check("dd.mm.yyyy", -5.0, "-5");
    check("dd.mm.yyyy", 9e9, "9000000000");
    assert_eq!(Shape::of_builtin(14).show(0.0, true).0, "1904-01-01");
}
