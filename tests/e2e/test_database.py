"""Databases in trouble: uploads go on, deliveries wait and are taken up again."""

import sqlite3

import pytest
from support import files
from support.clients import connect, put_confirmed
from support.home import Service
from support.postgres import Postgres, binaries
from support.waiting import pause, wait_for


@pytest.fixture(autouse=True)
def quick_scans(home):
    """What could not be claimed is tried again with the scans."""
    home.configure({"limits": {"scan_interval": "2s"}})


def put(client, name, content):
    """An upload that must be answered OK."""
    with connect(client) as session:
        put_confirmed(session, f"inbox/{name}", content)


def test_sqlite_locked_by_another_program(home):
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    put(client, "before.csv", files.claims(1, 1))
    client.answers.wait("before.csv")
    database = home.path / "data" / "dropcase.sqlite"
    with sqlite3.connect(database, isolation_level=None, timeout=30) as other:
        other.execute("begin immediate")
        for n in range(5):
            put(client, f"locked-{n}.csv", files.claims(10 + n, 1))
        pause(3)
        assert not client.answers.of("locked-0.csv")
        other.execute("rollback")
    for n in range(5):
        assert client.answers.wait(f"locked-{n}.csv", timeout=90).taken == 1


def test_sqlite_locked_through_a_restart(home):
    """The lock outlives a SIGKILL; the service starts, takes uploads, and works them when the lock is gone."""
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    put(client, "before.csv", files.claims(1, 1))
    client.answers.wait("before.csv")
    with sqlite3.connect(home.path / "data" / "dropcase.sqlite", isolation_level=None, timeout=30) as other:
        other.execute("begin immediate")
        put(client, "locked.csv", files.claims(10, 1))
        home.service.kill()
        other.execute("rollback")
    home.serve()
    assert client.answers.wait("locked.csv", timeout=90).taken == 1


@pytest.fixture
def postgres(tmp_path):
    """A PostgreSQL with an empty database `dropcase`."""
    if binaries() is None:
        pytest.fail("PostgreSQL's binaries are missing")
    server = Postgres(tmp_path / "postgres")
    server.up()
    server.sql("create database dropcase")
    yield server
    server.down()


def test_the_whole_way_on_postgresql(home, postgres):
    home.configure({"database": {"url": postgres.url}})
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    content = files.table([files.claim(1), files.claim(1), files.claim(2, Hauptforderung="0"), files.claim(3)]).encode()
    put(client, "list.csv", content)
    said = client.answers.wait("list.csv").json()
    assert (said["status"], said["accepted"], said["duplicate"], said["rejected"]) == ("PART", 2, 1, 1), said
    put(client, "list.csv", content)
    assert client.answers.wait("list.csv", count=2).json()["status"] == "DUPL"
    assert postgres.sql("select count(*) from claims", "dropcase") == "2"


def test_postgresql_away_and_back(home, postgres):
    home.configure({"database": {"url": postgres.url}})
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    put(client, "before.csv", files.claims(1, 1))
    client.answers.wait("before.csv")
    postgres.down()
    for n in range(3):
        put(client, f"away-{n}.csv", files.claims(10 + n, 1))
    pause(2)
    assert home.service.running()
    postgres.up()
    for n in range(3):
        assert client.answers.wait(f"away-{n}.csv", timeout=120).taken == 1
    assert postgres.sql("select count(*) from claims", "dropcase") == "4"


def test_postgresql_read_only_for_a_while(home, postgres):
    home.configure({"database": {"url": postgres.url}})
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    put(client, "before.csv", files.claims(1, 1))
    client.answers.wait("before.csv")
    postgres.sql("alter database dropcase set default_transaction_read_only = on")
    postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'dropcase'")
    put(client, "frozen.csv", files.claims(10, 1))
    wait_for(
        lambda: any(line.get("level") in ("WARN", "ERROR") for line in home.service.log_lines()),
        60,
        "a warning in the log",
    )
    assert not client.answers.of("frozen.csv")
    postgres.sql("alter database dropcase reset default_transaction_read_only")
    postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'dropcase'")
    assert client.answers.wait("frozen.csv", timeout=120).taken == 1


def test_postgresql_away_at_the_start(home, postgres):
    """The service leaves with "try again later", which systemd does; what was dropped meanwhile is taken then."""
    home.configure({"database": {"url": postgres.url}})
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    home.service.stop()
    postgres.down()
    client.drop("early.csv", files.claims(1, 1))
    too_early = Service(home)
    too_early.process.wait(60)
    assert too_early.process.returncode == 4
    postgres.up()
    home.serve()
    assert client.answers.wait("early.csv", timeout=60).taken == 1
