"""Requests over SFTP: what a client asks for lies in outbox/reports/ within seconds, and only what is its own."""

import json
from pathlib import Path

import jsonschema
import pytest
from support import clients, files
from support.records import line, put, told
from support.waiting import wait_for

SCHEMAS = Path(__file__).parents[2] / "outbox" / "schema"


def request(**fields):
    """A line that asks for something; names of the columns as the catalogue has them."""
    return {"record_type": "request", **{name: value for name, value in fields.items()}}


def ask(client, folder, name, rows):
    """Hands requests over; returns the answer and the names of the reports that it brought, over SFTP."""
    columns = sorted({column for row in rows for column in row})
    path = folder / name
    path.write_text(files.table([{column: row.get(column, "") for column in columns} for row in rows]))
    clients.sftp(client, f"put {path} inbox/{name}")
    answer = client.answers.wait(name, format="json").json()
    wanted = answer["accepted"]
    reports = client.folder / "outbox" / "reports"

    def there():
        found = [report for report in reports.glob(f"*{answer['delivery']}*") if not report.name.startswith(".")]
        return sorted(found) if len(found) == wanted else None

    return answer, wait_for(there, 30, f"{wanted} reports of {name}") if wanted else []


@pytest.fixture(scope="module")
def asked(module_home, tmp_path_factory):
    """Two clients: three cases of the first, one of the second under a name of its own."""
    first = module_home.add_client("acme", {"answers": ["json"]})
    second = module_home.add_client("beta", {"answers": ["json"]})
    module_home.serve()
    folder = tmp_path_factory.mktemp("lists")
    rows = [files.claim(1), files.claim(2, Nachname="Beispiel"), files.claim(3, Nachname="Vorlage")]
    put(first, folder, "claims.csv", rows)
    put(second, folder, "claims-2.csv", [files.claim(4, Nachname="Exempelmann")])
    return first, second, folder


def cases(path):
    """The case list of a JSON report, held against its schema."""
    said = json.loads(path.read_text())
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / "cases-1.schema.json").read_text())).validate(said)
    return said["cases"]


def test_a_search_finds_with_slips_and_only_what_is_its_own(asked):
    first, _, folder = asked
    answer, reports = ask(
        first,
        folder,
        "search.csv",
        [
            request(request_kind="cases", debtor_name="Musterman", format="json"),
            request(request_kind="cases", format="json"),
            request(request_kind="cases", debtor_name="Exempelmann", status="all", format="json"),
            request(request_kind="cases", client_reference="R-2", format="json"),
        ],
    )
    assert told(answer) == ["accepted"] * 4
    found = {int(path.name.rpartition("-")[2].split(".")[0]): cases(path) for path in reports}
    assert [len(found[sequence]) for sequence in sorted(found)] == [1, 3, 0, 1]
    # The same questions again are no duplicate: the answers may have changed.
    again = folder / "search-again.csv"
    again.write_bytes((folder / "search.csv").read_bytes())
    clients.sftp(first, f"put {again} inbox/search-again.csv")
    assert first.answers.wait("search-again.csv", format="json").json()["status"] == "ACCP"


def test_one_case_in_full_in_every_format(asked):
    first, second, folder = asked
    number = first.home.json("case", "list", "--client", "acme", "--debtor", "D-1")["cases"][0]["number"]
    formats = ["csv", "xlsx", "xml", "json", "html"]
    _, reports = ask(
        first,
        folder,
        "case.csv",
        [request(request_kind="case", case_number=number, format=kind) for kind in formats],
    )
    by_format = {path.suffix[1:]: path for path in reports}
    assert sorted(by_format) == sorted(formats)
    said = json.loads(by_format["json"].read_text())
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / "case-1.schema.json").read_text())).validate(said)
    for kind in ("csv", "xml", "html"):
        assert number in by_format[kind].read_text(encoding="utf-8-sig"), kind
    _, reports = ask(second, folder, "foreign.csv", [request(request_kind="case", case_number=number, format="json")])
    assert not any(number in path.read_text() for path in reports)


def test_what_the_case_handler_writes_lies_in_the_outbox(asked):
    first, _, folder = asked
    number = first.home.json("case", "list", "--client", "acme", "--debtor", "D-3")["cases"][0]["number"]
    put(first, folder, "message.csv", [line("message", case=number, text="Wie ist der Stand?")])
    first.home.cli("case", "reply", number, "Die Zahlung ist angekündigt.")
    messages = first.folder / "outbox" / "messages"
    path = wait_for(lambda: [p for p in messages.glob(f"{number}.reply.*.txt")], 20, "the reply")[0]
    text = path.read_text(encoding="utf-8-sig")
    assert "Die Zahlung ist angekündigt." in text and "Wie ist der Stand?" in text
    listed = clients.sftp(first, "ls outbox/messages").stdout
    assert path.name in listed
