"""Generated hand-over lists of any length with 30 columns; the same numbers give the same bytes."""

HEADER = [
    "Kundennummer",
    "Personenart",
    "Anrede",
    "Vorname",
    "Nachname",
    "Geburtsdatum",
    "Straße",
    "Hausnummer",
    "Adresszusatz",
    "PLZ",
    "Ort",
    "Land",
    "E-Mail",
    "Telefon",
    "Mobil",
    "IBAN",
    "BIC",
    "Kontoinhaber",
    "Rechnungsnummer",
    "Vertragsnummer",
    "Rechnungsdatum",
    "Fälligkeit",
    "Mahndatum",
    "Rechnungsbetrag",
    "Hauptforderung",
    "Währung",
    "Mahngebühren",
    "Forderungsgrund",
    "Vertragsdatum",
    "Bemerkung",
]
FIRST = ["Erika", "Max", "Anna", "Jürgen", "Sofie", "Lars", "Mette", "Karl"]
LAST = ["Mustermann", "Musterfrau", "Beispiel", "Probe", "Vorlage", "Exempel", "Muster"]
CITIES = [
    ("01067", "Dresden"),
    ("10115", "Berlin"),
    ("20095", "Hamburg"),
    ("50667", "Köln"),
    ("80331", "München"),
    ("99084", "Erfurt"),
]


def line(n):
    """Row number `n`; every fifth debtor has two claims."""
    debtor = n - 1 if n % 5 == 4 else n
    postcode, city = CITIES[debtor % len(CITIES)]
    first, last = FIRST[debtor % len(FIRST)], LAST[debtor % len(LAST)]
    cents = 1_000 + (n * 7_919) % 900_000
    amount = f"{cents // 100},{cents % 100:02}"
    day, month = 1 + n % 28, 1 + n % 9
    due = f"{day:02}.{month + 1:02}.2026"
    return (
        f"K{debtor:08};Person;{'Frau' if debtor % 2 else 'Herr'};{first};{last};"
        f"{1 + debtor % 28:02}.{1 + debtor % 12:02}.{1950 + debtor % 50};"
        f"Musterstraße;{1 + debtor % 200};;{postcode};{city};DE;kunde{debtor}@example.com;"
        f"+49 351 {1_000_000 + debtor % 8_999_999};+49 151 {10_000_000 + debtor % 89_999_999};"
        f"DE89370400440532013000;COBADEFFXXX;{first} {last};R{n:09};V{debtor:08};"
        f"{day:02}.{month:02}.2026;{due};{due};{amount};{amount};EUR;2,50;"
        f"Warenlieferung laut Rechnung;01.01.2025;Posten {n}\r\n"
    )


def write(path, rows):
    """Writes a list with `rows` claims; returns its bytes."""
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(";".join(HEADER) + "\r\n")
        for start in range(0, rows, 10_000):
            out.write("".join(line(n) for n in range(start, min(start + 10_000, rows))))
    return path.stat().st_size
