"""Lists of records for the case desk, and what their answers say."""

from . import clients, files

TYPE, CASE, DEBTOR, INVOICE = "Satzart", "Aktenzeichen", "Kundennummer", "Rechnungsnummer"
NUMBER, DAY, AMOUNT, REASON = "Zahlungsnummer", "Zahlungsdatum", "Betrag", "Grund"
TEXT, UNTIL, STREET, TOWN = "Nachricht", "Stundung bis", "Straße", "Ort"
COLUMNS = [TYPE, CASE, DEBTOR, INVOICE, NUMBER, DAY, AMOUNT, REASON, TEXT, UNTIL, STREET, TOWN]


def line(kind, **fields):
    """A line of a list of mixed records; what is not said is empty."""
    names = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
    row = dict.fromkeys(COLUMNS, "")
    row[TYPE] = kind
    row.update({names[name.upper()]: value for name, value in fields.items()})
    return row


def put(client, folder, name, rows):
    """Hands a list over with OpenSSH's sftp; returns the JSON answer."""
    path = folder / name
    path.write_text(files.table(rows))
    clients.sftp(client, f"put {path} inbox/{name}")
    return client.answers.wait(name, format="json").json()


def told(answer):
    """Outcome and codes of each line."""
    return [
        " ".join([record["outcome"], *(finding["code"] for finding in record["findings"])])
        for record in answer["records"]
    ]
