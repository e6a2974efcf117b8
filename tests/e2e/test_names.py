"""Odd names over the wire: taken with an answer or refused with a reason, and never outside the jail."""

import pytest
from support import files, wire
from support.clients import connect
from support.waiting import wait_for

NAMES = [
    b"zeilen\numbruch.csv",
    b"tab\tim namen.csv",
    b"glocke\a.csv",
    b"\x1b[31mrot.csv",
    b"umlaut-\xe4-latin1.csv",
    "grüße-übergabe.csv".encode(),
    "übergabe.csv".encode(),
    b"leer zeichen .csv",
    b"-rf.csv",
    b"a" * 251 + b".csv",
    b"x;y|z&.csv",
    b"%s%n%x.csv",
    b"C:\\temp\\liste.csv",
    b"'quote\".csv",
    b"=1+1.csv",
    b"con.csv",
    b"\xff\xfe.csv",
    "‮vsc.exe".encode(),
    b"a..b.csv",
    b"*.csv",
]


@pytest.mark.parametrize("name", NAMES, ids=[repr(name)[2:30] for name in NAMES])
def test_odd_names(shared, name):
    number = 5_000 + NAMES.index(name)
    content = files.claims(number, 1)
    with wire.wire(shared) as connection:
        channel = wire.Wire(connection)
        kind, body = channel.request(wire.OPEN, wire.text(b"inbox/" + name) + (26).to_bytes(4, "big") + bytes(4))
        if kind == wire.STATUS:
            length = int.from_bytes(body[4:8], "big")
            assert body[8 : 8 + length], "a refusal says why"
            return
        handle = body
        assert channel.status(wire.WRITE, handle + bytes(8) + wire.text(content))[0] == wire.OK
        assert channel.status(wire.CLOSE, handle)[0] == wire.OK
    wait_for(lambda: taken(shared, number), 30, "the claim's case and its answer")
    wait_for(lambda: shared.answers.archived(content), 20, "the original in the archive")
    for path in shared.folder.rglob("*"):
        assert len(path.name.encode("utf-8", "surrogateescape")) <= 255
        if "outbox" in path.parts:
            assert path.name.isprintable(), "an answer's name can be shown"


def taken(client, number):
    """Whether an answer lists the invoice."""
    return any(f"R-{number}" in answer.path.read_text() for answer in client.answers.all() if answer.format == "json")


@pytest.mark.parametrize(
    "name", [b"a" * 256, b"..", b".", b"", b"../x.csv", b"/", b"inbox/../../x.csv", b"a/../../../x.csv", b"nul\0.csv"]
)
def test_names_that_cannot_be(shared, name):
    before = sorted(p.name for p in shared.home.path.rglob("*x.csv"))
    with wire.wire(shared) as connection:
        channel = wire.Wire(connection)
        code, message = channel.status(wire.OPEN, wire.text(b"inbox/" + name) + (26).to_bytes(4, "big") + bytes(4))
    assert code != wire.OK and message
    assert sorted(p.name for p in shared.home.path.rglob("*x.csv")) == before


def test_a_name_that_exists_already(shared):
    """Overwriting during the hold replaces; after the claim the name is free again."""
    with connect(shared) as session:
        for number in (9_000, 9_001):
            with session.open("inbox/same.csv", "wb") as out:
                out.write(files.claims(number, 1))
    wait_for(lambda: taken(shared, 9_001), what="the second content")
    assert len([a for a in shared.answers.of("same.csv") if a.format == "json"]) == 1
    with connect(shared) as session, session.open("inbox/same.csv", "wb") as out:
        out.write(files.claims(9_002, 1))
    wait_for(lambda: taken(shared, 9_002), what="the third content")


def test_exclusive_creation_of_a_name_that_exists(shared):
    with connect(shared) as session:
        session.open("inbox/exclusive.csv.part", "wb").close()
        with pytest.raises(OSError):
            session.open("inbox/exclusive.csv.part", "wxb")
        session.remove("inbox/exclusive.csv.part")


def test_a_folder_where_a_file_should_be(shared):
    with connect(shared) as session:
        session.mkdir("inbox/folder.csv")
        with pytest.raises(OSError):
            session.open("inbox/folder.csv", "wb")
        session.rmdir("inbox/folder.csv")


def test_local_links_and_pipes_are_left_alone(shared, tmp_path):
    """What is no ordinary file with one name is never read as a delivery."""
    import os

    (tmp_path / "outside.csv").write_bytes(files.claims(9_100, 1))
    inbox = shared.folder / "inbox"
    (inbox / "symlink.csv").symlink_to(tmp_path / "outside.csv")
    os.mkfifo(inbox / "pipe.csv")
    if os.stat(tmp_path).st_dev == os.stat(inbox).st_dev:
        os.link(tmp_path / "outside.csv", inbox / "hardlink.csv")
    shared.drop("after.csv", files.claims(9_110, 1))
    try:
        assert shared.answers.wait("after.csv").taken == 1
        assert not taken(shared, 9_100)
        assert (tmp_path / "outside.csv").exists()
    finally:
        for name in ("symlink.csv", "pipe.csv", "hardlink.csv"):
            (inbox / name).unlink(missing_ok=True)


def test_a_thousand_files_at_once(home):
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    with connect(client) as session:
        for n in range(1_000):
            with session.open(f"inbox/many-{n:04}.csv", "wb") as out:
                out.set_pipelined(True)
                out.write(files.claims(n, 1))
    wait_for(lambda: len(client.answers.all()) == 1_000, 240, "a thousand answers", every=0.5)
    assert all(answer.taken == 1 for answer in client.answers.all())
    order = sorted(client.answers.all(), key=lambda answer: (answer.path.stat().st_ctime_ns, answer.id))
    assert [answer.name for answer in order] == sorted(answer.name for answer in order)


def test_a_thousand_local_files_at_once(home):
    client = home.add_client("acme", {"answers": ["json"]})
    home.configure({"limits": {"scan_interval": "2s"}})
    home.serve()
    for n in range(1_000):
        client.drop(f"many-{n:04}.csv", files.claims(n, 1))
    wait_for(lambda: len(client.answers.all()) == 1_000, 240, "a thousand answers", every=0.5)
