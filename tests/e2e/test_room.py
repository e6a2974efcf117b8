"""No room: over the client's limit, below the disk's reserve, and a disk that really is full."""

import os
import subprocess

import pytest
from support import files, wire
from support.clients import connect, sftp
from support.home import Home


def test_over_the_clients_limit(home, tmp_path):
    """Refused while uploading, with a status that clients take as final; nothing stays, the next file passes."""
    client = home.add_client("acme", {"answers": ["json"], "max_file": "1MiB"})
    home.serve()
    (tmp_path / "big.csv").write_bytes(b"x" * (4 << 20))
    done = sftp(client, f"put {tmp_path}/big.csv inbox/big.csv", check=False)
    assert done.returncode != 0
    with wire.wire(client) as connection:
        channel = wire.Wire(connection)
        handle = channel.opened("inbox/big2.csv", wire.FOR_WRITING | wire.CREATE)
        code, message = channel.status(wire.WRITE, handle + (2 << 20).to_bytes(8, "big") + wire.text(b"x"))
        assert code in (wire.FAILURE, wire.PERMISSION_DENIED) and "limit" in message
        channel.status(wire.CLOSE, handle)
    client.drop("after.csv", files.claims(1, 1))
    assert client.answers.wait("after.csv").taken == 1
    assert not client.answers.of("big.csv") and not client.answers.of("big2.csv")
    assert not [p for p in (client.folder / "inbox").rglob("*") if p.is_file()]


def test_below_the_reserve_uploads_are_refused(home):
    """The settings' reserve is larger than the disk: no upload, but everything else goes on."""
    client = home.add_client("acme", {"answers": ["json"]})
    home.configure({"limits": {"disk_reserve": "900TiB"}})
    home.serve()
    with connect(client) as session:
        with pytest.raises(OSError) as refused, session.open("inbox/x.csv", "wb") as out:
            out.write(files.claims(1, 1))
        assert "room" in str(refused.value) or "Failure" in str(refused.value)
        assert "x.csv" not in session.listdir("inbox")
    home.configure({"limits": {"disk_reserve": "1MiB"}})
    home.service.stop()
    home.serve()
    with connect(client) as session, session.open("inbox/x.csv", "wb") as out:
        out.write(files.claims(1, 1))
    assert client.answers.wait("x.csv").taken == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk(tmp_path, keys):
    """Uploads are refused, nothing is half visible, and with room again the service goes on by itself."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    try:
        full_disk(disk, keys)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def full_disk(disk, keys):
    """The test on its file system."""
    home = Home(disk / "home", keys)
    home.configure({"limits": {"disk_reserve": "8MiB"}})
    client = home.add_client("acme", {"answers": ["json"]})
    service = home.serve()
    try:
        client.drop("before.csv", files.claims(1, 5))
        assert client.answers.wait("before.csv").taken == 5
        ballast = disk / "ballast"
        with ballast.open("wb") as out:
            out.write(bytes(70 << 20))
        with connect(client) as session:
            with pytest.raises(OSError), session.open("inbox/large.csv", "wb") as out:
                for _ in range(40):
                    out.write(b"x" * (1 << 20))
            assert "large.csv" not in session.listdir("inbox")
        assert not client.answers.of("large.csv")
        ballast.unlink()
        with connect(client) as session, session.open("inbox/large.csv", "wb") as out:
            out.write(files.claims(100, 500))
        assert client.answers.wait("large.csv", timeout=60).taken == 500
        assert service.running()
    finally:
        service.stop()
    service.check_log()
