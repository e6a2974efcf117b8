"""An OpenSSH sshd of our own: own host key, own user key, a free port, a temporary folder."""

import getpass
import os
import shutil
import socket
import subprocess
from pathlib import Path


class Sshd:
    """Runs in the foreground as a child; `command()` gives the sftp client's line."""

    def __init__(self, folder, identity):
        self.folder, self.identity = Path(folder), identity
        self.files = self.folder / "files"
        self.files.mkdir(parents=True)
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", self.folder / "host"], check=True)
        shutil.copy(f"{identity}.pub", self.folder / "authorized")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        server = next(
            p
            for p in ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server")
            if os.path.exists(p)
        )
        (self.folder / "config").write_text(f"""
ListenAddress 127.0.0.1
Port {self.port}
HostKey {self.folder}/host
AuthorizedKeysFile {self.folder}/authorized
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
Subsystem sftp {server}
""")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        self._log = (self.folder / "log").open("wb")
        program = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin")
        self.process = subprocess.Popen(
            [program, "-D", "-e", "-f", self.folder / "config"], stdout=self._log, stderr=self._log
        )

    def address(self):
        """User and host as sftp wants them."""
        return f"{getpass.getuser()}@127.0.0.1"

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait(10)
        self._log.close()
