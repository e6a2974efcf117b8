"""Measuring from outside: memory of a family of processes, time that SQLite's write lock is held, medians."""

import sqlite3
import statistics
import threading
import time
from pathlib import Path


def family(pid):
    """The process and its descendants."""
    found, waiting = [], [pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting.extend(int(child) for child in children.read_text().split())
            except OSError:
                pass
    return found


def proportional(pid):
    """Proportional set size in bytes: shared pages count once over all processes; 0 when the process is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


class Sampler(threading.Thread):
    """A thread that looks every so often until it is stopped."""

    every = 0.02

    def __init__(self):
        super().__init__(daemon=True)
        self._stop_asked = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stop_asked.set()
        self.join()

    def run(self):
        while not self._stop_asked.wait(self.every):
            self.look()


class PeakMemory(Sampler):
    """Peak of the summed PSS of a process and its children."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.peak = pid, 0

    def look(self):
        """One sample."""
        self.peak = max(self.peak, sum(proportional(pid) for pid in family(self.pid)))


class WriteLock(Sampler):
    """Longest time that a second writer would have waited: `begin immediate` is tried again and again."""

    every = 0.005

    def __init__(self, database):
        super().__init__()
        self.database, self.longest, self._since = database, 0.0, None

    def run(self):
        self._connection = sqlite3.connect(self.database, isolation_level=None, timeout=0)
        super().run()
        self._connection.close()

    def look(self):
        """One try."""
        try:
            self._connection.execute("begin immediate")
            self._connection.execute("rollback")
            self._since = None
        except sqlite3.OperationalError:
            now = time.monotonic()
            self._since = self._since or now
            self.longest = max(self.longest, now - self._since)


def timed(action):
    """Seconds that `action` takes."""
    start = time.monotonic()
    action()
    return time.monotonic() - start


def interleaved(rounds, **actions):
    """Median seconds of each action, the actions taking turns so that a change of the machine's mood hits all."""
    times = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            times[name].append(action())
    return {name: statistics.median(values) for name, values in times.items()}
