"""Papers, bundles and messages over SFTP: filed on the right case, or said why not."""

import hashlib
import io
import json
import sqlite3
import warnings
import zipfile
from pathlib import Path

import pytest
from support import clients, files
from support.records import line, put, told
from support.waiting import wait_for

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(scope="module")
def filed(module_home, tmp_path_factory):
    """A client with a case, another one, and a folder for lists."""
    first = module_home.add_client("acme", {"answers": ["json"]})
    second = module_home.add_client("beta", {"answers": ["json"]})
    module_home.serve()
    folder = tmp_path_factory.mktemp("lists")
    put(first, folder, "claims.csv", [files.claim(1), files.claim(2, Rechnungsnummer="RE-2026-15")])
    return first, second, folder


def drop(client, folder, path, content):
    """Puts a file with OpenSSH's sftp."""
    source = folder / path.replace("/", "_")
    source.write_bytes(content)
    clients.sftp(client, f'put "{source}" "{path}"')


def drop_folder(client, folder, name, content):
    """Puts the folder of a message, which appears as a whole: renamed when all is in it."""
    source = folder / name
    source.mkdir()
    for file, data in content.items():
        (source / file).write_bytes(data)
    puts = [f'put "{source}/{file}" "inbox/messages/.{name}/{file}"' for file in content]
    hidden, shown = f'"inbox/messages/.{name}"', f'"inbox/messages/{name}"'
    clients.sftp(client, f"mkdir {hidden}", *puts, f"rename {hidden} {shown}")


def papers(client):
    """Name and case of each paper that is filed, by name."""
    with sqlite3.connect(f"file:{client.home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        return database.execute(
            "select name, case_number from v1_documents where client = ? order by name", [client.key]
        ).fetchall()


def number_of(client, debtor):
    """The number of a debtor's case."""
    found = client.home.json("case", "list", "--client", client.key, "--debtor", debtor)["cases"]
    return found[0]["number"]


def bundle(*members):
    """A ZIP of (name, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            target.writestr(name, content)
    return out.getvalue()


def test_papers_find_their_case_by_name(filed):
    first, second, folder = filed
    number = number_of(first, "D-2")
    for name, content in [
        ("RE-2026-15_Vertrag.pdf", PDF),
        (f"{number}_Mahnung.pdf", PDF + b"2"),
        ("RE-2026-15_again.pdf", PDF),
        ("RE-2026-15_program.pdf", b"\x7fELF" + bytes(200)),
    ]:
        drop(first, folder, f"inbox/documents/{name}", content)
    answers = [first.answers.wait(f"RE-2026-15_{name}.pdf", format="json").json() for name in ("Vertrag", "again")]
    assert [told(answer) for answer in answers] == [["accepted"], ["duplicate DUPLICATE"]]
    assert {record["case_number"] for answer in answers for record in answer["records"]} == {number}
    refused = first.answers.wait("RE-2026-15_program.pdf", format="json").json()
    assert refused["status"] == "RJCT"
    first.answers.wait(f"{number}_Mahnung.pdf", format="json")
    # The same paper twice is filed once.
    assert [case for _, case in papers(first)] == [number, number]
    shown = first.home.json("case", "show", number)
    assert [entry["kind"] for entry in shown["history"]].count("document") == 2
    # Another client's number says nothing, and its paper waits unanswered.
    drop(second, folder, "inbox/documents/RE-2026-15_foreign.pdf", PDF)
    put(second, folder, "night.csv", [files.claim(7)])
    assert papers(second) == []


def test_a_paper_waits_for_its_claim(filed):
    first, _, folder = filed
    drop(first, folder, "inbox/documents/R-40_early.pdf", PDF + b"early")
    wait_for(lambda: not (first.folder / "inbox" / "documents" / "R-40_early.pdf").exists(), 20, "the claim")
    put(first, folder, "late.csv", [files.claim(40)])
    answer = first.answers.wait("R-40_early.pdf", format="json").json()
    assert told(answer) == ["accepted"]
    assert ("R-40_early.pdf", number_of(first, "D-40")) in papers(first)


def test_a_bundle_brings_a_list_and_its_papers(filed):
    first, _, folder = filed
    rows = [
        files.claim(number, Nachname=f"Muster{number}", Anlage=paper)
        for number, paper in [(50, "R-50.pdf"), (51, "missing.pdf"), (52, "")]
    ]
    content = bundle(("list.csv", files.table(rows)), ("R-50.pdf", PDF + b"50"), ("papers/nobody.pdf", PDF + b"nobody"))
    drop(first, folder, "inbox/handover.zip", content)
    answer = first.answers.wait("handover.zip", format="json").json()
    outcomes = told(answer)
    assert outcomes[0] == "accepted" and outcomes[2] == "accepted"
    assert outcomes[1] == "accepted PAPER_MISSING"
    assert answer["findings"], "the paper that nobody names is told"
    assert ("R-50.pdf", number_of(first, "D-50")) in papers(first)
    assert not any(name == "nobody.pdf" for name, _ in papers(first))


@pytest.mark.parametrize(
    ("name", "members"),
    [
        (
            "dots.zip",
            [("../../evil.csv", files.table([files.claim(60)])), ("list.csv", files.table([files.claim(61)]))],
        ),
        ("twice.zip", [("list.csv", files.table([files.claim(62)])), ("a.pdf", PDF), ("a.pdf", PDF + b"2")]),
        ("nested.zip", [("list.csv", files.table([files.claim(63)])), ("in.zip", bundle(("a.pdf", PDF)))]),
        ("lists.zip", [("a.csv", files.table([files.claim(64)])), ("b.csv", files.table([files.claim(65)]))]),
        ("bomb.zip", [("list.csv", files.table([files.claim(66)])), ("big.pdf", PDF + bytes(300 << 20))]),
    ],
)
def test_a_hostile_bundle_is_refused_whole(filed, name, members):
    refused_whole(filed, name, bundle(*members))


def test_a_bundle_with_a_password_is_refused_whole(filed):
    content = files.encrypted_bundle("list.csv", files.table([files.claim(67)]).encode())
    answer = refused_whole(filed, "locked.zip", content)
    assert [finding["code"] for finding in answer["findings"]] == ["PASSWORD_PROTECTED"]


def refused_whole(filed, name, content):
    """Drops a bundle that leaves nothing behind; its answer."""
    first, _, folder = filed
    before = left_behind(first)
    drop(first, folder, f"inbox/{name}", content)
    answer = first.answers.wait(name, format="json", timeout=60).json()
    assert (answer["status"], answer["accepted"]) == ("RJCT", 0)
    assert answer["findings"]
    assert left_behind(first) == before
    return answer


def left_behind(client):
    """The numbers of a client's cases, and the papers on them and in the store."""
    cases = client.home.json("case", "list", "--client", client.key, "--limit", "1000")["cases"]
    return sorted(case["number"] for case in cases), papers(client), stored(client)


def stored(client):
    """The digests of the papers that lie in the store."""
    store = client.home.path / "data" / "papers" / client.key
    return sorted(path.name for path in store.glob("*/*"))


def test_messages_by_folder_and_by_file(filed):
    first, _, folder = filed
    number = number_of(first, "D-1")
    drop(first, folder, f"inbox/messages/{number}_frage.txt", "Wie ist der Stand?".encode("cp1252"))
    assert told(first.answers.wait(f"{number}_frage.txt", format="json").json()) == ["accepted"]
    content = {"beleg.pdf": PDF + b"beleg", "text.txt": "Siehe Anlage – bitte prüfen.".encode()}
    drop_folder(first, folder, f"{number}_beleg", content)
    first.answers.wait(f"{number}_beleg", format="json")
    assert texts_of(first, number) == ["Wie ist der Stand?", "Siehe Anlage – bitte prüfen."]
    assert ("beleg.pdf", number) in papers(first)
    # A paper named by a record alone is a record that lacks it.
    answer = put(first, folder, "alone.csv", [{**line("document", case=number), "Anlage": "nirgends.pdf"}])
    assert told(answer)[0].startswith("rejected")


def test_a_paper_with_a_password_is_filed_as_it_came_or_refused(filed):
    first, _, folder = filed
    number = number_of(first, "D-1")
    locked = PDF.replace(b"%%EOF", b"trailer\n<</Encrypt 1 0 R>>\n%%EOF")
    drop(first, folder, f"inbox/documents/{number}_verschluesselt.pdf", locked)
    assert told(first.answers.wait(f"{number}_verschluesselt.pdf", format="json").json()) == ["accepted"]
    assert hashlib.sha256(locked).hexdigest() in stored(first)
    # Nobody can tell what an office document is before it is opened.
    before = left_behind(first)
    drop(first, folder, f"inbox/documents/{number}_tabelle.xlsx", files.encrypted_workbook([files.claim(1)]))
    answer = first.answers.wait(f"{number}_tabelle.xlsx", format="json").json()
    assert told(answer) == ["rejected PAPER_TYPE_NOT_TAKEN"]
    assert left_behind(first) == before


def test_a_record_of_papers_that_lacks_one_files_none(filed):
    first, _, folder = filed
    before = left_behind(first)
    row = {**line("document", case=number_of(first, "D-1")), "Anlage": "da.pdf;fehlt.pdf"}
    drop(first, folder, "inbox/half.zip", bundle(("list.csv", files.table([row])), ("da.pdf", PDF + b"half")))
    answer = first.answers.wait("half.zip", format="json").json()
    assert told(answer) == ["rejected PAPER_MISSING"]
    cases, filed_papers, _ = left_behind(first)
    assert (cases, filed_papers) == before[:2]


def test_papers_of_a_case_are_listed_and_saved(filed, tmp_path):
    first, _, folder = filed
    put(first, folder, "save.csv", [files.claim(80)])
    number = number_of(first, "D-80")
    large = PDF + bytes(range(256)) * 4_000
    contents = [PDF + b"80", large, b"%PDF-1.7 lost", b"%PDF-1.7 damaged"]
    names = ["R-80.pdf", "R-80 .pdf", "R-80_lost.pdf", "R-80_bad.pdf"]
    for name, content in zip(names, contents, strict=True):
        drop(first, folder, f"inbox/documents/{name}", content)
        first.answers.wait(name, format="json")
    listed = first.home.json("case", "papers", f"{number[:-1]}-{number[-1]}")
    assert (listed["case_number"], listed["client"]) == (number, "acme")
    shown = [(paper["name"], paper["size"], paper["sha256"]) for paper in listed["papers"]]
    assert shown == [
        (name, len(content), hashlib.sha256(content).hexdigest()) for name, content in zip(names, contents, strict=True)
    ]
    said = {
        (paper["content_type"], paper["by"], paper["visibility"], paper["invoice_number"]) for paper in listed["papers"]
    }
    assert said == {("application/pdf", "acme", "client", "R-80")}
    assert not any("saved_as" in paper for paper in listed["papers"])
    assert "R-80_lost.pdf" in first.home.cli("case", "papers", number).stdout
    assert first.home.cli("case", "papers", "0", check=False).returncode == 3
    # Saved whole, beside what is there.
    target = tmp_path / "saved"
    saved = first.home.json("case", "papers", number, "--save", str(target))
    assert [Path(paper["saved_as"]).read_bytes() for paper in saved["papers"]] == contents
    assert first.home.cli("case", "papers", number, "--save", str(target)).returncode == 0
    assert sorted(path.name for path in target.iterdir()) == sorted(
        names + [name.replace(".pdf", " (2).pdf") for name in names]
    )
    # What is missing or damaged in the store is said, the others are saved.
    store = first.home.path / "data" / "papers" / "acme"
    lost, damaged = (hashlib.sha256(content).hexdigest() for content in contents[2:])
    (store / lost[:2] / lost).unlink()
    (store / damaged[:2] / damaged).write_bytes(contents[3][:-1] + b"X")
    target = tmp_path / "again"
    done = first.home.cli("case", "papers", number, "--save", str(target), "--json", check=False)
    assert done.returncode == 1
    assert lost in done.stderr and damaged in done.stderr
    assert sorted(path.name for path in target.iterdir()) == ["R-80 .pdf", "R-80.pdf"]
    assert ["saved_as" in paper for paper in json.loads(done.stdout)["papers"]] == [True, True, False, False]
    nowhere = first.home.cli("case", "papers", number, "--save", str(tmp_path / "no" / "where"), check=False)
    assert nowhere.returncode == 3


def test_papers_and_messages_are_resubmitted(filed):
    first, _, folder = filed
    home = first.home
    content = {"text.txt": b"Siehe Anlage.", "R-90.pdf": PDF + b"90"}
    drop_folder(first, folder, "R-90_beleg", content)
    early = first.answers.wait("R-90_beleg", format="json")
    assert told(early.json()) == ["rejected PAPER_WITHOUT_CASE"]
    # A paper waits, and nobody has to order that.
    drop(first, folder, "inbox/documents/R-90_Vertrag.pdf", PDF + b"Vertrag")
    waits = wait_for(lambda: waiting(home, "R-90_Vertrag.pdf"), 20, "the paper")
    refused = home.cli("delivery", "resubmit", *waits, check=False)
    assert (refused.returncode, "waits for its claim" in refused.stderr) == (1, True)
    put(first, folder, "r90.csv", [files.claim(90)])
    filed_paper = first.answers.wait("R-90_Vertrag.pdf", format="json")
    number = number_of(first, "D-90")
    # The message, with all of its folder.
    again = home.json("delivery", "resubmit", early.id)
    assert (again["status"], again["protocol"], again["path"]) == ("ACCP", "resubmit", "inbox/messages/R-90_beleg")
    assert ("R-90.pdf", number) in papers(first)
    assert texts_of(first, number) == ["Siehe Anlage."]
    archived = list((first.folder / "archive").glob("*/*_R-90_beleg"))
    assert [sorted(path.name for path in kept.iterdir()) for kept in archived] == [sorted(content)] * 2
    # Said already, whichever of the two deliveries is named.
    for code in (again["id"], early.id):
        refused = home.cli("delivery", "resubmit", code, check=False)
        assert (refused.returncode, "on its case already" in refused.stderr) == (1, True)
    assert texts_of(first, number) == ["Siehe Anlage."]
    # A paper is filed once.
    before = left_behind(first)
    again = home.json("delivery", "resubmit", filed_paper.id)
    assert (again["duplicate"], again["rejected"]) == (1, 0)
    assert left_behind(first) == before
    assert not list((home.path / "data" / "work" / "acme").glob(".dropcase-incoming-*"))


def waiting(home, name):
    """The codes of the papers of this name that wait for their claim."""
    listed = home.json("delivery", "list", "--limit", "1000")["deliveries"]
    return [one["id"] for one in listed if (one["state"], one["file"]) == ("waiting", name)]


def texts_of(client, number):
    """The texts of a case's messages, oldest first."""
    with sqlite3.connect(f"file:{client.home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        query = "select text from v1_messages where case_number = ? order by message_id"
        return [text for (text,) in database.execute(query, [number])]


def test_a_paper_above_the_limit_is_told_and_not_filed(home, tmp_path):
    home.configure({"papers": {"max_paper": "1MB"}})
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    put(client, tmp_path, "claims.csv", [files.claim(1)])
    number, large = number_of(client, "D-1"), PDF + bytes(1_000_000)
    fits = (PDF + bytes(1_000_000))[:1_000_000]
    drop(client, tmp_path, "inbox/documents/R-1_gross.pdf", large)
    assert told(client.answers.wait("R-1_gross.pdf", format="json").json()) == ["rejected PAPER_TOO_LARGE"]
    # Of a record of papers it is an error, of a claim or a message a warning.
    row = {**line("document", case=number), "Anlage": "gross.pdf;passt.pdf"}
    members = [("gross.pdf", large), ("passt.pdf", PDF)]
    drop(client, tmp_path, "inbox/papers.zip", bundle(("list.csv", files.table([row])), *members))
    assert told(client.answers.wait("papers.zip", format="json").json()) == ["rejected PAPER_TOO_LARGE"]
    assert papers(client) == []
    row = files.claim(2, Nachname="Beispiel", Anlage="gross.pdf")
    drop(client, tmp_path, "inbox/claim.zip", bundle(("list.csv", files.table([row])), members[0]))
    assert told(client.answers.wait("claim.zip", format="json").json()) == ["accepted PAPER_TOO_LARGE"]
    drop_folder(client, tmp_path, "R-1_beleg", {"text.txt": b"Siehe Anlage.", "gross.pdf": large})
    assert told(client.answers.wait("R-1_beleg", format="json").json()) == ["accepted PAPER_TOO_LARGE"]
    assert papers(client) == []
    drop(client, tmp_path, "inbox/documents/R-1_passt.pdf", fits)
    assert told(client.answers.wait("R-1_passt.pdf", format="json").json()) == ["accepted"]
    assert papers(client) == [("R-1_passt.pdf", number)]
    assert hashlib.sha256(large).hexdigest() not in stored(client)
