"""Waiting for a condition, bounded in time: nothing here sleeps longer than it must."""

import threading
import time

_PAUSE = threading.Event()


def pause(seconds):
    """Lets `seconds` pass; for moments that are random on purpose and for polling."""
    _PAUSE.wait(seconds)


def wait_for(condition, timeout=20.0, what="the condition", every=0.02):
    """Calls `condition` until it returns something true and returns that.

    An AssertionError names `what` when `timeout` seconds have passed.
    """
    deadline = time.monotonic() + timeout
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() >= deadline:
            raise AssertionError(f"waited {timeout:.0f} s in vain for {what}")
        pause(every)
