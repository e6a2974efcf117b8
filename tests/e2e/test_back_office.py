"""The agency's side of the case desk by file: its own record types and bank statements, on every client's cases."""

import re
import sqlite3
from pathlib import Path

import pytest
from support import files
from support.records import line, put, told

STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-05T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
{entries}
</Stmt></BkToCstmrStmt></Document>
"""


def entry(reference, amount, text, payer="Erika Mustermann", direction="CRDT"):
    """A booked entry of a bank statement."""
    return f"""<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-05</Dt></BookgDt><ValDt><Dt>2026-03-05</Dt></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


@pytest.fixture(scope="module")
def agency(module_home, tmp_path_factory):
    """Two clients with a case each, and the agency's own account."""
    settings = {"answers": ["json"]}
    first = module_home.add_client("acme", settings)
    second = module_home.add_client("beta", settings)
    office = module_home.add_client("office", settings, arguments=["--back-office"])
    module_home.serve()
    folder = tmp_path_factory.mktemp("lists")
    put(first, folder, "claims.csv", [files.claim(1)])
    put(second, folder, "claims-2.csv", [files.claim(2, Nachname="Beispiel", Rechnungsnummer="RE-2026/0815")])
    numbers = [case["number"] for case in module_home.json("case", "list")["cases"]]
    return office, first, folder, sorted(numbers)


def paid(home, number):
    """What came in on a case."""
    return home.json("case", "account", number)["paid"]


def test_a_bank_statement_finds_its_cases_or_lists_what_it_cannot(agency):
    office, _, _, (one, two) = agency
    entries = [
        entry("B-1", "10.00", f"Akte {one[:4]} {one[4:]} Rate"),
        entry("B-2", "20.00", "Rechnung RE-2026/0815 danke", payer="Beispiel, Erika"),
        entry("B-3", "30.00", "Rechnung RE-2026/0815", payer="Jemand Anderes"),
        entry("B-4", "40.00", "Miete Mai"),
        entry("B-5", "5.00", "Entgelt", direction="DBIT"),
    ]
    office.drop("camt.xml", STATEMENT.format(entries="\n".join(entries)).encode())
    answer = office.answers.wait("camt.xml", format="json").json()
    assert told(answer) == ["accepted", "accepted", "rejected UNMATCHED_PAYMENT", "rejected UNMATCHED_PAYMENT"]
    assert [finding["code"] for finding in answer["findings"]] == ["ENTRIES_LEFT_OUT"]
    assert (paid(office.home, one), paid(office.home, two)) == ("10.00", "20.00")
    # The same entries in the next statement are the same payments.
    entries.append(entry("B-6", "1.00", f"Akte {two}"))
    office.drop("camt-2.xml", STATEMENT.format(entries="\n".join(entries)).encode())
    again = office.answers.wait("camt-2.xml", format="json").json()
    assert told(again)[:2] == ["duplicate DUPLICATE", "duplicate DUPLICATE"]
    assert told(again)[-1] == "accepted"
    assert (paid(office.home, one), paid(office.home, two)) == ("10.00", "21.00")


def test_every_record_type_of_the_back_office(agency):
    office, first, folder, (one, _) = agency
    rows = [
        line("agency_payment", case=one, number="K-1", day="06.03.2026", amount="1,00"),
        line("Kosten", case=one, day="06.03.2026", amount="12,00", reason="Auskunft"),
        line("history_entry", case=one, text="Angerufen, niemand da."),
        line("query", case=one, text="Liegt eine Mahnung vor?"),
        line("reply", case=one, text="Danke."),
        line("payout", case=one, day="07.03.2026", amount="5,00"),
        line("handler_change", case=one),
        line("hold", case=one),
        line("resume", case=one),
        line("write_off", case=one, day="08.03.2026", amount="2,00"),
    ]
    assert told(put(office, folder, "office.csv", rows)) == ["accepted"] * len(rows)
    shown = office.home.json("case", "show", one)
    assert {"cost", "note", "query", "reply", "payout", "write_off"} <= {entry["kind"] for entry in shown["history"]}
    # Nothing of it is for clients, and the back office hands no claims over.
    outcomes = told(put(first, folder, "not-for-clients.csv", rows[:7]))
    assert set(outcomes) == {"rejected RECORD_TYPE_NOT_TAKEN"}
    assert told(put(office, folder, "claims.csv", [files.claim(9)])) == ["rejected RECORD_TYPE_NOT_TAKEN"]
    with sqlite3.connect(f"file:{office.home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        booked = database.execute("select actor from v1_bookings where key = 'K-1'").fetchall()
    assert booked == [("office",)]


def test_the_samples_of_the_back_office(agency):
    office, first, folder, _ = agency
    samples = Path(__file__).parents[2] / "docs" / "samples"
    first.drop("new_claim.csv", (samples / "new_claim.csv").read_bytes())
    first.answers.wait("new_claim.csv", format="json")
    listed = re.findall(r"^- `([^`]+)`", (samples / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(path.name for path in (samples / "back-office").iterdir())
    for name in listed:
        office.drop(name, (samples / "back-office" / name).read_bytes())
        answer = office.answers.wait(name, format="json").json()
        expected = ["accepted", "rejected UNMATCHED_PAYMENT"] if name.endswith(".xml") else ["accepted"]
        assert told(answer) == expected, name
    case = office.home.json("case", "list", "--debtor", "BEISPIEL-1", "--status", "closed")["cases"][0]
    assert (case["stage"], case["closing_reason"]) == ("ended", "SETTLEMENT")
    assert paid(office.home, case["number"]) == "30.00"
