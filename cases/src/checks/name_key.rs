//! The key by which two records with the same debtor number are the same debtor or are not.
//!
//! The rule: the same debtor number means the same debtor exactly when the keys are equal. The key forgets only what
//! two spellings of *one* name differ in:
//! - case, accents, `ä`/`ae`, apostrophes, hyphens, other punctuation (see [`fold`](super::fold()));
//! - of a person: the order of the words (`Mustermann, Erika` is `Erika Mustermann`), academic titles, a leading
//!   `Herr` or `Frau`;
//! - of a company: how its legal form is written (`G.m.b.H.` is `GmbH`), and whether it stands in the name or in a
//!   column of its own.
//!
//! It keeps everything that may tell two people apart: a missing first name, an initial, another legal form or a name
//! after marriage is another key, so the record gets `DEBTOR_MISMATCH` and the client decides. Asking once too often
//! costs a line in a correction file; joining strangers shows one the debts of the other.

use std::borrow::Cow;

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;

use super::fold::{fold, fold_into};
use super::legal_form;

/// Titles by which the words after them become part of a title as well (`Dr. med. dent.`, `Dipl.-Ing.`).
const TITLES: &[&str] = &[
    "dr",
    "dres",
    "drs",
    "prof",
    "professor",
    "professorin",
    "univ",
    "dipl",
    "priv",
    "doz",
];

/// Words that are part of a title only behind one of [`TITLES`]: some of them are also names.
const TITLE_PARTS: &[&str] = &[
    "med", "dent", "vet", "jur", "iur", "phil", "rer", "nat", "pol", "oec", "publ", "ing", "kfm", "kffr", "kaufm",
    "inf", "math", "phys", "chem", "biol", "psych", "paed", "theol", "techn", "habil", "hc", "mult", "h", "c",
];

/// Forms of address that are dropped in front of a name.
const SALUTATIONS: &[&str] = &["herr", "herrn", "frau", "mr", "mrs", "ms", "hr", "fru", "firma", "fa"];

/// The folded name of a record's debtor; empty when it has none. Countries of legal forms are taken from the record.
pub fn name_key(record: &Record) -> String {
    let company = record.text(Field::CompanyName);
    let is_person = record.text(Field::DebtorType) == Some("person");
    let person = record.text(Field::LastName).is_some() || record.text(Field::FirstName).is_some();
    match company {
        Some(name) if !(is_person && person) => company_key(record, name),
        _ if record.text(Field::DebtorType) == Some("company") => {
            company_key(record, record.text(Field::LastName).unwrap_or_default())
        }
        _ => person_key(record),
    }
}

/// The words by which names are searched: folded as in [`name_key`], without titles, in the order given.
pub fn search_words(text: &str) -> Vec<String> {
    let mut folded = fold(text);
    unify_conjunctions(&mut folded);
    without_titles(&folded).into_iter().map(str::to_owned).collect()
}

/// A folded name without the legal form in it. Where the country is not said, one of those is assumed whose short forms
/// (`AG`, `A/S`, `B.V.`) people write.
pub(crate) fn without_legal_form(folded: &str, country: Option<&str>) -> String {
    let assumed = ["DE", "DK", "NL"];
    let countries = country.as_ref().map_or(&assumed[..], std::slice::from_ref);
    let found = countries.iter().find_map(|country| legal_form::find(folded, country));
    let mut name = folded.to_owned();
    if let Some(found) = found {
        name.replace_range(found.start..found.end, "");
    }
    name
}

fn person_key(record: &Record) -> String {
    let first = record.text(Field::FirstName).unwrap_or_default();
    let last = record.text(Field::LastName).unwrap_or_default();
    let mut folded = String::with_capacity(first.len() + last.len() + 8);
    fold_into(first, &mut folded);
    if !folded.is_empty() {
        folded.push(' ');
    }
    fold_into(last, &mut folded);
    let mut words = without_titles(&folded);
    words.sort_unstable();
    words.join(" ")
}

/// The words of a folded name that are not titles; all of them when nothing else is left.
fn without_titles(folded: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(4);
    let mut in_title = false;
    for (index, word) in folded.split_ascii_whitespace().enumerate() {
        in_title = TITLES.contains(&word) || (in_title && TITLE_PARTS.contains(&word));
        let greeting = index == 0 && SALUTATIONS.contains(&word);
        if !in_title && !greeting {
            words.push(word);
        }
    }
    if words.is_empty() {
        folded.split_ascii_whitespace().collect()
    } else {
        words
    }
}

fn company_key(record: &Record, name: &str) -> String {
    let country = record.text(Field::Country).unwrap_or_default();
    let mut key = fold(name);
    if let Some((first, rest)) = key.split_once(' ')
        && SALUTATIONS.contains(&first)
    {
        key = rest.to_owned();
    }
    unify_conjunctions(&mut key);
    if let Some(found) = legal_form::find(&key, country) {
        key.replace_range(found.start..found.end, &fold(found.form.name));
    } else if let Some(form) = record.text(Field::LegalForm) {
        let folded = fold(form);
        let form = legal_form::named(&folded, country).map_or(Cow::Borrowed(&*folded), |form| fold(form.name).into());
        key.push(' ');
        key.push_str(&form);
    }
    key
}

/// Writes `und`, `and`, `og`, `et` between two words as `&`. The last word is none: it may be the legal form `OG`.
fn unify_conjunctions(key: &mut String) {
    let Some((words, last)) = key.rsplit_once(' ') else {
        return;
    };
    if words.split(' ').any(is_conjunction) {
        let unify = |word| if is_conjunction(word) { "&" } else { word };
        let words: Vec<&str> = words.split(' ').map(unify).chain([last]).collect();
        *key = words.join(" ");
    }
}

fn is_conjunction(word: &str) -> bool {
    matches!(word, "und" | "and" | "og" | "et")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::fixture::record;

    /// Names as (company, first, last, type, legal form).
    type Name<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

    fn key((company, first, last, kind, form): Name<'_>) -> String {
        let fields = [
            (Field::CompanyName, company),
            (Field::FirstName, first),
            (Field::LastName, last),
            (Field::DebtorType, kind),
            (Field::LegalForm, form),
            (Field::Country, "DE"),
        ];
        name_key(&record(
            &fields
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .collect::<Vec<_>>(),
        ))
    }

    #[test]
    fn one_debtor() {
        let same: &[&[Name<'_>]] = &[
            &[
                ("", "Erika", "Mustermann", "person", ""),
                ("", "ERIKA", "MUSTERMANN", "", ""),
                ("", "", "Mustermann, Erika", "person", ""),
                ("", "", "Frau Dr. Erika Mustermann", "person", ""),
                ("", "Prof. Dr. med. dent. Erika", "Mustermann", "person", ""),
                ("", "", "Mustermann, Dipl.-Ing. Erika", "person", ""),
            ],
            &[
                ("", "Jörg", "Müller", "person", ""),
                ("", "Joerg", "Mueller", "person", ""),
            ],
            &[
                ("", "Anna-Lena", "O'Neill", "", ""),
                ("", "Anna Lena", "ONeill", "", ""),
            ],
            &[
                ("Muster GmbH", "", "", "company", ""),
                ("MUSTER G.M.B.H.", "", "", "", ""),
                ("Muster", "", "", "company", "GmbH"),
                ("Firma Muster GmbH", "", "", "", ""),
                ("Muster Gesellschaft mit beschränkter Haftung", "", "", "", ""),
                ("", "", "Muster GmbH", "company", ""),
                ("Muster GmbH", "Erika", "Mustermann", "company", ""),
            ],
            &[
                ("Bau & Beispiel GmbH & Co. KG", "", "", "", ""),
                ("Bau und Beispiel GmbH und Co KG", "", "", "", ""),
                ("Bau + Beispiel", "", "", "", "GmbH & Co. KG"),
            ],
        ];
        for names in same {
            for name in *names {
                assert_eq!(key(*name), key(names[0]), "{name:?}");
            }
        }
    }

    #[test]
    fn strangers() {
        let different: &[[Name<'_>; 2]] = &[
            [("", "Erika", "Mustermann", "", ""), ("", "Max", "Mustermann", "", "")],
            [("", "Erika", "Mustermann", "", ""), ("", "", "Mustermann", "", "")],
            [("", "Erika", "Mustermann", "", ""), ("", "E.", "Mustermann", "", "")],
            [
                ("", "Erika", "Mustermann", "", ""),
                ("", "Erika", "Mustermann-Muster", "", ""),
            ],
            [("Muster GmbH", "", "", "", ""), ("Muster AG", "", "", "", "")],
            [
                ("Muster GmbH", "", "", "", ""),
                ("Muster GmbH & Co. KG", "", "", "", ""),
            ],
            [("Muster Bau GmbH", "", "", "", ""), ("Bau Muster GmbH", "", "", "", "")],
            [("Muster", "", "", "", ""), ("Muster GmbH", "", "", "", "")],
        ];
        for [one, other] in different {
            assert_ne!(key(*one), key(*other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_name_that_looks_like_a_title_keeps_something() {
        for (first, last, expected) in [("", "Herr", "herr"), ("Erika", "Herr", "erika herr"), ("", "Dr.", "dr")] {
            assert_eq!(key(("", first, last, "person", "")), expected);
        }
        assert_eq!(name_key(&record(&[])), "");
    }
}
