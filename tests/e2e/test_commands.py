"""The command line: what each command does, prints and exits with."""

import json
import os
import re
import subprocess

import pytest
from support import files
from support.clients import connect
from support.home import BINARY, PASSWORD, Home
from support.waiting import wait_for


def rows(listed):
    """The entries of a list that `--json` printed."""
    return next(value for value in listed.values() if isinstance(value, list)) if isinstance(listed, dict) else listed


def test_init_makes_a_home_and_never_overwrites_one(tmp_path):
    done = subprocess.run([BINARY, "init", tmp_path / "new"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in ("dropcase.toml", "clients.d", "data"):
        assert (tmp_path / "new" / name).exists()
    text = (tmp_path / "new" / "dropcase.toml").read_text()
    for section in ("[sftp]", "[ftps]", "[database]", "[mail]", "[limits]"):
        assert section in text
    (tmp_path / "new" / "dropcase.toml").write_text(text + "# mine\n")
    assert subprocess.run([BINARY, "init", tmp_path / "new"], capture_output=True).returncode != 0
    assert "# mine" in (tmp_path / "new" / "dropcase.toml").read_text()


def test_secrets_are_not_for_everybody(home):
    home.add_client("acme")
    home.serve()
    home.service.stop()
    for path in [
        home.path / "dropcase.toml",
        *(home.path / "clients.d").iterdir(),
        home.path / "data" / "dropcase.sqlite",
        *(home.path / "data" / "hostkeys").glob("*[!b]"),
    ]:
        assert path.stat().st_mode & 0o007 == 0, f"{path} may be read by others"


def test_client_add_prints_a_url_a_fingerprint_and_a_letter(home, keys):
    done = home.cli(
        "client",
        "add",
        "acme",
        "--name",
        "Muster GmbH",
        "--key",
        f"{keys}/ed25519.pub",
        "--password-stdin",
        "--email",
        "buchhaltung@example.com",
        "--locale",
        "de",
        "--answers",
        "csv,json",
        stdin=PASSWORD + "\n",
    )
    assert re.search(r"sftp://acme@localhost:\d+", done.stdout), done.stdout
    assert "SHA256:" in done.stdout and "Muster GmbH" in done.stdout
    written = (home.path / "clients.d" / "acme.toml").read_text()
    assert PASSWORD not in written and "$argon2id$" in written
    assert home.cli("client", "add", "acme", "--name", "Another", check=False).returncode != 0
    assert home.cli("client", "add", "Bad Key", "--name", "Another", check=False).returncode != 0
    home.serve()
    fingerprint = re.search(r"SHA256:\S+", done.stdout)[0].rstrip(".,;)")
    scan = subprocess.run(
        ["ssh-keyscan", "-t", "ed25519", "-p", str(home.service.sftp_port), "127.0.0.1"], capture_output=True
    )
    shown = subprocess.run(["ssh-keygen", "-lf", "-"], input=scan.stdout, capture_output=True).stdout.decode()
    assert fingerprint in shown, "the letter's fingerprint is the service's"


def test_client_list_show_remove(home):
    home.add_client("acme")
    home.add_client("beta")
    assert {row["key"] for row in rows(home.json("client", "list"))} == {"acme", "beta"}
    shown = home.json("client", "show", "acme")
    assert shown["name"] == "Client acme" and "argon2" not in json.dumps(shown)
    home.cli("client", "remove", "beta")
    assert {row["key"] for row in rows(home.json("client", "list"))} == {"acme"}
    assert home.cli("client", "show", "beta", check=False).returncode != 0
    assert home.cli("client", "add", "beta", "--name", "Somebody else", check=False).returncode != 0, (
        "a key is never used again"
    )


def test_users_keys_and_passwords_change_while_the_service_runs(home, keys):
    client = home.add_client("acme")
    home.serve()
    import paramiko

    with connect(client, password=PASSWORD) as session, connect(client) as with_key:
        home.cli("client", "passwd", "acme", "--password-stdin", stdin="another long password\n")
        home.cli("reload")
        wait_for(
            lambda: not session.get_channel().get_transport().is_active(), 20, "the end of the old password's session"
        )
        assert with_key.listdir("."), "the session of the key goes on"
    with pytest.raises(paramiko.AuthenticationException), connect(client, password=PASSWORD):
        pass
    with connect(client, password="another long password") as session:
        assert session.listdir(".")
    home.cli("client", "user", "add", "acme", "acme-two", "--key", f"{keys}/other.pub")
    home.cli("reload")
    second = type(client)(home, "acme", keys / "other")
    second.user = "acme-two"
    with connect(second) as session, connect(client) as first:
        assert session.listdir(".")
        home.cli("client", "user", "remove", "acme", "acme-two")
        home.cli("reload")
        wait_for(
            lambda: not session.get_channel().get_transport().is_active(), 20, "the end of the removed user's session"
        )
        assert first.listdir("."), "the other user's session goes on"


def test_a_removed_keys_session_ends(home, keys):
    client = home.add_client("acme")
    home.cli("client", "key", "add", "acme", f"{keys}/other.pub")
    home.serve()
    other = type(client)(home, "acme", keys / "other")
    with connect(other) as session, connect(client) as first:
        fingerprint = subprocess.run(
            ["ssh-keygen", "-lf", f"{keys}/other.pub"], capture_output=True, text=True
        ).stdout.split()[1]
        home.cli("client", "key", "remove", "acme", fingerprint)
        home.cli("reload")
        wait_for(
            lambda: not session.get_channel().get_transport().is_active(), 20, "the end of the removed key's session"
        )
        assert first.listdir(".")


def test_sighup_reloads(home):
    import signal

    client = home.add_client("acme")
    service = home.serve()
    with connect(client) as session:
        (home.path / "clients.d" / "late.toml").write_text(
            (home.path / "clients.d" / "acme.toml").read_text().replace('name = "acme"', 'name = "late"')
        )
        service.process.send_signal(signal.SIGHUP)
        service.wait_said("RELOADING=1")
        late = type(client)(home, "late", client.identity)

        def comes_in():
            import paramiko

            try:
                with connect(late) as other:
                    return other.listdir(".")
            except paramiko.AuthenticationException:
                return None

        wait_for(comes_in, what="the new client to come in", every=0.2)
        assert session.listdir(".")


def test_a_reload_with_mistakes_changes_nothing(home):
    client = home.add_client("acme")
    service = home.serve()
    (home.path / "clients.d" / "acme.toml").write_text("nonsense = [")
    done = home.cli("reload", check=False)
    assert done.returncode != 0 and "acme.toml" in done.stdout + done.stderr
    assert service.running()
    with connect(client) as session:
        assert session.listdir(".")


def test_check_says_what_would_happen_and_keeps_nothing(client, tmp_path):
    (tmp_path / "c.csv").write_text(files.table([files.claim(1), files.claim(2, Hauptforderung="0")]))
    done = client.home.cli("check", f"{tmp_path}/c.csv", "--client", "acme", check=False)
    assert "AMOUNT_NOT_POSITIVE" in done.stdout and "3" in done.stdout
    said = json.loads(client.home.cli("check", f"{tmp_path}/c.csv", "--client", "acme", "--json", check=False).stdout)
    assert "AMOUNT_NOT_POSITIVE" in json.dumps(said)
    assert rows(client.home.json("case", "list", "--client", "acme")) == []
    assert rows(client.home.json("delivery", "list")) == []


def test_check_works_with_the_service_stopped(home, tmp_path):
    home.add_client("acme")
    (tmp_path / "c.csv").write_text(files.table([files.claim(1)]))
    done = home.cli("check", f"{tmp_path}/c.csv", "--client", "acme")
    assert "1" in done.stdout


def test_import_is_a_drop(client, tmp_path):
    content = files.claims(1, 3)
    (tmp_path / "i.csv").write_bytes(content)
    client.home.cli("import", f"{tmp_path}/i.csv", "--client", "acme")
    assert client.answers.wait("i.csv").taken == 3
    assert client.answers.archived(content)
    assert len(rows(client.home.json("case", "list", "--client", "acme"))) == 3


def test_deliveries_and_cases_are_listed_and_shown(client):
    home = client.home
    client.drop("l.csv", files.table([files.claim(1), files.claim(2), files.claim(3, Hauptforderung="0")]).encode())
    answer = client.answers.wait("l.csv")
    [delivery] = rows(home.json("delivery", "list"))
    assert answer.id in json.dumps(delivery)
    shown = home.json("delivery", "show", answer.id)
    assert (shown["status"], shown["submitted"], shown["accepted"], shown["rejected"]) == ("PART", 3, 2, 1)
    assert "AMOUNT_NOT_POSITIVE" in json.dumps(shown)
    assert answer.id in home.cli("delivery", "list").stdout
    assert "PART" in home.cli("delivery", "show", answer.id).stdout
    cases = rows(home.json("case", "list", "--client", "acme"))
    assert len(cases) == 2
    number = cases[0]["number"]
    assert number in home.cli("case", "list").stdout
    case = home.json("case", "show", number)
    assert "R-" in json.dumps(case) and number in json.dumps(case)
    assert len(rows(home.json("case", "list", "--debtor", "D-2"))) == 1
    assert rows(home.json("case", "list", "--status", "closed")) == []
    for missing in (["delivery", "show", "0123456789ab"], ["case", "show", "0"], ["client", "show", "nobody"]):
        done = home.cli(*missing, check=False)
        assert done.returncode not in (0, 101) and done.stderr, missing


def test_resubmit_forces_a_second_look(client):
    client.drop("r.csv", files.claims(1, 2))
    answer = client.answers.wait("r.csv")
    client.home.cli("delivery", "resubmit", answer.id)
    again = client.answers.wait("r.csv", count=2)
    said = again.json()
    assert said["status"] != "DUPL" or said["duplicate"] == 2
    assert len(rows(client.home.json("case", "list", "--client", "acme"))) == 2


def test_status_says_where_and_how(client):
    home = client.home
    status = home.json("status")
    assert status["sftp"] == [f"127.0.0.1:{home.service.sftp_port}"]
    shown = home.cli("status").stdout
    assert f"{home.service.sftp_port}" in shown
    assert status["incomplete"] == 0 and "Incomplete" in shown
    home.service.stop()
    assert home.cli("status", check=False).returncode != 0


def test_only_one_service_a_home(client):
    second = subprocess.run(
        [BINARY, "serve", "--config", client.home.path / "dropcase.toml"], capture_output=True, text=True, timeout=60
    )
    assert second.returncode not in (0, 101)
    assert second.stderr


def test_config_check_names_every_mistake_of_all_files(home):
    home.add_client("acme")
    assert home.cli("config", "check").returncode == 0
    settings = home.path / "dropcase.toml"
    settings.write_text(settings.read_text().replace("[sftp]", '[sftp]\nlisten_adress = "x"\nlogin_grace = "soon"'))
    (home.path / "clients.d" / "beta.toml").write_text(
        'name = "Beta"\nlocale = "fr"\nemail = ["nobody"]\ncountry = "XX"\n'
    )
    (home.path / "clients.d" / "Bad Name.toml").write_text('name = "x"\n')
    done = home.cli("config", "check", check=False)
    said = done.stdout + done.stderr
    assert done.returncode not in (0, 101)
    for pattern in (
        r"dropcase\.toml:\d+.*sftp\.listen_adress",
        r"dropcase\.toml:\d+.*sftp\.login_grace",
        r"beta\.toml:2.*locale",
        r"beta\.toml:3.*email",
        r"beta\.toml:4.*country",
        r"Bad Name\.toml",
    ):
        assert re.search(pattern, said), f"{pattern} in\n{said}"


def test_serve_refuses_wrong_settings(home):
    home.configure({"limits": {"workers": 0}})
    done = subprocess.run(
        [BINARY, "serve", "--config", home.path / "dropcase.toml"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode not in (0, 101)
    assert "limits.workers" in done.stdout + done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    done = subprocess.run([BINARY, "completions", shell], capture_output=True, text=True)
    assert done.returncode == 0 and "resubmit" in done.stdout
    if shell == "bash":
        assert subprocess.run(["bash", "-n"], input=done.stdout, text=True).returncode == 0


def test_help_documents_the_exit_codes():
    done = subprocess.run([BINARY, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "xit code" in done.stdout
    assert subprocess.run([BINARY, "nonsense"], capture_output=True).returncode == 2


def test_sigterm_stops_cleanly_and_tells_systemd(client):
    service = client.home.service
    client.drop("s.csv", files.claims(1, 2000))
    assert service.process.poll() is None
    import signal

    service.process.send_signal(signal.SIGTERM)
    service.process.wait(90)
    assert service.process.returncode == 0
    client.home.serve()
    assert client.answers.wait("s.csv", timeout=60).taken == 2000


def test_the_watchdog_is_fed(home):
    home.add_client("acme")
    service = home.serve(environment={"WATCHDOG_USEC": "900000"})
    service.wait_said("WATCHDOG=1")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_the_service_of_an_ordinary_user(tmp_path, keys):
    """As systemd runs it: not as root. A local user of another account is not let in at the control socket."""
    import pwd

    nobody = pwd.getpwnam("nobody")
    for parent in [tmp_path, *tmp_path.parents][:4]:
        parent.chmod(parent.stat().st_mode | 0o011)
    home = Home(tmp_path / "home", keys)
    client = home.add_client("acme", {"answers": ["json"]})
    for path in [home.path, *home.path.rglob("*")]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    service = home.serve(wrapper=["setpriv", "--reuid=nobody", f"--regid={nobody.pw_gid}", "--clear-groups", "--"])
    try:
        with connect(client) as session, session.open("inbox/n.csv", "wb") as out:
            out.write(files.claims(1, 1))
        assert client.answers.wait("n.csv").taken == 1
    finally:
        service.stop()
    service.check_log()
