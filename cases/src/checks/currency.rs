//! Currency: the client's where none is given, else an ISO 4217 code in use.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::Code;
use dropcase_parsers::record::{Record, Value};
use iso_currency::Currency;

use super::{CheckContext, HIGH_AMOUNT, add_text, take_back_unreadable};

pub(super) fn check(record: &mut Record, ctx: &CheckContext) {
    let Some(text) = record.text(Field::Currency) else {
        return record.set(Field::Currency, Value::Text(ctx.client_currency.clone()));
    };
    let code = code(text);
    if code == Some(text) {
        return;
    }
    match code {
        Some(code) => record.set(Field::Currency, Value::Text(code.to_owned())),
        None => add_text(record, Code::UnknownCurrency, Field::Currency),
    }
    take_back_unreadable(record, Field::Currency);
}

/// The ISO 4217 code that a text means: a code in any case, or a name or sign that only one currency of Europe has.
fn code(text: &str) -> Option<&'static str> {
    if let Some(currency) = Currency::from_code(text).or_else(|| Currency::from_code(&text.to_ascii_uppercase())) {
        // Fund codes, metals and test codes are no money that anybody owes; a withdrawn currency may still be.
        return (!currency.is_fund() && !currency.is_special()).then(|| currency.code());
    }
    let named = match text.to_lowercase().trim_end_matches('.') {
        "€" | "euro" | "euros" => "EUR",
        "£" | "pound" | "pounds" | "pfund" => "GBP",
        "franken" | "sfr" | "fr" | "schweizer franken" => "CHF",
        "danske kroner" | "dänische kronen" | "danish kroner" => "DKK",
        "zł" | "zloty" | "złoty" => "PLN",
        _ => return None,
    };
    Some(named)
}

/// Decimals of the currency's minor unit: 2 for EUR, 0 for JPY. An unknown currency has 2.
pub(crate) fn exponent(code: &str) -> u32 {
    Currency::from_code(code)
        .and_then(Currency::exponent)
        .map_or(2, u32::from)
}

/// [`HIGH_AMOUNT`] in minor units; a hundred times as much in currencies whose unit is worth less than a euro cent
/// or two.
pub(super) fn high_amount(code: &str) -> i64 {
    let small_unit = matches!(
        code,
        "HUF" | "ISK" | "JPY" | "KRW" | "RSD" | "ALL" | "AMD" | "CLP" | "COP" | "IDR" | "VND"
    );
    HIGH_AMOUNT * 10_i64.pow(exponent(code)) * if small_unit { 100 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{claim, context};
    use super::*;

    #[test]
    fn codes_and_names() {
        for (text, expected) in [
            ("EUR", Some("EUR")),
            ("eur", Some("EUR")),
            ("€", Some("EUR")),
            ("Euro", Some("EUR")),
            ("DKK", Some("DKK")),
            ("sFr.", Some("CHF")),
            ("JPY", Some("JPY")),
            ("kr", None),
            ("XXX", None),
            ("XAU", None),
            ("CHW", None),
            ("EUX", None),
            ("Taler", None),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn records() {
        for (given, kept, finds) in [("", "EUR", false), ("dkk", "DKK", false), ("Taler", "Taler", true)] {
            let mut record = claim(&[(Field::Currency, given)]);
            check(&mut record, &context());
            assert_eq!(record.text(Field::Currency), Some(kept));
            assert_eq!(
                record
                    .findings
                    .iter()
                    .any(|finding| finding.code == Code::UnknownCurrency),
                finds,
                "{given}"
            );
            assert_eq!(record.is_rejected(), finds, "{given}");
        }
    }

    #[test]
    fn high_amounts_follow_the_currency() {
        for (code, expected) in [
            ("EUR", 100_000_000),
            ("JPY", 100_000_000),
            ("HUF", 10_000_000_000),
            ("??", 100_000_000),
        ] {
            assert_eq!(high_amount(code), expected, "{code}");
        }
    }
}
