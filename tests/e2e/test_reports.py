"""Periodic reports: on request and on schedule, a missed run made up once."""

import csv
import io

import openpyxl
from support import files
from support.waiting import wait_for


def reports(client):
    """Names in the reports' folder."""
    return sorted(p.name for p in (client.folder / "outbox" / "reports").iterdir() if p.name[0] != ".")


def test_report_run(client):
    client.drop("r.csv", files.claims(1, 3))
    client.answers.wait("r.csv")
    client.home.cli("report", "run", "cases", "--client", "acme", "--format", "csv")
    [name] = wait_for(lambda: reports(client), what="the report")
    text = (client.folder / "outbox" / "reports" / name).read_text(encoding="utf-8-sig")
    assert "cases" in name and name.endswith(".csv")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    flat = [cell for line in lines for cell in line]
    assert {"D-1", "D-2", "D-3"} <= set(flat)
    assert any("307,50" in cell.replace(".", "") for cell in flat), "the total of 101.50 + 102.50 + 103.50"
    client.home.cli("report", "run", "deliveries", "--client", "acme", "--format", "xlsx")
    name = wait_for(lambda: [n for n in reports(client) if n.endswith(".xlsx")], what="the workbook")[0]
    page = openpyxl.load_workbook(client.folder / "outbox" / "reports" / name).active
    assert any(cell.value == "r.csv" for row in page.iter_rows() for cell in row)


def test_a_schedule_runs_and_is_announced(home):
    """Every second, as the schedule says; the mail announces it."""
    client = home.add_client(
        "acme",
        {
            "answers": ["json"],
            "report": [{"kind": "cases", "status": "all", "formats": ["csv"], "schedule": "* * * * * *"}],
        },
        ["--email", "leitung@example.com"],
    )
    home.serve()
    wait_for(lambda: len(reports(client)) >= 2, 60, "two scheduled reports")
    wait_for(lambda: list((home.path / "mail").glob("*.eml")), 60, "the announcement")
    assert "cases" in str(home.json("report", "list"))


def test_a_missed_run_is_made_up_once(home):
    """The service was down over a due time: at its start the run is caught up, one report for all that were missed."""
    client = home.add_client(
        "acme", {"answers": ["json"], "report": [{"kind": "deliveries", "formats": ["csv"], "schedule": "0 * * * * *"}]}
    )
    home.serve()
    home.service.stop()
    import sqlite3

    with sqlite3.connect(home.path / "data" / "dropcase.sqlite") as database:
        seen = database.execute("select count(*) from report_runs").fetchone()[0]
        # As if the service had last run ten minutes ago.
        database.execute("update report_runs set due_at = datetime(due_at, '-10 minutes')")
    before = len(reports(client))
    home.serve()
    if seen:
        wait_for(lambda: len(reports(client)) > before, 30, "the report that was missed")
        assert len(reports(client)) <= before + 2
    home.service.stop()


def test_unknown_reports_and_clients_are_refused(client):
    assert client.home.cli("report", "run", "nonsense", "--client", "acme", check=False).returncode not in (0, 101)
    assert client.home.cli("report", "run", "cases", "--client", "nobody", check=False).returncode not in (0, 101)
