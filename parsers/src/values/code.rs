//! Codes, read from the words that people write for them ([`super::words`]).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{
    ACTS_AS, ADDRESS_SOURCES, ALLOCATIONS, CASE_STATES, CLOSING_REASONS, COUNTRIES, DEBTOR_TYPES, ENTRY_KINDS, FORMATS,
    RECORD_TYPES, REQUEST_KINDS, SALUTATIONS, STAGES, TITLE_KINDS, VISIBILITIES,
};
use crate::fields::Field;
use crate::fold::fold;

/// What an `acts_as` or `debtor_type` column that is named after one side (`gewerblich`) means by yes and no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YesNo {
    /// The code that a yes stands for.
    pub yes: &'static str,
    /// The code that a no stands for.
    pub no: &'static str,
}

/// Reads a code of `field`.
///
/// Returns the code as it stands in the database; `None` when the word is not known.
pub fn read(field: Field, text: &str) -> Option<String> {
    match field {
        Field::Currency => currency(text),
        Field::ClosingReason => {
            let folded = fold(text);
            CLOSING_REASONS
                .iter()
                .find(|code| fold(code) == folded)
                .map(|code| (*code).to_owned())
        }
        Field::ClaimTypeCode => {
            let digits = text.strip_suffix(".0").unwrap_or(text);
            (digits.len() <= 3 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| digits.trim_start_matches('0').to_owned())
        }
        Field::LegalForm => Some(text.to_owned()),
        other => word(other, text).map(str::to_owned),
    }
}

fn table(field: Field) -> Option<&'static [(&'static str, &'static [&'static str])]> {
    match field {
        Field::RecordType => Some(RECORD_TYPES),
        Field::DebtorType => Some(DEBTOR_TYPES),
        Field::ActsAs => Some(ACTS_AS),
        Field::Salutation => Some(SALUTATIONS),
        Field::AddressSource => Some(ADDRESS_SOURCES),
        Field::TitleKind => Some(TITLE_KINDS),
        Field::AllocateTo => Some(ALLOCATIONS),
        Field::Stage => Some(STAGES),
        Field::EntryKind => Some(ENTRY_KINDS),
        Field::Visibility => Some(VISIBILITIES),
        Field::RequestKind => Some(REQUEST_KINDS),
        Field::Status => Some(CASE_STATES),
        Field::Format => Some(FORMATS),
        Field::Country | Field::DebtorCountry => Some(COUNTRIES),
        _ => None,
    }
}

/// The codes that `field` can have, for templates with drop-downs; empty when the list is open.
pub fn choices(field: Field) -> Vec<&'static str> {
    match field {
        Field::ClosingReason => CLOSING_REASONS.to_vec(),
        Field::Country | Field::DebtorCountry => Vec::new(),
        other => table(other)
            .map(|table| table.iter().map(|(code, _)| *code).collect())
            .unwrap_or_default(),
    }
}

/// Folded words of each field to their codes.
static WORDS: LazyLock<HashMap<Field, HashMap<String, &'static str>>> = LazyLock::new(|| {
    let folded = |table: &'static [(&'static str, &'static [&'static str])]| {
        let words = table
            .iter()
            .flat_map(|(code, words)| std::iter::once(code).chain(*words).map(|word| (*code, *word)));
        words.map(|(code, word)| (fold(word), code)).collect()
    };
    Field::ALL
        .iter()
        .filter_map(|field| Some((*field, folded(table(*field)?))))
        .collect()
});

fn word(field: Field, text: &str) -> Option<&'static str> {
    // As it stands in the database: the usual case in files of programs.
    if let Some((code, _)) = table(field)?.iter().find(|(code, _)| *code == text) {
        return Some(code);
    }
    WORDS.get(&field)?.get(fold(text).as_str()).copied()
}

/// The ISO 4217 code of a currency as people write it.
fn currency(text: &str) -> Option<String> {
    if let Some(code) = super::money::named(text) {
        return Some(code.to_owned());
    }
    let code = match fold(text).as_str() {
        "us" | "usdollar" => "USD",
        "danskekroner" | "dkr" => "DKK",
        "schweizerfranken" | "franken" | "sfr" => "CHF",
        "euros" => "EUR",
        _ => return None,
    };
    Some(code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (field, text, expected) in [
            (Field::RecordType, "Direktzahlung", Some("direct_payment")),
            (Field::RecordType, "NEW_CLAIM", Some("new_claim")),
            (Field::RecordType, "Tillaegskrav", Some("additional_claim")),
            (Field::RecordType, "sonstwas", None),
            (Field::DebtorType, "Firma", Some("company")),
            (Field::DebtorType, "natürl. Person", None),
            (Field::ActsAs, "b2b", Some("business")),
            (Field::Salutation, "Hr.", Some("mr")),
            (Field::Salutation, "Fru", Some("ms")),
            (Field::Currency, "€", Some("EUR")),
            (Field::Currency, "dkk", Some("DKK")),
            (Field::Currency, "XYZ", None),
            (Field::Country, "Dänemark", Some("DK")),
            (Field::Country, "D", Some("DE")),
            (Field::ClosingReason, "full payment", Some("FULL_PAYMENT")),
            (Field::ClaimTypeCode, "011", Some("11")),
            (Field::ClaimTypeCode, "Kauf", None),
        ] {
            assert_eq!(read(field, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn no_word_means_two_codes() {
        for field in Field::ALL.iter().copied().filter(|field| table(*field).is_some()) {
            let mut seen = std::collections::HashMap::new();
            for (code, words) in table(field).unwrap_or_default() {
                for word in std::iter::once(code).chain(*words) {
                    let before = seen.insert(fold(word), code);
                    assert!(
                        before.is_none_or(|before| before == code),
                        "{word} of {}",
                        field.as_str()
                    );
                }
            }
        }
    }
}
