"""The pick-up script of the documentation, as a client's cron would run it."""

import os
import subprocess
from pathlib import Path

from support import files
from support.waiting import wait_for

SCRIPT = Path(__file__).parents[2] / "docs" / "pickup.sh"


def test_the_script_drops_and_picks_up(client, tmp_path):
    lists, answers, fake_home = tmp_path / "my lists", tmp_path / "my answers", tmp_path / "user"
    for folder in (lists, answers, fake_home / ".ssh"):
        folder.mkdir(parents=True)
    port = str(client.home.service.sftp_port)
    known = subprocess.run(
        ["ssh-keyscan", "-p", port, "127.0.0.1"], capture_output=True, text=True, timeout=60, check=True
    )
    (tmp_path / "known_hosts").write_text(known.stdout)
    # ssh reads the account's home from the user database, so the known host goes in through a wrapper in the PATH.
    wrapper = tmp_path / "bin" / "sftp"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\nexec /usr/bin/sftp -F /dev/null -o UserKnownHostsFile="{tmp_path}/known_hosts" "$@"\n'
    )
    wrapper.chmod(0o755)

    def run():
        done = subprocess.run(
            ["sh", SCRIPT, "acme@127.0.0.1", port, client.identity, lists, answers],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PATH": f"{wrapper.parent}:{os.environ['PATH']}"},
        )
        assert done.returncode == 0, done.stdout + done.stderr

    (lists / "list one.csv").write_bytes(files.table([files.claim(1), files.claim(2, Hauptforderung="0")]).encode())
    run()
    assert (lists / "sent" / "list one.csv").exists()
    client.answers.wait("list one.csv")
    wait_for(lambda: client.answers.corrections("list one.csv"), what="the correction")
    run()
    got = sorted(path.name for path in answers.iterdir() if path.is_file())
    assert any(".1-of-2." in name and name.endswith(".ack.json") for name in got), got
    assert any(name.startswith("list one.correction.") for name in got), "the correction file came along"
    assert not client.answers.all(), "what was picked up is gone from the outbox"
    run()
