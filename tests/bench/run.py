"""Measures dropcase against OpenSSH's sshd and against `sqlite3 .import`, and writes docs/performance.md.

    python3 tests/bench/run.py                  everything, full size (about half an hour on two cores)
    python3 tests/bench/run.py --quick          everything, small: shows that it works, says little
    python3 tests/bench/run.py --only import    one of: transfer, answer, import, search

Needs the release build, OpenSSH, sqlite3 and the Python environment of the tests (tests/run.sh makes it).
"""

import argparse
import contextlib
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tests-venv" / "bin" / "python"
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(Path(__file__).parent)]
try:
    import lists
    import report
    from measure import PeakMemory, WriteLock, interleaved, timed
    from sshd import Sshd
    from support import clients, files
    from support.home import Home
    from support.waiting import wait_for
except ModuleNotFoundError:
    if Path(sys.executable) == VENV or not VENV.exists():
        raise
    os.execv(VENV, [str(VENV), *sys.argv])

CIPHER = "aes128-gcm@openssh.com"


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["transfer", "answer", "import", "search"])
    parser.add_argument("--rounds", type=int, help="rounds of each measurement (default 5)")
    parser.add_argument("--mib", type=int, help="size of the large file in MiB (default 1024)")
    parser.add_argument("--small", type=int, help="number of small files (default 1000)")
    parser.add_argument("--rows", type=int, help="rows of the large list (default 1000000)")
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "performance.md")
    chosen = parser.parse_args()
    small = {"rounds": 1, "mib": 64, "small": 100, "rows": 20_000}
    full = {"rounds": 5, "mib": 1024, "small": 1000, "rows": 1_000_000}
    for name, value in (small if chosen.quick else full).items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, value)
    return chosen


def progress(text):
    """One line for whoever waits."""
    print(text, file=sys.stderr, flush=True)


def batch(line, commands):
    """Seconds that an sftp batch takes; it must succeed."""

    def run():
        done = subprocess.run(line, input="\n".join(commands) + "\n", capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"sftp failed: {done.stderr}")

    return timed(run)


def transfers(chosen, folder, home, identity):
    """put and get of the large file, many small files: sshd and dropcase taking turns."""
    home.configure({"limits": {"max_file": "8GiB", "max_waiting_files": 1_000_000}})
    client = home.add_client("bench", {"completion": "marker"})
    home.serve()
    sshd = Sshd(folder / "sshd", identity)
    large, many, back = folder / "large.bin", folder / "many", folder / "back.bin"
    with large.open("wb") as out:
        for _ in range(chosen.mib):
            out.write(os.urandom(1 << 20))
    many.mkdir()
    for n in range(chosen.small):
        (many / f"file-{n:05}.csv").write_bytes(os.urandom(10 << 10))
    ours = [*clients.sftp_command(client, "-c", CIPHER)]
    theirs = [
        "sftp",
        *clients.SSH_OPTIONS,
        "-i",
        str(identity),
        "-c",
        CIPHER,
        "-P",
        str(sshd.port),
        "-b",
        "-",
        sshd.address(),
    ]
    wait_for(lambda: subprocess.run(theirs, input="ls\n", capture_output=True, text=True).returncode == 0, 20, "sshd")
    places = {"sshd": (theirs, str(sshd.files)), "dropcase": (ours, "inbox")}

    def measure(*commands, options=(), clean=None):
        def one(name):
            line, place = places[name]
            # What a client fetches is new to its disk: cutting an old file off would be its own time, not the server's.
            back.unlink(missing_ok=True)
            took = batch([line[0], *options, *line[1:]], [command.format(place=place) for command in commands])
            if clean:
                batch(line, [command.format(place=place) for command in clean])
            return took

        return interleaved(chosen.rounds, sshd=lambda: one("sshd"), dropcase=lambda: one("dropcase"))

    try:
        rows = []
        progress(f"put {chosen.mib} MiB")
        rows.append((f"put {chosen.mib} MiB", measure(f"put {large} {{place}}/large.bin")))
        progress(f"get {chosen.mib} MiB")
        rows.append((f"get {chosen.mib} MiB", measure(f"get {{place}}/large.bin {back}")))
        progress(f"put {chosen.mib} MiB, synced")
        rows.append(
            (
                f"put {chosen.mib} MiB, sshd asked to sync too (`sftp -f`)",
                measure(f"put -f {large} {{place}}/large.bin"),
            )
        )
        progress(f"put {chosen.small} small files")
        rows.append(
            (
                f"put {chosen.small} files of 10 KiB in one session",
                measure(f"put {many}/* {{place}}/", clean=["rm {place}/file-*"]),
            )
        )
        progress(f"put {chosen.small} small files, synced")
        rows.append(
            (
                f"put {chosen.small} files of 10 KiB in one session, sshd asked to sync too (`sftp -f`)",
                measure(f"put -f {many}/* {{place}}/", clean=["rm {place}/file-*"]),
            )
        )
        return rows
    finally:
        sshd.stop()
        home.service.stop()


def median_answer(chosen, home):
    """Seconds from the claim of a 100-line CSV to its answer, and from the end of the upload as the client sees it."""
    client = home.add_client("bench", {"settle": "1ms"})
    home.serve()
    for n in range(20 * chosen.rounds):
        content = files.table([files.claim(n * 100 + i, Hauptforderung=f"{100 + i},50") for i in range(100)]).encode()
        with clients.connect(client) as session, session.open(f"inbox/list-{n}.csv", "wb") as out:
            out.write(content)
        client.answers.wait(f"list-{n}.csv", format="csv")
    home.service.stop()
    return statistics.median(claim_to_answer(home))


def claim_to_answer(home):
    """Seconds from claim to the published acknowledgement, of every delivery of the home."""
    with sqlite3.connect(f"file:{home.path}/data/dropcase.sqlite?mode=ro", uri=True) as database:
        found = database.execute(
            "select (julianday(max(o.done_at)) - julianday(d.claimed_at)) * 86400"
            " from deliveries d join outbox o on o.delivery_id = d.id"
            " where o.kind = 'acknowledgement' and o.state = 'done' group by d.id order by d.id"
        )
        return [seconds for (seconds,) in found]


def floor(path, folder):
    """Seconds that `sqlite3 .import` needs for the same file into one flat table."""
    database = folder / "floor.sqlite"
    database.unlink(missing_ok=True)
    columns = ", ".join(f"c{n} text" for n in range(len(lists.HEADER)))
    script = f"create table flat ({columns});\n.mode csv\n.separator ;\n.import --skip 1 {path} flat\n"
    took = timed(
        lambda: subprocess.run(["sqlite3", database], input=script, text=True, check=True, capture_output=True)
    )
    with sqlite3.connect(database) as check:
        assert check.execute("select count(*) from flat").fetchone()[0] > 0
    database.unlink()
    return took


def imports(chosen, folder, keys):
    """The large list and one of a tenth: claim to answer, floor, memory, lock."""
    results = []
    for rows in (chosen.rows // 10, chosen.rows):
        path = folder / f"list-{rows}.csv"
        size = lists.write(path, rows)
        rounds = chosen.rounds if rows < 500_000 else min(chosen.rounds, 3)
        measured = []
        for number in range(rounds):
            progress(f"import {rows} rows, round {number + 1} of {rounds}")
            home = folder / f"import-{rows}-{number}"
            measured.append((floor(path, folder), one_import(home, keys, path, rows)))
        progress(f"import {rows} rows, memory and lock")
        memory, lock = observed_import(folder / f"import-{rows}-observed", keys, path, rows)
        path.unlink()
        middle = [statistics.median(values) for values in zip(*measured, strict=True)]
        results.append(
            {
                "rows": rows,
                "bytes": size,
                "floor": middle[0],
                "seconds": middle[1],
                "memory": memory,
                "lock": lock,
            }
        )
    return results


def one_import(folder, keys, path, rows, watch=lambda home: contextlib.nullcontext()):
    """Seconds from claim to answer of one import on a fresh database, `watch` looking on."""
    folder.mkdir()
    home = Home(folder / "home", keys)
    client = home.add_client("bench", {"settle": "1ms"})
    home.serve()
    os.sync()
    with watch(home):
        clients.sftp(client, f"put {path} inbox/list.csv", timeout=600)
        answer = client.answers.wait("list.csv", timeout=1800, format="csv")
    assert answer.taken == rows, f"{answer.taken} of {rows} were taken"
    wait_for(lambda: claim_to_answer(home), 60, "the answer's row")
    home.service.stop()
    [seconds] = claim_to_answer(home)
    shutil.rmtree(folder)
    return seconds


def observed_import(folder, keys, path, rows):
    """Peak memory and longest lock of one import. Looking at them costs time: this import is not timed."""
    seen = {}

    @contextlib.contextmanager
    def watch(home):
        database = home.path / "data" / "dropcase.sqlite"
        with PeakMemory(home.service.process.pid) as memory, WriteLock(database) as lock:
            yield
        seen.update(memory=memory.peak, lock=lock.longest)

    one_import(folder, keys, path, rows, watch)
    return seen["memory"], seen["lock"]


def searches(chosen):
    """Searches beside an exact look-up through the same interface, in one database: (what, median µs, ratio, hits)."""
    progress(f"search among {chosen.rows} debtors")
    build = ["cargo", "build", "--release", "--locked", "-q", "-p", "dropcase-cases", "--features", "testing"]
    subprocess.run([*build, "--example", "search_bench"], cwd=ROOT, check=True)
    binary = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "examples" / "search_bench"
    done = subprocess.run([binary, str(chosen.rows)], cwd=chosen.folder, capture_output=True, text=True, check=True)
    line = re.compile(r"^(.{32}) +(\d+) µs +\d+ µs +[\d.]+ +([\d.]+) +([\d.]+)", re.MULTILINE)
    found = [(name.strip(), int(median), *map(float, rest)) for name, median, *rest in line.findall(done.stdout)]
    assert found, done.stdout
    return found


def main():
    """Runs what was asked for and writes the page."""
    chosen = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=chosen.folder) as name:
        folder = Path(name)
        identity = folder / "ed25519"
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", identity], check=True)
        found = {"cores": os.cpu_count(), "kernel": platform.release().split("-")[0], "rounds": chosen.rounds}
        if chosen.only in (None, "transfer"):
            (folder / "transfer").mkdir()
            found["transfers"] = transfers(chosen, folder, Home(folder / "transfer" / "home", folder), identity)
        if chosen.only in (None, "answer"):
            (folder / "answer").mkdir()
            found["answer"] = median_answer(chosen, Home(folder / "answer" / "home", folder))
        if chosen.only in (None, "import"):
            found["imports"] = imports(chosen, folder, folder)
        if chosen.only in (None, "search"):
            found["searches"] = searches(chosen)
    print(report.table(found))
    if chosen.only is None and not chosen.quick:
        chosen.output.write_text(report.page(found))
        progress(f"wrote {chosen.output}")


if __name__ == "__main__":
    main()
