"""The agency's side of the case desk by file: its own record types and bank statements, on every client's cases."""

import re
import sqlite3
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from support import files
from support.home import Client
from support.records import line, put, told
from support.waiting import wait_for

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


INSTRUCTED = '<AmtDtls><InstdAmt><Amt Ccy="EUR">15.00</Amt></InstdAmt></AmtDtls>'


def reference(text, end_to_end):
    """An entry with the payer's reference."""
    return text.replace("<TxDtls>", f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>")


def returned(bank, amount, end_to_end):
    """An entry that takes an earlier payment back."""
    back = reference(entry(bank, amount, "Rueckgabe", direction="DBIT"), end_to_end)
    return back.replace("</TxDtls>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>")


def notification(text):
    """The same entries as a camt.054."""
    text = text.replace("camt.053.001.08", "camt.054.001.08").replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
    return text.replace("<Stmt>", "<Ntfctn>").replace("</Stmt>", "</Ntfctn>")


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


def test_a_return_takes_the_payment_of_an_earlier_statement_back(agency):
    office, _, _, (one, two) = agency

    def drop(name, text):
        office.drop(name, text.encode())
        return told(office.answers.wait(name, format="json").json())

    def gone(before):
        """What has been taken back of each case since."""
        return [str(was - Decimal(paid(office.home, number))) for number, was in before.items()]

    payments = [
        reference(entry("P-1", "11.00", f"Akte {one}"), "E2E-11"),
        reference(entry("P-2", "12.00", f"Akte {one}"), "E2E-12"),
        reference(entry("P-3", "12.00", f"Akte {two}"), "E2E-12"),
        reference(entry("P-4", "13.00", f"Akte {two}"), "NOTPROVIDED"),
        # Taken back in the same statement, with the bank's fee.
        reference(entry("P-5", "15.00", f"Akte {two}"), "E2E-15"),
        returned("Q-0", "18.00", "E2E-15").replace("<RltdPties>", f"{INSTRUCTED}<RltdPties>"),
    ]
    start = {number: Decimal(paid(office.home, number)) for number in (one, two)}
    assert drop("originals.xml", STATEMENT.format(entries="\n".join(payments))) == ["accepted"] * 6
    assert gone(start) == ["-23.00", "-25.00"]
    before = {number: Decimal(paid(office.home, number)) for number in (one, two)}
    returns = [
        returned("Q-1", "11.00", "E2E-11"),
        returned("Q-2", "12.00", "E2E-12"),
        returned("Q-3", "12.00", "E2E-11"),
        returned("Q-4", "13.00", "NOTPROVIDED"),
        # The bank quotes its own reference of the payment.
        returned("P-4", "13.00", "NOTPROVIDED"),
    ]
    statement = STATEMENT.format(entries="\n".join(returns))
    listed = ["rejected AMBIGUOUS_RETURN", "rejected UNMATCHED_RETURN", "rejected UNMATCHED_RETURN"]
    assert drop("returns.xml", statement) == ["accepted", *listed, "accepted"]
    assert gone(before) == ["11.00", "13.00"]
    # What is known is taken back once: in the same file, in another statement, in a notification.
    drop("returns-same.xml", statement)
    again = ["rejected ALREADY_CANCELLED", *listed, "rejected ALREADY_CANCELLED"]
    assert drop("returns-longer.xml", statement + "\n") == again
    assert drop("returns-054.xml", notification(statement)) == again
    assert gone(before) == ["11.00", "13.00"]
    # The number in the correction says which one is meant.
    [correction] = wait_for(lambda: office.answers.corrections("returns.xml"), what="the correction")
    text = correction.read_text()
    first = text.index("<value_date>")
    assert "Q-2" in text[: text.index("</record>")]
    numbered = f"{text[:first]}<payment_number>P-3</payment_number>{text[first:]}"
    assert drop("returns-corrected.xml", numbered) == ["accepted", *listed[1:]]
    assert gone(before) == ["11.00", "25.00"]


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


def test_papers_and_messages_by_name(agency):
    office, first, _, (one, _) = agency
    office.drop("R-1_Titel.pdf", b"%PDF-1.7 Titel", "inbox/documents")
    office.drop(f"{one}_Brief.txt", b"Wir haben den Titel.", "inbox/messages")
    for name in ["R-1_Titel.pdf", f"{one}_Brief.txt"]:
        answer = office.answers.wait(name, format="json").json()
        assert told(answer) == ["accepted"]
        assert [record["case_number"] for record in answer["records"]] == [one]
    said = wait_for(lambda: list((first.folder / "outbox" / "messages").glob(f"{one}.reply.*")), 20, "the reply")
    assert any("Wir haben den Titel." in path.read_text(encoding="utf-8-sig") for path in said)
    query = "select case_number, client, stored_under, visibility from v1_documents"
    with sqlite3.connect(f"file:{office.home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        assert database.execute(query).fetchall() == [(one, "acme", "office", "internal")]
    # A folder brings its papers to the client.
    hidden = office.folder / "inbox" / "messages" / ".folder"
    hidden.mkdir()
    (hidden / "text.txt").write_text("Siehe Anlage.")
    (hidden / "Titel.pdf").write_bytes(b"%PDF-1.7 Titel, beglaubigt")
    hidden.rename(hidden.with_name(f"{one}_Anlage"))
    assert told(office.answers.wait(f"{one}_Anlage", format="json").json()) == ["accepted"]
    sent = wait_for(lambda: list((first.folder / "outbox" / "messages").rglob("*.pdf")), 20, "the paper")
    assert [path.read_bytes() for path in sent] == [b"%PDF-1.7 Titel, beglaubigt"]
    # For a client another's case does not exist.
    second = Client(office.home, "beta", office.identity)
    second.drop(f"{one}_Brief.txt", b"Hallo", "inbox/messages")
    answer = second.answers.wait(f"{one}_Brief.txt", format="json").json()
    assert told(answer) == ["rejected PAPER_WITHOUT_CASE"]
    # In a bundle it says who may see a paper.
    with zipfile.ZipFile(office.folder / "inbox" / ".bundle.tmp", "w") as bundle:
        row = {"record_type": "document", "case_number": one, "visibility": "client", "attachment": "Titel 2.pdf"}
        bundle.writestr("list.csv", files.table([row]))
        bundle.writestr("Titel 2.pdf", b"%PDF-1.7 Titel 2")
    (office.folder / "inbox" / ".bundle.tmp").rename(office.folder / "inbox" / "bundle.zip")
    assert told(office.answers.wait("bundle.zip", format="json").json()) == ["accepted"]
    with sqlite3.connect(f"file:{office.home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        assert database.execute(f"{query} where name = 'Titel 2.pdf'").fetchall() == [(one, "acme", "office", "client")]
