"""The page docs/performance.md out of what was measured."""


def seconds(value):
    """A time with three figures."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def table(found):
    """The tables, as Markdown."""
    parts = []
    if "transfers" in found:
        rows = [
            f"| {name} | {seconds(t['sshd'])} | {seconds(t['dropcase'])} | **{t['dropcase'] / t['sshd']:.2f} ×** |"
            for name, t in found["transfers"]
        ]
        parts.append("\n".join(["| SFTP | OpenSSH sshd | dropcase | ratio |", "|---|---|---|---|", *rows]))
    if "answer" in found:
        parts.append(
            "\n".join(
                [
                    "| answer | time |",
                    "|---|---|",
                    f"| claim to answer of a list with 100 lines | {seconds(found['answer'])} |",
                ]
            )
        )
    if "imports" in found:
        head = [
            "| import | size | `sqlite3 .import`, one flat table | dropcase, claim to answer | ratio | peak memory, all processes | write lock held at most |",
            "|---|---|---|---|---|---|---|",
        ]
        rows = [
            f"| {i['rows']:,} rows × 30 columns | {i['bytes'] / 1e6:.0f} MB | {seconds(i['floor'])} | {seconds(i['seconds'])} "
            f"| **{i['seconds'] / i['floor']:.2f} ×** | {i['memory'] / 1e6:.0f} MB | {seconds(i['lock'])} |"
            for i in found["imports"]
        ]
        parts.append("\n".join([*head, *rows]))
    if "searches" in found:
        rows = [
            f"| {name} | {hits:.0f} | {median / 1000:.2f} ms | **{ratio:.1f} ×** |"
            for name, median, ratio, hits in found["searches"]
        ]
        parts.append("\n".join(["| search | hits read | median | to (a) |", "|---|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def page(found):
    """The whole page."""
    return f"""# Performance

Written by `python3 tests/bench/run.py`, which anybody can run on a machine of their own (`--help` shows the sizes; it needs
the release build and what `sh tests/run.sh` installs). Times depend on the machine; the ratios are what counts: each
measurement and its yardstick take turns on the same machine in the same minutes, and the median of {found["rounds"]} rounds is shown
(of at most three for the largest import). This run: {found["cores"]} cores, Linux {found["kernel"]}, client and server on the same machine.

{table(found)}
How to read it

- SFTP: the client is OpenSSH's `sftp` with aes128-gcm towards both servers. dropcase writes every upload to the disk before it
  says OK; sshd leaves that to the system unless it is asked (`sftp -f`);
  the disk is at rest (`sync`) before each measurement, and nothing lies where `get` writes. The aim is 0.8 × or less both ways, for
  the large file and for the small ones.
- Import: from the claim of the dropped file to the published answer, that is, reading, checking, booking with debtors, cases,
  claims, ledger, results and history, and writing the answer with one line a record. The yardstick only reads the same file
  into one table without a key. The aim is 3.5 × or less.
- Search: among as many debtors as the largest list has rows, their names as frequent as in real life; (a) is the indexed exact
  look-up of one case by its debtor's number through the same interface, with the same columns. The aim is 5 × or less.
- Memory is the proportional set size of the service and the parser's process together, sampled every 20 ms in an import of its own
  (looking costs time). The aim is less
  than 250 MB, and the same for a tenth of the rows.
- The write lock is the longest time for which a second program could not begin a transaction of its own, tried every 5 ms.
"""
