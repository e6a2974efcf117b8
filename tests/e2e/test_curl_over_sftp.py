"""curl over SFTP: a current libcurl on the default algorithms, and the system's, whose libssh2 may be an old one."""

import io
import re
import subprocess

import pycurl
import pytest
from support import files
from support.clients import curl, sftp
from support.waiting import wait_for


class Curl:
    """libcurl as programs use it, logged in with the key or with the password."""

    def __init__(self, client, login):
        self.client, self.login = client, login

    def _handle(self, path):
        handle = pycurl.Curl()
        handle.setopt(pycurl.URL, f"sftp://127.0.0.1:{self.client.home.service.sftp_port}{path}")
        handle.setopt(pycurl.USERNAME, self.client.user)
        handle.setopt(pycurl.TIMEOUT, 60)
        handle.setopt(pycurl.NOSIGNAL, 1)
        if self.login == "key":
            handle.setopt(pycurl.SSH_AUTH_TYPES, pycurl.SSH_AUTH_PUBLICKEY)
            handle.setopt(pycurl.SSH_PRIVATE_KEYFILE, str(self.client.identity))
            handle.setopt(pycurl.SSH_PUBLIC_KEYFILE, f"{self.client.identity}.pub")
        else:
            handle.setopt(pycurl.SSH_AUTH_TYPES, pycurl.SSH_AUTH_PASSWORD)
            handle.setopt(pycurl.PASSWORD, self.client.password)
        return handle

    def get(self, path, only_names=False, commands=()):
        """The bytes at `path`, or the names in it; `commands` are done after it, as with `curl -Q -…`."""
        body, handle = io.BytesIO(), self._handle(path)
        handle.setopt(pycurl.DIRLISTONLY, only_names)
        handle.setopt(pycurl.POSTQUOTE, list(commands))
        handle.setopt(pycurl.WRITEDATA, body)
        handle.perform()
        handle.close()
        return body.getvalue()

    def put(self, path, content, commands=()):
        """Uploads; `commands` are done after it."""
        handle = self._handle(path)
        handle.setopt(pycurl.UPLOAD, 1)
        handle.setopt(pycurl.READDATA, io.BytesIO(content))
        handle.setopt(pycurl.INFILESIZE, len(content))
        handle.setopt(pycurl.POSTQUOTE, list(commands))
        handle.perform()
        handle.close()


@pytest.fixture(params=["key", "password"])
def libcurl(shared, request):
    """libcurl with each way to log in."""
    return Curl(shared, request.param)


def test_libcurl_is_a_current_one():
    assert "libssh2/1.11" in pycurl.version, pycurl.version


def test_libcurl_puts_lists_gets_and_deletes(libcurl):
    content, name = files.claims(100 if libcurl.login == "key" else 200, 2), f"by-{libcurl.login}.csv"
    libcurl.put(f"/inbox/{name}", content)
    answer = libcurl.client.answers.wait(name)
    assert answer.taken == 2
    folder = "/outbox/acknowledgements/"
    assert answer.path.name in libcurl.get(folder, only_names=True).decode().split()
    assert re.search(rf"^-r.* {re.escape(answer.path.name)}$", libcurl.get(folder).decode(), re.MULTILINE)
    there = answer.path.read_bytes()
    assert libcurl.get(folder + answer.path.name, commands=[f"rm {folder}{answer.path.name}"]) == there
    assert not answer.path.exists()
    assert wait_for(lambda: libcurl.client.answers.archived(content), what="the original in the archive")


def test_libcurl_renames_from_a_temporary_name(libcurl):
    name, numbers = f"renamed-{libcurl.login}.csv", 300 if libcurl.login == "key" else 400
    libcurl.put(f"/inbox/{name}.part", files.claims(numbers, 1), commands=[f"rename /inbox/{name}.part /inbox/{name}"])
    assert libcurl.client.answers.wait(name).taken == 1


def test_libcurl_sends_a_large_file(shared):
    content = files.claims(10_000, 20_000)
    Curl(shared, "key").put("/inbox/large.csv", content)
    assert shared.answers.wait("large.csv", timeout=90).json()["size"] == len(content)


def knows_only_plain_macs():
    """Whether the system's curl has a libssh2 before 1.11: no encrypt-then-MAC and no AEAD cipher."""
    version = re.search(r"libssh2/1\.(\d+)", subprocess.run(["curl", "-V"], capture_output=True, text=True).stdout)
    return version is not None and int(version[1]) < 11


def with_algorithms(client, cipher, mac):
    """Whether OpenSSH gets in with this cipher and this MAC alone."""
    done = sftp(client, "ls", options=("-o", f"Ciphers={cipher}", "-o", f"MACs={mac}"), check=False)
    assert done.returncode in (0, 255), done.stderr
    return done.returncode == 0


PLAIN = ["hmac-sha2-256", "hmac-sha2-512"]


def test_older_clients_are_refused_by_default(shared, tmp_path):
    (tmp_path / "c.csv").write_bytes(files.claims(500, 1))
    done = curl(shared, "-T", str(tmp_path / "c.csv"), url="sftp:/inbox/older.csv", check=False)
    assert (done.returncode != 0) == knows_only_plain_macs(), done.stderr
    for mac in PLAIN:
        assert not with_algorithms(shared, "aes256-ctr", mac)
        assert with_algorithms(shared, "aes256-ctr", f"{mac}-etm@openssh.com")


def test_older_clients_are_let_in_where_the_operator_says_so(home, tmp_path):
    home.configure({"sftp": {"older_clients": True}})
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    (tmp_path / "c.csv").write_bytes(files.claims(600, 2))
    curl(client, "-T", str(tmp_path / "c.csv"), url="sftp:/inbox/older.csv")
    answer = client.answers.wait("older.csv")
    got = curl(client, url=f"sftp:/outbox/acknowledgements/{answer.path.name}")
    assert got.stdout == answer.path.read_bytes()
    for mac in PLAIN:
        assert with_algorithms(client, "aes128-ctr", mac)
    # Nothing weaker than that.
    assert not with_algorithms(client, "aes256-ctr", "hmac-sha1")
    assert not with_algorithms(client, "aes256-cbc", "hmac-sha2-256")
