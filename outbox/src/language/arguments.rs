//! The arguments of findings: their names, and how their values are written for people.

use chrono::NaiveDate;
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::finding::{Code, Finding};

use super::{Language, digits_of};

/// Every named argument that a message may use besides `$value`, `$column` and `$field`; one that a finding does not
/// bring is shown to the messages as `none`.
///
/// - `limit`: what is allowed at most or least; `expected`, `found`: what was looked for and what was there
/// - `or`: other fields that would do
/// - `looks_like`: what kind of file it is
/// - `date`, `earliest`, `invoice_date`: days; `statutory`: a rate; `original`: an amount
/// - `country`, `currency`: their codes
/// - `debits`, `pending`, `returned`: how many entries of a bank statement
/// - `over`: what a payment is too high by; `from`: the stage of a case
/// - `paper`: the name of a file
/// - `reason`: why, as a word that messages choose by
pub(super) const ARGUMENTS: &[&str] = &[
    "limit",
    "expected",
    "found",
    "or",
    "looks_like",
    "date",
    "earliest",
    "invoice_date",
    "statutory",
    "original",
    "country",
    "currency",
    "debits",
    "pending",
    "returned",
    "over",
    "from",
    "reason",
    "paper",
];

/// Headers of a missing column that are named.
const HEADERS: usize = 5;

impl Language {
    /// The value of an argument for people: amounts, days, rates, sizes and field names in this language.
    pub(super) fn argument(&self, code: Code, name: &str, value: &str) -> String {
        match name {
            "or" => self.fields(value, |field| vec![self.field(field)]),
            "date" | "earliest" | "invoice_date" => self.day(value).unwrap_or_else(|| value.to_owned()),
            "statutory" => self.rate(value),
            "expected" if code == Code::PostcodeImplausible => postcode_like(value),
            "limit" if matches!(code, Code::FileTooLarge | Code::PaperTooLarge) => {
                self.size(value).unwrap_or_else(|| value.to_owned())
            }
            "expected" | "found" if code == Code::BatchDiffers => {
                self.amount(value).unwrap_or_else(|| value.to_owned())
            }
            "limit" | "original" | "over" => self.amount(value).unwrap_or_else(|| value.to_owned()),
            _ => value.to_owned(),
        }
    }

    /// The value that was found: a day as this language writes it where the checks wrote it as ISO date.
    pub(super) fn found(&self, finding: &Finding) -> String {
        let value = finding.value.as_deref().unwrap_or_default();
        let is_date = finding.field.is_some_and(|field| field.kind() == Kind::Date);
        if is_date {
            self.day(value).unwrap_or_else(|| value.to_owned())
        } else {
            value.to_owned()
        }
    }

    /// The headers of the fields that a missing column may have, in this language.
    pub(super) fn headers(&self, fields: &str) -> String {
        self.fields(fields, |field| {
            field.headers(self.catalogue()).iter().take(HEADERS).cloned().collect()
        })
    }

    fn fields(&self, names: &str, texts: impl Fn(Field) -> Vec<String>) -> String {
        let fields = names.split(',').filter_map(|name| Field::from_name(name.trim()));
        fields
            .flat_map(texts)
            .map(|text| self.quoted(&text))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn quoted(&self, text: &str) -> String {
        match self.locale() {
            dropcase_config::Locale::De => format!("„{text}“"),
            dropcase_config::Locale::En | dropcase_config::Locale::Da => format!("“{text}”"),
        }
    }

    fn day(&self, value: &str) -> Option<String> {
        NaiveDate::parse_from_str(value, "%Y-%m-%d")
            .ok()
            .map(|day| self.date(day))
    }

    /// `10.2700` is `10,27`.
    fn rate(&self, value: &str) -> String {
        let short = if value.contains('.') {
            value.trim_end_matches('0').trim_end_matches('.')
        } else {
            value
        };
        match self.locale() {
            dropcase_config::Locale::En => short.to_owned(),
            dropcase_config::Locale::De | dropcase_config::Locale::Da => short.replace('.', ","),
        }
    }

    /// `1234.50 EUR` with the separators of this language; whole numbers get their thousands separated.
    fn amount(&self, value: &str) -> Option<String> {
        let (number, currency) = value.split_once(' ').unwrap_or((value, ""));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = if currency.is_empty() { 0 } else { digits_of(currency) };
        if fraction.len() != digits as usize && !fraction.is_empty() {
            return None;
        }
        let minor: i64 = format!("{whole}{fraction:0<width$}", width = digits as usize)
            .parse()
            .ok()?;
        let text = super::grouped(minor, digits, self.locale());
        Some(if currency.is_empty() {
            text
        } else {
            format!("{text} {currency}")
        })
    }

    /// Bytes as people say them, rounded down to a tenth.
    fn size(&self, value: &str) -> Option<String> {
        let bytes: i64 = value.parse().ok()?;
        let (unit, name) = match bytes {
            ..1_048_576 => (1 << 10, "KB"),
            1_048_576..1_073_741_824 => (1 << 20, "MB"),
            _ => (1 << 30, "GB"),
        };
        let tenths = i64::try_from(i128::from(bytes) * 10 / i128::from(unit)).ok()?;
        let text = if tenths % 10 == 0 {
            super::grouped(tenths / 10, 0, self.locale())
        } else {
            super::grouped(tenths, 1, self.locale())
        };
        Some(format!("{text} {name}"))
    }
}

/// A postcode of the shape `shape` (`9` a digit, `A` a letter, `*` either): `99999` is shown as `12345`.
fn postcode_like(shape: &str) -> String {
    let mut digits = ('1'..='9').cycle();
    let mut letters = ('A'..='Z').cycle();
    shape
        .chars()
        .map(|c| match c {
            '9' => digits.next().unwrap_or(c),
            'A' | '*' => letters.next().unwrap_or(c),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use dropcase_config::Locale;

    use super::*;

    #[test]
    fn arguments_speak_the_language() {
        for (code, name, value, de, en) in [
            (
                Code::AmountTooLow,
                "limit",
                "1234.50 EUR",
                "1.234,50 EUR",
                "1,234.50 EUR",
            ),
            (
                Code::AmountTooLow,
                "limit",
                "1000000 JPY",
                "1.000.000 JPY",
                "1,000,000 JPY",
            ),
            (Code::TooManyCells, "limit", "100000000", "100.000.000", "100,000,000"),
            (Code::FileTooLarge, "limit", "2147483648", "2 GB", "2 GB"),
            (Code::FileTooLarge, "limit", "1600000", "1,5 MB", "1.5 MB"),
            (Code::TimeBarred, "date", "2026-01-02", "02.01.2026", "2026-01-02"),
            (Code::InterestReasonMissing, "statutory", "10.2700", "10,27", "10.27"),
            (Code::Required, "or", "company_name", "„Firma“", "“Company name”"),
            (Code::BirthDateImplausible, "reason", "minor", "minor", "minor"),
            (
                Code::DueBeforeInvoice,
                "invoice_date",
                "2026-01-02",
                "02.01.2026",
                "2026-01-02",
            ),
            (Code::PostcodeImplausible, "expected", "99999", "12345", "12345"),
            (Code::PostcodeImplausible, "expected", "A9A 9A9", "A1B 2C3", "A1B 2C3"),
            (Code::IncorrectCurrency, "expected", "EUR", "EUR", "EUR"),
            (
                Code::BatchDiffers,
                "found",
                "1234.50 EUR",
                "1.234,50 EUR",
                "1,234.50 EUR",
            ),
            (Code::BatchDiffers, "expected", "1200", "1.200", "1,200"),
            (Code::AmountTooLow, "limit", "odd", "odd", "odd"),
        ] {
            assert_eq!(Language::of(Locale::De).argument(code, name, value), de);
            assert_eq!(Language::of(Locale::En).argument(code, name, value), en);
        }
    }
}
