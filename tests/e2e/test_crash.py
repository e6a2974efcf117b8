"""SIGKILL at random moments during 200 deliveries: nothing lost, nothing twice, everything in order."""

import collections
import random
import sqlite3
import threading

import paramiko
import pytest
from support import answers, files
from support.clients import connect, put_confirmed
from support.waiting import pause, wait_for

FILES, KILLS, SEED = 200, 25, 20_261_124

# Records of a list that is long enough to be killed at.
POISON = 50_000


class Uploader(threading.Thread):
    """Puts its files one after the other; after a break it looks what is there and goes on."""

    def __init__(self, client, names):
        super().__init__(daemon=True)
        self.client, self.names = client, names
        self.confirmed, self.repeated, self.problem = [], set(), None

    def run(self):
        try:
            for number, name in self.names:
                content = files.claims(number * 10, 3)
                while not self._put(name, content):
                    self.repeated.add(name)
                    pause(0.05)
                self.confirmed.append(name)
        except Exception as problem:  # shown by the test
            self.problem = problem

    def _put(self, name, content):
        try:
            with connect(self.client) as session:
                put_confirmed(session, f"inbox/{name}", content)
            return True
        except (OSError, EOFError, paramiko.SSHException):
            return False


class Picker(threading.Thread):
    """Takes every answer that appears, as a client's nightly job would: copy, then delete."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client, self.stop, self.taken = client, threading.Event(), []

    def run(self):
        while not self.stop.is_set():
            self.pick()
            pause(0.02)

    def pick(self):
        """One round; keeps (time of publication and delivery, file, name, text) of each answer."""
        folder = self.client.folder / "outbox" / "acknowledgements"
        found = []
        for path in folder.iterdir():
            answer = answers.parse(path)
            if answer:
                # The clock of a file system ticks every few milliseconds: within a tick the delivery's id decides.
                found.append(((path.stat().st_ctime_ns, answer.id), path.name, answer.name, answer.json()))
                path.unlink()
        self.taken.extend(found)


@pytest.mark.timeout(600)
def test_kill_at_random_moments_during_200_deliveries(home):
    chance = random.Random(SEED)
    clients = [home.add_client(key, {"answers": ["json"], "settle": "50ms"}) for key in ("alpha", "beta")]
    home.serve()
    uploaders, pickers = [], []
    for offset, client in enumerate(clients):
        names = [(offset * 10_000 + n, f"{client.key}-{n:03}.csv") for n in range(FILES // 2)]
        uploaders.append(Uploader(client, names))
        pickers.append(Picker(client))
    for thread in [*uploaders, *pickers]:
        thread.start()
    for _ in range(KILLS):
        pause(chance.uniform(0.02, 1.2))
        home.service.kill()
        home.serve()
    for uploader in uploaders:
        uploader.join(300)
        assert uploader.problem is None and not uploader.is_alive(), uploader.problem

    database = home.path / "data" / "dropcase.sqlite"

    def settled():
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as connection:
            waiting = connection.execute("select count(*) from deliveries where state = 'claimed'").fetchone()[0]
            leaving = connection.execute("select count(*) from outbox where state in ('queued', 'staged')").fetchone()[
                0
            ]
            finished = connection.execute(
                "select count(distinct name) from deliveries where status is not null"
            ).fetchone()[0]
        return waiting == 0 and leaving == 0 and finished == FILES

    wait_for(settled, 180, "all deliveries to be finished", every=0.2)
    for picker in pickers:
        picker.stop.set()
        picker.join()
        picker.pick()
    home.service.stop()
    check_results(database, uploaders)
    for uploader, picker in zip(uploaders, pickers, strict=False):
        check_answers(uploader, picker)
    # What was taken does not come back with another start.
    home.serve()
    home.service.stop()
    for picker in pickers:
        before = len(picker.taken)
        picker.pick()
        assert len(picker.taken) == before, "an answer that was taken came back"


@pytest.mark.timeout(600)
def test_a_delivery_that_ends_the_process_each_time_is_set_aside(home):
    """Five attempts die with the process; then the client's later files go on, and an operator takes it up again."""
    client = home.add_client("acme", {"answers": ["json"]})
    other = home.add_client("beispiel", {"answers": ["json"]})
    home.serve()
    database = home.path / "data" / "dropcase.sqlite"

    def begun(attempts):
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as connection:
            row = connection.execute(
                "select attempts, owner, state from deliveries where name = 'poison.csv'"
            ).fetchone()
        assert row is None or row[0] <= attempts
        return row is not None and row[0] == attempts and row[1] is not None and row[2] == "claimed"

    client.drop("poison.csv", files.claims(1, POISON))
    for attempt in range(1, 6):
        wait_for(lambda n=attempt: begun(n), 60, f"attempt {attempt}")
        if attempt == 1:
            client.drop("behind.csv", files.claims(200_000, 3))
        home.service.kill()
        home.serve()
        other.drop(f"other-{attempt}.csv", files.claims(attempt * 10, 3))
    answer = client.answers.wait("poison.csv", timeout=60).json()
    assert (answer["status"], [found["code"] for found in answer["findings"]]) == ("RJCT", ["QUARANTINED"])
    assert client.answers.wait("behind.csv", timeout=60).taken == 3
    for attempt in range(1, 6):
        assert other.answers.wait(f"other-{attempt}.csv", timeout=60).taken == 3
    assert home.json("status")["deliveries"]["quarantined"] == 1
    code = client.answers.of("poison.csv")[0].id
    shown = home.json("delivery", "show", code)
    assert (shown["state"], shown["attempts"]) == ("quarantined", 5)
    # It stays set aside over a restart, and nothing of it is lost.
    home.service.stop()
    home.serve()
    again = home.json("delivery", "resubmit", code, timeout=240)
    assert (again["status"], again["accepted"]) == ("ACCP", POISON)
    # And its place is given back.
    assert home.json("delivery", "release", code)["state"] == "archived"
    assert list((client.folder / "archive").glob(f"*/{code}_poison.csv"))
    assert home.json("status")["deliveries"]["quarantined"] == 0
    assert home.cli("delivery", "drop", code, check=False).returncode == 1
    assert home.cli("delivery", "drop", "000000000000", check=False).returncode == 3


def check_results(database, uploaders):
    """Each file has one result that booked it, each claim exists once, each delivery's records are whole."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        booked = collections.Counter(
            name
            for (name,) in connection.execute("select name from deliveries where status in ('ACCP', 'PART', 'RJCT')")
        )
        again = collections.Counter(
            name for (name,) in connection.execute("select name from deliveries where status = 'DUPL'")
        )
        twice = connection.execute(
            "select reference, count(*) from claims group by creditor_id, debtor_number, reference having count(*) > 1"
        ).fetchall()
        claims = connection.execute("select count(*) from claims").fetchone()[0]
        results = connection.execute(
            "select delivery_id, count(*) from results group by delivery_id having count(*) <> 3"
        ).fetchall()
        doubled = connection.execute(
            "select file_name, count(*) from outbox where file_name is not null"
            " group by client_id, file_name having count(*) > 1"
        ).fetchall()
        integrity = connection.execute("pragma integrity_check").fetchone()[0]
    names = {name for uploader in uploaders for _, name in uploader.names}
    assert set(booked) == names and set(booked.values()) == {1}
    repeated = set().union(*(uploader.repeated for uploader in uploaders))
    assert set(again) <= repeated, "a second delivery only of a file whose first put was cut off before the reply"
    assert (twice, claims, results, doubled, integrity) == ([], 3 * FILES, [], [], "ok")


def check_answers(uploader, picker):
    """No answer twice, one for each file, in the order in which the files came."""
    names = [name for _, name, _, _ in picker.taken]
    assert len(names) == len(set(names)), "an answer that was taken came back"
    order = [file for _, _, file, said in sorted(picker.taken, key=lambda entry: entry[0]) if said["status"] != "DUPL"]
    assert sorted(order) == sorted(uploader.confirmed)
    once = [file for file in order if file not in uploader.repeated]
    assert once == sorted(once), "answers in the order of arrival"
