"""The everyday ways of a client, each with a program that clients use."""

import asyncio
import os
import signal
import subprocess

import asyncssh
import paramiko
import pytest
from support import clients, files
from support.clients import connect, lftp, sftp
from support.waiting import wait_for


def test_openssh_drops_a_list_and_takes_the_answer(shared, tmp_path):
    content = files.claims(1000, 3)
    (tmp_path / "liste-vertraulich.csv").write_bytes(content)
    sftp(shared, f"put {tmp_path}/liste-vertraulich.csv inbox/")
    answer = shared.answers.wait("liste-vertraulich.csv")
    assert (answer.taken, answer.submitted, answer.json()["status"]) == (3, 3, "ACCP")
    sftp(
        shared,
        f"get outbox/acknowledgements/{answer.path.name} {tmp_path}/answer.json",
        f"rm outbox/acknowledgements/{answer.path.name}",
    )
    assert '"ACCP"' in (tmp_path / "answer.json").read_text()
    assert not answer.path.exists()
    assert wait_for(lambda: shared.answers.archived(content), what="the original in the archive")


def test_openssh_rename_and_overwrite_before_the_claim(shared, tmp_path):
    (tmp_path / "a.csv").write_bytes(files.claims(1100, 1))
    (tmp_path / "b.csv").write_bytes(files.claims(1110, 2))
    sftp(
        shared,
        f"put {tmp_path}/a.csv inbox/wrong-name.csv",
        "rename inbox/wrong-name.csv inbox/right-name.csv",
        f"put {tmp_path}/b.csv inbox/right-name.csv",
    )
    answer = shared.answers.wait("right-name.csv")
    assert answer.submitted == 2
    assert not shared.answers.of("wrong-name.csv")


def test_openssh_temporary_name_then_rename(shared, tmp_path):
    (tmp_path / "a.csv").write_bytes(files.claims(1120, 1))
    sftp(shared, f"put {tmp_path}/a.csv inbox/list.csv.filepart", "rename inbox/list.csv.filepart inbox/list.csv")
    assert shared.answers.wait("list.csv").taken == 1


def test_interrupted_put_then_reput(home, tmp_path):
    """Ctrl-C ends OpenSSH's sftp with a normal CLOSE; the half file must wait for its other half."""
    client = home.add_client("acme", {"answers": ["json"], "settle": "20s"})
    home.serve()
    content = files.claims(1, 60_000)
    (tmp_path / "big.csv").write_bytes(content)
    put = subprocess.Popen(clients.sftp_command(client, "-l", "8000"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    put.stdin.write(f"put {tmp_path}/big.csv inbox/big.csv\n".encode())
    put.stdin.flush()

    def half_there():
        with connect(client) as session:
            try:
                return 0 < session.stat("inbox/big.csv").st_size < len(content)
            except FileNotFoundError:
                return False

    wait_for(half_there, 30, "half of the file", every=0.1)
    put.send_signal(signal.SIGINT)
    put.stdin.close()
    put.wait(30)
    sftp(client, f"reput {tmp_path}/big.csv inbox/big.csv")
    answer = client.answers.wait("big.csv", timeout=90)
    assert answer.json()["size"] == len(content)
    assert answer.submitted == 60_000
    assert client.answers.archived(content)


def test_killed_client_leaves_a_partial_that_resumes(shared, tmp_path):
    """A connection that dies with the handle open leaves a partial that the same client sees and may finish."""
    content = files.claims(2000, 500)
    with clients.transport(shared) as connection:
        session = paramiko.SFTPClient.from_transport(connection)
        handle = session.open("inbox/torn.csv", "wb")
        handle.write(content[:20_000])
        session.stat("inbox/torn.csv")
        connection.close()

    def partial():
        with connect(shared) as again:
            return [name for name in again.listdir("inbox") if "torn.csv" in name]

    names = wait_for(partial, what="the partial in the listing")
    assert not shared.answers.of("torn.csv")
    (tmp_path / "torn.csv").write_bytes(content)
    sftp(shared, f"reput {tmp_path}/torn.csv inbox/{names[0]}")
    assert shared.answers.wait("torn.csv").submitted == 500


def test_paramiko_put_confirms_with_stat_and_sets_times(shared, tmp_path):
    (tmp_path / "p.csv").write_bytes(files.claims(3000, 2))
    with connect(shared) as session:
        attributes = session.put(str(tmp_path / "p.csv"), "inbox/p.csv", confirm=True)
        assert attributes.st_size == (tmp_path / "p.csv").stat().st_size
        session.utime("inbox/p.csv", (1_700_000_000, 1_700_000_000))
        answer = shared.answers.wait("p.csv")
        assert answer.taken == 2
        assert session.stat("inbox/p.csv").st_size == attributes.st_size, "stat-able for a grace period after the claim"


def test_password_login(shared):
    with connect(shared, password=shared.password) as session:
        assert "inbox" in session.listdir(".")
    with pytest.raises(paramiko.AuthenticationException):
        with connect(shared, password="wrong"):
            pass


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_other_kinds_of_key(shared, keys, kind):
    shared.home.cli("client", "key", "add", "acme", f"{keys}/{kind}.pub")
    done = subprocess.run(
        [*clients.sftp_command(shared)[:-7], "-i", keys / kind, *clients.sftp_command(shared)[-5:]],
        input="ls\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "inbox" in done.stdout


def test_lftp_over_sftp(shared, tmp_path):
    (tmp_path / "l.csv").write_bytes(files.claims(4100, 2))
    lftp(shared, f"put {tmp_path}/l.csv -o inbox/lftp-list.csv", scheme="sftp")
    assert shared.answers.wait("lftp-list.csv").taken == 2


def test_asyncssh_many_files_at_once(shared, tmp_path):
    for n in range(20):
        (tmp_path / f"async-{n}.csv").write_bytes(files.claims(5000 + n, 1))

    async def upload():
        async with (
            asyncssh.connect(**clients.asyncssh_options(shared)) as connection,
            connection.start_sftp_client() as session,
        ):
            await asyncio.gather(*(session.put(tmp_path / f"async-{n}.csv", f"inbox/async-{n}.csv") for n in range(20)))
            return await session.statvfs("inbox")

    space = asyncio.run(upload())
    assert space.bavail > 0
    for n in range(20):
        assert shared.answers.wait(f"async-{n}.csv").taken == 1


def test_validate_imports_nothing(shared, tmp_path):
    (tmp_path / "v.csv").write_bytes(files.claims(6000, 2))
    sftp(shared, f"put {tmp_path}/v.csv validate/")
    answer = shared.answers.wait("v.csv")
    assert answer.validation and answer.taken == 2
    sftp(shared, f"put {tmp_path}/v.csv inbox/")
    answer = wait_for(
        lambda: [a for a in shared.answers.of("v.csv") if not a.validation and a.format == "json"],
        what="the answer of the import",
    )[0]
    assert answer.taken == 2, "the validation before must not make these duplicates"


def test_what_a_client_sees(shared, tmp_path):
    listing = sftp(shared, "ls -l", "ls -1 outbox", "ls -1 templates").stdout
    for name in (
        "README.txt",
        "inbox",
        "validate",
        "outbox",
        "templates",
        "archive",
        "acknowledgements",
        "corrections",
        "reports",
    ):
        assert name in listing, f"{name} in\n{listing}"
    assert any(line.startswith("drwx") and line.endswith("inbox") for line in listing.splitlines()), (
        "longname as ls writes it"
    )
    sftp(shared, f"get README.txt {tmp_path}/README.txt")
    assert "inbox" in (tmp_path / "README.txt").read_text()
    with connect(shared) as session:
        templates = session.listdir("templates")
    assert any(name.endswith(".csv") for name in templates) and any(name.endswith(".xlsx") for name in templates), (
        templates
    )


def test_the_template_is_accepted(shared, tmp_path):
    """The shipped list passes. Its example lines lie in the future, so that they are never taken over by mistake."""
    with connect(shared) as session:
        name = next(n for n in session.listdir("templates") if n.endswith(".csv") and "guide" not in n)
        session.get(f"templates/{name}", str(tmp_path / "template.csv"))
        text = (tmp_path / "template.csv").read_text(encoding="utf-8-sig")
        (tmp_path / "filled.csv").write_text(text.replace("2099", "2026"), encoding="utf-8-sig")
        session.put(str(tmp_path / "template.csv"), "inbox/template.csv")
        session.put(str(tmp_path / "filled.csv"), "validate/filled.csv")
    answer = shared.answers.wait("template.csv")
    assert answer.submitted > 0 and answer.taken == 0, answer.json()
    answer = shared.answers.wait("filled.csv")
    assert answer.submitted > 0 and answer.taken == answer.submitted, answer.json()


def test_correction_goes_back_and_is_accepted(shared, tmp_path):
    """Rejected lines come back in their own layout; corrected and dropped again, added columns and all, they pass."""
    rows = [files.claim(7001), files.claim(7002, Hauptforderung="0,00"), files.claim(7003, Rechnungsdatum="nie")]
    (tmp_path / "k.csv").write_bytes(files.table(rows).encode("cp1252"))
    sftp(shared, f"put {tmp_path}/k.csv inbox/")
    answer = shared.answers.wait("k.csv")
    assert (answer.taken, answer.submitted, answer.json()["status"]) == (1, 3, "PART")
    [correction] = wait_for(lambda: shared.answers.corrections("k.csv"), what="the correction file")
    text = correction.read_bytes().decode("cp1252")
    assert text.splitlines()[0].count(";") > files.table(rows).splitlines()[0].count(";"), "a first column was added"
    assert "R-7002" in text and "R-7003" in text and "R-7001" not in text
    (tmp_path / "again.csv").write_bytes(text.replace("0,00", "88,00").replace("nie", "15.01.2026").encode("cp1252"))
    sftp(shared, f"put {tmp_path}/again.csv inbox/")
    answer = shared.answers.wait("again.csv")
    assert (answer.taken, answer.submitted) == (2, 2), answer.json()


def test_workbook_in_workbook_out(shared, tmp_path):
    rows = [files.claim(7101), files.claim(7102, Hauptforderung="-5,00")]
    book = files.workbook(rows)
    with connect(shared) as session, session.open("inbox/uebergabe.xlsx", "wb") as out:
        out.write(book)
    answer = shared.answers.wait("uebergabe.xlsx")
    assert (answer.taken, answer.submitted) == (1, 2), answer.json()
    [correction] = wait_for(lambda: shared.answers.corrections("uebergabe.xlsx"), what="the correction workbook")
    assert correction.suffix == ".xlsx"
    import openpyxl

    page = openpyxl.load_workbook(correction).active
    cells = [cell for row in page.iter_rows() for cell in row]
    assert any(cell.comment for cell in cells), "the bad cell carries a comment"
    assert any(cell.value == "R-7102" for cell in cells) and not any(cell.value == "R-7101" for cell in cells)


def test_the_same_list_again_is_a_duplicate(shared, tmp_path):
    (tmp_path / "d.csv").write_bytes(files.claims(7200, 2))
    sftp(shared, f"put {tmp_path}/d.csv inbox/twice.csv")
    shared.answers.wait("twice.csv")
    sftp(shared, f"put {tmp_path}/d.csv inbox/twice.csv")
    answer = shared.answers.wait("twice.csv", count=2).json()
    assert answer["status"] == "DUPL"


def test_large_listing(home):
    """100,000 entries are listed whole; they are made beside the service, in the archive."""
    client = home.add_client("acme", {"answers": ["json"]})
    home.serve()
    crowd = client.folder / "archive" / "crowd"
    crowd.mkdir()
    for n in range(100_000):
        os.close(os.open(crowd / f"file-{n:06}", os.O_CREAT | os.O_WRONLY, 0o600))
    with connect(client) as session:
        assert len(session.listdir("archive/crowd")) == 100_000
    assert sftp(client, "ls -1 archive/crowd").stdout.count("file-") == 100_000
