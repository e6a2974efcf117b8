"""Large transfers: whole and unchanged, with rekeying, read-ahead and limits."""

import hashlib
import os
import shutil

import pytest
from support import clients
from support.clients import connect, sftp
from support.processes import resident
from support.waiting import wait_for

GIB = 1 << 30


@pytest.fixture(scope="module")
def big_client(module_home):
    """A client whose uploads count only when a marker comes: what these tests send stays where it is."""
    module_home.configure({"limits": {"max_file": "3GiB"}})
    client = module_home.add_client("big", {"completion": "marker"})
    module_home.serve()
    return client


@pytest.fixture(scope="module")
def gibibyte(tmp_path_factory):
    """1 GiB that does not compress and does not repeat, with its digest."""
    path = tmp_path_factory.mktemp("big") / "gibibyte.bin"
    digest = hashlib.sha256()
    with path.open("wb") as out:
        block = os.urandom(16 << 20)
        for n in range(64):
            piece = n.to_bytes(8, "big") + block[8:]
            out.write(piece)
            digest.update(piece)
    yield path, digest.hexdigest()
    path.unlink()


def digest_of(path):
    """SHA-256 of a file."""
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def test_put_and_get_a_gibibyte(big_client, gibibyte, tmp_path):
    path, digest = gibibyte
    sftp(big_client, f"put {path} inbox/big.bin", f"get inbox/big.bin {tmp_path}/back.bin")
    assert digest_of(tmp_path / "back.bin") == digest
    assert digest_of(big_client.folder / "inbox" / "big.bin") == digest
    (tmp_path / "back.bin").unlink()
    sftp(big_client, "rm inbox/big.bin")


def test_rekey_every_16_mib_both_ways(big_client, tmp_path):
    content = os.urandom(96 << 20)
    (tmp_path / "r.bin").write_bytes(content)
    sftp(
        big_client,
        f"put {tmp_path}/r.bin inbox/r.bin",
        f"get inbox/r.bin {tmp_path}/back.bin",
        options=["-oRekeyLimit=16M"],
    )
    assert (tmp_path / "back.bin").read_bytes() == content
    sftp(big_client, "rm inbox/r.bin")


def test_the_server_rekeys_too(home, tmp_path):
    home.configure({"sftp": {"rekey_bytes": "16MiB"}})
    client = home.add_client("big", {"completion": "marker"})
    home.serve()
    content = os.urandom(96 << 20)
    (tmp_path / "r.bin").write_bytes(content)
    done = sftp(client, f"put {tmp_path}/r.bin inbox/r.bin", f"get inbox/r.bin {tmp_path}/back.bin", options=["-vv"])
    assert (tmp_path / "back.bin").read_bytes() == content
    assert done.stderr.count("SSH2_MSG_NEWKEYS received") >= 5, "the server asked for new keys on the way"


def test_paramiko_prefetch(big_client, tmp_path):
    content = os.urandom(64 << 20)
    with connect(big_client) as session:
        with session.open("inbox/prefetch.bin", "wb") as out:
            out.set_pipelined(True)
            out.write(content)
        session.getfo("inbox/prefetch.bin", hole := Digest(), prefetch=True)
        session.remove("inbox/prefetch.bin")
    assert hole.hexdigest() == hashlib.sha256(content).hexdigest()


class Digest:
    """Takes a download and keeps its digest only."""

    def __init__(self):
        self._digest = hashlib.sha256()
        self.hexdigest = self._digest.hexdigest

    def write(self, piece):
        """One piece."""
        self._digest.update(piece)


def test_a_download_in_pieces_and_in_disorder(big_client):
    content = os.urandom(1 << 20)
    with connect(big_client) as session:
        with session.open("inbox/pieces.bin", "wb") as out:
            out.write(content)
        with session.open("inbox/pieces.bin", "rb") as source:
            pieces = source.readv([(900_000, 1000), (0, 70_000), (1_048_000, 576), (500_000, 1)])
            assert list(pieces) == [
                content[900_000:901_000],
                content[:70_000],
                content[1_048_000:],
                content[500_000:500_001],
            ]
            assert source.readv([(2 << 20, 10)]) is not None
        session.remove("inbox/pieces.bin")


def test_a_client_that_stops_reading_does_not_fill_the_memory(big_client, gibibyte):
    """A peer asks for a gigabyte and takes nothing: what waits for it is bounded."""
    import struct

    from support import wire

    path, _ = gibibyte
    target = big_client.folder / "archive" / "big.bin"
    shutil.copyfile(path, target)
    with clients.transport(big_client) as connection:
        channel = wire.Wire(connection)
        handle = channel.opened("archive/big.bin", wire.FOR_READING)
        channel.channel.settimeout(0.5)
        sent = 0
        try:
            for number in range(32_000):
                channel.send(
                    wire.READ, struct.pack(">I", number) + handle + struct.pack(">QI", number * 32_768, 32_768)
                )
                sent += 1
        except OSError:
            pass
        assert resident(big_client.home.service.process.pid) < 200 << 20, f"after {sent} requests"
    target.unlink()
    wait_for(big_client.home.service.running, what="the service")
