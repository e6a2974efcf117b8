"""Bad input: each gets a clear answer, a log line with the delivery's id, and keeps its original in the archive."""

import io
import os
import zipfile

import pytest
from support import files
from support.answers import codes
from support.waiting import wait_for

GOOD = files.claim(1)


def deep_xml(levels):
    """dropcase's own XML, nested far too deep."""
    return b'<handover version="1"><record>' + b"<a>" * levels + b"</a>" * levels + b"</record></handover>"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE h [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><handover>&d;</handover>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE h [<!ENTITY x SYSTEM "file:///etc/passwd">]><handover>&x;</handover>"""

# name, content (made of a good text of three claims where it needs one), status, codes of which one must be found
FILES = [
    ("empty.csv", lambda _: b"", "RJCT", {"EMPTY_FILE"}),
    ("empty.xlsx", lambda _: b"", "RJCT", {"EMPTY_FILE"}),
    ("blank.csv", lambda _: b"\r\n \r\n\r\n", "RJCT", {"EMPTY_FILE", "NO_HEADER"}),
    ("header-only.csv", lambda _: files.table([]).encode(), "ACCP", {"HEADER_ONLY"}),
    ("header-only.xlsx", lambda _: files.workbook([]), "ACCP", {"HEADER_ONLY"}),
    (
        "letter.pdf",
        lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
        "RJCT",
        {"UNKNOWN_FORMAT"},
    ),
    ("photo.png", lambda _: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + os.urandom(2000), "RJCT", {"UNKNOWN_FORMAT"}),
    ("program.csv", lambda _: b"\x7fELF\2\1\1" + b"\0" * 9 + os.urandom(4000), "RJCT", {"UNKNOWN_FORMAT", "NUL_BYTES"}),
    ("noise.csv", lambda _: os.urandom(100_000), "RJCT", {"UNKNOWN_FORMAT", "NUL_BYTES", "NO_HEADER", "BAD_ENCODING"}),
    (
        "prose.txt",
        lambda _: b"Sehr geehrte Damen und Herren,\n\nanbei nichts.\n",
        "RJCT",
        {"NO_HEADER", "MISSING_COLUMN", "UNKNOWN_FORMAT"},
    ),
    ("locked.xlsx", lambda _: files.encrypted_workbook([GOOD]), "RJCT", {"PASSWORD_PROTECTED"}),
    ("cut.xlsx", lambda _: files.workbook([GOOD])[:3000], "RJCT", {"CORRUPT_FILE", "UNKNOWN_FORMAT"}),
    ("scrambled.xlsx", lambda _: scrambled(), "RJCT", {"CORRUPT_FILE", "XML_MALFORMED"}),
    ("zip.xlsx", lambda _: some_zip(), "RJCT", {"NO_HEADER"}),
    ("false-utf8.csv", lambda text: b"\xef\xbb\xbf" + text.replace(b"Dresden", b"K\xf6ln"), None, {"BAD_ENCODING"}),
    ("null-bytes.csv", lambda text: text.replace(b"Dresden", b"Dres\0den"), None, {"NUL_BYTES", "CONTROL_CHARACTERS"}),
    ("too-few.csv", lambda text: text + b"D-9;Erika\r\n", "PART", {"TOO_FEW_FIELDS", "REQUIRED"}),
    (
        "too-many.csv",
        lambda text: text + b";".join([text.splitlines()[1].replace(b"1;", b"9;"), b"x", b"y"]) + b"\r\n",
        "PART",
        {"TOO_MANY_FIELDS"},
    ),
    (
        "long-field.csv",
        lambda text: text + files.table([files.claim(8, Forderungsgrund="x" * 10_000_000)], header=False).encode(),
        None,
        {"FIELD_TOO_LONG"},
    ),
    (
        "open-quote.csv",
        lambda text: text + b'"D-9;Erika;Mustermann\r\n' + b"x;" * 2000,
        None,
        {"UNCLOSED_QUOTE", "TOO_FEW_FIELDS", "TOO_MANY_FIELDS", "FIELD_TOO_LONG"},
    ),
    (
        "missing-column.csv",
        lambda _: files.table([{k: v for k, v in GOOD.items() if k != "Hauptforderung"}]).encode(),
        "RJCT",
        {"MISSING_COLUMN"},
    ),
    ("laughs.xml", lambda _: LAUGHS, "RJCT", {"XML_FORBIDDEN"}),
    ("outside.xml", lambda _: OUTSIDE, "RJCT", {"XML_FORBIDDEN"}),
    (
        "dtd.xml",
        lambda _: b'<!DOCTYPE handover SYSTEM "http://127.0.0.1:9/x.dtd"><handover/>',
        "RJCT",
        {"XML_FORBIDDEN"},
    ),
    ("deep.xml", lambda _: deep_xml(100_000), "RJCT", {"XML_TOO_DEEP"}),
    (
        "broken.xml",
        lambda _: b'<handover version="1"><record type="new_claim"><memo>x</record>',
        "RJCT",
        {"XML_MALFORMED"},
    ),
]


def scrambled():
    """A workbook whose sheet is no XML any more."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files.workbook([GOOD]))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<worksheet><sheetData><row" if name.endswith("sheet1.xml") else source.read(name))
    return out.getvalue()


def some_zip():
    """A ZIP that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("readme.txt", "nothing of interest")
    return out.getvalue()


def check_answered(client, name, content, status, wanted, timeout=60):
    """An answer with one of the codes, the original in the archive, a log line with the delivery's id."""
    answer = client.answers.wait(name, timeout=timeout)
    said = answer.json()
    assert status is None or said["status"] == status, said
    found = set(codes(said))
    assert found & wanted, f"{sorted(found)} holds none of {sorted(wanted)}"
    wait_for(lambda: client.answers.archived(content), 20, f"the original of {name} in the archive")
    assert answer.id in client.home.service.log(), "a log line with the delivery's id"
    assert said["submitted"] == said["accepted"] + said["rejected"] + said["duplicate"] + said["withheld"]
    shown = client.home.json("delivery", "show", answer.id)
    assert shown["status"] == said["status"]
    return said


@pytest.mark.parametrize(("name", "make", "status", "wanted"), FILES, ids=[entry[0] for entry in FILES])
def test_bad_file(shared, name, make, status, wanted):
    first = 10_001 + 100 * [entry[0] for entry in FILES].index(name)
    content = make(files.claims(first, 3))
    shared.drop(name, content)
    check_answered(shared, name, content, status, wanted)


def test_windows_1252_and_utf_16_are_read(shared):
    for number, (name, encoding) in enumerate(
        [("ansi.csv", "cp1252"), ("utf16.csv", "utf-16"), ("utf16be.csv", "utf-16-be")]
    ):
        text = files.table([files.claim(100 + number, Ort="Köln", Straße="Löwengeheimgasse")])
        shared.drop(name, (("\ufeff" if encoding == "utf-16-be" else "") + text).encode(encoding))
        answer = shared.answers.wait(name)
        assert (answer.taken, answer.submitted) == (1, 1), answer.json()
    listed = str(shared.home.json("case", "list", "--client", "acme"))
    assert "�" not in listed


def test_a_workbook_that_unpacks_to_gigabytes(shared):
    content = files.exploding_workbook(7 << 29)
    assert len(content) < 32 << 20
    shared.drop("bomb.xlsx", content)
    said = check_answered(
        shared, "bomb.xlsx", content, "RJCT", {"UNPACKS_TOO_LARGE", "TOO_MANY_CELLS", "TOO_EXPENSIVE"}, timeout=180
    )
    assert said["accepted"] == 0


def test_the_message_is_for_people(shared):
    """The CSV answer beside the JSON one says in words what is wrong and what was looked for."""
    shared.drop("words.csv", files.table([{k: v for k, v in GOOD.items() if k != "Hauptforderung"}]).encode())
    shared.answers.wait("words.csv")
    rows = shared.answers.wait("words.csv", format="csv").rows()
    assert any("Hauptforderung" in str(value) for row in rows for value in row.values()), rows


def test_findings_name_row_column_field_and_mask_the_value(shared):
    rows = [files.claim(200), files.claim(201, Hauptforderung="zwölf"), files.claim(202, Rechnungsdatum="15.01.2099")]
    shared.drop("findings.csv", files.table(rows).encode())
    shared.answers.wait("findings.csv")
    lines = shared.answers.wait("findings.csv", format="csv").rows()
    by_code = {code: line for line in lines for code in line["code"].split(" | ")}
    assert by_code["AMOUNT_UNREADABLE"]["row"] == "3" and by_code["AMOUNT_UNREADABLE"]["invoice_number"] == "R-201"
    assert by_code["DATE_IN_FUTURE"]["row"] == "4"
    assert by_code["AMOUNT_UNREADABLE"]["field"] and by_code["AMOUNT_UNREADABLE"]["message"]
    records = shared.answers.wait("findings.csv").json()["records"]
    assert [record["outcome"] for record in records] == ["accepted", "rejected", "rejected"]


def test_formulas_are_defused_in_corrections(shared):
    rows = [
        files.claim(300, Nachname='=HYPERLINK("http://example.com")', Hauptforderung="0"),
        files.claim(301, Vorname="@SUM(A1)", Hauptforderung="0"),
    ]
    shared.drop("formula.csv", files.table(rows).encode())
    shared.answers.wait("formula.csv")
    [correction] = wait_for(lambda: shared.answers.corrections("formula.csv"), what="the correction")
    import csv

    cells = [
        cell
        for row in csv.reader(io.StringIO(correction.read_bytes().decode("utf-8-sig")), delimiter=";")
        for cell in row
    ]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in "=@+\t" and cell], cells


def test_duplicates_in_a_file_and_against_earlier_ones(shared):
    shared.drop("first.csv", files.table([files.claim(400), files.claim(400), files.claim(401)]).encode())
    said = shared.answers.wait("first.csv").json()
    assert (said["accepted"], said["duplicate"]) == (2, 1), said
    shared.drop(
        "second.csv",
        files.table([files.claim(400), files.claim(401, Hauptforderung="999,99"), files.claim(402)]).encode(),
    )
    said = shared.answers.wait("second.csv").json()
    assert (said["accepted"], said["duplicate"], said["rejected"]) == (1, 1, 1), said
    assert {"DUPLICATE", "DUPLICATE_DIFFERS"} <= set(codes(said))


def test_another_name_under_the_same_number_is_never_joined(shared):
    shared.drop(
        "mismatch.csv",
        files.table([files.claim(500), files.claim(501, Kundennummer="D-500", Nachname="Musterfrau")]).encode(),
    )
    said = shared.answers.wait("mismatch.csv").json()
    assert said["accepted"] == 1 and "DEBTOR_MISMATCH" in codes(said)


def test_a_later_claim_joins_the_open_case(shared):
    shared.drop("one.csv", files.table([files.claim(600)]).encode())
    shared.drop("two.csv", files.table([files.claim(601, Kundennummer="D-600")]).encode())
    first = shared.answers.wait("one.csv", format="json").json()
    second = shared.answers.wait("two.csv", format="json").json()
    numbers = {str(record.get("case_number")) for said in (first, second) for record in said["records"]}
    assert len(numbers) == 1, numbers
