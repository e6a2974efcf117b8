"""Formats in and out, through the whole service: XML both ways, key=value, spreadsheets."""

import sqlite3
import subprocess
from pathlib import Path

import openpyxl
import pytest
from support import files
from support.waiting import wait_for

ROOT = Path(__file__).parents[2]


def valid(schema, path):
    """Whether xmllint finds the file valid."""
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def client(module_home):
    """A client that is answered in every format."""
    client = module_home.add_client("acme", {"answers": ["csv", "xlsx", "json", "xml"]})
    module_home.serve()
    return client


def test_every_answer_format_says_the_same(client):
    client.drop("all.csv", files.table([files.claim(1), files.claim(2, Hauptforderung="0")]).encode())
    answers = {kind: client.answers.wait("all.csv", format=kind) for kind in ("csv", "xlsx", "json", "xml")}
    assert {(answer.taken, answer.submitted, answer.id) for answer in answers.values()} == {(1, 2, answers["json"].id)}
    valid(ROOT / "outbox" / "schema" / "acknowledgement-1.xsd", answers["xml"].path)
    number = answers["json"].json()["records"][0]["case_number"]
    assert number in answers["xml"].path.read_text()
    assert number in [row["case_number"] for row in answers["csv"].rows()]
    page = openpyxl.load_workbook(answers["xlsx"].path).active
    assert number in [cell.value for row in page.iter_rows() for cell in row]


def test_xml_of_our_own(client, tmp_path):
    fields = {
        "debtor_number": "X-1",
        "first_name": "Erika",
        "last_name": "Mustermann",
        "street": "geheimgasse",
        "house_number": "5a",
        "postal_code": "01067",
        "city": "Dresden",
        "invoice_number": "R-X1",
        "invoice_date": "2026-01-15",
        "due_date": "2026-02-14",
        "principal_amount": "1234.50",
        "claim_reason": "Ware &amp; Fracht",
    }
    record = "".join(
        f"<{name}>{value}</{name}>" for name, value in sorted(fields.items(), key=lambda item: order(item[0]))
    )
    text = f'<?xml version="1.0"?>\n<handover version="1"><record type="new_claim">{record}</record></handover>\n'
    (tmp_path / "own.xml").write_text(text)
    valid(ROOT / "parsers" / "schema" / "handover-1.xsd", tmp_path / "own.xml")
    client.drop("own.xml", text.encode())
    said = client.answers.wait("own.xml").json()
    assert said["accepted"] == 1 and said["records"][0]["amount"] == "1234.50", said


def order(field):
    """Place of a field in the catalogue."""
    return (ROOT / "parsers" / "src" / "fields.rs").read_text().index(f'"{field}"')


@pytest.mark.parametrize("separator", ["&", ";", "\n"])
def test_key_value(client, separator):
    first = 100 + 10 * "&;\n".index(separator)
    records = [separator.join(f"{key}={value}" for key, value in files.claim(n).items()) for n in (first, first + 1)]
    name = f"keys-{first}.txt"
    client.drop(name, ("\n\n" if separator == "\n" else "\n").join(records).encode() + b"\n")
    answer = client.answers.wait(name)
    assert (answer.taken, answer.submitted) == (2, 2), answer.json()


def test_dialects(client):
    for number, (name, text) in enumerate(
        [
            ("semicolon.csv", files.table([files.claim(200)])),
            ("comma.csv", files.table([files.claim(210, Hauptforderung="77.50")], ",")),
            ("tab.txt", files.table([files.claim(220)], "\t")),
            ("pipe.txt", files.table([files.claim(230)], "|")),
            ("sep.csv", "sep=;\r\n" + files.table([files.claim(240)])),
            ("title.csv", "Muster GmbH\r\nUebergabe November\r\n\r\n" + files.table([files.claim(250)])),
            ("quotes.csv", files.table([files.claim(260, Forderungsgrund='Ware; "rot"\r\nund blau')])),
        ]
    ):
        client.drop(name, text.encode())
        answer = client.answers.wait(name)
        assert (answer.taken, answer.submitted) == (1, 1), f"{number}: {answer.json()}"


def test_a_totals_line_is_left_out(client):
    text = files.table([files.claim(300), files.claim(301)])
    total = ["Summe"] + [""] * (len(files.COLUMNS) - 1)
    total[files.COLUMNS.index("Hauptforderung")] = "802,00"
    client.drop("total.csv", (text + ";".join(total) + "\r\n").encode())
    answer = client.answers.wait("total.csv")
    assert (answer.taken, answer.submitted) == (2, 2), answer.json()


def test_an_unknown_column_is_said_once_and_kept(client):
    rows = [files.claim(400, Filiale="Nord"), files.claim(401, Filiale="Süd")]
    client.drop("extra.csv", files.table(rows).encode())
    said = client.answers.wait("extra.csv").json()
    assert said["accepted"] == 2
    assert [finding["code"] for finding in said["findings"]].count("UNKNOWN_COLUMN") == 1
    with sqlite3.connect(f"file:{client.home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        kept = [
            extra for (extra,) in database.execute("select extra from claims where reference in ('R-400', 'R-401')")
        ]
    assert "Nord" in kept[0] and "Süd" in kept[1]


def test_a_macro_workbook_and_several_sheets(client):
    book = openpyxl.Workbook()
    for sheet, first in (("Januar", 500), ("Februar", 510)):
        page = book.create_sheet(sheet)
        page.append(files.COLUMNS)
        page.append(list(files.claim(first).values()))
    del book["Sheet"]
    path = client.home.path / "two.xlsx"
    book.save(path)
    client.drop("two.xlsx", path.read_bytes())
    answer = client.answers.wait("two.xlsx")
    assert (answer.taken, answer.submitted) == (2, 2), answer.json()
    assert {record["sheet"] for record in answer.json()["records"]} == {"Januar", "Februar"}


def test_typed_cells(client):
    """Dates and amounts as a spreadsheet holds them: typed, not as text."""
    import datetime

    row = files.claim(
        600, Hauptforderung=123.45, Rechnungsdatum=datetime.date(2026, 1, 15), Fälligkeit=datetime.datetime(2026, 2, 14)
    )
    client.drop("typed.xlsx", files.workbook([row]))
    said = client.answers.wait("typed.xlsx").json()
    assert said["accepted"] == 1, said
    assert said["records"][0]["amount"] == "123.45"


def test_the_shipped_guides_and_schemas(client):
    """templates/ holds lists and a guide in the client's language."""
    names = wait_for(lambda: [p.name for p in (client.folder / "templates").iterdir()], what="the templates")
    assert len([n for n in names if n.endswith(".csv")]) >= 1 and len([n for n in names if n.endswith(".xlsx")]) >= 1, (
        names
    )
