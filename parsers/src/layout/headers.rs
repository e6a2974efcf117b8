//! Headers: what a column's header means, after folding.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::correction;
use crate::catalogue::Language;
use crate::fields::Field;
use crate::fold::{fold, fold_into};
use crate::values::money;

/// What a header says by itself, before its neighbours are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// One field.
    Field(Field),
    /// A whole name: of a person or of a company.
    Name,
    /// Postcode and city together.
    PostalCity,
    /// Street, number, postcode and city together, or the street alone.
    Address,
    /// `Valuta`: the currency in Danish, the value date in German.
    Valuta,
    /// `Aktenzeichen`: of the court, or our case number.
    FileReference,
    /// `kind`: of a request, or something of the client's own.
    Kind,
    /// `Datum`: of payments the day, of claims any of several.
    Date,
    /// A column that our correction file added.
    Correction,
}

/// Headers with several fields or meanings; they win over the catalogue's.
const SPECIAL: &[(Meaning, &[&str])] = &[
    (
        Meaning::Name,
        &[
            "Name",
            "Name1",
            "Name 1",
            "Kundenname",
            "Schuldner",
            "Schuldnername",
            "Debitorenname",
            "Name/Firma",
            "Firma/Name",
            "Name Firma",
            "Vor- und Nachname",
            "Vor- und Zuname",
            "Vorname Nachname",
            "Nachname, Vorname",
            "Customer name",
            "Full name",
            "Debtor name",
            "Name of debtor",
            "Navn",
            "Kundenavn",
            "Skyldner",
            "Skyldners navn",
        ],
    ),
    (
        Meaning::PostalCity,
        &[
            "PLZ Ort",
            "PLZ und Ort",
            "PLZ Stadt",
            "Postleitzahl Ort",
            "Postleitzahl und Ort",
            "Ort mit PLZ",
            "Postnr By",
            "Postnr og by",
            "Zip city",
            "Postcode city",
            "Postal code city",
            "Postal code and city",
        ],
    ),
    (
        Meaning::Address,
        &[
            "Adresse",
            "Anschrift",
            "Postanschrift",
            "Address",
            "Postal address",
            "Debtor address",
        ],
    ),
    (Meaning::Valuta, &["Valuta"]),
    (Meaning::FileReference, &["Aktenzeichen", "AZ", "Az."]),
    (Meaning::Kind, &["kind"]),
    (Meaning::Date, &["Datum", "Date", "Dato"]),
];

static MEANINGS: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| {
    let mut meanings = HashMap::new();
    for (meaning, headers) in SPECIAL {
        for header in *headers {
            meanings.entry(fold(header)).or_insert(*meaning);
        }
    }
    for header in correction::HEADERS {
        meanings.entry(fold(header)).or_insert(Meaning::Correction);
    }
    for field in Field::ALL {
        meanings.entry(fold(field.as_str())).or_insert(Meaning::Field(*field));
    }
    for field in Field::ALL {
        for language in Language::ALL {
            for header in field.headers(*language) {
                meanings.entry(fold(header)).or_insert(Meaning::Field(*field));
            }
        }
    }
    meanings
});

/// A header's meaning and the currency that it names (`Betrag (EUR)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What the column holds.
    pub meaning: Meaning,
    /// ISO 4217 code that the header names.
    pub currency: Option<&'static str>,
}

/// What `header` means, if it is known.
pub fn lookup(header: &str) -> Option<Known> {
    let mut folded = String::with_capacity(header.len());
    fold_into(header, &mut folded);
    if folded.is_empty() || folded.len() > 120 {
        return None;
    }
    if let Some(meaning) = MEANINGS.get(&folded) {
        return Some(Known {
            meaning: *meaning,
            currency: None,
        });
    }
    // `Telefon2`, `E-Mail 3`: only fields that may be given several times.
    let stem = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    if let Some(Meaning::Field(field)) = MEANINGS.get(stem)
        && field.is_list()
    {
        return Some(Known {
            meaning: Meaning::Field(*field),
            currency: None,
        });
    }
    let (base, note) = without_note(header)?;
    folded.clear();
    fold_into(base, &mut folded);
    let meaning = MEANINGS.get(&folded)?;
    Some(Known {
        meaning: *meaning,
        currency: money::named(note),
    })
}

/// Cuts a note off a header: `Betrag (EUR)`, `Betrag [€]`, `Betrag in EUR`, `Geburtsdatum (TT.MM.JJJJ)`.
pub(crate) fn without_note(header: &str) -> Option<(&str, &str)> {
    let header = header.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(rest) = header.strip_suffix(close)
            && let Some((base, note)) = rest.rsplit_once(open)
        {
            return Some((base, note.trim().trim_start_matches("in ")));
        }
    }
    let (base, note) = header.rsplit_once([' ', '_', '-', '/'])?;
    let unit = note == "%" || money::named(note).is_some();
    let base = base.trim_end();
    let base = base
        .strip_suffix(" in")
        .or_else(|| base.strip_suffix("_in"))
        .unwrap_or(base);
    unit.then_some((base, note))
}

/// How many different known headers stand in a row.
pub fn known<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
    let mut seen: Vec<Meaning> = Vec::new();
    for cell in cells {
        if let Some(known) = lookup(cell)
            && !seen.contains(&known.meaning)
        {
            seen.push(known.meaning);
        }
    }
    seen.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups() {
        let field = |field| Some(Meaning::Field(field));
        for (header, expected) in [
            ("Kundennr.", field(Field::DebtorNumber)),
            ("KUNDEN-NR", field(Field::DebtorNumber)),
            ("ClientCustomerRefNo", field(Field::DebtorNumber)),
            ("Gläubiger", field(Field::Creditor)),
            ("Glaeubiger", field(Field::Creditor)),
            ("Hovedstol", field(Field::PrincipalAmount)),
            ("Forfaldsdato", field(Field::DueDate)),
            ("Offener Betrag (EUR)", field(Field::PrincipalAmount)),
            ("Hauptforderung in €", field(Field::PrincipalAmount)),
            ("Mahngebühren EUR", field(Field::DunningCosts)),
            ("Zinssatz %", field(Field::InterestRate)),
            ("Telefon 3", field(Field::Phone)),
            ("E-Mail2", field(Field::Email)),
            ("Name", Some(Meaning::Name)),
            ("Name 2", None),
            ("PLZ / Ort", Some(Meaning::PostalCity)),
            ("Was zu tun ist", Some(Meaning::Correction)),
            ("Rechnungsdatum2", None),
            ("principal_amount", field(Field::PrincipalAmount)),
            ("Privat/Erhverv", field(Field::DebtorType)),
            ("Lieblingsfarbe", None),
            ("", None),
            ("---", None),
        ] {
            assert_eq!(lookup(header).map(|known| known.meaning), expected, "{header}");
        }
        assert_eq!(lookup("Betrag (EUR)").and_then(|known| known.currency), Some("EUR"));
    }

    #[test]
    fn no_header_of_the_catalogue_means_two_fields() {
        // Titles and `reason` stand for several things in DOMAIN's table and are told apart elsewhere.
        let mut seen: HashMap<String, Field> = HashMap::new();
        for field in Field::ALL {
            for header in Language::ALL.iter().flat_map(|language| field.headers(*language)) {
                if SPECIAL
                    .iter()
                    .any(|(_, special)| special.iter().any(|s| fold(s) == fold(header)))
                {
                    continue;
                }
                let before = seen.insert(fold(header), *field);
                assert!(
                    before.is_none_or(|before| before == *field),
                    "{header} is {before:?} and {field:?}"
                );
            }
        }
    }
}
