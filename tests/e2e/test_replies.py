"""What the case handler writes to the client, with papers, by command and by a bundle of the back office."""

import hashlib
import io
import json
import sqlite3
import zipfile

import pytest
from support import clients, files
from support.records import line, put, told
from support.waiting import wait_for

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(scope="module")
def agency(module_home, tmp_path_factory):
    """A client with a case, another client, a back-office account, and a folder for files."""
    client = module_home.add_client("acme", {"answers": ["json"]})
    other = module_home.add_client("beta", {"answers": ["json"]})
    office = module_home.add_client("office", {"answers": ["json"]}, arguments=["--back-office"])
    module_home.serve()
    folder = tmp_path_factory.mktemp("papers")
    put(client, folder, "claims.csv", [files.claim(1)])
    number = module_home.json("case", "list", "--client", "acme")["cases"][0]["number"]
    return client, other, office, number, folder


def in_outbox(client):
    """Names below outbox/messages."""
    return sorted(path.name for path in (client.folder / "outbox/messages").iterdir())


def said(client, before):
    """Name without its ending and text of the message that came since; its papers lie there before it."""

    def there():
        return [name for name in in_outbox(client) if name.endswith(".txt") and name not in before]

    [name] = wait_for(there, 30, "a message")
    return name.removesuffix(".txt"), (client.folder / "outbox/messages" / name).read_text(encoding="utf-8-sig")


def stored(home):
    """All files of the paper store."""
    return sorted(path for path in (home.path / "data/papers").rglob("*") if path.is_file())


def test_a_reply_by_command_brings_its_papers(agency):
    client, other, _, number, folder = agency
    home = client.home
    plan, title = folder / "Ratenplan.pdf", folder / "Titel 1.pdf"
    plan.write_bytes(PDF + b"plan")
    title.write_bytes(PDF + b"title")
    before, kept = in_outbox(client), stored(home)
    order = ["case", "reply", number, "Siehe Anlagen.", "--paper", str(plan), "--paper", str(title)]
    assert home.json(*order, "--dry-run")["outcome"] == "done"
    assert stored(home) == kept
    assert home.json(*order)["outcome"] == "done"
    name, text = said(client, before)
    assert name.startswith(f"{number}.reply.")
    names = [f"{name}.Ratenplan.pdf", f"{name}.Titel 1.pdf"]
    assert all(f"- {name}" in text for name in names)
    assert in_outbox(client) == sorted([*before, *names, f"{name}.txt"])
    # The client fetches them like any answer.
    clients.sftp(client, f'get "outbox/messages/{names[0]}" "{folder}/fetched.pdf"')
    assert (folder / "fetched.pdf").read_bytes() == plan.read_bytes()
    assert in_outbox(other) == []
    with sqlite3.connect(f"file:{home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        query = "select name, visibility, sha256 from v1_documents where name <> 'beleg.pdf' order by document_id"
        rows = database.execute(query).fetchall()
    assert rows == [(paper.name, "client", hashlib.sha256(paper.read_bytes()).hexdigest()) for paper in (plan, title)]


def test_what_is_no_paper_is_not_sent(agency):
    client, _, _, number, folder = agency
    home, before = client.home, in_outbox(client)
    program, twin, lost = folder / "run.exe", folder / "sub" / "Ratenplan.pdf", folder / "lost.pdf"
    program.write_bytes(b"MZ\0\0" + bytes(100))
    twin.parent.mkdir(exist_ok=True)
    twin.write_bytes(PDF)
    (folder / "Ratenplan.pdf").write_bytes(PDF)
    refused = home.cli("case", "reply", number, "x", "--paper", str(program), "--json", check=False)
    assert refused.returncode == 1
    assert [found["code"] for found in json.loads(refused.stdout)["findings"]] == ["PAPER_TYPE_NOT_TAKEN"]
    for papers, why in [([twin, folder / "Ratenplan.pdf"], "rename one"), ([lost], "lost.pdf")]:
        given = [word for paper in papers for word in ("--paper", str(paper))]
        refused = home.cli("case", "reply", number, "x", *given, check=False)
        assert refused.returncode != 0
        assert why in refused.stderr
    assert in_outbox(client) == before


def test_a_bundle_of_the_back_office_brings_papers_too(agency):
    client, _, office, number, folder = agency
    header = "record_type;case_number;text;attachment"
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as target:
        target.writestr("antworten.csv", f"{header}\nquery;{number};Ist das Ihr Beleg?;beleg.pdf\n")
        target.writestr("beleg.pdf", PDF + b"beleg")
    source = folder / "antworten.zip"
    source.write_bytes(bundle.getvalue())
    before = in_outbox(client)
    clients.sftp(office, f'put "{source}" inbox/antworten.zip')
    assert told(office.answers.wait("antworten.zip", format="json").json()) == ["accepted"]
    name, text = said(client, before)
    assert name.startswith(f"{number}.query.")
    assert f"- {name}.beleg.pdf" in text
    assert (client.folder / f"outbox/messages/{name}.beleg.pdf").read_bytes() == PDF + b"beleg"
    # Two lines of the file answer it.
    answer = put(client, folder, "antwort.csv", [line("answer", case=number, text="Ja.")])
    assert told(answer) == ["accepted"]
