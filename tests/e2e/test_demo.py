"""`dropcase demo`: the README's first command."""

import os
import signal
import subprocess

from support.home import BINARY
from support.waiting import wait_for


def test_demo_once(tmp_path):
    done = subprocess.run([BINARY, "demo", "--once"], cwd=tmp_path, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "dropcase-home" / "dropcase.toml").exists()
    for word in ("sftp", "Password", "2-of", "DUPLICATE"):
        assert word.lower() in done.stdout.lower(), f"{word} in\n{done.stdout}"
    assert list((tmp_path / "dropcase-home").rglob("*.eml")), "the mail"


def test_demo_twice_in_the_same_home(tmp_path):
    for _ in range(2):
        done = subprocess.run([BINARY, "demo", "--once"], cwd=tmp_path, capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr


def test_demo_goes_on_serving(tmp_path):
    with (tmp_path / "out").open("w") as out:
        demo = subprocess.Popen(
            [BINARY, "demo"],
            cwd=tmp_path,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        try:
            wait_for(
                lambda: "sftp " in (tmp_path / "out").read_text() and "assword" in (tmp_path / "out").read_text(),
                120,
                "the sftp line",
            )
            assert demo.poll() is None
        finally:
            demo.send_signal(signal.SIGINT)
            assert demo.wait(60) == 0, (tmp_path / "out").read_text()
