//! Codes: the words that people write for them, in three languages.

use std::collections::HashMap;
use std::sync::LazyLock;

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

/// Stages of a case (DOMAIN, "Codes").
const STAGES: &[(&str, &[&str])] = &[
    (
        "extrajudicial",
        &["außergerichtlich", "vorgerichtlich", "out of court", "udenretlig"],
    ),
    (
        "judicial_dunning",
        &[
            "gerichtliches Mahnverfahren",
            "Mahnverfahren",
            "court dunning procedure",
            "betalingspåkrav",
        ],
    ),
    ("litigation", &["Klage", "Klageverfahren", "retssag"]),
    (
        "enforcement",
        &[
            "Vollstreckung",
            "Zwangsvollstreckung",
            "inddrivelse",
            "tvangsfuldbyrdelse",
        ],
    ),
    ("insolvency", &["Insolvenz", "insolvens", "konkurs"]),
    (
        "long_term_monitoring",
        &[
            "Langzeitüberwachung",
            "Überwachung",
            "overvågning",
            "langtidsovervågning",
        ],
    ),
];

/// What an entry in the history is.
const ENTRY_KINDS: &[(&str, &[&str])] = &[
    ("letter", &["Brief", "Schreiben", "brev"]),
    ("sms", &["Textnachricht", "text message"]),
    ("call", &["Anruf", "Telefonat", "opkald"]),
    ("visit", &["Besuch", "Außendienst", "besøg"]),
    ("agreement", &["Vereinbarung", "aftale"]),
    ("note", &["Notiz", "Vermerk", "notat"]),
];

/// Who may see something.
const VISIBILITIES: &[(&str, &[&str])] = &[
    ("internal", &["intern"]),
    ("client", &["Mandant", "Kunde", "klient", "extern"]),
];

/// What a request asks for.
const REQUEST_KINDS: &[(&str, &[&str])] = &[
    ("cases", &["Akten", "Aktenliste", "Liste", "list", "sager", "sagsliste"]),
    ("case", &["Akte", "einzelne Akte", "sag"]),
];

/// Which cases a request looks for.
const CASE_STATES: &[(&str, &[&str])] = &[
    ("open", &["offen", "offene", "laufend", "åben", "åbne"]),
    (
        "closed",
        &[
            "geschlossen",
            "geschlossene",
            "abgeschlossen",
            "afsluttet",
            "afsluttede",
            "lukket",
        ],
    ),
    ("legal", &["gerichtlich", "gerichtliche", "retslig", "retslige"]),
    ("all", &["alle"]),
];

/// Formats of an answer to a request.
const FORMATS: &[(&str, &[&str])] = &[
    ("csv", &["txt"]),
    ("xlsx", &["Excel", "xls"]),
    ("xml", &[]),
    ("json", &[]),
    ("html", &["htm", "web"]),
];

/// The record types (DOMAIN: each exists in at least one real interface), with their words.
const RECORD_TYPES: &[(&str, &[&str])] = &[
    (
        "new_claim",
        &[
            "neu",
            "neue Forderung",
            "Neuforderung",
            "Forderung",
            "claim",
            "new",
            "nyt krav",
            "krav",
            "ny sag",
        ],
    ),
    (
        "additional_claim",
        &[
            "Zusatzforderung",
            "weitere Forderung",
            "weitere Rechnung",
            "Folgeforderung",
            "Nachforderung",
            "tillægskrav",
            "additional",
        ],
    ),
    (
        "direct_payment",
        &[
            "Direktzahlung",
            "Zahlung",
            "Zahlungsmeldung",
            "payment",
            "direkte betaling",
            "betaling",
            "indbetaling",
        ],
    ),
    (
        "payment_cancellation",
        &[
            "Zahlungsstorno",
            "Storno Zahlung",
            "Rücklastschrift",
            "annullering af betaling",
        ],
    ),
    ("credit_note", &["Gutschrift", "credit", "kreditnota"]),
    (
        "credit_note_cancellation",
        &["Storno Gutschrift", "Gutschriftstorno", "annullering af kreditnota"],
    ),
    (
        "recall",
        &["Rückruf", "Rücknahme", "zurückziehen", "withdrawal", "tilbagekaldelse"],
    ),
    ("hold", &["Stundung", "Ruhen", "anhalten", "pause", "henstand", "bero"]),
    (
        "resume",
        &["Fortsetzung", "fortsetzen", "weiter", "genoptag", "genoptagelse"],
    ),
    ("address_change", &["Adressänderung", "neue Adresse", "adresseændring"]),
    (
        "dispute",
        &[
            "Einwand",
            "Bestreiten",
            "bestritten",
            "Widerspruch",
            "Reklamation",
            "indsigelse",
        ],
    ),
    ("message", &["Nachricht", "Mitteilung", "besked", "meddelelse"]),
    ("answer", &["Antwort", "svar"]),
    ("document", &["Dokument", "Unterlage", "bilag"]),
    ("address_search", &["Adressermittlung", "Adresssuche", "adressesøgning"]),
    ("debtor", &["Schuldner", "Stammdaten", "skyldner", "stamdata"]),
    ("request", &["Anfrage", "Abfrage", "forespørgsel"]),
    (
        "agency_payment",
        &["Zahlung an Inkasso", "Zahlungseingang", "indbetaling til inkasso"],
    ),
    ("cost", &["Kosten", "omkostning"]),
    ("write_off", &["Ausbuchung", "afskrivning"]),
    ("history_entry", &["Verlauf", "Historie", "historik"]),
    ("status_change", &["Statusänderung", "statusændring"]),
    ("handler_change", &["Sachbearbeiterwechsel", "sagsbehandlerskift"]),
    ("reply", &["Rückantwort", "svar til klient"]),
    ("query", &["Rückfrage", "spørgsmål til klient"]),
    ("payment_plan", &["Ratenplan", "Ratenzahlung", "afdragsordning"]),
    ("payout", &["Auszahlung", "udbetaling"]),
    ("close", &["Abschluss", "afslutning"]),
];

const DEBTOR_TYPES: &[(&str, &[&str])] = &[
    (
        "person",
        &[
            "Person",
            "natürliche Person",
            "privat",
            "Privatperson",
            "P",
            "Einzelperson",
            "private",
            "individual",
            "natural",
        ],
    ),
    (
        "company",
        &[
            "Firma",
            "juristische Person",
            "F",
            "Unternehmen",
            "Erhverv",
            "firma",
            "virksomhed",
            "business",
            "C",
            "organisation",
            "legal",
            "gewerblich",
        ],
    ),
];

const ACTS_AS: &[(&str, &[&str])] = &[
    (
        "consumer",
        &["Verbraucher", "privat", "forbruger", "B2C", "private", "Privatkunde"],
    ),
    (
        "business",
        &[
            "Unternehmer",
            "gewerblich",
            "Unternehmen",
            "Geschäftskunde",
            "erhverv",
            "B2B",
            "Firma",
            "company",
            "commercial",
            "Gewerbe",
        ],
    ),
];

const SALUTATIONS: &[(&str, &[&str])] = &[
    (
        "mr",
        &["Herr", "Herrn", "Hr", "m", "männlich", "male", "mand", "Mister", "H"],
    ),
    (
        "ms",
        &[
            "Frau", "Fr", "w", "weiblich", "female", "Mrs", "Miss", "Fru", "frk", "kvinde", "f",
        ],
    ),
    ("company", &["Firma", "Fa", "Virksomhed"]),
    ("family", &["Familie", "Fam", "Eheleute"]),
    ("none", &["divers", "keine", "d", "x", "diverse"]),
];

const ADDRESS_SOURCES: &[(&str, &[&str])] = &[
    ("creditor", &["Gläubiger", "Auftraggeber", "kreditor"]),
    ("researched", &["ermittelt", "Ermittlung", "EMA", "fundet", "opslag"]),
];

const TITLE_KINDS: &[(&str, &[&str])] = &[
    ("judgment", &["Urteil", "Versäumnisurteil", "dom", "judgement"]),
    (
        "enforcement_order",
        &["Vollstreckungsbescheid", "VB", "betalingspåkrav"],
    ),
    ("cost_order", &["Kostenfestsetzungsbeschluss", "KFB"]),
    (
        "settlement",
        &["Vergleich", "gerichtlicher Vergleich", "forlig", "retsforlig"],
    ),
    (
        "notarial_deed",
        &[
            "notarielle Urkunde",
            "Schuldanerkenntnis",
            "gældsbrev",
            "frivilligt forlig",
        ],
    ),
    ("insolvency_table", &["Insolvenztabelle", "Tabellenauszug"]),
];

const ALLOCATIONS: &[(&str, &[&str])] = &[
    ("principal", &["Hauptforderung", "hovedstol", "HF"]),
    ("costs", &["Kosten", "omkostninger", "cost"]),
    ("interest", &["Zinsen", "renter", "rente"]),
];

const CLOSING_REASONS: &[&str] = &[
    "FULL_PAYMENT",
    "PARTIAL_SUCCESS",
    "SETTLEMENT",
    "COMPLETED_BY_CREDIT",
    "RECALLED_BY_CLIENT",
    "RETURNED_TO_CLIENT",
    "WRITE_OFF",
    "IRRECOVERABLE",
    "POOR_CREDIT_RATING",
    "INSOLVENCY",
    "COMPANY_LIQUIDATED",
    "UNKNOWN_ADDRESS",
    "DEBTOR_ABROAD",
    "DEBTOR_DECEASED",
    "MINOR_DEBTOR",
    "CLAIM_DISPUTED",
    "CLAIM_DISMISSED",
    "FRAUD",
    "TIME_BARRED",
    "TOO_LOW_FOR_LEGAL_ACTION",
    "HIGH_COST_RISK",
    "MISSING_DATA",
    "DUPLICATE",
    "PAID_BEFORE_HANDOVER",
    "LONG_TERM_MONITORING",
];

/// Countries as people write them; anything else must be the code itself.
const COUNTRIES: &[(&str, &[&str])] = &[
    ("DE", &["D", "DEU", "Deutschland", "Germany", "Tyskland", "BRD"]),
    ("AT", &["A", "AUT", "Österreich", "Austria", "Østrig"]),
    ("CH", &["CHE", "Schweiz", "Switzerland"]),
    ("DK", &["DNK", "Dänemark", "Denmark", "Danmark"]),
    ("NL", &["NLD", "Niederlande", "Netherlands", "Nederlandene", "Holland"]),
    ("BE", &["B", "BEL", "Belgien", "Belgium"]),
    ("LU", &["L", "LUX", "Luxemburg", "Luxembourg"]),
    ("FR", &["F", "FRA", "Frankreich", "France", "Frankrig"]),
    (
        "GB",
        &[
            "GBR",
            "UK",
            "Großbritannien",
            "Great Britain",
            "United Kingdom",
            "Vereinigtes Königreich",
            "Storbritannien",
            "England",
        ],
    ),
    ("IE", &["IRL", "Irland", "Ireland"]),
    ("ES", &["E", "ESP", "Spanien", "Spain"]),
    ("PT", &["P", "PRT", "Portugal"]),
    ("IT", &["I", "ITA", "Italien", "Italy"]),
    ("PL", &["POL", "Polen", "Poland"]),
    ("CZ", &["CZE", "Tschechien", "Czech Republic", "Czechia", "Tjekkiet"]),
    ("SE", &["S", "SWE", "Schweden", "Sweden", "Sverige"]),
    ("NO", &["N", "NOR", "Norwegen", "Norway", "Norge"]),
    ("FI", &["FIN", "Finnland", "Finland"]),
    ("HU", &["H", "HUN", "Ungarn", "Hungary"]),
    ("US", &["USA", "Vereinigte Staaten", "United States"]),
];

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
