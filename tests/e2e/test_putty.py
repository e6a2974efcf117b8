"""PuTTY's SFTP client, whose protocol code WinSCP and FileZilla have as well: password and key, transfers, names."""

import os
import subprocess

import pytest
from support import files


@pytest.fixture(scope="module")
def shared(module_home, tmp_path_factory):
    """A client, a folder for PuTTY's settings, and the client's key in PuTTY's format."""
    client = module_home.add_client("acme", {"answers": ["csv"]})
    module_home.serve()
    folder = tmp_path_factory.mktemp("putty")
    subprocess.run(["puttygen", client.identity, "-o", folder / "key.ppk"], check=True, capture_output=True)
    return client, folder


def fingerprint(client):
    """The fingerprint of the service's ed25519 host key."""
    key = client.home.path / "data" / "hostkeys" / "ed25519.pub"
    shown = subprocess.run(["ssh-keygen", "-lf", key], check=True, capture_output=True, text=True).stdout
    return shown.split()[1]


def psftp(shared, *commands, login=("-i", "key.ppk"), check=True):
    """Runs psftp commands; one that fails ends the batch."""
    client, folder = shared
    (folder / "batch").write_text("\n".join(commands) + "\n")
    service = client.home.service
    done = subprocess.run(
        ["psftp", "-batch", "-P", str(service.sftp_port), "-hostkey", fingerprint(client), *login, "-b", "batch"]
        + [f"{client.user}@127.0.0.1"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
    )
    assert not check or done.returncode == 0, f"psftp {commands}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def test_a_list_goes_in_and_its_answer_comes_out(shared):
    client, folder = shared
    (folder / "liste.csv").write_bytes(files.claims(1, 3))
    shown = psftp(shared, "cd inbox", "put liste.csv", "cd ..", "ls")
    assert all(name in shown for name in ("inbox", "outbox", "validate", "README.txt"))
    answer = client.answers.wait("liste.csv", format="csv")
    assert answer.taken == 3
    psftp(
        shared,
        "cd outbox/acknowledgements",
        f"get {answer.path.name} answer.csv",
        f"rm {answer.path.name}",
    )
    assert len((folder / "answer.csv").read_text(encoding="utf-8-sig").splitlines()) == 4
    assert not answer.path.exists()


def test_a_password_opens_the_door_and_a_wrong_one_does_not(shared):
    client, _ = shared
    assert "inbox" in psftp(shared, "ls", login=("-pw", client.password))
    assert "inbox" not in psftp(shared, "ls", login=("-pw", "wrong"), check=False)


def test_a_temporary_name_is_renamed(shared):
    client, folder = shared
    (folder / "b.csv").write_bytes(files.claims(100, 2))
    psftp(shared, "put b.csv inbox/zweite.csv.filepart", "mv inbox/zweite.csv.filepart inbox/zweite.csv")
    assert client.answers.wait("zweite.csv", format="csv").taken == 2


def test_a_broken_upload_goes_on(shared):
    client, folder = shared
    content = files.claims(200, 20_000)
    (folder / "gross.csv").write_bytes(content)
    half = folder / "half" / "gross.csv"
    half.parent.mkdir()
    half.write_bytes(content[: len(content) // 2])
    # As a broken line leaves it: under the name that a list gets when it is complete.
    psftp(shared, f"put {half} inbox/gross.csv.part", "reput gross.csv inbox/gross.csv.part")
    psftp(shared, "mv inbox/gross.csv.part inbox/gross.csv")
    assert client.answers.wait("gross.csv", format="csv").taken == 20_000
    assert client.answers.archived(content)


def test_folders_and_refusals(shared):
    _, folder = shared
    (folder / "c.csv").write_bytes(files.claims(900, 1))
    shown = psftp(shared, "mkdir inbox/mai", "put c.csv inbox/mai/c.csv", "ls inbox/mai")
    assert "c.csv" in shown
    refused = psftp(shared, "put c.csv outbox/c.csv", check=False)
    assert "permission denied" in refused.lower()
    client, _ = shared
    outside = os.path.relpath("/etc/hostname", client.folder)
    for path in (outside, "/etc/hostname", "/../../../../../../etc/hostname"):
        refused = psftp(shared, f"get {path} fetched", check=False)
        assert "no such file" in refused.lower(), refused
        assert not (folder / "fetched").exists()
