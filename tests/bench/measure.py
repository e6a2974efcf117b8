"""Measuring from outside: memory of a family of processes, time that SQLite's write lock is held, medians."""

import os
import sqlite3
import statistics
import threading
import time

from support.processes import family, proportional


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
    """Seconds that `action` takes, with the disk at rest: nobody pays for what another has left unwritten."""
    os.sync()
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
