"""A PostgreSQL of the test's own: own folder, unix socket, never as root."""

import glob
import os
import pwd
import shutil
import subprocess


def binaries():
    """Folder of initdb and pg_ctl, or None."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4])) or [
        shutil.which("initdb")
    ]
    return os.path.dirname(os.path.realpath(found[-1])) if found[-1] else None


class Postgres:
    """A cluster in `folder`."""

    def __init__(self, folder):
        self.folder, self.bin = folder, binaries()
        folder.mkdir()
        self.account = []
        if os.geteuid() == 0:
            user = next((u for u in ("postgres", "nobody") if has_user(u)), None)
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            for parent in folder.parents:
                if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001 and str(parent) != "/":
                    parent.chmod(parent.stat().st_mode | 0o011)
            self.account = ["setpriv", f"--reuid={user}", f"--regid={entry.pw_gid}", "--clear-groups", "--"]
        self._run(
            "initdb",
            "-D",
            str(folder / "data"),
            "-U",
            "dropcase",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        self.url = f"postgres:///dropcase?host={folder}&user=dropcase"

    def up(self):
        """Starts it."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options, "start"
        )

    def down(self):
        """Stops it at once, connections and all."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "fast", "stop", check=False)

    def sql(self, statement, database="postgres"):
        """Runs a statement."""
        return self._run(
            "psql", "-h", str(self.folder), "-U", "dropcase", "-d", database, "-Atqc", statement
        ).stdout.strip()

    def _run(self, program, *arguments, check=True):
        path = os.path.join(self.bin, program)
        # pg_ctl's server keeps the descriptors it inherits, so nothing may be a pipe.
        with open(self.folder.parent / "postgres-out", "w+") as out:
            done = subprocess.run(
                [*self.account, path if os.path.exists(path) else program, *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                timeout=120,
                cwd="/",
            )
            out.seek(0)
            done.stdout = out.read()
        assert not check or done.returncode == 0, f"{program}: {done.stdout}"
        return done


def has_user(name):
    """Whether the machine knows the account."""
    try:
        pwd.getpwnam(name)
        return True
    except KeyError:
        return False
