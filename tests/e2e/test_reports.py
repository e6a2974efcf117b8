"""Periodic reports: on request and on schedule, a missed run made up once."""

import csv
import io
import sqlite3

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
    """The service was down over several due times: at its start one report stands for all of them."""
    yearly = {"kind": "deliveries", "formats": ["csv"], "schedule": "0 0 3 1 1 *"}
    client = home.add_client("acme", {"answers": ["json"], "report": [yearly]})
    home.serve()
    database = sqlite3.connect(home.path / "data" / "dropcase.sqlite", isolation_level=None, timeout=30)
    wait_for(lambda: database.execute("select count(*) from report_runs").fetchone()[0], what="the schedule to begin")
    home.service.stop()
    assert reports(client) == []
    # As if it had last run some years ago.
    database.execute("update report_runs set due_at = '2022' || substr(due_at, 5)")
    database.close()
    home.serve()
    wait_for(lambda: reports(client), 30, "the report that was missed")
    client.drop("later.csv", files.claims(1, 1))
    client.answers.wait("later.csv")
    assert len(reports(client)) == 1
    home.service.stop()
    home.serve()
    client.drop("again.csv", files.claims(10, 1))
    client.answers.wait("again.csv")
    assert len(reports(client)) == 1


def test_unknown_reports_and_clients_are_refused(client):
    assert client.home.cli("report", "run", "nonsense", "--client", "acme", check=False).returncode not in (0, 101)
    assert client.home.cli("report", "run", "cases", "--client", "nobody", check=False).returncode not in (0, 101)
