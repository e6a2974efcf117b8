"""When an upload counts as finished: hold, rename, marker; local drops; file names that mean something."""

import pytest
from support import files
from support.clients import connect
from support.waiting import wait_for


def lists(client, folder="inbox"):
    """Names in a folder as the client sees them."""
    with connect(client) as session:
        return sorted(session.listdir(folder))


def put(client, name, content):
    """An upload with paramiko."""
    with connect(client) as session, session.open(f"inbox/{name}", "wb") as out:
        out.write(content)


def test_hold_lets_the_client_change_its_mind(home, tmp_path):
    client = home.add_client("acme", {"answers": ["json"], "settle": "4s"})
    home.serve()
    with connect(client) as session:
        for name in ("removed.csv", "renamed.csv", "grown.csv"):
            with session.open(f"inbox/{name}", "wb") as out:
                out.write(files.claims(1, 1))
        session.remove("inbox/removed.csv")
        session.rename("inbox/renamed.csv", "inbox/final.csv")
        with session.open("inbox/grown.csv", "ab") as out:
            out.write(files.table([files.claim(2)], header=False).encode())
        assert session.stat("inbox/grown.csv").st_size > len(files.claims(1, 1))
    assert client.answers.wait("final.csv").submitted == 1
    assert client.answers.wait("grown.csv").submitted == 2
    assert not client.answers.of("removed.csv") and not client.answers.of("renamed.csv")


def test_rename_takes_only_what_was_renamed(home, tmp_path):
    client = home.add_client("acme", {"answers": ["json"], "completion": "rename"})
    home.serve()
    put(client, "plain.csv", files.claims(1, 1))
    put(client, "good.csv.part", files.claims(2, 1))
    with connect(client) as session:
        session.rename("inbox/good.csv.part", "inbox/good.csv")
    assert client.answers.wait("good.csv").taken == 1
    assert "plain.csv" in lists(client)
    assert not client.answers.of("plain.csv")
    said = [line for line in home.service.log_lines() if "final name" in line.get("message", "")]
    assert [line["client"] for line in said] == ["acme"] and "plain" not in str(said)


@pytest.mark.parametrize("suffix", [".ok", ".done", ".ready"])
def test_marker_takes_only_what_is_marked(home, suffix):
    client = home.add_client("acme", {"answers": ["json"], "completion": "marker"})
    home.serve()
    put(client, "unmarked.csv", files.claims(1, 1))
    put(client, "list.csv", files.claims(2, 1))
    put(client, f"list.csv{suffix}", b"")
    assert client.answers.wait("list.csv").taken == 1
    assert "unmarked.csv" in lists(client)
    wait_for(lambda: f"list.csv{suffix}" not in lists(client), what="the marker to go with its file")


@pytest.mark.parametrize("suffix", [".filepart", ".part", ".partial", ".tmp", ".uploading"])
def test_temporary_names_are_never_taken(home, suffix):
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    put(client, f"list.csv{suffix}", files.claims(1, 1))
    put(client, "other.csv", files.claims(2, 1))
    assert client.answers.wait("other.csv").taken == 1
    assert f"list.csv{suffix}" in lists(client)
    with connect(client) as session:
        session.posix_rename(f"inbox/list.csv{suffix}", "inbox/list.csv")
    assert client.answers.wait("list.csv").taken == 1


def test_a_local_drop_is_noticed(client):
    content = files.claims(1, 2)
    client.drop("local.csv", content)
    assert client.answers.wait("local.csv").taken == 2
    assert client.answers.archived(content)


def test_a_local_writer_that_takes_its_time_is_waited_for(client):
    """A program that writes its file line by line: taken when it is quiet, and then whole."""
    lines = files.claims(1, 50).splitlines(keepends=True)
    target = client.folder / "inbox" / "slow.csv"
    from support.waiting import pause

    with target.open("wb") as out:
        for line in lines:
            out.write(line)
            out.flush()
            pause(0.03)
    assert client.answers.wait("slow.csv").submitted == 50


def test_what_came_while_the_service_was_down_is_taken_at_start(home):
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    home.service.stop()
    client.drop("early.csv", files.claims(1, 1))
    home.serve()
    assert client.answers.wait("early.csv").taken == 1


def test_a_receipt_comes_with_the_claim(home):
    client = home.add_client("acme", {"answers": ["json"], "receipts": True})
    home.serve()
    content = files.claims(1, 1)
    client.drop("r.csv", content)
    client.answers.wait("r.csv")
    [receipt] = [
        p for p in (client.folder / "outbox" / "acknowledgements").iterdir() if p.name.endswith(".received.json")
    ]
    import json

    said = json.loads(receipt.read_text())
    assert said["status"] == "RCVD" and said["size"] == len(content)
    assert receipt.name == f"r.csv.{said['delivery']}.received.json"
    assert said["delivery"] == client.answers.wait("r.csv").id


def test_whole_file_policy_withholds_the_good_ones(home):
    client = home.add_client("acme", {"answers": ["json"], "policy": "whole-file"})
    home.serve()
    client.drop("w.csv", files.table([files.claim(1), files.claim(2, Hauptforderung="0")]).encode())
    answer = client.answers.wait("w.csv")
    said = answer.json()
    assert (answer.taken, said["status"], said["withheld"], said["rejected"]) == (0, "RJCT", 1, 1)
    assert home.json("case", "list", "--status", "all")["cases"] == []
