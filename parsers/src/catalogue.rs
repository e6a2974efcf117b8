//! The catalogue's texts: what each field is called, how long it may be and what it says, from `catalogue.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::fields::{Field, Kind};

/// A language of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
    /// Danish.
    Da,
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Language] = &[Language::De, Language::En, Language::Da];

    /// The language of a two-letter code (`de`, `en`, `da`).
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "de" => Some(Self::De),
            "en" => Some(Self::En),
            "da" => Some(Self::Da),
            _ => None,
        }
    }
}

/// Version of catalogue and rules, kept with each delivery; raised when a synonym or a rule changes.
pub const VERSION: u32 = 3;

/// What the catalogue says of one field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default = "default_max")]
    max: usize,
    example: String,
    de: Vec<String>,
    en: Vec<String>,
    da: Vec<String>,
    about: About,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    de: String,
    en: String,
    da: String,
}

fn default_max() -> usize {
    200
}

/// Entries in the order of [`Field::ALL`].
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    // The file is part of the program and a test reads it, so that it cannot fail for an input.
    let mut read: HashMap<Field, Entry> =
        toml::from_str(include_str!("../catalogue.toml")).expect("the catalogue is well-formed");
    Field::ALL
        .iter()
        .map(|field| read.remove(field).expect("the catalogue names every field"))
        .collect()
});

impl Field {
    fn entry(self) -> &'static Entry {
        // `Field::ALL` is in the order of the variants, so that the discriminant is the index.
        &ENTRIES[self as usize]
    }

    /// Characters that its text may have.
    pub fn max_length(self) -> usize {
        self.entry().max
    }

    /// The header that templates and answers use in `language`.
    pub fn header(self, language: Language) -> &'static str {
        self.headers(language).first().map_or(self.as_str(), String::as_str)
    }

    /// Every header known in `language`, the preferred one first.
    pub fn headers(self, language: Language) -> &'static [String] {
        let entry = self.entry();
        match language {
            Language::De => &entry.de,
            Language::En => &entry.en,
            Language::Da => &entry.da,
        }
    }

    /// One sentence on what it says, for templates and guides.
    pub fn about(self, language: Language) -> &'static str {
        let about = &self.entry().about;
        match language {
            Language::De => &about.de,
            Language::En => &about.en,
            Language::Da => &about.da,
        }
    }

    /// An example value: dates as `yyyy-mm-dd`, amounts with a point, codes as they stand in the database.
    pub fn example(self) -> &'static str {
        &self.entry().example
    }

    /// May be given several times.
    pub const fn is_list(self) -> bool {
        matches!(self.kind(), Kind::List)
    }

    /// The field of a canonical name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.as_str() == name)
    }

    /// A number that only names something: leading zeros count and it must not pass through a float.
    pub const fn is_identifier(self) -> bool {
        matches!(
            self,
            Field::Creditor
                | Field::DebtorNumber
                | Field::CompanyRegNo
                | Field::PostalCode
                | Field::Phone
                | Field::Mobile
                | Field::Fax
                | Field::Iban
                | Field::InvoiceNumber
                | Field::ContractNumber
                | Field::TitleReference
                | Field::JointDebtorOf
                | Field::CaseNumber
                | Field::PaymentNumber
                | Field::EndToEndId
                | Field::BankReference
                | Field::ClientReference
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_an_entry_in_order() {
        for (index, field) in Field::ALL.iter().enumerate() {
            assert_eq!(*field as usize, index);
            for language in Language::ALL {
                assert!(!field.headers(*language).is_empty(), "{} lacks headers", field.as_str());
                assert!(
                    !field.about(*language).is_empty(),
                    "{} lacks a description",
                    field.as_str()
                );
            }
            assert!(field.max_length() > 0);
            assert_eq!(Field::from_name(field.as_str()), Some(*field));
        }
    }
}
