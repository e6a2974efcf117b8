"""1,700 real and hostile files: each is answered, nothing panics, nothing hangs, memory stays bounded."""

import os
import threading
from pathlib import Path

import pytest
from support.processes import family, resident
from support.waiting import pause, wait_for

CORPUS = os.environ.get("DROPCASE_CORPUS")
FAMILY_LIMIT = 2 << 30


class Memory(threading.Thread):
    """Watches the resident memory of a process and its children."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.stop = pid, 0, threading.Event()

    def run(self):
        while not self.stop.is_set():
            self.peak = max(self.peak, sum(resident(pid) for pid in family(self.pid)))
            pause(0.05)


@pytest.mark.skipif(not CORPUS, reason="DROPCASE_CORPUS is not set: the corpus of hostile files was not tried")
@pytest.mark.timeout(900)
def test_every_file_of_the_corpus_is_answered(home):
    found = sorted(p for p in Path(CORPUS).rglob("*") if p.is_file() and p.name != "ORIGINS.tsv")
    assert len(found) > 1000
    home.configure({"limits": {"parser_cpu": "20s", "workers": 2}})
    halves = [home.add_client(key, {"answers": ["json"], "settle": "50ms"}) for key in ("left", "right")]
    home.serve()
    memory = Memory(home.service.process.pid)
    memory.start()
    for number, path in enumerate(found):
        halves[number % 2].drop(f"{number:04}{path.suffix[:12]}", path.read_bytes())

    def answered():
        return {answer.name for client in halves for answer in client.answers.all()}

    wait_for(lambda: len(answered()) >= len(found), 800, f"{len(found)} answers", every=1)
    assert memory.is_alive(), "the memory was watched to the end"
    memory.stop.set()
    assert home.service.running()
    states = {answer.json()["status"] for client in halves for answer in client.answers.all()}
    assert states <= {"ACCP", "PART", "RJCT", "DUPL"}
    quarantined = [
        answer.name for client in halves for answer in client.answers.all() if "QUARANTINED" in answer.path.read_text()
    ]
    assert not quarantined, [str(found[int(name[:4])]) for name in quarantined]
    assert memory.peak < FAMILY_LIMIT, f"{memory.peak >> 20} MiB"
