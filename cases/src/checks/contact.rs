//! E-mail addresses and phone numbers: their shape, not whether anybody answers.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;
use email_address::{EmailAddress, Options};
use phonenumber::country;

use super::{CheckContext, add};

pub(super) fn check(record: &mut Record, ctx: &CheckContext) {
    report(record, Field::Email, Code::EmailInvalid, is_email);
    for field in [Field::Phone, Field::Mobile, Field::Fax] {
        if record.list(field).is_empty() {
            continue;
        }
        // A country that is not known stands as it came: no code of two letters.
        let country = record.text(Field::Country).filter(|country| country.len() == 2);
        let country = country.unwrap_or(&ctx.client_country).to_owned();
        report(record, field, Code::PhoneInvalid, |text| is_phone(text, &country));
    }
}

/// Adds a finding for each item of a list that is not as it should be.
fn report(record: &mut Record, field: Field, code: Code, is_good: impl Fn(&str) -> bool) {
    if record.list(field).iter().all(|item| is_good(item)) {
        return;
    }
    let bad: Vec<Finding> = record
        .list(field)
        .iter()
        .filter(|item| !is_good(item))
        .map(|item| Finding::new(code).field(field).value(item))
        .collect();
    for finding in bad {
        add(record, finding);
    }
}

/// An address that mail can be sent to: a mailbox at a domain with a dot.
fn is_email(text: &str) -> bool {
    is_plain_email(text) || {
        let options = Options::default()
            .with_required_tld()
            .without_domain_literal()
            .without_display_text();
        EmailAddress::parse_with_options(text, options).is_ok()
    }
}

/// The addresses that nearly everybody has, recognised without looking deeper: a strict part of what the library takes.
fn is_plain_email(text: &str) -> bool {
    let Some((mailbox, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |text: &str, also: &[u8]| {
        !text.is_empty()
            && text.len() <= 63
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
            && text.as_bytes()[0].is_ascii_alphanumeric()
            && text.as_bytes()[text.len() - 1].is_ascii_alphanumeric()
    };
    plain(mailbox, b".-_+")
        && !mailbox.contains("..")
        && domain.contains('.')
        && domain.split('.').all(|label| plain(label, b"-"))
        && domain
            .bytes()
            .next_back()
            .is_some_and(|byte| byte.is_ascii_alphabetic())
}

/// How many digits a number has behind the trunk zero or the country's code, at least and at most, and that code.
struct Plan {
    country: &'static str,
    code: &'static str,
    digits: std::ops::RangeInclusive<usize>,
}

const fn plan(country: &'static str, code: &'static str, least: usize, most: usize) -> Plan {
    Plan {
        country,
        code,
        digits: least..=most,
    }
}

/// The countries from which most numbers come; Germany and Austria have numbers of any length.
const PLANS: [Plan; 12] = [
    plan("DE", "49", 5, 13),
    plan("AT", "43", 5, 13),
    plan("CH", "41", 9, 9),
    plan("DK", "45", 8, 8),
    plan("NO", "47", 8, 8),
    plan("SE", "46", 7, 10),
    plan("NL", "31", 9, 9),
    plan("FR", "33", 9, 9),
    plan("GB", "44", 9, 10),
    plan("PL", "48", 9, 9),
    plan("IT", "39", 8, 11),
    plan("ES", "34", 9, 9),
];

/// A phone number of `country` or with another country's code. A number of the usual signs and as many digits as its
/// country has is taken at once; only one that is not is shown to the library, which costs a hundred times as much.
fn is_phone(text: &str, country: &str) -> bool {
    let digits: usize = text.bytes().filter(u8::is_ascii_digit).count();
    if !(3..=20).contains(&digits) || text.len() > 40 || is_one_digit(text) {
        return false;
    }
    has_usual_shape(text, country) || library_knows(text, country)
}

/// `000000`, `1111111`: typed to get past a form.
fn is_one_digit(text: &str) -> bool {
    let mut digits = text.bytes().filter(u8::is_ascii_digit);
    let first = digits.next();
    digits.all(|digit| Some(digit) == first)
}

fn has_usual_shape(text: &str, country: &str) -> bool {
    let usual = |(index, byte): (usize, u8)| match byte {
        b'0'..=b'9' | b' ' | b'-' | b'/' | b'(' | b')' | b'.' => true,
        b'+' => index == 0,
        _ => false,
    };
    if !text.bytes().enumerate().all(usual) {
        return false;
    }
    let mut buffer = [0_u8; 20];
    let digits = digits_of(text, &mut buffer);
    let international = if text.starts_with('+') {
        Some(digits)
    } else {
        digits.strip_prefix("00")
    };
    let found = match international {
        Some(rest) => PLANS
            .iter()
            .find_map(|plan| Some((plan, rest.strip_prefix(plan.code)?))),
        None => PLANS
            .iter()
            .find(|plan| plan.country == country)
            .map(|plan| (plan, digits)),
    };
    let Some((plan, national)) = found else { return false };
    // `+49 (0)351 …` and `0351 …` alike; a trunk zero is no part of the number.
    let national = national.strip_prefix('0').unwrap_or(national);
    plan.digits.contains(&national.len())
}

/// The digits of a text that has at most as many as the buffer.
fn digits_of<'a>(text: &str, buffer: &'a mut [u8; 20]) -> &'a str {
    let mut length = 0;
    for (place, digit) in buffer.iter_mut().zip(text.bytes().filter(u8::is_ascii_digit)) {
        *place = digit;
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).unwrap_or_default()
}

fn library_knows(text: &str, country: &str) -> bool {
    let country = country.parse::<country::Id>().ok();
    phonenumber::parse(country, text).is_ok_and(|number| number.is_valid())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{claim, context, expect};
    use super::*;

    #[test]
    fn emails() {
        for (text, good) in [
            ("erika@example.org", true),
            ("erika.mustermann+rechnung@mail.example.org", true),
            ("ERIKA_MUSTERMANN@EXAMPLE.ORG", true),
            ("jürgen@müller.example", true),
            ("o'neill@example.org", true),
            ("erika@example", false),
            ("erika@", false),
            ("@example.org", false),
            ("erika.example.org", false),
            ("erika@@example.org", false),
            ("erika..m@example.org", false),
            (".erika@example.org", false),
            ("erika@-example.org", false),
            ("erika@example..org", false),
            ("erika mustermann@example.org", false),
            ("Erika <erika@example.org>", false),
            ("erika@[192.0.2.1]", false),
            ("keine", false),
        ] {
            assert_eq!(is_email(text), good, "{text}");
            let options = Options::default()
                .with_required_tld()
                .without_domain_literal()
                .without_display_text();
            if is_plain_email(text) {
                assert!(
                    EmailAddress::parse_with_options(text, options).is_ok(),
                    "{text} is not plain"
                );
            }
        }
    }

    #[test]
    fn phones() {
        for (text, country, good) in [
            ("0351 1234567", "DE", true),
            ("(0351) 123-4567", "DE", true),
            ("+49 (0)351/1234567", "DE", true),
            ("0049 351 1234567", "DK", true),
            ("+45 32 12 34 56", "DE", true),
            ("32123456", "DK", true),
            ("+1 202-456-1111", "DE", true),
            ("+352 27 12 34 56", "DE", true),
            ("0351 1234567 ext. 12", "DE", true),
            ("0", "DE", false),
            ("000000000", "DE", false),
            ("1111111", "DE", false),
            ("12", "DE", false),
            ("3212345", "DK", false),
            ("+45 3212345", "DE", false),
            ("+999 123456", "DE", false),
            ("0351 12345678901234567", "DE", false),
            ("unbekannt", "DE", false),
            ("erika@example.org", "DE", false),
        ] {
            assert_eq!(is_phone(text, country), good, "{text} in {country}");
        }
    }

    #[test]
    fn each_wrong_item_has_its_finding() {
        expect(
            &[(Field::Email, "a@example.org|b|c")],
            &[(Code::EmailInvalid, Field::Email); 2],
        );
        for field in [Field::Phone, Field::Mobile, Field::Fax] {
            expect(&[(field, "0351 1234567|12")], &[(Code::PhoneInvalid, field)]);
        }
        let mut record = claim(&[(Field::Phone, ""), (Field::Mobile, "32123456"), (Field::Country, "DK")]);
        check(&mut record, &context());
        assert_eq!(record.findings, []);
    }
}
