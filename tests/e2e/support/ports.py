"""Ports that nobody uses now, for servers that must be named before they listen."""

import socket


def free_port():
    """One port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_range(count):
    """The first of `count` ports below the ports that the system hands out itself."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as limits:
        top = int(limits.read().split()[0])
    for first in range(top - count, 10_000, -count):
        try:
            for port in (first, first + count - 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise AssertionError("no free range of ports")
