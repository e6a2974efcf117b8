//! The words that people write for codes, in three languages: data, one table a field.

/// Stages of a case (DOMAIN, "Codes").
pub(super) const STAGES: &[(&str, &[&str])] = &[
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
pub(super) const ENTRY_KINDS: &[(&str, &[&str])] = &[
    ("letter", &["Brief", "Schreiben", "brev"]),
    ("sms", &["Textnachricht", "text message"]),
    ("call", &["Anruf", "Telefonat", "opkald"]),
    ("visit", &["Besuch", "Außendienst", "besøg"]),
    ("agreement", &["Vereinbarung", "aftale"]),
    ("note", &["Notiz", "Vermerk", "notat"]),
];

/// Who may see something.
pub(super) const VISIBILITIES: &[(&str, &[&str])] = &[
    ("internal", &["intern"]),
    ("client", &["Mandant", "Kunde", "klient", "extern"]),
];

/// What a request asks for.
pub(super) const REQUEST_KINDS: &[(&str, &[&str])] = &[
    ("cases", &["Akten", "Aktenliste", "Liste", "list", "sager", "sagsliste"]),
    ("case", &["Akte", "einzelne Akte", "sag"]),
];

/// Which cases a request looks for.
pub(super) const CASE_STATES: &[(&str, &[&str])] = &[
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
pub(super) const FORMATS: &[(&str, &[&str])] = &[
    ("csv", &["txt"]),
    ("xlsx", &["Excel", "xls"]),
    ("xml", &[]),
    ("json", &[]),
    ("html", &["htm", "web"]),
];

/// The record types (DOMAIN: each exists in at least one real interface), with their words.
pub(super) const RECORD_TYPES: &[(&str, &[&str])] = &[
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

pub(super) const DEBTOR_TYPES: &[(&str, &[&str])] = &[
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

pub(super) const ACTS_AS: &[(&str, &[&str])] = &[
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

pub(super) const SALUTATIONS: &[(&str, &[&str])] = &[
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

pub(super) const ADDRESS_SOURCES: &[(&str, &[&str])] = &[
    ("creditor", &["Gläubiger", "Auftraggeber", "kreditor"]),
    ("researched", &["ermittelt", "Ermittlung", "EMA", "fundet", "opslag"]),
];

pub(super) const TITLE_KINDS: &[(&str, &[&str])] = &[
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

pub(super) const ALLOCATIONS: &[(&str, &[&str])] = &[
    ("principal", &["Hauptforderung", "hovedstol", "HF"]),
    ("costs", &["Kosten", "omkostninger", "cost"]),
    ("interest", &["Zinsen", "renter", "rente"]),
];

pub(super) const CLOSING_REASONS: &[&str] = &[
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
pub(super) const COUNTRIES: &[(&str, &[&str])] = &[
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
