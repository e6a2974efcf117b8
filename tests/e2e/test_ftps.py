"""FTP over TLS with curl and lftp: the same jail, folders, rights and publication as over SFTP."""

import hashlib
import os
import subprocess

import pytest
from support import files
from support.clients import curl, curl_command, lftp
from support.ports import free_port, free_range
from support.tls import self_signed
from support.waiting import wait_for


@pytest.fixture(scope="module")
def ftps(module_home):
    """A client `acme` of a service with FTPS; uploads count when renamed."""
    certificate, key, module_home.certificate = self_signed(module_home.path)
    first = free_range(200)
    module_home.configure(
        {
            "ftps": {
                "listen": f"127.0.0.1:{free_port()}",
                "certificate": str(certificate),
                "key": str(key),
                "passive_ports": f"{first}-{first + 199}",
            }
        }
    )
    client = module_home.add_client("acme", {"answers": ["json"], "settle": "500ms"})
    module_home.serve()
    return client


def test_status_names_the_bound_address(home):
    """With port 0 the system chooses one, and that is what counts."""
    certificate, key, home.certificate = self_signed(home.path)
    home.configure({"ftps": {"listen": "127.0.0.1:0", "certificate": str(certificate), "key": str(key)}})
    client = home.add_client("acme")
    home.serve()
    assert home.service.ftps_port > 0
    assert f"127.0.0.1:{home.service.ftps_port}" in home.cli("status").stdout
    assert b"inbox" in curl(client, url="ftps:/").stdout


def test_curl_puts_and_gets(ftps, tmp_path):
    content = files.claims(1, 3)
    (tmp_path / "c.csv").write_bytes(content)
    curl(ftps, "-T", str(tmp_path / "c.csv"), url="ftps:/inbox/curl.csv")
    answer = ftps.answers.wait("curl.csv")
    assert answer.taken == 3
    got = curl(ftps, url=f"ftps:/outbox/acknowledgements/{answer.path.name}")
    assert got.stdout == answer.path.read_bytes()
    assert wait_for(lambda: ftps.answers.archived(content), what="the original in the archive")


def test_curl_lists_and_deletes(ftps, tmp_path):
    (tmp_path / "c.csv").write_bytes(files.claims(10, 1))
    curl(ftps, "-T", str(tmp_path / "c.csv"), url="ftps:/inbox/delete.csv")
    answer = ftps.answers.wait("delete.csv")
    names = curl(ftps, "-l", url="ftps:/outbox/acknowledgements/").stdout.decode().split()
    assert answer.path.name in names
    curl(ftps, "-Q", f"-DELE /outbox/acknowledgements/{answer.path.name}", "-o", "/dev/null", url="ftps:/")
    assert not answer.path.exists()


def test_curl_renames_from_a_temporary_name(ftps, tmp_path):
    (tmp_path / "c.csv").write_bytes(files.claims(20, 1))
    curl(
        ftps,
        "-T",
        str(tmp_path / "c.csv"),
        "-Q",
        "-RNFR /inbox/t.csv.part",
        "-Q",
        "-RNTO /inbox/t.csv",
        url="ftps:/inbox/t.csv.part",
    )
    assert ftps.answers.wait("t.csv").taken == 1


def test_lftp_puts_and_gets(ftps, tmp_path):
    (tmp_path / "l.csv").write_bytes(files.claims(30, 2))
    lftp(ftps, f"put {tmp_path}/l.csv -o inbox/lftp.csv")
    answer = ftps.answers.wait("lftp.csv")
    lftp(ftps, f"get outbox/acknowledgements/{answer.path.name} -o {tmp_path}/answer.json")
    assert (tmp_path / "answer.json").read_bytes() == answer.path.read_bytes()


def test_lftp_mirrors_a_folder(ftps, tmp_path):
    (tmp_path / "day").mkdir()
    for n in range(20):
        (tmp_path / "day" / f"m-{n}.csv").write_bytes(files.claims(100 + n, 1))
    lftp(ftps, f"mirror -R {tmp_path}/day inbox/day")
    for n in range(20):
        assert ftps.answers.wait(f"m-{n}.csv").taken == 1


def test_a_large_file_both_ways(ftps, tmp_path):
    """Larger than every buffer; refused by no limit; it is no list, so the answer says that."""
    content = os.urandom(64 << 20)
    (tmp_path / "l.bin").write_bytes(content)
    curl(ftps, "-T", str(tmp_path / "l.bin"), url="ftps:/inbox/large.bin.part")
    got = curl(ftps, url="ftps:/inbox/large.bin.part").stdout
    assert hashlib.sha256(got).digest() == hashlib.sha256(content).digest()
    curl(ftps, "-Q", "-DELE /inbox/large.bin.part", "-o", "/dev/null", url="ftps:/")


def test_a_put_into_the_outbox_is_refused(ftps, tmp_path):
    (tmp_path / "c.csv").write_bytes(files.claims(40, 1))
    assert curl(ftps, "-T", str(tmp_path / "c.csv"), url="ftps:/outbox/x.csv", check=False).returncode != 0
    assert curl(ftps, url="ftps:/../../dropcase.toml", check=False).returncode != 0
    assert not (ftps.folder / "outbox" / "x.csv").exists()


def test_a_symlink_is_not_followed(ftps, tmp_path):
    (tmp_path / "secret").write_text("nobody's business")
    link = ftps.folder / "archive" / "link"
    link.symlink_to(tmp_path / "secret")
    try:
        done = curl(ftps, url="ftps:/archive/link", check=False)
    finally:
        link.unlink()
    assert done.returncode != 0 and b"nobody's" not in done.stdout


def test_without_tls_nobody_comes_in(ftps):
    done = curl(ftps, url="ftp:/", check=False)
    assert done.returncode == 67 or done.returncode == 9, done.stderr


def test_a_wrong_password_is_refused(ftps):
    service = ftps.home.service
    done = subprocess.run(
        [
            "curl",
            "-sS",
            "-4",
            "--ssl-reqd",
            "--cacert",
            ftps.home.certificate,
            "-u",
            "acme:wrong",
            f"ftp://localhost:{service.ftps_port}/",
        ],
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 67


def test_over_the_limit_is_refused(ftps, tmp_path):
    small = ftps.home.add_client("small", {"max_file": "1MiB"})
    (tmp_path / "big.csv").write_bytes(b"x" * (3 << 20))
    done = curl(small, "-T", str(tmp_path / "big.csv"), url="ftps:/inbox/big.csv", check=False)
    assert done.returncode != 0
    assert "big.csv" not in [p.name for p in (small.folder / "inbox").iterdir()]


def test_a_broken_upload_is_not_taken(ftps, tmp_path):
    """The client dies in the middle, without a clean end of TLS: half a list must not become cases."""
    (tmp_path / "torn.csv").write_bytes(files.claims(500_000, 100_000))
    command = curl_command(ftps, "--limit-rate", "500k", "-T", str(tmp_path / "torn.csv"), url="ftps:/inbox/torn.csv")
    upload = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    partials = ftps.home.path / "data" / "uploads" / "acme"
    wait_for(
        lambda: any(p.suffix == ".part" and p.stat().st_size > 0 for p in partials.iterdir()), what="half of the list"
    )
    upload.kill()
    upload.wait()
    (tmp_path / "after.csv").write_bytes(files.claims(6000, 1))
    curl(ftps, "-T", str(tmp_path / "after.csv"), url="ftps:/inbox/after.csv")
    assert ftps.answers.wait("after.csv").taken == 1
    assert not ftps.answers.of("torn.csv")


def test_plain_ftp_only_where_the_client_says_so(ftps, tmp_path):
    plain = ftps.home.add_client("plain", {"answers": ["json"], "completion": "rename", "plain_ftp": True})
    (tmp_path / "p.csv").write_bytes(files.claims(50, 1))
    curl(
        plain,
        "-T",
        str(tmp_path / "p.csv"),
        "-Q",
        "-RNFR /inbox/p.csv.part",
        "-Q",
        "-RNTO /inbox/p.csv",
        url="ftp:/inbox/p.csv.part",
    )
    assert plain.answers.wait("p.csv").taken == 1
