"""A temporary home of dropcase, its commands and its service."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import tomlkit

from .answers import Answers
from .waiting import wait_for

BINARY = Path(os.environ.get("DROPCASE_BINARY", Path(__file__).parents[3] / "target" / "release" / "dropcase"))

# Words that the tests put into file names and debtors' data. None of them may ever stand in the log.
PERSONAL = ("Mustermann", "vertraulich", "geheimgasse", "erika@example.com")
PASSWORD = "correct horse battery staple"


class Client:
    """A client of the home with the key and the password of its first user."""

    def __init__(self, home, key, identity):
        self.home, self.key, self.user, self.identity = home, key, key, identity
        self.password = PASSWORD
        self.folder = home.path / "data" / "clients" / key
        self.answers = Answers(self.folder)

    def drop(self, name, content, folder="inbox"):
        """Puts a file there as a local program does: written under a hidden name, then renamed."""
        target = self.folder / folder / name
        hidden = target.with_name(f".{target.name[:40]}.{os.getpid()}.tmp")
        hidden.write_bytes(content)
        hidden.rename(target)
        return target


class Home:
    """A home made by `dropcase init`, with settings that suit a test."""

    def __init__(self, path, keys):
        self.path, self.keys = Path(path), keys
        self.service = None
        self.cli("init", str(self.path), home=False)
        self.configure(
            {
                "sftp": {"listen": "127.0.0.1:0", "public_host": "localhost"},
                "mail": {"transport": "folder", "folder": "mail", "from": "dropcase <service@example.com>"},
                "limits": {"disk_reserve": "1MiB"},
            }
        )

    def cli(self, *arguments, check=True, stdin=None, home=True, timeout=60):
        """Runs `dropcase ARGUMENTS` on this home; returns the finished process with text output."""
        environment = dict(os.environ)
        if home:
            environment["DROPCASE_CONFIG"] = str(self.path / "dropcase.toml")
        done = subprocess.run(
            [BINARY, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=environment,
            cwd=self.path.parent,
        )
        assert not check or done.returncode == 0, (
            f"dropcase {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done

    def json(self, *arguments, **options):
        """Runs a command with `--json` and returns what it printed."""
        return json.loads(self.cli(*arguments, "--json", **options).stdout)

    def configure(self, sections):
        """Sets keys of dropcase.toml: `{section: {key: value}}`; a value None takes the key away."""
        edit(self.path / "dropcase.toml", sections)

    def add_client(self, key, settings=None, arguments=()):
        """`client add KEY` with a key and a password; `settings` go into its file. Quick completion unless said."""
        identity = self.keys / "ed25519"
        self.cli(
            "client",
            "add",
            key,
            "--name",
            f"Client {key}",
            "--key",
            f"{identity}.pub",
            "--password-stdin",
            *arguments,
            stdin=PASSWORD + "\n",
        )
        quick = {} if (settings or {}).get("completion", "hold") != "hold" else {"settle": "200ms"}
        edit(self.path / "clients.d" / f"{key}.toml", {**quick, **(settings or {})})
        if self.service is not None and self.service.running():
            self.cli("reload")
        return Client(self, key, identity)

    def serve(self, **options):
        """Starts the service and waits until it says READY."""
        self.service = Service(self, **options)
        self.service.wait_ready()
        return self.service


def edit(path, settings):
    """Sets keys of a settings file, comments kept: `{key: value}`, `{section: {key: value}}` or a list of tables."""
    document = tomlkit.parse(path.read_text())
    for key, value in settings.items():
        if isinstance(value, dict):
            if key not in document:
                document[key] = tomlkit.table()
            for inner, inner_value in value.items():
                put(document[key], inner, inner_value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            document[key] = tomlkit.aot()
            for entry in value:
                document[key].append(tomlkit.item(entry))
        else:
            put(document, key, value)
    path.write_text(tomlkit.dumps(document))


def put(table, key, value):
    """Sets or takes away one key."""
    if value is not None:
        table[key] = value
    elif key in table:
        del table[key]


class Service:
    """`dropcase serve` as systemd would start it: it says READY=1 over a socket, its log is JSON."""

    def __init__(self, home, environment=None, wrapper=()):
        self.home = home
        number = len(list(home.path.parent.glob("service-*.log")))
        self.log_path = home.path.parent / f"service-{number}.log"
        self.notify_path = home.path.parent / f"notify-{number}"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.notify_path))
        self.notify_path.chmod(0o777)
        self.said = []
        # Until it is ready: ports at which nobody answers.
        self.sftp_port = self.ftps_port = 1
        self._log = self.log_path.open("wb")
        self.process = subprocess.Popen(
            [*wrapper, BINARY, "serve", "--config", str(home.path / "dropcase.toml")],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "NOTIFY_SOCKET": str(self.notify_path), "RUST_BACKTRACE": "1", **(environment or {})},
        )

    def running(self):
        """Whether the process is there."""
        return self.process.poll() is None

    def wait_said(self, word, timeout=30.0):
        """Waits until the service has told systemd `word` (`READY=1`, `RELOADING=1`, `STOPPING=1`)."""

        def heard():
            while True:
                try:
                    self.said.append(self.notify.recv(4096, socket.MSG_DONTWAIT).decode())
                except BlockingIOError:
                    break
            assert self.running() or any(word in message for message in self.said), (
                f"the service left with {self.process.returncode}:\n{self.log()[-4000:]}"
            )
            return any(word in message for message in self.said)

        wait_for(heard, timeout, f"{word} from the service; its log:\n{self.log()[-4000:]}")

    def wait_ready(self):
        """Waits until the service is up and learns its addresses."""
        self.wait_said("READY=1")
        status = self.home.json("status")
        self.sftp_port = int(status["sftp"][0].rpartition(":")[2])
        self.ftps_port = int(status["ftps"].rpartition(":")[2]) if status.get("ftps") else None

    def log(self):
        """Everything that the service logged."""
        return self.log_path.read_text(errors="replace")

    def log_lines(self):
        """The log lines that are JSON."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    def kill(self):
        """SIGKILL, as a power cut."""
        self.process.send_signal(signal.SIGKILL)
        self._ended()

    def stop(self, timeout=30):
        """SIGTERM; returns the exit code."""
        if self.running():
            self.process.send_signal(signal.SIGTERM)
        self._ended(timeout)
        return self.process.returncode

    def _ended(self, timeout=30):
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the service did not stop:\n{self.log()[-4000:]}") from None
        finally:
            self._log.close()
            self.notify.close()

    def check_log(self):
        """What holds for every log: no panic, no personal data."""
        log = self.log()
        assert "panicked at" not in log, log[log.index("panicked at") - 500 :][:3000]
        for word in PERSONAL:
            assert word not in log, (
                f"personal data in the log: {next(line for line in log.splitlines() if word in line)[:600]}"
            )
